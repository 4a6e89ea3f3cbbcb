"""Scores over time come in; a picture of their course goes out, and the words for who cannot see it.

Shapes and places tell, never colour: a report is printed in black and white, and copied.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.outgoing.canvas import BLACK, DOTS_PER_CM, LIGHT, SMALL, WHITE, Canvas, png, width_of, wrapped
from pipeline.outgoing.wording import plain_date
from pipeline.rules.case import Range

COURSE_CM = (17.0, 7.0)  # the placeholders in the templates have these sizes
LONGEST_ALT = 600  # characters


@dataclass(frozen=True, slots=True)
class Point:
    """One assessment on the chart. ``current``: the one that the document is about."""

    date: dt.date
    score: Range
    current: bool = False


@dataclass(frozen=True, slots=True)
class Threshold:
    """The lowest score of a band, and what the band is called."""

    at_least: int
    label: str


def course_chart(points: Sequence[Point], thresholds: Sequence[Threshold]) -> bytes:
    """The net score over time, as a PNG of ``COURSE_CM``.

    Dates stand in true proportion. A certain score is a disc, a range a bar from its lowest to its highest score; the
    current one is filled. A line joins only certain scores that follow each other: between others it would be a guess.
    """
    return _drawn(tuple(points), tuple(thresholds))


@lru_cache(maxsize=4)  # several documents of a pack show the same chart
def _drawn(points: tuple[Point, ...], thresholds: tuple[Threshold, ...]) -> bytes:
    width, height = (round(cm * DOTS_PER_CM) for cm in COURSE_CM)
    return png([_Chart(Canvas(width, height), sorted(points, key=lambda p: p.date), thresholds).drawn().band()])


def describe_course(points: Sequence[Point], thresholds: Sequence[Threshold]) -> str:
    """What the chart says, in at most ``LONGEST_ALT`` characters: the latest scores each, earlier ones together."""
    ordered = sorted(points, key=lambda p: p.date)
    bands = "; ".join(f"{t.at_least}, {t.label}" for t in _upwards(thresholds))
    for told in range(len(ordered), 0, -1):
        earlier, latest = ordered[:-told], ordered[-told:]
        before = ""
        if earlier:
            spread = Range(min(p.score.low for p in earlier), max(p.score.high for p in earlier))
            before = f"{len(earlier)} from {plain_date(earlier[0].date)}, between {spread.low} and {spread.high}; "
        scores = "; ".join(f"{plain_date(p.date)}, {p.score}{' (this one)' if p.current else ''}" for p in latest)
        text = f"Chart of the net score over time. Assessments: {before}{scores}. Dashed lines: {bands or 'none'}."
        if len(text) <= LONGEST_ALT:
            return text
    return f"Chart of the net score over time. Assessments: {len(ordered)}."


class _Chart:
    """The chart while it is drawn. Left: the scale; right: the names of the thresholds; below: the dates."""

    LEFT, RIGHT, TOP, BOTTOM = 75, 300, 75, 62  # margins, dots

    def __init__(self, canvas: Canvas, points: Sequence[Point], thresholds: Sequence[Threshold]) -> None:
        self.canvas, self.points, self.thresholds = canvas, points, _upwards(thresholds)
        self.right, self.bottom = canvas.width - self.RIGHT, canvas.height - self.BOTTOM
        scores = [0, *(t.at_least for t in thresholds), *(s for p in points for s in (p.score.low, p.score.high))]
        self.step = _step(max(scores) - min(scores))
        self.lowest = (min(scores) - (self.step // 2 if min(scores) < 0 else 0)) // self.step * self.step
        self.highest = -(-(max(scores) + 1) // self.step) * self.step

    def drawn(self) -> Canvas:
        self._scale()
        self._thresholds()
        self._dates()
        self._scores()
        self._key()
        return self.canvas

    def x(self, day: dt.date) -> float:
        """Dates from 60 dots inside the plot to 60 dots before its end; a single date in the middle."""
        first, last = self.points[0].date, self.points[-1].date
        part = (day - first) / (last - first) if last > first else 0.5
        return self.LEFT + 60 + part * (self.right - self.LEFT - 120)

    def y(self, score: float) -> float:
        return self.bottom - (score - self.lowest) / (self.highest - self.lowest) * (self.bottom - self.TOP)

    def _scale(self) -> None:
        for score in range(self.lowest, self.highest + 1, self.step):
            self.canvas.line(self.LEFT, self.y(score), self.right, self.y(score), 1, LIGHT)
            self.canvas.text(self.LEFT - 14, self.y(score), str(score), "right")
        self.canvas.line(self.LEFT, self.TOP, self.LEFT, self.bottom)
        self.canvas.line(self.LEFT, self.y(self.lowest), self.right, self.y(self.lowest))
        self.canvas.text(0, self.TOP - 52, "Net score")

    def _thresholds(self) -> None:
        free = float(self.canvas.height)  # names are set from below, each above the one before
        for threshold in self.thresholds:
            y = self.y(threshold.at_least)
            self.canvas.dashes(self.LEFT, self.right, y)
            rows = wrapped(f"{threshold.at_least}: {threshold.label}", self.RIGHT - 20, 3)
            height = len(rows) * (SMALL + 4)
            top = min(y - height / 2, free - height)
            free = top
            for number, row in enumerate(rows):
                self.canvas.text(self.right + 14, top + (number + 0.5) * (SMALL + 4), row)

    def _dates(self) -> None:
        """A tick for each date, and its name where there is room: the current one first, then both ends."""
        taken: list[tuple[float, float]] = []
        ends = (self.points[0], self.points[-1])
        for point in sorted(self.points, key=lambda p: (not p.current, p not in ends)):
            x, text = self.x(point.date), _short_date(point.date)
            self.canvas.line(x, self.bottom, x, self.bottom + 10)
            half = width_of(text) / 2 + 12
            if all(x + half < left or right < x - half for left, right in taken):
                self.canvas.text(x, self.bottom + 30, text, "centre")
                taken.append((x - half, x + half))

    def _scores(self) -> None:
        for before, after in zip(self.points, self.points[1:], strict=False):
            if before.score.certain and after.score.certain:
                ends = (self.x(before.date), self.y(before.score.low), self.x(after.date), self.y(after.score.low))
                self.canvas.line(*ends, 4)
        for x, y, score in self._figures():
            self.canvas.text(x, y, str(score), "centre")
        for point in sorted(self.points, key=lambda p: p.current):  # nothing hides the one the document is about
            x, low, high = self.x(point.date), self.y(point.score.low), self.y(point.score.high)
            _mark(self.canvas, x, low, high, point)

    def _figures(self) -> Iterator[tuple[float, float, int]]:
        """Where the scores are written: above the marks, the lowest of a range below; left out where there is no room.

        The current score always stands.
        """
        free = {True: 0.0, False: 0.0}
        current = [self.x(p.date) for p in self.points if p.current]
        for point in self.points:
            x = self.x(point.date)
            half = width_of(str(point.score.high)) / 2 + 4
            if not point.current and any(abs(x - other) < 2 * half for other in current):
                continue
            if not point.current and x - half < free[True]:
                continue
            free[True] = x + half
            yield x, self.y(point.score.high) - 30, point.score.high
            if not point.score.certain:
                yield x, self.y(point.score.low) + 30, point.score.low

    def _key(self) -> None:
        at, y = float(self.LEFT + 110), self.TOP - 52
        for current, name in ((True, "this assessment"), (False, "other assessments")):
            if any(p.current is current for p in self.points):
                _mark(self.canvas, at, y, y, Point(dt.date.min, Range(0, 0), current))
                at = self.canvas.text(at + 22, y, name)[1] + 50
        if ranged := [p for p in self.points if not p.score.certain]:
            _mark(self.canvas, at, y + 16, y - 16, Point(dt.date.min, Range(0, 1), ranged[-1].current))
            self.canvas.text(at + 22, y, "the score lies in this range")


def _mark(canvas: Canvas, x: float, low: float, high: float, point: Point) -> None:
    fill = BLACK if point.current else WHITE
    if point.score.certain:
        canvas.disc(x, low, 12 if point.current else 10, fill)
    else:
        canvas.box(x - 8, high, x + 8, low, fill, BLACK, 4)
        for end in (low, high):
            canvas.line(x - 16, end, x + 16, end, 4)


def _upwards(thresholds: Sequence[Threshold]) -> list[Threshold]:
    return sorted(thresholds, key=lambda t: t.at_least)


def _step(span: int) -> int:
    """What the scale counts by: at most eight steps of 1, 2, 5, 10, 20 ..."""
    steps = (digit * int("1" + "0" * zeros) for zeros in itertools.count() for digit in (1, 2, 5))
    return next(step for step in steps if step * 8 >= span)


def _short_date(day: dt.date) -> str:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{day.day} {months[day.month - 1]} {day.year}"
