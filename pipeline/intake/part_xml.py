"""The bytes of an XML part come in; a part that Office writes passes, any other goes out as UnreadableFile."""

from __future__ import annotations

import re
from xml.parsers import expat

from pipeline.errors import UnreadableFile

# Up to here one look at the beginning is enough: what can be wrong with so little is found by the readers' own parsers,
# which stop at 256 levels and never fetch or expand anything.
_SMALL_PART = 2**20
_MOST_LEVELS = 256
_LONGEST_ATTRIBUTE = 2**20  # drawings have some of 100 KB
_MOST_ATTRIBUTES = 512
# An honest form has 3,000. lxml takes some 400 bytes for each: a third of what a worker may have.
_MOST_ELEMENTS = 500_000

_CHUNK = 2**16

# Up to the root element. A document type can stand nowhere else.
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s([^>]{0,200})\?>)?(?:\s+|<!--.*?-->|<\?.*?\?>)*<(?![!?])", re.DOTALL
)
_ENCODING = re.compile(rb"""\bencoding\s*=\s*["']([^"']*)["']""")
_REFERENCE = re.compile(rb"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));")
_CONTROLS = bytes(set(range(32)) - {9, 10, 13})

SAVE_AGAIN = "Open it in Excel or Word, save it there under a new name as .xlsx or .docx and drop the saved copy."


def check_part(content: bytes) -> None:
    """Look at one part before a reader takes it to pieces.

    Raises:
        UnreadableFile: it has a document type, another encoding than UTF-8 or UTF-16, or is deeper or larger than any
            form.
    """
    content = _as_utf_8(content)
    prolog = _PROLOG.match(content)
    if prolog is None:
        raise unsafe() if b"<!DOCTYPE" in content else damaged()
    encoding = _ENCODING.search(prolog[1] or b"")
    if encoding and encoding[1].lower() not in (b"utf-8", b"utf-16"):
        raise unsafe()
    if len(content) > _SMALL_PART:
        _check_tree(content)


def check_characters(content: bytes) -> None:
    """Look at the characters of a part. lxml does so by itself; calamine lets everything through.

    Raises:
        UnreadableFile: it holds characters that XML forbids, plainly or by their number, or that are no characters; or
            it is in UTF-16, which calamine reads as an empty sheet.
    """
    if _is_utf_16(content):
        raise unsafe()
    if len(content.translate(None, _CONTROLS)) != len(content):
        raise damaged()
    if not content.isascii():
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as e:
            raise damaged() from e
    if b"&#" in content:
        for hexadecimal, decimal in _REFERENCE.findall(content):
            if not _is_character(int(hexadecimal, 16) if hexadecimal else int(decimal)):
                raise damaged()


def damaged() -> UnreadableFile:
    return UnreadableFile("damaged", "The file is damaged or incomplete, so that it cannot be read.", SAVE_AGAIN)


def unsafe() -> UnreadableFile:
    return UnreadableFile(
        "unsafe", "The file is put together as no Office program does it, so it is not opened.", SAVE_AGAIN
    )


def too_large() -> UnreadableFile:
    return UnreadableFile(
        "too-large",
        "The file is far larger inside than any form.",
        "Take out pictures and whatever else was pasted in, or copy the answers into a blank form, and drop that.",
    )


def _is_utf_16(content: bytes) -> bool:
    return b"\0" in content[:4]


def _as_utf_8(content: bytes) -> bytes:
    """A part in UTF-16, which Office reads and never writes, as the other checks see it; any other as it is."""
    if not _is_utf_16(content):
        return content
    try:
        return content.decode("utf-16-be" if content[:1] in (b"\0", b"\xfe") else "utf-16-le").encode()
    except UnicodeDecodeError as e:
        raise damaged() from e


def _is_character(number: int) -> bool:
    """https://www.w3.org/TR/xml/#charsets"""
    return number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000


def _check_tree(content: bytes) -> None:
    """Count elements, levels and attributes without building anything."""
    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    levels = elements = 0

    def start(_name: str, attributes: list[str]) -> None:
        nonlocal levels, elements
        levels += 1
        elements += 1
        if levels > _MOST_LEVELS or len(attributes) > 2 * _MOST_ATTRIBUTES:
            raise unsafe()
        if elements > _MOST_ELEMENTS or any(len(value) > _LONGEST_ATTRIBUTE for value in attributes):
            raise too_large()

    def end(_name: str) -> None:
        nonlocal levels
        levels -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        for at in range(0, len(content), _CHUNK):
            parser.Parse(content[at : at + _CHUNK])
        parser.Parse(b"", True)
    except expat.ExpatError as e:
        raise damaged() from e
