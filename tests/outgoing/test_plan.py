"""What the action plan and the report take from the forms, and what they leave for people to write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.plan import reviews, risks
from pipeline.rules.case import Case
from pipeline.rules.form import Problem, Remark
from tests import factories as make
from tests.outgoing.test_documents import pack


def plan(case: Case, outcome: str = "panel", agencies: Sequence[Agency] = ()) -> Mapping[str, object]:
    return next(d.context for d in pack(case, outcome, agencies) if d.kind == "action-plan")


def test_the_plan_draws_on_both_forms() -> None:
    said = plan(make.case(assessment=make.assessment(), referral=make.referral()), "must")
    assert said["assessment"]["net"] == "51"  # type: ignore[index]
    assert said["owner"]["lead_agency"] == "Children's Social Care"  # type: ignore[index]
    assert said["strengths"] == "Good relationship with key worker <always answers texts>."


def test_what_no_form_says_is_a_labelled_blank() -> None:
    said = plan(make.case(assessment=make.assessment()), "must")
    assert said["owner"]["senior_manager"] == "[to be completed: named senior manager]"  # type: ignore[index]
    assert said["criteria"] == ["[to be completed: criteria met, from the list at 2.5.17]"]
    assert said["views"]["young_person_aware"] == "[to be completed: yes or no]"  # type: ignore[index]
    assert said["last_page"] is False


def test_risks_are_the_behaviours_that_score_or_may_score_the_highest_first() -> None:
    behaviours = ((1, 1), (3, 2), (0, 0), (None, None), *((0, 0),) * 7)
    rows = risks(make.assessment(behaviours=behaviours), None)
    assert [row["risk"] for row in rows] == [
        "Alcohol misuse",
        "Criminal activity",
        "Drug Misuse",
        "[to be completed: further risk]",
    ]
    assert (
        rows[2]["evidence"] == "Frequency: Occasional (1)\nTimescale: In last 1 to 6 month (1)\nScore 2 (cells C9, I9)"
    )


def test_risks_that_only_the_referral_tells_have_a_row_each() -> None:
    rows = risks(None, make.referral(answers=make.ANSWERS | {"risks_to_others": ""}))
    assert [row["risk"] for row in rows] == ["Risks to the young person", "[to be completed: further risk]"]


def test_words_behind_other_are_printed_with_it() -> None:
    other = "Other (please specify)"
    case = make.case(referral=make.referral(criteria=[other], specified={other: "Online grooming"}))
    assert plan(case)["criteria"] == ["Other: Online grooming"]
    assert plan(make.case(referral=make.referral(criteria=[other])))["criteria"] == ["Other: [to be completed: which]"]


def test_blank_columns_of_an_agency_are_labelled() -> None:
    rows = plan(make.case(referral=make.referral()))["agencies"]
    assert rows[1] == {  # type: ignore[index]
        "agency": "CAMHS",
        "worker": "B. Clinician, Nurse",
        "contact": "01632 960005",
        "nature": "Closed August 2026",
        "last_seen": "[to be completed: last seen]",
        "engaging": "N",
    }


def test_flags_are_asked_of_everyone_who_gets_a_letter_and_of_out_of_hours_services() -> None:
    book = [make.agency("Police", standing=True), make.agency("Night team", out_of_hours=True, telephone="")]
    said = plan(make.case(referral=make.referral(invited=["Community Paediatrician"])), "panel", book)
    assert said["flags"] == ["Police", "Community Paediatrician", "Night team"]
    assert said["out_of_hours"] == [{"agency": "Night team", "telephone": "[to be completed: telephone]"}]


def test_without_letters_flags_are_asked_of_those_the_procedure_names() -> None:
    assert plan(make.case(assessment=make.assessment()), "consider")["flags"] == [
        "Police",
        "Out-of-hours social care",
        "Health service",
    ]


def test_what_the_family_must_not_see_stands_on_the_last_page_alone() -> None:
    family = [dict(make.FAMILY[0], **{"Safe to contact?": "No, ask first"}), make.FAMILY[0]]
    referral = make.referral(answers=make.ANSWERS | {"not_shared": "The new address."}, family=family)
    referral = replace(referral, form=replace(referral.form, remarks=(Remark("section K", "Checked by phone."),)))
    case = make.case(assessment=make.assessment(), referral=referral)
    said = plan(case)
    assert said["last_page"] is True
    assert said["not_shared"] == "The new address."
    assert said["unsafe_contacts"] == [{"name": "Dana Testcase", "safe": "No, ask first"}]
    assert said["remarks"] == [{"where": "section K", "text": "Checked by phone."}]
    elsewhere = [dict(d.context) for outcome in ("must", "panel") for d in pack(case, outcome)]
    for context in elsewhere:
        for key in ("not_shared", "unsafe_contacts", "remarks"):
            context.pop(key, None)
    assert not any(word in str(elsewhere) for word in ("The new address.", "ask first", "Checked by phone."))


def test_notes_on_the_referral_are_told() -> None:
    note = Problem("note", "both", "section J", "Yes and No are both ticked.", "Tick one.")
    said = plan(make.case(referral=replace(make.referral(), notes=(note,))))
    assert said["notes"] == [{"where": "Section J", "what": "Yes and No are both ticked.", "remedy": "Tick one."}]


@pytest.mark.parametrize(
    ("referred", "panel_date", "expected"),
    [
        (dt.date(2026, 11, 3), "", "within a month of the referral, by Thursday 3 December 2026"),
        (dt.date(2026, 1, 31), "", "within a month of the referral, by Saturday 28 February 2026 (overdue)"),
        (None, "", "within a month of the referral, by Thursday 3 December 2026"),
        (dt.date(2026, 11, 3), "31/12/2026", "within a month of the panel, by Sunday 31 January 2027"),
    ],
)
def test_the_panel_reviews_within_a_month(referred: dt.date | None, panel_date: str, expected: str) -> None:
    referral = make.referral(answers=make.ANSWERS | {"panel_date": panel_date}, date=referred)
    assert reviews(make.case(referral=referral), make.NOVEMBER_3) == [{"meeting": "Panel", "due": expected}]


@pytest.mark.parametrize(
    ("behaviours", "expected"),
    [
        (((3, 2),) * 11, ["Core Group"]),
        (((2, 1),) * 11, ["Core Group, if one is formed"]),
        (((0, 0),) * 11, []),
    ],
)
def test_the_core_group_meets_within_four_weeks_where_there_is_one(behaviours: make.Marks, expected: list[str]) -> None:
    due = reviews(make.case(assessment=make.assessment(behaviours=behaviours)), make.NOVEMBER_3)
    assert [d["meeting"] for d in due] == expected
    assert all(d["due"] == "within 4 weeks of the assessment, by Friday 27 November 2026" for d in due)


def test_the_report_lists_every_member_and_leaves_invited_attended_and_apologies_open() -> None:
    case = make.case(assessment=make.assessment(), referral=make.referral())
    report = next(d.context for d in pack(case, "must") if d.kind == "core-group-report")
    assert report["members"] == [
        {"member": "Field Social Worker", "name": "A. Practitioner"},
        {"member": "Carer", "name": "[to be completed: name]"},
        {"member": "Community Police", "name": "[to be completed: name]"},
        {"member": "Virtual School Team", "name": "[to be completed: name]"},
        {"member": "School representative", "name": "[to be completed: name]"},
    ]
    assert report["disagreements"] == "Education does not agree that a change of provision is needed."
