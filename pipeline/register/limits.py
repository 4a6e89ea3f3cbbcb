"""A connection comes in; the time limits that run are computed from what is recorded, kept, and given out."""

from __future__ import annotations

import sqlalchemy as sa

from pipeline.register.due import limit, returned_form, soonest_first
from pipeline.register.forms import accepted
from pipeline.register.letters import drafted_for
from pipeline.register.schema import awaited, limits
from pipeline.rules.course import assemble
from pipeline.rules.standing import standing
from pipeline.rules.time_limits import TimeLimit, time_limits

_LIMIT = [limits.c[name] for name in ("kind", "case_ref", "what", "by", "clause", "about")]
_AWAITED = [awaited.c[name] for name in ("case_ref", "sha256", "by")]


def refresh(connection: sa.Connection, ref: str) -> None:
    """Compute the limits of a case anew from all that is recorded of it."""
    case = assemble(ref, accepted(connection, ref))
    connection.execute(limits.delete().where(limits.c.case_ref == ref))
    rows = [
        {"case_ref": ref, "kind": t.kind, "what": t.what, "by": t.by, "clause": t.clause, "about": t.about}
        for t in time_limits(case, standing(case), drafted_for(connection, ref))
    ]
    if rows:
        connection.execute(limits.insert(), rows)


def running(connection: sa.Connection, ref: str | None = None) -> tuple[TimeLimit, ...]:
    """The limits of a case, of all where none is named, the soonest first."""
    kept, waiting = sa.select(*_LIMIT), sa.select(*_AWAITED)
    if ref is not None:
        kept, waiting = kept.where(limits.c.case_ref == ref), waiting.where(awaited.c.case_ref == ref)
    found = [limit(*row) for row in connection.execute(kept)]
    return soonest_first([*found, *(returned_form(*row) for row in connection.execute(waiting))])
