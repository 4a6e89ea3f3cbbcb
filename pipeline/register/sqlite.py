"""The path of a register comes in; an engine goes out that keeps what is recorded and leaves nothing of what is erased.

All that is peculiar to SQLite stands here.
"""

from __future__ import annotations

import errno
import sqlite3
import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

# So many seconds a program waits for the others that write.
_PATIENCE = 30
_HOW = "transaction"


def engine_for(path: Path) -> sa.Engine:
    """An engine whose transactions take the writer's place at once, and whose faults of the disk are OSErrors."""
    # What is recorded is about young people: no error or log repeats it.
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": _PATIENCE}, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    sa.event.listen(engine, "handle_error", _unreachable)
    return engine


def reading(engine: sa.Engine) -> sa.Connection:
    """Reads see what was committed when they began and hold nobody up."""
    return engine.connect().execution_options(**{_HOW: "BEGIN DEFERRED"})


def scrub(engine: sa.Engine) -> None:
    """Write the file anew without what was deleted, and empty the log of changes beside it.

    Raises:
        OSError: another program has read on for so long that the log cannot be emptied.
    """
    with engine.connect().execution_options(**{_HOW: ""}) as connection:
        connection.exec_driver_sql("VACUUM")
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if busy:
            raise OSError(errno.EBUSY, "the register: another program is reading it")


def _begin(connection: sa.Connection) -> None:
    """Take the writer's place at once: two programs that read first and write then would refuse each other."""
    if how := connection.get_execution_options().get(_HOW, "BEGIN IMMEDIATE"):
        connection.exec_driver_sql(how)


def _unreachable(context: sa.engine.ExceptionContext) -> None:
    """What ails the disk is no fault of the program: it waits until that is mended."""
    if isinstance(context.sqlalchemy_exception, OperationalError):
        raise OSError(errno.EIO, f"the register: {context.original_exception}") from context.original_exception


def _prepare(connection: object, _record: object) -> None:
    """WAL: readers do not wait for the writer. FULL: what is recorded survives a power cut."""
    connection.isolation_level = None  # type: ignore[attr-defined]  # transactions begin where `_begin` says
    cursor = connection.cursor()  # type: ignore[attr-defined]
    pragmas = (f"busy_timeout = {_PATIENCE * 1000}", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON")
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    _to_wal(cursor)
    cursor.close()


def _to_wal(cursor: sqlite3.Cursor) -> None:
    """While another program writes the first tables, SQLite refuses the change at once, whatever its patience."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as e:
            if e.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
