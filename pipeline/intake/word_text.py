"""A Word file comes in; its paragraphs and tables go out as they read on paper, tick boxes as ☐ and ☒."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from pipeline.intake.libreoffice import parted, repeats
from pipeline.intake.passage import Passage, Table
from pipeline.intake.symbols import symbol, symbol_text
from pipeline.intake.word_file import WordFile
from pipeline.rules.form import QUERY_AUTHOR
from pipeline.rules.marks import read_mark

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_P, _R, _T, _TBL, _TR, _TC = (_W + name for name in ("p", "r", "t", "tbl", "tr", "tc"))
_RPR, _PPR, _TRPR, _TCPR = (_W + name for name in ("rPr", "pPr", "trPr", "tcPr"))
_SDT, _SDT_PR, _SDT_CONTENT, _TEXT = (_W + name for name in ("sdt", "sdtPr", "sdtContent", "text"))
_INS, _DEL, _MOVE_FROM, _MOVE_TO = (_W + name for name in ("ins", "del", "moveFrom", "moveTo"))
_PROMPT, _DATE, _FULL_DATE, _CHECKBOX = (_W + "showingPlcHdr", _W + "date", _W + "fullDate", _W14 + "checkbox")
_SYM, _FIELD, _FIELD_KIND, _TEXT_BOX = (_W + "sym", _W + "fldChar", _W + "fldCharType", _W + "txbxContent")
_GRID_BEFORE, _GRID_SPAN, _CELL_DEL, _MERGED = (_W + name for name in ("gridBefore", "gridSpan", "cellDel", "hMerge"))
_STRIKE, _STRIKE_TWICE, _VANISH, _FONTS, _STYLE = (
    _W + name for name in ("strike", "dstrike", "vanish", "rFonts", "rStyle")
)
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_CHECKED, _W14_VAL = _W14 + "checked", _W14 + "val"
_VAL, _ID = _W + "val", _W + "id"
_CHARACTERS = {
    _W + "tab": "\t",
    _W + "ptab": "\t",
    _W + "br": "\n",
    _W + "cr": "\n",
    _W + "noBreakHyphen": "-",
}
# A comment hangs on the first of its marks; a footnote on its only one.
_REMARKS = {
    _W + "commentRangeStart": "comments",
    _W + "commentReference": "comments",
    _W + "footnoteReference": "footnotes",
    _W + "endnoteReference": "endnotes",
}
_PICTURES = {_W + "drawing", _W + "pict", _W + "object", _W + "altChunk"}
_PASSED_OVER = {
    _W + name
    for name in (
        "rPr", "pPr", "trPr", "tcPr", "tblPr", "tblGrid", "tblPrEx", "sectPr", "sdtPr", "sdtEndPr", "instrText",
        "delText", "delInstrText", "proofErr", "bookmarkStart", "bookmarkEnd", "rt", "lastRenderedPageBreak",
    )
}  # fmt: skip
# Character styles that Word itself brings along, none of which hides or strikes out.
_PLAIN_STYLES = {"Hyperlink", "InternetLink", "PlaceholderText", "CommentReference", "FootnoteReference", "Strong"}
_LINES = re.compile(r"[\t\r\n]+")

_Control = dict[str, etree._Element]  # the properties of a content control, by tag


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
    reader = _Reader(file)
    blocks: list[Passage | Table] = []
    reader.blocks(file.main, blocks)
    remarks: dict[tuple[str, str], str] = {}
    for part in sorted(reader.parts):
        root = file.related(part)
        for note in root if root is not None else ():
            # Our own questions, in the copy that went back; what the sender wrote below them stays.
            lines = reader.passage(note).text.split("\n")
            theirs = [line for line in lines if not line.lstrip().startswith(f"{QUERY_AUTHOR}:")]
            remarks[part, note.get(_ID, "")] = "\n".join(theirs).strip()
    return WordText(tuple(blocks), remarks, reader.tracked, file.macros)


class _Reader:
    """Walks the tree. The state of complex fields runs on from run to run, over the paragraphs of one cell."""

    def __init__(self, file: WordFile) -> None:
        self.tracked = False
        self.parts: set[str] = set()  # the parts that something hangs on
        self._file = file
        self._styles: dict[str, tuple[bool, bool]] | None = None
        self._fields: list[bool] = []  # for each open field, whether its instruction is being read
        self._join = False  # the mark of the last paragraph was deleted

    # Down to the cells

    def blocks(self, parent: etree._Element, out: list[Passage | Table]) -> None:
        for el in parent:
            tag = el.tag
            if tag == _P or tag in _PICTURES:
                out.append(self._closed(el))
            elif tag == _TBL:
                rows: list[tuple[Passage, ...]] = []
                self._rows(el, rows, None)
                out.append(Table(tuple(rows)))
            elif tag == _SDT:
                control, content = _parts(el)
                if _PROMPT in control:
                    out.append(self._closed(el))
                elif content is not None:
                    self.blocks(content, out)
            elif tag == _ALTERNATE:
                self.blocks(el[0], out)
            elif tag not in _PASSED_OVER:
                self.blocks(el, out)

    def passage(self, parent: etree._Element, column: int = 0, control: _Control | None = None) -> Passage:
        """What ``parent`` says, with the fields that begin and end in it."""
        outer, self._fields = self._fields, []
        self._join = False
        ink = Passage(column)
        self._content(control, parent, ink)
        self._fields = outer
        return ink.done()

    def _closed(self, el: etree._Element) -> Passage:
        ink = Passage()
        self._element(el, el.tag, ink)
        return ink.done()

    def _rows(self, parent: etree._Element, rows: list[tuple[Passage, ...]], control: _Control | None) -> None:
        for el in parent:
            tag = el.tag
            if tag == _TR:
                cells: list[Passage] = []
                if self._cells(el, cells, control, 0) >= 0:
                    rows.append(tuple(cells))
            elif tag == _SDT:
                inner, content = _parts(el)
                if content is not None:
                    self._rows(content, rows, inner if _PROMPT in inner else control)
            elif tag not in _PASSED_OVER:
                self._rows(el, rows, control)

    def _cells(self, parent: etree._Element, cells: list[Passage], control: _Control | None, column: int) -> int:
        """Add the cells of a row; the column after the last of them, or -1 where the row was deleted."""
        for el in parent:
            tag = el.tag
            if tag == _TC:
                width, gone = self._cell_properties(el)
                if not gone:
                    cells.append(self.passage(el, column, control))
                column += width
            elif tag == _TRPR:
                for setting in el:
                    if setting.tag == _DEL:
                        self.tracked = True
                        return -1
                    if setting.tag == _GRID_BEFORE:
                        column += _number(setting, 0)
            elif tag == _SDT:
                inner, content = _parts(el)
                if content is not None:
                    column = self._cells(content, cells, inner, column)
            elif tag not in _PASSED_OVER:
                column = self._cells(el, cells, control, column)
        return column

    def _cell_properties(self, cell: etree._Element) -> tuple[int, bool]:
        """How many columns of the grid a cell spans, and whether it is deleted or merged away."""
        width, gone = 1, False
        if len(cell) and cell[0].tag == _TCPR:
            for setting in cell[0]:
                if setting.tag == _GRID_SPAN:
                    width = _number(setting, 1)
                elif setting.tag == _CELL_DEL:
                    gone = self.tracked = True
                elif setting.tag == _MERGED:
                    gone = setting.get(_VAL) != "restart"
        return width, gone

    # Inside a cell

    def _walk(self, parent: etree._Element, ink: Passage) -> None:
        for el in parent:
            tag = el.tag
            if tag == _R:
                self._run(el, ink)
            elif tag == _P:
                self._paragraph(el, ink)
            elif tag not in _PASSED_OVER:
                self._element(el, tag, ink)

    def _element(self, el: etree._Element, tag: str, ink: Passage) -> None:
        if tag == _P:
            self._paragraph(el, ink)
        elif tag == _SDT:
            control, content = _parts(el)
            if content is not None and not repeats(el, control):
                if _TEXT in control and ink.breaks:
                    self._joined(control, content, ink)
                else:
                    self._content(control, content, ink)
        elif tag in _REMARKS:
            self.parts.add(_REMARKS[tag])
            ink.hang(_REMARKS[tag], el.get(_ID, ""))
        elif tag in (_DEL, _MOVE_FROM):
            self._mark_tracked(ink)
        elif tag == _ALTERNATE:
            self._alternate(el, ink)
        elif tag in _PICTURES:
            self._picture(el, ink)
        elif tag == _TBL:
            self._nested(el, ink)
        elif tag == _FORMULA:
            ink.write(el.text or "")
        else:
            if tag in (_INS, _MOVE_TO):
                self._mark_tracked(ink)
            self._walk(el, ink)

    def _mark_tracked(self, ink: Passage) -> None:
        self.tracked = True
        ink.see("tracked")

    def _paragraph(self, el: etree._Element, ink: Passage) -> None:
        if not self._join:
            ink.new_line()
        self._join = False
        if len(el) and el[0].tag == _PPR:
            mark = next(el[0].iterchildren(_RPR), None)
            if mark is not None and next(mark.iterchildren(_DEL), None) is not None:
                self._join = True
                self._mark_tracked(ink)
        self._walk(el, ink)

    def _run(self, el: etree._Element, ink: Passage) -> None:
        struck = hidden = False
        font = ""
        for part in el:
            tag = part.tag
            if tag == _RPR:
                struck, hidden, font = self._look(part)
            elif tag == _FIELD:
                self._field(part, ink, struck)
            elif hidden or True in self._fields:
                continue
            elif tag == _T:
                text = part.text or ""
                if not text.isprintable():
                    text = _LINES.sub(" ", text)
                if font or not text.isascii():
                    text = symbol_text(text, font)
                ink.write(text, struck)
            elif tag in _CHARACTERS:
                ink.write(_CHARACTERS[tag], struck)
            elif tag == _SYM:
                ink.write(symbol(part.get(_W + "char", ""), part.get(_W + "font", "")), struck)
            elif tag not in _PASSED_OVER:
                self._element(part, tag, ink)

    def _look(self, properties: etree._Element) -> tuple[bool, bool, str]:
        """Whether a run is struck out, whether it is hidden, and its font."""
        struck = hidden = False
        font = ""
        for el in properties:
            tag = el.tag
            if tag in (_STRIKE, _STRIKE_TWICE):
                struck = _on(el)
            elif tag == _VANISH:
                hidden = _on(el)
            elif tag == _FONTS:
                font = el.get(_W + "ascii") or el.get(_W + "hAnsi") or ""
            elif tag == _STYLE and el.get(_VAL) not in _PLAIN_STYLES:
                struck, hidden = self._style(el.get(_VAL, ""))
        return struck, hidden, font

    def _style(self, name: str) -> tuple[bool, bool]:
        if self._styles is None:
            self._styles = {}
            root = self._file.related("styles")
            for style in root.iterchildren(_W + "style") if root is not None else ():
                looks = style.find(_RPR)
                base = style.find(_W + "basedOn")
                struck, hidden = (
                    self._styles.get(base.get(_VAL, ""), (False, False)) if base is not None else (False, False)
                )
                for el in looks if looks is not None else ():
                    struck = _on(el) if el.tag in (_STRIKE, _STRIKE_TWICE) else struck
                    hidden = _on(el) if el.tag == _VANISH else hidden
                self._styles[style.get(_W + "styleId", "")] = (struck, hidden)
        return self._styles.get(name, (False, False))

    def _field(self, char: etree._Element, ink: Passage, struck: bool) -> None:
        kind = char.get(_FIELD_KIND)
        if kind == "begin":
            if True not in self._fields:
                self._legacy(char, ink, struck)
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _legacy(self, char: etree._Element, ink: Passage, struck: bool) -> None:
        """A legacy tick box has no text: its state stands in w:ffData alone; likewise what a drop-down shows."""
        for box in char.iter(_W + "checkBox"):
            state = {el.tag: el for el in box}
            ticked = state.get(_W + "checked", state.get(_W + "default"))
            ink.write("☒" if ticked is not None and _on(ticked) else "☐", struck)
        for choices in char.iter(_W + "ddList"):
            state = {el.tag: el for el in choices}
            number = _number(state.get(_W + "result", state.get(_W + "default")), 0)
            entries = [entry.get(_VAL, "") for entry in choices.iterchildren(_W + "listEntry")]
            ink.write(entries[number] if number < len(entries) else "", struck)

    def _content(self, control: _Control | None, content: etree._Element, ink: Passage) -> None:
        """What stands in a content control; where there is none, ``control`` is None."""
        box = control.get(_CHECKBOX) if control else None
        prompt = control is not None and _PROMPT in control
        if not control or (box is None and not prompt):
            if control and _DATE in control:
                ink.date = _day(control[_DATE].get(_FULL_DATE, ""))
            self._walk(content, ink)
            return
        inner = Passage()
        self._walk(content, inner)
        inner.done()
        ink.take(inner, text=False)
        if box is not None:
            glyph, differs = _ticked(box, inner.text)
            ink.write(glyph)
            if differs:
                ink.see("contradiction")
        elif inner.text:
            ink.prompts += (inner.text,)

    def _joined(self, control: _Control, content: etree._Element, ink: Passage) -> None:
        inner = Passage()
        self._content(control, content, inner)
        inner.done()
        ink.take(inner, text=False)
        ink.write(parted(inner.printed, ink.breaks), struck="struck" in inner.seen)
        ink.see("joined")

    def _alternate(self, el: etree._Element, ink: Passage) -> None:
        """The same text box twice, for newer and older programs: the first branch that says anything counts."""
        for branch in el:
            inner = Passage()
            self._walk(branch, inner)
            inner.done()
            if inner.text or inner.aside or branch is el[-1]:
                ink.take(inner)
                return

    def _picture(self, el: etree._Element, ink: Passage) -> None:
        boxes = list(el.iter(_TEXT_BOX))
        for box in boxes:
            inner = self.passage(box)
            inner.aside = "\n".join(part for part in (inner.text, inner.aside) if part)
            ink.take(inner, text=False)
        if not boxes:
            ink.see("picture")

    def _nested(self, el: etree._Element, ink: Passage) -> None:
        rows: list[tuple[Passage, ...]] = []
        self._rows(el, rows, None)
        for row in rows:
            ink.new_line()
            for i, cell in enumerate(row):
                ink.write("\t" if i else "")
                ink.take(cell)


def _parts(sdt: etree._Element) -> tuple[_Control, etree._Element | None]:
    """The properties and the content of a content control. A prompt that is switched off is left out."""
    control: _Control = {}
    content = None
    for part in sdt:
        if part.tag == _SDT_PR:
            control = {el.tag: el for el in part}
            if _PROMPT in control and not _on(control[_PROMPT]):
                del control[_PROMPT]
        elif part.tag == _SDT_CONTENT:
            content = part
    return control, content


def _number(el: etree._Element | None, default: int) -> int:
    value = el.get(_VAL, "") if el is not None else ""
    return int(value) if value.isdecimal() and len(value) < 6 else default


def _on(el: etree._Element) -> bool:
    """A toggle: there without a value means on."""
    return (el.get(_VAL) or el.get(_W14_VAL) or "1") not in ("0", "false", "off")


def _ticked(box: etree._Element, typed: str) -> tuple[str, bool]:
    """The glyph of a tick-box control, and whether its stored state and the glyph that is seen differ.

    A mark typed over the box ticks it, though Word then keeps the old state.
    """
    state = next(box.iterchildren(_CHECKED), None)
    on = state is not None and _on(state)
    if typed == ("☒" if on else "☐"):
        return typed, False
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
    el = box.find(_W14 + state)
    return symbol(el.get(_W14 + "val", ""), el.get(_W14 + "font", "")) if el is not None else None


def _day(full: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(full[:10])
    except ValueError:
        return None
