"""What calamine does not tell of a sheet, in one shape for every kind of workbook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from pipeline.errors import UnreadableFile
from pipeline.rules.form import QUERY_AUTHOR

# More than any form holds; what lies beyond is never looked at.
MAX_SHEETS = 50
MAX_ROWS = 2_000
MAX_COLUMNS = 200
MAX_BYTES = 64_000_000  # unpacked

Place = tuple[int, int]
"""A cell, by row and column from 0."""


@dataclass(frozen=True, slots=True)
class Floating:
    """A tick box, or a shape, that floats over the sheet, at ``place`` where that is told.

    ``linked`` is the cell that a tick box writes TRUE to.
    """

    place: Place | None
    tick_box: bool
    linked: Place | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks, as far as it changes what a person reads there. ``font``: a symbol font, else "".

    ``before``, ``zeros``: letters and leading zeros that a number format adds to a whole number.
    """

    font: str = ""
    struck: bool = False
    coloured: bool = False
    before: str = ""
    zeros: int = 0

    @classmethod
    def of(cls, font: str, struck: bool, coloured: bool, before: str = "", zeros: int = 0) -> Look | None:
        """None for a cell that looks as its value reads."""
        font = font if is_symbol_font(font) else ""
        return cls(font, struck, coloured, before, zeros) if font or struck or coloured or before or zeros else None


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a text. ``font``: a symbol font, else ""."""

    text: str
    font: str
    struck: bool


@dataclass(slots=True)
class SheetFacts:
    """``rows``, ``columns``: one past the last that holds a value.

    ``texts``: what a cell says, where calamine says something else. ``looks``: how cells that hold a value look, where
    that matters. ``partly_struck``: cells of which a part is struck out, and not in ``texts``. ``uncalculated``:
    formulas saved without their value. ``merged``: ranges that calamine does not tell, from top left to bottom right.
    ``blind``: colours, comments and tick boxes cannot be told.
    """

    rows: int = 0
    columns: int = 0
    texts: dict[Place, str] = field(default_factory=dict)
    looks: dict[Place, Look] = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)
    uncalculated: set[Place] = field(default_factory=set)
    partly_struck: set[Place] = field(default_factory=set)
    coloured: set[Place] = field(default_factory=set)
    comments: dict[Place, str] = field(default_factory=dict)
    floating: list[Floating] = field(default_factory=list)
    merged: dict[Place, Place] = field(default_factory=dict)
    blind: bool = False

    def holds(self, row: int, column: int) -> None:
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)

    def look(self, place: Place, look: Look | None, *, holds: bool) -> None:
        """Note a cell and how it looks; ``holds``: it has a value."""
        if holds:
            self.holds(*place)
        if look and look.coloured:
            self.coloured.add(place)
        if look and holds:
            self.looks[place] = look

    def rich(self, place: Place, runs: Sequence[Run]) -> None:
        """Note a text whose parts look different: what is struck out is left away, ticks are seen as ticks."""
        kept = "".join(as_seen(run.text, run.font) if run.font else run.text for run in runs if not run.struck)
        if kept.strip():
            if any(run.struck for run in runs):
                self.partly_struck.add(place)
            self.texts[place] = kept
        else:
            self.texts[place] = struck_out("".join(run.text for run in runs))
        self.looks.pop(place, None)

    def comment(self, place: Place, author: str, text: str) -> None:
        """Note a cell comment. Excel writes "Author:" before its first line. What we asked ourselves is no remark."""
        text = own_words(text.replace("\r", ""))
        if author and text.startswith(f"{author}:"):
            text = text[len(author) + 1 :].strip()
        if text:
            self.comments[place] = text


# What is typed → what is seen. All else in such a font is a picture: an "n" in Wingdings is a black square.
_SYMBOLS = {
    "wingdings": {"ü": "✓", "û": "✗", "þ": "☑", "ý": "☒", "x": "☒", "¨": "☐", "o": "☐"},
    "wingdings 2": {"P": "✓", "O": "✗", "R": "☑", "S": "☒", "T": "☒", "Q": "☒", "£": "☐"},
    "webdings": {"a": "✓", "r": "✗", "c": "☐"},
    "marlett": {"a": "✓", "b": "✓", "r": "✗"},
    "symbol": {"Ö": "√"},
}
_PICTURE = "\ufffd"


def protected() -> UnreadableFile:
    return UnreadableFile(
        "password",
        "This workbook is closed with a password, so it cannot be read.",
        "Open it, take the password off (File, Info, Protect Workbook), save it and drop it again.",
    )


def is_symbol_font(name: str) -> bool:
    return name.strip().lower() in _SYMBOLS


def as_seen(text: str, font: str) -> str:
    """The ticks that ``text`` shows in a symbol font; what is no tick shows as ``\\ufffd``, which nothing reads."""
    seen = _SYMBOLS[font.strip().lower()]
    # Word and LibreOffice move the characters of symbol fonts to U+F000 and up.
    plain = "".join(chr(ord(c) - 0xF000) if 0xF020 <= ord(c) <= 0xF0FF else c for c in text)
    return "".join(c if c.isspace() else seen.get(c, _PICTURE) for c in plain)


def as_formatted(text: str, look: Look) -> str:
    """A whole number with the letters and zeros that its number format shows."""
    return look.before + text.zfill(look.zeros) if text.isdecimal() else text


# A number format that adds letters or leading zeros: a Care First Id of 104233 that shows as CF0104233.
_SHOWN = re.compile(r'(?P<before>(?:"[^"]*"|\\.)*)(?P<zeros>0+)(?:;.*)?')


def number_format(code: str) -> tuple[str, int]:
    """The letters before a whole number and how many figures it has at least, by its number format."""
    shown = _SHOWN.fullmatch(code)
    if shown is None or (not shown["before"] and len(shown["zeros"]) == 1):
        return "", 0
    return re.sub(r'"([^"]*)"|\\(.)', r"\1\2", shown["before"]), len(shown["zeros"])


def own_words(text: str) -> str:
    """What a comment says without the lines that we wrote into it when the form went back.

    Ours are known by each line, not by the author: LibreOffice forgets authors, and people answer inside a comment.
    """
    return "\n".join(x for x in text.split("\n") if not x.lstrip().startswith(f"{QUERY_AUTHOR}:")).strip()


def struck_out(text: str) -> str:
    """``text`` with a stroke through each letter: seen by people, and no mark to the rules."""
    return "".join(c if c.isspace() else c + "\u0336" for c in text)


def cell_name(place: Place) -> str:
    row, column = place
    return f"{_letters(column)}{row + 1}"


@lru_cache(maxsize=MAX_COLUMNS)
def _letters(column: int) -> str:
    before, last = divmod(column, 26)
    return _letters(before - 1) + chr(65 + last) if column >= 0 else ""


@lru_cache(maxsize=8192)  # the same few hundred cells on every form
def place_of(name: str) -> Place:
    """``$B$18`` or ``B18`` → (17, 1).

    Raises:
        ValueError: it is no cell.
    """
    letters = name.replace("$", "").rstrip("0123456789").upper()
    column = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(name)
        column = column * 26 + ord(letter) - 64
    return int(name.replace("$", "")[len(letters) :]) - 1, column - 1


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
# Old drawings (VML) are often not well-formed.
_LENIENT = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)


def parse(content: bytes, *, lenient: bool = False) -> etree._Element:
    """The root of an XML part.

    Raises:
        UnreadableFile: it declares a DOCTYPE, which no Office program writes.
        lxml.etree.XMLSyntaxError: it is damaged.
    """
    root = etree.fromstring(content, _LENIENT if lenient else _PARSER)
    if root.getroottree().docinfo.internalDTD:
        raise UnreadableFile(
            "damaged",
            "This workbook holds instructions that no Office program writes, so it is not opened.",
            "Open it in Excel, save it again as an Excel workbook (.xlsx) and drop it again.",
        )
    return root
