import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from pipeline.rules.case import Referral
from pipeline.rules.examined import Examined
from pipeline.rules.form import Answer, Choice, Problem, Tick, WordForm
from pipeline.rules.referral import examine_referral
from pipeline.rules.word_answers import date_of
from tests import factories

LAYOUT = factories.REFERRAL
TODAY = dt.date(2026, 11, 21)
E, H = (LAYOUT.section(key) for key in ("criteria", "invitations"))
CRITERION = Tick(E.title, "Out of county placement", 'section E, "Out of county placement"')

FULL = {
    "date_of_referral": "3 November 2026", "referrer": "Sam Referrer", "referrer_telephone": "01632 960001",
    "surname": "Testcase", "forenames": "Jordan", "date_of_birth": "14/02/2010", "case": "cf 104233",
    "allocated_worker": "A. Practitioner", "reason": "Escalating missing episodes.",
}  # fmt: skip
NAMES = {f.key: f"{s.title}/{f.label}" for s in LAYOUT.sections for f in s.fields + s.boxes}


def form(answers: dict[str, Any] | None = None, **changes: Any) -> WordForm:
    """A form with the fewest answers that are enough; a value may be a whole Answer."""
    given = FULL | (answers or {})
    fields = {
        f"{s.title}/{label}": Answer("", f'{s.place}, "{label}"')
        for s in LAYOUT.sections
        for label in (*(f.label for f in s.fields + s.boxes), *s.specify)
    }
    for key, value in given.items():
        name = NAMES.get(key, key)
        fields[name] = value if isinstance(value, Answer) else replace(fields[name], text=value)
    questions = {
        f"{s.title}/{q.label}": Choice(None, f'{s.place}, "{q.label}"') for s in LAYOUT.sections for q in s.questions
    }
    tables: dict[str, Any] = {s.title: () for s in LAYOUT.sections if s.columns}
    return replace(WordForm("referral", fields, questions, (CRITERION,), tables), **changes)


def examine(answers: dict[str, Any] | None = None, **changes: Any) -> Examined:
    return examine_referral(form(answers, **changes), LAYOUT, TODAY)


def returned(examined: Examined) -> list[tuple[str, str]]:
    return [(p.code, p.where) for p in examined.problems if p.severity == "return"]


def notes(examined: Examined) -> list[tuple[str, str]]:
    return [(p.code, p.where) for p in examined.problems if p.severity == "note"]


def believed(examined: Examined) -> Referral:
    assert isinstance(examined.believed, Referral)
    return examined.believed


def test_believes_a_form_with_every_required_answer() -> None:
    examined = examine()
    assert returned(examined) == []
    assert examined.case == "CF104233"
    referral = believed(examined)
    assert (referral.case, referral.name, referral.date_of_birth) == (
        "CF104233", "Jordan Testcase", dt.date(2010, 2, 14),
    )  # fmt: skip
    assert referral.date == dt.date(2026, 11, 3)
    assert referral.criteria == ("Out of county placement",)
    assert referral.answers["reason"] == FULL["reason"] and referral.answers["gp"] == ""
    assert referral.answers.keys() == NAMES.keys()
    assert referral.questions == {"young_person_aware": None, "parents_aware": None}
    assert referral.notes == examined.problems


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("case", 'section B, "Social care ID"'),
        ("surname", 'section B, "Surname"'),
        ("date_of_birth", 'section B, "Date of birth"'),
        ("referrer", 'section A, "Referrer name"'),
        ("referrer_telephone", 'section A, "Telephone"'),
        ("allocated_worker", 'section C, "Allocated worker"'),
        ("reason", 'section F, "Reason for referral and outcome sought"'),
    ],
)
def test_goes_back_for_want_of_each_required_answer(key: str, where: str) -> None:
    examined = examine({key: ""})
    assert returned(examined) == [("missing", where)]
    assert examined.believed is None
    assert examined.case == (None if key == "case" else "CF104233")


def test_goes_back_for_want_of_a_criterion() -> None:
    examined = examine(ticked=(Tick(H.title, "Youth Offending Service", "section H"),))
    assert returned(examined) == [("missing", "section E")]
    assert E.title in examined.problems[0].what


