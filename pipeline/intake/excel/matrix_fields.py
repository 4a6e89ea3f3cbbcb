"""One sheet and the labels of a layout come in; the answer beside each label goes out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.intake.excel.labels import same
from pipeline.intake.excel.matrix_table import Labels, Table
from pipeline.intake.excel.sheet_facts import MAX_COLUMNS, Place
from pipeline.intake.excel.workbook import Sheet
from pipeline.rules.form import Answer, Problem, Remark
from pipeline.rules.layout import Field, MatrixLayout


@dataclass(frozen=True, slots=True)
class _Found:
    """A label on the sheet, its answer, and what else stands beside it before the next label."""

    label: Place
    answer: Answer
    further: tuple[Place, ...] = ()


def read_fields(
    sheet: Sheet, labels: Labels, layout: MatrixLayout, tables: Sequence[Table]
) -> tuple[Mapping[str, Answer], list[Problem], list[Remark]]:
    """Every field of the layout by its label, blank ones too; problems; and what was written beside an answer."""
    inside = _inside(sheet, layout)
    stops = _stops(labels, layout, tables) | inside.keys()
    width = min(max((column for _, column in sheet.cells), default=0) + 1, MAX_COLUMNS)
    fields: dict[str, Answer] = {}
    problems: list[Problem] = []
    remarks: list[Remark] = []
    for wanted in layout.fields:
        found = [_answer(sheet, place, stops, width) for place in _label_places(sheet, labels, layout, wanted)]
        # A title such as "Assessment: September" answers nothing where the label has a cell of its own.
        found = found or [answer for name, answer in inside.values() if name == wanted.label]
        chosen, problem = _choose(sheet, wanted, found)
        fields[wanted.label] = chosen.answer if chosen else Answer("", sheet.name)
        problems += problem
        for place in chosen.further if chosen else ():
            remarks.append(Remark(sheet.where(place), sheet.cells[place].text))
            problems.append(
                Problem(
                    "note",
                    "second-answer",
                    sheet.where(place),
                    f"There is more than one entry beside “{wanted.label}”; the first was read as the answer.",
                    "Write the whole answer in the one cell beside the label.",
                )
            )
    return fields, problems, remarks


def _choose(sheet: Sheet, wanted: Field, found: list[_Found]) -> tuple[_Found | None, list[Problem]]:
    """The label that has an answer; where several have different ones, the first, and the form goes back."""
    if not found:
        return None, [
            Problem(
                "note",
                "missing-label",
                sheet.name,
                f"The label “{wanted.label}” is not on this sheet.",
                f"Write “{wanted.label}” in a cell and the answer in the cell to its right.",
            )
        ]
    answered = [f for f in found if f.answer.text]
    if len({same(f.answer.text) for f in answered}) < 2:
        return (answered or found)[0], []
    where = ", ".join(f.answer.where for f in answered)
    return answered[0], [
        Problem(
            "return",
            "label-twice",
            where,
            f"“{wanted.label}” stands on this sheet more than once, with different answers.",
            "Leave the right answer and delete the other.",
        )
    ]


def _stops(labels: Labels, layout: MatrixLayout, tables: Sequence[Table]) -> set[Place]:
    """Cells that are labels themselves, so that no answer is looked for in them or beyond."""
    names = {name for f in layout.fields for name in (f.label, *f.aliases)}
    names |= {block.title for table in tables for block in table.section.blocks}
    stops = {place for name in names for place in labels.get(same(name), ())}
    return stops | {(row, table.label) for table in tables for rows in table.items.values() for row in rows}


def _label_places(sheet: Sheet, labels: Labels, layout: MatrixLayout, wanted: Field) -> list[Place]:
    """Where the label stands, but not as the heading of the bands, below which the bands stand."""
    bands = {same(band.label) for band in layout.bands}
    places = sorted({place for name in (wanted.label, *wanted.aliases) for place in labels.get(same(name), ())})
    return [
        (row, column)
        for row, column in places
        if (below := sheet.cells.get((row + 1, column))) is None or same(below.text) not in bands
    ]


def _answer(sheet: Sheet, label: Place, stops: set[Place], width: int) -> _Found:
    row = label[0]
    beside = sheet.merged.get(label, label)[1] + 1
    end = min((c for r, c in stops if r == row and c > label[1]), default=width)
    held = [(row, c) for c in range(beside, end) if (row, c) in sheet.cells]
    if not held:
        return _Found(label, Answer("", sheet.where((row, beside))))
    cell = sheet.cells[held[0]]
    # Where formulas cannot be told, a number may be the form's own sum: it must not pass for a typed one, which counts
    # as what somebody meant to say.
    formula = cell.formula or (sheet.blind and re.fullmatch(r"-?\d+", cell.text) is not None)
    answer = Answer(cell.text, sheet.where(held[0]), cell.date, formula)
    return _Found(label, answer, tuple(place for place in held[1:] if sheet.cells[place].text))


_PARTS = re.compile(r"[:\n]|\s[-–—]\s")  # far quicker to look for than the label before it
_PARTED = re.compile(r"([^:\n]{3,60}?)\s*(?::|\n|\s[-–—]\s)\s*(\S.*)", re.DOTALL)


def _inside(sheet: Sheet, layout: MatrixLayout) -> dict[Place, tuple[str, _Found]]:
    """Answers in the cell of their label ("Young person Name: Jordan X"), with the field's name.

    A colon, a dash or a new line must part the two: "Assessment completed by and when" answers nothing.
    """
    names = {same(name): f.label for f in layout.fields for name in (f.label, *f.aliases)}
    found = {}
    for place, cell in sheet.cells.items():
        parted = _PARTED.match(cell.text) if not cell.formula and _PARTS.search(cell.text) else None
        if parted and (name := names.get(same(parted[1]))):
            found[place] = name, _Found(place, Answer(parted[2], sheet.where(place)))
    return found
