"""What arrived, what was decided and what was published goes in; what is known of a file or a case comes out.

The only module that knows which database it is: SQLAlchemy Core on SQLite, with nothing that PostgreSQL lacks.
"""

from __future__ import annotations

import datetime as dt
import errno
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from pipeline import __version__
from pipeline.audit import Event, Line, next_line
from pipeline.errors import SettingsError
from pipeline.rules.case import Assessment, Believed, Letter, Referral

_meta = sa.MetaData()

# The version of these tables. A later release that changes them brings older registers up to its own.
_VERSION = 1
# So many seconds a program waits for the others that write.
_PATIENCE = 30
_schema = sa.Table("schema", _meta, sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))

# One row for a content, whatever its name: the constraint that makes "once" true.
_arrivals = sa.Table(
    "arrivals",
    _meta,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("received_at", sa.DateTime, nullable=False),
    # Set once the sender was told and the file has left the inbox: until then the same may be done again.
    sa.Column("told", sa.Boolean, nullable=False, default=False),
)

# One row for a form in it; `sheet` is "" for a Word form. `believed` is what was accepted, as JSON.
_forms = sa.Table(
    "forms",
    _meta,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.ForeignKey("arrivals.sha256"), nullable=False),
    sa.Column("sheet", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("case_ref", sa.String, index=True),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("believed", sa.Text),
    sa.UniqueConstraint("sha256", "sheet"),
)

# A pack's folder is reserved before it is written, so that a second try takes the same name.
_packs = sa.Table(
    "packs",
    _meta,
    sa.Column("sha256", sa.ForeignKey("arrivals.sha256"), primary_key=True),
    sa.Column("case_ref", sa.String, primary_key=True),
    sa.Column("folder", sa.String, nullable=False, unique=True),
)

_returns = sa.Table(
    "returns",
    _meta,
    sa.Column("sha256", sa.ForeignKey("arrivals.sha256"), primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("folder", sa.String, nullable=False, unique=True),
)

# Windows and macOS take "Form.xlsx" and "form.xlsx" for the same.
for _table in (_packs, _returns):
    sa.Index(f"{_table.name}_folder", sa.func.lower(_table.c.folder), unique=True)

# The mark of every folder ever worked with: a folder that has lost it is a share that is gone.
_folders = sa.Table(
    "folders",
    _meta,
    sa.Column("path", sa.String, primary_key=True),
    sa.Column("mark", sa.String, nullable=False),
)

_audit = sa.Table(
    "audit",
    _meta,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("at", "version", "what", "sha256", "case", "details")),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)

