"""What is known of a case comes in; what our own forms say before people complete them goes out.

Nothing here is ever marked as "to be completed": on a form that comes back, that would be read as an answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pipeline.outgoing.addressees import Addressee, core_group, panel
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.wording import answer, blank, heading, newest_word, plain_date
from pipeline.rules.case import Assessment, Case, Letter, MeetingRecord, Referral

# As the layout of the record writes them.
CORE_GROUP, PANEL = "Core Group", "Panel"

_RESPONSIBLE = (
    "lead_professional", "lead_agency", "senior_manager", "allocated_worker", "allocated_worker_telephone",
    "team_manager", "manager_telephone", "reviewing_officer", "advocate", "legal_adviser",
)  # fmt: skip
_SUPERVISION = ("supervision", "supervision_by", "supervision_date")
_BLANK = blank("")[:-1]
_ASKED = {
    "flag": "Put the high-risk flag, or another alert, on the systems of your service",
    "removal": "Take the high-risk flag, or other alert, off the systems of your service",
}


def meeting_record(occasion: Occasion) -> dict[str, object]:
    """The record of the next meeting, with the case, its members and its open actions."""
    case, meeting = occasion.case, _next_meeting(occasion)
    chairs = meeting in ("", CORE_GROUP)  # a decision on who chairs is taken for a core group alone (3.1)
    known: dict[str, object] = {key: newest_word(case, key) for key in _RESPONSIBLE}
    known |= {key: newest_word(case, key) if chairs else "" for key in _SUPERVISION}
    known |= _young_person(case) | {
        "meeting": meeting,
        "newest_matrix": _newest_matrix(case),
        "attendance": _members(occasion, meeting),
        "actions": [
            {"number": a.number, "text": a.text, "owner": a.owner, "by_when": a.by_when, "status": a.status}
            for a in occasion.stands.actions
            if a.open
        ],
        "specialist_assessments": _asked_for(case),
        "exclusions": [{"service": e.service, "until": e.until, "plan": e.plan} for e in occasion.stands.exclusions],
    }
    return {"known": known}


def contact_report(occasion: Occasion) -> dict[str, object]:
    """The report that an agency completes after any contact with the young person."""
    case, sender = occasion.case, occasion.sender
    known = _young_person(case) | {
        "allocated_worker": _line(
            newest_word(case, "allocated_worker"), newest_word(case, "allocated_worker_telephone")
        ),
        "manager": _line(newest_word(case, "team_manager"), newest_word(case, "manager_telephone")),
        "send_to": answer(case.referral, "allocated_worker_email") or sender.email,
    }
    return {"known": known}


def acknowledgement_slip(occasion: Occasion, letter: Letter) -> dict[str, object]:
    """The slip that comes back when an agency has done what ``letter`` asks. It names no young person."""
    sender = occasion.sender
    known = {
        "reference": letter.reference,
        "agency": letter.recipient,
        "asked": _ASKED[letter.purpose],
        "reply_by": plain_date(letter.reply_by),
        "send_to": _line(sender.service, sender.email),
    }
    return {**heading(letter.reference, occasion.today, sender), "known": known}


def _next_meeting(occasion: Occasion) -> str:
    """Which meeting comes next; ``""`` where that is for people to say."""
    stands, outcome = occasion.stands, occasion.decision.outcome
    under_core_group = stands.core_group is not None or outcome in ("must", "consider")
    under_panel = stands.panel is not None or outcome == "panel"
    if under_core_group != under_panel:
        return CORE_GROUP if under_core_group else PANEL
    if not under_core_group:
        return ""
    # Under both: the meeting that the form belongs to which has just arrived.
    arrived = occasion.arrived
    if isinstance(arrived, MeetingRecord):
        return PANEL if arrived.meeting == "panel" else CORE_GROUP
    return CORE_GROUP if isinstance(arrived, Assessment) else PANEL if isinstance(arrived, Referral) else ""


def _members(occasion: Occasion, meeting: str) -> list[dict[str, str]]:
    """Who was listed at the last meeting of this kind, as people wrote it; before the first, who should be there."""
    case = occasion.case
    last = next((m for m in reversed(case.meetings) if m.meeting == meeting.casefold()), None)
    if last and last.attendance:
        return [{"agency": row["Agency"], "who": row["Name and role"]} for row in last.attendance]
    group = core_group(occasion) if meeting != PANEL else ()
    members = panel(occasion) if meeting != CORE_GROUP else ()
    return [{"agency": to.recipient, "who": _who(to)} for to in dict.fromkeys((*group, *members))]


def _who(to: Addressee) -> str:
    return _line(*(line for line in to.who if line != to.recipient and not line.startswith(_BLANK)))


def _young_person(case: Case) -> dict[str, object]:
    return {"name": case.name, "date_of_birth": _day(case.date_of_birth), "case": case.ref}


def _newest_matrix(case: Case) -> str:
    if not case.assessments:
        return ""
    newest = case.assessments[-1]
    return f"{_day(newest.date)}, net score {newest.score.total}: {newest.band_label}"


def _asked_for(case: Case) -> list[Mapping[str, str]]:
    """The specialist assessments that no meeting has had yet, as the last that named each wrote it."""
    last = {
        (row["Assessment"].casefold(), row["Agency asked"].casefold()): row
        for meeting in case.meetings
        for row in meeting.specialist_assessments
    }
    return [
        {"assessment": row["Assessment"], "agency": row["Agency asked"], "date": row["Date asked"]}
        for row in last.values()
        if row["Done?"].casefold() != "yes"
    ]


def _line(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
