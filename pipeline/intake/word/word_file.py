"""The bytes of a Word file come in; its parts go out as XML trees, safely, or the reason why they cannot be read."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib

from lxml import etree

from pipeline.errors import UnreadableFile

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MAIN_TYPES = (b"wordprocessingml.document", b"wordprocessingml.template", b"ms-word.document", b"ms-word.template")
_LARGEST_PART = 50 * 1024 * 1024  # a form of ten pages inflates to one megabyte
# "Strict Open XML Document" differs for this reader in its namespaces alone.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
)  # fmt: skip
_DAMAGED = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, KeyError, ValueError, OverflowError,
    RuntimeError, NotImplementedError, OSError, etree.XMLSyntaxError,
)  # fmt: skip

_SAVE_AGAIN = "Open it in Word, save it as Word Document (.docx) under a new name and drop the saved copy."


class WordFile:
    """An opened Word file. Every method raises UnreadableFile where the file does not hold what it should."""

    def __init__(self, data: bytes, parts: zipfile.ZipFile | None = None) -> None:
        try:
            self._zip = parts or zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGED as e:
            raise _damaged() from e
        self._names = self._zip.namelist()
        types = self._read("[Content_Types].xml") if "[Content_Types].xml" in self._names else b""
        main = next(iter(self._related("", "officeDocument")), "word/document.xml")
        if main not in self._names or not any(kind in types for kind in _MAIN_TYPES):
            raise UnreadableFile("not-word", "This file is no Word document.", _SAVE_AGAIN)
        self._content = self._read(main)
        self.main = _parsed(self._content)
        self.macros = b"macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in self._names)
        self._main_name = main

    def may_have(self, *words: bytes) -> bool:
        """Whether the XML of the document has one of these words; False spares the reader a search for each run."""
        return b"\0" in self._content[:4] or any(word in self._content for word in words)

    def related(self, kind: str) -> etree._Element | None:
        """The part that the document names as its ``comments``, ``footnotes``, ``endnotes`` or ``styles``."""
        name = next(iter(self._related(self._main_name, kind)), None)
        return _parsed(self._read(name)) if name in self._names else None

    def _related(self, source: str, kind: str) -> list[str]:
        folder, file = posixpath.split(source)
        name = posixpath.join(folder, "_rels", f"{file}.rels")
        if name not in self._names:
            return []
        return [
            posixpath.normpath(posixpath.join(folder, link.get("Target", ""))).lstrip("/")
            for link in _parsed(self._read(name)).iter(_RELATIONSHIP)
            if link.get("Type", "").endswith(f"/{kind}") and link.get("TargetMode") != "External"
        ]

    def _read(self, name: str) -> bytes:
        """One part, never more of it than the limit: the size that the file states for it may be a lie."""
        if self._names.count(name) != 1:
            raise _damaged()
        info = self._zip.getinfo(name)
        if info.flag_bits & 0x1:
            raise UnreadableFile(
                "password",
                "The file is closed by a password, so that it cannot be read.",
                "Open it, take the password off (File, Info, Protect Document), save it and drop the saved copy.",
            )
        try:
            with self._zip.open(info) as part:
                content = part.read(_LARGEST_PART + 1)
        except _DAMAGED as e:
            raise _damaged() from e
        if len(content) > _LARGEST_PART:
            raise UnreadableFile(
                "too-large",
                "The file is far larger inside than any form.",
                "Take out pictures and pasted documents, or start from a blank form, and drop that.",
            )
        return content


def _parsed(content: bytes) -> etree._Element:
    for strict, usual in _STRICT:
        if strict in content:
            content = content.replace(strict, usual)
    # Depth (256), length of a text (10 MB) and entities are limited by libxml2 as long as huge_tree is False.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, collect_ids=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except _DAMAGED as e:
        raise _damaged() from e
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile(
            "unsafe", "The file holds a document type definition, which no Word form has.", _SAVE_AGAIN
        )
    return root


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        "damaged",
        "The file is damaged, so that it cannot be read.",
        "Open it in Word, which may offer to repair it; save it as Word Document (.docx) and drop the saved copy.",
    )
