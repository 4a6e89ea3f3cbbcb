"""How the forms of one case stand together, and when an ID belongs to somebody else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules.assessment import examine_matrix
from pipeline.rules.case import Assessment, Believed, Moment, Referral
from pipeline.rules.course import assemble, course_notes, newest, other_person
from pipeline.rules.form import Answer, WordForm
from pipeline.rules.standing import standing
from pipeline.rules.time_limits import time_limits
from tests import factories
from tests.factories import BEHAVIOURS
from tests.matrix_forms import FREQUENT, LAYOUT, NOW, form


def assessment(day: str = "30/10/2026", name: str = "Jordan Testcase") -> Assessment:
    fields = {"Assessment Date": day, "Young person Name": name}
    believed = examine_matrix(form({FREQUENT: "x", NOW: "x"}, fields=fields), LAYOUT, dt.date(2026, 11, 21)).believed
    assert isinstance(believed, Assessment)
    return believed


def referral(
    surname: str = "Testcase", forenames: str = "Jordan", alias: str = "", born: dt.date = dt.date(2010, 2, 14)
) -> Referral:
    fields = {"B. Young person/Social care ID": Answer("CF104233", 'section B, "Social care ID"')}
    return Referral(
        case="CF104233",
        date=dt.date(2026, 11, 3),
        date_of_birth=born,
        answers={"surname": surname, "forenames": forenames, "alias": alias},
        questions={},
        criteria=(),
        invited=(),
        barriers=(),
        specified={},
        family=(),
        agencies=(),
        form=WordForm("referral", fields, {}, (), {}),
    )


def test_the_assessment_that_arrives_leads_and_earlier_ones_are_history() -> None:
    september, october, november = (assessment(f"1/{month}/2026") for month in (9, 10, 11))
    case = assemble("CF104233", [november, september, october], october)
    assert case.assessment is october
    assert (case.history, case.later) == ((september,), (november,))
    assert [p.code for p in course_notes(october, [november, september])] == ["older-than-held"]
    assert course_notes(november, [september, october]) == ()


def test_a_record_or_a_contact_that_begins_a_case_asks_for_a_look_at_the_id() -> None:
    for first in (factories.meeting_record(), factories.contact_report()):
        [note] = course_notes(first, [])
        assert (note.severity, note.code, note.where) == (
            "note",
            "first-of-case",
            first.form.fields["B. Young person/Social care ID"].where,
        )
        assert first.case not in note.what + note.remedy
        assert course_notes(first, [assessment("1/9/2026")]) == ()
    assert course_notes(assessment("1/9/2026"), []) == ()


def test_of_one_date_the_last_to_arrive_stands() -> None:
    first, corrected = assessment("1/9/2026"), assessment("1/9/2026", "J. Testcase")
    assert assemble("CF104233", [first, corrected, assessment("1/10/2026")]).history == (corrected,)
    assert newest([first, corrected]) is corrected


def test_a_referral_draws_on_the_newest_assessment() -> None:
    september, october = assessment("1/9/2026"), assessment("1/10/2026")
    case = assemble("CF104233", [october, september, referral()])
    assert (case.assessment, case.history) == (october, (september,))


def test_an_assessment_draws_on_the_last_referral() -> None:
    first, second = referral(), referral(alias="JT")
    assert assemble("CF104233", [first, second, assessment()]).referral is second


def dated(day: dt.date | None, signed: str = "") -> Referral:
    return factories.referral(date=day, answers={"surname": "Testcase", "signed_on": signed})


def test_the_referral_made_last_leads_whenever_it_arrived() -> None:
    spring, autumn, undated = dated(dt.date(2026, 3, 1)), dated(dt.date(2026, 11, 3)), dated(None)
    case = assemble("CF104233", [autumn, undated, spring])
    assert (case.referral, case.other_referrals) == (autumn, (undated, spring))
    arrived = assemble("CF104233", [autumn, spring], spring)
    assert (arrived.referral, arrived.referrals) == (spring, (spring, autumn))


def test_a_referral_of_the_same_day_that_was_signed_later_corrects_the_earlier() -> None:
    first, second = dated(dt.date(2026, 11, 3), "3/11/2026"), dated(dt.date(2026, 11, 3), "5/11/2026")
    assert assemble("CF104233", [second, first]).referrals == (second,)
    assert assemble("CF104233", [second, first], first).referrals == (first,)


def test_a_meeting_record_that_was_completed_later_corrects_the_earlier() -> None:
    first, second = (
        factories.meeting_record(answers={"completed_on": day}, core_group=decided)
        for day, decided in (("24/11/2026", "end"), ("26/11/2026", "continue"))
    )
    assert assemble("CF104233", [second, first]).meetings == (second,)
    untold = factories.meeting_record(chair="B. Chair")
    assert assemble("CF104233", [untold, factories.meeting_record()]).meetings == (factories.meeting_record(),)


def test_two_kinds_of_meeting_on_one_day_both_stand() -> None:
    panel, core_group = factories.meeting_record(meeting="panel"), factories.meeting_record()
    assert assemble("CF104233", [panel, core_group]).meetings == (core_group, panel)


def test_a_contact_report_that_was_completed_later_takes_the_place_of_the_first() -> None:
    first = factories.contact_report(told=None, written=None, answers={"seen_by": "A. Officer"})
    complete = factories.contact_report(answers={"seen_by": "a.  officer", "place": "The park"})
    assert assemble("CF104233", [complete, first]).contacts == (complete,)
    other = factories.contact_report(answers={"seen_by": "B. Nurse"})
    assert assemble("CF104233", [other, first]).contacts == (first, other)


def test_contacts_stand_in_the_order_in_which_they_happened() -> None:
    friday, saturday = (Moment(dt.date(2026, 11, day), dt.time(9)) for day in (20, 21))
    told_late = factories.contact_report(contact=friday, told=Moment(dt.date(2026, 11, 25)))
    told = factories.contact_report(contact=saturday, told=saturday)
    assert assemble("CF104233", [told, told_late]).contacts == (told_late, told)


def test_contacts_of_one_day_without_a_time_are_told_apart_by_their_place() -> None:
    day = Moment(dt.date(2026, 11, 20))
    park, station = (factories.contact_report(contact=day, answers={"place": p}) for p in ("The park", "The station"))
    again = factories.contact_report(contact=day, told=None, answers={"place": "the park"})
    assert assemble("CF104233", [station, park, again]).contacts == (park, station)


DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
DECISIONS = st.sampled_from([None, "establish", "continue", "end", "no core group"])
FLAGS = st.sampled_from([None, "raise", "keep", "remove", "no flag"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "No.": st.sampled_from(["", "01/03/2026-1", "99"]),
            "Action": st.sampled_from(["", "Call", "Visit"]),
            "Status": st.sampled_from(["", "Done"]),
        }
    ),
    max_size=2,
).map(tuple)
MATRICES = [factories.assessment(behaviours=marks) for marks in (BEHAVIOURS, ((0, 0),) * len(BEHAVIOURS))]
REFERRAL = factories.referral()
RECORD = factories.meeting_record()
CONTACT = factories.contact_report()


@st.composite
def forms_of_one_case(draw: st.DrawFn) -> list[Believed]:
    """Every form on a day of its own, so that only their dates can order them."""
    days = iter(draw(st.lists(DAYS, min_size=1, max_size=12, unique=True)))
    return [draw(form_of(day)) for day in days]


def form_of(day: dt.date) -> st.SearchStrategy[Believed]:
    moment = Moment(day, dt.time(12))
    return st.one_of(
        st.sampled_from([replace(matrix, date=day, date_completed=day) for matrix in MATRICES]),
        st.just(replace(REFERRAL, date=day)),
        st.builds(
            partial(replace, RECORD, date=day),
            meeting=st.sampled_from(["core group", "panel", "statutory review"]),
            core_group=DECISIONS,
            flag=FLAGS,
            accepted=st.sampled_from([None, True, False]),
            review_flag_by=st.none() | DAYS,
            matrix_considered=st.none() | DAYS,
            next_meeting=st.none() | DAYS,
            actions=ROWS,
            new_actions=st.sampled_from(
                [(), ({"New action": "Call"},), ({"New action": "Call"}, {"New action": "Visit"})]
            ),
            exclusions=st.sampled_from([(), ({"Service": "Youth club"},)]),
        ),
        st.builds(
            partial(replace, CONTACT, contact=moment),
            told=st.sampled_from([None, moment]),
            written=st.sampled_from([None, moment, Moment(day + dt.timedelta(days=3))]),
        ),
    )


@settings(max_examples=80, deadline=None)
@given(forms_of_one_case(), st.randoms(use_true_random=False))
def test_a_case_stands_the_same_in_whatever_order_its_forms_arrive(forms: list[Believed], random: Random) -> None:
    """The form whose documents are drafted changes nothing either: the course and its limits are those of all forms."""
    shuffled = random.sample(forms, len(forms))
    case, again = assemble("CF104233", forms), assemble("CF104233", shuffled)
    assert again == case
    stands = standing(case)
    limits = time_limits(case, stands, ())
    for other in (again, assemble("CF104233", shuffled, shuffled[-1])):
        assert standing(other) == stands
        assert time_limits(other, stands, ()) == limits


@settings(max_examples=60, deadline=None)
@given(forms_of_one_case())
def test_whatever_happened_no_form_is_lost_and_no_action_has_two_numbers(forms: list[Believed]) -> None:
    stands = standing(assemble("CF104233", forms))
    assert len(stands.chronology) == len(forms)
    assert [h.day for h in stands.chronology] == sorted(form.date for form in forms if form.date)
    assert len({a.number for a in stands.actions}) == len(stands.actions)
    assert stands.core_group in (None, *stands.core_groups[-1:])
    assert all(spell.until for spell in stands.core_groups[:-1])
    assert all(flag.until for flag in stands.flags[:-1])


@pytest.mark.parametrize(
    "name", ["TESTCASE, Jordan", "jordan testcase", "J. Testcase", "J T", "Jordan Lee Testcase", "Jordan Smith", "JT"]
)
def test_another_way_of_writing_a_name_is_the_same_person(name: str) -> None:
    assert other_person(assessment(name=name), [referral(alias="JT")]) is None


@pytest.mark.parametrize("name", ["Alex Specimen", "J Smith", "Jordana Other"])
def test_a_wholly_different_name_goes_back(name: str) -> None:
    problem = other_person(assessment(name=name), [referral()])
    assert problem is not None
    assert (problem.severity, problem.code, problem.where) == ("return", "identity", "Sheet1!I3")
    assert "Testcase" not in problem.what + problem.remedy


def test_a_change_of_name_is_confirmed_by_writing_both() -> None:
    held = [assessment()]
    assert other_person(assessment(name="Robin Sample"), held)
    both = assessment(name="Robin Sample (was Jordan Testcase)")
    assert other_person(both, held) is None
    assert other_person(assessment(name="Robin Sample"), [*held, both]) is None


def test_another_date_of_birth_goes_back() -> None:
    problem = other_person(referral(born=dt.date(2010, 2, 15)), [referral()])
    assert problem is not None and problem.code == "identity"
    assert problem.where == 'section B, "Social care ID"'
    assert other_person(referral(), [referral()]) is None
