"""A sheet of a workbook comes in; the boxes in its old drawing (VML) that Excel shows notes in go out."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import ceil

from lxml import etree

from pipeline.intake.excel.sheet_facts import Place
from pipeline.intake.office_parts import LINK, MAIN, Parts, child

_V, _X = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:excel}"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# What Excel wants behind the old drawing in a sheet.
_BEHIND = {
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "AlternateContent", "webPublishItems",
    "tableParts", "extLst",
}  # fmt: skip
# As Excel writes it: a yellow box that shows while the pointer rests on the cell.
_SHAPES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel">{}</xml>'
)
_KIND = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;z-index:1;visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor/><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_WIDTH, _LINE, _LETTERS = 340, 16, 48  # pixels, pixels, letters of that font in such a line


class NoteBoxes:
    """The shapes in the old drawing of a sheet that its notes are shown in; the drawing is made where there is none."""

    def __init__(self, parts: Parts, sheet: str) -> None:
        self._sheet = parts.edit(sheet)
        pointer = self._sheet.find(f"{MAIN}legacyDrawing")
        if pointer is None:
            path = parts.add("xl/drawings/notes{}.vml", etree.fromstring(_SHAPES.format(_KIND)), _DRAWING_TYPE)
            link = {f"{{{LINK}}}id": parts.relate(sheet, "vmlDrawing", path)}
            pointer = etree.Element(f"{MAIN}legacyDrawing", link, nsmap={"r": LINK})
            behind = (i for i, e in enumerate(self._sheet) if etree.QName(e).localname in _BEHIND)
            self._sheet.insert(next(behind, len(self._sheet)), pointer)
        self._shapes = parts.edit(parts.related(sheet, "vmlDrawing")[pointer.get(f"{{{LINK}}}id", "")])

    def remove(self, place: Place) -> None:
        if (shape := self._at(place)) is not None:
            self._shapes.remove(shape)

    def fit(self, place: Place, words: str) -> None:
        """A box beside the cell that all the words fit in."""
        shape = self._at(place)
        if shape is None:
            shape = self._new(place)
        anchor = shape.find(f"{_X}ClientData/{_X}Anchor")
        if anchor is None:
            anchor = etree.SubElement(child(shape, "ClientData", _X), f"{_X}Anchor")
        lines = sum(ceil(max(len(line), 1) / _LETTERS) for line in words.split("\n"))
        row, column = place
        right = _reach(column + 1, 15 + _WIDTH, _widths(self._sheet))
        bottom = _reach(row, 2 + lines * _LINE, _heights(self._sheet))
        anchor.text = ", ".join(map(str, (column + 1, 15, row, 2, *right, *bottom)))

    def _at(self, place: Place) -> etree._Element | None:
        for shape in self._shapes.iterchildren(f"{_V}shape"):
            told = shape.find(f"{_X}ClientData[@ObjectType='Note']")
            if told is not None and (told.findtext(f"{_X}Row"), told.findtext(f"{_X}Column")) == tuple(map(str, place)):
                return shape
        return None

    def _new(self, place: Place) -> etree._Element:
        ids = {shape.get("id", "") for shape in self._shapes}
        numbers = [int(found[1]) for name in ids if (found := re.fullmatch(r"_x0000_s(\d{1,8})", name))]
        shape = _SHAPE.format(number=max(numbers, default=1024) + 1, row=place[0], column=place[1])
        made = etree.fromstring(_SHAPES.format(shape if "_x0000_t202" in ids else _KIND + shape))
        self._shapes.extend(list(made))
        return self._shapes[-1]


def _widths(sheet: etree._Element) -> Callable[[int], int]:
    """Column → its width in pixels, as far as the sheet tells."""
    columns = [
        (int(c.get("min", 0)), int(c.get("max", 0)), float(c.get("width", 9))) for c in sheet.iterfind(f"{MAIN}cols/*")
    ]
    return lambda column: int(next((w for low, high, w in columns if low <= column + 1 <= high), 9.0) * 7 + 5)


def _heights(sheet: etree._Element) -> Callable[[int], int]:
    rows = {int(r.attrib["r"]): float(r.attrib["ht"]) for r in sheet.iterfind(f"{MAIN}sheetData/*") if "ht" in r.attrib}
    return lambda row: int(rows.get(row + 1, 15.0) * 4 / 3)


def _reach(start: int, pixels: int, size: Callable[[int], int]) -> tuple[int, int]:
    """The column or row that lies so many pixels on, and how far into it."""
    while pixels > (step := max(size(start), 1)):
        start, pixels = start + 1, pixels - step
    return start, pixels
