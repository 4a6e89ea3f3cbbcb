"""A connection comes in; the letters drafted for a case, and when each was acknowledged, go in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields

import sqlalchemy as sa

from pipeline.register.held import Entry
from pipeline.register.schema import letters
from pipeline.rules.case import Acknowledgement, Letter

_LETTER = [letters.c[field.name] for field in fields(Letter)]


def drafted_for(connection: sa.Connection, ref: str, besides: str = "") -> tuple[Letter, ...]:
    """Every letter drafted for a case, in the order of their drafting, ``besides`` those of this content's pack."""
    query = sa.select(*_LETTER).where(letters.c.case_ref == ref, letters.c.sha256 != besides).order_by(letters.c.id)
    return tuple(_letter(row) for row in connection.execute(query))


def draft(connection: sa.Connection, sha256: str, drafted: Sequence[tuple[str, Letter]]) -> None:
    """Record each letter once; one that stands stays as it is."""
    for ref, letter in drafted:
        if find(connection, letter.reference) is None:
            row = asdict(letter) | {"key": _key(letter.reference), "sha256": sha256, "case_ref": ref}
            connection.execute(letters.insert().values(row))


def take_slips(connection: sa.Connection, entries: Iterable[Entry], arrived: dt.date) -> None:
    """Every slip that was accepted acknowledges its letter, unless it says that the agency has not done what it asks.

    A slip acknowledges letters of its own case alone.
    """
    for entry in entries:
        slip = entry.believed
        if not isinstance(slip, Acknowledgement) or entry.outcome != "accepted" or slip.done is False:
            continue
        found = find(connection, slip.reference)
        if found and found[0] == entry.case:
            acknowledge(connection, slip.reference, slip.date or arrived)


def acknowledge(connection: sa.Connection, reference: str, on: dt.date) -> None:
    """Set the day of a letter's acknowledgement; of several, whatever their order, the first day stays."""
    later = sa.or_(letters.c.acknowledged.is_(None), letters.c.acknowledged > on)
    connection.execute(letters.update().where(letters.c.key == _key(reference), later).values(acknowledged=on))


def find(connection: sa.Connection, reference: str) -> tuple[str, str, Letter] | None:
    """The case, the content and the letter that a reference names; None where it names none."""
    query = sa.select(letters.c.case_ref, letters.c.sha256, *_LETTER).where(letters.c.key == _key(reference))
    row = connection.execute(query).first()
    return (row.case_ref, row.sha256, _letter(row)) if row else None


def _letter(row: sa.Row[tuple[object, ...]]) -> Letter:
    values = {column.name: row._mapping[column] for column in _LETTER}
    return Letter(**(values | {"who": tuple(values["who"]), "address": tuple(values["address"])}))


def _key(reference: str) -> str:
    return "".join(reference.split()).casefold()
