"""What is marked in an assessment comes in, row by row; a picture that shows it at a glance goes out.

Shades of grey with their figures in them, and hatching with a question mark: a copy in black and white says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipeline.outgoing.canvas import BLACK, DARK, DOTS_PER_CM, LIGHT, SMALL, WHITE, Band, Canvas, png, wrapped
from pipeline.outgoing.strip import Cell, Heading, Line, Strip
from pipeline.outgoing.wording import sentence_case

STRIP_CM = (17.0, 13.5)  # the placeholders in the templates have this size
_GREYS = (WHITE, LIGHT, DARK, BLACK)
# Dots: words of a row, its score, a cell at its narrowest and widest, a line of text, room between two rows, margins.
_WORDS, _SCORE, _NARROW, _WIDE, _LINE, _GAP, _EDGE = 360, 96, 104, 160, SMALL + 4, 6, 6
_TALLEST = 62  # dots: a row is stretched so far where there is room


def heat_strip(strips: Sequence[Strip]) -> bytes:
    """The strips one below the other, as a PNG in the shape of ``STRIP_CM``.

    About twenty rows are set in 8 points; of more, or more than eight columns, everything becomes smaller, for the
    place in the template keeps its size.
    """
    width, height = (round(cm * DOTS_PER_CM) for cm in STRIP_CM)
    tables = [(_columns(strip.item, strip.headings), strip.lines) for strip in strips]
    most = max((columns.count for columns, _ in tables), default=1)
    needed = sum(c.head + sum(map(c.needs, lines)) + _LINE for c, lines in tables) + 2 * _LINE
    scale = max(1.0, (_WORDS + _SCORE + most * _NARROW) / width, needed / height)
    width, height = round(width * scale), round(height * scale)
    rows = sum(len(lines) for _, lines in tables)
    more = max(0, min((height - needed) // rows, _TALLEST - _LINE - _GAP)) if rows else 0
    bands = []
    for columns, lines in tables:
        bands.append(_heading(columns, width))
        bands += [_row(columns, line, width, columns.needs(line) + more) for line in lines]
        bands.append(_space(width))
    return png([*bands, _key(width, height - sum(band.height for band in bands))])


class _Columns:
    """Where the columns of a strip stand, and what is written above them."""

    def __init__(self, item: str, headings: Sequence[Heading]) -> None:
        names = [(name, heading) for heading in headings for name in heading.columns]
        room = round(STRIP_CM[0] * DOTS_PER_CM) - _SCORE
        self.item, self.count = item, len(names)
        self.cell = max(_NARROW, min(_WIDE, (room - _WORDS) // max(1, self.count)))
        self.words = max(_WORDS, room - self.cell * self.count)
        self.end = self.words + self.cell * self.count
        self.titles = [(wrapped(h.title, self.cell * len(h.columns) - 10, 3), len(h.columns)) for h in headings]
        self.names = [wrapped(name, self.cell - 2, 6) for name, _ in names]
        self.upper = max((len(title) for title, _ in self.titles), default=0) * _LINE + _EDGE
        self.head = self.upper + _EDGE + max(map(len, self.names), default=0) * _LINE + _EDGE

    def label(self, line: Line) -> Sequence[str]:
        return wrapped(line.label, self.words - 16, 3) or ("",)

    def needs(self, line: Line) -> int:
        """How tall the row of ``line`` must be."""
        return len(self.label(line)) * _LINE + _GAP


# A picture is put together from bands: of one form, an office sees the same rows again and again.
@lru_cache(maxsize=16)
def _columns(item: str, headings: tuple[Heading, ...]) -> _Columns:
    return _Columns(item, headings)


@lru_cache(maxsize=16)
def _heading(columns: _Columns, width: int) -> Band:
    canvas = Canvas(width, columns.head)
    left = columns.words
    for title, count in columns.titles:
        right = left + columns.cell * count
        _lines(canvas, left + 4, columns.upper / 2, title)
        canvas.line(left + 4, columns.upper, right - 4, columns.upper)
        left = right
    last = columns.head - _EDGE - _LINE / 2
    for number, name in enumerate(columns.names):
        for row, text in enumerate(reversed(name)):
            canvas.text(columns.words + (number + 0.5) * columns.cell, last - row * _LINE, text, "centre")
    canvas.text(0, last, sentence_case(columns.item))
    canvas.text(columns.end + _SCORE / 2, last, "Score", "centre")
    return canvas.band()


@lru_cache(maxsize=1024)
def _row(columns: _Columns, line: Line, width: int, height: int) -> Band:
    canvas = Canvas(width, height)
    for left in range(columns.words, columns.end + 1, columns.cell):
        canvas.line(left, 0, left, height, 1, LIGHT)
    canvas.line(0, 0, columns.end + _SCORE, 0, 1, LIGHT)
    _lines(canvas, 0, height / 2, columns.label(line))
    for number, cell in enumerate(line.cells):
        left = columns.words + number * columns.cell
        if cell:
            _draw_cell(canvas, left + 3, 2, left + columns.cell - 3, height - 2, cell)
    canvas.text(columns.end + _SCORE / 2, height / 2, str(line.score), "centre")
    return canvas.band()


@lru_cache(maxsize=16)
def _space(width: int) -> Band:
    return Canvas(width, _LINE).band()


@lru_cache(maxsize=16)
def _key(width: int, height: int) -> Band:
    """What the shades say, at the lower end."""
    canvas, y, at = Canvas(width, height), height - _LINE, 0
    for shade in range(4):
        _draw_cell(canvas, at, y - 14, at + 40, y + 14, Cell("", shade))
        at += 46
    after = canvas.text(at + 8, y, "the darker, the more it counts")[1]
    at = round(after) + 50
    _draw_cell(canvas, at, y - 14, at + 60, y + 14, Cell("?", doubtful=True))
    canvas.text(at + 72, y, "not certain: it may apply")
    return canvas.band()


def _draw_cell(canvas: Canvas, left: int, top: int, right: int, bottom: int, cell: Cell) -> None:
    middle = (left + right) / 2, (top + bottom) / 2
    if cell.doubtful:
        canvas.hatched(left, top, right, bottom)
        canvas.box(middle[0] - 14, top + 2, middle[0] + 14, bottom - 2, WHITE, WHITE)
        canvas.text(*middle, cell.text, "centre")
    else:
        grey = _GREYS[cell.shade]
        canvas.box(left, top, right, bottom, grey, BLACK, 2)
        canvas.text(*middle, cell.text, "centre", WHITE if grey in (BLACK, DARK) else BLACK, grey)


def _lines(canvas: Canvas, x: float, middle: float, lines: Sequence[str]) -> None:
    for number, text in enumerate(lines):
        canvas.text(x, middle + (number - (len(lines) - 1) / 2) * _LINE, text)
