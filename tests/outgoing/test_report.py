"""The single joint report: all since the last statutory review, and before the first meeting what people must write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from pipeline.outgoing.report import report
from pipeline.rules.actions import Action
from pipeline.rules.case import Case
from pipeline.rules.standing import Standing
from tests import factories as make

NOVEMBER_24, DECEMBER_22 = dt.date(2026, 11, 24), dt.date(2026, 12, 22)


def said(case: Case, stands: Standing = make.NOTHING) -> Mapping[str, object]:
    return report(make.occasion(make.assessment(), case, make.decision(), stands=stands))


def test_before_the_first_meeting_the_report_lists_every_member_and_leaves_the_rest_open() -> None:
    before = said(make.case(assessment=make.assessment(), referral=make.referral()))
    assert before["members"] == [
        {"member": "Field Social Worker", "name": "A. Practitioner"},
        {"member": "Carer", "name": "[to be completed: name]"},
        {"member": "Community Police", "name": "[to be completed: name]"},
        {"member": "Virtual School Team", "name": "[to be completed: name]"},
        {"member": "School representative", "name": "[to be completed: name]"},
    ]
    assert before["disagreements"] == "Education does not agree that a change of provision is needed."
    assert (before["has_meetings"], before["has_progress"], before["since"]) == (False, False, "")
    assert before["chair"] == {
        "name": "[to be completed: name]",
        "supervision": "[to be completed: decision, date and who made it]",
    }
    assert before["next_meeting"] == "[to be completed: date, time and place]"


FIRST = make.meeting_record(
    date=NOVEMBER_24,
    chair="A. Practitioner",
    attendance=[{"Agency": "Police", "Name and role": "PC Example", "Attended?": "Yes"}],
    answers={
        "lead_professional": "V. Teacher",
        "supervision": "The social worker",
        "supervision_by": "Pat Manager",
        "disagreements": "Police asked for a curfew.",
    },
    specialist_assessments=[{"Assessment": "Mental health", "Agency asked": "CAMHS", "Done?": "No"}],
)
SECOND = make.meeting_record(
    date=DECEMBER_22,
    chair="Pat Manager",
    attendance=[
        {"Agency": "Police", "Name and role": "PC Example", "Attended?": "No"},
        {"Agency": "CAMHS", "Attended?": "Yes"},
    ],
    answers={"lead_professional": "V. Teacher"},
    next_meeting=dt.date(2027, 1, 19),
)
CASE = make.case(assessment=make.assessment(), meetings=[FIRST, SECOND])


def test_after_meetings_the_report_is_assembled_from_them() -> None:
    after = said(CASE, replace(make.NOTHING, since_review=(FIRST, SECOND)))
    assert [meeting["date"] for meeting in after["meetings"]] == [  # type: ignore[attr-defined]
        "Tuesday 24 November 2026",
        "Tuesday 22 December 2026",
    ]
    assert after["attendance"] == [
        {"agency": "Police", "attended": "1 of 2", "missed": "22 December 2026"},
        {"agency": "CAMHS", "attended": "1 of 1", "missed": "none"},
    ]
    assert after["members"] == [
        {"member": "Police", "name": "PC Example"},
        {"member": "CAMHS", "name": "[to be completed: name]"},
    ]
    assert after["chair"] == {"name": "Pat Manager", "supervision": "The social worker, agreed by Pat Manager"}
    assert after["lead_professional_agreed"] == (
        "Core Group of Tuesday 24 November 2026; Core Group of Tuesday 22 December 2026"
    )
    assert after["disagreements"] == "Police asked for a curfew."
    assert after["next_meeting"] == "Tuesday 19 January 2027, [to be completed: time], [to be completed: place]"


def test_what_an_earlier_review_had_is_not_told_again() -> None:
    history = [make.assessment(date=dt.date(2026, month, 5), behaviours=((1, 1),) * 11) for month in (6, 8)]
    case = replace(CASE, history=tuple(history), contacts=(make.contact_report(),))
    after = said(case, replace(make.NOTHING, since_review=(SECOND,), last_review=dt.date(2026, 12, 1)))
    assert after["since"] == "Tuesday 1 December 2026"
    assert [meeting["date"] for meeting in after["meetings"]] == ["Tuesday 22 December 2026"]  # type: ignore[attr-defined]
    assert after["specialist_assessments"] == []
    assert after["contacts"] == []
    course = after["assessment"]["course"]  # type: ignore[index]
    assert [point["date"] for point in course] == ["Wednesday 5 August 2026", "Friday 30 October 2026"]


def test_progress_is_told_action_by_action_with_its_impact() -> None:
    action = Action(
        number="24/11/2026-1",
        text="Weekly session",
        owner="MOSAIC",
        by_when="11/12/2026",
        by=dt.date(2026, 12, 11),
        risk="Drug misuse",
        status="Under way",
        impact="Two of three sessions.",
        agreed_on=NOVEMBER_24,
        updated_on=DECEMBER_22,
        open=True,
    )
    earlier = replace(action, number="24/11/2026-2", updated_on=NOVEMBER_24, open=False)
    after = said(CASE, replace(make.NOTHING, actions=(action, earlier), last_review=dt.date(2026, 12, 1)))
    assert after["has_progress"] is True
    told = after["progress"]
    assert [(row["number"], row["status"], row["impact"]) for row in told] == [  # type: ignore[attr-defined]
        ("24/11/2026-1", "Under way", "Two of three sessions.")
    ]


def test_a_report_without_a_matrix_can_be_written() -> None:
    assert said(make.case(referral=make.referral()))["has_assessment"] is False
