"""How the forms of one case stand together, and when an ID belongs to somebody else."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.rules.assessment import examine_matrix
from pipeline.rules.case import Assessment, Referral
from pipeline.rules.course import assemble, course_notes, newest, other_person
from pipeline.rules.form import Answer, WordForm
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
    case = assemble(october, [november, september])
    assert case.assessment is october
    assert case.history == (september,)
    assert [p.code for p in course_notes(october, [november, september])] == ["older-than-held"]
    assert course_notes(november, [september, october]) == ()


def test_of_one_date_the_last_to_arrive_stands() -> None:
    first, corrected = assessment("1/9/2026"), assessment("1/9/2026", "J. Testcase")
    assert assemble(assessment("1/10/2026"), [first, corrected]).history == (corrected,)
    assert newest([first, corrected]) is corrected


def test_a_referral_draws_on_the_newest_assessment() -> None:
    september, october = assessment("1/9/2026"), assessment("1/10/2026")
    case = assemble(referral(), [october, september])
    assert (case.assessment, case.history) == (october, (september,))


def test_an_assessment_draws_on_the_last_referral() -> None:
    first, second = referral(), referral(alias="JT")
    assert assemble(assessment(), [first, second]).referral is second


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
