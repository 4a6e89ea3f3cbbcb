"""A case and what its forms say come in; what the action plan says goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from pipeline.outgoing.addressees import Addressee, core_group, panel
from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.summary import asked, marked_row, rows_of, scored
from pipeline.outgoing.wording import answer, blank, deadline, noted, or_blank, yes_or_no
from pipeline.rules.case import Assessment, Case, Referral
from pipeline.rules.dates import four_weeks_after, month_after, parse_date

PURPOSE = {
    "must": "Plan of the Core Group",
    "consider": "Draft for the manager's decision: forming a Core Group is to be considered",
    "panel": "Plan for the {panel}",
}
TOO_MANY = "Too many agencies involved"
# Whom the notification goes to where no meeting has said more (Buckinghamshire 2.5.14).
NAMED_FOR_FLAGS = ("Police", "Out-of-hours social care", "Health service")


def plan(occasion: Occasion) -> dict[str, object]:
    """What the action plan says (Buckinghamshire 2.5.14, Stockport 3)."""
    case, decision, today = occasion.case, occasion.decision, occasion.today
    referral, assessment = case.referral, case.assessment
    return {
        "purpose": PURPOSE.get(decision.outcome, "").format(panel=occasion.sender.panel_name),
        "for_decision": decision.outcome == "consider",
        "asks": asked(decision.asks),
        "assessment": scored(assessment, case.history, occasion.layout) if assessment else {},
        "has_assessment": assessment is not None,
        "has_referral": referral is not None,
        "owner": owner(referral),
        "criteria": _criteria(referral),
        "reason": or_blank(answer(referral, "reason"), "reason for this plan and outcome sought"),
        "disagreements": or_blank(answer(referral, "disagreements"), "any agency that does not agree, and why"),
        "agencies": _agencies(referral),
        "too_many_agencies": referral is not None and TOO_MANY in referral.barriers,
        "risks_to_self": or_blank(answer(referral, "risks_to_self"), "risks to the young person"),
        "risks_to_others": or_blank(answer(referral, "risks_to_others"), "risks to others"),
        "risks": risks(assessment, referral),
        "factors": _factors(assessment),
        "strengths": or_blank(answer(referral, "strengths"), "strengths and protective factors"),
        "barriers": list(referral.barriers if referral else ()) or [blank("what gets in the way of engagement")],
        "engagement": _engagement(referral),
        "services_tried": or_blank(answer(referral, "services_tried"), "services tried, and how they worked"),
        "flags": _flags(_addressees(occasion), occasion.agencies),
        "exclusions": or_blank(
            answer(referral, "exclusions"), "any service that has excluded the young person, or none"
        ),
        "crisis": or_blank(answer(referral, "crisis"), "likely crisis, and what should happen out of hours"),
        "out_of_hours": [
            {"agency": a.agency, "telephone": or_blank(a.telephone, "telephone")}
            for a in occasion.agencies
            if a.out_of_hours
        ],
        "gaps": or_blank(answer(referral, "gaps"), "gaps in provision"),
        "views": views(referral),
        "family": [
            {
                "name": or_blank(row.get("Name", ""), "name"),
                "relationship": or_blank(row.get("Relationship", ""), "relationship"),
                "responsibility": or_blank(row.get("Parental responsibility (Y/N)", ""), "yes or no"),
            }
            for row in (referral.family if referral else ())
        ],
        "reviews": reviews(case, today),
        "notes": noted(referral.notes if referral else ()),
    } | _last_page(referral)


def _addressees(occasion: Occasion) -> Sequence[Addressee]:
    """Those who get a letter with this pack."""
    if occasion.decision.outcome == "panel":
        return panel(occasion.case, occasion.agencies)
    return core_group(occasion.case, occasion.agencies) if occasion.decision.outcome == "must" else ()


def owner(referral: Referral | None) -> dict[str, str]:
    """Who is responsible, as the referral says; the plan proposes, the meeting decides."""
    asked_for = {
        "lead_agency": "lead agency",
        "senior_manager": "named senior manager",
        "allocated_worker": "allocated worker",
        "allocated_worker_telephone": "telephone of the allocated worker",
        "allocated_worker_email": "email of the allocated worker",
        "team": "team",
        "team_manager": "team manager",
        "manager_telephone": "telephone of the team manager",
        "reviewing_officer": "Independent Reviewing Officer or child protection chair",
    }
    return {key: or_blank(answer(referral, key), what) for key, what in asked_for.items()}


def risks(assessment: Assessment | None, referral: Referral | None) -> list[dict[str, str]]:
    """One row for each behaviour that scores or may score, the highest first, and for the risks the referral tells."""
    found = [row for row in (rows_of(assessment, protective=False) if assessment else []) if row.total.high > 0]
    found.sort(key=lambda row: (-row.total.high, -row.total.low))
    rows = [_scored_risk(marked_row(row, assessment)) for row in found] if assessment else []
    rows += [
        {"risk": label, "evidence": "As the referral describes it, above in this section"}
        for key, label in (("risks_to_self", "Risks to the young person"), ("risks_to_others", "Risks to others"))
        if answer(referral, key)
    ]
    rows.append({"risk": blank("further risk"), "evidence": blank("evidence")})
    return rows


def views(referral: Referral | None) -> dict[str, str]:
    return {
        "young_person_aware": yes_or_no(referral, "young_person_aware", "yes or no"),
        "young_person": or_blank(answer(referral, "young_person_views"), "views of the young person"),
        "parents_aware": yes_or_no(referral, "parents_aware", "yes or no"),
        "parents": or_blank(answer(referral, "parents_views"), "views of the parents or carers"),
    }


def reviews(case: Case, today: dt.date) -> list[dict[str, str]]:
    """The next meetings: the core group within 4 weeks (Stockport 2.8), the panel within a month (2.5.14)."""
    due = []
    if case.assessment and case.assessment.band in ("must", "consider"):
        within = deadline(four_weeks_after(case.assessment.date), today)
        meeting = "Core Group, if one is formed" if case.assessment.band == "consider" else "Core Group"
        due.append({"meeting": meeting, "due": f"within 4 weeks of the assessment, by {within}"})
    if case.referral:
        held = parse_date(answer(case.referral, "panel_date"))
        since, start = ("panel", held) if held else ("referral", case.referral.date or today)
        due.append(
            {"meeting": "Panel", "due": f"within a month of the {since}, by {deadline(month_after(start), today)}"}
        )
    return due


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
    return {"risk": row["item"], "evidence": f"{row['marked']}\nScore {row['score']} (cells {row['cells']})"}


def _factors(assessment: Assessment | None) -> list[dict[str, str]]:
    """The protective factors that count, or may count."""
    rows = rows_of(assessment, protective=True) if assessment else []
    return [marked_row(row, assessment) for row in rows if row.total.low < 0] if assessment else []


def _engagement(referral: Referral | None) -> dict[str, str]:
    return {
        "best_contact": or_blank(answer(referral, "best_contact"), "best way to contact the young person"),
        "language": or_blank(answer(referral, "first_language"), "first language"),
        "interpreter": or_blank(answer(referral, "interpreter"), "interpreter needed, yes or no"),
        "needs": or_blank(answer(referral, "needs"), "disability, special educational and communication needs"),
    }


def _flags(addressees: Sequence[Addressee], agencies: Sequence[Agency]) -> list[str]:
    """Whom to ask for a flag: everyone who gets a letter, and the out-of-hours services; else those 2.5.14 names."""
    names = [a.recipient for a in addressees] + [a.agency for a in agencies if a.out_of_hours]
    return list(dict.fromkeys(names)) if addressees else list(NAMED_FOR_FLAGS)


def _joined(*parts: str) -> str:
    return ", ".join(p.strip() for p in parts if p.strip())