# The record is added to and never changed. Whoever takes these away still has the digests against them.
for _change in ("UPDATE", "DELETE"):
    sa.event.listen(
        _audit,
        "after_create",
        sa.DDL(  # type: ignore[no-untyped-call]
            f"CREATE TRIGGER audit_no_{_change.lower()} BEFORE {_change} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit record is only added to'); END"
        ).execute_if(dialect="sqlite"),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One form of a file as it is recorded; ``sheet`` and ``kind`` are ``""`` where the file is none of the forms.

    ``outcome``: accepted, returned or duplicate. ``believed`` is None where it went back. ``events`` go into the audit
    record, unless they stand there because the same step was done before a crash.
    """

    sheet: str
    kind: str
    case: str | None
    outcome: str
    believed: Believed | None
    name: str = ""
    events: tuple[Event, ...] = ()


class Register:
    """The register of one installation. Every method is one transaction and may be repeated.

    Raises OSError where its disk is full or away, or another program holds it for too long.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, path: Path) -> Register:
        """Open the register in the file ``path``, made if it is not there.

        Raises:
            SettingsError: a later release of this program made it, or it is no register.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": _PATIENCE})
        sa.event.listen(engine, "connect", _prepare)
        sa.event.listen(engine, "begin", _begin)
        sa.event.listen(engine, "handle_error", _unreachable)
        try:
            with engine.begin() as connection:  # one transaction: two programs may be the first at once
                _meta.create_all(connection)
                version = connection.execute(sa.select(_schema.c.version)).scalar()
                if version is None:
                    connection.execute(_schema.insert().values(version=_VERSION))
        except DatabaseError as e:
            raise SettingsError(f"{path} cannot be opened as the register: {type(e.orig).__name__}.") from e
        if version not in (None, _VERSION):
            raise SettingsError(
                f"{path} was made by a later release. Install that release, or take a backup of before."
            )
        return cls(engine)

    def close(self) -> None:
        self._engine.dispose()

    def arrived(self, sha256: str, size: int, now: dt.datetime) -> dt.datetime:
        """Record that this content arrived; returns when it first did. Dates on documents follow from it."""
        with self._insert_once() as connection:
            connection.execute(_arrivals.insert().values(sha256=sha256, received_at=now))
            _append(connection, Event("arrived", sha256, None, {"bytes": size}), now)
        with self._reading() as connection:
            query = sa.select(_arrivals.c.received_at).where(_arrivals.c.sha256 == sha256)
            first: dt.datetime = connection.execute(query).scalar_one()
            return first

    def accepted_before(self, sha256: str) -> frozenset[str]:
        """The sheets of this very content that were accepted before, as their sender was told."""
        query = (
            sa.select(_forms.c.sheet)
            .join(_arrivals)
            .where(_forms.c.sha256 == sha256, _forms.c.outcome == "accepted", _arrivals.c.told)
        )
        with self._reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def case(self, ref: str, besides: str) -> tuple[Assessment | Referral, ...]:
        """Everything accepted for a case, in the order of its arrival, ``besides`` this content."""
        query = (
            sa.select(_forms.c.kind, _forms.c.believed)
            .where(_forms.c.case_ref == ref, _forms.c.outcome == "accepted", _forms.c.sha256 != besides)
            .order_by(_forms.c.id)
        )
        with self._reading() as connection:
            return tuple(_believed(kind, text) for kind, text in connection.execute(query))

    def pack_folder(self, sha256: str, case: str, wanted: str, taken: Callable[[str], bool]) -> str:
        """The folder of this content's pack for ``case``: ``wanted``, numbered where it is taken; always the same."""
        key = (_packs.c.sha256 == sha256, _packs.c.case_ref == case)
        return self._reserve(_packs, {"sha256": sha256, "case_ref": case}, sa.and_(*key), wanted, taken)

    def return_folder(self, sha256: str, name: str, taken: Callable[[str], bool]) -> str:
        """The folder in which this content, dropped under ``name``, is given back; always the same."""
        key = sa.and_(_returns.c.sha256 == sha256, _returns.c.name == name)
        return self._reserve(_returns, {"sha256": sha256, "name": name}, key, name, taken)

    def letters(self, ref: str, besides: str = "") -> tuple[Letter, ...]:
        """Every letter drafted for a case, in the order of their drafting, ``besides`` those of this content's pack."""
        raise NotImplementedError

    def record(
        self, sha256: str, entries: Sequence[Entry], drafted: Sequence[tuple[str, Letter]], now: dt.datetime
    ) -> None:
        """Record how each form of a file ended, and each letter ``drafted`` for a case; what was recorded stays so."""
        with self._engine.begin() as connection:
            told = connection.execute(sa.select(_arrivals.c.told).where(_arrivals.c.sha256 == sha256)).scalar_one()
            for entry in entries:
                same = (_forms.c.sha256 == sha256, _forms.c.sheet == entry.sheet)
                known = connection.execute(sa.select(_forms.c.outcome).where(*same)).scalar()
                if known != entry.outcome or told:
                    for event in entry.events:
                        _append(connection, event, now)
                values = {
                    "kind": entry.kind,
                    "case_ref": entry.case,
                    "outcome": entry.outcome,
                    "believed": msgspec.json.encode(entry.believed).decode() if entry.believed else None,
                }
                if known is None:
                    connection.execute(_forms.insert().values(sha256=sha256, sheet=entry.sheet, **values))
                elif known != "accepted":
                    connection.execute(_forms.update().where(*same).values(**values))

    def audit(self) -> Iterator[Line]:
        """The whole audit record, in its order."""
        with self._reading() as connection:
            for row in connection.execute(sa.select(_audit).order_by(_audit.c.number)):
                yield Line(**row._mapping)

    def unaudited(self) -> int:
        """How many forms are recorded whose end stands nowhere in the audit record: its last lines were taken away."""
        audited = sa.select(_audit.c.sha256).where(_audit.c.what.in_(("accepted", "returned")))
        query = sa.select(sa.func.count()).select_from(_forms).where(_forms.c.sha256.not_in(audited))
        with self._reading() as connection:
            return int(connection.execute(query).scalar_one())

    def told(self, sha256: str) -> None:
        """Record that the sender of this content has a receipt, or has it back, and the inbox is rid of it."""
        with self._engine.begin() as connection:
            connection.execute(_arrivals.update().where(_arrivals.c.sha256 == sha256).values(told=True))

    def mark_of(self, folder: Path) -> str:
        """The mark by which ``folder`` is known; ``""`` where the register has never seen it."""
        query = sa.select(_folders.c.mark).where(_folders.c.path == str(folder.resolve()))
        with self._reading() as connection:
            return str(connection.execute(query).scalar() or "")

    def know(self, folder: Path, mark: str) -> None:
        """Remember the mark of a folder."""
        path = str(folder.resolve())
        with self._engine.begin() as connection:
            connection.execute(_folders.delete().where(_folders.c.path == path))
            connection.execute(_folders.insert().values(path=path, mark=mark))

    def _reserve(
        self,
        table: sa.Table,
        key: dict[str, str],
        same: sa.ColumnElement[bool],
        wanted: str,
        taken: Callable[[str], bool],
    ) -> str:
        for number in range(1, 10_000):
            with self._reading() as connection:
                if mine := connection.execute(sa.select(table.c.folder).where(same)).scalar():
                    return str(mine)
            folder = wanted if number == 1 else f"{wanted} ({number})"
            if not taken(folder):
                with self._insert_once() as connection:
                    connection.execute(table.insert().values(folder=folder, **key))
        raise RuntimeError(f"no free folder name for {key['sha256'][:8]}")

    def _reading(self) -> sa.Connection:
        """Reads see what is committed and hold nobody up."""
        return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def _insert_once(self) -> Iterator[sa.Connection]:
        """An insert that a constraint may refuse, because another run was first."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            pass


def tables() -> Mapping[str, sa.Table]:
    """Every table, by its name."""
    return _meta.tables


def _believed(kind: str, text: str) -> Assessment | Referral:
    if kind == "matrix":
        return msgspec.json.decode(text, type=Assessment)
    return msgspec.json.decode(text, type=Referral)


def _append(connection: sa.Connection, event: Event, now: dt.datetime) -> None:
    """Add a line to the audit record, in the transaction of what it tells of."""
    newest = sa.select(_audit).order_by(_audit.c.number.desc()).limit(1)
    row = connection.execute(newest).first()
    line = next_line(Line(**row._mapping) if row else None, event, now.isoformat(timespec="seconds"), __version__)
    connection.execute(_audit.insert().values(asdict(line)))


def _unreachable(context: sa.engine.ExceptionContext) -> None:
    """What ails the disk is no fault of the program: it waits until that is mended."""
    if isinstance(context.sqlalchemy_exception, OperationalError):
        raise OSError(errno.EIO, f"the register: {context.original_exception}") from context.original_exception


def _begin(connection: sa.Connection) -> None:
    """Take the writer's place at once: two programs that read first and write then would refuse each other."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare(connection: object, _record: object) -> None:
    """WAL: readers do not wait for the writer. FULL: what is recorded survives a power cut."""
    connection.isolation_level = None  # type: ignore[attr-defined]  # transactions begin where `_begin` says
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in (f"busy_timeout = {_PATIENCE * 1000}", "synchronous = FULL", "foreign_keys = ON"):
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
