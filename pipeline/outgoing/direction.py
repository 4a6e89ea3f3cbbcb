"""The matrices of a case come in; how the score has moved over time goes out: in words, as a table and as a chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.pictures import Point, Threshold, course_chart, describe_course
from pipeline.outgoing.wording import long_date, sentence_case
from pipeline.rules.case import Assessment, Case, Range, ScoredRow
from pipeline.rules.layout import PROTECTIVE, MatrixLayout

# What the templates call the chart.
CHART = "course"


def course(occasion: Occasion, since: dt.date | None = None) -> dict[str, object]:
    """The matrix at every date, the direction, and what has moved (Stockport 3.3); nothing where there is no matrix.

    ``since``: only the course after that day is told, with the matrix before it that it is measured against.
    """
    case, assessment = occasion.case, occasion.case.assessment
    if assessment is None:
        return {}
    points = _told(case, since)
    moved, may_have_moved = moves(case.history[-1], assessment) if case.history else ([], [])
    return {
        "course": [_row(a, this=a is assessment) for a in points],
        "has_course": len(points) > 1,
        "has_history": bool(case.history),
        "direction": direction(case.history, assessment),
        "later": _later(assessment, case.later),
        "moved": moved,
        "may_have_moved": may_have_moved,
        "chart_says": describe_course(_points(points, assessment), _thresholds(occasion.layout)),
    }


def pictures(occasion: Occasion, since: dt.date | None = None) -> dict[str, bytes]:
    """The chart of the same course; none where it would be a single point."""
    points = _points(_told(occasion.case, since), occasion.case.assessment)
    return {CHART: course_chart(points, _thresholds(occasion.layout))} if len(points) > 1 else {}


def _told(case: Case, since: dt.date | None) -> tuple[Assessment, ...]:
    if case.assessment is None:
        return ()
    before = [a for a in case.history if since and a.date <= since]
    return (*case.history[max(0, len(before) - 1) :], case.assessment, *case.later)


def direction(history: Sequence[Assessment], assessment: Assessment) -> str:
    """Whether the score is rising, steady or falling since the assessment before; ranges that overlap do not tell."""
    if not history:
        return "This is the first assessment on record, so it does not show a direction yet."
    before, now = history[-1].score.total, assessment.score.total
    then, day = long_date(history[-1].date), long_date(assessment.date)
    if now == before and now.certain:
        return f"The net score is steady: it was {now} on {then}, and it was {now} on {day}."
    if _apart(before, now):
        way = "rising" if now.low > before.high else "falling"
        return f"The net score is {way}: from {_figure(before)} on {then} to {_figure(now)} on {day}."
    return f"The matrix does not tell the direction: the scores overlap ({before} on {then}, {now} on {day})."


def moves(before: Assessment, now: Assessment) -> tuple[list[str], list[str]]:
    """What has moved for certain ("Drug Misuse: from 0 to 6"), and what may have: its ranges overlap."""
    scores = {(row.section, row.item): row.total for row in before.score.rows}
    pairs = [(row, scores[row.section, row.item]) for row in now.score.rows if (row.section, row.item) in scores]
    moved = [_move(row, was) for row, was in pairs if _apart(was, row.total)]
    open_ = [
        _move(row, was) for row, was in pairs if not _apart(was, row.total) and not (was.certain and row.total.certain)
    ]
    return moved, open_


def _apart(one: Range, other: Range) -> bool:
    return one.high < other.low or other.high < one.low


def _move(row: ScoredRow, was: Range) -> str:
    item = sentence_case(row.item) + (" (protective factor)" if row.section == PROTECTIVE else "")
    return f"{item}: from {_figure(was)} to {_figure(row.total)}"


def _figure(score: Range) -> str:
    """A range within a sentence that has a "to" of its own."""
    return str(score) if score.certain else f"between {score.low} and {score.high}"


def _row(assessment: Assessment, *, this: bool) -> dict[str, object]:
    return {
        "date": long_date(assessment.date),
        "score": str(assessment.score.total),
        "band": assessment.band_label,
        "this": this,
    }


def _later(assessment: Assessment, later: Sequence[Assessment]) -> str:
    if not later:
        return ""
    return (
        f"A later assessment is held, of {long_date(later[-1].date)}. "
        f"This document is about the one of {long_date(assessment.date)}."
    )


def _points(assessments: Sequence[Assessment], current: Assessment | None) -> list[Point]:
    return [Point(a.date, a.score.total, current=a is current) for a in assessments]


def _thresholds(layout: MatrixLayout) -> list[Threshold]:
    return [Threshold(band.at_least, band.label) for band in layout.bands if band.at_least is not None]
