"""A connection comes in; lines of the audit record go in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import sqlalchemy as sa

from pipeline import __version__
from pipeline.audit import Event, Line, next_line
from pipeline.register.schema import audit, forms

_NEWEST = sa.select(audit).order_by(audit.c.number.desc()).limit(1)


def append(connection: sa.Connection, events: Sequence[Event], now: dt.datetime) -> None:
    """Add lines to the audit record, in the transaction of what they tell of."""
    if not events:
        return
    row = connection.execute(_NEWEST).first()
    line = Line(*row) if row else None
    lines = [line := next_line(line, event, now.isoformat(timespec="seconds"), __version__) for event in events]
    connection.execute(audit.insert(), [asdict(line) for line in lines])


def lines(connection: sa.Connection, case: str | None = None) -> Iterator[Line]:
    """The lines that name a case, all where none is given, in their order."""
    query = sa.select(audit).order_by(audit.c.number)
    for row in connection.execute(query if case is None else query.where(audit.c.case == case)):
        yield Line(**row._mapping)


def unaudited(connection: sa.Connection) -> int:
    """How many forms are recorded whose end stands nowhere in the record: its last lines were taken away."""
    audited = sa.select(audit.c.sha256).where(audit.c.what.in_(("accepted", "returned")))
    query = sa.select(sa.func.count()).select_from(forms).where(forms.c.sha256.not_in(audited))
    return int(connection.execute(query).scalar_one())
