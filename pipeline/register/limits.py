"""A connection comes in; the time limits that run are computed from what is recorded, kept, and given out."""

from __future__ import annotations

import sqlalchemy as sa

from pipeline.register.due import RETURNED, soonest_first
from pipeline.register.forms import accepted
from pipeline.register.letters import drafted_for
from pipeline.register.schema import awaited, limits
from pipeline.rules.course import assemble
from pipeline.rules.standing import standing
from pipeline.rules.time_limits import TimeLimit, time_limits

_FORGET = limits.delete().where(limits.c.case_ref == sa.bindparam("ref"))
_LIMIT = [limits.c[name] for name in ("kind", "case_ref", "what", "by", "clause", "about")]


def refresh(connection: sa.Connection, ref: str) -> None:
    """Compute the limits of a case anew from all that is recorded of it."""
    case = assemble(ref, accepted(connection, ref))
    connection.execute(_FORGET, {"ref": ref})
    rows = [
        {"case_ref": ref, "kind": t.kind, "what": t.what, "by": t.by, "clause": t.clause, "about": t.about}
        for t in dict.fromkeys(time_limits(case, standing(case), drafted_for(connection, ref)))
    ]
    if rows:
        connection.execute(limits.insert(), rows)


def running(connection: sa.Connection, ref: str) -> tuple[TimeLimit, ...]:
    """The limits of a case, the soonest first."""
    kept = sa.select(*_LIMIT).where(limits.c.case_ref == ref)
    waiting = sa.select(awaited.c.case_ref, awaited.c.by, awaited.c.sha256).where(awaited.c.case_ref == ref)
    found = [TimeLimit(*row) for row in connection.execute(kept)]
    for case, by, sha256 in connection.execute(waiting):
        found.append(TimeLimit("returned-form", case, RETURNED, by, "", sha256[:8]))
    return soonest_first(found)
