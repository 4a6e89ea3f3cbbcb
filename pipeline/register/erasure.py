"""A connection and a case come in; what is held on it alone goes out, and is taken out of every table."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from pipeline.register.held import Erasure
from pipeline.register.schema import arrivals, awaited, forms, letters, limits, packs, returns


def erasure(connection: sa.Connection, ref: str) -> Erasure | None:
    """What goes when a case is forgotten; None where nothing is held on it."""
    cases: dict[str, set[str | None]] = {}
    for row in connection.execute(_cases_of_contents(ref)):
        cases.setdefault(row.sha256, set()).add(row.case_ref)
    if not cases:
        return None
    originals = tuple(sorted(sha256 for sha256, of in cases.items() if of == {ref}))
    return Erasure(
        ref=ref,
        originals=originals,
        shared=tuple(sorted(cases.keys() - set(originals))),
        packs=_folders(connection, packs, packs.c.case_ref == ref),
        returns=tuple(sorted(f for x in originals for f in _folders(connection, returns, returns.c.sha256 == x))),
    )


def erase(connection: sa.Connection, what: Erasure) -> dict[str, int]:
    """Delete every row of a case; how many of each table, where any were."""
    counts: dict[str, int] = {}
    for table in (letters, limits, awaited, packs, forms):
        _delete(connection, table, table.c.case_ref == what.ref, counts)
    for sha256 in what.originals:
        for table in (returns, arrivals):
            _delete(connection, table, table.c.sha256 == sha256, counts)
    return {name: count for name, count in counts.items() if count}


def _cases_of_contents(ref: str) -> sa.CompoundSelect[Any]:
    """Every case that a content of this case belongs to; None for a form that did not say whose it is.

    A pack whose form is not recorded is one that a crash interrupted.
    """
    of_the_case = sa.union(*(sa.select(t.c.sha256).where(t.c.case_ref == ref) for t in (forms, packs, letters)))
    mine = of_the_case.subquery()
    return sa.union(
        *(sa.select(t.c.sha256, t.c.case_ref).join(mine, t.c.sha256 == mine.c.sha256) for t in (forms, packs, letters))
    )


def _folders(connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool]) -> tuple[str, ...]:
    return tuple(sorted(connection.execute(sa.select(table.c.folder).where(which)).scalars()))


def _delete(connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool], counts: dict[str, int]) -> None:
    counts[table.name] = counts.get(table.name, 0) + connection.execute(table.delete().where(which)).rowcount
