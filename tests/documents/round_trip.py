"""Word files come in; the text of what LibreOffice makes of them goes out, and which of their words are not in it."""

from __future__ import annotations

import subprocess
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.documents.word import W, Word, text


def convert(files: Mapping[str, bytes], to: str, folder: Path) -> dict[str, Path]:
    """Every file as ``pdf`` or ``docx``, by its name, in one start of LibreOffice."""
    given, made = folder / "given", folder / f"made {to}"
    given.mkdir(exist_ok=True)
    for name, content in files.items():
        (given / f"{name}.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(made)]
    subprocess.run([*command, *(str(given / f"{name}.docx") for name in files)], check=True, capture_output=True)
    return {name: made / f"{name}.{to}" for name in files}


def printed(pdf: Path) -> str:
    """The text of a PDF in the order in which it was written, cell by cell."""
    return subprocess.run(["pdftotext", "-raw", str(pdf), "-"], check=True, capture_output=True, text=True).stdout


def paragraphs(content: bytes) -> list[str]:
    """What a Word file prints, paragraph by paragraph, headers and footers too; numbers of pages left out."""
    return [text(p) for _, page in Word(content).pages for p in page.iter(f"{W}p") if p.find(f"{W}fldSimple") is None]


def lost(paragraphs: Sequence[str], said: str) -> list[str]:
    """The paragraphs that do not stand in ``said``, as a whole or, where a page ends within them, word by word.

    A box or a tick that the font lacks is printed in another, and pdftotext reads it apart from its line: those are
    counted.
    """
    there, words = squeezed(said), set(map(squeezed, said.split()))
    gone = [
        paragraph
        for paragraph in paragraphs
        if squeezed(paragraph) not in there and not {squeezed(word) for word in paragraph.split()} <= words
    ]
    return gone + sorted((signs("".join(paragraphs)) - signs(said)).elements())


def squeezed(said: str) -> str:
    """Without white space and signs; a ligature is its letters."""
    return "".join(c for c in unicodedata.normalize("NFKC", said) if not c.isspace() and not is_sign(c))


def signs(said: str) -> Counter[str]:
    return Counter(filter(is_sign, said))


def is_sign(character: str) -> bool:
    return unicodedata.category(character) == "So"
