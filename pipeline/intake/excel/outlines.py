"""The styles and a sheet of a workbook come in; the cells that are queried go out with a thick outline around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy

from lxml import etree

from pipeline.intake.excel.sheet_facts import MAX_COLUMNS, MAX_ROWS, Place, cell_name, place_of
from pipeline.intake.office_parts import MAIN, child

Box = tuple[int, int, int, int]
"""Cells: first row, first column, last row, last column, from 0."""

# Thick, so that it is seen without its colour; in a colour of no palette, so that it is known again.
_COLOUR = "FFC0143C"
_GREY = "FF808080"  # of the thin lines of the blank form
_LINES = ("left", "right", "top", "bottom", "diagonal", "vertical", "horizontal")  # in the order that Excel wants


class Outlines:
    """The styles of a workbook, to which those with outlines are added as they are needed."""

    def __init__(self, styles: etree._Element) -> None:
        self._borders = child(styles, "borders")
        self._looks = child(styles, "cellXfs")
        self._made: dict[tuple[int, frozenset[str]], int] = {}
        for line in self._borders.iterfind(f"{MAIN}border/*"):
            # From the last time that this form went back: what was queried then may be answered now.
            if line.get("style") == "thick" and [c.get("rgb", "")[-6:] for c in line] == [_COLOUR[-6:]]:
                line.set("style", "thin")
                line[0].set("rgb", _GREY)

    def draw(self, sheet: etree._Element, boxes: Iterable[Box]) -> None:
        """Outline ``boxes``; a merged cell is outlined as the one cell that it looks like."""
        merged = {
            b[:2]: b for m in sheet.iterfind(f"{MAIN}mergeCells/{MAIN}mergeCell") if (b := box_of(m.get("ref", "")))
        }
        sides: dict[Place, set[str]] = {}
        for box in boxes:
            whole = merged.get(box[:2], box)
            for place, side in _around(whole if lies_in(box, whole) else box):
                sides.setdefault(place, set()).add(side)
        cells = _Cells(sheet)
        for place in sorted(sides):
            cell = cells.at(place)
            cell.set("s", str(self._style(int(cell.get("s", 0)), frozenset(sides[place]))))

    def _style(self, before: int, sides: frozenset[str]) -> int:
        """The number of a style that is the one ``before`` but for its outline."""
        if (before, sides) not in self._made:
            look = deepcopy(self._looks[before])
            border = deepcopy(self._borders[int(look.get("borderId", 0))])
            lines = {etree.QName(line).localname: line for line in border} | {side: _line(side) for side in sides}
            border[:] = [lines[name] for name in sorted(lines, key=_LINES.index)]
            look.set("borderId", str(_append(self._borders, border)))
            look.set("applyBorder", "1")
            self._made[before, sides] = _append(self._looks, look)
        return self._made[before, sides]


class _Cells:
    """The cells of a sheet; those that are not there yet are made, in the style that they have as blanks."""

    def __init__(self, sheet: etree._Element) -> None:
        self._rows = child(sheet, "sheetData")
        self._columns = [
            (int(column.get("min", 0)), int(column.get("max", 0)), column.get("style", "0"))
            for column in sheet.iterfind(f"{MAIN}cols/{MAIN}col")
        ]

    def at(self, place: Place) -> etree._Element:
        row, column = place
        line = _in_order(self._rows, [int(r.attrib["r"]) - 1 for r in self._rows], row, "row", str(row + 1))
        count = len(line)
        cell = _in_order(line, [place_of(str(c.attrib["r"]))[1] for c in line], column, "c", cell_name(place))
        if len(line) > count:
            line.attrib.pop("spans", "")  # a hint that may be wrong now
            own = line.get("s") if line.get("customFormat") in ("1", "true") else None
            cell.set("s", own or next((s for low, high, s in self._columns if low <= column + 1 <= high), "0"))
        return cell


def box_of(cells: str) -> Box:
    """``B14:J14`` or ``B14``.

    Raises:
        ValueError: these are no cells.
    """
    first, _, last = cells.partition(":")
    return *place_of(first), *place_of(last or first)


def lies_in(inner: Box, outer: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def _around(box: Box) -> Iterator[tuple[Place, str]]:
    top, left, bottom, right = box[0], box[1], min(box[2], MAX_ROWS), min(box[3], MAX_COLUMNS)
    for column in range(left, right + 1):
        yield (top, column), "top"
        yield (bottom, column), "bottom"
    for row in range(top, bottom + 1):
        yield (row, left), "left"
        yield (row, right), "right"


def _line(side: str) -> etree._Element:
    line = etree.Element(f"{MAIN}{side}", style="thick")
    etree.SubElement(line, f"{MAIN}color", rgb=_COLOUR)
    return line


def _append(listed: etree._Element, item: etree._Element) -> int:
    listed.append(item)
    listed.set("count", str(len(listed)))
    return len(listed) - 1


def _in_order(parent: etree._Element, numbers: list[int], number: int, tag: str, name: str) -> etree._Element:
    """The child with that number; made in its place where there is none."""
    if number in numbers:
        return parent[numbers.index(number)]
    made = etree.Element(f"{MAIN}{tag}", r=name)
    parent.insert(sum(n < number for n in numbers), made)
    return made
