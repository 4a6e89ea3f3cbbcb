"""A case with its meetings come in; what they decided and agreed, the newest word first, goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.wording import (
    answer,
    blank,
    long_date,
    meeting_of,
    newest_word,
    newest_word_and_source,
    or_blank,
    yes_or_no,
)
from pipeline.rules.case import MEETINGS, Case, CoreGroupDecision, FlagDecision, MeetingRecord
from pipeline.rules.dates import parse_date
from pipeline.rules.standing import Exclusion

NOT_RECORDED = "Nothing recorded"
CORE_GROUP: Mapping[CoreGroupDecision | None, str] = {
    "establish": "Establish a Core Group",
    "continue": "Continue the Core Group",
    "end": "End the Core Group",
    "no core group": "No Core Group",
    None: NOT_RECORDED,
}
FLAG: Mapping[FlagDecision | None, str] = {
    "raise": "Raise the high-risk flag",
    "keep": "Keep the high-risk flag",
    "remove": "Remove the high-risk flag",
    "no flag": "No high-risk flag",
    None: NOT_RECORDED,
}
ACCEPTED: Mapping[bool | None, str] = {True: "Accepted", False: "Not accepted", None: ""}


def how_it_stands(occasion: Occasion) -> list[str]:
    """What stands now, or has ended, in a sentence each."""
    stands, said = occasion.stands, []
    if stands.core_group:
        said.append(f"There has been a Core Group since {long_date(stands.core_group.since)}.")
    elif stands.core_groups and (until := stands.core_groups[-1].until):
        said.append(f"The Core Group ended on {long_date(until)}.")
    if stands.panel:
        panel = occasion.sender.panel_name
        said.append(f"The case has been with the {panel} since {long_date(stands.panel.since)}.")
    if stands.flag:
        said.append(f"The high-risk flag has stood since {long_date(stands.flag.since)}.")
    elif stands.flags and (until := stands.flags[-1].until):
        said.append(f"The high-risk flag was removed on {long_date(until)}.")
    return said


def decided(record: MeetingRecord) -> dict[str, str]:
    """What one meeting decided, and on what ground (Buckinghamshire 2.5.14, Stockport 3.1, 3.3)."""
    return {
        "meeting": MEETINGS[record.meeting],
        "date": long_date(record.date),
        "chair": record.chair,
        "supervision": supervision(record),
        "core_group": CORE_GROUP[record.core_group],
        "flag": FLAG[record.flag],
        "accepted": ACCEPTED[record.accepted],
        "reason": answer(record, "reason"),
        "level_of_risk": or_blank(answer(record, "level_of_risk"), "level of risk, agreed by the meeting"),
        "direction_of_risk": or_blank(answer(record, "direction_of_risk"), "increasing, steady or subsiding"),
        "dissent": or_blank(answer(record, "dissent"), "agency and its reasons, or none"),
        "matrix_considered": long_date(record.matrix_considered) if record.matrix_considered else NOT_RECORDED,
        "next_meeting": next_meeting(record),
        "immediate_issues": answer(record, "immediate_issues"),
    }


def supervision(record: MeetingRecord) -> str:
    """Who chairs, as agreed in supervision, by whom and when (Stockport 3.1); ``""`` where the record says nothing."""
    by, on = answer(record, "supervision_by"), answer(record, "supervision_date")
    parts = (answer(record, "supervision"), f"agreed by {by}" if by else "", f"on {on}" if on else "")
    return ", ".join(part for part in parts if part)


def next_meeting(record: MeetingRecord) -> str:
    """Date, time and place, as far as the meeting agreed them."""
    day = long_date(record.next_meeting) if record.next_meeting else blank("date")
    return ", ".join(
        (day, or_blank(answer(record, "next_time"), "time"), or_blank(answer(record, "next_place"), "place"))
    )


def owner(case: Case) -> dict[str, str]:
    """Who is responsible, as last agreed; before the first meeting as the referral proposes."""
    asked_for = {
        "lead_professional": "lead professional",
        "lead_agency": "lead agency",
        "senior_manager": "named senior manager",
        "allocated_worker": "allocated worker",
        "team": "team",
        "team_manager": "team manager",
        "manager_telephone": "telephone of the team manager",
        "reviewing_officer": "Independent Reviewing Officer or child protection chair",
        "advocate": "advocate, or none",
        "legal_adviser": "legal adviser, or none",
    }
    return {key: or_blank(newest_word(case, key), what) for key, what in asked_for.items()} | _how_to_reach(case)


def _how_to_reach(case: Case) -> dict[str, str]:
    """The referral's telephone and email, where they are still those of the allocated worker."""
    referred = answer(case.referral, "allocated_worker").casefold()
    same = newest_word(case, "allocated_worker").casefold() == referred
    telephone, email = "allocated_worker_telephone", "allocated_worker_email"
    return {
        telephone: or_blank(answer(case.referral, telephone) if same else "", "telephone of the allocated worker"),
        email: or_blank(answer(case.referral, email) if same else "", "email of the allocated worker"),
    }


