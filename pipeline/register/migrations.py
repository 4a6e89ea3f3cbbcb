"""A register of an earlier release comes in; it goes out with the tables of this one and all that it held."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable

from pipeline.register import limits
from pipeline.register.awaited import row_of, wait_for
from pipeline.register.schema import STATEMENTS
from pipeline.register.version import VERSION

_KNOWN = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema'"
_CASES = "SELECT DISTINCT case_ref FROM forms WHERE outcome = 'accepted'"
_NOT_ANSWERED = """
    SELECT sha256, sheet, case_ref, kind,
        (SELECT min(name) FROM returns WHERE returns.sha256 = forms.sha256), received_at
    FROM forms JOIN arrivals USING (sha256)
    WHERE outcome = 'returned' AND NOT EXISTS (
        SELECT 1 FROM forms AS later
        WHERE later.case_ref = forms.case_ref AND later.kind = forms.kind
            AND later.outcome = 'accepted' AND later.id > forms.id
    )
"""


class LaterRelease(Exception):
    """The register was made by a release that is not known here."""


def bring_up(connection: sqlite3.Connection) -> None:
    """Make the tables, or bring those of an earlier release up to this one; in one transaction, so all or nothing.

    Raises:
        LaterRelease: a later release made the register; it is left as it is.
    """
    version = _version(connection)
    if version == VERSION:
        return
    if version is not None and version > VERSION:
        raise LaterRelease
    for statement in STATEMENTS:
        connection.execute(statement)
    if version is None:
        connection.execute("INSERT INTO schema (version) VALUES (:version)", {"version": VERSION})
        return
    for step in _STEPS[version - 1 :]:
        step(connection)
    connection.execute("UPDATE schema SET version = :version", {"version": VERSION})


def _version(connection: sqlite3.Connection) -> int | None:
    """The version of the tables; None where there are none yet."""
    if connection.execute(_KNOWN).fetchone() is None:
        return None
    return int(connection.execute("SELECT version FROM schema").fetchone()[0])


def _follow_up_what_is_held(connection: sqlite3.Connection) -> None:
    """From 1 to 2: the time limits of every case, and the returned forms that nothing has answered since."""
    connection.execute("DROP INDEX ix_forms_case_ref")
    _await_answers(connection)
    for (ref,) in connection.execute(_CASES).fetchall():
        limits.refresh(connection, ref)


def _await_answers(connection: sqlite3.Connection) -> None:
    """The names of files that were accepted were not kept: what said no case is awaited, whether answered or not."""
    rows = [
        row_of(sha256, sheet, case, kind, name or "", dt.datetime.fromisoformat(received).date())
        for sha256, sheet, case, kind, name, received in connection.execute(_NOT_ANSWERED)
    ]
    wait_for(connection, rows)


# The step at place n brings version n + 1 up to n + 2.
_STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (_follow_up_what_is_held,)
