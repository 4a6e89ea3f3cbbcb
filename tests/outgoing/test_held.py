"""Meetings, who came to them, and the contacts, as the plan and the report tell them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.outgoing.held import attendance, chronology, contacts, meetings
from pipeline.rules.case import Moment
from pipeline.rules.chronology import Happening
from tests import factories as make

NOVEMBER_24, DECEMBER_22 = dt.date(2026, 11, 24), dt.date(2026, 12, 22)


def came(agency: str, attended: str, update: str = "") -> dict[str, str]:
    return {"Agency": agency, "Name and role": "A name", "Attended?": attended, "Update from the agency": update}


def test_a_meeting_tells_who_came_and_only_what_was_recorded() -> None:
    record = make.meeting_record(
        attendance=[came("Police", "Yes", "Two missing episodes."), came("Health", "")],
        answers={"disagreements": "Health asked for a nurse."},
    )
    [told] = meetings([record])
    police = {"agency": "Police", "name": "A name", "attended": "Yes", "update": "Two missing episodes."}
    health = {"agency": "Health", "name": "A name", "attended": "[to be completed: yes or no]", "update": ""}
    assert told["attendance"] == [police, health]
    assert told["updates"] == [police]
    assert (told["disagreements"], told["date"]) == ("Health asked for a nurse.", "Tuesday 24 November 2026")
    assert (told["dissent"], told["flag"], told["core_group"], told["level_of_risk"]) == ("", "", "", "")
    [decided] = meetings([make.meeting_record(flag="keep", core_group="continue", answers={"level_of_risk": "High"})])
    assert (decided["flag"], decided["core_group"]) == ("Keep the high-risk flag", "Continue the Core Group")
    assert decided["level_of_risk"] == "High"


def test_attendance_counts_each_agency_once_however_it_is_written() -> None:
    records = [
        make.meeting_record(date=NOVEMBER_24, attendance=[came("Police", "Yes"), came("Health", "Apologies")]),
        make.meeting_record(date=DECEMBER_22, attendance=[came("police ", "No"), came("Health", "")]),
    ]
    assert attendance(records) == [
        {"agency": "police", "attended": "1 of 2", "missed": "22 December 2026"},
        {"agency": "Health", "attended": "0 of 2", "missed": "24 November 2026, 22 December 2026"},
    ]


def test_the_chronology_begins_after_the_last_statutory_review() -> None:
    happenings = tuple(
        Happening(day, None, "meeting", "Core Group held") for day in (NOVEMBER_24, dt.date(2026, 12, 1), DECEMBER_22)
    )
    stands = replace(make.NOTHING, chronology=happenings, last_review=dt.date(2026, 12, 1))
    assert [row["when"] for row in chronology(stands)] == ["Tuesday 22 December 2026"]
    assert len(chronology(replace(stands, last_review=None))) == 3


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (True, "Late: not told and written within 24 hours"),
        (False, ""),
        (None, "Not known: the report does not give every time"),
    ],
)
def test_a_late_contact_is_said_in_the_chronology(late: bool | None, expected: str) -> None:
    happened = Happening(NOVEMBER_24, dt.time(22, 40), "contact", "Contact reported by Police", late)
    assert chronology(replace(make.NOTHING, chronology=(happened,))) == [
        {"when": "Tuesday 24 November 2026, 22:40", "what": "Contact reported by Police", "late": expected}
    ]


def test_only_a_contact_can_be_late() -> None:
    met = Happening(NOVEMBER_24, None, "meeting", "Core Group held")
    assert chronology(replace(make.NOTHING, chronology=(met,)))[0]["late"] == ""


ANSWERS = {
    "place": "Bus station",
    "seen_by": "PC Example",
    "agency": "Police",
    "appearance": "Tired",
    "behaviour": "Calm",
    "help": "Lift home",
}


def test_a_contact_is_told_in_full() -> None:
    assert contacts([make.contact_report(answers=ANSWERS)], None) == [
        {
            "when": "Friday 20 November 2026, 22:40",
            "place": "Bus station",
            "seen_by": "PC Example, Police",
            "appearance": "Tired",
            "behaviour": "Calm",
            "help": "Lift home",
            "immediate_risk": "Nothing recorded",
            "told": "Friday 20 November 2026, 23:00",
            "written": "Saturday 21 November 2026, 09:00",
            "late": "",
        }
    ]


def test_a_contact_that_was_told_too_late_or_says_too_little_is_marked() -> None:
    too_late = make.contact_report(told=Moment(dt.date(2026, 11, 22), dt.time(9, 0)))
    untold = make.contact_report(told=None)
    unsaid = make.contact_report(told=Moment(dt.date(2026, 11, 21)))
    late, never, unknown = contacts([too_late, untold, unsaid], None)
    assert late["late"] == never["late"] == "Late: not told and written within 24 hours"
    assert unknown["late"] == "Not known: the report does not give every time"
    assert never["told"] == "[to be completed: when the allocated worker was told]"
    assert unknown["seen_by"] == "[to be completed: seen by]"


def test_contacts_before_the_last_review_are_left_to_its_own_report() -> None:
    reports = [make.contact_report(), make.contact_report(contact=Moment(NOVEMBER_24, dt.time(8, 0)))]
    assert len(contacts(reports, dt.date(2026, 11, 20))) == 1
