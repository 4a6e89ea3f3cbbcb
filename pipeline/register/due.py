"""The path of a register comes in; what runs in it goes out, without all that writes the register.

Importing that takes longer than reading the limits of thousands of cases.
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
from pipeline.rules.limit import TimeLimit

RETURNED = "Ask for the returned form: it has not come back completed."
# Two sheets of one file that went back are one thing to do.
_LIMITS = f"""
    SELECT kind, case_ref, what, "by", clause, about FROM limits {{which}}
    UNION ALL
    SELECT DISTINCT 'returned-form', case_ref, '{RETURNED}', "by", '', substr(sha256, 1, 8) FROM awaited {{which}}
    ORDER BY "by", case_ref, kind, about, what
"""
_EVERY_LIMIT = _LIMITS.format(which="")
_LIMITS_OF_A_CASE = _LIMITS.format(which="WHERE case_ref = :ref")
_LAST_FORMS = (
    "SELECT case_ref, max(received_at) FROM forms JOIN arrivals USING (sha256) WHERE case_ref > '' GROUP BY case_ref"
)


def due_in(path: Path) -> tuple[TimeLimit, ...]:
    """Every time limit in the register ``path``, the soonest first; the register is not changed, unless it is older.

    Raises:
        SettingsError: a later release of this program made it, or it is no register.
        OSError: it cannot be read.
    """
    return _limits(_read(path, _EVERY_LIMIT))


def limits_of(connection: sqlite3.Connection, ref: str) -> tuple[TimeLimit, ...]:
    """Every time limit that runs for a case, the soonest first."""
    return _limits(connection.execute(_LIMITS_OF_A_CASE, {"ref": ref}))


def last_forms_in(path: Path) -> Mapping[str, dt.date]:
    """Case → the day on which its last form arrived, for every case in the register ``path``; raises as `due_in`."""
    rows = _read(path, _LAST_FORMS)
    return {case: dt.datetime.fromisoformat(moment).date() for case, moment in rows}


def soonest_first(limits: Iterable[TimeLimit]) -> tuple[TimeLimit, ...]:
    """The order in which limits are told, each of them once."""
    return tuple(sorted(set(limits), key=lambda t: (t.by, t.case, t.kind, t.about, t.what)))


def _limits(rows: Iterable[tuple[Any, ...]]) -> tuple[TimeLimit, ...]:
    day = dt.date.fromisoformat
    return tuple(TimeLimit(kind, case, what, day(by), clause, about) for kind, case, what, by, clause, about in rows)


def _read(path: Path, query: str) -> list[tuple[Any, ...]]:
    if not path.is_file():  # opening it would make one
        raise FileNotFoundError(errno.ENOENT, "there is no register", str(path))
    if _version_of(path) != VERSION:
        from pipeline.register.register import Register

        Register.open(path).close()  # brings an older one up to this release, and says what is wrong with any other
    try:
        with closing(_connection(path)) as connection:
            return connection.execute(query).fetchall()
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
    """One that reads alone. By the path itself: SQLite takes no URI of a folder on another machine."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA query_only = ON")
    return connection
