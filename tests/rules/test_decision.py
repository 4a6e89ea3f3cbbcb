"""What the procedure asks for after each form, and which documents follow; people decide, the program drafts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.rules.case import Acknowledgement, Assessment, Believed, Case, Decision, Letter, MeetingRecord, Range
from pipeline.rules.course import assemble
from pipeline.rules.decision import decide
from pipeline.rules.form import WordForm
from pipeline.rules.standing import standing
from tests.factories import BEHAVIOURS, assessment, contact_report, meeting_record, referral

SCORES = {"must": BEHAVIOURS, "consider": ((3, 2),) * 5 + ((0, 0),) * 6, "none": ((0, 0),) * len(BEHAVIOURS)}
OCTOBER, NOVEMBER_3, NOVEMBER_10 = dt.date(2026, 10, 30), dt.date(2026, 11, 3), dt.date(2026, 11, 10)
NOVEMBER_24, DECEMBER_8 = dt.date(2026, 11, 24), dt.date(2026, 12, 8)


def matrix(band: str, day: dt.date = OCTOBER) -> Assessment:
    made = assessment(date=day, behaviours=SCORES[band], date_completed=day)
    assert made.band == band
    return made


def after(arrived: Believed, *held: Believed, letters: Sequence[Letter] = ()) -> Decision:
    case: Case = assemble("CF104233", [*held, arrived], arrived)
    return decide(arrived, case, standing(case), letters)


def follows(decision: Decision) -> set[str]:
    names = ("tell_members", "raise_flag", "remove_flag", "invite", "plan", "report", "record")
    return {name for name in names if getattr(decision, name)}


def asked(decision: Decision) -> str:
    return " ".join(ask.text for ask in decision.asks)


def clauses(decision: Decision) -> list[str]:
    return [ask.clause for ask in decision.asks]


ESTABLISHED = meeting_record(date=NOVEMBER_10, core_group="establish")
FLAGGED = meeting_record(date=NOVEMBER_10, core_group="establish", flag="raise")


def test_a_must_drafts_letters_to_the_members_2_5_2_8() -> None:
    decision = after(matrix("must"))
    assert decision.outcome == "must"
    assert follows(decision) == {"tell_members", "plan", "report", "record"}
    assert clauses(decision) == ["2.8", "2.5", "2.5", "2.6", "2.7", "3.1", "3.2", "2.2, 2.3"]
    assert asked(decision).startswith("A Core Group must be established.")


def test_a_must_while_a_core_group_stands_tells_nobody_again_3_3() -> None:
    decision = after(matrix("must", NOVEMBER_24), ESTABLISHED)
    assert follows(decision) == {"plan", "report", "record"}
    assert clauses(decision) == ["2.8, 3.3", "2.5", "2.7", "3.4", "2.2, 2.3"]
    assert "must be established" not in asked(decision)


def test_a_must_with_the_date_of_an_earlier_year_keeps_its_letters() -> None:
    assert after(matrix("must", dt.date(2025, 10, 30)), matrix("none")).tell_members


def test_a_consider_waits_for_the_meeting_2_5() -> None:
    decision = after(matrix("consider"))
    assert decision.outcome == "consider"
    assert follows(decision) == {"plan", "record"}
    assert "consider forming a Core Group" in asked(decision)


def test_a_score_of_none_calls_for_nothing() -> None:
    decision = after(matrix("none"))
    assert decision.outcome == "none"
    assert follows(decision) == set()
    assert clauses(decision) == ["2.1", "2.2, 2.3"]


@pytest.mark.parametrize("band", ["consider", "none"])
def test_below_must_the_next_meeting_weighs_whether_the_core_group_goes_on(band: str) -> None:
    decision = after(matrix(band, NOVEMBER_24), ESTABLISHED)
    assert follows(decision) == {"plan", "report", "record"}
    assert "weighs whether it goes on" in asked(decision)


def test_a_low_score_of_a_case_under_the_panel_has_a_plan_and_a_record() -> None:
    assert follows(after(matrix("none"), referral())) == {"plan", "record"}


REMOVAL = "considers whether the high-risk flag is still needed"


@pytest.mark.parametrize(
    ("earlier", "now", "proposed"),
    [
        ("must", "consider", True),
        ("must", "none", True),
        ("consider", "none", True),
        ("none", "none", True),
        ("must", "must", False),
        ("consider", "must", False),
        ("consider", "consider", False),
    ],
)
def test_a_score_that_falls_proposes_the_removal_of_the_flag_and_does_not_do_it_2_5_15(
    earlier: str, now: str, proposed: bool
) -> None:
    decision = after(matrix(now, NOVEMBER_24), matrix(earlier), FLAGGED)
    assert (REMOVAL in asked(decision)) is proposed
    assert ("2.5.15" in clauses(decision)) is proposed
    assert not decision.remove_flag


def test_a_fall_within_the_band_proposes_too() -> None:
    less = assessment(date=NOVEMBER_24, behaviours=((3, 2),) * 7 + ((0, 0),) * 4)
    assert (less.band, str(less.score.total)) == ("must", "38")
    assert REMOVAL in asked(after(less, matrix("must"), FLAGGED))


def test_ranges_that_overlap_do_not_show_a_fall() -> None:
    def between(day: dt.date, low: int, high: int) -> Assessment:
        made = matrix("must", day)
        return replace(made, score=replace(made.score, total=Range(low, high)))

    assert REMOVAL not in asked(after(between(NOVEMBER_24, 45, 50), between(OCTOBER, 50, 55), FLAGGED))
    assert REMOVAL in asked(after(between(NOVEMBER_24, 45, 49), between(OCTOBER, 50, 55), FLAGGED))


def test_no_removal_is_proposed_where_no_flag_stands_or_a_later_matrix_is_held() -> None:
    assert REMOVAL not in asked(after(matrix("none", NOVEMBER_24), matrix("must"), ESTABLISHED))
    assert REMOVAL not in asked(after(matrix("none"), matrix("must", NOVEMBER_24), FLAGGED))


def test_scores_of_two_forms_do_not_compare() -> None:
    other = matrix("must")
    other = replace(other, form=replace(other.form, layout="another"))
    assert REMOVAL not in asked(after(matrix("consider", NOVEMBER_24), other, FLAGGED))


def test_a_referral_goes_to_the_panel_2_5_14() -> None:
    decision = after(referral())
    assert decision.outcome == "panel"
    assert follows(decision) == {"invite", "plan", "record"}
    assert "2.5.12, 2.5.13" in clauses(decision)


def test_a_contact_and_an_acknowledgement_only_join_the_case() -> None:
    slip = Acknowledgement("CF104233", "A-1", NOVEMBER_10, True, {}, WordForm("acknowledgement", {}, {}, (), {}))
    assert after(contact_report(), FLAGGED) == after(slip, FLAGGED) == Decision("", ())


def letter(drafted: dt.date, purpose: str = "core group") -> Letter:
    return Letter("A-1", purpose, "Police", (), "", (), drafted, drafted)  # type: ignore[arg-type]


def test_a_meeting_that_establishes_a_core_group_tells_its_members_2_5() -> None:
    decision = after(ESTABLISHED, matrix("consider"))
    assert decision.outcome == "meeting"
    assert follows(decision) == {"tell_members", "plan", "report", "record"}
    assert clauses(decision) == ["3.2", "3.1", "2.5", "2.8, 3.3", "3.4", "2.7"]


def test_what_the_record_says_is_not_asked_again() -> None:
    complete = replace(
        ESTABLISHED,
        answers={**ESTABLISHED.answers, "supervision": "The team manager", "young_person_views": "Wants to stay."},
        questions={**ESTABLISHED.questions, "officer_told": True},
    )
    assert clauses(after(complete)) == ["3.2", "2.8, 3.3", "3.4"]


def test_members_are_told_once_of_a_core_group() -> None:
    assert not after(ESTABLISHED, letters=[letter(NOVEMBER_3)]).tell_members
    assert after(ESTABLISHED, letters=[letter(NOVEMBER_3, "invitation")]).tell_members


@pytest.mark.parametrize("left", ["end", "no core group"])
def test_letters_before_a_meeting_that_left_no_core_group_told_of_another(left: str) -> None:
    ended = meeting_record(date=NOVEMBER_24, core_group=left)
    again = meeting_record(date=DECEMBER_8, core_group="establish")
    held = (meeting_record(date=NOVEMBER_3, core_group="establish"), ended)
    assert after(again, *held, letters=[letter(NOVEMBER_24)]).tell_members
    assert not after(again, *held, letters=[letter(NOVEMBER_24), letter(dt.date(2026, 11, 25))]).tell_members


def test_only_establishing_tells_the_members() -> None:
    decision = after(meeting_record(core_group="continue"))
    assert not decision.tell_members
    assert "No record says when the Core Group was established" in asked(decision)
    assert "No record says" not in asked(after(meeting_record(core_group="continue"), ESTABLISHED))


@pytest.mark.parametrize(("flag", "unknown"), [("raise", []), ("keep", ["2.2, 2.5.14"])])
def test_flag_letters_follow_the_recorded_decision_2_5_14(flag: str, unknown: list[str]) -> None:
    decision = after(meeting_record(meeting="panel", flag=flag, accepted=True))
    assert follows(decision) == {"raise_flag", "plan", "record"}
    assert clauses(decision) == ["2.5.8, 2.5.14", "2.5.14", "2.5.14", "2.5.14", *unknown, "2.5.15", "2.7"]
    agreed = after(meeting_record(meeting="panel", flag=flag, accepted=True, review_flag_by=DECEMBER_8))
    assert "2.5.15" not in clauses(agreed)


def test_removal_letters_follow_the_recorded_decision_2_5_15_2_5_16() -> None:
    decision = after(meeting_record(date=NOVEMBER_24, flag="remove"), FLAGGED)
    assert follows(decision) == {"remove_flag", "plan", "report", "record"}
    assert [c for c in clauses(decision) if c.startswith("2.5.1")] == ["2.5.15", "2.5.16"]
    assert not after(meeting_record(date=NOVEMBER_24, flag="remove")).remove_flag


def test_a_flag_that_is_kept_and_was_never_raised_is_queried() -> None:
    kept = meeting_record(date=NOVEMBER_24, flag="keep")
    assert "No record says when the flag was raised." in asked(after(kept))
    assert "No record says" not in asked(after(kept, FLAGGED))


def test_who_was_asked_for_a_flag_that_no_record_raises_any_more_is_told_of_its_removal_2_5_15() -> None:
    corrected, removed = (
        meeting_record(date=d, flag=f) for d, f in ((NOVEMBER_10, "no flag"), (NOVEMBER_24, "remove"))
    )
    told = letter(NOVEMBER_10, "flag")
    assert after(removed, corrected, letters=[told]).remove_flag
    assert not after(removed, corrected, letters=[told, replace(told, purpose="removal")]).remove_flag
    assert not after(removed, corrected, meeting_record(date=DECEMBER_8, flag="raise"), letters=[told]).remove_flag


def test_an_older_record_undoes_and_repeats_nothing() -> None:
    raised, removed = (meeting_record(date=day, flag=f) for day, f in ((NOVEMBER_10, "raise"), (NOVEMBER_24, "remove")))
    assert not after(raised, removed).raise_flag
    raised_again = meeting_record(date=DECEMBER_8, flag="raise")
    assert not after(removed, raised, raised_again).remove_flag
    assert not after(raised, removed, raised_again).raise_flag
    removed_again = meeting_record(date=dt.date(2026, 12, 15), flag="remove")
    assert not after(removed, raised, raised_again, removed_again).remove_flag
    ended = meeting_record(date=NOVEMBER_24, core_group="end")
    late = after(ESTABLISHED, ended)
    assert not late.tell_members and not late.record
    assert asked(late).startswith("A later meeting is on record.")


def test_an_older_record_still_tells_of_a_flag_that_stands() -> None:
    kept = meeting_record(date=NOVEMBER_24, flag="keep")
    assert after(meeting_record(date=NOVEMBER_10, flag="raise"), kept).raise_flag


def test_a_record_that_denies_the_flag_that_stands_is_queried() -> None:
    denied = after(meeting_record(date=NOVEMBER_24, flag="no flag"), FLAGGED)
    assert "A flag stands, and this record says that there is none." in asked(denied)
    assert not denied.remove_flag
    assert "A flag stands" not in asked(after(meeting_record(date=NOVEMBER_24, flag="no flag")))
    assert "A flag stands" not in asked(after(meeting_record(date=NOVEMBER_3, flag="no flag"), FLAGGED))


def meets(day: dt.date, kind: str = "core group", next_meeting: dt.date | None = DECEMBER_8) -> MeetingRecord:
    return meeting_record(date=day, meeting=kind, next_meeting=next_meeting)


def test_the_newest_record_invites_to_the_meeting_that_it_agreed() -> None:
    assert after(meets(NOVEMBER_24)).invite
    assert not after(meets(NOVEMBER_24, next_meeting=None)).invite
    assert not after(meets(NOVEMBER_10), meets(NOVEMBER_24)).invite
    assert after(meets(NOVEMBER_10), meets(NOVEMBER_24, "panel")).invite
    assert not after(meets(NOVEMBER_10), meets(NOVEMBER_24, "statutory review")).invite


def test_a_version_that_was_corrected_before_it_arrived_invites_nobody() -> None:
    def version(completed: str) -> MeetingRecord:
        return replace(meets(NOVEMBER_24), answers={"completed_on": completed})

    assert not after(version("24/11/2026"), version("26/11/2026")).invite
    assert after(version("26/11/2026"), version("24/11/2026")).invite


def test_the_end_of_a_core_group_is_told_and_no_record_is_prefilled() -> None:
    decision = after(meeting_record(date=NOVEMBER_24, core_group="end"), ESTABLISHED)
    assert follows(decision) == {"plan", "report"}
    assert clauses(decision) == ["2.5, 3.4", "2.7"]


def test_a_panel_alone_has_no_core_group_report() -> None:
    assert not after(meeting_record(meeting="panel")).report
    assert after(meeting_record(meeting="statutory review")).report
    assert after(meeting_record(date=NOVEMBER_24, meeting="panel"), ESTABLISHED).report


def test_a_case_that_the_panel_does_not_accept_stays_where_it_is_2_5_8() -> None:
    decision = after(meeting_record(meeting="panel", accepted=False), referral())
    assert clauses(decision) == ["2.5.4, 2.5.8", "2.7"]
    assert follows(decision) == {"plan"}


def test_the_panel_names_a_lead_agency_and_a_senior_manager_2_5_14() -> None:
    named = {"lead_agency": "Children's Social Care", "senior_manager": "Chris Director"}
    with_names = after(meeting_record(meeting="panel", accepted=True, answers=named))
    assert "Identify a lead agency" not in asked(with_names)
    alone = after(meeting_record(meeting="panel", accepted=True, answers={"lead_agency": "Children's Social Care"}))
    assert "Identify a lead agency" in asked(alone)


@pytest.mark.parametrize(
    ("band", "core_group", "differs"),
    [
        ("must", "no core group", True),
        ("must", "end", True),
        ("must", "establish", False),
        ("must", None, False),
        ("consider", "establish", False),
        ("consider", "no core group", False),
        ("none", "continue", True),
        ("none", "establish", True),
        ("none", "end", False),
    ],
)
def test_a_decision_that_differs_from_the_matrix_has_its_reason_2_1(
    band: str, core_group: str | None, differs: bool
) -> None:
    record = meeting_record(date=NOVEMBER_24, core_group=core_group)
    assert ("Record the reason" in asked(after(record, matrix(band)))) is differs
    reasoned = meeting_record(date=NOVEMBER_24, core_group=core_group, answers={"reason": "Known to be safe."})
    assert "Record the reason" not in asked(after(reasoned, matrix(band)))


def test_a_matrix_after_the_meeting_is_none_that_it_differed_from() -> None:
    refused = meeting_record(date=NOVEMBER_10, core_group="no core group")
    assert "Record the reason" not in asked(after(refused, matrix("must", NOVEMBER_24)))
    assert "Record the reason" not in asked(after(refused, matrix("must", NOVEMBER_24), matrix("none")))


def test_immediate_issues_go_to_the_service_manager_3_4() -> None:
    urgent = meeting_record(answers={"immediate_issues": "Placement ends on Friday"})
    assert "Service Manager now" in asked(after(urgent))
    assert "Friday" not in asked(after(urgent))
    assert "Service Manager now" not in asked(after(meeting_record()))
