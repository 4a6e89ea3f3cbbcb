"""A matrix as read comes in; an Assessment that may be believed goes out, or every reason why the form goes back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.rules.case import Assessment, Score, ScoredRow
from pipeline.rules.dates import parse_date
from pipeline.rules.examined import Examined
from pipeline.rules.form import Answer, MatrixForm, Problem
from pipeline.rules.identity import case_reference, is_not_known
from pipeline.rules.layout import Band, Field, MatrixLayout
from pipeline.rules.scoring import band_of, band_of_range, fewest_that_may_settle, score


def examine_matrix(form: MatrixForm, layout: MatrixLayout, today: dt.date) -> Examined:
    """Validate and score ``form``; ``today`` tells which dates lie in the future."""
    answers = {f.key: form.fields[f.label] for f in layout.fields}
    dates = {f.key: _date(answers[f.key]) for f in layout.fields if f.answer == "date"}
    case = case_reference(answers["case"].text)
    scored, doubts = score(form, layout)
    band = band_of_range(scored.total, layout.bands)
    problems = [
        *form.notes,
        *_missing(layout, answers),
        *_case_problems(answers["case"], case),
        *_date_problems(layout, answers, dates, today),
        *_stated_total(answers["stated_total"], scored, band, layout),
        *_stated_band(answers["stated_band"], band, layout),
        *(doubts if band else (_spans_bands(scored, layout), *_must_be_settled(doubts, scored))),
    ]
    problems.sort(key=lambda p: p.severity != "return")
    returned = any(p.severity == "return" for p in problems)
    believed = None
    if not returned and band and case:
        behaviours = band_of_range(scored.sections["behaviour"], layout.bands)
        believed = Assessment(
            case=case,
            name=" ".join(answers["name"].text.split()),
            completed_by=" ".join(answers["completed_by"].text.split()),
            date=_leading_date(dates),
            assessment_date=dates["assessment_date"],
            date_completed=dates["date_completed"],
            score=scored,
            band=band.key,
            band_label=band.label,
            band_without_protective=behaviours.label if behaviours else None,
            form=form,
            notes=tuple(problems),
        )
    return Examined(
        form=form,
        case=case,
        problems=tuple(problems),
        believed=believed,
        score=scored,
        band=band.key if band else None,
        first=_say_first(scored, layout, returned),
    )


def _date(answer: Answer) -> dt.date | None:
    return answer.date or parse_date(answer.text)


def _leading_date(dates: Mapping[str, dt.date | None]) -> dt.date:
    leading = dates["assessment_date"] or dates["date_completed"]
    assert leading is not None, "a matrix without a date has been returned"
    return leading


def _missing(layout: MatrixLayout, answers: Mapping[str, Answer]) -> list[Problem]:
    missing = []
    for field in layout.fields:
        answer = answers[field.key]
        if field.required and (not answer.text.strip() or (field.identity and is_not_known(answer.text))):
            missing.append(
                Problem("return", "missing", answer.where, f"“{field.label}” is not filled in.", field.remedy)
            )
    return missing


def _case_problems(answer: Answer, case: str | None) -> list[Problem]:
    if case or not answer.text.strip() or is_not_known(answer.text):
        return []
    what = "The Care First Id is not one that a case can be filed under."
    return [Problem("return", "unclear-id", answer.where, what, "Write the number alone, for example CF104233.")]


def _date_problems(
    layout: MatrixLayout, answers: Mapping[str, Answer], dates: Mapping[str, dt.date | None], today: dt.date
) -> list[Problem]:
    leading, other = layout.field("assessment_date"), layout.field("date_completed")
    problems = []
    none_at_all = not any(dates.values())
    for field in (leading, other):
        answer = answers[field.key]
        if answer.text.strip() and dates[field.key] is None:
            what = f"The date beside “{field.label}” cannot be read as a day."
            remedy = "Write it as day, month, year, for example 30/10/2026."
            problems.append(Problem("return" if none_at_all else "note", "unreadable-date", answer.where, what, remedy))
        elif (day := dates[field.key]) and day > today:
            what = f"The date beside “{field.label}” lies in the future."
            problems.append(Problem("note", "future-date", answer.where, what, "Check the day, month and year."))
    if none_at_all and not any(answers[f.key].text.strip() for f in (leading, other)):
        where = f"{answers[leading.key].where}, {answers[other.key].where}"
        what = f"Neither “{leading.label}” nor “{other.label}” is filled in."
        problems.append(Problem("return", "missing", where, what, "Write at least one of the two dates."))
    elif not none_at_all and not all(dates.values()):
        problems.append(_only_date(leading if dates[leading.key] else other, other, leading, answers))
    return problems


def _only_date(used: Field, other: Field, leading: Field, answers: Mapping[str, Answer]) -> Problem:
    lacking = other if used is leading else leading
    return Problem(
        "note",
        "one-date",
        answers[lacking.key].where,
        f"There is no date to be read beside “{lacking.label}”, so the date beside “{used.label}” is used.",
        "Write both dates next time.",
    )


def _stated_total(stated: Answer, scored: Score, band: Band | None, layout: MatrixLayout) -> list[Problem]:
    """Compare the total that the form itself states; one that its own formula made is never believed over the marks."""
    number = re.match(r"[-−]?\d+(\.0+)?(?![\d.])", text := stated.text.strip())
    if not text or (stated.formula and not number):
        return []
    label = layout.field("stated_total").label
    if not number:
        what = f"What stands beside “{label}” cannot be read as a number, so it was not compared."
        return [Problem("note", "stated-total", stated.where, what, "The total is worked out from the marks.")]
    points = int(float(number.group().replace("−", "-")))
    if scored.total.low <= points <= scored.total.high:
        return []
    other_band = band is not None and band_of(points, layout.bands) is not band
    severe = other_band and not stated.formula
    what = f"“{label}” states a total that the marks do not give: they give {scored.total}"
    what += f", which is “{band.label}”; the stated total would be another band." if other_band and band else "."
    remedy = "Check the marks row by row, then correct either the marks or the total."
    return [Problem("return" if severe else "note", "stated-total", stated.where, what, remedy)]


def _stated_band(stated: Answer, band: Band | None, layout: MatrixLayout) -> list[Problem]:
    text = " ".join(stated.text.split()).casefold()
    if not text or band is None:
        return []
    meant = [b for b in layout.bands if len(text) >= 4 and (text in b.label.casefold() or b.label.casefold() in text)]
    label = layout.field("stated_band").label
    if len(meant) == 1:
        if meant[0] is band:
            return []
        what = f"“{label}” states another outcome than the marks give, which is “{band.label}”."
    elif stated.formula:
        return []
    else:
        what = f"What stands beside “{label}” is none of the form's outcomes, so it was not compared."
    severe = len(meant) == 1 and not stated.formula
    remedy = "Check the marks row by row, then correct either the marks or the assessment."
    return [Problem("return" if severe else "note", "stated-total", stated.where, what, remedy)]


def _spans_bands(scored: Score, layout: MatrixLayout) -> Problem:
    total = scored.total
    low, high = band_of(total.low, layout.bands), band_of(total.high, layout.bands)
    unsettled = [r for r in scored.rows if not r.total.certain]
    return Problem(
        "return",
        "uncertain-band",
        ", ".join(r.span for r in unsettled),
        f"The score may be anything from {total}: from “{low.label}” to “{high.label}”. "
        "What is not answered or not clear leaves the outcome open.",
        f"Answer first: {_items(fewest_that_may_settle(scored.rows, total, layout.bands))}. "
        "Then any other row that is named below.",
    )


def _must_be_settled(doubts: Sequence[Problem], scored: Score) -> list[Problem]:
    """Where the band is open, the doubts about behaviours send the form back; a missing factor stays a note."""
    factors = {r.span for r in scored.rows if r.section == "protective"}
    return [p if p.code == "unanswered" and p.where in factors else replace(p, severity="return") for p in doubts]


def _items(rows: Iterable[ScoredRow]) -> str:
    return "; ".join(f"{r.item} ({r.span})" for r in rows)


def _say_first(scored: Score, layout: MatrixLayout, returned: bool) -> tuple[str, ...]:
    """What a form that goes back may hide: said before anything else, because a child may be at risk meanwhile."""
    if not returned:
        return ()
    total = scored.total
    low, high = band_of(total.low, layout.bands), band_of(total.high, layout.bands)
    lowest = layout.bands[-1]
    if low is high:
        certain = f"The marks on this form already give “{low.label}” (score {total})."
    elif low is lowest:
        certain = f"The score on this form may be as high as {total.high}: “{high.label}”."
    else:
        certain = (
            f"It is already certain that the score is {total.low} or more: at least “{low.label}”. "
            f"It may be as high as {total.high}: “{high.label}”."
        )
    if high is lowest:
        return (certain,)
    return (
        certain,
        "Do not wait for this form. If you think the young person is at high risk, speak to your manager today.",
    )
