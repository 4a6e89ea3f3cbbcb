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
        self._turn = threading.RLock()
        self._synchronous = "FULL"
        with _FAULTS_OF_THE_DISK:
            self._connection = _connected(path)

    def close(self) -> None:
        with self._turn:
            self._connection.close()

    @contextmanager
    def asking(self) -> Iterator[sqlite3.Connection]:
        """For one SELECT: it sees what was committed when it began."""
        with self._turn, _FAULTS_OF_THE_DISK:
            yield self._connection

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
        return self._transaction("FULL")

    def noting(self) -> AbstractContextManager[sqlite3.Connection]:
        """As `writing`, for what may be done again: nobody waits for the disk.

        The log keeps the order: the next `writing` makes it durable too; a power cut before that takes all of it away.
        """
        return self._transaction("NORMAL")

    @contextmanager
    def _transaction(self, synchronous: str) -> Iterator[sqlite3.Connection]:
        """It takes the writer's place at once: two programs that read first and write then would refuse each other."""
        with self._turn, _FAULTS_OF_THE_DISK:
            self._set_synchronous(synchronous)
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection

    def _set_synchronous(self, to: str) -> None:
        """Only where it is not so already: two notes often follow each other, and SQLite does not remember a PRAGMA."""
        if to != self._synchronous:
            self._synchronous = ""  # whatever comes between
            self._connection.execute(f"PRAGMA synchronous = {to}")
            self._synchronous = to

    @contextmanager
    def reading_on(self) -> Iterator[sqlite3.Connection]:
        """For one SELECT whose rows are taken bit by bit, while others read and write: a connection of its own."""
        with _FAULTS_OF_THE_DISK, closing(_connected(self._path)) as connection:
            yield connection

    def scrub(self) -> None:
        """Write the file anew without what was deleted, and empty the log of changes beside it.

        Raises:
            OSError: another program has read on for so long that the log cannot be emptied.
        """
        with self.asking() as connection:
            self._set_synchronous("FULL")
            connection.execute("VACUUM")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise OSError(errno.EBUSY, "the register: another program is reading it")


class _FaultsOfTheDisk:
    """What ails the disk is no fault of the program: it waits until that is mended."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, e: BaseException | None, _traceback: object) -> None:
        if isinstance(e, sqlite3.OperationalError):
            raise OSError(errno.EIO, f"the register: {e}") from e


_FAULTS_OF_THE_DISK = _FaultsOfTheDisk()


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
