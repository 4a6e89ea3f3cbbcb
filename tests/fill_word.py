"""One of our own Word forms and the answers to write into it come in; the form as Word would save it goes out."""

from __future__ import annotations

import copy
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from tests.referral_forms import packed, paragraphs, run, said, w, xml

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
NO_ROWS: Mapping[str, Sequence[Mapping[str, str]]] = {}


def fill(
    docx: bytes,
    answers: Mapping[str, str | bool],
    rows: Mapping[str, Sequence[Mapping[str, str]]] = NO_ROWS,
) -> bytes:
    """Complete a meeting record, a contact report or an acknowledgement slip.

    ``answers``: ``"<section title>/<label>"``, as in WordForm.fields and questions → what to write. A ``str`` goes into
    the answer's cell and replaces what stands there, each line a paragraph; ``""`` empties it. In a drop-down list it
    must be one of the choices, in a date picker a day as ``24/11/2026`` or whatever else somebody types over it. A
    ``bool`` ticks Yes or No.

    ``rows``: section title → for each row of its table, in the order in which they stand below the headings and with
    those that are filled in already counted, ``column heading → what to write``. Columns not named stay as they are, so
    that ``{}`` passes a row over. Where the table has fewer rows, its last one is copied, as Tab does in Word.

    Raises:
        LookupError: the form has no such section, label, column or choice.
    """
    with zipfile.ZipFile(io.BytesIO(docx)) as z:
        parts = {name: z.read(name) for name in z.namelist()}
    body = etree.fromstring(parts["word/document.xml"])[0]
    tables = tables_of(body)
    for name, answer in answers.items():
        section, _, label = name.partition("/")
        cell = answer_cell(tables, section, label)
        if isinstance(answer, bool):
            _tick(cell, answer)
        else:
            _write(cell, answer)
    for section, given in rows.items():
        _write_rows(tables, section, given)
    parts["word/document.xml"] = etree.tostring(
        body.getparent(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return packed(parts)


def tables_of(body: etree._Element) -> list[tuple[str, etree._Element]]:
    """Every table with the paragraph last written above it that is the heading of a section: "A. The meeting"."""
    found, heading = [], ""
    for el in body:
        if el.tag == w("p") and re.match(r"[A-Z]\. ", said(el)):
            heading = said(el)
        elif el.tag == w("tbl"):
            found.append((heading, el))
    return found


def said_rows(table: etree._Element) -> list[list[str]]:
    """What each cell of a table says, row by row."""
    return [[said(cell) for cell in row.iterchildren(w("tc"))] for row in _rows(table)]


def answer_cell(tables: Sequence[tuple[str, etree._Element]], section: str, label: str) -> etree._Element:
    """The cell beside the label, or below it where it stands alone in its row."""
    for heading, table in tables:
        for row in _rows(table) if heading == section else ():
            for cell in row.iterchildren(w("tc")):
                if said(cell) == label:
                    beside = cell.getnext()
                    return beside if beside is not None else row.getnext().find(w("tc"))
    raise LookupError(f"{section}/{label}")


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    return table.iterchildren(w("tr"))


def _write_rows(tables: Sequence[tuple[str, etree._Element]], section: str, given: Sequence[Mapping[str, str]]) -> None:
    table = next((table for heading, table in tables if heading == section), None)
    if table is None:
        raise LookupError(section)
    head, *there = _rows(table)
    columns = [said(cell) for cell in head.iterchildren(w("tc"))]
    spare = copy.deepcopy(there[-1])
    for _ in range(len(given) - len(there)):
        table.append(copy.deepcopy(spare))
    for row, record in zip(list(_rows(table))[1:], given, strict=False):
        cells = dict(zip(columns, row.iterchildren(w("tc")), strict=True))
        for column, text in record.items():
            if column not in cells:
                raise LookupError(f"{section}: {column}")
            _write(cells[column], text)


def _write(cell: etree._Element, text: str) -> None:
    control = next(cell.iter(w("sdt")), None)
    if control is not None:
        _choose(control, text)
        return
    style = next(cell.iter(w("pPr")), None)
    for paragraph in list(cell.iterchildren(w("p"))):
        cell.remove(paragraph)
    for paragraph in xml(paragraphs(*(run(line) for line in text.split("\n")))):
        if style is not None:
            paragraph.insert(0, copy.deepcopy(style))
        cell.append(paragraph)


def _choose(control: etree._Element, text: str) -> None:
    """Choose from the list, or write into the date picker; what is emptied shows its prompt again, as in Word."""
    properties, content = control.find(w("sdtPr")), control.find(w("sdtContent"))
    listed = properties.find(w("dropDownList"))
    if listed is not None:
        choices = {entry.get(w("displayText"), entry.get(w("value"))): entry for entry in listed}
        if text and text not in choices:
            raise LookupError(f"{text} is not one of {', '.join(choices)}")
    prompt = "Choose an item." if listed is not None else "Click or tap to enter a date."
    blank = properties.find(w("showingPlcHdr"))
    if text and blank is not None:
        properties.remove(blank)
    elif not text and blank is None:
        properties.insert(0, *xml("<w:showingPlcHdr/>"))
    picker = properties.find(w("date"))
    if picker is not None and (day := _day(text)):
        picker.set(w("fullDate"), f"{day:%Y-%m-%d}T00:00:00Z")
    look = "" if text else '<w:rStyle w:val="PlaceholderText"/>'
    for el in list(content):
        content.remove(el)
    content.extend(xml(run(text or prompt, look)))


def _day(text: str) -> dt.date | None:
    """A day as the calendar of the date picker writes it."""
    if not re.fullmatch(r"\d\d/\d\d/\d{4}", text):
        return None
    day, month, year = map(int, text.split("/"))
    return dt.date(year, month, day)


def _tick(cell: etree._Element, yes: bool) -> None:
    boxes = [sdt for sdt in cell.iter(w("sdt")) if sdt.find(f"{w('sdtPr')}/{W14}checkbox") is not None]
    for sdt, on in zip(boxes, (yes, not yes), strict=True):
        sdt.find(f"{w('sdtPr')}/{W14}checkbox/{W14}checked").set(W14 + "val", str(int(on)))
        next(sdt.iter(w("t"))).text = "☒" if on else "☐"
