"""What stands in one cell of the scored table comes in; whether it is a mark, a no, or unclear goes out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

# Invisible characters: the zero-width ones, and the selectors that turn ✔ into an emoji.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufe0e\ufeff\ufe0f"), None)
_BLANK_BOXES = {"", "☐", "□", "🗆", "[]", "[ ]"}
_DASHES = "‐‑‒–—―−-"  # the hyphen last, as a character class wants it
# ❌ is not among them: beside ✅ it means no, alone it may mean either.
_TICK = "[xх×✕✖✓✔√✅☑☒✗✘🗸🗹🗷🗵]"

_MARK = re.compile(rf"(?P<word>(?P<tick>{_TICK})(?:\s?(?P=tick))*|\[x\]|yes|y|true)", re.I)
_NO = re.compile(rf"no?|false|[{_DASHES}]+", re.I)
_NUMBER = re.compile(rf"(?P<sign>[+{_DASHES}]?)\s?(?P<digits>\d+)(?:\.0+)?")

# What may stand between a mark and a remark. A hyphen needs a space beside it: "x-ray" is no mark.
_STOP = rf"\s*(?:[–—―,;:.!(\n]|\s[{_DASHES}]|[{_DASHES}]\s)"
# Words that take a mark back or call it in question, so that it no longer counts for certain.
_TAKEN_BACK = re.compile(r"(?:or|and|but|not|isn't|wasn't|hasn't|doesn't)\b(?!\s+(?:only|just))", re.I)
_NOTHING = re.compile(r"(?:no|never|none|nil|n/?[ak])\b", re.I)  # says in a zero column what the mark says
# "Yes / No" as the form or a habit prints it, with neither struck out.
_EITHER = re.compile(r"\s*[/|\\]\s*(?:yes|no|[yn]|true|false)\b", re.I)
_DOUBT = re.compile(
    r"\?|\b(?:maybe|may be|might|perhaps|possibly|probably|unsure|uncertain|unclear|unknown|query|tbc|n/k"
    r"|not (?:sure|certain|known|any ?more|now|confirmed)|to be confirmed|don'?t know|no longer|or not|(?:and|but) not?"
    r"|ignore|mistake|error|wrong|should be|should have been|instead)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """``unclear``: a question mark, another number, free text alone, a mark that its own remark calls in question."""

    kind: Literal["mark", "no", "unclear"]
    remark: str = ""


_UNCLEAR = Mark("unclear")


# Nearly all marks are one sign or word. What is longer may be about somebody, and is not kept.
_SHORT = 3


def read_mark(text: str, value: int | None) -> Mark:
    """Read what is written under a column that counts ``value`` (None: a column without a label).

    An empty tick box ("☐") is a no: it says that this column was not chosen, as a blank does.
    """
    return _read_short(text, value) if len(text) <= _SHORT else _read(text, value)


def _read(text: str, value: int | None) -> Mark:
    written = _plain(text)
    if written in _BLANK_BOXES:
        return Mark("no")
    if number := _NUMBER.match(written):
        return _numbered(number, written[number.end() :], value)
    if mark := _MARK.match(written):
        # "yesterday" is not yes: after the mark comes a space or a stop. "x2" is twice, or a score: unclear.
        return _with_remark("mark", written[mark.end() :], rf"(?:{_STOP}|\s)", value)
    if no := _NO.match(written):
        # "no idea", "no change" and a list that starts with a dash are words, not a no: here only a stop will do.
        return _with_remark("no", written[no.end() :], _STOP if no[0][0] not in _DASHES else r"(?!)", value)
    return _UNCLEAR


_read_short = lru_cache(1000)(_read)


def read_number(text: str, allowed: Sequence[int]) -> tuple[Mark, int]:
    """Read a number that is typed in, with what it says; another than ``allowed`` is unclear, like any other words."""
    written = _NUMBER.match(_plain(text))
    if not written:
        mark = read_mark(text, None)
        return mark if mark.kind == "no" else _UNCLEAR, 0
    number = int(written["digits"]) * (-1 if written["sign"] in tuple(_DASHES) else 1)
    return read_mark(text, number) if number in allowed else _UNCLEAR, number


def says_no(text: str) -> bool:
    """Whether somebody wrote a no; the empty box that a form prints says nothing yet."""
    return _plain(text) not in _BLANK_BOXES and read_mark(text, None).kind == "no"


def _plain(text: str) -> str:
    return text.translate(_INVISIBLE).replace("\xa0", " ").replace("’", "'").strip()


def _numbered(number: re.Match[str], rest: str, value: int | None) -> Mark:
    count = int(number["digits"])
    own = value is not None and (count == -value if number["sign"] in tuple(_DASHES) else count == abs(value))
    if own:
        # "2-3 times" and "3 times a week" are words that begin with a number.
        return _UNCLEAR if re.match(rf"\W*[\d{_DASHES}]*\d", rest) else _with_remark("mark", rest, _STOP, value)
    if rest.strip(" ."):
        return _UNCLEAR
    if count == 0:
        return Mark("no")
    return Mark("mark") if count == 1 and number["sign"] in ("", "+") else _UNCLEAR


def _with_remark(kind: Literal["mark", "no"], rest: str, stop: str, value: int | None) -> Mark:
    if not rest.strip(" .!,;:"):
        return Mark(kind)
    if not re.match(stop, rest) or _EITHER.match(rest):
        return _UNCLEAR
    remark = rest.strip(f" \t\n.,;:!{_DASHES}")
    if remark.startswith("(") and remark.endswith(")") and remark.count("(") == 1:
        remark = remark[1:-1].strip()
    if _DOUBT.search(remark) or not re.search(r"[^\W\d_]", remark):
        return _UNCLEAR
    if _MARK.fullmatch(remark):  # "yes x"
        return Mark("mark") if kind == "mark" else _UNCLEAR
    if kind == "mark" and (_TAKEN_BACK.match(remark) or (value != 0 and _NOTHING.match(remark))):
        return _UNCLEAR
    return Mark(kind, remark)
