"""The parts of an .ods file come in; what calamine does not tell of each sheet goes out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from zipfile import ZipFile

from lxml import etree

from pipeline.intake.excel.sheet_facts import (
    MAX_COLUMNS,
    MAX_ROWS,
    Floating,
    Look,
    Place,
    Run,
    SheetFacts,
    parse,
    protected,
)

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
# An ID that its number format completes: 12346 shown as 0012346, 104233 as CF104233.
_NUMBERED = re.compile(r"0\d+|[A-Za-z]+\d+")
_WHITE = ("", "transparent", "#ffffff")


def ods_facts(parts: ZipFile) -> dict[str, SheetFacts]:
    """Facts by sheet name.

    Raises:
        UnreadableFile: it is closed with a password.
        KeyError, ValueError, lxml.etree.XMLSyntaxError: the file is damaged.
    """
    if b"encryption-data" in parts.read("META-INF/manifest.xml"):
        raise protected()
    root = parse(parts.read("content.xml"))
    looks: dict[str, Look | None] = {}
    for source in (parse(parts.read("styles.xml")), root) if "styles.xml" in parts.NameToInfo else (root,):
        for style in source.iter(f"{_STYLE}style"):
            looks[style.get(f"{_STYLE}name", "")] = _look(style)
    return {table.get(f"{_TABLE}name", ""): _sheet(table, looks) for table in root.iter(f"{_TABLE}table")}


def _look(style: etree._Element) -> Look | None:
    words, cell = style.find(f"{_STYLE}text-properties"), style.find(f"{_STYLE}table-cell-properties")
    font = struck = fill = ""
    if words is not None:
        font = words.get(f"{_STYLE}font-name", "")
        struck = words.get(f"{_STYLE}text-line-through-type", "none").replace("none", "")
    if cell is not None:
        fill = cell.get(f"{_FO}background-color", "").lower()
    return Look.of(font, bool(struck), fill not in _WHITE)


def _sheet(table: etree._Element, looks: dict[str, Look | None]) -> SheetFacts:
    facts = SheetFacts()
    row = 0
    for line in table.iter(f"{_TABLE}table-row"):
        lines = int(line.get(f"{_TABLE}number-rows-repeated", 1))
        column = 0
        for cell in line.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            cells = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
            holds = cell.get(f"{_OFFICE}value-type") is not None
            if holds:
                facts.holds(row + lines - 1, column + cells - 1)
            look = looks.get(cell.get(f"{_TABLE}style-name", ""))
            if look or holds or len(cell):
                # Blanks are repeated to the end of the sheet: no further than any form goes.
                for r in range(row, min(row + lines, MAX_ROWS)):
                    for c in range(column, min(column + cells, MAX_COLUMNS)):
                        facts.look((r, c), look, holds=holds)
                        _cell(facts, cell, (r, c), looks)
            column += cells
        row += lines
    facts.floating += [Floating(None, True) for _ in table.iter("{*}checkbox", "{*}radio")]
    return facts


def _cell(facts: SheetFacts, cell: etree._Element, place: Place, looks: Mapping[str, Look | None]) -> None:
    if cell.get(f"{_TABLE}formula"):
        facts.formulas.add(place)
    if cell.get(f"{_CALC}value-type") == "error":
        facts.texts[place] = "\n".join(_lines(cell)) or "#ERROR!"
    elif (shown := next(_lines(cell), "")) in ("TRUE", "FALSE"):
        facts.texts[place] = shown  # calamine gives 1 or 0, and a 0 under a zero column is a mark
    elif any(looks.get(span.get(f"{_TEXT}style-name", "")) for span in cell.iterfind(f"{_TEXT}p/{_TEXT}span")):
        facts.rich(place, list(_runs(cell, facts.looks.get(place, Look()), looks)))
    elif cell.get(f"{_OFFICE}value-type") == "float" and _NUMBERED.fullmatch(shown):
        facts.texts[place] = shown
    if over := int(cell.get(f"{_TABLE}number-columns-spanned", 1)) - 1:
        down = int(cell.get(f"{_TABLE}number-rows-spanned", 1)) - 1
        facts.merged[place] = place[0] + down, place[1] + over
    for note in cell.iterchildren(f"{_OFFICE}annotation"):
        facts.comment(place, note.findtext("{*}creator") or "", "\n".join(_lines(note)))


def _runs(cell: etree._Element, own: Look, looks: Mapping[str, Look | None]) -> Iterator[Run]:
    for i, line in enumerate(cell.iterchildren(f"{_TEXT}p")):
        yield Run("\n" * (i > 0) + (line.text or ""), own.font, own.struck)
        for span in line:
            look = looks.get(span.get(f"{_TEXT}style-name", "")) or own
            yield Run("".join(map(str, span.itertext())), look.font, look.struck)
            yield Run(span.tail or "", own.font, own.struck)


def _lines(holder: etree._Element) -> Iterator[str]:
    for line in holder.iterchildren(f"{_TEXT}p"):
        yield "".join(map(str, line.itertext()))
