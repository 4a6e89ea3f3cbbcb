"""The bytes of a workbook or Word file come in; its parts, to be changed one by one, go out, and the whole again."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib

from lxml import etree

from pipeline.errors import UnreadableFile
from pipeline.intake.excel.sheet_facts import MAX_BYTES, parse

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_CONTENT_TYPES = "[Content_Types].xml"
# Whatever zipfile, lxml and we ourselves say of a file that is not as it should be.
NOT_AS_EXPECTED = (
    UnreadableFile, zipfile.BadZipFile, zlib.error, etree.LxmlError, EOFError, KeyError, IndexError, ValueError,
    NotImplementedError, RuntimeError, OSError,
)  # fmt: skip
_ANY_DAY = (1980, 1, 1, 0, 0, 0)  # the same bytes again after a crash


class Parts:
    """The parts of an .xlsx, .xlsm, .docx or .docm file.

    Those that were never asked for with ``edit`` are written as they came, byte for byte.

    Every method raises one of NOT_AS_EXPECTED where the file is not; "Strict" files, whose relationships have other
    names, are among these.
    """

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            if sum(part.file_size for part in listed) > MAX_BYTES:
                raise ValueError("far larger than any form")
            if len({part.filename.casefold() for part in listed}) < len(listed):
                raise ValueError("two parts of one name")
            self._days = {part.filename: part.date_time for part in listed}
            self._content: dict[str, bytes] = {}
            for part in listed:
                with archive.open(part) as file:
                    # Never more than the size it states, which is counted above and may be a lie.
                    self._content[part.filename] = file.read(part.file_size)
        self._edited: dict[str, etree._Element] = {}

    @property
    def signed(self) -> bool:
        """Whether a signature holds for the file as it is, and for no copy that differs."""
        return any(name.startswith("_xmlsignatures/") for name in self._content)

    def beside(self, path: str, start: str) -> list[str]:
        """The parts in the folder of the one at ``path`` whose names begin with ``start``, without that one."""
        return [p for p in self._content if p != path and p.startswith(posixpath.join(posixpath.dirname(path), start))]

    def look(self, path: str) -> etree._Element:
        """The root of a part, only to be read."""
        if path in self._edited:
            return self._edited[path]
        # Excel closes no line break in the captions of tick boxes.
        return parse(
            re.sub(rb"<br\s*>", b"<br/>", self._content[path]) if path.endswith(".vml") else self._content[path]
        )

    def edit(self, path: str) -> etree._Element:
        """The root of a part; what is changed in it is written."""
        return self._edited.setdefault(path, self.look(path))

    def add(self, path: str, root: etree._Element, content_type: str) -> str:
        """Add a part under ``path``, where ``{}`` becomes the first free number; its path."""
        number = next(n for n in range(1, 10_000) if path.format(n) not in self._content)
        path = path.format(number)
        self._content[path], self._edited[path] = b"", root
        types = self.edit(_CONTENT_TYPES)
        if path.endswith(".vml"):
            # Excel looks for old drawings by their ending.
            if not any(default.get("Extension", "").lower() == "vml" for default in types):
                types.insert(0, types.makeelement(f"{_TYPES}Default", Extension="vml", ContentType=content_type))
        else:
            etree.SubElement(types, f"{_TYPES}Override", PartName=f"/{path}", ContentType=content_type)
        return path

    def related(self, path: str, kind: str) -> dict[str, str]:
        """Id → path of every part that the one at ``path`` (the file itself: "") names as its ``kind``."""
        listed = _listed(path)
        if listed not in self._content:
            return {}
        folder = "/" + posixpath.dirname(path)
        return {
            relation.get("Id", ""): posixpath.normpath(posixpath.join(folder, relation.get("Target", ""))).lstrip("/")
            for relation in self.look(listed).iter(f"{_RELATIONS}Relationship")
            if relation.get("Type") == f"{LINK}/{kind}" and relation.get("TargetMode") != "External"
        }

    def named(self, path: str, kind: str) -> str:
        """The path of the one part that the part at ``path`` names as its ``kind``; the first, where there are more."""
        for found in self.related(path, kind).values():
            return found
        raise KeyError(kind)

    def relate(self, path: str, kind: str, target: str) -> str:
        """Let the part at ``path`` name ``target`` as its ``kind``; the id of the relation."""
        listed = _listed(path)
        if listed not in self._content:
            self._content[listed] = b""
            self._edited[listed] = etree.fromstring(f'<Relationships xmlns="{_RELATIONS[1:-1]}"/>')
        relations = self.edit(listed)
        taken = {relation.get("Id") for relation in relations}
        free = next(name for n in range(1, 10_000) if (name := f"rId{n}") not in taken)
        etree.SubElement(relations, f"{_RELATIONS}Relationship", Id=free, Type=f"{LINK}/{kind}", Target=f"/{target}")
        return free

    def whole(self) -> bytes:
        """The file, with the parts in their order and the new ones last."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in self._content.items():
                part = zipfile.ZipInfo(path, self._days.get(path, _ANY_DAY))
                part.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(part, _written(self._edited[path]) if path in self._edited else content)
        return file.getvalue()


def child(parent: etree._Element, name: str, namespace: str = MAIN) -> etree._Element:
    """The one child of that name.

    Raises:
        KeyError: there is none.
    """
    found = parent.find(f"{namespace}{name}")
    if found is None:
        raise KeyError(name)
    return found


def _listed(path: str) -> str:
    folder, name = posixpath.split(path)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
