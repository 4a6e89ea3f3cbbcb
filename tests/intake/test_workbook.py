"""What no form can be read from comes back in plain words; nothing that a library says gets out."""

from __future__ import annotations

import io
import random
import re
import struct
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UnreadableFile
from pipeline.intake.excel import sheet_facts, xls_facts
from pipeline.intake.excel.matrix import read_matrices
from pipeline.intake.excel.workbook import read_workbook
from pipeline.rules.form import Answer
from pipeline.rules.layout import MatrixLayout
from tests.forms.make_matrices import BLANK, Parts, edit_parts
from tests.intake.test_matrix import LAYOUTS

FORMS = Path(__file__).parents[1] / "forms"
MUST = (FORMS / "examples" / "matrix-must.xlsx").read_bytes()
OLD = (FORMS / "examples" / "matrix-legacy.xls").read_bytes()
OPEN_DOCUMENT = (FORMS / "matrices" / "marks-of-every-kind.libreoffice.ods").read_bytes()


def code_of(content: bytes, layouts: tuple[MatrixLayout, ...] = LAYOUTS) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_matrices(content, layouts)
    assert caught.value.what.endswith(".")
    assert caught.value.remedy.endswith(".")
    return caught.value.code


def changed(part: str, old: bytes, new: bytes, content: bytes = MUST) -> bytes:
    def edit(parts: Parts) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new, 1)

    return edit_parts(content, edit)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no-workbook"),
        (b"Young person Name,Jordan", "no-workbook"),
        (b"%PDF-1.7", "no-workbook"),
        (b"PK\x03\x04", "damaged"),
        (MUST[:3000], "damaged"),
        (OLD[:3000], "old-excel"),
    ],
)
def test_what_is_no_workbook_or_only_a_part_of_one_comes_back(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_a_word_document_is_no_workbook_to_read() -> None:
    assert code_of((FORMS / "blank" / "case-referral-form.docx").read_bytes()) == "damaged"


def test_a_password_is_named_as_such_in_an_xlsx() -> None:
    assert code_of((FORMS / "unreadable" / "password.xlsx").read_bytes()) == "password"


def test_a_password_is_named_as_such_in_an_xls() -> None:
    # The record that names the last writer becomes the one that begins a ciphered file.
    at = OLD.index(b"\x5c\x00\x70\x00")
    assert code_of(OLD[:at] + b"\x2f\x00" + OLD[at + 2 :]) == "password"


def test_a_password_is_named_as_such_in_an_ods() -> None:
    closed = changed("META-INF/manifest.xml", b"<manifest:file-entry", b"<manifest:encryption-data/><f ", OPEN_DOCUMENT)
    assert code_of(closed) == "password"


def test_a_part_with_a_doctype_is_not_opened() -> None:
    told = changed("xl/worksheets/sheet1.xml", b"<worksheet", b'<!DOCTYPE worksheet [<!ENTITY a "x">]><worksheet')
    assert code_of(told) == "damaged"


def test_a_workbook_that_unpacks_to_more_than_any_form_is_not_opened() -> None:
    def bomb(parts: Parts) -> None:
        parts["xl/media/image1.bin"] = bytes(sheet_facts.MAX_BYTES)

    assert code_of(edit_parts(MUST, bomb)) == "too-large"


def test_more_sheets_than_anybody_completes_are_not_opened() -> None:
    book = openpyxl.load_workbook(BLANK)
    for _ in range(sheet_facts.MAX_SHEETS):
        book.create_sheet()
    assert code_of(saved(book)) == "too-large"


def test_a_form_with_an_entry_a_million_rows_below_is_not_unpacked_but_comes_back() -> None:
    book = openpyxl.load_workbook(io.BytesIO(MUST))
    book["Sheet1"]["P1048576"] = "x"
    assert code_of(saved(book)) == "too-large"


def test_another_sheet_that_is_too_large_is_left_alone_with_a_note() -> None:
    book = openpyxl.load_workbook(io.BytesIO(MUST))
    book.create_sheet("Old data")["XFD5000"] = "x"
    (form,) = read_matrices(saved(book), LAYOUTS)
    assert [(n.severity, n.code, n.where) for n in form.notes] == [("note", "too-large", "Old data")]


def test_formats_far_below_the_form_hold_nothing_and_do_not_matter() -> None:
    book = openpyxl.load_workbook(io.BytesIO(MUST))
    book["Sheet1"]["P1048576"].font = openpyxl.styles.Font(name="Wingdings")
    (form,) = read_matrices(saved(book), LAYOUTS)
    assert form.notes == ()


def test_what_stands_far_beside_a_label_is_not_its_answer() -> None:
    """A formula without its value does not make a sheet too large; the answer still belongs beside the label."""
    book = openpyxl.load_workbook(io.BytesIO(MUST))
    book["Sheet1"]["I5"] = None
    book["Sheet1"]["XFD5"] = "=1+1"
    (form,) = read_matrices(saved(book), LAYOUTS)
    assert form.fields["Assessment Date"] == Answer("", "Sheet1!I5")


def test_a_workbook_without_a_form_gives_none() -> None:
    book = openpyxl.Workbook()
    assert read_matrices(saved(book), LAYOUTS) == ()
    assert read_matrices(MUST, ()) == ()


def test_cells_without_a_name_stand_where_they_stand() -> None:
    """Some programs leave out the names of cells, which the standard allows."""

    def unnamed(parts: Parts) -> None:
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        sheet = re.sub(r'(<c r="I2"[^>]*)>', r"\1><f>1</f>", sheet)
        row = re.search(r'<row r="1".*?</row>', sheet)
        assert row
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(row[0], re.sub(r' r="\w+"', "", row[0])).encode()

    (sheet,) = read_workbook(edit_parts(MUST, unnamed)).sheets
    assert sheet.cells[0, 0].text.startswith("SMBC")
    assert sheet.cells[1, 8].formula


def test_a_style_is_known_by_its_number_however_that_is_written() -> None:
    """The standard allows zeros before it: a cell that is coloured in stays one."""
    by_design = (FORMS / "matrices" / "coloured-by-design.xlsx").read_bytes()

    def zeros(parts: Parts) -> None:
        sheet = parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = re.sub(rb'(<c [^>]*s=")', rb"\g<1>0", sheet)

    places = [read_workbook(content).sheets[0].coloured for content in (by_design, edit_parts(by_design, zeros))]
    assert places[0] == places[1] != set()
    assert code_of(changed("xl/worksheets/sheet1.xml", b' s="1"', b' s="x"')) == "damaged"


@given(st.integers(0, 2**32), st.sampled_from([MUST, OLD, OPEN_DOCUMENT]))
def test_a_damaged_workbook_is_read_or_comes_back_and_nothing_else(seed: int, content: bytes) -> None:
    chance = random.Random(seed)
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 30)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    read_or_returned(bytes(damaged[: chance.choice([None, chance.randrange(len(damaged))])]))


