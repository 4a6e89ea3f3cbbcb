"""Makes matrix forms in memory, as the reader would give them, for tests of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.intake.layouts import load_layouts
from pipeline.rules.form import Answer, Cell, MatrixForm, Row
from pipeline.rules.layout import MatrixLayout

LAYOUTS = load_layouts(Path(__file__).parent.parent / "templates" / "forms")
LAYOUT: MatrixLayout = LAYOUTS.of("matrix")  # type: ignore[assignment]

NONE, OCCASIONAL, WEEKEND, FREQUENT = (c.label for c in LAYOUT.sections[0].blocks[0].columns)
OLD, MONTHS, NOW = (c.label for c in LAYOUT.sections[0].blocks[1].columns)
NO, SOME, REGULAR = (c.label for c in LAYOUT.sections[1].blocks[0].columns)
UNLABELLED = (WEEKEND, FREQUENT)

_FIELDS = {
    "Young person Name": "Jordan Testcase",
    "Care First Id": "CF104233",
    "Assessment completed by": "A. Practitioner, Social Worker",
    "Assessment Date": "30/10/2026",
    "Date completed": "02/11/2026",
}

Marks = Mapping[str, str]  # column label → what stands under it; UNLABELLED joined by "|"


def row(item: str, marks: Marks, *, section: str = "behaviour", at: int = 9) -> Row:
    """One row; a mark's block follows from its column's label, protective factors have one block."""
    cells = []
    for n, (column, text) in enumerate(marks.items()):
        columns = tuple(column.split("|"))
        block = "score" if section == "protective" else "timescale" if columns[0] in (OLD, MONTHS, NOW) else "frequency"
        cells.append(Cell(block, columns, text, f"Sheet1!{'BCDEFGHIJ'[n]}{at}", coloured=text == ""))
    label, span = ("L", "M{0}:O{0}") if section == "protective" else ("A", "B{0}:J{0}")
    return Row(section, item, f"Sheet1!{label}{at}", f"Sheet1!{span.format(at)}", tuple(cells))


def form(
    behaviours: Mapping[str, Marks] | Marks,
    factors: Mapping[str, Marks] | Marks | None = None,
    fields: Mapping[str, str] | None = None,
    formulas: frozenset[str] = frozenset(),
) -> MatrixForm:
    """A matrix; one set of marks for every row, or one for each item by its label."""
    factors = {NO: "x"} if factors is None else factors
    texts = {f.label: "" for f in LAYOUT.fields} | _FIELDS | dict(fields or {})
    answers = {
        label: Answer(text, f"Sheet1!I{n}", formula=label in formulas)
        for n, (label, text) in enumerate(texts.items(), 2)
    }
    rows = [row(item, _of(behaviours, item), at=n) for n, item in enumerate(LAYOUT.sections[0].items, 9)]
    rows += [
        row(item, _of(factors, item), section="protective", at=n) for n, item in enumerate(LAYOUT.sections[1].items, 9)
    ]
    return MatrixForm("matrix", "Sheet1", answers, tuple(rows))


def _of(marks: Mapping[str, object], item: str) -> Marks:
    if all(isinstance(v, str) for v in marks.values()):
        return marks  # type: ignore[return-value]
    return marks.get(item, {})  # type: ignore[return-value]
