"""What our own forms say before people complete them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from pipeline.outgoing import forms_to_complete as forms
from pipeline.outgoing.occasion import Occasion
from pipeline.rules.case import Believed
from pipeline.rules.standing import Spell
from pipeline.settings import Sender
from tests import factories as make
from tests.our_forms import emptiest, fullest, letter

SPELL = Spell(dt.date(2026, 11, 24))


def known(context: dict[str, object]) -> dict[str, Any]:
    said = context["known"]
    assert isinstance(said, dict)
    return said


def record_of(occasion: Occasion) -> dict[str, Any]:
    return known(forms.meeting_record(occasion))


def test_a_record_says_who_is_responsible_as_last_agreed_and_what_the_referral_says_where_no_meeting_did() -> None:
    said = record_of(fullest())
    assert said["lead_professional"] == 'B. "Bee" Clinician & team <CAMHS>'
    assert said["reviewing_officer"] == "O. Newer"
    assert said["lead_agency"] == "Children's Social Care"
    assert said["senior_manager"] == "Chris Director"
    assert (said["team_manager"], said["manager_telephone"]) == ("Pat Manager", "01632 960003")
    assert said["legal_adviser"] == ""


def test_a_blank_in_a_newer_record_does_not_take_away_what_an_older_one_says() -> None:
    older = make.meeting_record(date=dt.date(2026, 11, 24), answers={"lead_agency": "Police"})
    newer = make.meeting_record(date=dt.date(2026, 12, 15))
    occasion = make.occasion(newer, make.case(meetings=[older, newer]), make.decision("meeting"))
    assert record_of(occasion)["lead_agency"] == "Police"


def test_a_record_names_the_newest_matrix_wherever_the_one_that_arrived_stands() -> None:
    arrived = make.assessment(date=dt.date(2026, 10, 30))
    later = make.assessment(date=dt.date(2026, 12, 1), behaviours=((0, 0),) * 11)
    case = replace(make.case(assessment=arrived), later=(later,))
    said = record_of(make.occasion(arrived, case, make.decision("must")))
    assert said["newest_matrix"] == "01/12/2026, net score -4: No Core Group indicated"


def test_a_record_lists_only_open_actions_with_the_status_that_the_last_meeting_chose() -> None:
    assert record_of(fullest())["actions"] == [
        {
            "number": "24/11/2026-1",
            "text": "Choose a mentor\nwith Jordan & Dana <mother>",
            "owner": "DC A. Officer, Police",
            "by_when": "15/12/2026",
            "status": "Under way",
        },
        {
            "number": "24/11/2026-3",
            "text": "Ring every Friday",
            "owner": "DC A. Officer, Police",
            "by_when": "each Friday",
            "status": "",
        },
    ]


def test_a_record_asks_again_for_specialist_assessments_until_a_meeting_says_that_they_are_done() -> None:
    def row(assessment: str, date: str, done: str = "") -> dict[str, str]:
        return {"Assessment": assessment, "Agency asked": "NHS", "Date asked": date, "Done?": done}

    meetings = [
        make.meeting_record(specialist_assessments=[row("Speech", "24/11/2026"), row("Hearing", "24/11/2026", "No")]),
        make.meeting_record(meeting="panel", specialist_assessments=[row("hearing", "24/11/2026", "Yes")]),
        make.meeting_record(specialist_assessments=[row("Sight", "15/12/2026", "No")]),
    ]
    occasion = make.occasion(meetings[-1], make.case(meetings=meetings), make.decision("meeting"))
    assert record_of(occasion)["specialist_assessments"] == [
        {"assessment": "Speech", "agency": "NHS", "date": "24/11/2026"},
        {"assessment": "Sight", "agency": "NHS", "date": "15/12/2026"},
    ]


def test_before_the_first_core_group_its_usual_members_are_listed_without_any_blank_to_complete() -> None:
    assert record_of(emptiest())["attendance"] == [
        {"agency": "Field Social Worker", "who": ""},
        {"agency": "Carer", "who": "Carer (foster or residential key worker)"},
        {"agency": "Community Police", "who": "Community Police / Missing from Home lead"},
        {"agency": "Virtual School Team", "who": "Virtual School Team key worker"},
        {"agency": "School representative", "who": ""},
    ]


def test_after_a_meeting_those_whom_its_record_lists_are_asked_again() -> None:
    assert record_of(fullest())["attendance"] == [
        {"agency": "Police", "who": "DC A. Officer, Missing lead"},
        {"agency": "Choose College", "who": ""},
    ]


def test_a_panel_lists_standing_members_and_services_ticked_on_the_referral() -> None:
    referral = make.referral(invited=["Youth Offending Service"])
    book = [
        make.agency("Police", role="Detective Inspector", name="D. Inspector", standing=True),
        make.agency("MOSAIC", core_group=True),
    ]
    occasion = make.occasion(referral, make.case(referral=referral), make.decision("panel"), agencies=book)
    said = record_of(occasion)
    assert said["meeting"] == "Panel"
    assert said["attendance"] == [
        {"agency": "Police", "who": "D. Inspector, Detective Inspector"},
        {"agency": "Youth Offending Service", "who": ""},
    ]


@pytest.mark.parametrize(
    ("arrived", "outcome", "core_group", "panel", "meeting"),
    [
        (make.assessment(), "must", False, False, "Core Group"),
        (make.assessment(), "consider", False, False, "Core Group"),
        (make.assessment(), "none", False, False, ""),
        (make.assessment(), "none", True, False, "Core Group"),
        (make.assessment(), "none", False, True, "Panel"),
        (make.assessment(), "must", True, True, "Core Group"),
        (make.referral(), "panel", False, True, "Panel"),
        (make.referral(), "panel", True, True, "Panel"),
        (make.meeting_record(meeting="panel"), "meeting", True, True, "Panel"),
        (make.meeting_record(meeting="core group"), "meeting", True, True, "Core Group"),
        (make.meeting_record(meeting="statutory review"), "meeting", True, True, "Core Group"),
        (make.meeting_record(meeting="panel"), "meeting", True, False, "Core Group"),
        (make.contact_report(), "", True, True, ""),
    ],
)
def test_the_type_of_meeting_is_preset_where_it_is_clear(
    arrived: Believed, outcome: str, core_group: bool, panel: bool, meeting: str
) -> None:
    stands = replace(make.NOTHING, core_group=SPELL if core_group else None, panel=SPELL if panel else None)
    occasion = make.occasion(arrived, make.case(), make.decision(outcome), stands=stands)
    assert record_of(occasion)["meeting"] == meeting


def test_who_chairs_is_asked_of_a_core_group_alone() -> None:
    said = record_of(fullest())
    chairs = ("supervision", "supervision_by", "supervision_date")
    assert [said[key] for key in chairs] == ["The social worker", "Pat Manager", "20/11/2026"]
    panel = replace(fullest(), stands=replace(make.NOTHING, panel=SPELL))
    assert [record_of(panel)[key] for key in chairs] == ["", "", ""]


def test_a_contact_report_says_whom_to_tell_and_where_to_write() -> None:
    said = known(forms.contact_report(fullest()))
    assert said == {
        "name": "Jordan Testcase",
        "date_of_birth": "14/02/2010",
        "case": "CF104240",
        "allocated_worker": "A. Practitioner, 01632 960002",
        "manager": "Pat Manager, 01632 960003",
        "send_to": "a.practitioner@example.org",
    }


def test_a_contact_report_goes_to_the_service_where_no_email_of_the_worker_is_known() -> None:
    occasion = replace(emptiest(), sender=make.SENDER)
    assert known(forms.contact_report(occasion))["send_to"] == "safeguarding@example.org"


@pytest.mark.parametrize(
    ("purpose", "asked"),
    [
        ("flag", "Put the high-risk flag, or another alert, on the systems of your service"),
        ("removal", "Take the high-risk flag, or other alert, off the systems of your service"),
    ],
)
def test_a_slip_says_which_letter_it_answers_and_names_no_young_person(purpose: str, asked: str) -> None:
    context = forms.acknowledgement_slip(fullest(), letter(purpose))
    assert context["reference"] == "CF104240-0a1b2c3d-03"
    assert known(context) == {
        "reference": "CF104240-0a1b2c3d-03",
        "agency": "Smith & <Sons> Care",
        "asked": asked,
        "reply_by": "1 December 2026",
        "send_to": "Safeguarding and Review Service, safeguarding@example.org",
    }
    assert "Jordan" not in repr(context)


def test_nothing_on_our_forms_reads_as_an_answer_where_it_is_for_people_to_complete() -> None:
    occasion = replace(emptiest(), sender=Sender())
    says = [known(forms.meeting_record(occasion)), known(forms.contact_report(occasion))]
    says.append(known(forms.acknowledgement_slip(occasion, letter())))
    assert "to be completed" not in repr(says)
