"""A Word file comes in; its paragraphs and tables go out as they read on paper, tick boxes as ☐ and ☒."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from pipeline.intake.symbols import symbol, symbol_text
from pipeline.intake.word_file import WordFile
from pipeline.rules.marks import read_mark

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_XML_LINES = re.compile(r"[\t\r\n]+")

P, R, T, TBL, TR, TC = (f"{_W}{name}" for name in ("p", "r", "t", "tbl", "tr", "tc"))
_RPR, _PPR, _TRPR, _TCPR = (f"{_W}{name}" for name in ("rPr", "pPr", "trPr", "tcPr"))
_SDT, _SDT_PR, _SDT_CONTENT = (f"{_W}{name}" for name in ("sdt", "sdtPr", "sdtContent"))
_INS, _DEL, _MOVE_FROM, _MOVE_TO = (f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
_SYM, _FLD_CHAR, _TEXT_BOX = (f"{_W}{name}" for name in ("sym", "fldChar", "txbxContent"))
_ALTERNATE = f"{_MC}AlternateContent"
_VAL = f"{_W}val"
_ID = f"{_W}id"

_CHARACTERS = {
    f"{_W}tab": "\t",
    f"{_W}ptab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
# The comment hangs on the first of its marks; a footnote on its only one.
_REMARKS = {
    f"{_W}commentRangeStart": "comments",
    f"{_W}commentReference": "comments",
    f"{_W}footnoteReference": "footnotes",
    f"{_W}endnoteReference": "endnotes",
}
_PICTURES = {f"{_W}drawing", f"{_W}pict", f"{_W}object", f"{_W}altChunk"}
_PASSED_OVER = {
    _RPR, _PPR, _TRPR, _TCPR, f"{_W}tblPr", f"{_W}tblGrid", f"{_W}tblPrEx", f"{_W}sectPr", f"{_W}instrText",
    f"{_W}delText", f"{_W}delInstrText", f"{_W}proofErr", f"{_W}bookmarkStart", f"{_W}bookmarkEnd", f"{_W}rt",
    f"{_W}lastRenderedPageBreak", _SDT_PR,
}  # fmt: skip
_INVISIBLE = "\u200b\u2060\ufeff"


@dataclass(frozen=True, slots=True)
class Passage:
    """What one cell, or one paragraph outside the tables, says.

    ``text`` leaves out what is struck out, ``printed`` has it. ``aside``: the text of text boxes that hang here.
    ``prompts``: what stands in content controls that nobody has filled. ``seen``: ``struck``, ``tracked``,
    ``picture``, ``contradiction`` (a tick box whose state and glyph differ). ``remarks``: part and id of the comments
    and notes that hang here. ``column``: where in the grid of the table the cell starts.
    """

    text: str
    printed: str
    aside: str = ""
    date: dt.date | None = None
    prompts: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()
    remarks: tuple[tuple[str, str], ...] = ()
    column: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Passage, ...], ...]


@dataclass(frozen=True, slots=True)
class WordText:
    """``remarks``: the text of comments, footnotes and endnotes by part and id. ``tracked``: changes are tracked."""

    blocks: tuple[Passage | Table, ...]
    remarks: Mapping[tuple[str, str], str]
    tracked: bool
    macros: bool


def read_word(data: bytes) -> WordText:
    """Read a Word file.

    Raises:
        UnreadableFile: it is no Word document, or damaged, or closed by a password.
    """
    file = WordFile(data)
    reader = _Reader()
    blocks: list[Passage | Table] = []
    reader.blocks(file.main, blocks)
    remarks: dict[tuple[str, str], str] = {}
    for part in sorted({part for part, _ in reader.remarks}):
        root = file.related(part)
        for note in root if root is not None else ():
            remarks[part, note.get(_ID, "")] = reader.passage(note).text
    return WordText(tuple(blocks), remarks, reader.tracked, file.macros)


@dataclass(slots=True)
class _Ink:
    """A passage while it is being read."""

    kept: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    date: dt.date | None = None
    seen: set[str] = field(default_factory=set)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    paragraphs: int = 0

    def write(self, text: str, struck: bool = False) -> None:
        self.printed.append(text)
        if struck:
            self.seen.add("struck")
        else:
            self.kept.append(text)

    def take(self, other: _Ink, text: bool = True) -> None:
        if text:
            self.kept += other.kept
            self.printed += other.printed
        self.asides += other.asides
        self.prompts += other.prompts
        self.date = self.date or other.date
        self.seen |= other.seen
        self.remarks += other.remarks

    def passage(self, column: int) -> Passage:
        printed = _trim("".join(self.printed))
        return Passage(
            _trim("".join(self.kept)) if "struck" in self.seen else printed,
            printed,
            "\n".join(self.asides),
            self.date,
            tuple(self.prompts),
            frozenset(self.seen),
            tuple(dict.fromkeys(self.remarks)),
            column,
        )


class _Reader:
    """Walks the tree. The state of complex fields runs on from run to run and over paragraphs of one cell."""

    def __init__(self) -> None:
        self.tracked = False
        self.remarks: set[tuple[str, str]] = set()
        self._fields: list[bool] = []  # for each open field, whether its instruction is being read
        self._join = False  # the mark of the last paragraph was deleted

    def blocks(self, parent: etree._Element, out: list[Passage | Table]) -> None:
        for el in parent:
            tag = el.tag
            if tag == P or tag in _PICTURES:
                out.append(self._closed(el))
            elif tag == TBL:
                rows: list[tuple[Passage, ...]] = []
                self._rows(el, rows, None)
                out.append(Table(tuple(rows)))
            elif tag == _SDT:
                control = el.find(_SDT_PR)
                content = el.find(_SDT_CONTENT)
                if content is not None and _toggle(control, "showingPlcHdr"):
                    out.append(self._closed(el))
                elif content is not None:
                    self.blocks(content, out)
            elif tag == _ALTERNATE:
                self.blocks(el[0], out) if len(el) else None
            elif tag in (_DEL, _MOVE_FROM):
                self.tracked = True
            elif tag not in _PASSED_OVER:
                self.blocks(el, out)

    def passage(self, parent: etree._Element, column: int = 0, control: etree._Element | None = None) -> Passage:
        self._fields = []
        self._join = False
        ink = _Ink()
        self._content(control, parent, ink)
        return self._done(ink, column)

    def _closed(self, el: etree._Element) -> Passage:
        ink = _Ink()
        self._element(el, ink)
        return self._done(ink, 0)

    def _done(self, ink: _Ink, column: int) -> Passage:
        self.remarks.update(ink.remarks)
        return ink.passage(column)

    def _rows(self, parent: etree._Element, rows: list[tuple[Passage, ...]], control: etree._Element | None) -> None:
        for el in parent:
            if el.tag == TR:
                properties = el.find(_TRPR)
                if properties is not None and properties.find(_DEL) is not None:
                    self.tracked = True
                    continue
                before = properties.find(f"{_W}gridBefore") if properties is not None else None
                cells: list[Passage] = []
                self._cells(el, cells, control, int(_value(before, "0")))
                rows.append(tuple(cells))
            elif el.tag == _SDT:
                content = el.find(_SDT_CONTENT)
                if content is not None:
                    inner = el.find(_SDT_PR)
                    self._rows(content, rows, inner if _toggle(inner, "showingPlcHdr") else control)
            elif el.tag not in _PASSED_OVER:
                self._rows(el, rows, control)

    def _cells(self, parent: etree._Element, cells: list[Passage], control: etree._Element | None, column: int) -> int:
        for el in parent:
            if el.tag == TC:
                properties = el.find(_TCPR)
                width = properties.find(f"{_W}gridSpan") if properties is not None else None
                if properties is not None and properties.find(f"{_W}cellDel") is not None:
                    self.tracked = True
                else:
                    cells.append(self.passage(el, column, control))
                column += int(_value(width, "1"))
            elif el.tag == _SDT:
                content = el.find(_SDT_CONTENT)
                if content is not None:
                    column = self._cells(content, cells, el.find(_SDT_PR), column)
            elif el.tag not in _PASSED_OVER:
                column = self._cells(el, cells, control, column)
        return column

    def _walk(self, parent: etree._Element, ink: _Ink) -> None:
        for el in parent:
            self._element(el, ink)

    def _element(self, el: etree._Element, ink: _Ink) -> None:
        tag = el.tag
        if tag == R:
            self._run(el, ink)
        elif tag in _PASSED_OVER:
            return
        elif tag == P:
            self._paragraph(el, ink)
        elif tag == _SDT:
            content = el.find(_SDT_CONTENT)
            if content is not None:
                self._content(el.find(_SDT_PR), content, ink)
        elif tag in _REMARKS:
            ink.remarks.append((_REMARKS[tag], el.get(_ID, "")))
        elif tag in (_DEL, _MOVE_FROM):
            self._mark_tracked(ink)
        elif tag == _ALTERNATE:
            self._alternate(el, ink)
        elif tag in _PICTURES:
            self._picture(el, ink)
        elif tag == TBL:
            self._nested(el, ink)
        elif tag == f"{_M}t":
            ink.write(el.text or "")
        else:
            if tag in (_INS, _MOVE_TO):
                self._mark_tracked(ink)
            self._walk(el, ink)

    def _mark_tracked(self, ink: _Ink) -> None:
        self.tracked = True
        ink.seen.add("tracked")

    def _paragraph(self, el: etree._Element, ink: _Ink) -> None:
        if ink.paragraphs and not self._join:
            ink.kept.append("\n")
            ink.printed.append("\n")
        ink.paragraphs += 1
        mark = el.find(f"{_PPR}/{_RPR}/{_DEL}")
        self._join = mark is not None
        self._walk(el, ink)

    def _run(self, el: etree._Element, ink: _Ink) -> None:
        struck = hidden = False
        font = ""
        for part in el:
            tag = part.tag
            if tag == _RPR:
                struck, hidden, font = _look(part)
            elif tag == _FLD_CHAR:
                self._field(part, ink, struck)
            elif hidden or True in self._fields:
                continue
            elif tag == T:
                text = _XML_LINES.sub(" ", part.text or "")
                ink.write(symbol_text(text, font), struck)
            elif tag in _CHARACTERS:
                ink.write(_CHARACTERS[tag], struck)
            elif tag == _SYM:
                ink.write(symbol(part.get(f"{_W}char", ""), part.get(f"{_W}font", "")), struck)
            elif tag not in _PASSED_OVER:
                self._element(part, ink)

    def _field(self, char: etree._Element, ink: _Ink, struck: bool) -> None:
        kind = char.get(f"{_W}fldCharType")
        if kind == "begin":
            if True not in self._fields:
                self._legacy(char, ink, struck)
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _legacy(self, char: etree._Element, ink: _Ink, struck: bool) -> None:
        """A tick box of the legacy kind has no text: its state stands in w:ffData alone; likewise a drop-down."""
        box = char.find(f"{_W}ffData/{_W}checkBox")
        if box is not None:
            state = box.find(f"{_W}checked")
            ticked = _on(state if state is not None else box.find(f"{_W}default"))
            ink.write("☒" if ticked else "☐", struck)
        choices = char.find(f"{_W}ffData/{_W}ddList")
        if choices is not None:
            chosen = choices.find(f"{_W}result")
            number = int(_value(chosen if chosen is not None else choices.find(f"{_W}default"), "0"))
            entries = [entry.get(_VAL, "") for entry in choices.iter(f"{_W}listEntry")]
            ink.write(entries[number] if number < len(entries) else "", struck)

    def _content(self, control: etree._Element | None, content: etree._Element, ink: _Ink) -> None:
        """What stands in a content control; in a cell without one ``control`` is None."""
        if control is None:
            return self._walk(content, ink)
        box = control.find(f"{_W14}checkbox")
        if box is None and not _toggle(control, "showingPlcHdr"):
            picker = control.find(f"{_W}date")
            if picker is not None:
                ink.date = _day(picker.get(f"{_W}fullDate", ""))
            return self._walk(content, ink)
        inner = _Ink()
        self._walk(content, inner)
        text = _trim("".join(inner.kept))
        ink.take(inner, text=False)
        if box is not None:
            glyph, differs = _ticked(box, text)
            ink.write(glyph, struck="struck" in inner.seen)
            if differs:
                ink.seen.add("contradiction")
        elif text:
            ink.prompts.append(text)
        return None

    def _alternate(self, el: etree._Element, ink: _Ink) -> None:
        """The same text box twice, for newer and older programs: the first branch that says anything counts."""
        for branch in el:
            inner = _Ink()
            self._walk(branch, inner)
            if any(inner.printed) or inner.asides or branch is el[-1]:
                ink.take(inner)
                return

    def _picture(self, el: etree._Element, ink: _Ink) -> None:
        boxes = list(el.iter(_TEXT_BOX))
        fields = self._fields
        for box in boxes:
            text = self.passage(box)
            if text.text:
                ink.asides.append(text.text)
            ink.seen |= text.seen
            ink.remarks += text.remarks
        self._fields = fields
        if not boxes:
            ink.seen.add("picture")

    def _nested(self, el: etree._Element, ink: _Ink) -> None:
        rows: list[tuple[Passage, ...]] = []
        fields = self._fields
        self._rows(el, rows, None)
        self._fields = fields
        for row in rows:
            ink.write(("\n" if ink.paragraphs else "") + "\t".join(cell.text for cell in row))
            ink.paragraphs += 1
            for cell in row:
                ink.asides += [cell.aside] if cell.aside else []
                ink.seen |= cell.seen
                ink.remarks += cell.remarks


def _trim(text: str) -> str:
    return text.strip().strip(_INVISIBLE).strip()


def _value(el: etree._Element | None, default: str) -> str:
    value = el.get(_VAL, default) if el is not None else default
    return value if value.isdecimal() else default


def _on(el: etree._Element | None) -> bool:
    """A toggle: there without a value means on."""
    return el is not None and (el.get(_VAL) or el.get(f"{_W14}val") or "1") not in ("0", "false", "off")


def _toggle(properties: etree._Element | None, name: str) -> bool:
    return properties is not None and _on(properties.find(f"{_W}{name}"))


_LOOKS = {f"{_W}strike": "struck", f"{_W}dstrike": "struck", f"{_W}vanish": "hidden"}


def _look(properties: etree._Element) -> tuple[bool, bool, str]:
    """Whether a run is struck out, whether it is hidden, and its font where that is one of pictures."""
    struck = hidden = False
    font = ""
    for el in properties:
        look = _LOOKS.get(el.tag)
        if look == "struck":
            struck = struck or _on(el)
        elif look == "hidden":
            hidden = _on(el)
        elif el.tag == f"{_W}rFonts":
            font = el.get(f"{_W}ascii") or el.get(f"{_W}hAnsi") or ""
    return struck, hidden, font


def _ticked(box: etree._Element, typed: str) -> tuple[str, bool]:
    """The glyph of a tick-box control, and whether its stored state and the glyph that is seen differ.

    A mark typed over the box ticks it, though Word then keeps the old state.
    """
    on = _on(box.find(f"{_W14}checked"))
    if typed == _glyph(box, "checkedState"):
        typed = "☒"
    elif typed == _glyph(box, "uncheckedState"):
        typed = "☐"
    seen = read_mark(typed, None)
    if on:
        return "☒", bool(typed) and seen.kind != "mark"
    if seen.kind == "mark":
        return "☒", typed in "☒☑🗹🗷🗵"
    return ("☐" if seen.kind == "no" else f"☐ {typed}"), False


def _glyph(box: etree._Element, state: str) -> str | None:
    el = box.find(f"{_W14}{state}")
    if el is None:
        return None
    return symbol(el.get(f"{_W14}val", ""), el.get(f"{_W14}font", ""))


def _day(full: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(full[:10])
    except ValueError:
        return None
