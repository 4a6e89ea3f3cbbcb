"""A connection comes in; the letters drafted for a case, and when each was acknowledged, go in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import sqlalchemy as sa

from pipeline.register.held import Entry
from pipeline.register.schema import letters
from pipeline.rules.case import Acknowledgement, Letter

_LETTER = [letters.c[field.name] for field in fields(Letter)]
# Made once: to put a query together takes longer than to run it.
_DRAFTED = (
    sa.select(*_LETTER)
    .where(letters.c.case_ref == sa.bindparam("ref"), letters.c.sha256 != sa.bindparam("besides"))
    .order_by(letters.c.id)
)
_WITH_CONTENTS = (
    sa.select(letters.c.sha256, *_LETTER).where(letters.c.case_ref == sa.bindparam("ref")).order_by(letters.c.id)
)
_STANDING = sa.select(letters.c.key).where(letters.c.key.in_(sa.bindparam("keys", expanding=True)))


def drafted_for(connection: sa.Connection, ref: str, besides: str = "") -> tuple[Letter, ...]:
    """Every letter drafted for a case, in the order of their drafting, ``besides`` those of this content's pack."""
    return tuple(_letter(*row) for row in connection.execute(_DRAFTED, {"ref": ref, "besides": besides}))


def with_contents(connection: sa.Connection, ref: str) -> Iterator[tuple[str, Letter]]:
    """Every letter drafted for a case with the content whose pack it is in, in the order of their drafting."""
    for sha256, *row in connection.execute(_WITH_CONTENTS, {"ref": ref}):
        yield sha256, _letter(*row)


def draft(connection: sa.Connection, sha256: str, drafted: Sequence[tuple[str, Letter]]) -> None:
    """Record each letter once; one that stands stays as it is."""
    keyed = {key_of(letter.reference): (ref, letter) for ref, letter in reversed(drafted)}
    standing = set(connection.execute(_STANDING, {"keys": list(keyed)}).scalars()) if keyed else set()
    rows = [
        {column.name: getattr(letter, column.name) for column in _LETTER}
        | {"key": key, "sha256": sha256, "case_ref": ref}
        for key, (ref, letter) in reversed(keyed.items())
        if key not in standing
    ]
    if rows:
        connection.execute(letters.insert(), rows)


def readdress(connection: sa.Connection, letter: Letter) -> None:
    """Record whom a letter that was written again is addressed to, and until when it asks for a reply."""
    now = {name: getattr(letter, name) for name in ("who", "name", "address", "reply_by")}
    connection.execute(letters.update().where(letters.c.key == key_of(letter.reference)).values(now))


def take_slips(connection: sa.Connection, entries: Iterable[Entry], arrived: dt.date) -> None:
    """Every slip that was accepted acknowledges its letter, unless it says that the agency has not done what it asks.

    A slip acknowledges letters of its own case alone. One that bears a day before its letter was drafted, or none,
    counts from the day on which it arrived.
    """
    for entry in entries:
        slip = entry.believed
        if not isinstance(slip, Acknowledgement) or entry.outcome != "accepted" or slip.done is False:
            continue
        found = find(connection, slip.reference)
        if found and found[0] == entry.case:
            said = slip.date or arrived
            acknowledge(connection, slip.reference, said if said >= found[2].drafted else arrived)


def acknowledge(connection: sa.Connection, reference: str, on: dt.date) -> None:
    """Set the day of a letter's acknowledgement; of several, whatever their order, the first day stays."""
    later = sa.or_(letters.c.acknowledged.is_(None), letters.c.acknowledged > on)
    connection.execute(letters.update().where(letters.c.key == key_of(reference), later).values(acknowledged=on))


def find(connection: sa.Connection, reference: str) -> tuple[str, str, Letter] | None:
    """The case, the content and the letter that a reference names; None where it names none."""
    query = sa.select(letters.c.case_ref, letters.c.sha256, *_LETTER).where(letters.c.key == key_of(reference))
    row = connection.execute(query).first()
    return (row[0], row[1], _letter(*row[2:])) if row else None


def _letter(*row: Any) -> Letter:
    letter = Letter(*row)
    return replace(letter, who=tuple(letter.who), address=tuple(letter.address))


def key_of(reference: str) -> str:
    """A reference as slips are matched, whatever their capitals and spaces."""
    return "".join(reference.split()).casefold()
