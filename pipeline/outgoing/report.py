"""A case with a core group comes in; what the single joint report to the statutory review says goes out."""

from __future__ import annotations

from pipeline.outgoing.addressees import core_group
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.plan import owner, reviews, risks, views
from pipeline.outgoing.summary import asked, scored
from pipeline.outgoing.wording import answer, blank, or_blank


def report(occasion: Occasion) -> dict[str, object]:
    """What the core-group report says (Stockport 2.8, 3.1 to 3.5, 4)."""
    case, assessment = occasion.case, occasion.case.assessment
    return {
        "asks": asked(occasion.decision.asks),
        "assessment": scored(assessment, case.history, occasion.layout) if assessment else {},
        "has_assessment": assessment is not None,
        "owner": owner(case.referral),
        "members": [
            {"member": m.recipient, "name": m.name or blank("name")} for m in core_group(case, occasion.agencies)
        ],
        "risks": risks(assessment, case.referral),
        "views": views(case.referral),
        "disagreements": or_blank(answer(case.referral, "disagreements"), "any area of disagreement or challenge"),
        "next_meetings": reviews(case, occasion.today),
    }
