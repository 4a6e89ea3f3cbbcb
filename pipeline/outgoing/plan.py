"""A case and what its forms say come in; what the action plan says goes out."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.outgoing.agreed import (
    asked_of_officer,
    decided,
    exclusions,
    how_it_stands,
    owner,
    specialist_assessments,
    views,
)
from pipeline.outgoing.due import due, next_meetings
from pipeline.outgoing.flags import flag
from pipeline.outgoing.held import contacts
from pipeline.outgoing.occasion import Occasion, once_a_pack
from pipeline.outgoing.progress import actions
from pipeline.outgoing.summary import asked, marked_rows, matrix
from pipeline.outgoing.wording import answer, blank, meeting_of, newest_word, noted, or_blank
from pipeline.rules.case import Referral
from pipeline.rules.layout import PROTECTIVE

TOO_MANY = "Too many agencies involved"


def plan(occasion: Occasion) -> dict[str, object]:
    """What the action plan says (Buckinghamshire 2.5.14, Stockport 3).

    What the newest meeting fills in leads; what nobody has said yet is a labelled blank.
    """
    case, stands, today = occasion.case, occasion.stands, occasion.today
    referral, assessment, meetings = case.referral, case.assessment, case.meetings
    return (
        {
            "purpose": purpose(occasion),
            "for_decision": _for_decision(occasion),
            "has_meeting": bool(meetings),
            "decided": decided(meetings[-1]) if meetings else {},
            "stands": how_it_stands(occasion),
            "asks": asked(occasion.decision.asks),
            "due": due(occasion),
            "assessment": matrix(occasion),
            "has_assessment": assessment is not None,
            "has_referral": referral is not None,
            "owner": owner(case),
            "criteria": _criteria(referral),
            "reason": or_blank(answer(referral, "reason"), "reason for this plan and outcome sought"),
            "disagreements": or_blank(newest_word(case, "disagreements"), "any agency that does not agree, and why"),
            "agencies": _agencies(referral),
            "too_many_agencies": referral is not None and TOO_MANY in referral.barriers,
            "risks_to_self": or_blank(answer(referral, "risks_to_self"), "risks to the young person"),
            "risks_to_others": or_blank(answer(referral, "risks_to_others"), "risks to others"),
            "risks": _scored_risks(occasion) if stands.actions else risks(occasion),
            "has_actions": bool(stands.actions),
            "actions": actions(stands.actions, today),
            "specialist_assessments": specialist_assessments(meetings),
            "factors": _factors(occasion),
            "strengths": or_blank(answer(referral, "strengths"), "strengths and protective factors"),
            "barriers": list(referral.barriers if referral else ()) or [blank("what gets in the way of engagement")],
            "engagement": _engagement(referral),
            "services_tried": or_blank(answer(referral, "services_tried"), "services tried, and how they worked"),
            "contacts": contacts(case.contacts, stands.last_review),
            "exclusions": or_blank(
                answer(referral, "exclusions"), "any service that has excluded the young person, or none"
            ),
            "excluded": exclusions(stands.exclusions, today),
            "crisis": or_blank(answer(referral, "crisis"), "likely crisis, and what should happen out of hours"),
            "out_of_hours": [
                {"agency": a.agency, "telephone": or_blank(a.telephone, "telephone")}
                for a in occasion.agencies
                if a.out_of_hours
            ],
            "gaps": or_blank(newest_word(case, "gaps"), "gaps in provision"),
            "views": views(case),
            "officer": asked_of_officer(meetings),
            "family": [
                {
                    "name": or_blank(row.get("Name", ""), "name"),
                    "relationship": or_blank(row.get("Relationship", ""), "relationship"),
                    "responsibility": or_blank(row.get("Parental responsibility (Y/N)", ""), "yes or no"),
                }
                for row in (referral.family if referral else ())
            ],
            "reviews": next_meetings(occasion),
            "notes": noted(referral.notes if referral else ()),
        }
        | flag(occasion)
        | _last_page(referral)
    )


def purpose(occasion: Occasion) -> str:
    """Whose plan it is."""
    if _for_decision(occasion):
        return "Draft for the manager's decision: forming a Core Group is to be considered"
    if occasion.record:  # it may have arrived after the record of a later meeting
        return f"As agreed by the {meeting_of(occasion.case.meetings[-1])}"
    if occasion.decision.outcome == "must" or occasion.stands.core_group:
        return "Plan of the Core Group"
    return f"Plan for the {occasion.sender.panel_name}"


def _for_decision(occasion: Occasion) -> bool:
    return occasion.decision.outcome == "consider" and occasion.stands.core_group is None


def _criteria(referral: Referral | None) -> list[str]:
    """The labels ticked; behind "Other" the words that were written there."""
    if referral is None:
        return [blank("criteria met, from the list at 2.5.17")]
    return [_with_words(label, referral.specified) for label in referral.criteria]


def _with_words(label: str, specified: Mapping[str, str]) -> str:
    words = specified.get(label, "").strip()
    return (
        f"{label.partition(' (')[0]}: {words or blank('which')}" if label in specified or "specify" in label else label
    )


def risks(occasion: Occasion) -> list[dict[str, str]]:
    """Each risk that asks for an action: those that score, those that the referral tells, and one nobody has named."""
    told = [
        {"risk": label, "evidence": "As the referral describes it, above in this section"}
        for key, label in (("risks_to_self", "Risks to the young person"), ("risks_to_others", "Risks to others"))
        if answer(occasion.case.referral, key)
    ]
    return [*_scored_risks(occasion), *told, {"risk": blank("further risk"), "evidence": blank("evidence")}]


@once_a_pack
def _scored_risks(occasion: Occasion) -> list[dict[str, str]]:
    """One row for each behaviour that scores or may score, the highest first."""
    behaviours = [(row.total, said) for row, said in marked_rows(occasion) if row.section != PROTECTIVE]
    found = [(total, said) for total, said in behaviours if total.high > 0]
    found.sort(key=lambda scored: (-scored[0].high, -scored[0].low))
    return [_scored_risk(said) for _, said in found]


def _last_page(referral: Referral | None) -> dict[str, object]:
    """What the family must not see. Remarks stand here too: whoever wrote one did not say who may read it."""
    unsafe = [
        {"name": or_blank(row.get("Name", ""), "name"), "safe": safe}
        for row in (referral.family if referral else ())
        if (safe := row.get("Safe to contact?", "").strip()) and safe.casefold() not in ("y", "yes")
    ]
    remarks = [{"where": r.where, "text": r.text} for r in (referral.form.remarks if referral else ())]
    not_shared = answer(referral, "not_shared")
    return {
        "last_page": bool(not_shared or unsafe or remarks),
        "not_shared": not_shared,
        "unsafe_contacts": unsafe,
        "remarks": remarks,
    }


def _agencies(referral: Referral | None) -> list[dict[str, str]]:
    """Section G, row by row. Worker and role, and last seen and engaging, share a column: seven are too narrow."""
    rows = referral.agencies if referral else ()
    return [
        {
            "agency": or_blank(row.get("Agency", ""), "agency"),
            "worker": _joined(row.get("Worker", ""), row.get("Role", "")) or blank("worker and role"),
            "contact": or_blank(row.get("Contact", ""), "contact"),
            "nature": or_blank(row.get("Nature of contact", ""), "nature of contact"),
            "last_seen": or_blank(row.get("Last seen", ""), "last seen"),
            "engaging": or_blank(row.get("Engaging? (Y / Partly / N)", ""), "engaging"),
        }
        for row in rows
    ] or [{key: blank(what) for key, what in _AGENCY.items()}]


_AGENCY = {
    "agency": "agency",
    "worker": "worker and role",
    "contact": "contact",
    "nature": "nature of contact",
    "last_seen": "last seen",
    "engaging": "engaging",
}


def _scored_risk(row: Mapping[str, str]) -> dict[str, str]:
    marked = row["marked"].replace("\n", "; ")
    return {"risk": row["item"], "evidence": f"{marked}; score {row['score']}, cells {row['cells']}"}


def _factors(occasion: Occasion) -> list[dict[str, str]]:
    """The protective factors that count, or may count."""
    return [said for row, said in marked_rows(occasion) if row.section == PROTECTIVE and row.total.low < 0]


def _engagement(referral: Referral | None) -> dict[str, str]:
    return {
        "best_contact": or_blank(answer(referral, "best_contact"), "best way to contact the young person"),
        "language": or_blank(answer(referral, "first_language"), "first language"),
        "interpreter": or_blank(answer(referral, "interpreter"), "interpreter needed, yes or no"),
        "needs": or_blank(answer(referral, "needs"), "disability, special educational and communication needs"),
    }


def _joined(*parts: str) -> str:
    return ", ".join(p.strip() for p in parts if p.strip())
