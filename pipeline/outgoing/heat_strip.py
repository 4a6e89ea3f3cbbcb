"""What is marked in an assessment comes in, row by row; a picture that shows it at a glance goes out.

Shades of grey with their figures in them, and hatching with a question mark: a copy in black and white says the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.outgoing.canvas import BLACK, DARK, DOTS_PER_CM, LIGHT, SMALL, WHITE, Canvas, wrapped
from pipeline.outgoing.strip import Cell, Strip
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
    most = max((sum(len(h.columns) for h in strip.headings) for strip in strips), default=1)
    tables = [_Table(strip) for strip in strips]
    needed = sum(table.height for table in tables) + 2 * _LINE
    scale = max(1.0, (_WORDS + _SCORE + most * _NARROW) / width, needed / height)
    canvas = Canvas(round(width * scale), round(height * scale))
    rows = sum(len(strip.lines) for strip in strips)
    more = min((canvas.height - needed) // rows, _TALLEST - _LINE - _GAP) if rows else 0
    top = 0
    for table in tables:
        top = table.draw(canvas, top, max(0, more))
    _key(canvas, canvas.height - _LINE)
    return canvas.png()


class _Table:
    """One strip while it is drawn."""

    def __init__(self, strip: Strip) -> None:
        self.strip = strip
        self.columns = [(h, label) for h in strip.headings for label in h.columns]
        room = round(STRIP_CM[0] * DOTS_PER_CM) - _SCORE
        self.cell = max(_NARROW, min(_WIDE, (room - _WORDS) // max(1, len(self.columns))))
        self.words = max(_WORDS, room - self.cell * len(self.columns))
        self.labels = [wrapped(line.label, self.words - 16, 3) or ("",) for line in strip.lines]
        self.titles = [wrapped(h.title, self.cell * len(h.columns) - 10, 3) for h in strip.headings]
        self.names = [wrapped(label, self.cell - 2, 6) for _, label in self.columns]
        self.upper = max(map(len, self.titles), default=0) * _LINE + _EDGE
        self.head = self.upper + _EDGE + max(map(len, self.names), default=0) * _LINE + _EDGE
        self.height = self.head + sum(len(label) * _LINE + _GAP for label in self.labels) + _LINE

    def draw(self, canvas: Canvas, top: int, more: int) -> int:
        """Draw it from ``top``, each row by ``more`` dots taller than it must be; where the next may begin."""
        self._heading(canvas, top)
        y = top + self.head
        end = self.words + self.cell * len(self.columns)
        bottom = top + self.height - _LINE + more * len(self.labels)
        for left in range(self.words, end + 1, self.cell):
            canvas.line(left, y, left, bottom, 1, LIGHT)
        for line, label in zip(self.strip.lines, self.labels, strict=True):
            height = len(label) * _LINE + _GAP + more
            canvas.line(0, y, end + _SCORE, y, 1, LIGHT)
            _lines(canvas, 0, y + height / 2, label)
            for number, cell in enumerate(line.cells):
                left = self.words + number * self.cell
                if cell:
                    _draw_cell(canvas, left + 3, y + 2, left + self.cell - 3, y + height - 2, cell)
            canvas.text(end + _SCORE / 2, y + height / 2, str(line.score), "centre")
            y += height
        return y + _LINE

    def _heading(self, canvas: Canvas, top: int) -> None:
        left = self.words
        for heading, title in zip(self.strip.headings, self.titles, strict=True):
            right = left + self.cell * len(heading.columns)
            _lines(canvas, left + 4, top + self.upper / 2, title)
            canvas.line(left + 4, top + self.upper, right - 4, top + self.upper)
            left = right
        for number, name in enumerate(self.names):
            middle = self.words + (number + 0.5) * self.cell
            for row, text in enumerate(reversed(name)):
                canvas.text(middle, top + self.head - _EDGE - (row + 0.5) * _LINE, text, "centre")
        canvas.text(0, top + self.head - _EDGE - _LINE / 2, sentence_case(self.strip.item))
        canvas.text(left + _SCORE / 2, top + self.head - _EDGE - _LINE / 2, "Score", "centre")


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


def _key(canvas: Canvas, y: float) -> None:
    at = 0
    for shade in range(4):
        _draw_cell(canvas, at, round(y - 14), at + 40, round(y + 14), Cell("", shade))
        at += 46
    after = canvas.text(at + 8, y, "the darker, the more it counts")[1]
    at = round(after) + 50
    _draw_cell(canvas, at, round(y - 14), at + 60, round(y + 14), Cell("?", doubtful=True))
    canvas.text(at + 72, y, "not certain: it may apply")
