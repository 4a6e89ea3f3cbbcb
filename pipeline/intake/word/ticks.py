"""What stands in and beside a tick box comes in; whether it is ticked, or which of Yes and No is, goes out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.rules.marks import read_mark

_EMPTY = re.compile(r"[☐□◻▢⬜🗆]")
_FULL = re.compile(r"[☑☒🗹🗷🗵]")
_MARK = re.compile(r"(?P<empty>[☐□◻▢⬜🗆])|(?P<tick>[☑☒🗹🗷🗵✓✔√✅✗✘×✕✖🗸]|(?<![\w'-])[xX](?![\w'-]))[\ufe0e\ufe0f]?")
_YES_NO = re.compile(r"(?<![\w-])(?P<yes>yes)(?![\w-])|(?<![\w-])(?P<no>no)(?![\w-])", re.I)
_BETWEEN = " \xa0\t\n\u2002/|,;.:–—-()[]"
_FRAMED = re.compile(r"([(\[{_])\s*([xX✓✔√☑☒])\s*[)\]}_]")  # "(X)"
# Words typed over the boxes: "Yes ☐  No Yes" has its mark at No.
_PLACE = r"yes|no|[ynx☐□◻▢⬜🗆☑☒🗹🗷🗵✓✔√✅✗✘×✕✖🗸]"
_OVER = re.compile(rf"\W*yes\b[\s:]*(?P<yes>{_PLACE})?\s+no\b[\s:]*(?P<no>{_PLACE})?[\s.]*", re.I)


@dataclass(frozen=True, slots=True)
class Ticked:
    """``value`` is None where what stands there is neither clearly a tick nor clearly none.

    ``said_no``: "No" or the like is written there; an empty box says nothing.
    """

    value: bool | None
    words: str = ""
    said_no: bool = False


@dataclass(frozen=True, slots=True)
class YesNo:
    """``value`` is None where nothing is ticked (``unclear`` False), or where it cannot be told what is meant."""

    value: bool | None
    words: str = ""
    both: bool = False
    unclear: bool = False


def read_tick(text: str) -> Ticked:
    """Read a tick box: ☐ with a mark typed over, before or behind it is ticked."""
    if not text:
        return Ticked(False)
    empty = _EMPTY.search(text)
    if empty and _FULL.search(text):
        return Ticked(None, text)
    framed = _FRAMED.fullmatch(text)
    mark = read_mark(framed[2] if framed else _EMPTY.sub(" ", text) if empty else text, None)
    if mark.kind == "unclear":
        return Ticked(None, text)
    return Ticked(mark.kind == "mark", mark.remark, said_no=mark.kind == "no" and any(c.isalpha() for c in text))


def read_yes_no(text: str, struck: bool = False) -> YesNo:
    """Read what stands behind a yes/no question, as "Yes ☐  No ☒" is printed, or typed, or struck out in part.

    ``struck``: something was struck out of ``text``, so that the one word left is the answer.
    """
    if (over := _OVER.fullmatch(text)) and (said := _typed_over(over["yes"], over["no"])):
        return said
    words = list(_YES_NO.finditer(text))
    if len(words) >= 2 and words[0].lastgroup != words[1].lastgroup and _bare(text[: words[0].start()]):
        return _pair(text, words[0], words[1])
    if len(words) == 1 and _bare(text):
        return _one(text, words[0], struck)
    if words and _EMPTY.search(text):
        return YesNo(None, text, unclear=True)  # the form's own words and boxes, overwritten in part
    return _typed(_MARK.sub(" ", text).strip(_BETWEEN) if words else _EMPTY.sub(" ", text).strip(_BETWEEN))


def _pair(text: str, first: re.Match[str], second: re.Match[str]) -> YesNo:
    before, between, behind = text[: first.start()], text[first.end() : second.start()], text[second.end() :]
    boxes_before = _EMPTY.search(before) or _FULL.search(before)
    if boxes_before and (_EMPTY.search(behind) or _FULL.search(behind)):
        return YesNo(None, unclear=True)
    if boxes_before:
        states = {first.lastgroup: bool(_ticks(before)), second.lastgroup: bool(_ticks(between))}
    else:
        if _astray(between):
            return YesNo(None, unclear=True)
        states = {first.lastgroup: bool(_ticks(before + between)), second.lastgroup: bool(_ticks(behind))}
    said = " ".join(w for w in (_MARK.sub(" ", between).strip(_BETWEEN), _MARK.sub(" ", behind).strip(_BETWEEN)) if w)
    if states["yes"] and states["no"]:
        return YesNo(None, said, both=True)
    typed = _typed(said)
    if "?" in said and not re.search(r"\w", said):
        return YesNo(None, unclear=True)
    if not (states["yes"] or states["no"]):
        return typed
    if typed.value is not None and typed.value != states["yes"]:
        return YesNo(None, said, unclear=True)
    return YesNo(bool(states["yes"]), typed.words if typed.value is not None else said)


def _typed_over(at_yes: str | None, at_no: str | None) -> YesNo | None:
    """What words typed in the places of the two boxes say; None where there are none, or they say nothing."""
    places = (at_yes, at_no)
    if not any(place and place.isalpha() and place not in "xX" for place in places):
        return None
    yes, no = (place is not None and read_tick(place).value is True for place in places)
    if yes and no:
        return YesNo(None, both=True)
    if no and at_yes is None:
        return YesNo(None, unclear=True)  # "Yes  No  Yes": the answer, or a mark at No
    return YesNo(yes) if yes or no else None


def _one(text: str, word: re.Match[str], struck: bool) -> YesNo:
    yes = word.lastgroup == "yes"
    if "?" in text:
        return YesNo(None, unclear=True)
    if _ticks(text) or struck or not _EMPTY.search(text):
        return YesNo(yes)
    return YesNo(None)


def _typed(text: str) -> YesNo:
    """An answer in words: "Yes", "N", "Yes – told on Monday"."""
    if not text:
        return YesNo(None)
    mark = read_mark(text, None)
    if mark.kind != "unclear" and re.match(r"(?:yes|y|no|n)\b", text, re.I):
        return YesNo(mark.kind == "mark", mark.remark)
    return YesNo(None, text, unclear=True)


def _ticks(text: str) -> list[re.Match[str]]:
    return [m for m in _MARK.finditer(text) if m.lastgroup == "tick"]


def _bare(text: str) -> bool:
    """Nothing but boxes, marks, Yes, No and what stands between them."""
    return not _YES_NO.sub(" ", _MARK.sub(" ", text)).strip(_BETWEEN + "?")


def _astray(between: str) -> bool:
    """Whether a mark typed between the first box and the second word may belong to either: "Yes ☐ x No ☐"."""
    box = _EMPTY.search(between)
    for tick in _ticks(between):
        if box and tick.start() > box.end() - 1:
            left = tick.start() - box.end()
            right = len(between) - tick.end()
            if left >= right:
                return True
    return False
