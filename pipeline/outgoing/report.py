"""A case with a core group comes in; what the single joint report to the statutory review says goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.outgoing.addressees import Addressee
from pipeline.outgoing.plan import owner, reviews, risks, views
from pipeline.outgoing.summary import asked, scored
from pipeline.outgoing.wording import answer, blank, or_blank
from pipeline.rules.case import Assessment, Case, Decision
from pipeline.rules.layout import MatrixLayout


def report(
    case: Case,
    assessment: Assessment,
    decision: Decision,
    members: Sequence[Addressee],
    *,
    today: dt.date,
    layout: MatrixLayout,
) -> dict[str, object]:
    """What the core-group report says (Stockport 2.8, 3.1 to 3.5, 4)."""
    return {
        "asks": asked(decision.asks),
        "assessment": scored(assessment, case.history, layout),
        "owner": owner(case.referral),
        "members": [{"member": m.recipient, "name": m.name or blank("name")} for m in members],
        "risks": risks(assessment, case.referral),
        "views": views(case.referral),
        "disagreements": or_blank(answer(case.referral, "disagreements"), "any area of disagreement or challenge"),
        "next_meetings": reviews(case, today),
    }
