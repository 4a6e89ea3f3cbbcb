"""A connection comes in; the forms recorded for a file or a case go in and out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

import msgspec

from pipeline.register.held import Entry, HeldForm
from pipeline.rules.case import Acknowledgement, Assessment, Believed, ContactReport, MeetingRecord, Referral

NOTHING: Mapping[str, Believed] = {}
_TYPES: dict[str, type[Believed]] = {
    "matrix": Assessment,
    "referral": Referral,
    "meeting-record": MeetingRecord,
    "contact-report": ContactReport,
    "acknowledgement": Acknowledgement,
}
_ACCEPTED = """
    SELECT kind, believed FROM forms
    WHERE case_ref = :ref AND outcome = 'accepted' AND sha256 != :besides ORDER BY id
"""
_OUTCOME = "SELECT outcome FROM forms WHERE sha256 = :sha256 AND sheet = :sheet"
_RESCORE = "UPDATE forms SET believed = :believed WHERE sha256 = :sha256 AND sheet = :sheet"
# What was accepted once stays so.
_PUT = """
    INSERT INTO forms (sha256, sheet, kind, case_ref, outcome, believed) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (sha256, sheet) DO UPDATE
    SET kind = excluded.kind, case_ref = excluded.case_ref, outcome = excluded.outcome, believed = excluded.believed
    WHERE forms.outcome != 'accepted'
"""


def believed_from(kind: str, text: str) -> Believed:
    """What was accepted, from its JSON; a release that adds to a type gives what it adds a default."""
    return msgspec.json.decode(text, type=_TYPES[kind])


def accepted(
    connection: sqlite3.Connection, ref: str, besides: str = "", known: Mapping[str, Believed] = NOTHING
) -> tuple[Believed, ...]:
    """Everything accepted for a case, in the order of its arrival, ``besides`` this content.

    ``known``: what some of the texts say, so that they are not read again.
    """
    found = connection.execute(_ACCEPTED, {"ref": ref, "besides": besides}).fetchall()
    return tuple(known.get(text) or believed_from(kind, text) for kind, text in found)


def outcome_of(connection: sqlite3.Connection, sha256: str, sheet: str) -> str | None:
    """How this form ended when it was recorded before; None where it never was."""
    found = connection.execute(_OUTCOME, {"sha256": sha256, "sheet": sheet}).fetchone()
    return found[0] if found else None


def rescore(connection: sqlite3.Connection, form: HeldForm) -> None:
    """Record what an accepted form says by a scale that has changed since."""
    row = {"sha256": form.sha256, "sheet": form.sheet, "believed": _json(form.believed)}
    connection.execute(_RESCORE, row)


def put(connection: sqlite3.Connection, sha256: str, entries: Iterable[Entry]) -> dict[str, Believed]:
    """Record how forms ended, which may have ended otherwise before; one that was accepted stays so.

    Returns what they say, by the text that is kept of it.
    """
    said: dict[str, Believed] = {}
    for entry in entries:
        text = _json(entry.believed) if entry.believed else None
        connection.execute(_PUT, (sha256, entry.sheet, entry.kind, entry.case, entry.outcome, text))
        if text and entry.believed:
            said[text] = entry.believed
    return said


def _json(believed: Believed | None) -> str:
    return msgspec.json.encode(believed).decode()
