"""What a Word reader meets in one cell comes in, piece by piece; what the cell says goes out."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from lxml import etree

_NOT_WORDS = re.compile(r"[\W_]+")
_LONGEST_LABEL = 500
_GAP = "\0"  # where something was struck out; XML cannot hold this character
_INVISIBLE = "\u200b\u2060\ufeff"


class Passage:
    """What one cell, or one paragraph outside the tables, says; filled while it is read, then only looked at.

    ``text`` leaves out what is struck out, ``printed`` has it. ``aside``: the text of text boxes that hang here.
    ``prompts``: what stands in content controls that nobody has filled. ``seen``: ``struck``, ``tracked``,
    ``picture``, ``contradiction`` (a tick box whose state and glyph differ), ``joined`` (lines that LibreOffice has
    run together), ``clock`` (a date that changes by itself). ``remarks``: part and id of the comments and notes that
    hang here. ``column``: where in the grid of the table the cell starts. ``element``: the cell or paragraph itself.
    """

    # No dataclass: a form has three hundred of these, and making them was a third of the time that reading took.
    __slots__ = (
        "_all", "_kept", "_key", "_paragraphs",
        "aside", "column", "date", "element", "printed", "prompts", "remarks", "seen", "text",
    )  # fmt: skip

    def __init__(self, column: int = 0, element: etree._Element | None = None) -> None:
        self._all: list[str] = []
        self._key: str | None = None
        self._kept: list[str] | None = None  # as soon as something is struck out
        self._paragraphs = 0
        self.column = column
        self.element = element
        self.date: dt.date | None = None
        self.aside = self.printed = self.text = ""
        self.prompts: tuple[str, ...] = ()
        self.seen: frozenset[str] = frozenset()
        self.remarks: tuple[tuple[str, str], ...] = ()

    def write(self, text: str, struck: bool = False) -> None:
        if struck and text.strip():
            self.see("struck")
            self._kept = list(self._all) if self._kept is None else self._kept
            self._kept.append(_GAP)
        elif self._kept is not None:
            self._kept.append(text)
        self._all.append(text)

    def new_line(self) -> None:
        if self._paragraphs:
            self.write("\n")
        self._paragraphs += 1

    def see(self, what: str) -> None:
        self.seen |= {what}

    def hang(self, part: str, number: str) -> None:
        if (part, number) not in self.remarks:
            self.remarks += ((part, number),)

    def take(self, other: Passage, text: bool = True) -> None:
        """Take over what another passage says; without ``text`` only what hangs on it."""
        if text:
            if other._kept is not None and self._kept is None:
                self._kept = list(self._all)
            if self._kept is not None:
                self._kept += other._all if other._kept is None else other._kept
            self._all += other._all
        self.aside = "\n".join(part for part in (self.aside, other.aside) if part)
        self.date = self.date or other.date
        self.prompts += other.prompts
        self.seen |= other.seen
        for part, number in other.remarks:
            self.hang(part, number)

    @property
    def breaks(self) -> int:
        """How many line breaks were read, where nothing else was."""
        return len(self._all) if all(text == "\n" for text in self._all) else 0

    @property
    def key(self) -> str:
        """``printed`` for finding a label by."""
        if self._key is None:
            # No label is this long; the sign at the end keeps the beginning of an answer from being one.
            long = len(self.printed) > _LONGEST_LABEL
            self._key = f"{label_key(self.printed[:_LONGEST_LABEL])}…" if long else label_key(self.printed)
        return self._key

    def done(self) -> Passage:
        self.printed = self.text = _trim("".join(self._all))
        if self._kept is not None:
            self.text = _trim(_without_gaps("".join(self._kept)))
        return self


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Passage, ...], ...]


def label_key(text: str) -> str:
    """Letters and digits alone: white space, dashes, quotes, colons and case make no other label."""
    return _NOT_WORDS.sub("", text).casefold()


def _without_gaps(text: str) -> str:
    """What is left of "New / Review" where one of the two is struck out loses its stroke as well."""
    text = re.sub(rf"^(?:\s*{_GAP}[\s/|,;]*)+|(?:[\s/|,;]*{_GAP}\s*)+$", "", text)
    return re.sub(rf"([/|,;])\s*{_GAP}\s*\1", r"\1", text).replace(_GAP, "")


def _trim(text: str) -> str:
    text = text.strip()
    return text.strip(_INVISIBLE).strip() if text and not text.isascii() else text
