"""The cells of one row in one block come in; what they say goes out: a range where they are not clear."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.rules.case import Range
from pipeline.rules.form import Cell
from pipeline.rules.layout import Block, Rule
from pipeline.rules.marks import Mark, read_mark, read_number, says_no


@dataclass(frozen=True, slots=True)
class BlockReading:
    """What the marks of one row say in one block: ``span`` is None where nothing is marked or unclear alone stands.

    ``full``: all that the block can count.
    """

    block: Block
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
    def marked(self) -> str:
        labels = dict.fromkeys(" / ".join(c.columns) for c in self.marks)
        return (" and " if self.block.marks == "many" else " or ").join(labels)

    def alone(self, rule: Rule) -> bool:
        """Whether the rule's column is marked here, and nothing else may be."""
        return len(self.marks) == 1 and self.marks[0].columns == (rule.column,) and not self.unclear

    def may_be(self, rule: Rule) -> bool:
        """Whether the rule's column may be the one that is meant."""
        return not self.marks or bool(self.unclear) or any(rule.column in c.columns for c in self.marks)


def read_block(cells: Iterable[Cell], block: Block) -> BlockReading:
    """Read the row's cells under ``block``."""
    value = block.value
    marks: list[Cell] = []
    unclear: list[Cell] = []
    noes: set[str] = set()
    remarks: list[str] = []
    counted: list[int] = []  # the numbers typed in
    for cell in cells:
        mark, number = _read(cell, block, value)
        if mark.remark:
            remarks.append(mark.remark)
        if mark.kind == "mark":
            marks.append(cell)
            counted.append(number)
        elif mark.kind == "unclear" or (cell.coloured and not cell.text):
            unclear.append(cell)
        elif says_no(cell.text):
            noes.update(cell.columns)
    nothing = block.blank == "zero" or (block.marks == "many" and noes >= value.keys())
    if not marks and not unclear:
        span = Range(0, 0) if nothing else None
    elif block.marks == "many":
        span = None if not marks and block.blank == "open" else _ticked(marks, unclear, value)
    elif block.marks == "number":
        span = _hull(counted) if marks and not unclear else None
    else:
        # An unclear cell alone leaves the whole block open; beside a clear mark it may be a second one.
        known = marks or block.blank == "zero"
        doubtful = [value[label] for c in (*marks, *(unclear if known else ())) for label in c.columns]
        span = _hull(doubtful if marks else [0, *doubtful]) if doubtful else None
    return BlockReading(
        block=block,
        full=Range(*block.counts),
        marks=tuple(marks),
        unclear=tuple(unclear),
        span=span,
        remarks=tuple(remarks),
    )


def _read(cell: Cell, block: Block, value: Mapping[str, int]) -> tuple[Mark, int]:
    if block.marks == "number":
        mark, number = read_number(cell.text, block.numbers)
        return mark, number * block.columns[0].value
    return read_mark(cell.text, value[cell.columns[0]] if len(cell.columns) == 1 else None), 0


def _ticked(marks: Sequence[Cell], unclear: Sequence[Cell], value: Mapping[str, int]) -> Range:
    """What ticks add up to. A mark between two columns may belong to either, an unclear one may be none."""
    certain = {cell.columns[0] for cell in marks if len(cell.columns) == 1}
    perhaps = {label for cell in (*marks, *unclear) for label in cell.columns} - certain
    return _added(certain, perhaps, value)


def _added(certain: Iterable[str], perhaps: Iterable[str], value: Mapping[str, int]) -> Range:
    base = sum(value[label] for label in certain)
    maybe = [value[label] for label in perhaps]
    return Range(base + sum(v for v in maybe if v < 0), base + sum(v for v in maybe if v > 0))


def _hull(values: Collection[int]) -> Range:
    return Range(min(values), max(values))
