"""The rows of a matrix come in; the score goes out as a range, with its working and every doubt named.

What is not certain widens the range instead of being guessed (docs/forms.md, "From marks to a score").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.rules.block import BlockReading, read_block
from pipeline.rules.case import Range, Score, ScoredRow
from pipeline.rules.form import Cell, MatrixForm, Problem, Row
from pipeline.rules.layout import Band, Block, Combine, MatrixLayout, Rule, Section


def score(form: MatrixForm, layout: MatrixLayout) -> tuple[Score, tuple[Problem, ...]]:
    """Score every row of ``form``; the problems are notes, each naming its cells."""
    rows: list[ScoredRow] = []
    problems: list[Problem] = []
    for section in layout.sections:
        for row in (r for r in form.rows if r.section == section.key):
            scored, found = _score_row(row, section)
            rows.append(scored)
            problems += found
    figures = {
        s.key: combined([r.total for r in rows if r.section == s.key], s.combine, s.count_from) for s in layout.sections
    }
    return Score(total_of(figures, layout), figures, tuple(rows)), tuple(problems)


def total_of(figures: Mapping[str, Range], layout: MatrixLayout) -> Range:
    """The score that the sections' figures make up."""
    return combined(figures.values(), layout.combine, layout.count_from)


def combined(ranges: Iterable[Range], how: Combine, count_from: int) -> Range:
    """Several ranges as one. The lowest of each gives the lowest, because none of the three ways ever turns round."""
    of = tuple(ranges)
    if how == "count":
        return Range(sum(r.low >= count_from for r in of), sum(r.high >= count_from for r in of))
    if how == "maximum":
        return Range(max((r.low for r in of), default=0), max((r.high for r in of), default=0))
    return sum(of, Range(0, 0))


def band_of(points: int, bands: Sequence[Band]) -> Band:
    """The band that a certain score lies in; ``bands`` stand highest first, and the last takes all that is lower."""
    return next((b for b in bands if b.at_least is None or points >= b.at_least), bands[-1])


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
    read = {b.key: read_block([c for c in row.cells if c.block == b.key], b) for b in section.blocks}
    spans = {key: reading.score for key, reading in read.items()}
    unanswered = {key: reading.block for key, reading in read.items() if reading.open}
    problems = [p for reading in read.values() for p in _block_problems(row, reading)]
    for rule in section.rules:
        for key in (key for key in read if key != rule.block):
            if read[rule.block].alone(rule):
                spans[key] = Range(0, 0) if read[key].open else _with_zero(read[key].score)
                unanswered.pop(key, None)
                if read[key].marks and spans[key] != Range(0, 0):
                    problems.append(_contradiction(row, rule, read[key].marks))
            elif read[rule.block].may_be(rule) and not read[key].marks:
                spans[key] = _with_zero(spans[key])
    if unanswered:
        problems.append(_unanswered(row, section, tuple(unanswered.values())))
    return ScoredRow(
        row.section,
        row.item,
        row.where,
        row.span,
        blocks={key: span.times(section.weight_of(row.item)) for key, span in spans.items()},
        marked={key: reading.marked for key, reading in read.items()},
        remark="; ".join(text for reading in read.values() for text in reading.remarks),
    ), problems


def _with_zero(span: Range) -> Range:
    return Range(min(0, span.low), max(0, span.high))


def _block_problems(row: Row, reading: BlockReading) -> list[Problem]:
    problems = []
    block = reading.block
    if len(reading.marks) > 1 and block.marks != "many":
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
    return problems + [_unclear(row, block, cell) for cell in reading.unclear]


def _unclear(row: Row, block: Block, cell: Cell) -> Problem:
    coloured = cell.coloured and not cell.text
    clear = "a number that the form allows" if block.marks == "number" else "a clear mark nor a clear no"
    lacks = "only coloured in" if coloured else f"{'not' if block.marks == 'number' else 'neither'} {clear}"
    write = _numbers(block) if block.marks == "number" else "Put an x in the cell"
    return Problem(
        "note",
        "coloured-cell" if coloured else "unclear-mark",
        cell.where,
        f"The cell for “{row.item}” under “{' / '.join(cell.columns)}” is {lacks}.",
        f"{write} if it applies; otherwise clear it.",
    )


def _numbers(block: Block) -> str:
    numbers = block.numbers
    return f"Write one of {', '.join(map(str, numbers))}" if block.allowed else f"Write {numbers[0]} to {numbers[-1]}"


def _contradiction(row: Row, rule: Rule, marks: Sequence[Cell]) -> Problem:
    return Problem(
        "note",
        "contradiction",
        row.span,
        f"“{row.item}” is marked “{rule.column}” and also “{' / '.join(marks[-1].columns)}”.",
        rule.remedy,
    )


def _unanswered(row: Row, section: Section, blocks: Sequence[Block]) -> Problem:
    if len(blocks) == len(section.blocks):
        what = f"Nothing clear is marked for “{row.item}”."
    else:
        what = f"“{row.item}” has no mark under {' or '.join(f'“{b.title}”' for b in blocks)}."
    # Asked for a mark under each heading, people who mark "None / Never" would invent a time for it.
    rules = section.rules if len(blocks) == len(section.blocks) else ()
    enough = [f"If “{rule.column}” is right, that mark alone is enough." for rule in rules]
    return Problem("note", "unanswered", row.span, what, " ".join((*_ask(blocks), *enough)))


def _ask(blocks: Sequence[Block]) -> Iterator[str]:
    """How to answer: by one mark in each, by all that apply, by a number."""

    def headings(asked: Sequence[Block]) -> str:
        return "; ".join(f"{b.title}: {', '.join(c.label for c in b.columns)}" for b in asked)

    if ones := [b for b in blocks if b.marks == "one"]:
        under = "each heading" if len(ones) > 1 else "one of these"
        yield f"Put one x in the row under {under} ({headings(ones)})."
    if many := [b for b in blocks if b.marks == "many"]:
        yield f"Put an x under each that applies, and “no” under the others ({headings(many)})."
    for block in blocks:
        if block.marks == "number":
            yield f"{_numbers(block)} under “{block.columns[0].label}”."


def _cells(cells: Iterable[Cell]) -> str:
    return ", ".join(c.where for c in cells)
