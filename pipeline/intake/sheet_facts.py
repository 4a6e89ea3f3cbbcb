"""What calamine does not tell of a sheet, in one shape for every kind of workbook."""

from __future__ import annotations

from dataclasses import dataclass, field

# More than any form holds; what lies beyond is never looked at.
MAX_SHEETS = 50
MAX_ROWS = 2_000
MAX_COLUMNS = 200
MAX_BYTES = 64_000_000  # unpacked

Place = tuple[int, int]
"""A cell, by row and column from 0."""


@dataclass(frozen=True, slots=True)
class Floating:
    """A tick box, or a shape, that floats over the sheet; ``linked`` is the cell that a tick box writes TRUE to."""

    place: Place
    tick_box: bool
    linked: Place | None = None


@dataclass(slots=True)
class SheetFacts:
    """``rows``, ``columns``: one past the last that holds a value.

    ``texts``: what a cell says, where calamine says something else. ``fonts``: cells in a symbol font. ``struck``:
    cells struck out whole; ``partly_struck``: those of which a part is, which is not in ``texts``. ``uncalculated``:
    formulas saved without their value. ``blind``: colours, comments and tick boxes cannot be told.
    """

    rows: int = 0
    columns: int = 0
    texts: dict[Place, str] = field(default_factory=dict)
    fonts: dict[Place, str] = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)
    uncalculated: set[Place] = field(default_factory=set)
    struck: set[Place] = field(default_factory=set)
    partly_struck: set[Place] = field(default_factory=set)
    coloured: set[Place] = field(default_factory=set)
    comments: dict[Place, str] = field(default_factory=dict)
    floating: list[Floating] = field(default_factory=list)
    blind: bool = False

    def holds(self, row: int, column: int) -> None:
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)


# What is typed → what is seen. All else in such a font is a picture: an "n" in Wingdings is a black square.
_SYMBOLS = {
    "wingdings": {"ü": "✓", "û": "✗", "þ": "☑", "ý": "☒", "x": "☒", "¨": "☐", "o": "☐"},
    "wingdings 2": {"P": "✓", "O": "✗", "R": "☑", "S": "☒", "T": "☒", "Q": "☒", "£": "☐"},
    "webdings": {"a": "✓", "r": "✗", "c": "☐"},
    "marlett": {"a": "✓", "b": "✓", "r": "✗"},
    "symbol": {"Ö": "√"},
}
_PICTURE = "\ufffd"


def is_symbol_font(name: str) -> bool:
    return name.strip().lower() in _SYMBOLS


def as_seen(text: str, font: str) -> str:
    """The ticks that ``text`` shows in a symbol font; what is no tick shows as ``\\ufffd``, which nothing reads."""
    seen = _SYMBOLS[font.strip().lower()]
    # Word and LibreOffice move the characters of symbol fonts to U+F000 and up.
    plain = "".join(chr(ord(c) - 0xF000) if 0xF020 <= ord(c) <= 0xF0FF else c for c in text)
    return "".join(c if c.isspace() else seen.get(c, _PICTURE) for c in plain)


def struck_out(text: str) -> str:
    """``text`` with a stroke through each letter: seen by people, and no mark to the rules."""
    return "".join(c if c.isspace() else c + "\u0336" for c in text)


def cell_name(place: Place) -> str:
    row, column = place
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


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
