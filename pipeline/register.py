"""What arrived, what was decided and what was published goes in; what is known of a file or a case comes out.

The only module that knows which database it is: SQLAlchemy Core on SQLite, with nothing that PostgreSQL lacks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pipeline.rules.case import Assessment, Referral

_meta = sa.MetaData()

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
    sa.Column("folder", sa.String, nullable=False, unique=True),
)

# The mark of every folder ever worked with: a folder that has lost it is a share that is gone.
_folders = sa.Table(
    "folders",
    _meta,
    sa.Column("path", sa.String, primary_key=True),
    sa.Column("mark", sa.String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One form of a file as it is recorded. ``believed`` is None where it went back."""

    sheet: str
    kind: str
    case: str | None
    outcome: str
    believed: Assessment | Referral | None


class Register:
    """The register of one installation. Every method is one transaction and may be repeated."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, path: Path) -> Register:
        """Open the register in the file ``path``, made if it is not there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        sa.event.listen(engine, "connect", _prepare)
        _meta.create_all(engine)
        return cls(engine)

    def close(self) -> None:
        self._engine.dispose()

    def arrived(self, sha256: str, now: dt.datetime) -> dt.datetime:
        """Record that this content arrived; returns when it first did. Dates on documents follow from it."""
        received = sa.select(_arrivals.c.received_at).where(_arrivals.c.sha256 == sha256)
        with self._insert_once() as connection:
            connection.execute(_arrivals.insert().values(sha256=sha256, received_at=now))
        with self._engine.connect() as connection:
            first: dt.datetime = connection.execute(received).scalar_one()
            return first

    def accepted_before(self, sha256: str) -> frozenset[str]:
        """The sheets of this very content that were accepted before, as their sender was told."""
        query = (
            sa.select(_forms.c.sheet)
            .join(_arrivals)
            .where(_forms.c.sha256 == sha256, _forms.c.outcome == "accepted", _arrivals.c.told)
        )
        with self._engine.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def case(self, ref: str, besides: str) -> tuple[Assessment | Referral, ...]:
        """Everything accepted for a case, in the order of its arrival, ``besides`` this content."""
        query = (
            sa.select(_forms.c.kind, _forms.c.believed)
            .where(_forms.c.case_ref == ref, _forms.c.outcome == "accepted", _forms.c.sha256 != besides)
            .order_by(_forms.c.id)
        )
        with self._engine.connect() as connection:
            return tuple(_believed(kind, text) for kind, text in connection.execute(query))

    def pack_folder(self, sha256: str, case: str, wanted: str, taken: Callable[[str], bool]) -> str:
        """The folder of this content's pack for ``case``: ``wanted``, numbered where it is taken; always the same."""
        key = (_packs.c.sha256 == sha256, _packs.c.case_ref == case)
        return self._reserve(_packs, {"sha256": sha256, "case_ref": case}, sa.and_(*key), wanted, taken)

    def return_folder(self, sha256: str, wanted: str, taken: Callable[[str], bool]) -> str:
        """The folder in which this content is given back; always the same."""
        return self._reserve(_returns, {"sha256": sha256}, _returns.c.sha256 == sha256, wanted, taken)

    def record(self, sha256: str, entries: Sequence[Entry]) -> None:
        """Record how each form of a file ended; what was recorded as accepted stays so."""
        with self._engine.begin() as connection:
            for entry in entries:
                same = (_forms.c.sha256 == sha256, _forms.c.sheet == entry.sheet)
                known = connection.execute(sa.select(_forms.c.outcome).where(*same)).scalar()
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

    def told(self, sha256: str) -> None:
        """Record that the sender of this content has a receipt, or has it back, and the inbox is rid of it."""
        with self._engine.begin() as connection:
            connection.execute(_arrivals.update().where(_arrivals.c.sha256 == sha256).values(told=True))

    def mark_of(self, folder: Path) -> str:
        """The mark by which ``folder`` is known; ``""`` where the register has never seen it."""
        query = sa.select(_folders.c.mark).where(_folders.c.path == str(folder.resolve()))
        with self._engine.connect() as connection:
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
            with self._engine.connect() as connection:
                if mine := connection.execute(sa.select(table.c.folder).where(same)).scalar():
                    return str(mine)
            folder = wanted if number == 1 else f"{wanted} ({number})"
            if not taken(folder):
                with self._insert_once() as connection:
                    connection.execute(table.insert().values(folder=folder, **key))
        raise RuntimeError(f"no free folder name for {key['sha256'][:8]}")

    @contextmanager
    def _insert_once(self) -> Iterator[sa.Connection]:
        """An insert that a constraint may refuse, because another run was first."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            pass


def _believed(kind: str, text: str) -> Assessment | Referral:
    if kind == "matrix":
        return msgspec.json.decode(text, type=Assessment)
    return msgspec.json.decode(text, type=Referral)


def _prepare(connection: object, _record: object) -> None:
    """WAL: readers do not wait for the writer. FULL: what is recorded survives a power cut."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
