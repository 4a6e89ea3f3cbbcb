"""The copy that goes back with a returned Excel form: what is marked in it, and that it can be completed."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.examine import OnRecord, examine_file, hold_against
from pipeline.intake.excel.marked_workbook import mark_workbook
from pipeline.intake.excel.matrix import read_matrices
from pipeline.results import Result
from pipeline.rules.form import QUERY_AUTHOR, MatrixForm, Problem
from tests.matrix_forms import LAYOUTS

FORMS = Path(__file__).parents[1] / "forms"
UNCERTAIN = (FORMS / "examples" / "matrix-unanswered-and-uncertain.xlsx").read_bytes()
NOT_MARKED = ("strict-open-xml.xlsx", "header-lost.xlsx")
GOLDEN = sorted(
    p for folder in ("examples", "matrices") for p in (FORMS / folder).glob("*.xls[xm]") if p.name not in NOT_MARKED
)
TODAY = dt.date(2026, 11, 21)


def query(where: str, what: str = "This is not clear.", remedy: str = "Make it clear.") -> Problem:
    return Problem("return", "unclear-mark", where, what, remedy)


def marked(content: bytes, *where: str) -> bytes:
    copy = mark_workbook(content, [query(w) for w in where])
    assert copy is not None
    return copy


NOTHING_ON_RECORD = OnRecord(lambda _: (), lambda _: (), frozenset())


def examine(content: bytes) -> Result:
    (result,) = hold_against(examine_file("form.xlsx", lambda: read(content), LAYOUTS, TODAY), NOTHING_ON_RECORD)
    return result


def read(content: bytes) -> tuple[MatrixForm, ...]:
    return read_matrices(content, LAYOUTS.matrices)


def made(change: Callable[[Worksheet], object], content: bytes = UNCERTAIN) -> bytes:
    """The form as somebody has changed it on its first sheet, saved by openpyxl."""
    book = load_workbook(io.BytesIO(content))
    change(book.worksheets[0])
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def asked(content: bytes, sheet: str = "Sheet1") -> dict[str, str]:
    """Cell → what its comment says, as openpyxl reads it."""
    rows = load_workbook(io.BytesIO(content))[sheet].iter_rows()
    return {cell.coordinate: cell.comment.text.strip() for row in rows for cell in row if cell.comment}


def outline(content: bytes, cell: str, sheet: str = "Sheet1") -> str:
    """The sides of a cell that have a thick line: any of "LRTB"."""
    # Otherwise openpyxl gives the cells of a merged one the lines of its first.
    border = load_workbook(io.BytesIO(content), read_only=True)[sheet][cell].border
    sides = {"L": border.left, "R": border.right, "T": border.top, "B": border.bottom} if border else {}
    return "".join(letter for letter, side in sides.items() if side is not None and side.style == "thick")


def answer(sheet: Worksheet) -> None:
    for row in (14, 15, 16):
        for column in "BCDF":
            sheet[f"{column}{row}"] = None
        sheet[f"B{row}"] = "x"


def by_libreoffice(content: bytes, folder: Path) -> bytes:
    source, target = folder / "form.xlsx", folder / "saved"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (target / "form.xlsx").read_bytes()


def test_every_queried_row_is_outlined_and_says_what_to_do() -> None:
    copy = mark_workbook(UNCERTAIN, examine(UNCERTAIN).problems)
    assert copy is not None
    notes = asked(copy)
    assert list(notes) == ["B14", "B15", "B16"]
    assert notes["B14"].startswith(f"{QUERY_AUTHOR}: Nothing clear is marked for “Sexual Exploitation”. Put one x")
    assert [outline(copy, cell) for cell in ("B14", "C14", "G14", "J14", "A14", "K14")] == [
        "LTB", "TB", "TB", "RTB", "", "",
    ]  # fmt: skip
    authors = {cell.comment.author for row in load_workbook(io.BytesIO(copy))["Sheet1"] for cell in row if cell.comment}
    assert authors == {QUERY_AUTHOR}


def test_the_completed_copy_is_accepted() -> None:
    before = examine(UNCERTAIN)
    copy = mark_workbook(UNCERTAIN, before.problems)
    assert before.outcome == "returned" and copy is not None
    assert examine(copy).examined == before.examined
    completed = examine(made(answer, copy))
    assert completed.outcome == "accepted"
    assert completed.examined is not None and completed.examined.form.remarks == ()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_copy_can_be_completed_in_libreoffice_which_forgets_who_wrote_a_comment(tmp_path: Path) -> None:
    form = made(lambda sheet: setattr(sheet["B14"], "comment", Comment("Asked her carer", "A. Practitioner")))
    (was,) = read(form)
    problems = examine(form).problems
    copy = mark_workbook(form, problems)
    assert copy is not None
    resaved = by_libreoffice(copy, tmp_path)
    (now,) = read(resaved)
    assert (now.rows, now.remarks, now.notes) == (was.rows, was.remarks, was.notes)
    assert {k: a.text for k, a in now.fields.items() if not a.formula} == {
        k: a.text for k, a in was.fields.items() if not a.formula
    }
    assert examine(made(answer, resaved)).outcome == "accepted"
    again = mark_workbook(resaved, [query("Sheet1!C9")])
    assert again is not None
    assert asked(again) == {"C9": f"{QUERY_AUTHOR}: This is not clear. Make it clear.", "B14": "Asked her carer"}
    assert outline(again, "B14") == "" and outline(again, "C9") == "LRTB"


@pytest.mark.parametrize("path", GOLDEN, ids=[p.name for p in GOLDEN])
def test_the_copy_of_any_form_reads_as_the_form(path: Path) -> None:
    content = path.read_bytes()
    forms = read(content)
    where = [f"{form.sheet}!{cells}" for form in forms for cells in ("B9:J9", "I2", "C12", "M10")]
    problems = [note for form in forms for note in form.notes]
    copy = mark_workbook(content, [*problems, *map(query, where)])
    assert copy is not None
    assert read(copy) == forms
    assert mark_workbook(content, [*problems, *map(query, where)]) == copy
    again = mark_workbook(copy, [query(where[0])])
    assert again is not None and read(again) == forms


def test_all_else_in_the_file_stays_byte_for_byte() -> None:
    content = (FORMS / "matrices" / "with-macros.xlsm").read_bytes()
    before, after = parts(content), parts(marked(content, "Sheet1!C9"))
    sheet = "xl/worksheets/sheet1.xml"
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"[Content_Types].xml", "xl/styles.xml", sheet}
    assert set(after) - set(before) == {
        "xl/comments1.xml", "xl/drawings/notes1.vml", "xl/worksheets/_rels/sheet1.xml.rels",
    }  # fmt: skip
    assert "xl/vbaProject.bin" in before


def test_formulas_keep_their_values() -> None:
    content = (FORMS / "matrices" / "formulas-with-their-values.xlsx").read_bytes()
    copy = marked(content, "Sheet1!M2", "Sheet1!B20:J20")
    for values in (True, False):
        was, now = (load_workbook(io.BytesIO(c), data_only=values)["Sheet1"] for c in (content, copy))
        assert list(now.values) == list(was.values)
        assert now["M2"].value is not None


def test_looks_widths_and_merged_cells_stay() -> None:
    was, now = (load_workbook(io.BytesIO(c))["Sheet1"] for c in (UNCERTAIN, marked(UNCERTAIN, "Sheet1!I4")))
    assert now.merged_cells.ranges == was.merged_cells.ranges
    assert {k: d.width for k, d in now.column_dimensions.items()} == {
        k: d.width for k, d in was.column_dimensions.items()
    }
    looks = [
        [repr(cell.font), repr(cell.fill), repr(cell.alignment), cell.number_format] for cell in (was["I4"], now["I4"])
    ]
    assert looks[0] == looks[1]


def test_a_merged_cell_is_outlined_as_one() -> None:
    copy = marked(UNCERTAIN, "Sheet1!B2")
    assert [outline(copy, cell) for cell in ("B2", "C2", "F2")] == ["LTB", "TB", "RTB"]


def test_a_blank_cell_is_outlined_in_the_look_of_its_row_or_column() -> None:
    def shade(sheet: Worksheet) -> None:
        sheet.column_dimensions["T"].number_format = "0.000"
        sheet.row_dimensions[40].number_format = "0.0"

    copy = marked(made(shade), "Sheet1!T30", "Sheet1!T40")
    sheet = load_workbook(io.BytesIO(copy))["Sheet1"]
    assert (sheet["T30"].number_format, sheet["T40"].number_format) == ("0.000", "0.0")
    assert outline(copy, "T30") == outline(copy, "T40") == "LRTB"


def test_several_problems_of_a_cell_stand_in_one_comment() -> None:
    problems = [query("Sheet1!I2", "It is blank."), query("Sheet1!I2, Sheet1!I5", "They differ.")]
    copy = mark_workbook(UNCERTAIN, problems)
    assert copy is not None
    both = "To put right: It is blank. Make it clear.\n\nTo put right: They differ. Make it clear."
    assert asked(copy) == {"I2": both.split("\n\n")[0], "I5": both.split("\n\n")[1]}
    copy = mark_workbook(UNCERTAIN, [problems[0], replace(problems[0], what="It is odd.")])
    assert copy is not None
    assert asked(copy)["I2"].count(QUERY_AUTHOR) == 2


def test_the_senders_comment_on_a_queried_cell_stays_theirs() -> None:
    form = made(lambda sheet: setattr(sheet["C9"], "comment", Comment("Sam:\nonly at weekends", "Sam")))
    copy = marked(form, "Sheet1!C9")
    assert asked(copy)["C9"] == "Sam:\nonly at weekends\n\nTo put right: This is not clear. Make it clear."
    assert read(copy)[0].remarks == read(form)[0].remarks
    assert [r.text for r in read(copy)[0].remarks] == ["only at weekends"]


def test_an_answer_written_into_our_comment_is_a_remark() -> None:
    def reply(sheet: Worksheet) -> None:
        note = sheet["B14"].comment
        assert note is not None
        sheet["B14"].comment = Comment(f"{note.text}Nobody knows.", note.author)

    copy = made(reply, marked(UNCERTAIN, "Sheet1!B14"))
    assert [r.text for r in read(copy)[0].remarks] == ["Nobody knows."]
    assert asked(marked(copy, "Sheet1!C9"))["B14"] == "Nobody knows."


def test_nothing_is_written_into_a_conversation() -> None:
    content = (FORMS / "matrices" / "threaded-comments.xlsx").read_bytes()
    copy = marked(content, "Sheet1!C12", "Sheet1!C13")
    assert "C13" in asked(copy) and QUERY_AUTHOR not in asked(copy)["C12"]
    assert outline(copy, "C12") == "LRTB"
    assert read(copy) == read(content)


def test_what_was_asked_the_last_time_is_gone_from_every_sheet() -> None:
    content = (FORMS / "examples" / "matrix-three-reviews.xlsx").read_bytes()
    first = marked(content, "Sept 26!C9", "Sept 26!D9", "Oct 26!C9")
    second = marked(first, "Sept 26!D9")
    assert list(asked(second, "Sept 26")) == ["D9"]
    assert asked(second, "Oct 26") == asked(second, "Nov 26") == {}
    assert [outline(second, "C9", sheet) for sheet in ("Sept 26", "Oct 26")] == ["", ""]
    assert outline(second, "D9", "Sept 26") == "LRTB"


def test_only_the_queried_sheets_change() -> None:
    content = (FORMS / "examples" / "matrix-three-reviews.xlsx").read_bytes()
    before, after = parts(content), parts(marked(content, "Oct 26!B9:J9"))
    assert [n for n in before if n.startswith("xl/worksheets/") and before[n] != after[n]] == [
        "xl/worksheets/sheet2.xml"
    ]


@pytest.mark.parametrize(
    "name", ["Sept 26", "O'Hara, Sam", 'The "new" one', "Now!", "Now!B9, Other", "=1+1", "Prüfung – 2", "A & B <C>"]
)
def test_a_sheets_name_may_hold_anything(name: str) -> None:
    book = load_workbook(io.BytesIO(UNCERTAIN))
    book.worksheets[0].title = name
    for trap in ("Now", "Other", "O'Hara", "Sept"):
        book.create_sheet(trap)
    copy = marked(saved(book), f"{name}!B14:J14, {name}!C9, Other!A1")
    assert list(asked(copy, name)) == ["C9", "B14"]
    assert list(asked(copy, "Other")) == ["A1"]
    assert asked(copy, "Now") == {}
    assert read(copy) == read(saved(book))


@pytest.mark.parametrize(
    "where", ["the file", "the workbook", "Sheet1", "", "Gone!B9", "Sheet1!B9 and more", "Sheet1!"]
)
def test_what_names_no_cell_is_left_to_the_note(where: str) -> None:
    assert mark_workbook(UNCERTAIN, [query(where)]) is None
    assert list(asked(marked(UNCERTAIN, where, "Sheet1!C9"))) == ["C9"]


def broken(**changes: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in {**parts(UNCERTAIN), **changes}.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        UNCERTAIN[:-300],
        (FORMS / "examples" / "matrix-legacy.xls").read_bytes(),
        (FORMS / "matrices" / "marks-of-every-kind.libreoffice.ods").read_bytes(),
        broken(**{"_rels/.rels": parts(UNCERTAIN)["_rels/.rels"].replace(b"schemas.openxmlformats", b"purl.oclc")}),
        (FORMS / "blank" / "case-referral-form.docx").read_bytes(),
        broken(**{"_xmlsignatures/sig1.xml": b"<Signature/>"}),
        broken(**{"XL/styles.xml": b"<styleSheet/>"}),
        broken(**{"xl/styles.xml": b"<styleSheet/>"}),
        broken(**{"xl/styles.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><styleSheet>&b;</styleSheet>"}),
        broken(**{"xl/worksheets/sheet1.xml": b"<worksheet/>"}),
    ],
    ids=["empty", "cut", "cut at its end", "xls", "ods", "strict", "docx", "signed", "twice", "no styles", "doctype",
         "no cells"],
)  # fmt: skip
def test_a_file_that_cannot_be_copied_safely_has_no_copy(content: bytes) -> None:
    assert mark_workbook(content, [query("Sheet1!C9")]) is None


@given(st.sampled_from(sorted(parts(UNCERTAIN))), st.integers(0, 20_000), st.binary(max_size=8))
@settings(max_examples=50, deadline=None)
def test_no_damage_is_worse_than_no_copy(name: str, at: int, put: bytes) -> None:
    content = parts(UNCERTAIN)[name]
    at %= len(content)
    copy = mark_workbook(
        broken(**{name: content[:at] + put + content[at + len(put) :]}), [query("Sheet1!C9"), query("Sheet1!B14:J14")]
    )
    assert copy is None or parts(copy).keys() >= parts(UNCERTAIN).keys()
