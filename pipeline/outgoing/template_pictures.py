"""The parts of a Word template come in; its pictures go out by their names, replaced, or lost."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from pipeline.errors import TemplateError
from pipeline.outgoing.archive import Entry, stored
from pipeline.outgoing.template_source import FILLED

EMBEDDED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"


class Pictures:
    """The pictures of the template ``file``."""

    def __init__(self, file: str, parts: Sequence[tuple[str, str, bytes]]) -> None:
        self._file = file
        self._png = {name for name, kind, _ in parts if kind == "image/png"}
        try:
            self._parts = _named(parts)
        except etree.XMLSyntaxError as e:
            raise TemplateError(f"{file}: is damaged ({e.msg}).") from e

    @property
    def names(self) -> frozenset[str]:
        """Their names and titles."""
        return frozenset(filter(None, self._parts))

    def replaced(self, pictures: Mapping[str, bytes]) -> dict[bytes, Entry]:
        """The name of each media part that changes, and what stands in its place; ``pictures``: name → PNG.

        Raises:
            TemplateError: a picture is no PNG of the template's own, or two of them are one and the same file in it.
        """
        given: dict[bytes, Entry] = {}
        for name, png in pictures.items():
            for part in self._parts.get(name, ()):
                if part not in self._png:
                    raise TemplateError(f"{self._file}: the picture “{name}” is not a PNG file inside the template.")
                if given.setdefault(part.encode(), new := stored(part, png)) != new:
                    raise TemplateError(
                        f"{self._file}: the picture “{name}” is the same file as another that is filled in. Insert "
                        "it from a file of its own."
                    )
        return given


def lost_pictures(file: str, parts: Sequence[tuple[str, str, bytes]]) -> Iterator[str]:
    """Pictures whose file is not in the template any more: Word shows a red cross for them."""
    content = {name: data for name, _, data in parts}
    for name in (name for name, kind, _ in parts if kind in FILLED):
        try:
            pictures, targets = _pictures(name, content)
        except etree.XMLSyntaxError:
            continue  # that it is damaged is said elsewhere
        for picture in pictures:
            called = next((said.get("name") for said in picture.iter("{*}cNvPr")), "") or "without a name"
            for embed in filter(None, (blip.get(EMBEDDED) for blip in picture.iter("{*}blip"))):
                if (target := targets.get(embed)) != "" and target not in content:
                    yield f"{file}: the file of the picture “{called}” is lost. Delete the picture and insert it again."


def _named(parts: Sequence[tuple[str, str, bytes]]) -> dict[str, set[str]]:
    """Name or title of a picture → the parts that hold it, as in docxtpl's replace_pic; "" for one that lies elsewhere.

    Its name stands in two places: Word shows the one of the frame, docxtpl goes by the one inside.
    """
    content = {name: data for name, _, data in parts}
    named: dict[str, set[str]] = {}
    for name in (name for name, kind, _ in parts if kind in FILLED):
        pictures, targets = _pictures(name, content)
        for picture in pictures:
            part = next((targets.get(blip.get(EMBEDDED, ""), "") for blip in picture.iter("{*}blip")), "")
            frames = (frame for around in picture.iterancestors() for frame in around.iterfind("{*}docPr"))
            for said in (*picture.iter("{*}cNvPr"), *frames):
                for called in (said.get("name"), said.get("title")):
                    named.setdefault(called or "", set()).add(part)
    return named


def _pictures(name: str, content: Mapping[str, bytes]) -> tuple[list[etree._Element], dict[str, str]]:
    """The pictures of one part; and which part each of its relations means, "" where it lies outside the template."""
    folder, _, file = name.rpartition("/")
    relations = etree.fromstring(content.get(f"{folder}/_rels/{file}.rels", b"<none/>"))
    targets = {
        r.get("Id", ""): ""
        if r.get("TargetMode") == "External"
        else posixpath.normpath(posixpath.join("/", folder, r.get("Target", ""))).strip("/")
        for r in relations
    }
    return list(etree.fromstring(content[name]).iter("{*}pic")), targets