def views(case: Case) -> dict[str, str]:
    """What the young person and the parents say, when they said it, and which views were overridden (2.7)."""
    young_person, young_person_said = newest_word_and_source(case, "young_person_views")
    parents, parents_said = newest_word_and_source(case, "parents_views")
    overridden, overridden_at = newest_word_and_source(case, "views_overridden")
    return {
        "young_person_aware": yes_or_no(case.referral, "young_person_aware", "yes or no"),
        "young_person": or_blank(young_person, "views of the young person"),
        "young_person_said": young_person_said,
        "parents_aware": yes_or_no(case.referral, "parents_aware", "yes or no"),
        "parents": or_blank(parents, "views of the parents or carers"),
        "parents_said": parents_said,
        "overridden": or_blank(overridden, "which view was overridden because of the risk, and why, or none"),
        "overridden_at": overridden_at,
    }


def specialist_assessments(meetings: Sequence[MeetingRecord]) -> list[dict[str, str]]:
    """Each assessment that was asked for, as the newest meeting that names it has it (Stockport 4.1)."""
    newest: dict[tuple[str, str], dict[str, str]] = {}
    for record in meetings:
        for row in record.specialist_assessments:
            what, agency = row.get("Assessment", "").strip(), row.get("Agency asked", "").strip()
            newest[what.casefold(), agency.casefold()] = {
                "assessment": or_blank(what, "assessment"),
                "agency": or_blank(agency, "agency"),
                "asked_on": or_blank(row.get("Date asked", ""), "date asked"),
                "done": or_blank(row.get("Done?", ""), "done, or not yet"),
                "said_on": long_date(record.date),
            }
    return list(newest.values())


def exclusions(rows: Sequence[Exclusion], today: dt.date) -> list[dict[str, str]]:
    """Until when each lasts, said where that day has passed, and the plan for return (2.5.37 to 2.5.39)."""
    return [
        {
            "service": or_blank(row.service, "service"),
            "until": _until(row.until, today),
            "plan": or_blank(row.plan, "plan for return"),
            "said_on": long_date(row.said_on),
        }
        for row in rows
    ]


def _until(written: str, today: dt.date) -> str:
    day = parse_date(written)
    return f"{written.strip()} (has passed)" if day and day < today else or_blank(written, _TEMPORARY)


_TEMPORARY = "date: an exclusion is temporary"


def asked_of_officer(meetings: Sequence[MeetingRecord]) -> dict[str, str]:
    """What was asked of the reviewing officer (Stockport 2.5, 2.6): the newest meeting that answers leads."""
    return {
        "earlier_review": _answered(meetings, "earlier_review"),
        "told": _answered(meetings, "officer_told"),
        "parameters": or_blank(
            next((text for r in reversed(meetings) if (text := answer(r, "parameters"))), ""),
            "parameters that the review sets for Core Group meetings",
        ),
    }


def _answered(meetings: Sequence[MeetingRecord], question: str) -> str:
    for record in reversed(meetings):
        if (said := record.questions.get(question)) is not None:
            return f"{'Yes' if said else 'No'} ({meeting_of(record)})"
    return blank("yes or no")
