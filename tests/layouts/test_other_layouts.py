"""Two forms of other authorities, by their layout files alone: hand-computed scores, the commands, the documents."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from pipeline.errors import SettingsError
from pipeline.intake.excel.matrix import read_matrices
from pipeline.intake.layouts import load_layouts
from tests.layouts.fill import FORMS, LAYOUTS, fill
from tests.offices import EXAMPLES, TEMPLATES
from tests.test_cli import lines, pipeline

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder whose templates have the two layouts beside the shipped ones."""
    folder = tmp_path_factory.mktemp("work")
    shutil.copytree(TEMPLATES, folder / "templates")
    for layout in HERE.glob("*.toml"):
        shutil.copy(layout, folder / "templates" / "forms")
    return folder


@pytest.fixture(scope="module")
def checked(workplace: Path) -> dict[str, dict[str, Any]]:
    """What `pipeline check --json` says of every filled form."""
    told = lines(pipeline("check", "--json", *sorted(HERE.glob("*.xlsx")), cwd=workplace))
    return {str(line["file"]).removesuffix(".xlsx"): line for line in told}


def test_the_filled_forms_are_those_that_the_builder_makes() -> None:
    for file, (name, fields, marks) in FORMS.items():
        made = fill(LAYOUTS[name], fields, marks).worksheets[0]
        kept = openpyxl.load_workbook(HERE / f"{file}.xlsx").worksheets[0]
        assert [[str(c.value)[:10] for c in row] for row in kept.iter_rows()] == [
            [str(c.value)[:10] for c in row] for row in made.iter_rows()
        ], file


def score(low: int, high: int, **sections: list[int]) -> dict[str, object]:
    return {"low": low, "high": high, **sections}


# file: outcome, band, score; the arithmetic beside it.
EXPECTED = {
    # Vulnerability: 3 ticks of 1 = 3. Moderate: 2 ticks of 1 = 2. Significant: current 5, then current and past
    # 5 + 1 = 6, then past 1: 5 + 6 + 1 = 12. 3 + 2 + 12 = 17, and 16 or more is significant.
    "exploitation-significant": (
        "accepted",
        "must",
        score(17, 17, vulnerability=[3, 3], moderate=[2, 2], significant=[12, 12]),
    ),
    # 2 + 3 + 5 = 10 is mild (6 to 10); the question mark under "Past" may be a mark of 1: 11 is moderate (11 to 15).
    "exploitation-open": (
        "returned",
        None,
        score(10, 11, vulnerability=[2, 2], moderate=[3, 3], significant=[5, 6]),
    ),
    # 1 tick, and words that may be a mark or not: 1 to 2, and 0 to 5 is not at risk.
    "exploitation-unclear-but-certain": (
        "accepted",
        "none",
        score(1, 2, vulnerability=[1, 1], moderate=[0, 1], significant=[0, 0]),
    ),
    # 3 + 0 + 1 = 4, and 1 + 2 x 0 + 0 = 1: 5 is low (0 to 6), but a 3 was given: not below medium.
    "descriptors-a-three": ("accepted", "consider", score(5, 5, home=[4, 4], self=[1, 1])),
    # 1 + 0 is low. Born 4 November 2013, discussed 3 November 2026: 12 until tomorrow, so not below medium.
    "descriptors-twelve": ("accepted", "consider", score(1, 1, home=[1, 1], self=[0, 0])),
    # 1 + 0 is low, and 13 that very day.
    "descriptors-thirteen": ("accepted", "none", score(1, 1, home=[1, 1], self=[0, 0])),
    # 1 + 0 is low, and medium for a child under 13: nobody knows.
    "descriptors-age-not-known": ("returned", None, score(1, 1, home=[1, 1], self=[0, 0])),
    # 3 + 2 + 2 = 7, and 2 + 2 x 2 + 1 = 7: 14 is high (12 or more), whatever the age.
    "descriptors-high": ("accepted", "must", score(14, 14, home=[7, 7], self=[7, 7])),
    # 2 + 2 + 1 = 5, and 1 + 2 x 1 = 3, and a 7 that the form does not have, 0 to 3: 8 to 11, medium (7 to 11).
    "descriptors-unclear-number": ("accepted", "consider", score(8, 11, home=[5, 5], self=[3, 6])),
}


