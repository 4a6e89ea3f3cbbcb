"""A connection and a case come in; everything held on it goes out."""

from __future__ import annotations

import datetime as dt
import sqlite3

from pipeline.register import letters, trail
from pipeline.register.due import limits_of
from pipeline.register.forms import believed_from
from pipeline.register.held import CaseFile, HeldForm
from pipeline.register.held_packs import pack_folders

_FORMS = """
    SELECT sha256, sheet, kind, outcome, received_at, believed FROM forms JOIN arrivals USING (sha256)
    WHERE case_ref = :ref
"""
_RETURNS = "SELECT folder FROM returns WHERE sha256 IN (SELECT sha256 FROM forms WHERE case_ref = :ref)"


def case_file(connection: sqlite3.Connection, ref: str) -> CaseFile | None:
    """Everything held on a case; None where that is nothing but, perhaps, the audit record."""
    held = CaseFile(
        ref=ref,
        forms=_forms(connection, ref),
        letters=tuple(sorted(letters.drafted_for(connection, ref), key=lambda x: (x.drafted, x.reference))),
        packs=pack_folders(connection, ref),
        returns=tuple(sorted(folder for (folder,) in connection.execute(_RETURNS, {"ref": ref}))),
        limits=limits_of(connection, ref),
        audit=tuple(trail.lines_of(connection, ref)),
    )
    return held if held.forms or held.letters or held.packs else None


def _forms(connection: sqlite3.Connection, ref: str) -> tuple[HeldForm, ...]:
    found = [
        HeldForm(
            sha256,
            sheet,
            kind,
            outcome,
            dt.datetime.fromisoformat(received),
            believed_from(kind, believed) if believed else None,
        )
        for sha256, sheet, kind, outcome, received, believed in connection.execute(_FORMS, {"ref": ref}).fetchall()
    ]
    return tuple(sorted(found, key=_own_order))


def _own_order(form: HeldForm) -> tuple[dt.date, str, str, str]:
    date = form.believed.date if form.believed else None
    return date or dt.date.min, form.kind, form.sha256, form.sheet
