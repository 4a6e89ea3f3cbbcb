"""Templates, scale or address book change; what would read otherwise is written again, and nothing else."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

import docx
import openpyxl
import pytest

from pipeline.audit import faults
from pipeline.drafting import content_of
from pipeline.intake.layouts import load_layouts
from pipeline.outgoing import archive
from pipeline.outgoing.documents import Document
from pipeline.outgoing.templates import Templates
from pipeline.process import hold_cases
from pipeline.publish import Office
from pipeline.rebuild import Rebuilt, alike, draft_again, goes_elsewhere, is_open, rebuild_case
from pipeline.rebuild_all import Place, rebuild_all
from pipeline.register import Register
from pipeline.rules.case import Assessment, Letter
from tests.a_year import CASE as YEARS_CASE
from tests.a_year import YEAR
from tests.offices import EXAMPLES, NOON, TEMPLATES, ReadHere, close, drop, office, tree, work
from tests.test_a_year import Year
from tests.test_cli import pipeline
from tests.test_crashes import KILLED, Killer
from tests.test_process import text_of

CASE, OTHER = "CF104233", "CF104236"  # of matrix-must.xlsx and matrix-unanswered-but-certain.xlsx
PACK = f"{CASE}/2026-10-30 Assessment matrix"
TOMORROW = NOON + dt.timedelta(days=1)
ASIDE = "Superseded on 2026-11-22"
ADDED = "Bring this letter with you."


@pytest.fixture(scope="module")
def worked_off(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders in which two cases have their packs, with templates of their own; to be copied."""
    folder = tmp_path_factory.mktemp("worked off")
    shutil.copytree(TEMPLATES, folder / "templates")
    made = office(folder, templates=folder / "templates", workers=ReadHere())
    for form in ("matrix-must.xlsx", "matrix-unanswered-but-certain.xlsx"):
        work(drop(EXAMPLES / form, made), made)
    close(made)
    return folder


@pytest.fixture
def desk(tmp_path: Path, worked_off: Path) -> Iterator[Office]:
    shutil.copytree(worked_off, tmp_path, dirs_exist_ok=True)
    made = office(tmp_path, templates=tmp_path / "templates", workers=ReadHere())
    yield made
    close(made)


def add(template: Path, words: str = ADDED) -> None:
    """An administrator adds a paragraph to a template."""
    document = docx.Document(str(template))
    document.add_paragraph(words)
    document.save(str(template))


def again(desk: Office, ref: str = CASE, now: dt.datetime = TOMORROW) -> Rebuilt:
    return rebuild_case(ref, desk, desk.register, now)


def outbox(desk: Office) -> dict[str, bytes]:
    return tree(desk.settings.outbox)


def test_nothing_changed_and_nothing_is_written(desk: Office) -> None:
    before, audit = outbox(desk), list(desk.register.audit())
    assert again(desk) == Rebuilt(CASE, written=0, unchanged=len([p for p in before if p.startswith(PACK)]))
    assert (outbox(desk), list(desk.register.audit())) == (before, audit)