@pytest.mark.parametrize("file", EXPECTED)
def test_a_form_of_another_layout_scores_as_worked_out_by_hand(file: str, checked: dict[str, Any]) -> None:
    line = checked[file]
    assert (line["outcome"], line["band"], line["score"]) == EXPECTED[file], line["problems"]


def test_rows_are_told_with_the_blocks_of_their_layout(checked: dict[str, Any]) -> None:
    rows = checked["exploitation-significant"]["rows"]
    assert rows["Going missing overnight"] == {"present": [1, 1], "where": "Form!A16"}
    assert rows["Seen in a car of unknown adults"] == {"when": [6, 6], "where": "Form!A22"}
    assert checked["exploitation-significant"]["factors"] == {}
    assert checked["exploitation-significant"]["problems"] == []


def test_an_open_band_names_the_cells_that_leave_it_open(checked: dict[str, Any]) -> None:
    problems = [(p["severity"], p["code"], p["where"]) for p in checked["exploitation-open"]["problems"]]
    assert problems == [
        ("return", "uncertain-band", "Form!B23:C23"),
        ("return", "unclear-mark", "Form!C23"),
    ]


def test_an_age_that_is_not_known_names_the_date_of_birth(checked: dict[str, Any]) -> None:
    problems = checked["descriptors-age-not-known"]["problems"]
    assert [(p["severity"], p["code"], p["where"]) for p in problems] == [
        ("return", "uncertain-band", "Form!B4"),
        ("note", "unreadable-date", "Form!B4"),
    ]
    assert "Date of birth (Form!B4)" in problems[0]["remedy"]


def test_a_number_that_the_form_does_not_have_is_a_note_where_the_band_is_certain(checked: dict[str, Any]) -> None:
    [problem] = checked["descriptors-unclear-number"]["problems"]
    assert (problem["code"], problem["where"]) == ("unclear-mark", "Form!B16")
    assert "Write 0 to 3" in problem["remedy"]


def test_run_writes_the_documents_of_another_layout_in_its_own_words(workplace: Path) -> None:
    for name in ("inbox", "outbox"):
        (workplace / name).mkdir()
    for file in ("exploitation-significant", "descriptors-twelve"):
        shutil.copy(HERE / f"{file}.xlsx", workplace / "inbox")
    folders = [f"--{name}={workplace / name}" for name in ("inbox", "outbox", "records", "templates")]
    told = {str(line["case"]): line for line in lines(pipeline("run", "--json", *folders, cwd=workplace.parent))}
    kinds = {case: sorted({d["kind"] for d in line["documents"]}) for case, line in told.items()}  # type: ignore[attr-defined]
    assert kinds == {
        "LC20881": ["action-plan", "assessment-summary", "core-group-report", "meeting-record", "notification-letter"],
        "R-5512": ["action-plan", "assessment-summary", "meeting-record"],
    }
    for line in told.values():
        for document in line["documents"]:  # type: ignore[attr-defined]
            said = words(workplace / "outbox" / document["path"])
            for foreign in ("Risk behaviours", "Risk Behaviours", "Cahms", "Care First", "without protective factors"):
                assert foreign not in said, (document["path"], foreign)
    summary = words(workplace / "outbox" / "LC20881/2026-11-03 Exploitation risk assessment/Assessment summary.docx")
    for wanted in ("Significant risk indicators", "Current and Past (6)", "B22, C22", "11 or more: Moderate risk"):
        assert wanted in summary
    summary = words(workplace / "outbox" / "R-5512/2026-11-03 Descriptor tool/Assessment summary.docx")
    for wanted in (
        "Medium",
        "Not below this band, because\nThe child is under 13",
        "4 November 2013",
        "Score 0 to 3 (0)",
    ):
        assert wanted in summary


