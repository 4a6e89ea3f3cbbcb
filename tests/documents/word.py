"""A Word file comes in as bytes; its parts, by name, and the trees in them go out, and the other way round."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from functools import cached_property

from lxml import etree

from tests.referral_forms import packed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PIC = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DC = "{http://purl.org/dc/elements/1.1/}"
CP = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"

DOCUMENT, STYLES, SETTINGS = "word/document.xml", "word/styles.xml", "word/settings.xml"
CORE = "docProps/core.xml"


class Word:
    """A Word file taken apart; a changed copy is another one."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            self.names = file.namelist()
            self.parts = {name: file.read(name) for name in self.names}

    @cached_property
    def trees(self) -> Mapping[str, etree._Element]:
        """Every part that is XML."""
        return {n: etree.fromstring(c) for n, c in self.parts.items() if extension(n) in ("xml", "rels")}

    @property
    def pages(self) -> Iterator[tuple[str, etree._Element]]:
        """The parts that are printed: the text, its headers and its footers."""
        for name, tree in self.trees.items():
            if tree.tag in (f"{W}document", f"{W}hdr", f"{W}ftr", f"{W}footnotes", f"{W}endnotes", f"{W}comments"):
                yield name, tree

    @property
    def body(self) -> etree._Element:
        return self.trees[DOCUMENT][0]

    @classmethod
    def of(cls, parts: Mapping[str, bytes]) -> Word:
        return cls(packed(dict(parts)))

    def saved(self) -> bytes:
        return packed(self.parts)


def extension(part: str) -> str:
    return part.rpartition(".")[2].lower()


def text(element: etree._Element) -> str:
    """What is printed of an element, breaks and tabs as such; no instructions of fields."""
    pieces = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
    said = (e for run in element.iter(f"{W}r") for e in run)
    return "".join(e.text or "" if e.tag == f"{W}t" else pieces.get(str(e.tag), "") for e in said)
