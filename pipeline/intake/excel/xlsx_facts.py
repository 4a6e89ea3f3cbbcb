"""The parts of an .xlsx or .xlsm file come in; what calamine does not tell of each sheet goes out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from zipfile import ZipFile

from lxml import etree

from pipeline.intake.excel.sheet_facts import (
    Floating,
    Look,
    Place,
    Run,
    SheetFacts,
    is_symbol_font,
    number_format,
    own_words,
    parse,
    place_of,
)
from pipeline.intake.remembered import remembered

_RID = re.compile(r"\{[^}]*/relationships\}id$")


# A rich text as the cell's own style makes it: a run without properties looks as the cell does.
_Runs = list[tuple[str, str | None, bool | None]]


class _Styles(NamedTuple):
    """The styles that a cell may name: what changes the words in it, and what fills it with a colour but white.

    ``numbers``: all of them, as Excel writes them.
    """

    numbers: frozenset[str | None]
    looks: Mapping[str | None, Look]
    coloured: frozenset[str]


_NO_STYLES = _Styles(frozenset({None}), {}, frozenset())
# Id → (last word of its kind, path of the part)
_Relations = Mapping[str, tuple[str, str]]


def xlsx_facts(parts: ZipFile) -> dict[str, SheetFacts]:
    """Facts by sheet name.

    Raises:
        UnreadableFile: a part declares a DOCTYPE, which no Office program writes.
        KeyError, ValueError, lxml.etree.XMLSyntaxError: the file is damaged.
    """
    root_rels = _relations(parts, "", _links_of_the_blank)
    book_path = next(target for kind, target in root_rels.values() if kind == "officeDocument")
    relations = _relations(parts, book_path, _links_of_the_blank)
    by_kind = dict(relations.values())
    styles = _styles(parts.read(by_kind["styles"])) if "styles" in by_kind else _NO_STYLES
    strings = _strings(parts, by_kind.get("sharedStrings"))
    facts: dict[str, SheetFacts] = {}
    for sheet in parse(parts.read(book_path)).iter("{*}sheet"):
        kind, path = relations[next(str(v) for k, v in sheet.attrib.items() if _RID.search(str(k)))]
        if kind == "worksheet":
            facts[str(sheet.get("name"))] = _sheet(parts, path, styles, strings)
    return facts


def _sheet(parts: ZipFile, path: str, styles: _Styles, strings: dict[int, _Runs]) -> SheetFacts:
    facts = SheetFacts()
    _Cells(parse(parts.read(path)), styles, strings, facts).read()
    for kind, target in _relations(parts, path, _links).values():
        if target not in parts.NameToInfo:
            continue
        if kind == "comments":
            _comments(facts, parse(parts.read(target)))
        elif kind == "threadedComment":
            facts.comments |= _threads(parse(parts.read(target)))
        elif kind == "vmlDrawing":
            facts.floating += _controls(parse(parts.read(target), lenient=True))
        elif kind == "drawing":
            facts.floating += _shapes(parse(parts.read(target)))
    return facts


class _Cells:
    """The cells of a sheet, of which ``facts`` are noted."""

    def __init__(self, root: etree._Element, styles: _Styles, strings: dict[int, _Runs], facts: SheetFacts) -> None:
        self._root, self._styles, self._strings, self._facts = root, styles, strings, facts
        self._ns = ns = _namespace(root)
        self._value, self._formula, self._text = f"{ns}v", f"{ns}f", f"{ns}is"
        self._rich = next(root.iter(f"{ns}r"), None) is not None  # a text in the sheet itself is made of runs

    def read(self) -> None:
        tag, facts, numbers, coloured = f"{self._ns}c", self._facts, self._styles.numbers, self._styles.coloured
        row = -1
        for line in self._root.iter(f"{self._ns}row"):
            row = int(line.get("r", row + 2)) - 1
            column = last = -1
            for cell in line.iterchildren(tag):
                name, style = cell.get("r"), cell.get("s")
                column = place_of(name)[1] if name else column + 1
                if style not in numbers:
                    style = str(int(style or 0))  # "03" says 3; what is no number at all is damaged
                if style in coloured:
                    facts.coloured.add((row, column))
                # Half of the cells of a form are there for their borders alone.
                if len(cell) and self._holds(cell, (row, column), style):
                    last = max(last, column)
            if last >= 0:
                facts.holds(row, last)

    def _holds(self, cell: etree._Element, place: Place, style: str | None) -> bool:
        """Whether a cell has a value; noted where it has a look of its own, a formula, or what calamine tells wrong."""
        facts, kind = self._facts, cell.get("t")
        value = ""
        runs: _Runs = []
        for child in cell:
            tag = child.tag
            if tag == self._value:
                value = child.text or ""
            elif tag == self._formula:
                facts.formulas.add(place)
            elif tag == self._text:
                value, runs = "?", _runs(child, self._ns) if self._rich else []
        if not value:
            # A formula whose result is no text says so; then nothing between the tags means that it was never worked
            # out.
            if kind != "str" and place in facts.formulas:
                facts.uncalculated.add(place)
            return False
        if look := self._styles.looks.get(style):
            facts.looks[place] = look
        if kind == "e":
            facts.texts[place] = value  # calamine gives a formula error as a blank
        elif runs := self._strings.get(int(value), []) if kind == "s" else runs:
            look = look or Look()
            seen = [
                Run(text, look.font if font is None else font, look.struck if struck is None else struck)
                for text, font, struck in runs
            ]
            if any(run.font or run.struck for run in seen) or look.font or look.struck:
                facts.rich(place, seen)
        return True


@remembered
def _styles(content: bytes) -> _Styles:
    root = parse(content)
    ns = _namespace(root)
    fonts = [_font(f, ns) for f in root.iterfind(f"{ns}fonts/{ns}font")]
    fills = [_is_coloured(f, ns) for f in root.iterfind(f"{ns}fills/{ns}fill")]
    formats = {f.get("numFmtId"): f.get("formatCode", "") for f in root.iterfind(f"{ns}numFmts/{ns}numFmt")}
    looks: dict[str | None, Look] = {}
    coloured: set[str] = set()
    formatted = list(root.iterfind(f"{ns}cellXfs/{ns}xf"))
    for number, xf in enumerate(formatted):
        font, fill = int(xf.get("fontId", 0)), int(xf.get("fillId", 0))
        name, struck = fonts[font] if font < len(fonts) else ("", False)
        if fill < len(fills) and fills[fill]:
            coloured.add(str(number))
        if look := Look.of(name, struck, False, *number_format(formats.get(xf.get("numFmtId"), ""))):
            looks[str(number)] = look
    return _Styles(frozenset({None, *map(str, range(len(formatted)))}), looks, frozenset(coloured))


def _font(font: etree._Element, ns: str) -> tuple[str, bool]:
    """The name of a symbol font, else ""; and whether it strikes out. A cell says ``name``, a run ``rFont``."""
    name, strike = font.find(f"{ns}name"), font.find(f"{ns}strike")
    if name is None:
        name = font.find(f"{ns}rFont")
    called = name.get("val", "") if name is not None else ""
    struck = strike is not None and strike.get("val", "1") not in ("0", "false")
    return called if is_symbol_font(called) else "", struck


def _is_coloured(fill: etree._Element, ns: str) -> bool:
    pattern = fill.find(f"{ns}patternFill")
    if pattern is None:
        return len(fill) > 0  # a gradient
    if pattern.get("patternType", "none") == "none":
        return False
    colour = pattern.find(f"{ns}fgColor")
    if pattern.get("patternType") != "solid" or colour is None:
        return True
    # White is theme colour 0 untinted, the indexed colours 1, 9 and 65, or FFFFFF whatever its alpha.
    return not (
        (colour.get("rgb") or "")[-6:].upper() == "FFFFFF"
        or (colour.get("theme") == "0" and not float(colour.get("tint", 0)))
        or colour.get("indexed") in ("1", "9", "65")
    )


def _strings(parts: ZipFile, path: str | None) -> dict[int, _Runs]:
    """The shared strings that are made of runs, by index."""
    if path is None or path not in parts.NameToInfo:
        return {}
    content = parts.read(path)
    if b"r>" not in content:  # most workbooks have none; the look costs less than taking the part to pieces
        return {}
    root = parse(content)
    ns = _namespace(root)
    return {i: runs for i, si in enumerate(root.iterchildren(f"{ns}si")) if (runs := _runs(si, ns))}


def _runs(si: etree._Element, ns: str) -> _Runs:
    runs: _Runs = []
    for run in si.iterchildren(f"{ns}r"):
        properties = run.find(f"{ns}rPr")
        font, struck = _font(properties, ns) if properties is not None else (None, None)
        runs.append((run.findtext(f"{ns}t") or "", font, struck))
    return runs


def _comments(facts: SheetFacts, root: etree._Element) -> None:
    authors = ["".join(map(str, a.itertext())).strip() for a in root.iterfind("{*}authors/{*}author")]
    for comment in root.iterfind("{*}commentList/{*}comment"):
        index = int(comment.get("authorId", -1))
        author = authors[index] if 0 <= index < len(authors) else ""
        # "tc=" is the stand-in for a thread, which is read by itself.
        if not author.startswith("tc="):
            text = "".join(t.text or "" for t in comment.iterfind("{*}text//{*}t"))
            facts.comment(place_of(comment.get("ref", "")), author, text)


def _threads(root: etree._Element) -> dict[Place, str]:
    found: dict[Place, str] = {}
    for said in root.iterfind("{*}threadedComment"):
        place, text = place_of(said.get("ref", "")), own_words(said.findtext("{*}text") or "")
        if text:
            found[place] = f"{found[place]}\n{text}" if place in found else text
    return found


def _controls(root: etree._Element) -> list[Floating]:
    """The form-control tick boxes and option buttons of an old drawing."""
    found = []
    for control in root.iter("{*}ClientData"):
        if control.get("ObjectType") not in ("Checkbox", "Radio"):
            continue
        # The anchor is "left column, offset, top row, offset, right column, offset, bottom row, offset".
        anchor = [int(n) for n in re.findall(r"-?\d+", control.findtext("{*}Anchor") or "")]
        link = (control.findtext("{*}FmlaLink") or "").rpartition("!")[2]
        linked = place_of(link) if re.fullmatch(r"\$?[A-Za-z]{1,3}\$?\d+", link) else None
        found.append(Floating((anchor[2], anchor[0]) if len(anchor) == 8 else (0, 0), True, linked))
    return found


def _shapes(root: etree._Element) -> list[Floating]:
    """Pictures, shapes and ink. Tick boxes stand in here once more, one level down, and are left to the old drawing."""
    return [
        Floating((int(start.findtext("{*}row") or 0), int(start.findtext("{*}col") or 0)), False)
        for anchor in root.iterchildren("{*}twoCellAnchor", "{*}oneCellAnchor")
        if (start := anchor.find("{*}from")) is not None
    ]


def _relations(parts: ZipFile, path: str, read: Callable[[bytes, str], _Relations]) -> _Relations:
    """The relations of the part at ``path``, or of the file itself."""
    folder, name = posixpath.split(path)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    return read(parts.read(listed), folder) if listed in parts.NameToInfo else {}


def _links(content: bytes, folder: str) -> _Relations:
    found = {}
    for relation in parse(content):
        if relation.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, relation.get("Target", "")))
            found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], target.lstrip("/"))
    return found


_links_of_the_blank = remembered(_links)


def _namespace(root: etree._Element) -> str:
    """The namespace as lxml writes it before a name; Strict workbooks have another one than the usual."""
    tag = str(root.tag)
    return tag[: tag.index("}") + 1] if tag.startswith("{") else ""
