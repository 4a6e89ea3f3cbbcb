"""`run --pdf` puts an accessible copy beside each document that is read; a pack never waits for LibreOffice."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.outgoing import pdf
from pipeline.publish import Office
from pipeline.register import Register
from pipeline.results import Result
from tests.documents.round_trip import lost, paragraphs, printed
from tests.offices import EXAMPLES, close, drop, office, tree, work

NEEDS_LIBREOFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
NEEDS_POPPLER = pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="poppler-utils is not installed")
NEEDS_POSIX = pytest.mark.skipif(os.name == "nt", reason="the stand-ins for LibreOffice are shell scripts")
# Completed in Word: a copy that nobody can write in serves nobody.
FORMS = ("Meeting record", "Contact report", "Acknowledgement slip")


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go; whatever a test leaves there is a finding: the documents are confidential."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert [p for p in folder.iterdir() if p.name.startswith("pipeline-")] == []


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    made = dataclasses.replace(office(tmp_path), pdf=True)
    yield made
    close(made)


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program called soffice that does what ``script`` says."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def without_copies(desk: Office) -> Result:
    """A pack that is published whole all the same, and says what it lacks."""
    [result] = work(drop(EXAMPLES / "matrix-must.xlsx", desk), desk)
    assert result.outcome == "accepted"
    assert set(tree(desk.settings.outbox)) == {d.path for d in result.documents}
    assert [p.severity for p in result.problems if p.code == "no-pdf"] == ["note"]
    return result


@NEEDS_LIBREOFFICE
@NEEDS_POPPLER
def test_each_document_that_is_read_has_a_tagged_copy_with_every_word(desk: Office) -> None:
    [result] = work(drop(EXAMPLES / "matrix-must.xlsx", desk), desk)
    written = tree(desk.settings.outbox)
    documents = [d.path for d in result.documents]
    read = [p for p in documents if not p.rpartition("/")[2].startswith(FORMS)]
    assert any("Notification letter" in p for p in read) and len(read) < len(documents)
    copies = {p.removesuffix(".docx") + ".pdf" for p in read}
    assert set(written) == {*documents, *copies}  # copies are no documents of their own
    assert [p for p in result.problems if p.code == "no-pdf"] == []
    for path in read:
        copy = desk.settings.outbox / (path.removesuffix(".docx") + ".pdf")
        content = copy.read_bytes()
        assert b"<pdfuaid:part>1</pdfuaid:part>" in content
        assert re.search(rb"/MarkInfo\s*<<\s*/Marked true", content)
        assert b"/Lang(en-GB)" in content
        told = subprocess.run(["pdfinfo", str(copy)], check=True, capture_output=True, text=True).stdout
        title = copy.stem.partition(" - ")[0]
        assert re.search(rf"^Title:\s+{title}$", told, re.M)
        assert re.search(r"^Tagged:\s+yes$", told, re.M)
        assert "Author:" not in told
        assert lost(paragraphs(written[path]), printed(copy)) == []


@NEEDS_LIBREOFFICE
def test_a_pack_that_was_published_before_a_crash_keeps_its_copies(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise OSError(5, "Input/output error")

    form = drop(EXAMPLES / "matrix-consider.xlsx", desk)
    with monkeypatch.context() as until_recorded:
        until_recorded.setattr(Register, "record", crash)
        assert [r.outcome for r in work(form, desk)] == ["waiting"]
    kept, gone = sorted(desk.settings.outbox.rglob("*.pdf"))
    content = kept.read_bytes()
    gone.unlink()
    assert [r.outcome for r in work(form, desk)] == ["accepted"]
    assert kept.read_bytes() == content
    assert gone.read_bytes().startswith(b"%PDF")


@NEEDS_POSIX
@pytest.mark.parametrize("script", ["exit 1", "exit 0", "kill -9 $$"])
def test_a_libreoffice_that_fails_holds_no_pack_up(
    script: str, desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, script, monkeypatch)
    without_copies(desk)


@NEEDS_POSIX
def test_a_libreoffice_that_hangs_is_ended(desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_TO_START", 1.0)
    monkeypatch.setattr(pdf, "_FOR_EACH", 0.0)
    stand_in(tmp_path, "sleep 600", monkeypatch)
    began = time.monotonic()
    [note] = [p for p in without_copies(desk).problems if p.code == "no-pdf"]
    assert "in time" in note.what
    assert time.monotonic() - began < 10


@NEEDS_POSIX
def test_a_libreoffice_too_old_for_accessible_copies_makes_none(
    desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It is called with: profile, --headless, --norestore, --convert-to, filter, --outdir, folder, documents.
    copy = 'mkdir "$7"; out="$7"; shift 7; for f; do echo %PDF-1.7 > "$out/$(basename "$f" .docx).pdf"; done'
    stand_in(tmp_path, copy, monkeypatch)
    [note] = [p for p in without_copies(desk).problems if p.code == "no-pdf"]
    assert "7.4" in note.what


def test_without_libreoffice_the_command_says_so_before_it_touches_anything(tmp_path: Path) -> None:
    for name in ("inbox", "outbox", "no programs"):
        (tmp_path / name).mkdir()
    shutil.copyfile(EXAMPLES / "matrix-must.xlsx", tmp_path / "inbox" / "form.xlsx")
    before = tree(tmp_path)
    run = [sys.executable, "-m", "pipeline", "run", "--pdf"]
    environment = {**os.environ, "PATH": str(tmp_path / "no programs")}
    told = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (2, "")
    assert "--pdf needs LibreOffice" in told.stderr
    assert tree(tmp_path) == before


@NEEDS_LIBREOFFICE
def test_the_command_makes_copies_only_where_they_are_asked_for(tmp_path: Path) -> None:
    for name in ("inbox", "outbox"):
        (tmp_path / name).mkdir()
    for form, options, copies in (("matrix-none.xlsx", [], 0), ("matrix-consider.xlsx", ["--pdf"], 2)):
        shutil.copyfile(EXAMPLES / form, tmp_path / "inbox" / form)
        run = [sys.executable, "-m", "pipeline", "run", *options]
        subprocess.run(run, cwd=tmp_path, capture_output=True, check=True)
        assert len(list((tmp_path / "outbox").rglob("*.pdf"))) == copies
