"""What is held off before a library sees it: each guard with a file that only this guard holds off."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import UnreadableFile
from pipeline.intake.container import opened
from pipeline.intake.readers import read_forms
from tests.matrix_forms import LAYOUTS

FORMS = Path(__file__).parent.parent / "forms"
MATRIX = (FORMS / "examples" / "matrix-must.xlsx").read_bytes()
REFERRAL = (FORMS / "examples" / "referral-controls.docx").read_bytes()
OLD_MATRIX = (FORMS / "examples" / "matrix-legacy.xls").read_bytes()
SHEET = "xl/worksheets/sheet1.xml"

Parts = dict[str, bytes]


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return file.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    return packed(parts_of(MATRIX) | {name: content})


def in_sheet(old: bytes, new: bytes) -> bytes:
    content = parts_of(MATRIX)[SHEET]
    assert old in content
    return with_part(SHEET, content.replace(old, new, 1))


def directory_entry(data: bytes, name: str) -> int:
    """Where the entry of a part stands in the directory of a zip."""
    at = data.rindex(name.encode())
    return data.rindex(b"PK\x01\x02", 0, at)


def patched(data: bytes, at: int, layout: str, *values: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(layout, changed, at, *values)
    return bytes(changed)


def code_of(data: bytes, name: str = "form.xlsx") -> str:
    with pytest.raises(UnreadableFile) as caught:
        opened(data, name)
    assert caught.value.what and caught.value.remedy
    return caught.value.code


@pytest.mark.parametrize(
    "path",
    sorted(p for p in FORMS.glob("*/*") if p.suffix in (".xlsx", ".xlsm", ".xls", ".ods", ".docx")),
    ids=lambda p: p.name,
)
def test_every_honest_form_passes(path: Path) -> None:
    if path.name in ("macros.docx", "password.xlsx"):
        return
    assert opened(path.read_bytes(), path.name).kind == ("word" if path.suffix == ".docx" else "workbook")


# The name against what is in it


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "form.xlsx", "empty"),
        (bytes(20_000), "form.xlsx", "empty"),
        (b"%PDF-1.7", "form.xlsx", "wrong-type"),
        (b"%PDF-1.7", "form.pdf", "wrong-type"),
        (b"a;b\n", "form.xls", "wrong-type"),
        (MATRIX, "form.docx", "wrong-type"),
        (REFERRAL, "form.xlsx", "wrong-type"),
        (REFERRAL, "form.ods", "wrong-type"),
        (MATRIX, "form.ods", "wrong-type"),
        (MATRIX, "form.xls", "wrong-type"),
        (OLD_MATRIX, "form.xlsx", "wrong-type"),
        (OLD_MATRIX, "form.doc", "old-word"),
        (MATRIX, "form", "wrong-type"),
        (MATRIX, "form.exe", "wrong-type"),
        (packed({"readme.txt": b"an ordinary zip"}), "form.docx", "wrong-type"),
    ],
)  # fmt: skip
def test_what_is_not_what_its_name_says_goes_back(data: bytes, name: str, code: str) -> None:
    assert code_of(data, name) == code


def test_a_name_may_be_in_capitals_and_end_in_a_space() -> None:
    assert opened(MATRIX, "FORM.XLSX ").kind == "workbook"


def test_macros_must_not_come_in_under_a_name_that_denies_them() -> None:
    macros = (FORMS / "matrices" / "with-macros.xlsm").read_bytes()
    assert opened(macros, "form.xlsm").kind == "workbook"
    assert code_of(macros, "form.xlsx") == "macros"
    assert code_of((FORMS / "referrals" / "macros.docx").read_bytes(), "form.docx") == "macros"
    assert code_of(with_part("xl/vbaProject.bin", b"stub")) == "macros"
    types = parts_of(MATRIX)["[Content_Types].xml"]
    enabled = types.replace(
        b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    )
    macrosheet = types.replace(
        b"</Types>", b'<Override PartName="/m" ContentType="application/vnd.ms-excel.macrosheet+xml"/></Types>'
    )
    assert types not in (enabled, macrosheet)
    assert code_of(with_part("[Content_Types].xml", enabled)) == "macros"
    assert code_of(with_part("[Content_Types].xml", macrosheet)) == "macros"


# Passwords


def old_workbook(*records: tuple[int, bytes], at: int = 512) -> bytes:
    stream = b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(at, b"\0") + stream


@pytest.mark.parametrize("beginning", [bytes(8), bytes(16)], ids=["Excel 95", "Excel 97"])
@pytest.mark.parametrize("between", [(), ((0x86, b""),)], ids=["", "write-protected"])
@pytest.mark.parametrize("at", [512, 576, 4096])
def test_a_password_on_an_old_workbook_is_told(
    beginning: bytes, between: tuple[tuple[int, bytes], ...], at: int
) -> None:
    assert code_of(old_workbook((0x809, beginning), *between, (0x2F, bytes(54)), at=at), "form.xls") == "password"
    assert opened(old_workbook((0x809, beginning), *between, (0x42, bytes(2)), at=at), "form.xls").kind == "workbook"
    assert opened(old_workbook((0x809, beginning), (0x2F, bytes(54)), at=at + 7), "form.xls").kind == "workbook"


@pytest.mark.parametrize("name", ["form.xlsx", "form.docx", "form.xls", "form.doc"])
def test_a_password_on_the_whole_file_is_told(name: str) -> None:
    closed = OLD_MATRIX + "EncryptedPackage".encode("utf-16-le")
    assert code_of(closed, name) == "password"


def test_a_password_on_a_part_is_told() -> None:
    at = directory_entry(MATRIX, SHEET)
    assert code_of(patched(MATRIX, at + 8, "<H", 1)) == "password"


# The zip


def test_a_file_that_stops_half_way_is_damaged() -> None:
    for length in (4, 100, len(MATRIX) // 2, len(MATRIX) - 1):
        assert code_of(MATRIX[:length]) == "damaged"


def test_a_hole_in_the_middle_is_damaged() -> None:
    hole = len(MATRIX) // 2
    assert code_of(MATRIX[:hole] + bytes(512) + MATRIX[hole + 512 :]) == "damaged"


def test_a_wrong_check_sum_is_damaged() -> None:
    at = directory_entry(MATRIX, SHEET)
    assert code_of(patched(MATRIX, at + 16, "<I", 12345)) == "damaged"


def test_a_file_written_twice_over_is_damaged() -> None:
    assert code_of(MATRIX + MATRIX) == "damaged"


def test_more_parts_than_any_form_has_are_refused() -> None:
    parts = parts_of(MATRIX)
    assert opened(packed(parts | {f"{n}.bin": b"" for n in range(5_000 - len(parts))}), "form.xlsx")
    assert code_of(packed(parts | {f"{n}.bin": b"" for n in range(5_001 - len(parts))})) == "unsafe"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("again", [SHEET, SHEET.upper()])
def test_two_parts_of_one_name_are_refused(again: str) -> None:
    file = io.BytesIO(MATRIX)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(again, b"<x/>")
    assert code_of(file.getvalue()) == "unsafe"


@pytest.mark.parametrize("name", ["../up.xml", "xl/../../up.xml", "/root.xml", "C:/boot.xml", "xl\\up.xml", "a\nb.xml"])
def test_a_part_that_would_climb_out_is_refused(name: str) -> None:
    assert code_of(with_part(name, b"<x/>")) == "unsafe"


def test_a_part_that_is_a_link_is_refused() -> None:
    file = io.BytesIO(MATRIX)
    with zipfile.ZipFile(file, "a") as archive:
        link = zipfile.ZipInfo("xl/media/link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert code_of(file.getvalue()) == "unsafe"


def test_parts_that_overlap_are_refused() -> None:
    data = packed(parts_of(MATRIX), method=zipfile.ZIP_STORED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first, second, *_ = archive.infolist()
        size = first.file_size + 40
    begin = data.index(b"PK\x03\x04") + 30 + len(first.filename)
    crc = zlib.crc32(data[begin : begin + size])
    at = directory_entry(data, first.filename)
    assert second.header_offset < begin + size
    assert code_of(patched(data, at + 16, "<III", crc, size, size)) == "unsafe"


def test_a_part_that_is_called_otherwise_in_its_own_place_is_refused() -> None:
    data = MATRIX.replace(SHEET.encode(), b"xl/worksheets/sheet9.xml", 1)
    assert data.count(b"sheet9.xml") == 1
    assert code_of(data) == "unsafe"


def test_a_part_packed_as_no_office_program_does_is_refused() -> None:
    assert code_of(packed(parts_of(MATRIX), method=zipfile.ZIP_BZIP2)) == "unsafe"


def test_more_than_200_mib_in_all_are_refused_before_they_are_unpacked() -> None:
    data = with_part("xl/media/a.bin", bytes(1000))
    at = directory_entry(data, "xl/media/a.bin")
    assert code_of(patched(data, at + 24, "<I", 201 * 2**20)) == "too-large"


@pytest.mark.parametrize("states", [None, 2_000, 2**21], ids=["honest", "says little", "says less"])
def test_a_bomb_is_refused_whatever_it_says_of_its_size(states: int | None) -> None:
    data = with_part("xl/media/a.bin", bytes(8 * 2**20))
    if states is not None:
        data = patched(data, directory_entry(data, "xl/media/a.bin") + 24, "<I", states)
    assert code_of(data) == ("damaged" if states == 2_000 else "too-large")


@pytest.mark.parametrize(
    ("content", "states"), [(bytes(150 * 2**20), 2_000), (random.Random(1).randbytes(16 * 2**20), 2 * 2**20)]
)
def test_a_part_that_lies_never_comes_to_memory(content: bytes, states: int) -> None:
    data = with_part("xl/media/a.bin", content)
    data = patched(data, directory_entry(data, "xl/media/a.bin") + 24, "<I", states)
    tracemalloc.start()
    assert code_of(data) == "damaged"
    assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    tracemalloc.stop()


def test_a_part_that_is_larger_than_it_says_is_damaged() -> None:
    at = directory_entry(MATRIX, SHEET)
    with zipfile.ZipFile(io.BytesIO(MATRIX)) as archive:
        size = archive.getinfo(SHEET).file_size
    for stated in (size - 1, size + 1):
        assert code_of(patched(MATRIX, at + 24, "<I", stated)) == "damaged"


def test_small_parts_may_be_packed_tightly() -> None:
    assert opened(with_part("xl/media/a.bin", bytes(2**20)), "form.xlsx").kind == "workbook"


# The XML


@pytest.mark.parametrize("name", [SHEET, "docProps/core.xml", "xl/workbook.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize(
    "doctype",
    ["<!DOCTYPE x>", '<!DOCTYPE x SYSTEM "file:///etc/passwd">', "<!-- a --> <?b c?>\n<!DOCTYPE x [<!ENTITY a 'b'>]>"],
)
def test_a_document_type_is_refused_in_every_part(name: str, encoding: str, doctype: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding[:6].rstrip("-").upper()}"?>' if encoding != "utf-16-be" else ""
    assert code_of(with_part(name, f"{declared}{doctype}<x/>".encode(encoding))) == "unsafe"


@pytest.mark.parametrize("encoding", ["UTF-7", "UTF-32", "latin-1", "IBM037", "us-ascii; x"])
def test_an_encoding_that_office_does_not_write_is_refused(encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?><x/>'.encode()
    assert code_of(with_part("docProps/core.xml", content)) == "unsafe"


def in_utf_16(data: bytes, name: str) -> bytes:
    content = parts_of(data)[name].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    return packed(parts_of(data) | {name: content})


def test_utf_16_passes_where_the_reader_can_read_it() -> None:
    assert opened(in_utf_16(REFERRAL, "word/document.xml"), "form.docx").kind == "word"
    assert read_forms(in_utf_16(REFERRAL, "word/document.xml"), "form.docx", LAYOUTS)
    assert code_of(in_utf_16(MATRIX, SHEET)) == "unsafe"


@pytest.mark.parametrize("content", [b"", b"   ", b"PK", b"{}", "<x>\ud800</x>".encode("utf-16-le", "surrogatepass")])
def test_a_part_that_is_no_xml_is_damaged(content: bytes) -> None:
    assert code_of(with_part("xl/sharedStrings.xml", content)) == "damaged"


@pytest.mark.parametrize(
    "bad",
    [
        b"&#0;", b"&#1;", b"&#x8;", b"&#xB;", b"&#xD800;", b"&#xFFFE;", b"&#x110000;", b"\x01", b"\xc0\xaf",
        b"\xed\xa0\x80",
    ],
)  # fmt: skip
def test_what_is_no_character_is_refused(bad: bytes) -> None:
    assert code_of(with_part("xl/sharedStrings.xml", b"<sst><si><t>" + bad + b"</t></si></sst>")) == "damaged"


def test_line_breaks_by_number_pass() -> None:
    content = b"<sst><si><t>&#10;&#xD;&#9;&#x1F600;</t></si></sst>"
    assert opened(with_part("xl/sharedStrings.xml", content), "form.xlsx").kind == "workbook"


def large(inside: str) -> bytes:
    """A part so large that its tree is counted, and packed no tighter than honest ones."""
    filler = "".join(f"<!--{n * 2654435761 % 2**32:08x}{n * 40503 % 65521:05x}-->" for n in range(70_000))
    return f"<x>{filler}{inside}</x>".encode()


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<a>" * 255 + "</a>" * 255, None),
        ("<a>" * 256 + "</a>" * 256, "unsafe"),
        (f'<a b="{"x" * 2**20}"/>', None),
        (f'<a b="{"x" * (2**20 + 1)}"/>', "too-large"),
        ("<a " + " ".join(f"a{n}=''" for n in range(513)) + "/>", "unsafe"),
        ("<a/>" * 499_999, None),
        ("<a/>" * 500_000, "too-large"),
        ("<a></b>", "damaged"),
        ("&#1;", "damaged"),
        ("&a;", "damaged"),
    ],
)
def test_a_large_part_is_counted_before_it_is_taken_to_pieces(inside: str, code: str | None) -> None:
    data = with_part("xl/sharedStrings.xml", large(inside))
    if code is None:
        assert opened(data, "form.xlsx").kind == "workbook"
    else:
        assert code_of(data) == code


def test_no_reason_repeats_what_is_in_the_file() -> None:
    canary = "XXE-CANARY-7f3a9c"
    makers: list[Callable[[], bytes]] = [
        lambda: with_part(f"../{canary}.xml", b"<x/>"),
        lambda: with_part("docProps/core.xml", f"<!DOCTYPE {canary}><x/>".encode()),
        lambda: with_part("docProps/core.xml", f'<?xml version="1.0" encoding="{canary}"?><x/>'.encode()),
        lambda: with_part("xl/sharedStrings.xml", f"<{canary}>\x01".encode()),
    ]
    for make in makers:
        with pytest.raises(UnreadableFile) as caught:
            opened(make(), "form.xlsx")
        assert canary not in f"{caught.value.code}{caught.value.what}{caught.value.remedy}"
