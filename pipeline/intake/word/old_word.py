"""A document of Word 97 to 2003 comes in; the same document as .docx goes out, where LibreOffice is installed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import UnreadableFile
from pipeline.intake.part_xml import SAVE_AGAIN
from pipeline.intake.worker import LARGEST
from pipeline.libreoffice import convert

# Starting LibreOffice takes two seconds; a document that takes longer than this hangs it.
_SECONDS = 12.0
# The same in every document ([MS-DOC] 2.5.1 and 2.5.2): the mark that its main stream begins with, which lies at the
# beginning of a sector, and the flag that all of it is ciphered.
_OLE, _MAIN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xec\xa5"
_FLAGS, _CIPHERED, _SECTOR = 10, 0x0100, 512


@contextmanager
def readable(path: Path, name: str) -> Iterator[tuple[Path, str]]:
    """The file and its name as the readers can read it: as it is, or a .docx made of a document of Word 97 to 2003.

    Raises:
        UnreadableFile: LibreOffice is not here or cannot read the document; it is none, or closed by a password.
    """
    if not name.lower().endswith(".doc") or not _is_ole(path):
        yield path, name
        return
    _check(path.read_bytes())
    with tempfile.TemporaryDirectory(prefix="pipeline-") as folder:
        yield _converted(path, Path(folder)), f"{name}x"


def _is_ole(path: Path) -> bool:
    # Whatever is no file, or too large for any form, goes back by the worker that would read it.
    if not path.is_file() or path.stat().st_size > LARGEST:
        return False
    with path.open("rb") as file:
        return file.read(len(_OLE)) == _OLE


def _check(data: bytes) -> None:
    starts = (at for at in range(_SECTOR, len(data), _SECTOR) if data.startswith(_MAIN, at))
    flags = (int.from_bytes(data[at + _FLAGS : at + _FLAGS + 2], "little") for at in starts)
    if "Encrypt".encode("utf-16-le") in data or any(each & _CIPHERED for each in flags):
        raise UnreadableFile(
            "password",
            "The document is closed by a password or by rights management, so that it cannot be read.",
            "Open it in Word, take the password off (File, Info, Protect Document), save it as .docx and drop that.",
        )
    if "WordDocument".encode("utf-16-le") not in data:
        raise UnreadableFile(
            "wrong-type", "The name ends in .doc, but what is in the file is no Word document.", SAVE_AGAIN
        )


def _converted(document: Path, folder: Path) -> Path:
    source = folder / "form.doc"
    shutil.copyfile(document, source)  # LibreOffice writes a file of its own beside what it opens
    try:
        result = convert([source], "docx:MS Word 2007 XML", folder, _SECONDS) / "form.docx"
    except FileNotFoundError as e:
        raise _save_as_docx("This is a document of Word 97 to 2003.") from e
    except TimeoutError as e:
        raise _save_as_docx("This document of Word 97 to 2003 could not be read in time.") from e
    if not result.is_file():
        raise _save_as_docx("This document of Word 97 to 2003 could not be read.")
    return result


def _save_as_docx(what: str) -> UnreadableFile:
    return UnreadableFile("old-word", what, "Open it in Word, choose Save As, save it as .docx and drop that.")
