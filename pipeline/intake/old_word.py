"""A document of Word 97 to 2003 comes in; the same document as .docx goes out, where LibreOffice is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import UnreadableFile

# Starting LibreOffice takes seconds; a document that takes longer than this hangs it.
_SECONDS = 12.0
_MACHINE = "soffice.com" if os.name == "nt" else "soffice"


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@contextmanager
def readable(path: Path, name: str) -> Iterator[tuple[Path, str]]:
    """The file and its name as the readers can read it: as it is, or a .docx made of a document of Word 97 to 2003."""
    if not name.lower().endswith(".doc") or not _is_ole(path):
        yield path, name
        return
    with tempfile.TemporaryDirectory(prefix="pipeline-") as folder:
        converted = Path(folder) / "form.docx"
        converted.write_bytes(to_docx(path.read_bytes()))
        yield converted, f"{name}x"


def _is_ole(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_OLE)) == _OLE


def to_docx(data: bytes) -> bytes:
    """Convert with a profile of its own, in which nothing is trusted: no macro runs and no link is followed.

    Raises:
        UnreadableFile: LibreOffice is not here, or cannot read the document.
    """
    machine = shutil.which(_MACHINE)
    if machine is None:
        raise _save_as_docx("This is a document of Word 97 to 2003.")
    with tempfile.TemporaryDirectory(prefix="pipeline-") as folder:
        source, result = Path(folder) / "form.doc", Path(folder) / "out" / "form.docx"
        source.write_bytes(data)
        command = [
            machine,
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(result.parent),
            str(source),
        ]
        try:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                check=False,
            )
            return result.read_bytes()
        except (subprocess.TimeoutExpired, FileNotFoundError) as e:
            raise _save_as_docx("This document of Word 97 to 2003 could not be read.") from e


def _save_as_docx(what: str) -> UnreadableFile:
    return UnreadableFile("old-word", what, "Open it in Word, choose Save As, save it as .docx and drop that.")
