"""LibreOffice opens every kind of document, and neither its PDF nor its own copy loses a word; a lost one is named."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.documents.produced import KINDS, a_good, emptiest, fullest, given_back
from tests.documents.round_trip import convert, lost, paragraphs, printed
from tests.documents.word import DOCUMENT, Word
from tests.referral_forms import packed

needs_libreoffice = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")


def longest_and_shortest() -> Mapping[str, bytes]:
    """Of each kind the document with the most words and the one with the fewest."""
    files: dict[str, bytes] = {}
    for kind in KINDS:
        own = [p.content for p in (*fullest(), *emptiest(), *given_back()) if p.kind == kind]
        own.sort(key=lambda content: len(Word(content).parts[DOCUMENT]))
        files |= {f"{kind} longest": own[-1], f"{kind} shortest": own[0]}
    return files


@needs_libreoffice
@needs_poppler
def test_no_word_is_lost_in_the_pdf(tmp_path: Path) -> None:
    files = longest_and_shortest()
    made = convert(files, "pdf", tmp_path)
    told = {name: gone for name in files if (gone := lost(paragraphs(files[name]), printed(made[name])))}
    assert told == {}


@needs_libreoffice
def test_no_word_is_lost_when_libreoffice_saves_it(tmp_path: Path) -> None:
    files = longest_and_shortest()
    made = convert(files, "docx", tmp_path)
    told = {
        name: gone
        for name in files
        if (gone := lost(paragraphs(files[name]), "\n".join(paragraphs(made[name].read_bytes()))))
    }
    assert told == {}


@needs_libreoffice
@needs_poppler
def test_a_word_that_the_pdf_does_not_show_is_named(tmp_path: Path) -> None:
    parts = Word(a_good("Flag letter")).parts
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr>"
    page = re.sub("<w:r>(?=<w:t[^>]*>Yours sincerely)", hidden, parts[DOCUMENT].decode())
    planted = packed({**parts, DOCUMENT: page.encode()})
    [pdf] = convert({"planted": planted}, "pdf", tmp_path).values()
    assert lost(paragraphs(planted), printed(pdf)) == ["Yours sincerely"]


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("One two three. ☒ Four", []),
        ("One two\nthree. Four ☒", []),
        ("One two page 1 of 2 three. ☒ Four", []),
        ("One two. ☒ Four", ["One two three."]),
        ("One two three. Four", ["☒"]),
        ("One two three. ☒", ["☒ Four"]),
    ],
)
def test_what_is_lost_is_told_apart_from_what_is_set_otherwise(said: str, gone: list[str]) -> None:
    assert lost(["One two three.", "☒ Four"], said) == gone
