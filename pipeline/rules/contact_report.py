"""A contact report as it was read comes in; every problem, and the believed report unless it goes back, go out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from pipeline.rules.case import ContactReport, Moment
from pipeline.rules.dates import parse_time
from pipeline.rules.examined import Examined
from pipeline.rules.form import Answer, Problem, WordForm
from pipeline.rules.layout import WordLayout
from pipeline.rules.word_answers import Asks, answers_of, case_of, date_of
from pipeline.rules.word_problems import goes_back, in_order, word_problems

ASKS = Asks(
    fields={
        "case": "text", "name": "text", "date_of_birth": "date", "seen_by": "text",
        "contact_date": "date", "contact_time": "time", "told_date": "date", "told_time": "time",
        "written_date": "date", "written_time": "time",
    },
    required=frozenset({"case", "name", "contact_date", "seen_by"}),
)  # fmt: skip
_PAST = frozenset({"contact_date", "told_date", "written_date"})


def examine_contact_report(form: WordForm, layout: WordLayout, today: dt.date) -> Examined:
    """Examine every answer; ``believed`` is None where one that is required is wanting or unclear."""
    answers = answers_of(form, layout)
    contact, told, written = (_moment(answers, key) for key in ("contact", "told", "written"))
    problems = in_order([*word_problems(form, layout, today, past=_PAST), *_before_contact(answers)])
    case = case_of(answers["case"])
    if goes_back(problems) or case is None or contact is None:
        return Examined(form, case, problems, None)
    believed = ContactReport(
        case=case,
        name=answers["name"].text,
        date_of_birth=date_of(answers["date_of_birth"]),
        contact=contact,
        told=told,
        written=written,
        answers={key: answer.text for key, answer in answers.items()},
        form=form,
        notes=problems,
    )
    return Examined(form, case, problems, believed)


def _moment(answers: Mapping[str, Answer], key: str) -> Moment | None:
    day = date_of(answers[f"{key}_date"])
    return Moment(day, parse_time(answers[f"{key}_time"].text)) if day else None


def _before_contact(answers: Mapping[str, Answer]) -> Iterator[Problem]:
    """Nobody is told of a contact before it: whether it was told within 24 hours hangs on both (2.5.14)."""
    contact = _moment(answers, "contact")
    for key, done in (("told", "The allocated worker was told"), ("written", "The report was written")):
        moment = _moment(answers, key)
        if contact and moment and _is_before(moment, contact):
            yield Problem(
                "return", "contradiction", answers[f"{key}_date"].where,
                f"{done} before the contact, by the dates and times on the form.",
                "Check the day and the time of both, correct the one that is wrong and drop the form again.",
            )  # fmt: skip


def _is_before(moment: Moment, other: Moment) -> bool:
    if moment.day != other.day or moment.time is None or other.time is None:
        return moment.day < other.day
    return moment.time < other.time
