"""A Word tick box or legacy field comes in; what it shows on paper goes out."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from pipeline.intake.word.symbols import symbol
from pipeline.intake.word.word_tags import CHECKED, VAL, W14, W14_VAL, W, is_on, number
from pipeline.rules.marks import read_mark

_BOX, _CHOICES = W + "checkBox", W + "ddList"


def legacy_fields(char: etree._Element) -> Iterator[str]:
    """A legacy tick box has no text: its state stands in w:ffData alone; likewise what a drop-down shows."""
    for field in char.iter(_BOX, _CHOICES):
        state = {el.tag: el for el in field}
        if field.tag == _BOX:
            ticked = state.get(W + "checked", state.get(W + "default"))
            yield "☒" if ticked is not None and is_on(ticked) else "☐"
        else:
            chosen = number(state.get(W + "result", state.get(W + "default")), 0)
            entries = [entry.get(VAL, "") for entry in field.iterchildren(W + "listEntry")]
            yield entries[chosen] if chosen < len(entries) else ""


def tick_control(box: etree._Element, typed: str) -> tuple[str, bool]:
    """The glyph of a tick-box control, and whether its stored state and the glyph that is seen differ.

    A mark typed over the box ticks it, though Word then keeps the old state.
    """
    state = next(box.iterchildren(CHECKED), None)
    on = state is not None and is_on(state)
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
    el = box.find(W14 + state)
    return symbol(el.get(W14_VAL, ""), el.get(W14 + "font", "")) if el is not None else None
