"""The bytes of a dropped file come in; what kind of form they may hold, and its checked parts, go out."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Literal

from pipeline.errors import UnreadableFile
from pipeline.intake.part_xml import SAVE_AGAIN, check_characters, check_part, damaged, too_large, unsafe
from pipeline.intake.remembered import LONGEST, remembered

Kind = Literal["workbook", "word"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".ods", ".xltx", ".xltm"})
_WORD = frozenset({".docx", ".docm"})
_OLD_WORKBOOKS = frozenset({".xls"})
_OLD_WORD = frozenset({".doc", ".dot"})

# The type of the part that all the others hang on, of every kind of Word file and workbook.
_MAIN_TYPE = re.compile(
    rb"application/vnd\.(?:openxmlformats-officedocument\.|ms-)(word|spreadsheet|excel)[\w.]*\.main(?:\+xml)?\b",
    re.IGNORECASE,
)
# Parts that tell what the whole file is.
_TELLING = ("[Content_Types].xml", "META-INF/manifest.xml")

# Half of a Word file, which Word 2010 keeps for itself. No reader opens it; one that did has the limits of the worker.
_NEVER_READ = ("word/stylesWithEffects.xml",)

# The same in every copy of a form, and without an answer: what was found of one is known of all that are packed alike.
_OF_THE_BLANK = frozenset({
    "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/theme/theme1.xml",
    "word/styles.xml", "word/stylesWithEffects.xml", "word/fontTable.xml", "word/numbering.xml",
    "word/theme/theme1.xml",
})  # fmt: skip

# An honest form has some ten parts, and a hundred with every picture and comment.
_MOST_PARTS = 5_000
_MOST_BYTES = 200 * 2**20  # all parts, unpacked
# The highest honest ratio seen is 140:1; small parts of blanks reach more, and do no harm.
_HIGHEST_RATIO, _SMALL_PART = 200, 2**20
_MOST_KEPT = 2**24  # of the parts that are not unpacked again
_NOT_BY_ZIPFILE = 0x60  # patched or ciphered: it refuses them
# So much packed is at most 1,032 times as much unpacked, 16 MiB, whatever it says of itself.
_SLICE, _CHUNK = 2**14, 2**20

USE_THE_FORM = (
    "Complete the Excel assessment matrix or the Word case referral form and drop that. "
    "If this was meant for somebody else, please take it out of the returned folder."
)


class CheckedZip(zipfile.ZipFile):
    """A zip of which every part was unpacked and checked: the short ones of XML are not unpacked again."""

    checked: Mapping[str, bytes] = {}

    def open(
        self,
        name: str | zipfile.ZipInfo,
        mode: Literal["r", "w"] = "r",
        pwd: bytes | None = None,
        *,
        force_zip64: bool = False,
    ) -> IO[bytes]:
        part = self.getinfo(name) if isinstance(name, str) else name
        content = None if part.flag_bits & _NOT_BY_ZIPFILE else self.checked.get(part.orig_filename)
        return super().open(part, mode, pwd, force_zip64=force_zip64) if content is None else io.BytesIO(content)


@dataclass(frozen=True, slots=True)
class Container:
    """``parts``: None where the file is none of parts, as those of Office 97 to 2003."""

    kind: Kind
    parts: CheckedZip | None = None


def opened(data: bytes, name: str) -> Container:
    """Look at the whole container of the file called ``name``; afterwards a reader may open it.

    Raises:
        UnreadableFile: it is empty, not what its name says, closed by a password, damaged, or built to do harm.
    """
    ending = _ending(name)
    if not data[:8].strip(b"\0"):  # Windows sets space aside for a copy, then fills it
        raise UnreadableFile("empty", "The file is empty.", "Save the form again, then drop the saved copy.")
    if data.startswith(_OLE):
        return Container(_old_office(data, ending))
    if not data.startswith(_ZIP) or ending not in _WORKBOOKS | _WORD:
        raise _other_file(ending)
    kind: Kind = "word" if ending in _WORD else "workbook"
    try:
        parts = _check_zip(data, kind)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, struct.error) as e:
        raise damaged() from e
    _check_type(parts.namelist(), parts.checked, ending)
    return Container(kind, parts)


def _password() -> UnreadableFile:
    return UnreadableFile(
        "password",
        "The file is closed by a password or by rights management, so that it cannot be read.",
        "Open it, take the password off (File, Info, Protect), save it and drop the saved copy. The shared folder "
        "itself is protected.",
    )


# The name against what is in it


def _ending(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:].strip().lower() if dot > 0 else ""


def _other_file(ending: str) -> UnreadableFile:
    if ending in _WORKBOOKS | _WORD | _OLD_WORKBOOKS | _OLD_WORD:
        return UnreadableFile(
            "wrong-type",
            f"The name ends in {ending}, but what is in the file is something else, or it is damaged.",
            SAVE_AGAIN,
        )
    return UnreadableFile("wrong-type", "This is neither an Excel workbook nor a Word document.", USE_THE_FORM)


def _check_type(names: Iterable[str], telling: Mapping[str, bytes], ending: str) -> None:
    """What the file says of itself against its ending: macros must not come in under a name that denies them."""
    if ending == ".ods":
        if b"opendocument.spreadsheet" not in telling.get("META-INF/manifest.xml", b""):
            raise _other_file(ending)
        return
    types = telling.get("[Content_Types].xml", b"")
    mains = {found[0]: found[1] for found in _MAIN_TYPE.finditer(types)}
    if {kind.startswith(b"w") for kind in mains.values()} != {ending in _WORD}:
        raise _other_file(ending)
    macros = any(b"macroEnabled" in main for main in mains) or any(n.endswith("vbaProject.bin") for n in names)
    if ending in (".xlsx", ".docx", ".xltx") and (macros or b"ms-excel.macrosheet" in types):
        wanted = "Word Document (.docx)" if ending == ".docx" else "Excel Workbook (.xlsx)"
        raise UnreadableFile(
            "macros",
            f"The file holds macros, though its name ends in {ending}.",
            f"Open it, save it as {wanted}, which leaves the macros away, and drop the saved copy.",
        )


# The container of Office 97 to 2003, and of what is closed by a password


def _old_office(data: bytes, ending: str) -> Kind:
    if "Encrypt".encode("utf-16-le") in data or (ending in _OLD_WORKBOOKS and _has_password(data)):
        raise _password()
    if ending in _OLD_WORD:
        raise UnreadableFile(
            "old-word", "This is a document of Word 97 to 2003.", "Open it in Word, save it as .docx and drop that."
        )
    if ending not in _OLD_WORKBOOKS:
        raise _other_file(ending)
    return "workbook"


# The beginning-of-file record of a workbook, BIFF5 and BIFF8 ([MS-XLS] 2.4.21), perhaps a WriteProtect record, and the
# record that says that all the rest is ciphered ([MS-XLS] 2.4.117).
_FILEPASS = re.compile(rb"\x09\x08(?:\x08\x00.{8}|\x10\x00.{16})(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)


def _has_password(data: bytes) -> bool:
    # A stream begins with a sector; the short ones have sectors of 64 bytes.
    return any(found.start() % 64 == 0 for found in _FILEPASS.finditer(data))


# The zip


def _check_zip(data: bytes, kind: Kind) -> CheckedZip:
    """Unpack, count and check every part."""
    # zipfile believes the size of the directory: counted first, so that it cannot be millions.
    if data.count(b"PK\x01\x02") > _MOST_PARTS:
        raise unsafe()
    archive = CheckedZip(io.BytesIO(data))
    _check_names(archive.infolist())
    listed = sorted(archive.infolist(), key=lambda part: part.header_offset)
    if sum(part.file_size for part in listed) > _MOST_BYTES:
        raise too_large()
    if not listed or listed[0].header_offset:
        raise damaged()  # another file before it, for example the same one written twice over
    checked: dict[str, bytes] = {}
    room = _MOST_KEPT
    ends = [*(part.header_offset for part in listed[1:]), archive.start_dir]
    for part, following in zip(listed, ends, strict=True):
        packed, name = _packed(data, part, following), part.orig_filename
        is_xml = name.endswith((".xml", ".rels")) and name not in _NEVER_READ
        stated = part.compress_type, part.file_size, part.CRC, kind if is_xml else None
        # What is not packed is read as quickly as it is compared.
        if name in _OF_THE_BLANK and len(packed) < part.file_size <= LONGEST:
            content = _content_of_the_blank(bytes(packed), *stated)
        else:
            content = _content(packed, *stated)
        if (is_xml and len(content) <= min(room, _SMALL_PART)) or name in _TELLING:
            room -= len(content)
            checked[name] = content
    archive.checked = checked
    return archive


def _check_names(listed: list[zipfile.ZipInfo]) -> None:
    # Names differ in more than their case, whatever the file system: readers must agree which one counts.
    if len({part.orig_filename.casefold() for part in listed}) < len(listed):
        raise unsafe()
    for part in listed:
        name = part.orig_filename
        climbs = (
            name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or not name.isprintable()
        )
        if climbs or stat.S_ISLNK(part.external_attr >> 16):
            raise unsafe()
        if part.flag_bits & 0x1:
            raise _password()


def _packed(data: bytes, part: zipfile.ZipInfo, following: int) -> memoryview:
    """The part as it lies in the file, which must be where the directory says, before the next one."""
    start = part.header_offset
    head = data[start : start + 30]
    if len(head) < 30 or not head.startswith(_ZIP):
        raise damaged()
    name_length, extra_length = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
    begin = start + 30 + name_length + extra_length
    if begin + part.compress_size > following:
        raise unsafe()  # overlaps the next
    name = data[start + 30 : start + 30 + name_length]
    if name != part.orig_filename.encode("utf-8" if part.flag_bits & 0x800 else "cp437"):
        raise unsafe()  # called otherwise by those who do not read the directory
    return memoryview(data)[begin : begin + part.compress_size]


def _content(packed: bytes | memoryview, method: int, size: int, crc: int, read_as: Kind | None) -> bytes:
    """The content of a part, which must be as long as the directory says; ``read_as``: it is XML, read in that kind."""
    if method == zipfile.ZIP_STORED:
        content = bytes(packed)
    elif method == zipfile.ZIP_DEFLATED:
        content = _inflated(packed, size)
    else:
        raise unsafe()  # no Office program packs otherwise
    if len(content) != size or zlib.crc32(content) != crc:
        raise damaged()
    if read_as:
        check_part(content)
    if read_as == "workbook":
        check_characters(content)
    return content


_content_of_the_blank = remembered(_content)


def _inflated(packed: bytes | memoryview, stated: int) -> bytes:
    """Hardly more than was stated, which shows the lie; the ratio is looked at before all of it is there.

    A short part is unpacked in one go: that takes half the time, and most parts of a form are short.
    """
    if stated <= _SMALL_PART and len(packed) <= _SLICE:
        return zlib.decompress(packed, -15, max(stated, 1))
    inflate = zlib.decompressobj(-15)
    chunks: list[bytes] = []
    size = 0
    for at in range(0, len(packed), _SLICE):
        rest: bytes | memoryview = packed[at : at + _SLICE]
        while rest and size <= stated:
            chunks.append(inflate.decompress(rest, _CHUNK))
            rest = inflate.unconsumed_tail
            size += len(chunks[-1])
            if size > _SMALL_PART and size > _HIGHEST_RATIO * len(packed):
                raise too_large()
    if size <= stated:  # what is left in zlib itself, some bytes; otherwise it would go on to the end
        chunks.append(inflate.flush())
    return b"".join(chunks)
