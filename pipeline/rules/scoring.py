"""The rows of a matrix come in; the score goes out as a range, with its working and every doubt named.

What is not certain widens the range instead of being guessed (the table in the design; Stockport's matrix, 2.25).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.rules.case import Range, Score, ScoredRow
from pipeline.rules.form import Cell, MatrixForm, Problem, Row
from pipeline.rules.layout import Band, Block, MatrixLayout, Section
from pipeline.rules.marks import read_mark


@dataclass(frozen=True, slots=True)
class _BlockReading:
    """What the marks of one row say in one block: ``span`` is None where nothing is marked or unclear."""

    full: Range
    marks: tuple[Cell, ...]
    unclear: tuple[Cell, ...]
    span: Range | None
    remarks: tuple[str, ...]

    @property
    def score(self) -> Range:
        return self.span or self.full

    @property
    def open(self) -> bool:
        return self.span is None and not self.unclear

    @property
    def only_zero(self) -> bool:
        return self.span == Range(0, 0) and len(self.marks) == 1 and not self.unclear

    @property
    def marked(self) -> str:
        return " or ".join(" / ".join(c.columns) for c in self.marks)


def score(form: MatrixForm, layout: MatrixLayout) -> tuple[Score, tuple[Problem, ...]]:
    """Score every row of ``form``; the problems are notes, each naming its cells."""
    rows: list[ScoredRow] = []
    problems: list[Problem] = []
    for section in layout.sections:
        for row in (r for r in form.rows if r.section == section.key):
            scored, found = _score_row(row, section)
            rows.append(scored)
            problems += found
    sums = {s.key: sum((r.total for r in rows if r.section == s.key), Range(0, 0)) for s in layout.sections}
    return Score(sum(sums.values(), Range(0, 0)), sums, tuple(rows)), tuple(problems)


def band_of(points: int, bands: Sequence[Band]) -> Band:
    """The band that a certain score lies in; ``bands`` stand highest first."""
    return next(b for b in bands if b.at_least is None or points >= b.at_least)


def band_of_range(total: Range, bands: Sequence[Band]) -> Band | None:
    """The one band that the whole range lies in, or None where it spans more than one."""
    low, high = band_of(total.low, bands), band_of(total.high, bands)
    return low if low is high else None


def fewest_that_may_settle(rows: Iterable[ScoredRow], total: Range, bands: Sequence[Band]) -> tuple[ScoredRow, ...]:
    """The fewest unsettled rows whose answers can bring the range into one band, widest first."""
    unsettled = sorted((r for r in rows if not r.total.certain), key=lambda r: r.total.low - r.total.high)
    answered = 0
    for count, row in enumerate(unsettled, start=1):
        answered += row.total.high - row.total.low
        rest = total.high - total.low - answered
        if any(
            band_of(total.low + points, bands) is band_of(total.low + points + rest, bands)
            for points in range(answered + 1)
        ):
            return tuple(unsettled[:count])
    return tuple(unsettled)


def _score_row(row: Row, section: Section) -> tuple[ScoredRow, list[Problem]]:
    read = {b.key: _read_block([c for c in row.cells if c.block == b.key], b) for b in section.blocks}
    spans = {key: block.score for key, block in read.items()}
    settled: set[str] = set()
    problems = [p for b in section.blocks for p in _block_problems(row, b, read[b.key])]
    first, *others = section.blocks
    if section.never and read[first.key].only_zero:
        # "None / Never" goes with no timescale, or with the one that counts nothing.
        settled = {b.key for b in others if read[b.key].open}
        for block in others:
            reading = read[block.key]
            spans[block.key] = Range(0, 0) if reading.open else Range(0, reading.score.high)
            if reading.marks and reading.score.high:
                problems.append(_contradiction(row, first, reading.marks))
    unanswered = [b for b in section.blocks if read[b.key].open and b.key not in settled]
    if unanswered:
        problems.append(_unanswered(row, section, unanswered))
    remark = "; ".join(text for block in read.values() for text in block.remarks)
    marked = {key: block.marked for key, block in read.items()}
    return ScoredRow(row.section, row.item, row.where, row.span, spans, marked, remark), problems


def _read_block(cells: Sequence[Cell], block: Block) -> _BlockReading:
    value = {c.label: c.value for c in block.columns}
    marks: list[Cell] = []
    unclear: list[Cell] = []
    remarks: list[str] = []
    for cell in cells:
        mark = read_mark(cell.text, value[cell.columns[0]] if len(cell.columns) == 1 else None)
        if mark.remark:
            remarks.append(mark.remark)
        if mark.kind == "mark":
            marks.append(cell)
        elif mark.kind == "unclear" or (cell.coloured and not cell.text):
            unclear.append(cell)
    # An unclear cell alone leaves the whole block open; beside a clear mark it may be a second one.
    doubtful = [value[label] for c in (*marks, *(unclear if marks else ())) for label in c.columns]
    return _BlockReading(
        full=Range(min(value.values()), max(value.values())),
        marks=tuple(marks),
        unclear=tuple(unclear),
        span=Range(min(doubtful), max(doubtful)) if doubtful else None,
        remarks=tuple(remarks),
    )


def _block_problems(row: Row, block: Block, reading: _BlockReading) -> list[Problem]:
    problems = []
    if len(reading.marks) > 1:
        problems.append(
            Problem(
                "note",
                "two-marks",
                _cells(reading.marks),
                f"“{row.item}” has {len(reading.marks)} marks under “{block.title}”.",
                "Leave one mark, under the column that is right, and clear the others.",
            )
        )
    for cell in reading.marks:
        if len(cell.columns) > 1:
            problems.append(
                Problem(
                    "note",
                    "unlabelled-column",
                    cell.where,
                    f"The mark for “{row.item}” stands in a column without a heading, between “{cell.columns[0]}” and "
                    f"“{cell.columns[1]}”.",
                    "Move the mark under the heading that is right.",
                )
            )
    for cell in reading.unclear:
        coloured = cell.coloured and not cell.text
        problems.append(
            Problem(
                "note",
                "coloured-cell" if coloured else "unclear-mark",
                cell.where,
                f"The cell for “{row.item}” under “{' / '.join(cell.columns)}” is "
                + ("only coloured in." if coloured else "neither a clear mark nor a clear no."),
                "Put an x in the cell if it applies; otherwise clear it.",
            )
        )
    return problems


def _contradiction(row: Row, first: Block, marks: Sequence[Cell]) -> Problem:
    return Problem(
        "note",
        "contradiction",
        row.span,
        f"“{row.item}” is marked “{first.columns[0].label}” and also “{' / '.join(marks[-1].columns)}”.",
        "If it never happened, clear the timescale; if it did, mark how often.",
    )


def _unanswered(row: Row, section: Section, blocks: Sequence[Block]) -> Problem:
    if len(blocks) == len(section.blocks):
        what = f"Nothing clear is marked for “{row.item}”."
    else:
        what = f"“{row.item}” has no mark under {' or '.join(f'“{b.title}”' for b in blocks)}."
    headings = "; ".join(f"{b.title}: {', '.join(c.label for c in b.columns)}" for b in blocks)
    return Problem("note", "unanswered", row.span, what, f"Put one x in the row under each heading ({headings}).")


def _cells(cells: Iterable[Cell]) -> str:
    return ", ".join(c.where for c in cells)
