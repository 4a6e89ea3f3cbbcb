"""The path of a register comes in; a database goes out that keeps what is recorded and nothing of what is erased.

All that is peculiar to SQLite stands here.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from types import TracebackType

# So many seconds a program waits for the others that write.
_PATIENCE = 30
# FULL: what is recorded survives a power cut.
_PRAGMAS = ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON")


class Database:
    """A connection to a register, which one thread uses at a time. Faults of its disk are OSErrors.

    What is recorded is about young people: SQLite's own errors name tables and columns, and no value in them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with _FaultsOfTheDisk():
            self._connection = _connected(path)
        self._turn = _Turn(self._connection)

    def close(self) -> None:
        with self._turn:
            self._connection.close()

    def asking(self) -> AbstractContextManager[sqlite3.Connection]:
        """For one SELECT: it sees what was committed when it began."""
        return self._turn

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """For several SELECTs: all see what was committed when the first began, and hold nobody up."""
        with self.asking() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """One transaction: what it records survives a power cut."""
        return _Transaction(self._turn, "FULL")

    def noting(self) -> AbstractContextManager[sqlite3.Connection]:
        """As `writing`, for what may be done again: nobody waits for the disk.

        The log keeps the order: the next `writing` makes it durable too; a power cut before that takes all of it away.
        """
        return _Transaction(self._turn, "NORMAL")

    @contextmanager
    def reading_on(self) -> Iterator[sqlite3.Connection]:
        """For one SELECT whose rows are taken bit by bit, while others read and write: a connection of its own."""
        with _FaultsOfTheDisk(), closing(_connected(self._path)) as connection:
            yield connection

    def scrub(self) -> None:
        """Write the file anew without what was deleted, and empty the log of changes beside it.

        Raises:
            OSError: another program has read on for so long that the log cannot be emptied.
        """
        with self.asking() as connection:
            self._turn.set_synchronous("FULL")
            connection.execute("VACUUM")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise OSError(errno.EBUSY, "the register: another program is reading it")


class _FaultsOfTheDisk:
    """What ails the disk is no fault of the program: it waits until that is mended.

    This and what follows are classes because they are entered a dozen times for each form: generators cost more there
    than what most SELECTs do.
    """

    def __enter__(self) -> object:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(e, sqlite3.OperationalError):
            raise OSError(errno.EIO, f"the register: {e}") from e


class _Turn(_FaultsOfTheDisk):
    """A thread's turn at the connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._synchronous = "FULL"

    def __enter__(self) -> sqlite3.Connection:
        self._lock.acquire()
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None) -> None:
        self._lock.release()
        super().__exit__(kind, e, at)

    def set_synchronous(self, to: str) -> None:
        """Only where it is not so already: notes often follow each other, and SQLite compiles a PRAGMA every time."""
        if to != self._synchronous:
            self._synchronous = ""  # whatever comes between
            self._connection.execute(f"PRAGMA synchronous = {to}")
            self._synchronous = to


class _Transaction:
    """It takes the writer's place at once: two programs that read first and write then would refuse each other."""

    def __init__(self, turn: _Turn, synchronous: str) -> None:
        self._turn = turn
        self._synchronous = synchronous

    def __enter__(self) -> sqlite3.Connection:
        connection = self._turn.__enter__()
        try:
            self._turn.set_synchronous(self._synchronous)
            connection.execute("BEGIN IMMEDIATE")
        except BaseException as e:
            self._turn.__exit__(type(e), e, e.__traceback__)
            raise
        return connection

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None) -> None:
        try:
            with self._turn as connection:
                connection.__exit__(kind, e, at)  # commits, or takes all of it back
        finally:
            self._turn.__exit__(kind, e, at)


def _connected(path: Path) -> sqlite3.Connection:
    """A connection whose transactions begin where it is said."""
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        _to_wal(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _to_wal(connection: sqlite3.Connection) -> None:
    """Readers do not wait for the writer.

    While another program writes the first tables, SQLite refuses the change at once, whatever its patience.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as e:
            if e.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
