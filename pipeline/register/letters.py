"""A connection comes in; the letters drafted for a case, and when each was acknowledged, go in and out."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from pipeline.register.held import Entry
from pipeline.rules.case import Acknowledgement, Letter
from pipeline.rules.flag_letters import ABOUT_A_FLAG

# In the order of `Letter`.
_LETTER = "reference, purpose, recipient, who, name, address, drafted, reply_by, flag_since, acknowledged"
_DRAFTED = f"SELECT {_LETTER} FROM letters WHERE case_ref = :ref AND sha256 != :besides ORDER BY id"
_PURPOSES = ", ".join(f"'{purpose}'" for purpose in ABOUT_A_FLAG)
_ABOUT_A_FLAG = f"SELECT {_LETTER} FROM letters WHERE case_ref = :ref AND purpose IN ({_PURPOSES}) ORDER BY id"
_WITH_CONTENTS = f"SELECT sha256, {_LETTER} FROM letters WHERE case_ref = :ref ORDER BY id"
_FIND = f'SELECT case_ref, sha256, {_LETTER} FROM letters WHERE "key" = :key'
# A letter that stands stays as it is.
_DRAFT = f"""
    INSERT INTO letters ("key", sha256, case_ref, {_LETTER}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT ("key") DO NOTHING
"""
_READDRESS = 'UPDATE letters SET who = :who, name = :name, address = :address, reply_by = :reply_by WHERE "key" = :key'
_ACKNOWLEDGE = """
    UPDATE letters SET acknowledged = :day WHERE "key" = :key AND (acknowledged IS NULL OR acknowledged > :day)
"""
_texts = msgspec.json.Decoder(tuple[str, ...]).decode
_json = json.JSONEncoder().encode  # made once


def drafted_for(connection: sqlite3.Connection, ref: str, besides: str = "") -> tuple[Letter, ...]:
    """Every letter drafted for a case, in the order of their drafting, ``besides`` those of this content's pack."""
    return tuple(_letter(*row) for row in connection.execute(_DRAFTED, {"ref": ref, "besides": besides}))


def about_a_flag(connection: sqlite3.Connection, ref: str) -> tuple[Letter, ...]:
    """Those of a case's letters that tell agencies of a flag, in the order of their drafting."""
    return tuple(_letter(*row) for row in connection.execute(_ABOUT_A_FLAG, {"ref": ref}))


def with_contents(connection: sqlite3.Connection, ref: str) -> Iterator[tuple[str, Letter]]:
    """Every letter drafted for a case with the content whose pack it is in, in the order of their drafting."""
    for sha256, *row in connection.execute(_WITH_CONTENTS, {"ref": ref}):
        yield sha256, _letter(*row)


def draft(connection: sqlite3.Connection, sha256: str, drafted: Sequence[tuple[str, Letter]]) -> None:
    """Record each letter once; one that stands stays as it is."""
    rows = [(key_of(letter.reference), sha256, ref, *_row(letter)) for ref, letter in drafted]
    if rows:
        connection.executemany(_DRAFT, rows)


def readdress(connection: sqlite3.Connection, letter: Letter) -> None:
    """Record whom a letter that was written again is addressed to, and until when it asks for a reply."""
    row = {
        "key": key_of(letter.reference),
        "who": _json(letter.who),
        "name": letter.name,
        "address": _json(letter.address),
        "reply_by": letter.reply_by.isoformat(),
    }
    connection.execute(_READDRESS, row)


def take_slips(connection: sqlite3.Connection, entries: Iterable[Entry], arrived: dt.date) -> None:
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


def acknowledge(connection: sqlite3.Connection, reference: str, on: dt.date) -> None:
    """Set the day of a letter's acknowledgement; of several, whatever their order, the first day stays."""
    connection.execute(_ACKNOWLEDGE, {"key": key_of(reference), "day": on.isoformat()})


def find(connection: sqlite3.Connection, reference: str) -> tuple[str, str, Letter] | None:
    """The case, the content and the letter that a reference names; None where it names none."""
    row = connection.execute(_FIND, {"key": key_of(reference)}).fetchone()
    return (row[0], row[1], _letter(*row[2:])) if row else None


def _letter(
    reference: str,
    purpose: Any,
    recipient: str,
    who: str,
    name: str,
    address: str,
    drafted: str,
    reply_by: str,
    flag_since: str | None,
    acknowledged: str | None,
) -> Letter:
    day = dt.date.fromisoformat
    return Letter(
        reference,
        purpose,
        recipient,
        _texts(who),
        name,
        _texts(address),
        day(drafted),
        day(reply_by),
        day(flag_since) if flag_since else None,
        day(acknowledged) if acknowledged else None,
    )


def _row(letter: Letter) -> tuple[str | None, ...]:
    return (
        letter.reference,
        letter.purpose,
        letter.recipient,
        _json(letter.who),
        letter.name,
        _json(letter.address),
        _text(letter.drafted),
        _text(letter.reply_by),
        _text(letter.flag_since),
        _text(letter.acknowledged),
    )


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def key_of(reference: str) -> str:
    """A reference as slips are matched, whatever their capitals and spaces."""
    return "".join(reference.split()).casefold()
