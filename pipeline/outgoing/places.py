"""A part of a Word template and a tag in it come in; where a person finds that tag in Word goes out, in words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TAG = re.compile(r"\{[{%#].*?[}%#]\}")
_LONGEST = 60  # characters of the words that are quoted
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def place(xml: str, tag: str, nth: int) -> str:
    """``, paragraph 14 ("Reason and outcome sought")``: of the ``nth`` tag of these words; ``""`` where it is in none.

    Paragraphs are counted as they follow each other in the file, those of tables too. What is quoted are the words
    beside the tag, else the last ones above it: Word shows no numbers.
    """
    wanted, words, found = alike(tag), "", 0
    for number, text in enumerate(paragraphs(xml), start=1):
        words = " ".join(_TAG.sub(" ", text).split()) or words
        found += alike(text).count(wanted)
        if found > nth:
            beside = words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
            return f", paragraph {number}" + (f' ("{beside}")' if beside else "")
    return ""


def paragraphs(xml: str | bytes) -> Iterator[str]:
    """The text of each paragraph; of one that holds a text box without what is in the box."""
    for paragraph in etree.fromstring(xml).iter(f"{_W}p"):
        yield "".join((t.text or "") if t.tag == f"{_W}t" else " " for t in _own(paragraph))


def emptied(xml: str, words: str) -> etree._Element:
    """The same with no text in the paragraphs that say ``words``."""
    root = etree.fromstring(xml)
    for paragraph, text in zip(root.iter(f"{_W}p"), list(paragraphs(xml)), strict=True):
        if text == words:
            for run in _own(paragraph):
                run.text = ""
    return root


def _own(paragraph: etree._Element) -> Iterator[etree._Element]:
    texts = paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br")
    return (t for t in texts if next(t.iterancestors(f"{_W}p")) is paragraph)


def alike(text: str) -> str:
    """Tags as they can be compared with those that docxtpl has cleaned up: no space, straight quotes, no ``p`` or
    ``tr``."""
    text = re.sub(r"\{%[-+]?(p|tr)\s", "{%", html.unescape(text).translate(_STRAIGHT))
    return re.sub(r"(?<=\{[{%])[-+]|[-+](?=[%}]\})|\s", "", text)
