"""The time limits that run come in; what is due, by which day, and the next meetings go out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.wording import blank, deadline
from pipeline.rules.dates import four_weeks_after
from pipeline.rules.limit import LimitKind

# What meets when, and how far apart at the most (Stockport 2.8, 3.3; Buckinghamshire 2.5.14).
NEXT = {"core-group": ("Core Group", "within 4 weeks"), "panel": ("Panel", "within a month")}
# So many agencies are named within a line.
FEW = 3


def due(occasion: Occasion) -> list[dict[str, str]]:
    """Every limit that runs, the soonest first; a letter is named by the agency that it went to.

    What is asked of many by the same day stands once: twelve agencies are not twelve things to do. More agencies than a
    few are counted; the plan names them under its flag.
    """
    today = occasion.today
    agencies = {letter.reference: letter.recipient for letter in occasion.letters}
    about: dict[tuple[LimitKind, str, dt.date, str], list[str]] = {}
    for limit in occasion.limits:
        alike = limit.kind, limit.what.removesuffix("."), limit.by, limit.clause
        about.setdefault(alike, []).append(agencies.get(limit.about, limit.about))
    return [
        {"what": _about(what, _named(kind, [x for x in named if x])), "by": deadline(by, today), "clause": clause}
        for (kind, what, by, clause), named in about.items()
    ]


def _named(kind: LimitKind, about: Sequence[str]) -> str:
    """Of letters their agencies may be counted; of what else is due each service and each day is named."""
    many = kind == "acknowledgement" and len(about) > FEW
    return f"{len(about)} agencies, which the action plan names" if many else "; ".join(about)


def _about(what: str, about: str) -> str:
    return f"{what} ({about})" if about else what


def next_meetings(occasion: Occasion) -> list[dict[str, str]]:
    """When the core group and the panel meet next at the latest; where no limit runs, what nobody has decided yet."""
    today, assessment = occasion.today, occasion.case.assessment
    found = [
        {"meeting": NEXT[x.kind][0], "due": f"{NEXT[x.kind][1]}, by {deadline(x.by, today)}"}
        for x in occasion.limits
        if x.kind in NEXT
    ]
    if occasion.decision.outcome == "consider" and assessment and not occasion.stands.core_group:
        by = deadline(four_weeks_after(assessment.date), today)
        found.insert(0, {"meeting": "Core Group, if one is formed", "due": f"within 4 weeks, by {by}"})
    return found or [{"meeting": "Next meeting", "due": blank("date, or none is needed")}]
