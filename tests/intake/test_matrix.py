from __future__ import annotations

import datetime as dt
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.excel.matrix import describe_nearest, read_matrices
from pipeline.intake.layouts import load_layouts
from pipeline.rules.form import Answer, MatrixForm, Row
from pipeline.rules.marks import read_mark
from tests.forms.make_matrices import BLANK

FORMS = Path(__file__).parents[1] / "forms"
LAYOUTS = load_layouts(Path(__file__).parents[2] / "templates" / "forms").matrices
GOLDEN = sorted(p for p in (FORMS / "matrices").iterdir() if p.suffix != ".json")


def expected_of(path: Path) -> dict[str, Any]:
    """A copy that LibreOffice saved must read as the form that it was made from, or as its own file says."""
    own = path.parent / f"{path.name}.json"
    made_from = path.with_name(path.name.split(".")[0] + ".json")
    told: dict[str, Any] = json.loads((own if own.exists() else made_from).read_text("utf-8"))
    return told


def told(form: MatrixForm) -> dict[str, Any]:
    return {
        "fields": {label: value(answer) for label, answer in form.fields.items()},
        "rows": {
            row.item: {" | ".join(c.columns): "(coloured)" if c.coloured else c.text for c in row.cells}
            for row in form.rows
        },
        "notes": sorted(f"{n.severity} {n.code} {n.where}" for n in form.notes),
        "remarks": sorted(f"{r.where} {r.text}" for r in form.remarks),
    }


def value(answer: Answer) -> str:
    return f"{answer.text} =" if answer.formula else answer.text


def places(form: MatrixForm) -> dict[str, str]:
    rows = {row.item: f"{row.where} {row.span}" for row in form.rows}
    return rows | {label: answer.where for label, answer in form.fields.items()}


@pytest.mark.parametrize("path", GOLDEN, ids=[p.name for p in GOLDEN])
def test_a_filled_matrix_reads_as_the_file_beside_it_says(path: Path) -> None:
    forms = {form.sheet: form for form in read_matrices(path.read_bytes(), LAYOUTS)}
    expected = expected_of(path)
    assert list(forms) == list(expected)
    for sheet, want in expected.items():
        read = told(forms[sheet])
        assert {label: read["fields"][label] for label in want["fields"]} == want["fields"]
        assert read["rows"] == want["rows"]
        assert read["notes"] == sorted(want.get("notes", []))
        assert read["remarks"] == sorted(want.get("remarks", []))
        at = places(forms[sheet])
        assert {name: at[name] for name in want.get("at", {})} == want.get("at", {})


EXAMPLES: dict[str, Any] = json.loads((FORMS / "examples" / "expected.json").read_text("utf-8"))
EXAMPLE_MATRICES = [name for name, want in EXAMPLES.items() if want["form"] == "matrix"]


@pytest.mark.parametrize("name", EXAMPLE_MATRICES)
def test_the_marks_of_an_example_stand_under_the_columns_that_its_expected_scores_say(name: str) -> None:
    forms = {form.sheet: form for form in read_matrices((FORMS / "examples" / name).read_bytes(), LAYOUTS)}
    want = EXAMPLES[name]
    sheets = want.get("sheets") or {"Sheet1": want}
    assert list(forms) == list(sheets)
    for sheet, expected in sheets.items():
        form = forms[sheet]
        assert "".join(form.fields["Care First Id"].text.split()).upper() == expected.get("case", want.get("case"))
        rows = {row.item: row for row in form.rows}
        for item, (low, high, *_) in expected.get("rows", {}).items():
            assert marked(rows[item], "frequency") == ([low] if low == high else [])
        for item, (low, high) in expected.get("factors", {}).items():
            assert marked(rows[item], "score") == ([low] if low == high else [])


def marked(row: Row, block: str) -> list[int]:
    values = {
        (b.key, c.label): c.value for section in LAYOUTS[0].sections for b in section.blocks for c in b.columns
        if section.key == row.section
    }  # fmt: skip
    under = [(cell, values[block, cell.columns[0]]) for cell in row.cells if cell.block == block]
    return [value for cell, value in under if read_mark(cell.text, value).kind == "mark"]


def test_a_form_whose_header_was_changed_is_not_guessed_but_named() -> None:
    content = (FORMS / "matrices" / "header-lost.xlsx").read_bytes()
    assert read_matrices(content, LAYOUTS) == ()
    assert describe_nearest(content, LAYOUTS) == (
        "The sheet Sheet1 comes nearest to “Assessment matrix” (SMBC 2.25); these labels of it were not found: "
        "“Weekend only”."
    )


def test_a_form_whose_columns_stand_in_another_order_is_not_guessed_but_named() -> None:
    book = openpyxl.load_workbook(BLANK)
    sheet = book.worksheets[0]
    sheet["B7"], sheet["C7"] = sheet["C7"].value, sheet["B7"].value
    kept = io.BytesIO()
    book.save(kept)
    assert read_matrices(kept.getvalue(), LAYOUTS) == ()
    assert "in the form's order" in describe_nearest(kept.getvalue(), LAYOUTS)


def test_a_workbook_of_another_kind_is_near_to_no_layout() -> None:
    book = openpyxl.Workbook()
    book.create_sheet()["A1"] = "Assessment"
    kept = io.BytesIO()
    book.save(kept)
    assert describe_nearest(kept.getvalue(), LAYOUTS) == ""


def test_no_sentence_to_the_sender_repeats_what_is_written_on_the_form() -> None:
    for path in GOLDEN:
        for form in read_matrices(path.read_bytes(), LAYOUTS):
            for note in form.notes:
                assert note.what.endswith(".")
                assert note.remedy.endswith(".")
                assert "Jordan" not in (note.what + note.remedy).replace("Jordan's review", "")
                assert "County lines" not in note.what + note.remedy