@given(st.integers(0, 2**32), st.sampled_from([MUST, OPEN_DOCUMENT]))
def test_a_workbook_with_a_damaged_part_is_read_or_comes_back_and_nothing_else(seed: int, content: bytes) -> None:
    chance = random.Random(seed)

    def damage(parts: Parts) -> None:
        name = chance.choice([n for n in parts if n.endswith((".xml", ".rels"))])
        part = bytearray(parts[name])
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(part))
            part[at : at + chance.randint(0, 9)] = chance.choice([b"", b"9", b"<", b'"', b"x", b"-1", b"</c>"])
        parts[name] = bytes(part)
        if chance.random() < 0.2:
            del parts[chance.choice(list(parts))]

    read_or_returned(edit_parts(content, damage))


def read_or_returned(content: bytes) -> None:
    try:
        read_matrices(content, LAYOUTS)
    except UnreadableFile as e:
        assert e.what
        assert e.remedy


def saved(book: openpyxl.Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_a_form_control_in_an_xls_is_seen_though_not_where_it_lies() -> None:
    box = struct.pack("<HHHH", 0x15, 0x12, 0x0B, 1) + bytes(18)
    end = struct.pack("<HH", 0x0A, 0)
    stream = struct.pack("<HH", 0x5D, len(box)) + box + end
    assert xls_facts._sheet(stream, 0, []).floating == [sheet_facts.Floating(None, True)]


def test_an_xls_that_asks_for_more_memory_than_there_is_does_not_take_the_program_down() -> None:
    """calamine would allocate what these records say, and abort."""
    size = OLD.index(struct.pack("<HHI", 0x0200, 14, 0))
    assert code_of(OLD[: size + 8] + b"\xff\xff\xff\x7f" + OLD[size + 12 :]) == "damaged"
    texts = OLD.index(b"\xfc\x00", OLD.index(b"Sheet1"))
    assert code_of(OLD[: texts + 8] + b"\xff\xff\xff\x7f" + OLD[texts + 12 :]) == "damaged"


def test_an_xls_with_an_entry_far_below_the_form_comes_back() -> None:
    text = OLD.index(b"\xfd\x00\x0a\x00") + 4
    assert code_of(OLD[:text] + struct.pack("<HH", 65_535, 255) + OLD[text + 4 :]) == "too-large"


def test_an_older_xls_says_how_to_save_it() -> None:
    name = "Workbook".encode("utf-16-le")
    assert code_of(OLD.replace(name, "Bookbook".encode("utf-16-le"))) == "old-excel"


def test_where_formulas_cannot_be_told_a_number_may_be_the_forms_own_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.intake.excel.workbook.xlsx_facts", lambda _: {})
    content = (FORMS / "matrices" / "typed-total.xlsx").read_bytes()
    (form,) = read_matrices(content, LAYOUTS)
    assert [n.code for n in form.notes] == ["partly-read"]
    assert form.fields["Overall Score"].formula
    assert not form.fields["Young person Name"].formula


def test_a_cell_name_and_its_place_are_one() -> None:
    assert sheet_facts.place_of("$AB$12") == (11, 27)
    assert sheet_facts.cell_name((11, 27)) == "AB12"
    with pytest.raises(ValueError, match="1"):
        sheet_facts.place_of("-1")
