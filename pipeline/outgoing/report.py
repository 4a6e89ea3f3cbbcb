"""A case with a core group comes in; what the single joint report to the statutory review says goes out."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.outgoing.addressees import core_group
from pipeline.outgoing.agreed import (
    asked_of_officer,
    how_it_stands,
    next_meeting,
    owner,
    specialist_assessments,
    supervision,
    views,
)
from pipeline.outgoing.due import due, next_meetings
from pipeline.outgoing.held import attendance, chronology, contacts, meetings
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.plan import risks
from pipeline.outgoing.progress import actions, since
from pipeline.outgoing.summary import asked, matrix
from pipeline.outgoing.wording import answer, blank, long_date, meeting_of, newest_word, or_blank
from pipeline.rules.case import MeetingRecord


def report(occasion: Occasion) -> dict[str, object]:
    """What the core-group report says (Stockport 2.8, 3.1 to 3.5, 4): all since the last statutory review."""
    case, stands, today = occasion.case, occasion.stands, occasion.today
    records, review = stands.since_review, stands.last_review
    progress = actions(since(stands.actions, review), today)
    return {
        "since": long_date(review) if review else "",
        "stands": how_it_stands(occasion),
        "asks": asked(occasion.decision.asks),
        "due": due(occasion),
        "assessment": matrix(occasion, since=review),
        "has_assessment": case.assessment is not None,
        "owner": owner(case),
        "chair": _chair(records),
        "lead_professional_agreed": _agreed(records),
        "members": _members(occasion),
        "has_meetings": bool(records),
        "meetings": meetings(records),
        "attendance": attendance(records),
        "risks": risks(occasion),
        "has_progress": bool(progress),
        "progress": progress,
        "views": views(case),
        "disagreements": or_blank(newest_word(case, "disagreements"), "any area of disagreement or challenge"),
        "specialist_assessments": specialist_assessments(records),
        "officer": asked_of_officer(records),
        "chronology": chronology(stands),
        "contacts": contacts(case.contacts, review),
        "next_meetings": next_meetings(occasion),
        "next_meeting": next_meeting(records[-1]) if records else blank("date, time and place"),
    }


def _chair(records: Sequence[MeetingRecord]) -> dict[str, str]:
    """Who chairs, and the decision in supervision: the newest meetings that say so (Stockport 3.1)."""
    agreed = next((text for record in reversed(records) if (text := supervision(record))), "")
    return {
        "name": records[-1].chair if records else blank("name"),
        "supervision": or_blank(agreed, "decision, date and who made it"),
    }


def _agreed(records: Sequence[MeetingRecord]) -> str:
    """The meetings that name a lead professional: the one that recommends the core group, and the first (3.2)."""
    named = [meeting_of(record) for record in records if answer(record, "lead_professional")]
    return "; ".join(named[:2]) or blank("meeting and date, confirmed at the first Core Group meeting")


def _members(occasion: Occasion) -> list[dict[str, str]]:
    """Those whom the newest meeting lists; before the first, those who are asked to form the core group."""
    listed = [row for record in occasion.stands.since_review[-1:] for row in record.attendance]
    if listed:
        return [
            {
                "member": or_blank(row.get("Agency", ""), "agency"),
                "name": or_blank(row.get("Name and role", ""), "name"),
            }
            for row in listed
        ]
    return [{"member": to.recipient, "name": to.name or blank("name")} for to in core_group(occasion)]
