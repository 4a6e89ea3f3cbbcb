"""The dates that a matrix gives come in; the one that leads goes out, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pipeline.rules.dates import age_on, parse_date
from pipeline.rules.form import Answer, Problem, Severity
from pipeline.rules.layout import DATED, Field, MatrixLayout

# As for a referral: who was born longer ago is no young person, so that a digit of the year must be wrong.
OLDEST = 30
# No assessment by this procedure is older: a digit of the year must be wrong ("3/11/1026"), or it is no date at all
# (Excel shows the number 5 as 5 January 1900). Believed, it would stand as the oldest of its case.
_FIRST_YEAR = 2000


def read_dates(layout: MatrixLayout, answers: Mapping[str, Answer]) -> dict[str, dt.date | None]:
    """Every field of the layout that asks for a date, by its key."""
    dates = {f.key: _written(answers[f.key]) for f in layout.fields if f.answer == "date"}
    return {key: None if key in DATED and day and day.year < _FIRST_YEAR else day for key, day in dates.items()}


def _written(answer: Answer) -> dt.date | None:
    return answer.date or parse_date(answer.text)


def age_of(dates: Mapping[str, dt.date | None]) -> int | None:
    """The young person's age on the day of the assessment; None where either date is not known or one must be wrong."""
    born, day = dates.get("date_of_birth"), leading_date(dates)
    age = age_on(born, day) if born and day else -1
    return age if 0 <= age <= OLDEST else None


def leading_date(dates: Mapping[str, dt.date | None]) -> dt.date | None:
    """The assessment date where the form has one, else the date completed."""
    return next((day for key in DATED if (day := dates.get(key))), None)


def date_problems(
    layout: MatrixLayout, answers: Mapping[str, Answer], dates: Mapping[str, dt.date | None], today: dt.date
) -> list[Problem]:
    asked = [field for key in DATED if (field := layout.field(key))]
    problems = []
    none_at_all = not any(dates[f.key] for f in asked)
    for field in asked:
        answer = answers[field.key]
        if answer.text.strip() and dates[field.key] is None:
            problems.append(_unreadable_date(field, answer, "return" if none_at_all else "note"))
        elif (day := dates[field.key]) and day > today:
            what = f"The date beside “{field.label}” lies in the future."
            problems.append(Problem("note", "future-date", answer.where, what, "Check the day, month and year."))
    if none_at_all and not any(answers[f.key].text.strip() for f in asked):
        where = ", ".join(answers[f.key].where for f in asked)
        neither = " nor ".join(f"“{f.label}”" for f in asked)
        what = f"Neither {neither} is filled in." if len(asked) > 1 else f"{neither} is not filled in."
        remedy = "Write at least one of the two dates." if len(asked) > 1 else "Write the date."
        problems.append(Problem("return", "missing", where, what, remedy))
    elif not none_at_all and not all(dates[f.key] for f in asked):
        leading, other = asked
        problems.append(_only_date(leading if dates[leading.key] else other, other, leading, answers))
    return problems


def _unreadable_date(field: Field, answer: Answer, severity: Severity) -> Problem:
    what = f"The date beside “{field.label}” cannot be read as a day."
    if _written(answer):
        what = f"The date beside “{field.label}” lies before the year {_FIRST_YEAR}, so it cannot be right."
    remedy = "Write it as day, month, year, for example 30/10/2026."
    return Problem(severity, "unreadable-date", answer.where, what, remedy)


def age_problems(
    layout: MatrixLayout, answers: Mapping[str, Answer], dates: Mapping[str, dt.date | None]
) -> list[Problem]:
    """A date of birth that gives no age; where the band hangs on it, the open band sends the form back."""
    field = layout.field("date_of_birth")
    if not field or not answers[field.key].text.strip():
        return []
    answer = answers[field.key]
    if dates[field.key] is None:
        return [_unreadable_date(field, answer, "note")]
    if age_of(dates) is None and leading_date(dates):
        what = f"The date beside “{field.label}” is not that of a young person on the day of the assessment."
        return [Problem("note", "unreadable-date", answer.where, what, "Check the day, month and year of both dates.")]
    return []


def _only_date(used: Field, other: Field, leading: Field, answers: Mapping[str, Answer]) -> Problem:
    lacking = other if used is leading else leading
    return Problem(
        "note",
        "one-date",
        answers[lacking.key].where,
        f"There is no date to be read beside “{lacking.label}”, so the date beside “{used.label}” is used.",
        "Write both dates next time.",
    )