def words(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_the_shipped_form_is_read_as_ever_beside_other_layouts(workplace: Path) -> None:
    [line] = lines(pipeline("check", "--json", EXAMPLES / "matrix-must.xlsx", cwd=workplace))
    assert (line["band"], line["score"]) == (
        "must",
        {"low": 51, "high": 51, "behaviour": [55, 55], "protective": [-4, -4]},
    )


def test_a_form_that_no_layout_fits_names_the_nearest_and_what_it_lacks(workplace: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(HERE / "exploitation-open.xlsx")
    book.worksheets[0]["C20"] = "Earlier"  # the heading "Past"
    book.save(tmp_path / "form.xlsx")
    [line] = lines(pipeline("check", "--json", tmp_path / "form.xlsx", cwd=workplace))
    [problem] = line["problems"]  # type: ignore[misc]
    assert (line["form"], problem["code"]) == (None, "not-a-form")
    assert "comes nearest to “Exploitation risk assessment” (test 1)" in problem["what"]
    assert "these labels of it were not found: “Past”." in problem["what"]


def test_sections_may_share_one_row_of_headings() -> None:
    book = openpyxl.load_workbook(HERE / "exploitation-significant.xlsx")
    sheet = book.worksheets[0]
    sheet["B14"] = None  # the second heading "Yes": what stands below its title is still under the first
    sheet["A13"], sheet["B13"] = "Something else", "x"
    kept = io.BytesIO()
    book.save(kept)
    [form] = read_matrices(kept.getvalue(), [LAYOUTS["exploitation"]])
    rows = {row.item: [(c.text, c.where) for c in row.cells] for row in form.rows}
    assert rows["Isolated from friends"] == [("✓", "Form!B12")]
    assert rows["Staying out late"] == [("x", "Form!B15")]
    assert rows["Use of drugs or alcohol"] == []
    assert [(n.severity, n.code, n.where) for n in form.notes] == [("note", "unknown-row", "Form!A13")]


def layouts_with(folder: Path, old: str, new: str) -> Path:
    """The exploitation layout, and beside it a second version in which ``new`` stands for ``old``."""
    text = (HERE / "exploitation.toml").read_text("utf-8")
    assert old in text
    (folder / "first.toml").write_text(text, "utf-8")
    second = text.replace('name = "exploitation"', 'name = "second"').replace(old, new)
    (folder / "second.toml").write_text(second, "utf-8")
    return folder


def test_the_layout_of_which_most_labels_are_there_claims_the_sheet(tmp_path: Path) -> None:
    layouts = load_layouts(layouts_with(tmp_path, '"Low self-esteem",', '"Low self-esteem", "Out of school",')).matrices
    [form] = read_matrices((HERE / "exploitation-open.xlsx").read_bytes(), layouts)
    assert form.layout == "exploitation"
    _, fields, marks = FORMS["exploitation-open"]
    book, kept = fill(next(x for x in layouts if x.name == "second"), fields, marks), io.BytesIO()
    book.save(kept)
    [form] = read_matrices(kept.getvalue(), layouts)
    assert form.layout == "second"


def test_two_layouts_that_fit_equally_well_are_the_administrators_to_put_right(workplace: Path, tmp_path: Path) -> None:
    layouts = load_layouts(layouts_with(tmp_path, 'version = "test 1"', 'version = "test 2"')).matrices
    with pytest.raises(SettingsError, match="exploitation and second fit the sheet Form equally well"):
        read_matrices((HERE / "exploitation-open.xlsx").read_bytes(), layouts)
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    for path in tmp_path.glob("*.toml"):
        path.rename(tmp_path / "templates" / "forms" / path.name)
    completed = pipeline("check", "--json", HERE / "exploitation-open.xlsx", cwd=tmp_path)
    assert (completed.returncode, completed.stdout) == (2, "")
    assert "equally well" in completed.stderr
