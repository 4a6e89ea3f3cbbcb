"""A connection and what was recorded come in; which returned forms still await their answer is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from pipeline.register.forms import outcome_of
from pipeline.register.held import Entry
from pipeline.rules.time_limits import working_day_after

_EXTENSION = re.compile(r"\.[a-z0-9]{1,5}$")
# What the program, Windows and mail put around the name of a copy.
_OF_A_COPY = re.compile(r"^to complete - | \(\d+\)$")
# What is accepted answers the forms of its case and kind, and those of its file's name that say no case: a name is only
# kept where no case is known.
_ANSWER = "DELETE FROM awaited WHERE (case_ref = :case_ref AND kind = :kind) OR name = :name"
# A form that is awaited already is awaited since then.
_WAIT = """
    INSERT INTO awaited (sha256, sheet, case_ref, kind, name, "by")
    VALUES (:sha256, :sheet, :case_ref, :kind, :name, :by)
    ON CONFLICT (sha256, sheet) DO NOTHING
"""
_OF_THIS_REFERENCE = "FROM awaited WHERE substr(sha256, 1, 8) = :reference"


def follow_up(connection: sqlite3.Connection, sha256: str, entries: Sequence[Entry], day: dt.date) -> None:
    """What these forms of a file answer, and which of them are awaited again; ``entries`` ended so on this day."""
    for entry in entries:
        if entry.outcome == "accepted":
            answer = {"case_ref": entry.case, "kind": entry.kind, "name": name_hash(entry.name)}
            connection.execute(_ANSWER, answer)
    rows = [
        row_of(sha256, entry.sheet, entry.case, entry.kind, entry.name, day)
        for entry in entries
        if entry.outcome == "returned" and outcome_of(connection, sha256, entry.sheet) == "returned"
    ]
    if rows:
        wait_for(connection, rows)


def wait_for(connection: sqlite3.Connection, rows: Iterable[Mapping[str, str]]) -> None:
    """Await the answers to these forms."""
    connection.executemany(_WAIT, rows)


def see_to(connection: sqlite3.Connection, reference: str) -> list[tuple[str, str]]:
    """Await the returned forms of this reference no longer; gives the content and the case of each there was."""
    same = {"reference": reference.casefold()}
    found = connection.execute(f"SELECT DISTINCT sha256, case_ref {_OF_THIS_REFERENCE}", same).fetchall()
    connection.execute(f"DELETE {_OF_THIS_REFERENCE}", same)
    return found


def row_of(sha256: str, sheet: str, case: str | None, kind: str, name: str, day: dt.date) -> dict[str, str]:
    """The row of a form that went back on this day."""
    return {
        "sha256": sha256,
        "sheet": sheet,
        "case_ref": case or "",
        "kind": kind,
        "name": "" if case else name_hash(name),
        "by": working_day_after(day).isoformat(),
    }


def name_hash(name: str) -> str:
    """A short hash of a file's plain name: without capitals, extension, "To complete - " and the number of a copy."""
    plain = _EXTENSION.sub("", unicodedata.normalize("NFC", name).casefold())
    while (shorter := _OF_A_COPY.sub("", plain)) != plain:
        plain = shorter
    return hashlib.sha256(plain.encode(errors="surrogateescape")).hexdigest()[:16]
