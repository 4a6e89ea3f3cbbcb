"""A connection and what was recorded come in; which returned forms still await their answer is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Sequence

import sqlalchemy as sa

from pipeline.register.forms import outcome_of
from pipeline.register.held import Entry
from pipeline.register.schema import awaited
from pipeline.rules.time_limits import working_day_after

_EXTENSION = re.compile(r"\.[a-z0-9]{1,5}$")
# What the program, Windows and mail put around the name of a copy.
_OF_A_COPY = re.compile(r"^to complete - | \(\d+\)$")
# What is accepted answers the forms of its case and kind, and those of its file's name that say no case: a name is only
# kept where no case is known.
_ANSWER = awaited.delete().where(
    sa.or_(
        sa.and_(awaited.c.case_ref == sa.bindparam("case"), awaited.c.kind == sa.bindparam("form_kind")),
        awaited.c.name == sa.bindparam("file_name"),
    )
)


def follow_up(connection: sa.Connection, sha256: str, entries: Sequence[Entry], day: dt.date) -> None:
    """What these forms of a file answer, and which of them are awaited again; ``entries`` ended so on this day."""
    for entry in entries:
        if entry.outcome == "accepted":
            answer = {"case": entry.case, "form_kind": entry.kind, "file_name": name_hash(entry.name)}
            connection.execute(_ANSWER, answer)
    for entry in entries:
        if entry.outcome == "returned" and outcome_of(connection, sha256, entry.sheet) == "returned":
            _wait(connection, sha256, entry, day)


def _wait(connection: sa.Connection, sha256: str, entry: Entry, day: dt.date) -> None:
    """A form that is awaited already is awaited since then."""
    known = sa.select(awaited.c.by).where(awaited.c.sha256 == sha256, awaited.c.sheet == entry.sheet)
    if connection.execute(known).first() is None:
        row = row_of(sha256, entry.sheet, entry.case, entry.kind, entry.name, day)
        connection.execute(awaited.insert().values(row))


def see_to(connection: sa.Connection, reference: str) -> list[tuple[str, str]]:
    """Await the returned forms of this reference no longer; gives the content and the case of each there was."""
    same = sa.func.substr(awaited.c.sha256, 1, 8) == reference.casefold()
    found = connection.execute(sa.select(awaited.c.sha256, awaited.c.case_ref).distinct().where(same)).all()
    connection.execute(awaited.delete().where(same))
    return [(sha256, case) for sha256, case in found]


def row_of(sha256: str, sheet: str, case: str | None, kind: str, name: str, day: dt.date) -> dict[str, object]:
    """The row of a form that went back on this day."""
    return {
        "sha256": sha256,
        "sheet": sheet,
        "case_ref": case or "",
        "kind": kind,
        "name": "" if case else name_hash(name),
        "by": working_day_after(day),
    }


def name_hash(name: str) -> str:
    """A short hash of a file's plain name: without capitals, extension, "To complete - " and the number of a copy."""
    plain = _EXTENSION.sub("", unicodedata.normalize("NFC", name).casefold())
    while (shorter := _OF_A_COPY.sub("", plain)) != plain:
        plain = shorter
    return hashlib.sha256(plain.encode(errors="surrogateescape")).hexdigest()[:16]
