"""A connection comes in; the time limits that run are computed from what is recorded, and kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from pipeline.register.forms import NOTHING, accepted
from pipeline.register.letters import about_a_flag
from pipeline.rules.case import Believed
from pipeline.rules.course import assemble
from pipeline.rules.standing import standing
from pipeline.rules.time_limits import time_limits

_FORGET = "DELETE FROM limits WHERE case_ref = :ref"
_KEEP = """
    INSERT INTO limits (case_ref, kind, what, "by", clause, about)
    VALUES (:case_ref, :kind, :what, :by, :clause, :about)
"""


def refresh(connection: sqlite3.Connection, ref: str, known: Mapping[str, Believed] = NOTHING) -> None:
    """Compute the limits of a case anew from all that is recorded of it."""
    case = assemble(ref, accepted(connection, ref, known=known))
    connection.execute(_FORGET, {"ref": ref})
    rows = [
        {
            "case_ref": ref,
            "kind": t.kind,
            "what": t.what,
            "by": t.by.isoformat(),
            "clause": t.clause,
            "about": t.about,
        }
        for t in dict.fromkeys(time_limits(case, standing(case), about_a_flag(connection, ref)))
    ]
    connection.executemany(_KEEP, rows)
