"""What is kept of a part from file to file: never an answer, never without end, never for other bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import UnreadableFile
from pipeline.intake.readers import read_forms
from pipeline.intake.remembered import LONGEST, remembered
from pipeline.rules.form import MatrixForm
from tests.matrix_forms import LAYOUTS
from tests.offices import EXAMPLES


def test_the_same_bytes_are_read_once_and_others_never_pass_for_them() -> None:
    read: list[tuple[bytes, int]] = []

    def reading(content: bytes, rest: int) -> int:
        read.append((content, rest))
        return len(content) + rest

    once = remembered(reading)
    assert [once(b"ab", 1), once(b"ab", 1), once(b"ab", 2), once(b"cd", 1)] == [3, 3, 4, 3]
    assert read == [(b"ab", 1), (b"ab", 2), (b"cd", 1)]


def test_what_is_long_is_not_kept_and_of_the_short_only_so_many() -> None:
    read: list[int] = []
    once = remembered(lambda content: read.append(len(content)))
    for content in (bytes(LONGEST + 1), bytes(LONGEST + 1), b"first", *(str(n).encode() for n in range(16)), b"first"):
        once(content)
    assert read.count(LONGEST + 1) == read.count(5) == 2


def test_what_cannot_be_read_is_refused_each_time() -> None:
    styles = b"<!DOCTYPE a>" + b"<a/>" * 100
    for _ in range(2):
        with pytest.raises(UnreadableFile) as caught:
            read_forms(_with(MUST, "xl/styles.xml", styles), "form.xlsx", LAYOUTS)
        assert caught.value.code == "unsafe"


def test_the_styles_of_another_file_never_colour_this_one() -> None:
    plain = _marks(MUST)
    with zipfile.ZipFile(io.BytesIO(MUST)) as parts:
        styles = parts.read("xl/styles.xml")
    struck = styles.replace(b"<name ", b"<strike/><name ")
    assert struck != styles
    assert _marks(_with(MUST, "xl/styles.xml", struck)) != plain
    assert _marks(MUST) == plain


MUST = Path(EXAMPLES / "matrix-must.xlsx").read_bytes()


def _marks(data: bytes) -> list[str]:
    [form] = read_forms(data, "form.xlsx", LAYOUTS)
    assert isinstance(form, MatrixForm)
    return [cell.text for row in form.rows for cell in row.cells]


def _with(data: bytes, name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, content if part == name else source.read(part))
    return file.getvalue()
