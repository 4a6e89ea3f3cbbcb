"""What meetings decided and agreed, the newest word first."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.outgoing.agreed import (
    asked_of_officer,
    decided,
    exclusions,
    owner,
    specialist_assessments,
    views,
)
from pipeline.outgoing.wording import newest_word
from pipeline.rules.standing import Exclusion
from tests import factories as make

NOVEMBER_24, DECEMBER_22 = dt.date(2026, 11, 24), dt.date(2026, 12, 22)


def test_a_decision_is_told_with_its_ground() -> None:
    record = make.meeting_record(
        date=NOVEMBER_24,
        meeting="panel",
        chair="Chris Director",
        core_group="establish",
        flag="raise",
        accepted=True,
        matrix_considered=dt.date(2026, 10, 30),
        next_meeting=DECEMBER_22,
        answers={
            "level_of_risk": "High",
            "direction_of_risk": "Increasing",
            "dissent": "Education: medium.",
            "reason": "The score is below the band, the chronology is not.",
            "next_time": "14:00",
            "next_place": "Example House",
            "immediate_issues": "The placement gives notice.",
        },
    )
    assert decided(record) == {
        "meeting": "Panel",
        "date": "Tuesday 24 November 2026",
        "chair": "Chris Director",
        "supervision": "",
        "core_group": "Establish a Core Group",
        "flag": "Raise the high-risk flag",
        "accepted": "Accepted",
        "reason": "The score is below the band, the chronology is not.",
        "level_of_risk": "High",
        "direction_of_risk": "Increasing",
        "dissent": "Education: medium.",
        "matrix_considered": "Friday 30 October 2026",
        "next_meeting": "Tuesday 22 December 2026, 14:00, Example House",
        "immediate_issues": "The placement gives notice.",
    }


def test_what_a_meeting_left_open_is_said_or_labelled_never_guessed() -> None:
    said = decided(make.meeting_record())
    assert (said["core_group"], said["flag"], said["accepted"]) == ("Nothing recorded", "Nothing recorded", "")
    assert said["level_of_risk"] == "[to be completed: level of risk, agreed by the meeting]"
    assert said["dissent"] == "[to be completed: agency and its reasons, or none]"
    assert said["matrix_considered"] == "Nothing recorded"
    assert said["next_meeting"] == "[to be completed: date], [to be completed: time], [to be completed: place]"


def test_who_chairs_is_told_as_agreed_in_supervision() -> None:
    answers = {"supervision": "The team manager", "supervision_by": "Pat Manager", "supervision_date": "20/11/2026"}
    assert decided(make.meeting_record(answers=answers))["supervision"] == (
        "The team manager, agreed by Pat Manager, on 20/11/2026"
    )
    only = make.meeting_record(answers={"supervision": "The social worker"})
    assert decided(only)["supervision"] == "The social worker"


def test_before_any_form_says_so_everyone_responsible_is_a_labelled_blank() -> None:
    said = owner(make.case(assessment=make.assessment()))
    assert said["lead_professional"] == "[to be completed: lead professional]"
    assert all(text.startswith("[to be completed: ") for text in said.values())


def test_a_referral_made_after_a_meeting_is_the_newer_word() -> None:
    case = make.case(
        referral=make.referral(date=DECEMBER_22),
        meetings=[make.meeting_record(date=NOVEMBER_24, answers={"lead_agency": "Police"})],
    )
    assert owner(case)["lead_agency"] == "Children's Social Care"


@given(said=st.lists(st.sampled_from(("", "  ", "one", "two")), max_size=5))
def test_the_newest_word_is_the_last_that_is_not_blank(said: list[str]) -> None:
    days = [NOVEMBER_24 + dt.timedelta(days=n) for n in range(len(said))]
    records = [make.meeting_record(date=d, answers={"gaps": s}) for d, s in zip(days, said, strict=True)]
    filled = [s.strip() for s in said if s.strip()]
    assert newest_word(make.case(meetings=records), "gaps") == (filled[-1] if filled else "")


def test_views_say_in_which_form_they_were_heard() -> None:
    record = make.meeting_record(
        date=NOVEMBER_24,
        answers={"young_person_views": "Fewer meetings.", "views_overridden": "No police: the risk is too high."},
    )
    said = views(make.case(referral=make.referral(), meetings=[record, make.meeting_record(date=DECEMBER_22)]))
    assert (said["young_person"], said["young_person_said"]) == (
        "Fewer meetings.",
        "Core Group of Tuesday 24 November 2026",
    )
    assert (said["parents"], said["parents_said"]) == (
        "Mother wants a placement nearer home.",
        "Referral of Tuesday 3 November 2026",
    )
    assert (said["overridden"], said["overridden_at"]) == (
        "No police: the risk is too high.",
        "Core Group of Tuesday 24 November 2026",
    )


def test_a_referral_without_a_date_is_named_without_one() -> None:
    assert views(make.case(referral=make.referral(date=None)))["parents_said"] == "Referral"


def test_a_specialist_assessment_stands_as_the_newest_meeting_has_it() -> None:
    asked = {"Assessment": "Mental health", "Agency asked": "CAMHS", "Date asked": "24/11/2026", "Done?": "No"}
    meetings = [
        make.meeting_record(date=NOVEMBER_24, specialist_assessments=[asked]),
        make.meeting_record(
            date=DECEMBER_22,
            specialist_assessments=[asked | {"Agency asked": "camhs", "Done?": "Yes"}, {"Assessment": "Speech"}],
        ),
    ]
    first, second = specialist_assessments(meetings)
    assert (first["assessment"], first["done"], first["said_on"]) == (
        "Mental health",
        "Yes",
        "Tuesday 22 December 2026",
    )
    assert (second["agency"], second["done"]) == ("[to be completed: agency]", "[to be completed: done, or not yet]")


def test_an_exclusion_without_an_end_or_a_plan_asks_for_both() -> None:
    named = [Exclusion("Youth club", "31/01/2027", "", NOVEMBER_24), Exclusion("Gym", "", "Talk", NOVEMBER_24)]
    assert [(row["service"], row["until"], row["plan"]) for row in exclusions(named, dt.date(2027, 1, 31))] == [
        ("Youth club", "31/01/2027", "[to be completed: plan for return]"),
        ("Gym", "[to be completed: date: an exclusion is temporary]", "Talk"),
    ]


def test_an_exclusion_says_that_its_last_day_has_passed() -> None:
    [row] = exclusions([Exclusion("Youth club", "31/01/2027", "Talk", NOVEMBER_24)], dt.date(2027, 2, 1))
    assert row["until"] == "31/01/2027 (has passed)"


def test_what_was_asked_of_the_reviewing_officer_stands_as_last_answered() -> None:
    first = make.meeting_record(
        date=NOVEMBER_24,
        questions={"earlier_review": True, "officer_told": True},
        answers={"parameters": "Every two weeks."},
    )
    second = make.meeting_record(date=DECEMBER_22, questions={"earlier_review": False})
    assert asked_of_officer([first, second]) == {
        "earlier_review": "No (Core Group of Tuesday 22 December 2026)",
        "told": "Yes (Core Group of Tuesday 24 November 2026)",
        "parameters": "Every two weeks.",
    }
    assert asked_of_officer([])["told"] == "[to be completed: yes or no]"


def test_a_layout_that_does_not_ask_leaves_blanks() -> None:
    bare = replace(make.meeting_record(), answers={}, questions={})
    assert decided(bare)["level_of_risk"].startswith("[to be completed")
    assert asked_of_officer([bare])["parameters"].startswith("[to be completed")
