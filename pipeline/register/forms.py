"""A connection comes in; the forms recorded for a file or a case go in and out."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from pipeline.register.held import Entry, HeldForm
from pipeline.register.schema import forms
from pipeline.rules.case import Acknowledgement, Assessment, Believed, ContactReport, MeetingRecord, Referral

_TYPES: dict[str, type[Believed]] = {
    "matrix": Assessment,
    "referral": Referral,
    "meeting-record": MeetingRecord,
    "contact-report": ContactReport,
    "acknowledgement": Acknowledgement,
}
# Made once: to put a query together takes longer than to run it.
_ACCEPTED = (
    sa.select(forms.c.kind, forms.c.believed)
    .where(
        forms.c.case_ref == sa.bindparam("ref"),
        forms.c.outcome == "accepted",
        forms.c.sha256 != sa.bindparam("besides"),
    )
    .order_by(forms.c.id)
)
_OUTCOME = sa.select(forms.c.outcome).where(
    forms.c.sha256 == sa.bindparam("sha256"), forms.c.sheet == sa.bindparam("sheet")
)


def believed_from(kind: str, text: str) -> Believed:
    """What was accepted, from its JSON; a release that adds to a type gives what it adds a default."""
    return msgspec.json.decode(text, type=_TYPES[kind])


def accepted(connection: sa.Connection, ref: str, besides: str = "") -> tuple[Believed, ...]:
    """Everything accepted for a case, in the order of its arrival, ``besides`` this content."""
    found = connection.execute(_ACCEPTED, {"ref": ref, "besides": besides})
    return tuple(believed_from(kind, text) for kind, text in found)


def outcome_of(connection: sa.Connection, sha256: str, sheet: str) -> str | None:
    """How this form ended when it was recorded before; None where it never was."""
    return connection.execute(_OUTCOME, {"sha256": sha256, "sheet": sheet}).scalar()


def rescore(connection: sa.Connection, form: HeldForm) -> None:
    """Record what an accepted form says by a scale that has changed since."""
    same = (forms.c.sha256 == form.sha256, forms.c.sheet == form.sheet)
    connection.execute(forms.update().where(*same).values(believed=msgspec.json.encode(form.believed).decode()))


def put(connection: sa.Connection, sha256: str, entry: Entry, known: str | None) -> None:
    """Record how a form ended, which is ``known`` to have ended so before; one that was accepted stays so."""
    values = {
        "kind": entry.kind,
        "case_ref": entry.case,
        "outcome": entry.outcome,
        "believed": msgspec.json.encode(entry.believed).decode() if entry.believed else None,
    }
    if known is None:
        connection.execute(forms.insert(), {"sha256": sha256, "sheet": entry.sheet, **values})
    elif known != "accepted":
        same = (forms.c.sha256 == sha256, forms.c.sheet == entry.sheet)
        connection.execute(forms.update().where(*same).values(**values))
