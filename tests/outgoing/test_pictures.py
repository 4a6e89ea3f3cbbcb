"""Each picture is read back dot by dot: what it shows where, and that its words say the same."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.outgoing.pictures import Point, Threshold, course_chart, describe_course
from pipeline.rules.case import Range

BLACK, WHITE = 0, 255
AXIS = 489  # the height of the line that the dates stand below
BANDS = (Threshold(36, "Core Group MUST be established"), Threshold(26, "Consider forming Core Group"))
NOVEMBER, JANUARY, MARCH = dt.date(2025, 11, 5), dt.date(2026, 1, 5), dt.date(2026, 3, 3)


def dots(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return image.convert("L")


def dot(image: Image.Image, x: int, y: int) -> object:
    return image.getpixel((x, y))


def ticks(image: Image.Image) -> list[int]:
    """Where the dates stand, from left to right."""
    black = [x for x in range(80, image.width) if dot(image, x, AXIS + 6) == BLACK]
    return [x for x in black if x - 1 not in black]


def heights(image: Image.Image, x: int) -> list[int]:
    """Where black lines cross the upright ``x`` inside the plot: the upper ends."""
    column = [y for y in range(75, AXIS) if dot(image, x, y) == BLACK]
    return [y for y in column if y - 1 not in column]


def test_the_picture_is_as_large_as_its_placeholder() -> None:
    with Image.open(io.BytesIO(course_chart([Point(MARCH, Range(41, 41), True)], BANDS))) as image:
        assert image.size == (1339, 551)  # 17 by 7 cm at 200 dots an inch
        assert [round(x) for x in image.info["dpi"]] == [200, 200]


def test_dates_stand_in_true_proportion() -> None:
    days = (dt.date(2026, 1, 1), dt.date(2026, 1, 11), dt.date(2026, 4, 11))  # 10 days, then 90

    first, second, third = ticks(dots(course_chart([Point(day, Range(5, 5)) for day in days], ())))

    assert (second - first) * 10 == pytest.approx(third - first, abs=10)


def test_the_current_assessment_is_filled_and_others_are_hollow() -> None:
    image = dots(course_chart([Point(JANUARY, Range(30, 30)), Point(MARCH, Range(30, 30), current=True)], ()))
    y = AXIS - (AXIS - 75) * 30 // 35  # the scale goes from 0 to 35

    before, now = ticks(image)

    assert (dot(image, before, y), dot(image, now, y)) == (WHITE, BLACK)
    assert dot(image, (before + now) // 2, y) == BLACK  # the line between two certain scores


def test_a_range_is_a_bar_and_no_line_leads_to_it_or_from_it() -> None:
    points = [Point(NOVEMBER, Range(20, 20)), Point(JANUARY, Range(10, 30)), Point(MARCH, Range(20, 20), current=True)]
    image = dots(course_chart(points, ()))

    before, unsure, now = ticks(image)

    lines = heights(image, unsure + 14)  # the ends of the bar stick out
    assert [(AXIS - y) * 35 / (AXIS - 75) for y in lines] == pytest.approx([30, 10], abs=0.5)
    assert heights(image, (before + unsure) // 2) == heights(image, (unsure + now) // 2) == []


def test_each_threshold_is_a_dashed_line_at_its_score() -> None:
    image = dots(course_chart([Point(MARCH, Range(5, 5), current=True)], BANDS))

    lines = heights(image, 80)  # within the first dash

    assert [(AXIS - y) * 40 / (AXIS - 75) for y in lines] == pytest.approx([36, 26], abs=0.5)
    assert heights(image, 95) == []  # the first gap


POINTS = st.builds(
    Point,
    st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
    st.builds(lambda low, more: Range(low, low + more), st.integers(-60, 90), st.integers(0, 60)),
    st.booleans(),
)


@settings(deadline=None, max_examples=40)
@given(points=st.lists(POINTS, min_size=1, max_size=30), at=st.lists(st.integers(-40, 120), max_size=6))
def test_any_course_is_drawn_and_told(points: list[Point], at: list[int]) -> None:
    bands = [Threshold(score, "a band with a long name " * (score % 5)) for score in at]

    png, words = course_chart(points, bands), describe_course(points, bands)

    assert png == course_chart(points[::-1], bands) or len({p.date for p in points}) < len(points)
    assert len(png) < 30_000
    assert len(words) <= 600
    latest = max(points, key=lambda p: p.date)
    assert str(latest.date.year) in words or len(words) < 70


def test_the_words_say_what_the_chart_says() -> None:
    assert describe_course([Point(MARCH, Range(41, 41), True), Point(JANUARY, Range(24, 38))], BANDS) == (
        "Chart of the net score over time. Assessments: 5 January 2026, 24 to 38; 3 March 2026, 41 (this one). "
        "Dashed lines: 26, Consider forming Core Group; 36, Core Group MUST be established."
    )


def test_of_a_long_course_the_words_tell_the_latest_each_and_the_rest_together() -> None:
    points = [Point(dt.date(2024 + n // 12, n % 12 + 1, 1), Range(n, n + 2)) for n in range(36)]

    words = describe_course(points, BANDS)

    assert "from 1 January 2024, between 0 and " in words
    assert "1 November 2026, 34 to 36; 1 December 2026, 35 to 37." in words
    assert 550 < len(words) <= 600


def test_nothing_is_imported_for_drawing_before_a_picture_is_drawn() -> None:
    code = "import pipeline.outgoing.pictures, sys; sys.exit('PIL' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
