"""A working folder of an earlier version goes on, says what it lacks, and is given that without losing any change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from docx import Document

from pipeline.cli import main
from tests.offices import EXAMPLES, TEMPLATES

# What the first version did not have.
LATER = ("Flag letter", "Removal letter", "Meeting record", "Contact report", "Acknowledgement slip")
LATER_FORMS = ("meeting-record", "contact-report", "acknowledgement")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder as the first version made it, with a template that was changed since."""
    assert main(["init", str(tmp_path)]) == 0
    for name in LATER:
        (tmp_path / "templates" / f"{name}.docx").unlink()
    for name in LATER_FORMS:
        (tmp_path / "templates" / "forms" / f"{name}.toml").unlink()
    letter = tmp_path / "templates" / "Notification letter.docx"
    word = Document(str(letter))
    word.add_paragraph("Our own words")
    word.save(str(letter))
    (tmp_path / "pipeline.toml").write_text("settle_seconds = 0.05\npatience_seconds = 5.0\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_init_adds_what_is_new_and_leaves_what_is_there(folder: Path) -> None:
    changed = (folder / "templates" / "Notification letter.docx").read_bytes()
    (folder / "inbox" / "form.xlsx").write_bytes(b"waiting")

    assert main(["init", str(folder)]) == 0

    for name in LATER:
        added = folder / "templates" / f"{name}.docx"
        assert added.read_bytes() == (TEMPLATES / added.name).read_bytes()
    assert sorted(p.name for p in (folder / "templates" / "forms").iterdir()) == sorted(
        p.name for p in (TEMPLATES / "forms").iterdir()
    )
    assert (folder / "templates" / "Notification letter.docx").read_bytes() == changed
    assert (folder / "pipeline.toml").read_text().startswith("settle_seconds = 0.05")
    assert (folder / "inbox" / "form.xlsx").read_bytes() == b"waiting"


def test_forms_that_need_nothing_new_go_on_and_the_others_say_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copyfile(EXAMPLES / "matrix-none.xlsx", folder / "inbox" / "none.xlsx")
    shutil.copyfile(EXAMPLES / "matrix-must.xlsx", folder / "inbox" / "must.xlsx")

    assert main(["run"]) == 0

    assert [p.name for p in folder.glob("outbox/*/*/*.docx")] == ["Assessment summary.docx"]
    assert (folder / "inbox" / "must.xlsx").exists()
    note = (folder / "outbox" / "TEMPLATES TO PUT RIGHT.txt").read_text("utf-8-sig")
    assert "- Meeting record.docx: is missing in templates. Run `pipeline init` on the working folder: it adds" in note
    for kind in LATER_FORMS:
        assert (
            f"no form layout has kind = {kind}: such a form is given back as unknown. Run `pipeline init`"
            in caplog.text
        )

    main(["init", str(folder)])
    assert main(["run"]) == 0
    [letter] = folder.glob("outbox/*/*/Notification letter - Carer.docx")
    assert Document(str(letter)).paragraphs[-1].text == "Our own words"
    assert not (folder / "outbox" / "TEMPLATES TO PUT RIGHT.txt").exists()
    capsys.readouterr()


def test_the_check_names_all_that_is_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["templates", "check"]) == 2

    said = capsys.readouterr().out
    for name in LATER:
        assert f"{name}.docx: is missing. Run `pipeline init`" in said
    for kind in LATER_FORMS:
        assert f'forms: there is no layout with kind = "{kind}". Run `pipeline init`' in said
    assert "note: Notification letter.docx: is not the one that came with this version" in said
