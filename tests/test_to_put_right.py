"""A broken template keeps back the packs that need it and no other, is said where administrators look, and heals."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from pipeline.health import ailments, last_said
from pipeline.publish import Office
from pipeline.to_put_right import NOTE, ToPutRight
from pipeline.watch import run
from tests.offices import EXAMPLES, TEMPLATES, drop, office
from tests.test_watch import PATIENCE, wait_for, watching


def break_letter(templates: Path) -> None:
    word = Document(str(templates / "Notification letter.docx"))
    word.add_paragraph("Why: {{ resaon }}")
    word.save(str(templates / "Notification letter.docx"))


def mend_letter(templates: Path) -> None:
    shutil.copyfile(TEMPLATES / "Notification letter.docx", templates / "Notification letter.docx")


def note(desk: Office) -> str:
    path = desk.settings.outbox / NOTE
    return path.read_text("utf-8-sig") if path.exists() else ""


def packs(desk: Office) -> list[str]:
    return sorted(p.name for p in desk.settings.outbox.glob("*/*/*.docx"))


FAULT = '("Why:"): "resaon": there is no name "resaon" here'


def test_the_watcher_goes_on_with_the_others_and_with_the_form_itself_once_the_template_is_mended(
    tmp_path: Path, templates: Path
) -> None:
    desk = office(tmp_path, templates=templates)
    break_letter(templates)
    with watching(desk):
        drop(EXAMPLES / "matrix-must.xlsx", desk)
        assert wait_for(lambda: note(desk), PATIENCE)
        drop(EXAMPLES / "matrix-none.xlsx", desk)
        assert wait_for(lambda: packs(desk) == ["Assessment summary.docx"], PATIENCE)  # of the other case alone
        assert (desk.settings.inbox / "matrix-must.xlsx").exists()
        [line] = [line for line in note(desk).splitlines() if line.startswith("- ")]
        assert line.startswith("- Notification letter.docx, paragraph ")
        assert FAULT in line
        assert wait_for(lambda: said(desk), PATIENCE)
        assert [FAULT in sentence for sentence in said(desk)] == [True]

        mend_letter(templates)
        assert wait_for(lambda: len(packs(desk)) > 1, PATIENCE)
        assert wait_for(lambda: not note(desk), PATIENCE)
        assert wait_for(lambda: not said(desk), PATIENCE)


def said(desk: Office) -> list[str]:
    status = last_said(desk.settings.records)
    return [sentence for sentence in ailments(status, status.at) if "administrator" in sentence] if status else []


def test_the_command_for_once_says_it_and_goes_on_when_it_is_started_again(desk: Office, templates: Path) -> None:
    break_letter(templates)
    drop(EXAMPLES / "matrix-must.xlsx", desk)

    [result] = run(desk)
    assert (result.outcome, [p.code for p in result.problems]) == ("waiting", ["to-put-right"])
    assert FAULT in result.problems[0].what
    assert FAULT in note(desk)
    assert packs(desk) == []

    mend_letter(templates)
    assert [result.outcome for result in run(desk)] == ["accepted"]
    assert note(desk) == ""


def test_a_fault_in_the_address_book_is_named_by_its_cell(desk: Office, templates: Path) -> None:
    book = load_workbook(templates / "agencies.xlsx")
    book["Agencies"]["G3"], book["Agencies"]["I4"] = "perhaps", "sometimes"
    book.save(templates / "agencies.xlsx")
    drop(EXAMPLES / "matrix-must.xlsx", desk)

    assert [result.outcome for result in run(desk)] == ["waiting"]

    assert [line for line in note(desk).splitlines() if line.startswith("- ")] == [
        "- agencies.xlsx: Agencies!G3: write y or n.",
        "- agencies.xlsx: Agencies!I4: write y or n.",
    ]


def test_a_form_that_was_taken_away_takes_its_fault_from_the_note(desk: Office, templates: Path) -> None:
    break_letter(templates)
    form = drop(EXAMPLES / "matrix-must.xlsx", desk)
    list(run(desk))
    assert note(desk)

    form.unlink()
    list(run(desk))

    assert note(desk) == ""


def test_programs_that_share_an_outbox_keep_to_their_own_lines(tmp_path: Path) -> None:
    one, other = ToPutRight(tmp_path), ToPutRight(tmp_path)
    one.tell([], waits=True)
    other.tell([], waits=True)

    one.tell(["Flag letter.docx: is missing."], waits=True)
    other.tell(["agencies.xlsx: Agencies!G3: write y or n."], waits=True)
    one.tell(["Flag letter.docx: is missing."], waits=True)
    assert lines(tmp_path) == ["- Flag letter.docx: is missing.", "- agencies.xlsx: Agencies!G3: write y or n."]

    one.tell([], waits=True)
    assert lines(tmp_path) == ["- agencies.xlsx: Agencies!G3: write y or n."]
    other.tell([], waits=True)
    assert not (tmp_path / NOTE).exists()


def test_what_a_program_that_died_has_left_goes_when_nothing_waits(tmp_path: Path) -> None:
    alive = ToPutRight(tmp_path)
    alive.tell([], waits=True)
    ToPutRight(tmp_path).tell(["Flag letter.docx: is missing."], waits=True)

    alive.tell([], waits=True)
    assert lines(tmp_path)
    alive.tell([], waits=False)
    assert not (tmp_path / NOTE).exists()


def test_a_program_begins_without_what_an_earlier_one_left(tmp_path: Path) -> None:
    ToPutRight(tmp_path).tell(["Flag letter.docx: is missing."], waits=True)

    ToPutRight(tmp_path).tell([], waits=True)

    assert not (tmp_path / NOTE).exists()


def lines(outbox: Path) -> list[str]:
    return [line for line in (outbox / NOTE).read_text("utf-8-sig").splitlines() if line.startswith("- ")]


def test_where_it_cannot_be_written_the_program_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / NOTE).mkdir()

    ToPutRight(tmp_path).tell(["Flag letter.docx: is missing."], waits=True)

    assert "cannot be written" in caplog.text
