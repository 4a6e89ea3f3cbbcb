"""How a case stands after its meetings: core group, flag, panel, actions, exclusions, chronology."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from pipeline.rules.case import MeetingRecord, Moment
from pipeline.rules.standing import Exclusion, Flag, Spell, Standing, kind_of_next, standing
from tests.factories import assessment, case, contact_report, meeting_record, referral

NOVEMBER_10, NOVEMBER_24, DECEMBER_8 = dt.date(2026, 11, 10), dt.date(2026, 11, 24), dt.date(2026, 12, 8)


def after(*meetings: MeetingRecord) -> Standing:
    return standing(case(meetings=meetings))


def test_a_case_without_a_meeting_stands_nowhere() -> None:
    stands = standing(case(assessment=assessment()))
    assert (stands.core_group, stands.flag, stands.panel, stands.actions) == (None, None, None, ())
    assert not stands.active


@pytest.mark.parametrize("decision", ["establish", "continue"])
def test_a_core_group_stands_from_the_meeting_that_decided_it(decision: str) -> None:
    stands = after(meeting_record(date=NOVEMBER_10, core_group=decision), meeting_record(date=NOVEMBER_24))
    assert stands.core_group == Spell(NOVEMBER_10)
    assert stands.active


@pytest.mark.parametrize("decision", ["end", "no core group"])
def test_a_core_group_ends_and_may_stand_again(decision: str) -> None:
    ended = [
        meeting_record(date=NOVEMBER_10, core_group="establish"),
        meeting_record(date=NOVEMBER_24, core_group=decision),
    ]
    assert after(*ended).core_group is None
    again = after(*ended, meeting_record(date=DECEMBER_8, core_group="establish"))
    assert again.core_groups == (Spell(NOVEMBER_10, NOVEMBER_24), Spell(DECEMBER_8))


def test_an_end_where_no_core_group_stands_changes_nothing() -> None:
    assert after(meeting_record(core_group="end")).core_groups == ()


def test_a_core_group_that_is_established_again_keeps_its_first_day() -> None:
    twice = [meeting_record(date=day, core_group="establish") for day in (NOVEMBER_10, NOVEMBER_24)]
    assert after(*twice).core_groups == (Spell(NOVEMBER_10),)


def test_a_flag_is_raised_kept_and_removed_2_5_14_to_2_5_16() -> None:
    raised = meeting_record(date=NOVEMBER_10, meeting="panel", flag="raise", review_flag_by=DECEMBER_8)
    assert after(raised).flag == Flag(NOVEMBER_10, "panel", None, DECEMBER_8)
    kept = meeting_record(date=NOVEMBER_24, flag="keep", review_flag_by=dt.date(2027, 1, 5))
    assert after(raised, kept).flag == Flag(NOVEMBER_10, "panel", None, dt.date(2027, 1, 5))
    removed = after(raised, kept, meeting_record(date=DECEMBER_8, flag="remove"))
    assert removed.flag is None
    assert removed.flags == (Flag(NOVEMBER_10, "panel", DECEMBER_8, dt.date(2027, 1, 5)),)


def test_a_blank_review_date_leaves_the_one_agreed_before() -> None:
    raised = meeting_record(date=NOVEMBER_10, flag="raise", review_flag_by=DECEMBER_8)
    stands = after(raised, meeting_record(date=NOVEMBER_24, flag="keep"))
    assert stands.flag and stands.flag.review_by == DECEMBER_8


def test_a_flag_that_is_kept_where_none_stands_was_raised_then() -> None:
    assert after(meeting_record(date=NOVEMBER_24, flag="keep")).flag == Flag(NOVEMBER_24, "core group")


@pytest.mark.parametrize("decision", ["no flag", None])
def test_only_a_removal_takes_a_flag_down(decision: str | None) -> None:
    stands = after(meeting_record(date=NOVEMBER_10, flag="raise"), meeting_record(date=NOVEMBER_24, flag=decision))
    assert stands.flag == Flag(NOVEMBER_10, "core group")
    assert after(meeting_record(flag="remove")).flags == ()


def test_the_end_of_a_core_group_leaves_the_flag() -> None:
    stands = after(
        meeting_record(date=NOVEMBER_10, core_group="establish", flag="raise"),
        meeting_record(date=NOVEMBER_24, core_group="end"),
    )
    assert (stands.core_group, stands.flag) == (None, Flag(NOVEMBER_10, "core group"))


def panel(day: dt.date, accepted: bool | None = None, flag: str | None = None) -> MeetingRecord:
    return meeting_record(date=day, meeting="panel", accepted=accepted, flag=flag)


def test_the_panel_stands_from_the_referral_until_it_says_no() -> None:
    referred = case(referral=referral(date=NOVEMBER_10))
    assert standing(referred).panel == Spell(NOVEMBER_10)
    accepted = case(referral=referral(date=NOVEMBER_10), meetings=[panel(NOVEMBER_24, accepted=True)])
    assert standing(accepted).panel == Spell(NOVEMBER_10)
    refused = case(referral=referral(date=NOVEMBER_24), meetings=[panel(NOVEMBER_24, accepted=False)])
    assert standing(refused).panel is None


def test_the_panel_stands_until_a_panel_removes_the_flag_2_5_15() -> None:
    meetings = [panel(NOVEMBER_10, True, "raise"), panel(NOVEMBER_24, flag="remove")]
    assert standing(case(referral=referral(date=NOVEMBER_10), meetings=meetings)).panel is None
    elsewhere = [meetings[0], meeting_record(date=NOVEMBER_24, flag="remove")]
    assert standing(case(referral=referral(date=NOVEMBER_10), meetings=elsewhere)).panel == Spell(NOVEMBER_10)


def test_a_later_referral_brings_the_case_back_to_the_panel() -> None:
    refused = panel(NOVEMBER_10, accepted=False)
    assert standing(case(referral=referral(date=NOVEMBER_24), meetings=[refused])).panel == Spell(NOVEMBER_24)


def test_a_referral_without_a_date_counts_from_the_first_panel_else_from_the_first_day_known() -> None:
    undated = referral(date=None)
    assert standing(case(referral=undated, meetings=[panel(NOVEMBER_24, True)])).panel == Spell(NOVEMBER_24)
    assert standing(case(referral=undated, assessment=assessment())).panel == Spell(dt.date(2026, 10, 30))
    assert standing(case(referral=undated)).panel is None
    both = case(referral=undated, assessment=assessment(), meetings=[panel(NOVEMBER_24, True)])
    assert standing(both).panel == Spell(NOVEMBER_24)


def test_a_panel_that_takes_a_case_without_a_referral_on_record_stands() -> None:
    assert after(panel(NOVEMBER_24, accepted=True)).panel == Spell(NOVEMBER_24)
    assert after(panel(NOVEMBER_24, flag="raise")).panel == Spell(NOVEMBER_24)
    assert after(panel(NOVEMBER_24)).panel is None


def new(text: str, **cells: str) -> Mapping[str, str]:
    return {"New action": text, "Owner and agency": "Sam, CAMHS", "By when": "01/12/2026"} | cells


def before(number: str, text: str = "", **cells: str) -> Mapping[str, str]:
    return {"No.": number, "Action": text} | cells


AGREED = meeting_record(
    date=NOVEMBER_10, new_actions=[new("Find a mentor", **{"Risk it reduces": "Going missing"}), new("Call the school")]
)


def test_new_actions_are_numbered_by_the_meeting_and_their_row() -> None:
    mentor, school = after(AGREED).actions
    assert (mentor.number, mentor.text, mentor.owner, mentor.risk) == (
        "10/11/2026-1",
        "Find a mentor",
        "Sam, CAMHS",
        "Going missing",
    )
    assert (mentor.by_when, mentor.by, mentor.agreed_on) == ("01/12/2026", dt.date(2026, 12, 1), NOVEMBER_10)
    assert (mentor.status, mentor.impact, mentor.updated_on, mentor.open) == ("", "", None, True)
    assert (school.number, school.text) == ("10/11/2026-2", "Call the school")


def test_an_action_by_a_word_has_no_date() -> None:
    action = after(meeting_record(new_actions=[new("Find a mentor", **{"By when": "soon"})])).actions[0]
    assert (action.by_when, action.by) == ("soon", None)


def test_a_later_meeting_updates_an_action_by_its_number() -> None:
    row = before(
        " 10/11/2026 - 1 ",
        "Find a mentor",
        **{
            "Owner and agency": "Alex, YOS",
            "By when": "15/12/2026",
            "Status": "In progress",
            "What has changed for the young person": "Two visits",
        },
    )
    mentor, school = after(AGREED, meeting_record(date=NOVEMBER_24, actions=[row])).actions
    assert (mentor.owner, mentor.by_when, mentor.by) == ("Alex, YOS", "15/12/2026", dt.date(2026, 12, 15))
    assert (mentor.status, mentor.impact, mentor.updated_on) == ("In progress", "Two visits", NOVEMBER_24)
    assert mentor.open and mentor.risk == "Going missing" and mentor.agreed_on == NOVEMBER_10
    assert school.updated_on is None


def test_a_blank_cell_leaves_what_was_and_the_same_again_is_no_news() -> None:
    first = meeting_record(date=NOVEMBER_24, actions=[before("10/11/2026-1", Status="In progress")])
    second = meeting_record(date=DECEMBER_8, actions=[before("10/11/2026-1", "Find a mentor", Status="In progress")])
    mentor = after(AGREED, first, second).actions[0]
    assert (mentor.text, mentor.owner, mentor.by_when) == ("Find a mentor", "Sam, CAMHS", "01/12/2026")
    assert (mentor.status, mentor.updated_on) == ("In progress", NOVEMBER_24)


@pytest.mark.parametrize(
    ("status", "still_open"),
    [("Done", False), ("completed 3 May", False), ("STOPPED", False), ("Not done", True), ("Not started", True)],
)
def test_an_action_is_closed_once_it_is_done_or_stopped(status: str, still_open: bool) -> None:
    update = meeting_record(date=NOVEMBER_24, actions=[before("10/11/2026-1", Status=status)])
    assert after(AGREED, update).actions[0].open is still_open


def test_a_row_without_a_number_is_known_by_its_words() -> None:
    update = meeting_record(date=NOVEMBER_24, actions=[before("", "call  the School", Status="Done")])
    mentor, school = after(AGREED, update).actions
    assert (mentor.open, school.open, school.text) == (True, False, "call  the School")


def test_words_of_an_action_that_is_closed_are_a_new_action() -> None:
    done = meeting_record(date=NOVEMBER_24, actions=[before("10/11/2026-2", Status="Done")])
    again = meeting_record(date=DECEMBER_8, actions=[before("", "Call the school")])
    assert [(a.number, a.open) for a in after(AGREED, done, again).actions[1:]] == [
        ("10/11/2026-2", False),
        ("08/12/2026-1", True),
    ]


def test_an_unknown_action_is_one_of_its_own_numbered_after_the_new_ones() -> None:
    update = meeting_record(
        date=NOVEMBER_24,
        actions=[before("01/01/2020-7", "Ask the GP", Status="Done"), before("99", Status="Done")],
        new_actions=[new("Visit the home")],
    )
    assert [(a.number, a.text, a.open) for a in after(AGREED, update).actions[2:]] == [
        ("24/11/2026-1", "Visit the home", True),
        ("24/11/2026-2", "Ask the GP", False),
    ]


def test_words_that_fit_two_open_actions_fit_neither() -> None:
    twins = meeting_record(date=NOVEMBER_10, new_actions=[new("Call"), new("Call")])
    update = meeting_record(date=NOVEMBER_24, actions=[before("", "Call", Status="Done")])
    assert [(a.number, a.open) for a in after(twins, update).actions] == [
        ("10/11/2026-1", True),
        ("10/11/2026-2", True),
        ("24/11/2026-1", False),
    ]


def test_two_meetings_of_one_day_never_share_a_number() -> None:
    core_group = meeting_record(date=NOVEMBER_10, new_actions=[new("Find a mentor")])
    of_panel = meeting_record(date=NOVEMBER_10, meeting="panel", new_actions=[new("Call the school")])
    both = after(core_group, of_panel).actions
    assert [a.number for a in both] == ["10/11/2026-1", "10/11/2026-2"]
    # The panel's record was printed when it was the only one held: its action was number 1 then.
    printed = meeting_record(date=NOVEMBER_24, actions=[before("10/11/2026-1", "Call the school", Status="Done")])
    assert [a.open for a in after(core_group, of_panel, printed).actions] == [True, False]


def test_the_last_meeting_that_names_an_exclusion_leads_2_5_37() -> None:
    first = meeting_record(
        date=NOVEMBER_10,
        exclusions=[{"Service": "Youth Club", "Excluded until": "01/12/2026"}, {"Service": "Library"}],
    )
    second = meeting_record(date=NOVEMBER_24, exclusions=[{"Service": "youth  club", "Plan for return": "Meet weekly"}])
    assert after(first, second).exclusions == (
        Exclusion("youth  club", "", "Meet weekly", NOVEMBER_24),
        Exclusion("Library", "", "", NOVEMBER_10),
    )


def test_the_chronology_tells_what_happened_in_order_and_without_names() -> None:
    whole = case(
        assessment=assessment(date=dt.date(2026, 10, 30)),
        referral=referral(date=dt.date(2026, 11, 3)),
        meetings=[
            meeting_record(date=NOVEMBER_10, meeting="panel", accepted=True, flag="raise"),
            meeting_record(date=NOVEMBER_24, core_group="establish", flag="keep"),
            meeting_record(date=DECEMBER_8, meeting="statutory review", core_group="continue"),
            meeting_record(date=dt.date(2026, 12, 9)),
            meeting_record(date=dt.date(2026, 12, 10), meeting="panel", accepted=False, core_group="no core group"),
        ],
        contacts=[
            contact_report(answers={"agency": "Police,\n101", "seen_by": "DC A. Officer"}),
            contact_report(contact=Moment(NOVEMBER_24, dt.time(8)), told=None),
            contact_report(
                contact=Moment(NOVEMBER_24), told=Moment(dt.date(2026, 11, 25)), written=Moment(NOVEMBER_24)
            ),
        ],
    )
    assert [(f"{h.day:%d %b}", h.kind, h.what, h.late) for h in standing(whole).chronology] == [
        ("30 Oct", "assessment", "Assessment matrix: score 51, Core Group MUST be established", None),
        ("03 Nov", "referral", "Referred to the panel", None),
        ("10 Nov", "meeting", "Panel: referral accepted; flag raised", None),
        ("20 Nov", "contact", "Contact reported by Police, 101", False),
        ("24 Nov", "contact", "Contact reported", None),
        ("24 Nov", "meeting", "Core Group: established; flag kept", None),
        ("24 Nov", "contact", "Contact reported", True),
        ("08 Dec", "meeting", "Statutory review: Core Group goes on", None),
        ("09 Dec", "meeting", "Core Group held", None),
        ("10 Dec", "meeting", "Panel: referral not accepted; Core Group not formed", None),
    ]
    said = " ".join(h.what for h in standing(whole).chronology)
    assert not any(name in said for name in ("Jordan", "Testcase", "Officer", "Practitioner"))


def test_the_meetings_since_the_last_statutory_review_are_told_apart_3_4() -> None:
    review = meeting_record(date=NOVEMBER_24, meeting="statutory review")
    earlier, later = meeting_record(date=NOVEMBER_10), meeting_record(date=DECEMBER_8)
    assert (after(earlier, later).last_review, after(earlier, later).since_review) == (None, (earlier, later))
    stands = after(earlier, review, later)
    assert (stands.last_review, stands.since_review) == (NOVEMBER_24, (later,))


@pytest.mark.parametrize(
    ("meeting", "next_meeting"),
    [("core group", "core group"), ("panel", "panel"), ("statutory review", "core group")],
)
def test_a_statutory_review_agrees_the_next_core_group(meeting: str, next_meeting: str) -> None:
    assert kind_of_next(meeting_record(meeting=meeting)) == next_meeting