def test_goes_back_for_nothing_else() -> None:
    """Everything that is required is in the layout: the forename, the manager's telephone and the rest are notes."""
    required = {f.key for s in LAYOUT.sections for f in s.fields + s.boxes if f.required}
    assert required == FULL.keys() - {"date_of_referral", "forenames"}
    assert [s.key for s in LAYOUT.sections if s.one_required] == ["criteria"]


def test_says_all_that_is_wanting_at_once_reasons_for_the_return_first() -> None:
    examined = examine(dict.fromkeys(FULL, ""), ticked=())
    assert len(returned(examined)) == 8
    assert [p.severity for p in examined.problems] == sorted((p.severity for p in examined.problems), reverse=True)
    assert ("unanswered", 'section B, "Forename(s)"') in notes(examined)


@pytest.mark.parametrize("text", ["N/A", "n/k", "not known", "none", "Unknown", "?", "TBC", "-", "."])
@pytest.mark.parametrize("key", ["case", "surname", "date_of_birth", "referrer_telephone", "allocated_worker"])
def test_not_known_answers_no_identity_field(key: str, text: str) -> None:
    assert [code for code, _ in returned(examine({key: text}))] == ["missing"]


@pytest.mark.parametrize("text", ["N/A", "n/k", "not known", "none"])
def test_not_known_answers_every_other_field(text: str) -> None:
    examined = examine({"gp": text, "date_agreed": text, "reason": text})
    assert returned(examined) == []
    assert believed(examined).answers["gp"] == text
    assert {'section B, "GP"', 'section A, "Date agreed"'}.isdisjoint(where for _, where in notes(examined))


@pytest.mark.parametrize("text", ["31/02/2010", "14 Feb", "about 16", "02/14/2010", "22/11/2026", "14/02/1910"])
def test_a_date_of_birth_that_cannot_be_right_goes_back(text: str) -> None:
    examined = examine({"date_of_birth": text})
    assert returned(examined) == [("unreadable-date", 'section B, "Date of birth"')]
    assert text not in examined.problems[0].what + examined.problems[0].remedy


@pytest.mark.parametrize("text", ["21/11/2026", "01/01/1996"])
def test_the_first_and_the_last_date_of_birth_that_can_be_right(text: str) -> None:
    assert returned(examine({"date_of_birth": text})) == []


@pytest.mark.parametrize("text", ["soon", "2026", "31/11/2026"])
def test_another_date_that_cannot_be_read_is_a_note(text: str) -> None:
    examined = examine({"date_of_referral": text, "panel_date": text, "signed_on": "4/11/26"})
    assert returned(examined) == []
    places = [where for code, where in notes(examined) if code == "unreadable-date"]
    assert places == ['section A, "Date of referral"', 'For office use, "Panel date"']
    assert believed(examined).date == dt.date(2026, 11, 4)


def test_a_date_of_referral_in_the_future_is_a_note() -> None:
    examined = examine({"date_of_referral": "22/11/2026", "panel_date": "1/12/2026"})
    assert [n for n in notes(examined) if n[0] == "future-date"] == [("future-date", 'section A, "Date of referral"')]
    assert believed(examined).date == dt.date(2026, 11, 22)


def test_without_any_date_the_referral_has_none() -> None:
    assert believed(examine({"date_of_referral": ""})).date is None


@pytest.mark.parametrize(
    ("text", "picked", "date"),
    [
        ("14 February 2010", dt.date(2010, 2, 14), dt.date(2010, 2, 14)),
        ("2/14/2010", dt.date(2010, 2, 14), dt.date(2010, 2, 14)),
        ("11/3/2026", dt.date(2026, 11, 3), dt.date(2026, 11, 3)),
        ("3/11/2026", dt.date(2020, 1, 1), None),
        ("3/11/2025", dt.date(2026, 3, 11), None),
        ("", None, None),
        ("3/11/2026", None, dt.date(2026, 11, 3)),
    ],
)
def test_a_picker_that_shows_another_date_than_it_holds_is_no_date(
    text: str, picked: dt.date | None, date: dt.date | None
) -> None:
    assert date_of(Answer(text, "x", picked)) == date


def test_an_id_may_be_written_in_groups() -> None:
    assert examine({"case": "cf 104 233 "}).case == "CF104233"


@pytest.mark.parametrize(
    "text", ["CF/104233", "CF104233?", "see file", "9" * 41, "CF104233\nCF104240", "CF104233 and CF104240"]
)
def test_an_id_that_cannot_be_one_goes_back(text: str) -> None:
    examined = examine({"case": text})
    assert returned(examined) == [("unclear-id", 'section B, "Social care ID"')]
    assert examined.case is None


