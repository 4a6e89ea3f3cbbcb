"""Every time limit, with its clause, on days counted by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rules.case import Assessment, ContactReport, Letter, MeetingRecord, Moment, Referral
from pipeline.rules.limit import TimeLimit
from pipeline.rules.standing import standing
from pipeline.rules.telling import told_in_time
from pipeline.rules.time_limits import time_limits, working_day_after
from tests.factories import BEHAVIOURS, assessment, case, contact_report, meeting_record, referral


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no time zone


def limits(
    *meetings: MeetingRecord,
    assessment: Assessment | None = None,
    history: Sequence[Assessment] = (),
    referral: Referral | None = None,
    contacts: Sequence[ContactReport] = (),
    letters: Sequence[Letter] = (),
) -> tuple[TimeLimit, ...]:
    whole = case(assessment=assessment, history=history, referral=referral, meetings=meetings, contacts=contacts)
    return time_limits(whole, standing(whole), letters)


def only(kind: str, found: Sequence[TimeLimit]) -> list[TimeLimit]:
    return [limit for limit in found if limit.kind == kind]


def by(kind: str, found: Sequence[TimeLimit]) -> list[str]:
    return [f"{limit.by:%d/%m/%Y}" for limit in only(kind, found)]


def met(text: str, **overrides: object) -> MeetingRecord:
    """A core group that considered a matrix."""
    return meeting_record(**({"date": day(text), "matrix_considered": day(text)} | overrides))  # type: ignore[arg-type]


def must(text: str) -> Assessment:
    return assessment(date=day(text))


def low(text: str) -> Assessment:
    return assessment(date=day(text), behaviours=((0, 0),) * len(BEHAVIOURS))


def test_a_case_of_which_nothing_is_asked_has_no_limit() -> None:
    assert limits(assessment=low("30/10/2026")) == ()


def test_before_a_core_group_28_days_run_from_the_assessment_2_8() -> None:
    assert limits(assessment=must("30/10/2026")) == (
        TimeLimit("core-group", "CF104233", "Hold the first Core Group.", dt.date(2026, 11, 27), "2.8, 3.3"),
    )


def test_a_core_group_is_due_28_days_after_the_last_3_3() -> None:
    found = limits(met("10/11/2026", core_group="establish"), met("24/11/2026"), assessment=must("30/10/2026"))
    assert found == (
        TimeLimit("core-group", "CF104233", "Hold the next Core Group.", dt.date(2026, 12, 22), "2.8, 3.3"),
    )


@pytest.mark.parametrize(
    ("last", "due"),
    [
        ("10/03/2026", "07/04/2026"),
        ("20/10/2026", "17/11/2026"),
        ("31/01/2026", "28/02/2026"),
        ("15/02/2028", "14/03/2028"),
    ],
)
def test_28_days_are_counted_over_the_change_of_clocks_and_the_end_of_months(last: str, due: str) -> None:
    assert by("core-group", limits(met(last, core_group="establish"))) == [due]


@pytest.mark.parametrize(
    ("agreed", "due"),
    [
        ("01/12/2026", "01/12/2026"),
        ("22/12/2026", "22/12/2026"),
        ("29/12/2026", "22/12/2026"),
        ("03/11/2026", "22/12/2026"),
    ],
)
def test_an_earlier_date_that_the_meeting_agreed_leads(agreed: str, due: str) -> None:
    found = limits(met("24/11/2026", core_group="establish", next_meeting=day(agreed)))
    assert by("core-group", found) == [due]


def test_a_statutory_review_agrees_the_next_core_group_and_a_panel_does_not() -> None:
    established = met("10/11/2026", core_group="establish")
    review = meeting_record(date=day("24/11/2026"), meeting="statutory review", next_meeting=day("01/12/2026"))
    panel = meeting_record(date=day("24/11/2026"), meeting="panel", next_meeting=day("01/12/2026"))
    assert by("core-group", limits(established, review)) == ["01/12/2026"]
    assert by("core-group", limits(established, panel)) == ["08/12/2026"]


def test_a_date_that_was_agreed_before_the_last_core_group_has_been_held() -> None:
    found = limits(met("10/11/2026", core_group="establish", next_meeting=day("24/11/2026")), met("23/11/2026"))
    assert by("core-group", found) == ["21/12/2026"]


def test_a_review_establishes_a_core_group_that_has_not_met() -> None:
    review = meeting_record(date=day("10/11/2026"), meeting="statutory review", core_group="establish")
    assert by("core-group", limits(review, assessment=must("30/10/2026"))) == ["27/11/2026"]
    assert by("core-group", limits(review)) == ["08/12/2026"]
    # A matrix after the decision puts nothing off.
    later = limits(review, assessment=must("20/11/2026"), history=[must("30/10/2026")])
    assert by("core-group", later) == ["27/11/2026"]


def test_a_core_group_that_stands_again_does_not_count_from_the_one_before() -> None:
    first = [met("10/03/2026", core_group="establish"), met("07/04/2026", core_group="end")]
    again = meeting_record(date=day("10/11/2026"), meeting="statutory review", core_group="establish")
    assert by("core-group", limits(*first, again, assessment=must("01/03/2026"))) == ["08/12/2026"]


@pytest.mark.parametrize("decision", ["end", "no core group"])
def test_a_must_runs_until_a_meeting_decides(decision: str) -> None:
    undecided = met("03/11/2026")
    assert by("core-group", limits(undecided, assessment=must("30/10/2026"))) == ["01/12/2026"]
    assert limits(met("30/10/2026", core_group=decision), assessment=must("30/10/2026")) == ()
    assert by("core-group", limits(met("29/10/2026", core_group=decision), assessment=must("30/10/2026"))) == [
        "27/11/2026"
    ]


def test_the_newest_matrix_tells_whether_a_core_group_is_called_for() -> None:
    assert limits(assessment=low("10/11/2026"), history=[must("30/10/2026")]) == ()
    whole = replace(case(assessment=low("10/11/2026")), later=(must("20/11/2026"),))
    assert by("core-group", time_limits(whole, standing(whole), ())) == ["18/12/2026"]


def test_a_core_group_that_has_ended_is_not_due() -> None:
    found = limits(
        met("10/11/2026", core_group="establish"),
        met("24/11/2026", core_group="end", next_meeting=day("01/12/2026")),
        assessment=must("30/10/2026"),
    )
    assert found == ()


@pytest.mark.parametrize(
    ("referred", "due"),
    [
        ("03/11/2026", "03/12/2026"),
        ("31/01/2026", "28/02/2026"),
        ("31/01/2028", "29/02/2028"),
        ("31/12/2026", "31/01/2027"),
    ],
)
def test_the_panel_is_due_within_a_month_of_the_referral_2_5_14(referred: str, due: str) -> None:
    found = limits(referral=referral(date=day(referred)))
    assert [(x.kind, x.case, x.what, x.clause) for x in found] == [
        ("panel", "CF104233", "Bring the case to the panel.", "2.5.14")
    ]
    assert by("panel", found) == [due]


def test_the_panel_reviews_within_a_month_or_earlier_where_it_agreed_so_2_5_14() -> None:
    referred = referral(date=day("03/11/2026"))
    accepted = meeting_record(date=day("30/11/2026"), meeting="panel", accepted=True)
    found = limits(accepted, referral=referred)
    assert [(x.what, x.by) for x in found] == [("Review the case at the panel.", dt.date(2026, 12, 30))]
    for agreed, due in (("15/12/2026", "15/12/2026"), ("15/01/2027", "30/12/2026")):
        assert by("panel", limits(replace(accepted, next_meeting=day(agreed)), referral=referred)) == [due]


def test_a_case_that_the_panel_does_not_accept_is_not_reviewed() -> None:
    refused = meeting_record(date=day("30/11/2026"), meeting="panel", accepted=False)
    assert limits(refused, referral=referral(date=day("03/11/2026"))) == ()


def test_a_panel_before_a_new_referral_does_not_count() -> None:
    refused = meeting_record(date=day("30/11/2026"), meeting="panel", accepted=False, next_meeting=day("31/03/2027"))
    assert by("panel", limits(refused, referral=referral(date=day("01/03/2027")))) == ["01/04/2027"]


def test_a_flag_is_reviewed_by_the_date_agreed_2_5_15() -> None:
    raised = meeting_record(date=day("24/11/2026"), meeting="statutory review", flag="raise")
    assert limits(raised) == ()
    agreed = replace(raised, review_flag_by=day("20/12/2026"))
    assert limits(agreed) == (
        TimeLimit(
            "flag-review",
            "CF104233",
            "Review the high-risk flag, and record whether it is kept or removed.",
            dt.date(2026, 12, 20),
            "2.5.14, 2.5.15",
        ),
    )
    removed = meeting_record(date=day("10/12/2026"), meeting="statutory review", flag="remove")
    assert limits(agreed, removed) == ()


def flag_decided(text: str, flag: str) -> MeetingRecord:
    return meeting_record(date=day(text), meeting="statutory review", flag=flag)


def test_a_flag_that_agencies_were_asked_for_and_no_record_raises_any_more_is_asked_about_2_5_15() -> None:
    told = letter("x-01", flag_since=day("24/11/2026"))
    [asked] = only("flag-review", limits(flag_decided("24/11/2026", "no flag"), letters=[told]))
    assert asked.what == "No flag stands, but agencies were asked for one. Record whether it is raised or removed."
    assert (asked.by, asked.clause) == (day("25/11/2026"), "2.5.15, 2.5.16")
    removal = replace(told, reference="x-02", purpose="removal")
    assert not only("flag-review", limits(flag_decided("24/11/2026", "no flag"), letters=[told, removal]))
    # The letters that go with the record of a removal are not drafted yet.
    removed = flag_decided("10/12/2026", "remove")
    assert not only("flag-review", limits(flag_decided("24/11/2026", "no flag"), removed, letters=[told]))
    assert not only("flag-review", limits(flag_decided("24/11/2026", "raise"), removed, letters=[told]))


def test_a_flag_that_stands_after_agencies_were_asked_to_remove_it_is_asked_about_2_5_15() -> None:
    told = letter("x-01", flag_since=day("24/11/2026"))
    removal = replace(told, reference="x-02", purpose="removal", drafted=day("11/12/2026"))
    raised = flag_decided("24/11/2026", "raise")
    [asked] = only("flag-review", limits(raised, flag_decided("10/12/2026", "no flag"), letters=[told, removal]))
    assert asked.what == "The flag stands, but agencies were asked to remove it. Record whether it is kept or removed."
    assert asked.by == day("11/12/2026")
    again = replace(told, reference="x-03")
    assert not only("flag-review", limits(raised, letters=[told, removal, again]))
    assert not only("flag-review", limits(raised, flag_decided("10/12/2026", "remove"), letters=[told, removal]))
    second = flag_decided("05/01/2027", "raise")
    of_before = limits(raised, flag_decided("10/12/2026", "remove"), second, letters=[told, removal])
    assert not only("flag-review", of_before)


def test_a_contact_that_was_not_told_or_not_written_is_outstanding_2_5_14() -> None:
    contact = Moment(dt.date(2026, 11, 20), dt.time(22, 40))
    what = "Tell the allocated worker of the contact and complete its report: both within 24 hours."
    for report in (contact_report(contact=contact, told=None), contact_report(contact=contact, written=None)):
        assert limits(contacts=[report]) == (
            TimeLimit("contact-report", "CF104233", what, dt.date(2026, 11, 21), "2.5.14", "20/11/2026 22:40"),
        )
    untimed = contact_report(contact=Moment(dt.date(2026, 11, 20)), told=None)
    assert [x.about for x in limits(contacts=[untimed])] == ["20/11/2026"]


def test_a_contact_that_was_told_late_is_history_not_due() -> None:
    late = contact_report(told=Moment(dt.date(2026, 12, 1)))
    assert told_in_time(late) is False
    assert limits(contacts=[late]) == ()


def letter(reference: str, purpose: str = "flag", recipient: str = "Police", **overrides: object) -> Letter:
    values = {
        "reference": reference,
        "purpose": purpose,
        "recipient": recipient,
        "who": (recipient,),
        "name": "",
        "address": ("1 Example Road",),
        "drafted": dt.date(2026, 11, 25),
        "reply_by": dt.date(2026, 12, 2),
    }
    return Letter(**(values | overrides))  # type: ignore[arg-type]


def test_letters_about_the_flag_wait_for_their_acknowledgement_2_5_14_2_5_16() -> None:
    letters = [
        letter("A-1"),
        letter("A-2", recipient="CAMHS", acknowledged=dt.date(2026, 11, 27)),
        letter("A-3", purpose="core group"),
        letter("A-4", purpose="invitation"),
        letter("A-5", purpose="removal", recipient="Health"),
    ]
    assert [(x.kind, x.about, x.by, x.clause) for x in limits(letters=letters)] == [
        ("acknowledgement", "A-1", dt.date(2026, 12, 2), "2.5.14"),
        ("acknowledgement", "A-5", dt.date(2026, 12, 2), "2.5.16"),
    ]


def test_a_letter_that_a_later_one_to_the_same_addressee_overtakes_waits_no_more() -> None:
    removal = letter("B-1", purpose="removal", drafted=dt.date(2027, 2, 1), reply_by=dt.date(2027, 2, 8))
    moved = replace(removal, name="B. Officer", address=("2 New Road",))
    other_agency = letter("A-2", who=("Lead officer", "Transport Police"))
    assert [x.about for x in limits(letters=[letter("A-1"), other_agency, moved])] == ["A-2", "B-1"]
    done = replace(removal, acknowledged=dt.date(2027, 2, 3))
    assert [x.about for x in limits(letters=[letter("A-1"), done])] == []


def without(text: str, **overrides: object) -> MeetingRecord:
    return met(text, matrix_considered=None, **overrides)


def test_core_groups_without_a_matrix_are_named_until_one_considers_it_3_3() -> None:
    first, second = without("10/11/2026", core_group="establish"), without("24/11/2026")
    assert [(x.by, x.about, x.clause) for x in only("no-matrix", limits(first, second))] == [
        (dt.date(2026, 11, 10), "10/11/2026", "3.3"),
        (dt.date(2026, 11, 24), "24/11/2026", "3.3"),
    ]
    assert only("no-matrix", limits(first, met("24/11/2026"))) == []
    assert [x.about for x in only("no-matrix", limits(met("10/11/2026", core_group="establish"), second))] == [
        "24/11/2026"
    ]


def test_only_core_groups_need_a_matrix_and_none_after_their_end() -> None:
    panel = meeting_record(meeting="panel", date=day("24/11/2026"))
    assert limits(panel) == ()
    assert limits(without("10/11/2026", core_group="establish"), without("24/11/2026", core_group="end")) == ()


def excluded(text: str, plan: str = "", until: str = "") -> MeetingRecord:
    row = {"Service": "Youth club", "Excluded until": until, "Plan for return": plan}
    return meeting_record(date=day(text), meeting="panel", exclusions=[row])


def test_an_exclusion_needs_a_plan_2_5_38_2_5_39() -> None:
    what = "Agree a plan for the young person's return to the service."
    assert limits(excluded("24/11/2026", until="permanent")) == (
        TimeLimit("exclusion", "CF104233", what, dt.date(2026, 11, 24), "2.5.38, 2.5.39", "Youth club"),
    )
    assert limits(excluded("24/11/2026", plan="Meet weekly")) == ()
    assert limits(excluded("24/11/2026"), excluded("08/12/2026", plan="Meet weekly")) == ()


def test_an_exclusion_that_had_ended_by_the_last_meeting_needs_no_plan() -> None:
    later = meeting_record(date=day("08/12/2026"), meeting="panel")
    assert limits(excluded("24/11/2026", until="07/12/2026"), later) == ()
    assert by("exclusion", limits(excluded("24/11/2026", until="08/12/2026"), later)) == ["24/11/2026"]


def test_a_limit_is_overdue_from_the_day_after() -> None:
    limit = limits(assessment=must("30/10/2026"))[0]
    assert [limit.overdue(dt.date(2026, 11, n)) for n in (26, 27, 28)] == [False, False, True]


def test_the_soonest_comes_first_and_no_limit_holds_a_name() -> None:
    found = limits(
        without("10/11/2026", core_group="establish", flag="raise", review_flag_by=day("01/12/2026")),
        referral=referral(date=day("03/11/2026")),
        contacts=[contact_report(told=None, answers={"seen_by": "DC A. Officer"})],
        letters=[letter("A-1", name="B. Clinician")],
    )
    assert [(x.kind, x.by.day) for x in found] == [
        ("no-matrix", 10),
        ("contact-report", 21),
        ("flag-review", 1),
        ("acknowledgement", 2),
        ("panel", 3),
        ("core-group", 8),
    ]
    said = " ".join(x.what + x.about for x in found)
    assert not any(name in said for name in ("Jordan", "Testcase", "Officer", "Clinician", "Practitioner"))


AT_2240 = Moment(dt.date(2026, 11, 20), dt.time(22, 40))


@pytest.mark.parametrize(
    ("contact", "done", "in_time"),
    [
        (AT_2240, Moment(dt.date(2026, 11, 21), dt.time(22, 40)), True),
        (AT_2240, Moment(dt.date(2026, 11, 21), dt.time(22, 41)), False),
        (AT_2240, None, False),
        (AT_2240, Moment(dt.date(2026, 11, 20)), True),
        (AT_2240, Moment(dt.date(2026, 11, 21)), None),
        (AT_2240, Moment(dt.date(2026, 11, 22)), False),
        (AT_2240, Moment(dt.date(2026, 11, 20), dt.time(22, 39)), None),
        (AT_2240, Moment(dt.date(2026, 11, 19)), None),
        (Moment(dt.date(2026, 11, 20)), Moment(dt.date(2026, 11, 20)), True),
        (Moment(dt.date(2026, 11, 20)), Moment(dt.date(2026, 11, 20), dt.time(0, 5)), True),
        (Moment(dt.date(2026, 11, 20)), Moment(dt.date(2026, 11, 21), dt.time(9)), None),
        (Moment(dt.date(2026, 11, 20)), Moment(dt.date(2026, 11, 22)), False),
        # By the times on the form, over the change of clocks too.
        (
            Moment(dt.date(2026, 10, 24), dt.time(20)),
            Moment(dt.date(2026, 10, 25), dt.time(20)),
            True,
        ),
    ],
)
def test_a_contact_is_told_and_written_within_24_hours_2_5_14(
    contact: Moment, done: Moment | None, in_time: bool | None
) -> None:
    assert told_in_time(contact_report(contact=contact, told=done, written=contact)) is in_time
    assert told_in_time(contact_report(contact=contact, told=contact, written=done)) is in_time


def test_what_is_certainly_late_is_late_whatever_else_is_uncertain() -> None:
    before = Moment(dt.date(2026, 11, 19))
    assert told_in_time(contact_report(contact=AT_2240, told=before, written=None)) is False


MOMENTS = st.builds(
    Moment,
    st.dates(dt.date(2026, 3, 27), dt.date(2026, 3, 31)),
    st.none() | st.times().map(lambda t: t.replace(second=0)),
)


@given(MOMENTS, MOMENTS, st.times(), st.times())
def test_a_missing_time_is_never_guessed(contact: Moment, done: Moment, at: dt.time, then: dt.time) -> None:
    """Whatever time is filled in where one is missing, a clear answer stays the same, unless it would be a slip."""
    clear = told_in_time(contact_report(contact=contact, told=done, written=done))
    filled = (replace(contact, time=contact.time or at), replace(done, time=done.time or then))
    exact = told_in_time(contact_report(contact=filled[0], told=filled[1], written=filled[1]))
    assert clear is None or exact in (clear, None)


@pytest.mark.parametrize(
    ("returned", "answered"),
    [
        ("20/11/2026", "23/11/2026"),  # Friday
        ("21/11/2026", "23/11/2026"),
        ("22/11/2026", "23/11/2026"),
        ("23/11/2026", "24/11/2026"),
        ("31/12/2026", "01/01/2027"),
    ],
)
def test_the_next_working_day(returned: str, answered: str) -> None:
    assert working_day_after(day(returned)) == day(answered)
