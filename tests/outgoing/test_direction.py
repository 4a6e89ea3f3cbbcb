"""How a score has moved over time, as the documents say it: the table, the direction, what moved, the chart."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.outgoing.direction import course, direction, moves, pictures
from pipeline.outgoing.occasion import Occasion
from pipeline.rules.case import Assessment, Range
from tests import factories as make

JUNE, DECEMBER = dt.date(2026, 6, 5), dt.date(2026, 12, 7)
LOW, HIGH = ((1, 1),) * 11, ((2, 2),) * 11
OPEN = (*((2, 2),) * 10, (None, None))


def occasion(*earlier: Assessment, later: tuple[Assessment, ...] = ()) -> Occasion:
    case = replace(make.case(assessment=make.assessment(), history=earlier), later=later)
    return make.occasion(make.assessment(), case, make.decision())


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (LOW, HIGH, "The net score is rising: from 18 on Friday 5 June 2026 to 51 on Friday 30 October 2026."),
        (HIGH, LOW, "The net score is falling: from 51 on Friday 5 June 2026 to 18 on Friday 30 October 2026."),
        (
            LOW,
            LOW,
            "The net score is steady: it was 18 on Friday 5 June 2026, and it was 18 on Friday 30 October 2026.",
        ),
        (
            OPEN,
            LOW,
            "The net score is falling: from between 46 and 52 on Friday 5 June 2026 to 18 on Friday 30 October 2026.",
        ),
        (
            OPEN,
            HIGH,
            "The matrix does not tell the direction: the scores overlap (46 to 52 on Friday 5 June 2026, 51 on Friday "
            "30 October 2026).",
        ),
    ],
)
def test_the_direction_is_said_only_where_the_ranges_show_it(
    before: make.Marks, now: make.Marks, expected: str
) -> None:
    history = [make.assessment(date=JUNE, behaviours=before)]
    assert direction(history, make.assessment(behaviours=now)) == expected


def test_two_equal_ranges_do_not_count_as_steady() -> None:
    history = [make.assessment(date=JUNE, behaviours=OPEN)]
    assert direction(history, make.assessment(behaviours=OPEN)).startswith("The matrix does not tell")


def test_a_first_assessment_has_no_direction() -> None:
    assert direction([], make.assessment()).startswith("This is the first assessment")


ranges = st.tuples(st.integers(-18, 66), st.integers(-18, 66)).map(lambda ends: Range(min(ends), max(ends)))


@given(before=ranges, now=ranges)
def test_a_direction_is_one_that_every_score_in_the_ranges_shows(before: Range, now: Range) -> None:
    older, newer = (
        replace(a, score=replace(a.score, total=total))
        for a, total in ((make.assessment(date=JUNE), before), (make.assessment(), now))
    )
    steps = {(b > a) - (b < a) for a in (before.low, before.high) for b in (now.low, now.high)}
    word = {1: "rising", -1: "falling", 0: "steady"}[steps.pop()] if len(steps) == 1 else "does not tell"
    assert word in direction([older], newer)


def test_every_matrix_stands_at_its_own_date_and_the_documents_own_is_marked() -> None:
    later = make.assessment(date=DECEMBER, behaviours=LOW)
    said = course(occasion(make.assessment(date=JUNE, behaviours=OPEN), later=(later,)))
    assert said["course"] == [
        {"date": "Friday 5 June 2026", "score": "46 to 52", "band": "Core Group MUST be established", "this": False},
        {"date": "Friday 30 October 2026", "score": "51", "band": "Core Group MUST be established", "this": True},
        {"date": "Monday 7 December 2026", "score": "18", "band": "No Core Group indicated", "this": False},
    ]
    assert said["later"] == (
        "A later assessment is held, of Monday 7 December 2026. "
        "This document is about the one of Friday 30 October 2026."
    )


def test_a_report_tells_the_course_since_the_review_and_the_matrix_that_it_is_measured_against() -> None:
    earlier = [make.assessment(date=dt.date(2026, month, 5)) for month in (3, 6, 8, 9)]
    said = course(occasion(*earlier), since=dt.date(2026, 8, 5))
    assert [row["date"] for row in said["course"]] == [  # type: ignore[attr-defined]
        "Wednesday 5 August 2026",
        "Saturday 5 September 2026",
        "Friday 30 October 2026",
    ]


def test_what_has_moved_for_certain_is_told_apart_from_what_may_have() -> None:
    before = make.assessment(behaviours=((0, 0), (None, 2), (1, 1), (None, None), *((0, 0),) * 7), factors=(0,) * 9)
    now = make.assessment(behaviours=((3, 2), (2, 2), (1, 1), (None, None), *((0, 0),) * 7), factors=(2, *(0,) * 8))
    moved, may_have_moved = moves(before, now)
    assert moved == ["Drug Misuse: from 0 to 6", "Strong positive peer group (protective factor): from 0 to -2"]
    assert may_have_moved == [
        "Alcohol misuse: from between 3 and 6 to 5",
        "Criminal activity: from between 0 and 6 to between 0 and 6",
    ]


def test_a_row_that_the_form_before_did_not_have_has_not_moved() -> None:
    now = make.assessment(behaviours=HIGH)
    before = replace(now, score=replace(now.score, rows=now.score.rows[1:]))
    assert moves(before, now) == ([], [])


def test_the_chart_is_drawn_of_more_than_one_matrix_and_says_what_it_shows() -> None:
    followed = occasion(make.assessment(date=JUNE, behaviours=LOW))
    assert pictures(occasion()) == {}
    assert pictures(followed)["course"].startswith(b"\x89PNG")
    assert "5 June 2026, 18" in str(course(followed)["chart_says"])


def test_a_case_without_a_matrix_has_no_course() -> None:
    referral = make.referral()
    bare = make.occasion(referral, make.case(referral=referral), make.decision("panel"))
    assert course(bare) == {}
    assert pictures(bare) == {}