def test_every_blank_is_a_note_but_those_of_the_office() -> None:
    examined = examine()
    places = {where for code, where in notes(examined) if code == "unanswered"}
    assert {'section B, "Gender"', 'section F, "Gaps in provision"', "section D", "section G", "section H"} <= places
    assert 'section J, "Is the young person aware of this referral?"' in places
    assert not any("office" in place or "specify" in place for place in places)


def test_what_the_reader_saw_is_kept_and_a_question_is_not_called_blank_twice() -> None:
    where = 'section J, "Is the young person aware of this referral?"'
    seen = Problem("note", "unclear-answer", where, "It is not clear.", "Tick one.")
    examined = examine(notes=(seen,))
    assert [code for code, place in notes(examined) if place == where] == ["unclear-answer"]


def test_both_boxes_ticked_is_named() -> None:
    name = "J. Views/Is the young person aware of this referral?"
    blank = form()
    questions = {**blank.questions, name: Choice(None, "section J", both=True)}
    assert ("two-marks", "section J") in notes(examine(questions=questions))


def test_other_ticked_without_words_and_words_without_a_tick_are_notes() -> None:
    criterion, invited = f"{E.title}/{E.specify[0]}", f"{H.title}/{H.specify[0]}"
    ticked = (CRITERION, Tick(E.title, E.specify[0], "section E"))
    examined = examine({invited: "Dr A. Other"}, ticked=ticked)
    assert ("unanswered", f'section E, "{E.specify[0]}"') in notes(examined)
    assert ("not-ticked", f'section H, "{H.specify[0]}"') in notes(examined)
    assert believed(examined).specified == {E.specify[0]: "", H.specify[0]: "Dr A. Other"}
    assert criterion.startswith(E.title)


def test_no_problem_repeats_what_was_written() -> None:
    secret = "Zebedee/99"
    examined = examine(dict.fromkeys(NAMES, secret), ticked=())
    assert len(returned(examined)) == 3
    assert not any(secret in p.what + p.remedy + p.where for p in examined.problems)


@pytest.mark.parametrize(
    ("said", "what"), [("N/A", 'says only "N/A"'), ("", "is not answered"), ("-", "is not answered")]
)
def test_an_answer_that_is_none_is_named_as_it_was_written(said: str, what: str) -> None:
    (problem,) = (p for p in examine({"allocated_worker": said}).problems if p.severity == "return")
    assert problem.what == f'"Allocated worker" {what}.'


def test_a_date_of_birth_that_its_age_contradicts_goes_back() -> None:
    for said in ("14/02/2010 (age 16)", "14/02/2010 (age 17)", "DOB: 14/02/2010"):
        assert believed(examine({"date_of_birth": said})).date_of_birth == dt.date(2010, 2, 14)
    examined = examine({"date_of_birth": "14/02/2010 (age 12)"})
    assert returned(examined) == [("unreadable-date", 'section B, "Date of birth"')]
    assert "age" in examined.problems[0].what


def test_a_date_picker_that_holds_another_date_is_what_the_note_speaks_of() -> None:
    answer = Answer("14/02/2010", 'section B, "Date of birth"', dt.date(2011, 3, 15))
    assert "picker" in examine({"date_of_birth": answer}).problems[0].what


@pytest.mark.parametrize(("key", "label"), [("surname", "Surname"), ("forenames", "Forename(s)")])
def test_two_names_at_one_label_may_be_two_children_and_go_back(key: str, label: str) -> None:
    where = f'section B, "{label}"'
    note = Problem("note", "answered-twice", where, "what", "remedy")
    assert returned(examine({key: "Jordan\nSam"}, notes=(note,))) == [("two-people", where)]
    assert returned(examine({key: "Jordan\nSam"})) == []


def test_what_the_form_no_longer_asks_is_named_once() -> None:
    gone = Problem("note", "missing-label", "section J", 'The form no longer has: "Young person\'s views".', "remedy")
    places = [where for code, where in notes(examine(notes=(gone,))) if code == "unanswered"]
    assert 'section J, "Young person\'s views"' not in places
    assert "section J, \"Parents' / carers' views\"" in places