def test_a_document_that_is_only_deflated_otherwise_is_not_written_again(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, plan = outbox(desk), desk.settings.outbox / PACK / "Action plan.docx"
    monkeypatch.setattr(archive, "_QUICKLY", 0)  # as another release of ISA-L, or another machine, may do it
    assert any(content_of(d, desk.templates) != plan.read_bytes() for d in drafted(desk) if d.file_name == plan.name)
    done = again(desk)
    assert (done.written, done.unchanged, done.said) == (0, len(drafted(desk)), ())
    assert outbox(desk) == before
    add(desk.templates.folder / "Action plan.docx")
    assert again(desk).written == 1


def drafted(desk: Office) -> Sequence[Document]:
    """The documents of the one pack of the case, as they are drafted now."""
    [pack] = desk.register.packs(CASE)
    scored = {(form.sha256, form.sheet): form.believed for form in pack.arrived if form.believed}
    return draft_again(pack, scored, desk)


def test_the_documents_of_a_changed_template_are_written_again_and_the_old_ones_kept(desk: Office) -> None:
    before = outbox(desk)
    letters = {path for path in before if path.startswith(f"{PACK}/Notification letter - ")}
    assert len(letters) == 10
    add(desk.templates.folder / "Notification letter.docx")
    assert again(desk) == Rebuilt(CASE, written=10, unchanged=len(before_of(before, CASE)) - 10)
    after = outbox(desk)
    kept = {f"{PACK}/{ASIDE}/{path.rpartition('/')[2]}": before[path] for path in letters}
    assert after == before | kept | {path: after[path] for path in letters}
    for path in letters:
        assert ADDED in text_of(desk.settings.outbox / path)
        assert "21 November 2026" in text_of(desk.settings.outbox / path)
    assert not [*desk.settings.outbox.rglob("*.part")]


def before_of(files: dict[str, bytes], ref: str) -> list[str]:
    return [path for path in files if path.startswith(f"{ref}/")]


def test_what_was_written_again_is_audited_and_doing_it_again_changes_nothing(desk: Office) -> None:
    add(desk.templates.folder / "Action plan.docx")
    letters = desk.register.letters(CASE)
    again(desk)
    lines = list(desk.register.audit())
    plan = f"{PACK}/Action plan.docx"
    digest = hashlib.sha256((desk.settings.outbox / plan).read_bytes()).hexdigest()
    assert (lines[-1].what, lines[-1].case) == ("rebuilt", CASE)
    assert lines[-1].details == f'{{"documents": {{"{plan}": "{digest}"}}}}'
    assert faults(lines) == []
    assert desk.register.letters(CASE) == letters
    after = outbox(desk)
    assert again(desk).written == 0
    assert (outbox(desk), list(desk.register.audit())) == (after, lines)


def test_a_second_change_of_the_day_keeps_what_was_superseded_first(desk: Office) -> None:
    first = (desk.settings.outbox / PACK / "Action plan.docx").read_bytes()
    add(desk.templates.folder / "Action plan.docx", "Once.")
    again(desk)
    second = (desk.settings.outbox / PACK / "Action plan.docx").read_bytes()
    add(desk.templates.folder / "Action plan.docx", "Twice.")
    again(desk)
    assert (desk.settings.outbox / PACK / ASIDE / "Action plan.docx").read_bytes() == first
    assert (desk.settings.outbox / PACK / f"{ASIDE} (2)" / "Action plan.docx").read_bytes() == second
    assert "Twice." in text_of(desk.settings.outbox / PACK / "Action plan.docx")


def test_a_document_that_somebody_has_changed_open_or_taken_away_is_kept_and_named(desk: Office) -> None:
    folder = desk.settings.outbox / PACK
    add(folder / "Action plan.docx", "Agreed on the telephone.")
    letters = sorted(folder.glob("Notification letter - *"))
    letters[0].unlink()
    (folder / f"~${letters[1].name[2:]}").write_bytes(b"\x05Admin")
    edited, opened = (folder / "Action plan.docx").read_bytes(), letters[1].read_bytes()
    for template in ("Action plan.docx", "Notification letter.docx"):
        add(desk.templates.folder / template)
    rebuilt = again(desk)
    assert (rebuilt.written, rebuilt.failed) == (8, False)
    assert sorted(rebuilt.said) == sorted(
        (
            f"{PACK}/Action plan.docx was changed by somebody and stays as it is.",
            f"{PACK}/{letters[0].name} is not there any more: whoever took it has it as it was.",
            f"{PACK}/{letters[1].name} is open in Word. Close it, then run the same command again.",
        )
    )
    assert (folder / "Action plan.docx").read_bytes() == edited
    assert letters[1].read_bytes() == opened
    assert not letters[0].exists()


def test_word_has_it_open_also_where_a_share_writes_the_name_otherwise() -> None:
    there = {alike(name) for name in ("~$tter - E\u0301cole.docx", "~$Flag.docx")}
    assert is_open("Letter - \u00c9cole.docx", there)
    assert is_open("FLAG.docx", there)
    assert not is_open("Other.docx", there)


def test_a_pdf_copy_goes_aside_with_what_it_is_a_copy_of(desk: Office) -> None:
    folder = desk.settings.outbox / PACK
    for name in ("Action plan.pdf", "Assessment summary.pdf"):
        (folder / name).write_bytes(b"%PDF")
    add(desk.templates.folder / "Action plan.docx")
    assert again(desk).said == (
        f"{PACK}: PDF copies of what was written again were put aside. Save new ones from Word.",
    )
    assert sorted(path.name for path in (folder / ASIDE).iterdir()) == ["Action plan.docx", "Action plan.pdf"]
    assert not (folder / "Action plan.pdf").exists()
    assert (folder / "Assessment summary.pdf").exists()


def test_a_letter_that_was_acknowledged_or_whose_day_has_passed_is_not_written_again(desk: Office) -> None:
    add(desk.templates.folder / "Notification letter.docx")
    done = desk.register.letters(CASE)[0]
    desk.register.acknowledge(done.reference, NOON.date(), NOON)
    assert done.reply_by == dt.date(2026, 11, 26)
    assert again(desk, now=dt.datetime(2026, 11, 27, 9)).written == 0
    assert again(desk, now=dt.datetime(2026, 11, 26, 9)).written == 9


def test_a_new_address_goes_into_the_letter_and_the_register(desk: Office) -> None:
    before = desk.register.letters(CASE)
    [moved] = [letter for letter in before if letter.address[:1] == ("5 Sample Street",)]
    book = openpyxl.load_workbook(desk.templates.folder / "agencies.xlsx")
    assert book["Agencies"]["D7"].value.startswith("5 Sample Street")
    book["Agencies"]["D7"] = "77 Moved Road\nExampleton\nZZ7 7ZZ"
    book.save(desk.templates.folder / "agencies.xlsx")
    assert (again(desk).written, again(desk).written) == (1, 0)
    now = dataclasses.replace(moved, address=("77 Moved Road", "Exampleton", "ZZ7 7ZZ"))
    assert desk.register.letters(CASE) == tuple(now if letter == moved else letter for letter in before)
    [changed] = (desk.settings.outbox / PACK / ASIDE).iterdir()
    assert "77 Moved Road" in text_of(desk.settings.outbox / PACK / changed.name)


def test_an_agency_new_in_the_address_book_gets_no_letter_and_nobody_elses_reference(desk: Office) -> None:
    book = desk.templates.folder / "agencies.xlsx"
    sheet = openpyxl.load_workbook(book)
    agencies = sheet["Agencies"]
    headings = [str(cell.value) for cell in agencies[1]]
    agencies.insert_rows(2)
    for n, heading in enumerate(headings, start=1):
        agencies.cell(2, n).value = {"Agency": "New Agency", "Role": "Manager"}.get(heading)
        if heading.startswith("Core group"):
            agencies.cell(2, n).value = "y"
    sheet.save(book)
    add(desk.templates.folder / "Notification letter.docx")
    before = {path.name: reference_in(path) for path in (desk.settings.outbox / PACK).glob("Notification*")}
    rebuilt = again(desk)
    assert rebuilt.written >= 10
    assert {path.name: reference_in(path) for path in (desk.settings.outbox / PACK).glob("Notification*")} == before
    [said] = [sentence for sentence in rebuilt.said if "New Agency" in sentence]
    assert said.endswith("would be written today, and was not: write it by hand if it is needed.")


def reference_in(letter: Path) -> str:
    return next(word for word in text_of(letter).split() if word.startswith(f"{CASE}-"))


def rescale(desk: Office, change: Callable[[str], str]) -> Office:
    """The same office after an administrator has changed the matrix's layout."""
    path = desk.templates.folder / "forms" / "matrix.toml"
    text = path.read_text("utf-8")
    assert change(text) != text
    path.write_text(change(text), "utf-8")
    return dataclasses.replace(desk, layouts=load_layouts(desk.templates.folder / "forms"))


def test_a_changed_scale_is_counted_again_from_what_the_form_said(desk: Office) -> None:
    changed = rescale(desk, lambda text: text.replace("value = 3", "value = 4"))
    rebuilt = again(changed)
    assert (rebuilt.failed, rebuilt.said) == (False, ())
    [form] = desk.register.case(CASE, besides="")
    assert isinstance(form, Assessment)
    # 51, and one more for each of the marks that counted 3: 6 under "frequently", 9 under "currently".
    assert str(form.score.total) == "66"
    assert "66" in text_of(desk.settings.outbox / PACK / "Assessment summary.docx")
    what = [line.what for line in desk.register.audit()][-2:]
    assert what == ["rescored", "rebuilt"]
    assert again(changed).written == 0


def test_a_scale_that_would_say_another_band_changes_nothing_and_is_said(desk: Office) -> None:
    before, held = outbox(desk), desk.register.case(CASE, besides="")
    rebuilt = again(rescale(desk, lambda text: text.replace("at_least = 36", "at_least = 60")))
    assert rebuilt.said == (
        "The assessment of 30/10/2026 (" + desk.register.packs(CASE)[0].sha256[:8] + ") would say “consider” by the "
        "scale as it is now; its documents say “must”. Nothing was written again: decide in supervision what follows, "
        "and ask for a new assessment.",
    )
    assert (outbox(desk), desk.register.case(CASE, besides="")) == (before, held)


def test_a_layout_with_other_questions_is_no_change_of_scale(desk: Office) -> None:
    before = outbox(desk)
    rebuilt = again(rescale(desk, lambda text: text.replace('"Drug Misuse"', '"Use of drugs"')))
    assert "was made by a form with other questions than its layout has now" in rebuilt.said[0]
    assert outbox(desk) == before


def test_a_broken_template_is_named_with_its_cases_and_the_others_go_on(desk: Office) -> None:
    (desk.templates.folder / "Core-group report.docx").write_bytes(b"not a Word document")
    add(desk.templates.folder / "Assessment summary.docx")
    before = outbox(desk)
    refused = again(desk)
    assert (refused.written, refused.failed) == (0, True)
    assert "Core-group report.docx" in refused.said[0]
    assert outbox(desk) == before
    work(drop(EXAMPLES / "matrix-none.xlsx", desk), desk)
    none = next(ref for page in desk.register.cases_with_packs() for ref in page if ref not in (CASE, OTHER))
    add(desk.templates.folder / "Assessment summary.docx")
    assert again(desk, none) == Rebuilt(none, written=1)


def test_it_waits_for_a_form_that_is_being_worked_on(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.rebuild._PATIENCE", 0.1)
    add(desk.templates.folder / "Action plan.docx")
    with hold_cases([CASE], desk.settings.records):
        held = again(desk)
    assert (held.failed, held.written) == (True, 0)
    assert again(desk).written == 1


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    now = [dt.datetime(2026, 11, 4, 12)]
    templates = tmp_path_factory.mktemp("templates") / "templates"
    shutil.copytree(TEMPLATES, templates)
    made = Year(office(tmp_path_factory.mktemp("year"), clock=lambda: now[0], templates=templates), now)
    made.live_until(YEAR[-1].name)
    yield made
    close(made.desk)


def test_every_pack_of_a_year_is_drafted_again_as_it_was_whatever_came_since(year: Year) -> None:
    """Slips, contact reports and acknowledgements that came later are not in what was written before."""
    register = year.desk.register
    for letter in register.letters(YEARS_CASE):
        register.acknowledge(letter.reference, letter.drafted, dt.datetime(2027, 5, 1, 9))
    packs = register.packs(YEARS_CASE)
    assert len(packs) > 5
    for pack in packs:
        scored = {(f.sha256, f.sheet): f.believed for f in (*pack.before, *pack.arrived) if f.believed}
        drafted = draft_again(pack, scored, year.desk)
        hashes = {
            f"{pack.folder}/{d.file_name}": hashlib.sha256(content_of(d, year.desk.templates)).hexdigest()
            for d in drafted
        }
        assert hashes == pack.published
    assert rebuild_case(YEARS_CASE, year.desk, register, dt.datetime(2027, 5, 2)).written == 0


def test_of_a_year_the_newest_of_each_document_is_written_again(year: Year) -> None:
    add(year.desk.templates.folder / "Action plan.docx")
    rebuilt = rebuild_case(YEARS_CASE, year.desk, year.desk.register, dt.datetime(2027, 5, 2))
    assert (rebuilt.written, rebuilt.said) == (1, ())
    plans = sorted(path for path in outbox(year.desk) if path.endswith("/Action plan.docx"))
    newest = [path for path in plans if ADDED in text_of(year.desk.settings.outbox / path)]
    assert len(newest) == 1
    last = [p for p in year.desk.register.packs(YEARS_CASE) if f"{p.folder}/Action plan.docx" in p.published][-1]
    assert newest == [f"{last.folder}/Action plan.docx"]


def command(folder: Path, *arguments: str) -> list[str]:
    return ["rebuild", *arguments, *(f"--{name}={folder / name}" for name in ("outbox", "records", "templates"))]


def test_the_command_rebuilds_all_cases_or_one(desk: Office, tmp_path: Path) -> None:
    add(desk.templates.folder / "Assessment summary.docx")
    one = pipeline(*command(tmp_path, "--case", OTHER.lower()), cwd=tmp_path)
    assert (one.returncode, one.stderr) == (0, "")
    assert one.stdout.startswith("cases: 1; documents written again: ")
    rest = pipeline(*command(tmp_path), cwd=tmp_path)
    assert (rest.returncode, rest.stderr) == (0, "")
    assert rest.stdout.startswith("cases: 2; documents written again: ")
    for ref in (CASE, OTHER):
        [summary] = (desk.settings.outbox / ref).glob("*/Assessment summary.docx")
        assert ADDED in text_of(summary)
    assert pipeline(*command(tmp_path, "--case", "CF1"), cwd=tmp_path).returncode == 2
    (desk.templates.folder / "Assessment summary.docx").write_bytes(b"")
    assert pipeline(*command(tmp_path), cwd=tmp_path).returncode == 1


def test_on_a_screen_a_bar_tells_how_far_it_is_and_how_fast(desk: Office, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="needs a system with pseudo-terminals")
    here, screen = pty.openpty()
    arguments = [sys.executable, "-m", "pipeline", *command(tmp_path, "--case", OTHER)]
    terminal = {**os.environ, "TERM": "xterm"}
    program = subprocess.Popen(arguments, cwd=tmp_path, env=terminal, stdout=subprocess.PIPE, stderr=screen)
    os.close(screen)
    bar = b""
    with suppress(OSError):  # Linux says so where nobody writes any more
        while said := os.read(here, 4096):
            bar += said
    os.close(here)
    told, _ = program.communicate()
    assert program.returncode == 0
    assert b"1/1" in bar and b"cases/s" in bar
    assert b"cases/s" not in told


@pytest.mark.parametrize("processes", [1, 2])
def test_several_processes_leave_what_one_does(desk: Office, tmp_path: Path, processes: int) -> None:
    add(desk.templates.folder / "Assessment summary.docx")
    settings = desk.settings.with_folders({"templates": desk.templates.folder})
    place = Place(settings, desk.templates.folder)
    found = list(rebuild_all(desk.register.cases_with_packs(1), place, TOMORROW, processes))
    assert sorted(r.ref for r in found) == [CASE, OTHER]
    assert not any(r.failed or r.said for r in found)
    after = outbox(desk)
    for ref in (CASE, OTHER):
        assert again(desk, ref).written == 0
    assert outbox(desk) == after
    assert faults(desk.register.audit()) == []


def test_closed_midway_it_stops_and_the_next_run_goes_on(desk: Office) -> None:
    add(desk.templates.folder / "Assessment summary.docx")
    place = Place(desk.settings, desk.templates.folder)
    begun = rebuild_all(desk.register.cases_with_packs(1), place, TOMORROW, 1)
    assert next(begun).ref == CASE
    begun.close()
    assert not [process for process in multiprocessing.active_children() if process.name != "reader"]
    assert [(r.ref, r.written) for r in rebuild_all(desk.register.cases_with_packs(1), place, TOMORROW, 1)] == [
        (CASE, 0),
        (OTHER, 1),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")
def test_interrupted_it_ends_with_130_and_the_next_run_goes_on(desk: Office, tmp_path: Path) -> None:
    add(desk.templates.folder / "Assessment summary.docx")
    [other] = (desk.settings.outbox / OTHER).glob("*/Assessment summary.docx")
    first = other.read_bytes()
    with hold_cases([CASE], desk.settings.records):  # so that the command is not done before it is interrupted
        running = subprocess.Popen(
            [sys.executable, "-m", "pipeline", *command(tmp_path)], cwd=tmp_path, start_new_session=True
        )
        assert _until(lambda: len(_children(running.pid)) > 1)  # what starts processes, and the one that writes
        helpers = [Path("/proc", pid) for pid in _children(running.pid)]
        os.killpg(running.pid, signal.SIGINT)
        assert running.wait(timeout=20) == 130
    assert _until(lambda: not any(helper.exists() for helper in helpers))
    assert pipeline(*command(tmp_path), cwd=tmp_path).returncode == 0
    assert ADDED in text_of(other)
    assert ADDED in text_of(desk.settings.outbox / PACK / "Assessment summary.docx")
    [kept] = other.parent.glob("Superseded*/Assessment summary.docx")
    assert kept.read_bytes() == first


def _children(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []


def _until(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + 15
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


class RebuildKiller(Killer):
    """Counts what the register writes too."""

    def profile(self, frame: FrameType, event: str, _argument: object) -> None:
        if event in ("call", "return") and frame.f_code is Register.rebuilt.__code__:
            self.step()


def rebuild_in_child(folder: Path, templates: Templates, at: int) -> int:
    child = os.fork()
    if child == 0:
        try:
            desk = dataclasses.replace(office(folder, workers=ReadHere()), templates=templates)
            killer = RebuildKiller(at)
            sys.addaudithook(killer.audit)
            sys.setprofile(killer.profile)
            again(desk)
            sys.setprofile(None)
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_killed_at_any_step_the_next_run_leaves_the_same_tree(tmp_path: Path, worked_off: Path) -> None:
    def prepared(name: str) -> Path:
        ignored = shutil.ignore_patterns("templates", OTHER)
        return Path(shutil.copytree(worked_off, tmp_path / name, ignore=ignored))

    shutil.copytree(worked_off / "templates", tmp_path / "templates")
    for template in ("Assessment summary", "Action plan"):
        add(tmp_path / "templates" / f"{template}.docx")
    templates = Templates(tmp_path / "templates")  # compiled here once, for all the children
    undisturbed = dataclasses.replace(office(prepared("undisturbed"), workers=ReadHere()), templates=templates)
    assert again(undisturbed).written == 2
    wanted = outbox(undisturbed)
    close(undisturbed)
    at = 0
    while True:
        at += 1
        folder = prepared(str(at))
        code = rebuild_in_child(folder, templates, at)
        if code == 0:
            break
        assert code == KILLED
        assert rebuild_in_child(folder, templates, 0) == 0
        assert tree(folder / "outbox") == wanted, f"killed before step {at}"
        desk = dataclasses.replace(office(folder, workers=ReadHere()), templates=templates)
        assert [line.what for line in desk.register.audit()].count("rebuilt") == 1
        assert again(desk).written == 0
        close(desk)
        shutil.rmtree(folder)
    assert at > 12


def test_a_flag_letter_never_changes_its_agency_for_the_one_that_was_asked_must_hear_of_the_removal() -> None:
    day = dt.date(2026, 11, 24)
    asked = Letter("CF1-00000000-03", "flag", "Carer", ("Carer", "Hill House"), "", ("1 Hill Road",), day, day, day)
    moved = dataclasses.replace(asked, address=("2 Hill Road",))
    another = dataclasses.replace(asked, who=("Carer", "Lake House"))
    assert not goes_elsewhere(moved, [asked])
    assert goes_elsewhere(another, [asked])
    assert not goes_elsewhere(dataclasses.replace(another, purpose="invitation"), [])
