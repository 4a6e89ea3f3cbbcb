"""A Word template comes in; its parts go out, and of those that are filled the XML with its tags cleaned up."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from docxtpl import DocxTemplate
from lxml import etree

from pipeline.errors import TemplateError
from pipeline.outgoing.places import emptied, place

# The parts that are filled, by their content type: names will not do, Word on the web saves word/document2.xml.
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
FILLED = (
    MAIN,
    *(MAIN.replace("document.main", part) for part in ("header", "footer", "footnotes", "endnotes")),
    "application/vnd.openxmlformats-package.core-properties+xml",
)
# Formatted text, sub-documents and columns need more of docxtpl than its clean-up; for {% raw %} it has {_{ and {_%.
_UNSUPPORTED = re.compile(
    r"\{\{(r|p|tr|tc)\s.*?\}\}|\{%tc\s.*?%\}|\{%\s*(colspan|hm|raw|autoescape)\b.*?%\}", re.DOTALL
)


def take_apart(path: Path) -> list[tuple[str, str, bytes]]:
    """Name, content type and content of each part of the Word document ``path``."""
    try:
        with zipfile.ZipFile(path) as docx:
            types = etree.fromstring(docx.read("[Content_Types].xml"))
            kinds = {t.get("PartName") or t.get("Extension", "").lower(): t.get("ContentType", "") for t in types}
            parts = [
                (name, kinds.get(f"/{name}") or kinds.get(name.rpartition(".")[2].lower(), ""), docx.read(name))
                for name in docx.namelist()
            ]
    # RuntimeError is zipfile's word for encryption, KeyError for a missing part, SyntaxError the base of lxml's faults.
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, SyntaxError) as e:
        raise TemplateError(f"{path.name}: cannot be read: it is damaged, has a password, or is no .docx file.") from e
    if MAIN not in kinds.values():
        raise TemplateError(f"{path.name}: is not a Word document (.docx).")
    return parts


def source_of(file: str, name: str, kind: str, content: bytes) -> Source | None:
    """A part of the template ``file`` as it is filled; None where it is not.

    Raises:
        TemplateError: it is damaged, or has tags although it is not filled.
    """
    where = file if kind == MAIN else f"{file} ({PurePosixPath(name).stem})"
    if kind in FILLED:
        return Source(where, name, kind, content)
    if re.match(r"word/.*\.xml$", name) and re.search(rb"\{[{%]", content):
        raise TemplateError(f"{where}: tags are not filled here (in a comment, a chart); remove them.")
    return None


class Source:
    """One XML part of a template: its tags cleaned up by docxtpl, not yet compiled."""

    def __init__(self, where: str, name: str, kind: str, content: bytes) -> None:
        self.where, self.name, self.main = where, name, kind == MAIN
        try:
            # python-docx's way of reading: white space between elements is dropped.
            root = etree.fromstring(content, etree.XMLParser(remove_blank_text=True, resolve_entities=False))
        except etree.XMLSyntaxError as e:
            raise TemplateError(f"{where}: is damaged ({e.msg}).") from e
        self.xml = etree.tostring(root, encoding="unicode")
        docxtpl = DocxTemplate(name)  # opens nothing yet
        self.resolve_listing = docxtpl.resolve_listing
        # A line for each tag, broken inside it where it does not print: Jinja's line numbers then tell the tag.
        self.text = re.sub(r"\{[{%][-+]?", "\\g<0>\n", docxtpl.patch_xml(self.xml))

    def unsupported(self) -> Iterator[TemplateError]:
        seen: list[str] = []
        for tag in (found[0] for found in _UNSUPPORTED.finditer(re.sub("<[^>]*>", "", self.xml))):
            yield TemplateError(f"{self.where}{place(self.xml, tag, seen.count(tag))}: {tag} is not supported.")
            seen.append(tag)

    def without(self, words: str) -> Source:
        """The same with the paragraphs emptied that say ``words``; the others keep their numbers."""
        kind = MAIN if self.main else ""
        return Source(self.where, self.name, kind, etree.tostring(emptied(self.xml, words)))

    def error(self, what: str, line: int) -> TemplateError:
        """``what`` is wrong with the tag that begins in ``line``, counted from 1."""
        tags = _tags(self.text)
        tag = tags[line - 1]
        found = place(self.xml, tag, tags[: line - 1].count(tag)) if line > 1 else ""
        words = tag.strip("{}%-+ ") or tag
        return TemplateError(f'{self.where}{found}: "{words}": {what}{"" if what[-1] in ".?" else "."}')


def _tags(text: str) -> list[str]:
    """The tag that begins in each line; the first has none."""
    lines = [re.sub("<[^>]*>", "", line) for line in text.split("\n")]
    openings = [re.search(r"(\{[{%])[-+]?$", line) for line in lines]
    closings = [re.search(r"[%}]\}", line) for line in lines]
    return [
        (opening[1] if opening else "") + (line[: closing.end()] if closing else line).strip()
        for opening, line, closing in zip([None, *openings], lines, closings, strict=False)
    ]
