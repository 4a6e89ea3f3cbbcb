"""The path of a register comes in; what runs in it goes out, without the library that writes the register.

Importing SQLAlchemy takes longer than reading the limits of thousands of cases.
"""

from __future__ import annotations

import datetime as dt
import errno
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from pipeline.register.version import VERSION
from pipeline.rules.limit import LimitKind, TimeLimit

_LIMITS = 'SELECT kind, case_ref, what, "by", clause, about FROM limits'
_AWAITED = 'SELECT case_ref, sha256, "by" FROM awaited'
_LAST_FORMS = (
    "SELECT case_ref, max(received_at) FROM forms JOIN arrivals USING (sha256) WHERE case_ref > '' GROUP BY case_ref"
)


def due_in(path: Path) -> tuple[TimeLimit, ...]:
    """Every time limit in the register ``path``, the soonest first; the register is not changed, unless it is older.

    Raises:
        SettingsError: a later release of this program made it, or it is no register.
        OSError: it cannot be read.
    """
    kept, waiting = _read(path, _LIMITS, _AWAITED)
    return soonest_first([*(limit(*row) for row in kept), *(returned_form(*row) for row in waiting)])


def last_forms_in(path: Path) -> Mapping[str, dt.date]:
    """Case → the day on which its last form arrived, for every case in the register ``path``; raises as `due_in`."""
    (rows,) = _read(path, _LAST_FORMS)
    return {case: dt.datetime.fromisoformat(moment).date() for case, moment in rows}


def limit(kind: LimitKind, case: str, what: str, by: str | dt.date, clause: str, about: str) -> TimeLimit:
    """A row of the table of limits."""
    return TimeLimit(kind, case, what, _day(by), clause, about)


def returned_form(case: str, sha256: str, by: str | dt.date) -> TimeLimit:
    """A row of the table of returned forms that await their answer."""
    return TimeLimit(
        "returned-form", case, "Ask for the returned form: it has not come back completed.", _day(by), "", sha256[:8]
    )


def soonest_first(limits: Iterable[TimeLimit]) -> tuple[TimeLimit, ...]:
    """Two sheets of one file that went back are one thing to do."""
    return tuple(sorted(set(limits), key=lambda t: (t.by, t.case, t.kind, t.about, t.what)))


def _day(by: str | dt.date) -> dt.date:
    return dt.date.fromisoformat(by) if isinstance(by, str) else by


def _read(path: Path, *queries: str) -> list[list[tuple[Any, ...]]]:
    """The rows of each query, all as they stood at one moment."""
    if _version_of(path) != VERSION:
        from pipeline.register.register import Register

        Register.open(path).close()  # brings an older one up to this release, and says what is wrong with any other
    try:
        with closing(_connection(path)) as connection:
            connection.execute("BEGIN")
            return [connection.execute(query).fetchall() for query in queries]
    except sqlite3.Error as e:
        raise OSError(errno.EIO, f"the register: {e}") from e


def _version_of(path: Path) -> int | None:
    """The version of the tables; None where that cannot be read."""
    try:
        with closing(_connection(path)) as connection:
            found = connection.execute("SELECT version FROM schema").fetchone()
            return int(found[0]) if found else None
    except sqlite3.Error:
        return None


def _connection(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
