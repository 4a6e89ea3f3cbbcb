"""What the action plan takes from the forms, and what it leaves for people to write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.plan import plan as plan_of
from pipeline.outgoing.plan import risks
from pipeline.outgoing.report import report
from pipeline.outgoing.summary import summary
from pipeline.rules.case import Case
from pipeline.rules.form import Problem, Remark
from pipeline.rules.standing import Flag, Spell, standing
from tests import factories as make

NOVEMBER_24, DECEMBER_22 = dt.date(2026, 11, 24), dt.date(2026, 12, 22)


def plan(case: Case, outcome: str = "panel", agencies: Sequence[Agency] = ()) -> Mapping[str, object]:
    arrived = case.referral if outcome == "panel" else case.assessment
    assert arrived
    return plan_of(make.occasion(arrived, case, make.decision(outcome), agencies=agencies))


def risks_of(case: Case) -> list[dict[str, str]]:
    arrived = case.assessment or case.referral
    assert arrived
    return risks(make.occasion(arrived, case, make.decision()))


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
    rows = risks_of(make.case(assessment=make.assessment(behaviours=behaviours)))
    assert [row["risk"] for row in rows] == [
        "Alcohol misuse",
        "Criminal activity",
        "Drug Misuse",
        "[to be completed: further risk]",
    ]
    assert (
        rows[2]["evidence"] == "Frequency: Occasional (1); Timescale: In last 1 to 6 month (1); score 2, cells C9, I9"
    )


def test_risks_that_only_the_referral_tells_have_a_row_each() -> None:
    rows = risks_of(make.case(referral=make.referral(answers=make.ANSWERS | {"risks_to_others": ""})))
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
    elsewhere = [dict(said)] + [
        dict(document(make.occasion(make.assessment(), case, make.decision("must")))) for document in (summary, report)
    ]
    for context in elsewhere:
        for key in ("not_shared", "unsafe_contacts", "remarks"):
            context.pop(key, None)
    assert not any(word in str(elsewhere) for word in ("The new address.", "ask first", "Checked by phone."))


def test_notes_on_the_referral_are_told() -> None:
    note = Problem("note", "both", "section J", "Yes and No are both ticked.", "Tick one.")
    said = plan(make.case(referral=replace(make.referral(), notes=(note,))))
    assert said["notes"] == [{"where": "Section J", "what": "Yes and No are both ticked.", "remedy": "Tick one."}]


@pytest.mark.parametrize(
    ("outcome", "expected", "for_decision"),
    [
        ("must", "Plan of the Core Group", False),
        ("consider", "Draft for the manager's decision: forming a Core Group is to be considered", True),
        ("panel", "Plan for the Complex Case Panel", False),
    ],
)
def test_a_plan_says_whose_it_is(outcome: str, expected: str, for_decision: bool) -> None:
    said = plan(make.case(assessment=make.assessment(), referral=make.referral()), outcome)
    assert (said["purpose"], said["for_decision"]) == (expected, for_decision)


def test_a_score_that_falls_to_consider_under_a_core_group_leaves_it_the_plan_of_the_core_group() -> None:
    stands = replace(make.NOTHING, core_group=Spell(NOVEMBER_24))
    case = make.case(assessment=make.assessment())
    said = plan_of(make.occasion(make.assessment(), case, make.decision("consider"), stands=stands))
    assert (said["purpose"], said["for_decision"]) == ("Plan of the Core Group", False)


def test_after_a_meeting_the_plan_is_what_it_agreed() -> None:
    record = make.meeting_record(date=NOVEMBER_24, core_group="establish", flag="raise")
    case = make.case(assessment=make.assessment(), referral=make.referral(), meetings=[record])
    said = plan_of(make.occasion(record, case, make.decision("meeting")))
    assert said["purpose"] == "As agreed by the Core Group of Tuesday 24 November 2026"
    assert said["has_meeting"] is True
    assert said["decided"]["core_group"] == "Establish a Core Group"  # type: ignore[index]


def test_the_record_of_an_earlier_meeting_that_arrives_late_does_not_lead() -> None:
    early, late = make.meeting_record(date=NOVEMBER_24), make.meeting_record(date=DECEMBER_22, core_group="continue")
    said = plan_of(make.occasion(early, make.case(meetings=[early, late]), make.decision("meeting")))
    assert said["purpose"] == "As agreed by the Core Group of Tuesday 22 December 2026"
    assert said["decided"]["core_group"] == "Continue the Core Group"  # type: ignore[index]


def test_the_newest_meeting_leads_the_plan_and_a_blank_takes_nothing_away() -> None:
    meetings = [
        make.meeting_record(date=NOVEMBER_24, answers={"gaps": "No outreach at weekends.", "lead_agency": "Health"}),
        make.meeting_record(date=DECEMBER_22, answers={"lead_agency": "Police"}),
    ]
    said = plan(make.case(referral=make.referral(), meetings=meetings))
    assert said["gaps"] == "No outreach at weekends."
    assert said["owner"]["lead_agency"] == "Police"  # type: ignore[index]
    assert said["disagreements"] == "Education does not agree that a change of provision is needed."


def test_what_stands_is_said_in_a_sentence_each() -> None:
    stands = replace(
        make.NOTHING,
        core_group=Spell(NOVEMBER_24),
        core_groups=(Spell(NOVEMBER_24),),
        panel=Spell(make.NOVEMBER_3),
        flag=Flag(NOVEMBER_24, "core group"),
    )
    referral = make.referral()
    case = make.case(referral=referral)
    said = plan_of(make.occasion(referral, case, make.decision("panel"), stands=stands))
    assert said["stands"] == [
        "There has been a Core Group since Tuesday 24 November 2026.",
        "The case has been with the Complex Case Panel since Tuesday 3 November 2026.",
        "The high-risk flag has stood since Tuesday 24 November 2026.",
    ]


def test_what_has_ended_is_said_too_and_before_anything_stands_nothing_is() -> None:
    ended = replace(
        make.NOTHING,
        core_groups=(Spell(NOVEMBER_24, DECEMBER_22),),
        flags=(Flag(NOVEMBER_24, "core group", until=DECEMBER_22),),
    )
    case = make.case(assessment=make.assessment())
    said = [plan_of(make.occasion(make.assessment(), case, make.decision(), stands=s)) for s in (ended, make.NOTHING)]
    assert [context["stands"] for context in said] == [
        [
            "The Core Group ended on Tuesday 22 December 2026.",
            "The high-risk flag was removed on Tuesday 22 December 2026.",
        ],
        [],
    ]


def test_nobody_but_the_allocated_worker_of_the_referral_gets_that_workers_telephone() -> None:
    referral = make.referral()
    for named, telephone in (
        ("a. practitioner", "01632 960002"),
        ("N. Newworker", "[to be completed: telephone of the allocated worker]"),
    ):
        meeting = make.meeting_record(date=NOVEMBER_24, answers={"allocated_worker": named})
        owner = plan(make.case(referral=referral, meetings=[meeting]))["owner"]
        assert (owner["allocated_worker"], owner["allocated_worker_telephone"]) == (named, telephone)  # type: ignore[index]


def test_once_actions_are_agreed_the_risks_ask_for_none() -> None:
    assessment = make.assessment(behaviours=((3, 2), *((0, 0),) * 10))
    agreed = [{"New action": "Meet after school", "Owner and agency": "Police", "By when": "15/12/2026"}]
    case = make.case(assessment=assessment, referral=make.referral())
    before = plan(case)["risks"]
    record = make.meeting_record(date=NOVEMBER_24, new_actions=agreed)
    met = replace(case, meetings=(record,))
    after = plan_of(make.occasion(record, met, make.decision("meeting"), stands=standing(met)))
    assert [row["risk"] for row in before][-1] == "[to be completed: further risk]"  # type: ignore[attr-defined, index]
    assert after["has_actions"]
    assert [row["risk"] for row in after["risks"]] == ["Drug Misuse"]  # type: ignore[attr-defined]
