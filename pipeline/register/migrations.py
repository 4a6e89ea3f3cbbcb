"""A register of an earlier release comes in; it goes out with the tables of this one and all that it held."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from pipeline.register import limits
from pipeline.register.awaited import row_of
from pipeline.register.schema import arrivals, audit, awaited, forms, meta, packs, returns, schema
from pipeline.register.version import VERSION


class LaterRelease(Exception):
    """The register was made by a release that is not known here."""


def bring_up(connection: sa.Connection) -> None:
    """Make the tables, or bring those of an earlier release up to this one; in one transaction, so all or nothing.

    Raises:
        LaterRelease: a later release made the register; it is left as it is.
    """
    known = sa.inspect(connection).has_table(schema.name)
    version = connection.execute(sa.select(schema.c.version)).scalar_one() if known else None
    if version == VERSION:
        return
    if version is not None and version > VERSION:
        raise LaterRelease
    meta.create_all(connection)
    if version is None:
        connection.execute(schema.insert().values(version=VERSION))
        return
    for step in _STEPS[version - 1 :]:
        step(connection)
    connection.execute(schema.update().values(version=VERSION))


def _follow_up_what_is_held(connection: sa.Connection) -> None:
    """From 1 to 2: the time limits of every case, and the returned forms that nothing has answered since."""
    connection.exec_driver_sql("DROP INDEX ix_forms_case_ref")
    for index in (index for table in (forms, packs, audit) for index in table.indexes):
        if index.name in ("ix_forms_case_content", "ix_packs_case_ref", "ix_audit_case"):
            index.create(connection)
    _await_answers(connection)
    accepted = sa.select(forms.c.case_ref).distinct().where(forms.c.outcome == "accepted")
    for ref in connection.execute(accepted).scalars().all():
        limits.refresh(connection, ref)


def _await_answers(connection: sa.Connection) -> None:
    """The names of files that were accepted were not kept: what said no case is awaited, whether answered or not."""
    later = forms.alias()
    answered = sa.exists().where(
        later.c.case_ref == forms.c.case_ref,
        later.c.kind == forms.c.kind,
        later.c.outcome == "accepted",
        later.c.id > forms.c.id,
    )
    name = sa.select(sa.func.min(returns.c.name)).where(returns.c.sha256 == forms.c.sha256).scalar_subquery()
    query = (
        sa.select(forms.c.sha256, forms.c.sheet, forms.c.case_ref, forms.c.kind, name, arrivals.c.received_at)
        .join(arrivals, arrivals.c.sha256 == forms.c.sha256)
        .where(forms.c.outcome == "returned", ~answered)
    )
    rows = [
        row_of(sha256, sheet, case, kind, name or "", received_at.date())
        for sha256, sheet, case, kind, name, received_at in connection.execute(query)
    ]
    if rows:
        connection.execute(awaited.insert(), rows)


# The step at place n brings version n + 1 up to n + 2.
_STEPS: tuple[Callable[[sa.Connection], None], ...] = (_follow_up_what_is_held,)
