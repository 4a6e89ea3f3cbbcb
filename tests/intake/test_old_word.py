"""Documents of Word 97 to 2003: read through LibreOffice where it is installed, else given back plainly."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import UnreadableFile
from pipeline.intake.readers import read_forms
from pipeline.intake.word import old_word
from pipeline.intake.word.old_word import readable
from pipeline.rules.form import WordForm
from tests.intake.test_referral import example, plain
from tests.matrix_forms import LAYOUTS
from tests.referral_forms import FORMS, ReferralDocument, fill, paragraphs

GOLDEN = sorted((FORMS / "referrals").glob("*.doc"))
OLD = FORMS / "referrals" / "word-97-glyph.doc"
NEEDS_LIBREOFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
NEEDS_POSIX = pytest.mark.skipif(os.name == "nt", reason="the converters of these tests are shell scripts")
LONGEST = 15.0  # seconds that a .doc may take altogether


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go; whatever a test leaves there is a finding."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def read(path: Path, name: str = "form.doc") -> WordForm:
    with readable(path, name) as (readable_path, readable_name):
        (form,) = read_forms(readable_path.read_bytes(), readable_name, LAYOUTS)
    assert isinstance(form, WordForm)
    return form


def refusal(path: Path, name: str = "form.doc") -> UnreadableFile:
    with pytest.raises(UnreadableFile) as e:
        read(path, name)
    return e.value


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program called soffice that does what ``script`` says."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@NEEDS_LIBREOFFICE
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_reads_each_generation_of_the_form_within_the_time(path: Path) -> None:
    said = json.loads(path.with_suffix(".json").read_text("utf-8"))
    want = example(said["as"])
    want["fields"] |= said.get("fields", {})
    began = time.monotonic()
    assert plain(read(path, "A FORM.DOC")) == want
    assert time.monotonic() - began < LONGEST


@pytest.mark.parametrize("name", ["form.docx", "form.DOCX", "form.doc.docx", "form"])
def test_whatever_is_called_otherwise_is_not_touched(name: str) -> None:
    with readable(OLD, name) as found:
        assert found == (OLD, name)


def test_without_libreoffice_it_goes_back_with_save_as_docx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    problem = refusal(OLD)
    assert problem.code == "old-word"
    assert "Word 97 to 2003" in problem.what and "save it as .docx" in problem.remedy


@NEEDS_POSIX
def test_a_converter_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_word, "_SECONDS", 1.0)
    # As soffice does it: a script, and behind it the program that hangs.
    stand_in(tmp_path, f"sleep 600 & echo $! > {tmp_path}/behind; wait", monkeypatch)
    began = time.monotonic()
    problem = refusal(OLD)
    assert time.monotonic() - began < 5
    assert (problem.code, "in time" in problem.what) == ("old-word", True)
    assert ".docx" in problem.remedy
    assert not is_running(int((tmp_path / "behind").read_text()))


def is_running(number: int) -> bool:
    for _ in range(100):
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True).stdout.strip()
        if not state or state.startswith("Z"):  # ended; perhaps nobody has asked how
            return False
        time.sleep(0.02)
    return True


def test_the_time_of_the_converter_leaves_some_for_the_reader() -> None:
    assert old_word._SECONDS <= LONGEST - 3


@NEEDS_POSIX
@pytest.mark.parametrize("script", ["exit 1", "exit 0", "echo nonsense >&2; kill -9 $$"])
def test_a_converter_that_fails_gives_the_form_back(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, script, monkeypatch)
    problem = refusal(OLD)
    assert (problem.code, "could not be read" in problem.what) == ("old-word", True)


@NEEDS_POSIX
def test_what_a_converter_makes_is_looked_at_like_any_dropped_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, 'mkdir "$7"; echo nonsense > "$7/form.docx"', monkeypatch)
    assert refusal(OLD).code == "wrong-type"


@NEEDS_LIBREOFFICE
def test_a_damaged_document_goes_back(tmp_path: Path) -> None:
    content = OLD.read_bytes()
    path = tmp_path / "cut.doc"
    path.write_bytes(content[: len(content) // 3])
    assert refusal(path).code in ("old-word", "wrong-type", "not-a-form")


def ciphered(content: bytes) -> bytes:
    at = next(at for at in range(512, len(content), 512) if content.startswith(b"\xec\xa5", at))
    return content[: at + 11] + bytes([content[at + 11] | 1]) + content[at + 12 :]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ((FORMS / "examples" / "matrix-legacy.xls").read_bytes(), "wrong-type"),
        (b"Dear panel, please ring me.", "wrong-type"),
        (b"{\\rtf1 Dear panel}", "wrong-type"),
        ((FORMS / "examples" / "referral-glyph.docx").read_bytes(), "wrong-type"),
        (b"", "empty"),
        (ciphered(OLD.read_bytes()), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
    ids=["xls", "txt", "rtf", "docx", "empty", "password", "password of a later Word"],
)
def test_whatever_else_is_called_doc_goes_back_plainly(
    content: bytes, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_word, "convert", lambda *_: pytest.fail("nothing here is for LibreOffice"))
    path = tmp_path / "form.doc"
    path.write_bytes(content)
    problem = refusal(path)
    assert (problem.code, bool(problem.what and problem.remedy)) == (code, True)


def test_a_folder_and_a_huge_file_are_left_to_the_worker(tmp_path: Path) -> None:
    huge = tmp_path / "huge.doc"
    with huge.open("wb") as file:
        file.write(OLD.read_bytes()[:8])
        file.truncate(old_word.LARGEST + 1)
    for path in (tmp_path, huge):
        with readable(path, "form.doc") as found:
            assert found == (path, "form.doc")


@NEEDS_LIBREOFFICE
def test_a_linked_picture_is_not_fetched(tmp_path: Path) -> None:
    fetched: list[str] = []

    class Elsewhere(http.server.BaseHTTPRequestHandler):
        def log_request(self, *_: object) -> None:
            fetched.append(self.path)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            convert(linking_to(f"http://127.0.0.1:{server.server_port}/picture.png"), tmp_path)
            assert fetched  # with LibreOffice as it is, so that this test can fail
            fetched.clear()
            assert read(tmp_path / "form.doc").fields["B. Young person/GP"].text == "Dr Example, Example Surgery"
            assert fetched == []
        finally:
            server.shutdown()


def linking_to(address: str) -> bytes:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    link = f'<Relationship Id="rIdFar" Type="{kind}" Target="{address}" TargetMode="External"/></Relationships>'
    links = document.parts["word/_rels/document.xml.rels"]
    document.parts["word/_rels/document.xml.rels"] = links.replace(b"</Relationships>", link.encode())
    pic = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    picture = (
        '<w:r><w:drawing><wp:inline><wp:extent cx="914400" cy="914400"/><wp:docPr id="1" name="p"/><a:graphic>'
        f'<a:graphicData uri="{pic}"><p:pic xmlns:p="{pic}"><p:nvPicPr><p:cNvPr id="1" name="p"/><p:cNvPicPr/>'
        '</p:nvPicPr><p:blipFill><a:blip r:link="rIdFar"/></p:blipFill><p:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="914400" cy="914400"/></a:xfrm><a:prstGeom prst="rect"/></p:spPr></p:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )
    fill(document.answer("Religion"), paragraphs(picture))
    return document.save()


def convert(content: bytes, folder: Path) -> None:
    (folder / "form.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "doc:MS Word 97", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "form.docx")], check=True, capture_output=True, timeout=120)