def test_every_row_and_field_of_the_layout_is_there_and_names_its_cell() -> None:
    (layout,) = LAYOUTS
    for path in GOLDEN:
        for form in read_matrices(path.read_bytes(), LAYOUTS):
            assert list(form.fields) == [f.label for f in layout.fields]
            assert [row.item for row in form.rows] == [item for s in layout.sections for item in s.items]
            for where in [row.where for row in form.rows] + [c.where for row in form.rows for c in row.cells]:
                assert re.fullmatch(rf"{re.escape(form.sheet)}![A-Z]+\d+", where)


@dataclass
class Filled:
    """A matrix filled at random: what is in its workbook, and what must be read from it."""

    content: bytes
    sheet: str
    fields: dict[str, str]
    marks: dict[str, dict[str, str]]
    noes: dict[str, dict[str, str]]


MARKS = ["x", "X", "✓", "✔", "√", "☑", "☒", "y", "Yes", True, 1, "1", "x – most weekends", "yes (with cousin)"]
NOES = ["n", "No", False, "-", "–", "☐", "no - not since May"]
ANSWERS = st.sampled_from(["Jordan Testcase", "O'Neill, Zoë", "李 小龙", "Jo\nTestcase", "104233"])


@st.composite
def filled(draw: st.DrawFn) -> Filled:
    """Marks, noes, rows in any order, rows and columns put in, the table moved, the sheet renamed."""
    (layout,) = LAYOUTS
    name = draw(st.sampled_from(["Sheet1", "Sept 26", "Jordan's", "Año & más", "2026-10"]))
    before_row = draw(st.dictionaries(st.integers(1, 21), st.integers(1, 3), max_size=3))
    before_column = draw(st.dictionaries(st.integers(1, 15), st.integers(1, 2), max_size=3))

    def at(row: int, column: int) -> tuple[int, int]:
        return (
            row + sum(n for before, n in before_row.items() if before <= row),
            column + sum(n for before, n in before_column.items() if before <= column),
        )

    blank = BLANK_CELLS.copy()
    fields: dict[str, str] = {}
    for label, place in {
        "Young person Name": (2, 2),
        "Care First Id": (2, 9),
        "Assessment completed by": (4, 2),
    }.items():
        fields[label] = draw(st.one_of(st.just(""), ANSWERS))
        blank[place] = fields[label]
    day = draw(st.one_of(st.none(), st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1))))
    fields["Assessment Date"] = day.isoformat() if day else ""
    blank[5, 9] = day
    marks: dict[str, dict[str, str]] = {}
    noes: dict[str, dict[str, str]] = {}
    for section, label_column, columns in ((layout.sections[0], 1, (2, 8)), (layout.sections[1], 12, (13,))):
        order = draw(st.permutations(section.items))
        for row, item in enumerate(order, start=9):
            blank[row, label_column] = item
            marks[item], noes[item] = {}, {}
            for block, start in zip(section.blocks, columns, strict=True):
                chosen = draw(st.one_of(st.none(), st.integers(0, len(block.columns) - 1)))
                for i, column in enumerate(block.columns):
                    # The fourth frequency stands one column further right, behind one without a label.
                    place = row, start + i + (i == 3)
                    if i == chosen:
                        mark = draw(st.sampled_from(MARKS))
                        blank[place] = (
                            draw(st.sampled_from([column.value, str(column.value)])) if mark == "own" else mark
                        )
                        marks[item][f"{block.key} {column.label}"] = shown(blank[place])
                    elif draw(st.integers(0, 9)) == 0:
                        blank[place] = draw(st.sampled_from(NOES))
                        noes[item][f"{block.key} {column.label}"] = shown(blank[place])
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    for place, content in blank.items():
        if content not in (None, ""):
            sheet.cell(*at(*place), content)
    kept = io.BytesIO()
    book.save(kept)
    return Filled(kept.getvalue(), name, fields, marks, noes)


def shown(content: object) -> str:
    return str(content).upper() if isinstance(content, bool) else str(content)


BLANK_CELLS: dict[tuple[int, int], Any] = {
    (cell.row, cell.column): cell.value
    for row in openpyxl.load_workbook(BLANK).worksheets[0].iter_rows()
    for cell in row
    if cell.value is not None
}


@given(filled())
def test_what_was_put_into_a_form_is_what_is_read_from_it(form: Filled) -> None:
    (read,) = read_matrices(form.content, LAYOUTS)
    assert read.sheet == form.sheet
    assert {label: read.fields[label].text for label in form.fields} == form.fields
    values = {(s.key, b.key, c.label): c.value for s in LAYOUTS[0].sections for b in s.blocks for c in b.columns}
    for row in read.rows:
        found: dict[str, dict[str, str]] = {"mark": {}, "no": {}, "unclear": {}}
        for cell in row.cells:
            (label,) = cell.columns
            kind = read_mark(cell.text, values[row.section, cell.block, label]).kind
            found[kind][f"{cell.block} {label}"] = cell.text
        assert found == {"mark": form.marks[row.item], "no": form.noes[row.item], "unclear": {}}
    assert read.notes == ()


def test_a_row_that_stands_twice_with_different_answers_says_that_none_counted() -> None:
    content = (FORMS / "matrices" / "a-row-twice.xlsx").read_bytes()
    [drugs, harm] = [n.what for n in read_matrices(content, LAYOUTS)[0].notes if n.code == "row-twice"]
    assert "none of them was counted" in drugs
    assert "counted" not in harm
