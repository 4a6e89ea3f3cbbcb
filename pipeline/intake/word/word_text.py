"""A Word file comes in; its paragraphs and tables go out as they read on paper, tick boxes as ☐ and ☒."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from zipfile import ZipFile

from lxml import etree

from pipeline.intake.word.libreoffice import parted, repeats
from pipeline.intake.word.passage import Passage, Table
from pipeline.intake.word.symbols import symbol, symbol_text
from pipeline.intake.word.tick_controls import legacy_fields, tick_control
from pipeline.intake.word.word_file import WordFile
from pipeline.intake.word.word_looks import Looks
from pipeline.intake.word.word_tags import (
    ALTERNATE,
    CELL_DEL,
    CHARACTERS,
    CHECKBOX,
    DATE,
    DEL,
    FIELD,
    FIELD_KIND,
    FORMULA,
    FULL_DATE,
    GRID_BEFORE,
    GRID_SPAN,
    ID,
    INS,
    INSTRUCTION,
    MERGED,
    MOVE_FROM,
    MOVE_TO,
    PASSED_OVER,
    PICTURES,
    PPR,
    PROMPT,
    REMARKS,
    RPR,
    SDT,
    SIMPLE_FIELD,
    SYM,
    TBL,
    TC,
    TCPR,
    TEXT,
    TEXT_BOX,
    TR,
    TRPR,
    VAL,
    Control,
    P,
    R,
    T,
    W,
    control_of,
    number,
)  # fmt: skip
from pipeline.rules.form import QUERY_AUTHOR

# A frame has few rows; an answer has not so many tables pasted into it.
_FRAME_ROWS, _FRAME_TABLES = 3, 5
_CLOCK = re.compile(r"\s*(?:DATE|TIME|SAVEDATE|PRINTDATE)\b", re.I)  # fields that change by themselves
_LINES = re.compile(r"[\t\r\n]+")


@dataclass(frozen=True)
class WordText:
    """``remarks``: the text of comments, footnotes and endnotes by part and id. ``tracked``: changes are tracked."""

    blocks: tuple[Passage | Table, ...]
    remarks: Mapping[tuple[str, str], str]
    tracked: bool
    macros: bool

    @cached_property
    def keys(self) -> str:
        """The keys of all passages, one a line."""
        tables = (b.rows if isinstance(b, Table) else ((b,),) for b in self.blocks)
        return "\n".join(passage.key for rows in tables for row in rows for passage in row)


def read_word(data: bytes, parts: ZipFile | None = None) -> WordText:
    """Read a Word file; ``parts``: those of it, where they are opened already.

    Raises:
        UnreadableFile: it is no Word document, or damaged, or closed by a password.
    """
    file = WordFile(data, parts)
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
            remarks[part, note.get(ID, "")] = "\n".join(theirs).strip()
    return WordText(tuple(blocks), remarks, reader.tracked, file.macros)


class _Reader:
    """Walks the tree. The state of complex fields runs on from run to run, over the paragraphs of one cell."""

    def __init__(self, file: WordFile) -> None:
        self.tracked = False
        self.parts: set[str] = set()  # the parts that something hangs on
        self._looks = Looks(file)
        self._deletes = file.may_have(b"del")
        self._fields: list[bool] = []  # for each open field, whether its instruction is being read
        self._join = False  # the mark of the last paragraph was deleted

    # Down to the cells

    def blocks(self, parent: etree._Element, out: list[Passage | Table]) -> None:
        for el in parent:
            tag = el.tag
            if tag == P or tag in PICTURES:
                out.append(self._closed(el))
            elif tag == TBL and (framed := _framed(el)):
                for cell in framed:
                    self.blocks(cell, out)
            elif tag == TBL:
                rows: list[tuple[Passage, ...]] = []
                self._rows(el, rows, None)
                out.append(Table(tuple(rows)))
            elif tag == SDT:
                control, content = control_of(el)
                if PROMPT in control:
                    out.append(self._closed(el))
                elif content is not None:
                    self.blocks(content, out)
            elif tag == ALTERNATE:
                if len(el):
                    self.blocks(el[0], out)
            elif tag not in PASSED_OVER:
                self.blocks(el, out)

    def passage(self, parent: etree._Element, column: int = 0, control: Control | None = None) -> Passage:
        """What ``parent`` says, with the fields that begin and end in it."""
        outer, self._fields = self._fields, []
        self._join = False
        ink = Passage(column, parent)
        self._content(control, parent, ink)
        self._fields = outer
        return ink.done()

    def _closed(self, el: etree._Element) -> Passage:
        ink = Passage(element=el)
        self._element(el, el.tag, ink)
        return ink.done()

    def _rows(self, parent: etree._Element, rows: list[tuple[Passage, ...]], control: Control | None) -> None:
        for el in parent:
            tag = el.tag
            if tag == TR:
                cells: list[Passage] = []
                if self._cells(el, cells, control, 0) >= 0:
                    rows.append(tuple(cells))
            elif tag == SDT:
                inner, content = control_of(el)
                if content is not None:
                    self._rows(content, rows, inner if PROMPT in inner else control)
            elif tag not in PASSED_OVER:
                self._rows(el, rows, control)

    def _cells(self, parent: etree._Element, cells: list[Passage], control: Control | None, column: int) -> int:
        """Add the cells of a row; the column after the last of them, or -1 where the row was deleted."""
        for el in parent:
            tag = el.tag
            if tag == TC:
                width, gone = self._cell_properties(el)
                if not gone:
                    cells.append(self.passage(el, column, control))
                column += width
            elif tag == TRPR:
                for setting in el:
                    if setting.tag == DEL:
                        self.tracked = True
                        return -1
                    if setting.tag == GRID_BEFORE:
                        column += number(setting, 0)
            elif tag == SDT:
                inner, content = control_of(el)
                if content is not None:
                    column = self._cells(content, cells, inner, column)
            elif tag not in PASSED_OVER:
                column = self._cells(el, cells, control, column)
        return column

    def _cell_properties(self, cell: etree._Element) -> tuple[int, bool]:
        """How many columns of the grid a cell spans, and whether it is deleted or merged away."""
        width, gone = 1, False
        if len(cell) and cell[0].tag == TCPR:
            for setting in cell[0]:
                if setting.tag == GRID_SPAN:
                    width = number(setting, 1)
                elif setting.tag == CELL_DEL:
                    gone = self.tracked = True
                elif setting.tag == MERGED:
                    gone = setting.get(VAL) != "restart"
        return width, gone

    # Inside a cell

    def _walk(self, parent: etree._Element, ink: Passage) -> None:
        for el in parent:
            tag = el.tag
            if tag == R:
                self._run(el, ink)
            elif tag == P:
                self._paragraph(el, ink)
            elif tag not in PASSED_OVER:
                self._element(el, tag, ink)

    def _element(self, el: etree._Element, tag: str, ink: Passage) -> None:
        if tag == P:
            self._paragraph(el, ink)
        elif tag == SDT:
            control, content = control_of(el)
            if content is not None and not repeats(el, control):
                if TEXT in control and ink.breaks:
                    self._joined(control, content, ink)
                else:
                    self._content(control, content, ink)
        elif tag in REMARKS:
            self.parts.add(REMARKS[tag])
            ink.hang(REMARKS[tag], el.get(ID, ""))
        elif tag in (DEL, MOVE_FROM):
            self._mark_tracked(ink)
        elif tag == ALTERNATE:
            self._alternate(el, ink)
        elif tag in PICTURES:
            self._picture(el, ink)
        elif tag == TBL:
            self._nested(el, ink)
        elif tag == FORMULA:
            ink.write(el.text or "")
        else:
            if tag in (INS, MOVE_TO):
                self._mark_tracked(ink)
            elif tag == SIMPLE_FIELD and _CLOCK.match(el.get(W + "instr", "")):
                ink.see("clock")
            self._walk(el, ink)

    def _mark_tracked(self, ink: Passage) -> None:
        self.tracked = True
        ink.see("tracked")

    def _paragraph(self, el: etree._Element, ink: Passage) -> None:
        if not self._join:
            ink.new_line()
        self._join = False
        if self._deletes and len(el) and el[0].tag == PPR:
            mark = next(el[0].iterchildren(RPR), None)
            if mark is not None and next(mark.iterchildren(DEL), None) is not None:
                self._join = True
                self._mark_tracked(ink)
        self._walk(el, ink)

    def _run(self, el: etree._Element, ink: Passage) -> None:
        struck = hidden = False
        font = ""
        for part in el:
            tag = part.tag
            if tag == RPR:
                if self._looks.matter:
                    struck, hidden, font = self._looks.of(part)
            elif tag == FIELD:
                self._field(part, ink, struck)
            elif hidden or True in self._fields:
                if tag == INSTRUCTION and _CLOCK.match(part.text or ""):
                    ink.see("clock")
            elif tag == T:
                text = part.text or ""
                if not text.isprintable():
                    text = _LINES.sub(" ", text)
                if font or not text.isascii():
                    text = symbol_text(text, font)
                ink.write(text, struck)
            elif tag in CHARACTERS:
                ink.write(CHARACTERS[tag], struck)
            elif tag == SYM:
                ink.write(symbol(part.get(W + "char", ""), part.get(W + "font", "")), struck)
            elif tag not in PASSED_OVER:
                self._element(part, tag, ink)

    def _field(self, char: etree._Element, ink: Passage, struck: bool) -> None:
        kind = char.get(FIELD_KIND)
        if kind == "begin":
            if True not in self._fields:
                for shown in legacy_fields(char):
                    ink.write(shown, struck)
            self._fields.append(True)
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _content(self, control: Control | None, content: etree._Element, ink: Passage) -> None:
        """What stands in a content control; where there is none, ``control`` is None."""
        box = control.get(CHECKBOX) if control else None
        prompt = control is not None and PROMPT in control
        if not control or (box is None and not prompt):
            if control and DATE in control:
                ink.date = _day(control[DATE].get(FULL_DATE, ""))
            self._walk(content, ink)
            return
        inner = Passage()
        self._walk(content, inner)
        inner.done()
        ink.take(inner, text=False)
        if box is not None:
            glyph, differs = tick_control(box, inner.text)
            ink.write(glyph)
            if differs:
                ink.see("contradiction")
        elif inner.text:
            ink.prompts += (inner.text,)

    def _joined(self, control: Control, content: etree._Element, ink: Passage) -> None:
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
        boxes = list(el.iter(TEXT_BOX))
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


def _framed(table: etree._Element) -> list[etree._Element]:
    """The cells of a table that is but a frame round a whole form, as a template or a web page has it."""
    rows = table.findall(TR)
    if len(rows) > _FRAME_ROWS:
        return []
    cells = [cell for row in rows for cell in row.findall(TC)]
    return cells if any(len(cell.findall(TBL)) >= _FRAME_TABLES for cell in cells) else []


def _day(full: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(full[:10])
    except ValueError:
        return None
