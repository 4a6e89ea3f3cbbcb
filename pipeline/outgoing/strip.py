"""The marks of an assessment come in; what a heat strip shows of them goes out, cell by cell, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.outgoing.pictures import LONGEST_ALT
from pipeline.outgoing.wording import sentence_case
from pipeline.rules.block import BlockReading, read_block
from pipeline.rules.case import Assessment, Range
from pipeline.rules.layout import Block, Section


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of one row. ``shade``: 0, it counts nothing, to 3, it counts most. ``doubtful``: it may apply."""

    text: str
    shade: int = 0
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One behaviour: a cell for each column of the strip, None where nothing is marked, and what it all counts."""

    label: str
    cells: tuple[Cell | None, ...]
    score: Range


@dataclass(frozen=True, slots=True)
class Heading:
    """Columns that answer one question."""

    title: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """The rows of one section, under its headings. ``item``: what one row is called."""

    item: str
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]


def strip_of(assessment: Assessment, section: Section) -> Strip:
    """What is marked in ``section``, cell by cell, as the scoring read it."""
    form = {row.item: row.cells for row in assessment.form.rows if row.section == section.key}
    lines = []
    for row in (row for row in assessment.score.rows if row.section == section.key):
        cells: list[Cell | None] = []
        for block in section.blocks:
            reading = read_block([c for c in form.get(row.item, ()) if c.block == block.key], block)
            cells += _cells(reading, row.blocks[block.key], section.weight_of(row.item))
        lines.append(Line(sentence_case(row.item), tuple(cells), row.total))
    headings = tuple(Heading(b.title, tuple(c.label for c in b.columns)) for b in section.blocks)
    return Strip(section.item, headings, tuple(lines))


def _cells(reading: BlockReading, score: Range, weight: int) -> list[Cell | None]:
    block, sure = reading.block, _sure(reading, score)
    doubtful = set() if score.certain else _marked(reading) - sure or {c.label for c in block.columns}
    cells: list[Cell | None] = []
    for column in block.columns:
        if column.label in doubtful:
            cells.append(Cell("?", doubtful=True))
        elif column.label in sure:
            value = score.low if block.marks == "number" else column.value * weight
            cells.append(Cell(str(value), _shade(value, block, weight)))
        else:
            cells.append(None)
    return cells


def _shade(value: int, block: Block, weight: int) -> int:
    most = max(map(abs, block.values)) * abs(weight)
    return min(3, -(-3 * abs(value) // most)) if most else 0


def _sure(reading: BlockReading, score: Range) -> set[str]:
    """The columns that are marked beyond doubt."""
    single = {c.columns[0] for c in reading.marks if len(c.columns) == 1}
    return single if score.certain or reading.block.marks == "many" else set()


def _marked(reading: BlockReading) -> set[str]:
    """The columns that may be meant. Where no mark stands, an unclear one tells nothing of the others."""
    alone = reading.unclear and not reading.marks and reading.block.blank == "open" and reading.block.marks != "many"
    return set() if alone else {label for c in (*reading.marks, *reading.unclear) for label in c.columns}


def describe_strip(strips: Sequence[Strip]) -> str:
    """What the strip says, in at most ``LONGEST_ALT`` characters: what counts most first."""
    lines = [line for strip in strips for line in strip.lines]
    counted = sorted((line for line in lines if line.score != Range(0, 0)), key=lambda line: -abs(line.score.high))
    items = " and ".join(dict.fromkeys(strip.item for strip in strips))
    start = f"Strip of the marks for each {items}, darker where they count more. Scores: "
    for told in range(len(counted), -1, -1):
        parts = [f"{line.label}, {line.score}" for line in counted[:told]]
        if rest := len(counted) - told:
            parts.append(f"{rest} others")
        if nothing := len(lines) - len(counted):
            parts.append(f"{nothing} {'counts' if nothing == 1 else 'count'} nothing")
        text = start + "; ".join(parts or ["nothing"]) + "."
        if len(text) <= LONGEST_ALT:
            break
    return text
