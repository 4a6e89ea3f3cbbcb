"""What befalls a case over time: its folder moved, the clock set back, a template away, an older register put back."""

from __future__ import annotations

import datetime as dt
import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.publish import Office
from tests.a_year import CASE, LAST_PANEL, PANEL
from tests.failure_modes.faulty_fs import FaultyFs
from tests.offices import EXAMPLES, TEMPLATES, ReadHere, close, drop, office, tree, work

NOVEMBER, APRIL = dt.datetime(2026, 11, 24, 18, 0), dt.datetime(2027, 4, 6, 18, 0)
FLAGGED = 11


class Case:
    """An office whose clock and templates can be changed, in which the panel has been asked to meet."""

    def __init__(self, folder: Path) -> None:
        self.now = NOVEMBER
        self.folder = folder
        shutil.copytree(TEMPLATES, folder / "templates")
        self.desk = self.open()
        work(drop(EXAMPLES / "referral-glyph.docx", self.desk), self.desk)
        self.panel = PANEL(self.desk)

    def open(self) -> Office:
        return office(self.folder, clock=lambda: self.now, templates=self.folder / "templates", workers=ReadHere())

    def drop(self, content: bytes, name: str = "record.docx") -> str:
        path = self.desk.settings.inbox / name
        path.write_bytes(content)
        [result] = work(path, self.desk)
        return result.outcome

    def letters(self, purpose: str) -> list[str]:
        return [path for path in tree(self.desk.settings.outbox) if f"/{purpose} letter - " in path]


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = Case(tmp_path)
    yield made
    close(made.desk)


def test_the_clock_set_back_between_flag_and_removal_loses_nobody(case: Case) -> None:
    case.now = APRIL + dt.timedelta(days=60)  # the flag's letters are dated after its removal
    assert case.drop(case.panel) == "accepted"
    record = LAST_PANEL(case.desk)
    case.now = APRIL
    assert case.drop(record) == "accepted"
    told, removed = (
        {letter.who for letter in case.desk.register.letters(CASE) if letter.purpose == purpose}
        for purpose in ("flag", "removal")
    )
    assert (len(told), removed) == (FLAGGED, told)


def test_a_folder_of_the_case_that_somebody_renamed_is_left_alone(case: Case) -> None:
    assert case.drop(case.panel) == "accepted"
    record, outbox = LAST_PANEL(case.desk), case.desk.settings.outbox
    (outbox / CASE).rename(outbox / "seen to")
    moved = tree(outbox / "seen to")
    case.now = APRIL
    assert case.drop(record) == "accepted"
    assert tree(outbox / "seen to") == moved
    assert len(case.letters("Removal")) == FLAGGED


@pytest.mark.parametrize("template", ["Flag letter.docx", "Acknowledgement slip.docx", "Contact report.docx"])
def test_one_template_that_is_away_holds_back_the_whole_pack(case: Case, template: str) -> None:
    away = case.folder / "templates" / template
    content = away.read_bytes()
    away.unlink()
    assert case.drop(case.panel) == "waiting"
    assert len([*(case.desk.settings.outbox / CASE).iterdir()]) == 1  # the referral's
    assert case.desk.register.limits(CASE)[0].kind == "panel"
    away.write_bytes(content)
    [result] = work(case.desk.settings.inbox / "record.docx", case.desk)
    assert (result.outcome, len(case.letters("Flag"))) == ("accepted", FLAGGED)


def test_the_address_book_that_excel_holds_holds_back_the_letters(case: Case) -> None:
    book = case.folder / "templates" / "agencies.xlsx"
    content = book.read_bytes()
    book.write_bytes(b"")  # Excel is writing it this very moment
    assert case.drop(case.panel) == "waiting"
    assert case.letters("Flag") == []
    book.write_bytes(content)
    [result] = work(case.desk.settings.inbox / "record.docx", case.desk)
    assert (result.outcome, len(case.letters("Flag"))) == ("accepted", FLAGGED)


def test_a_full_disk_under_the_locks_of_cases_holds_the_form_back(case: Case, fs: FaultyFs) -> None:
    fs.fail("open", errno.ENOSPC, lambda path: path.parent.name == "cases")
    assert case.drop(case.panel) == "waiting"
    assert (fs.failed, case.letters("Flag")) == (1, [])
    fs.heal()
    [result] = work(case.desk.settings.inbox / "record.docx", case.desk)
    assert (result.outcome, len(case.letters("Flag"))) == ("accepted", FLAGGED)


def test_a_register_older_than_the_outbox_drafts_again_beside_and_writes_over_nothing(case: Case) -> None:
    """As docs/operations.md tells whoever restores a backup."""
    register = case.desk.settings.records / "register.sqlite"
    close(case.desk)
    shutil.copyfile(register, case.folder / "backup.sqlite")
    case.desk = case.open()
    assert case.drop(case.panel) == "accepted"
    before = tree(case.desk.settings.outbox)
    close(case.desk)
    shutil.copyfile(case.folder / "backup.sqlite", register)
    case.desk = case.open()
    assert case.drop(case.panel) == "accepted"
    after = tree(case.desk.settings.outbox)
    assert {path: after[path] for path in before} == before
    again = {path.split("/")[1] for path in after.keys() - before.keys()}
    assert again == {"2026-11-24 Meeting record (2)"}
    first, second = (case.letters("Flag")[:FLAGGED], case.letters("Flag")[FLAGGED:])
    assert [after[path] for path in first] == [after[path] for path in second]  # the same letters, reference and all
