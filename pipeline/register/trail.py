"""A connection comes in; lines of the audit record go in and out."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from operator import attrgetter

from pipeline import __version__
from pipeline.audit import Event, Line, next_line

# In the order of `Line`, as all that follows.
_LINES = 'SELECT number, at, version, what, sha256, "case", details, previous, digest FROM audit'
_ALL = f"{_LINES} ORDER BY number"
_OF_A_CASE = f'{_LINES} WHERE "case" = :ref ORDER BY number'
_NEWEST = f"{_LINES} ORDER BY number DESC LIMIT 1"
_ADD = """
    INSERT INTO audit (number, at, version, what, sha256, "case", details, previous, digest)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ROW = attrgetter("number", "at", "version", "what", "sha256", "case", "details", "previous", "digest")
_UNAUDITED = """
    SELECT count(*) FROM forms
    WHERE sha256 NOT IN (SELECT sha256 FROM audit WHERE what IN ('accepted', 'returned'))
"""


def append(connection: sqlite3.Connection, events: Sequence[Event], now: dt.datetime) -> None:
    """Add lines to the audit record, in the transaction of what they tell of."""
    if not events:
        return
    row = connection.execute(_NEWEST).fetchone()
    line = Line(*row) if row else None
    at = now.isoformat(timespec="seconds")
    connection.executemany(_ADD, [_ROW(line := next_line(line, event, at, __version__)) for event in events])


def lines(connection: sqlite3.Connection) -> Iterator[Line]:
    """The whole record, in its order; the lines are read as they are taken."""
    return (Line(*row) for row in connection.execute(_ALL))


def lines_of(connection: sqlite3.Connection, ref: str) -> list[Line]:
    """The lines that name a case, in their order."""
    return [Line(*row) for row in connection.execute(_OF_A_CASE, {"ref": ref})]


def unaudited(connection: sqlite3.Connection) -> int:
    """How many forms are recorded whose end stands nowhere in the record: its last lines were taken away."""
    return int(connection.execute(_UNAUDITED).fetchone()[0])
