"""The same forms read plainly, with openpyxl and python-docx, as a measure to stand beside."""

from __future__ import annotations

import io

import docx
import openpyxl

from pipeline.rules.layout import MatrixLayout


def read_matrix(data: bytes, layout: MatrixLayout) -> dict[str, list[str]]:
    """Item → the addresses of its marks, found by the form's labels."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    items = {item.casefold() for section in layout.sections for item in section.items}
    found: dict[str, list[str]] = {}
    for row in sheet.iter_rows():
        label = ""
        for cell in row:
            text = " ".join(str(cell.value).split()) if cell.value is not None else ""
            if text.casefold() in items:
                label = text
            elif label and text:
                found.setdefault(label, []).append(cell.coordinate)
    return found


def read_word_form(data: bytes) -> dict[str, str]:
    """Label → the text of the cell beside it; content controls and legacy ticks, which python-docx loses, left out."""
    answers: dict[str, str] = {}
    for table in docx.Document(io.BytesIO(data)).tables:
        for row in table.rows:
            cells = [cell.text.strip() for cell in row.cells]
            answers.update(zip(cells[::2], cells[1::2], strict=False))
    return answers
