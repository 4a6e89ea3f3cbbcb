"""A contact is believed with the times on the form; what cannot be right goes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from pipeline.rules.case import ContactReport, Moment
from pipeline.rules.contact_report import examine_contact_report
from pipeline.rules.examined import Examined
from pipeline.rules.form import Answer, Problem
from tests.factories import CONTACT_REPORT
from tests.word_forms import noted, returned, word_form

TODAY = dt.date(2026, 11, 21)
# Every answer that the form asks for; section A's date of birth and what was done about a risk may stay blank.
FULL = {
    "name": "Jordan Testcase", "case": "CF 104233", "contact_date": "20/11/2026", "contact_time": "22:40",
    "place": "Bus station", "seen_by": "PC B. Officer", "agency": "Police, 101", "appearance": "Tired",
    "behaviour": "Calm", "help": "Offered a lift", "told": "Duty worker", "told_date": "20/11/2026",
    "told_time": "11.05pm", "written_date": "21/11/2026", "written_time": "0900",
}  # fmt: skip
DAY, TOLD, WRITTEN = (
    'section B, "Date of contact"', 'section D, "Date told"', 'section D, "Date this report was written"',
)  # fmt: skip


def examine(notes: Sequence[Problem] = (), **answers: str | Answer) -> Examined:
    return examine_contact_report(word_form(CONTACT_REPORT, {**FULL, **answers}, notes=notes), CONTACT_REPORT, TODAY)


def believed(examined: Examined) -> ContactReport:
    assert isinstance(examined.believed, ContactReport), examined.problems
    return examined.believed


def test_a_contact_is_believed_with_its_times() -> None:
    examined = examine(date_of_birth="14/02/2010")
    assert examined.problems == () and examined.case == "CF104233"
    report = believed(examined)
    assert (report.case, report.name, report.date_of_birth) == (
        "CF104233", "Jordan Testcase", dt.date(2010, 2, 14),
    )  # fmt: skip
    assert report.contact == Moment(dt.date(2026, 11, 20), dt.time(22, 40))
    assert report.told == Moment(dt.date(2026, 11, 20), dt.time(23, 5))
    assert report.written == Moment(dt.date(2026, 11, 21), dt.time(9, 0))
    assert report.answers["behaviour"] == "Calm" and report.answers["immediate_risk"] == ""


def test_what_is_blank_is_a_note_and_no_moment() -> None:
    examined = examine(told_date="", written_date="", contact_time="")
    assert noted(examined) == [
        ("unanswered", 'section B, "Time of contact"'), ("unanswered", TOLD), ("unanswered", WRITTEN),
    ]  # fmt: skip
    report = believed(examined)
    assert (report.contact, report.told, report.written) == (Moment(dt.date(2026, 11, 20)), None, None)
    assert report.notes == examined.problems and report.date_of_birth is None


@pytest.mark.parametrize("text", ["10", "late", "25:00", "9:05"])
def test_a_time_that_cannot_be_read_is_a_note_and_no_time(text: str) -> None:
    examined = examine(contact_time=text)
    assert noted(examined) == [("unreadable-time", 'section B, "Time of contact"')]
    assert believed(examined).contact == Moment(dt.date(2026, 11, 20), None)
    assert text not in examined.problems[0].what


def test_a_day_told_that_cannot_be_read_is_a_note_and_no_moment() -> None:
    examined = examine(told_date="yesterday")
    assert noted(examined) == [("unreadable-date", TOLD)]
    assert believed(examined).told is None


@pytest.mark.parametrize("key", ["name", "case", "contact_date", "seen_by"])
def test_goes_back_for_want_of_each_required_answer(key: str) -> None:
    for text in ("", "not known"):
        examined = examine(**{key: text})
        assert [code for code, _ in returned(examined)] == ["missing"]
        assert examined.believed is None and examined.case == (None if key == "case" else "CF104233")


@pytest.mark.parametrize(("text", "code"), [("22/11/2026", "future-date"), ("Friday", "unreadable-date")])
def test_a_day_of_contact_that_cannot_be_right_goes_back(text: str, code: str) -> None:
    examined = examine(contact_date=text, told_date="", written_date="")
    assert returned(examined) == [(code, DAY)]
    assert examined.problems[0].remedy


def test_a_day_told_in_the_future_is_a_note() -> None:
    assert noted(examine(told_date="22/11/2026")) == [("future-date", TOLD)]


@pytest.mark.parametrize(
    ("answers", "where"),
    [
        ({"told_date": "19/11/2026"}, TOLD),
        ({"told_time": "22:39"}, TOLD),
        ({"written_date": "20/11/2026", "written_time": "22:39"}, WRITTEN),
        ({"written_date": "19/11/2026", "written_time": ""}, WRITTEN),
    ],
)
def test_told_or_written_before_the_contact_goes_back(answers: dict[str, str], where: str) -> None:
    assert returned(examine(**answers)) == [("contradiction", where)]


@pytest.mark.parametrize("answers", [{"told_time": "22:40"}, {"told_time": "soon"}, {"contact_time": ""}])
def test_told_at_once_or_at_a_time_that_nobody_knows_is_no_contradiction(answers: dict[str, str]) -> None:
    assert returned(examine(**answers)) == []


def test_a_date_of_birth_that_cannot_be_read_and_two_names_go_back() -> None:
    assert returned(examine(date_of_birth="2010")) == [("unreadable-date", 'section A, "Date of birth"')]
    note = Problem("note", "answered-twice", 'section A, "Name"', "what", "remedy")
    assert returned(examine(notes=[note], name="Jordan\nSam")) == [("two-people", 'section A, "Name"')]
