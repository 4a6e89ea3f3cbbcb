"""A case is erased from real folders and a real register; what others hold stays, and a crash anywhere is mended."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from pipeline import forget
from pipeline.audit import faults
from pipeline.cli import main
from pipeline.files import alone
from pipeline.forget import NotErased, erase, find, inventory
from pipeline.intake.claims import Claims
from pipeline.publish import Office
from pipeline.register import Register, sqlite
from tests.offices import EXAMPLES, NOON, ReadHere, close, drop, office, tree, work
from tests.test_cli import pipeline
from tests.test_crashes import KILLED, in_child

CASE, OTHER = "CF104233", "CF104236"  # Jordan Testcase of matrix-must.xlsx, Kim Placeholder
FORM, OTHER_FORM = EXAMPLES / "matrix-must.xlsx", EXAMPLES / "matrix-unanswered-but-certain.xlsx"
FORM_SHA256 = hashlib.sha256(FORM.read_bytes()).hexdigest()
RETURNED, RETURNED_CASE = EXAMPLES / "matrix-unanswered-and-uncertain.xlsx", "CF104237"


@pytest.fixture(scope="module")
def worked_off(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders in which the case's form and another's have been worked off; to be copied."""
    folder = tmp_path_factory.mktemp("worked off")
    made = office(folder, workers=ReadHere())
    for form in (OTHER_FORM, FORM):
        work(drop(form, made), made)
    close(made)
    return folder


@pytest.fixture
def desk(tmp_path: Path, worked_off: Path) -> Iterator[Office]:
    shutil.copytree(worked_off, tmp_path, dirs_exist_ok=True)
    made = office(tmp_path, workers=ReadHere())
    yield made
    close(made)


def erase_case(desk: Office, ref: str) -> list[str]:
    """Erase a case; what was said of it before."""
    holdings = find(ref, desk.register, desk.settings)
    assert holdings is not None
    said = list(inventory(holdings))
    erase(holdings, desk.register, desk.settings, NOON)
    return said


def command(folder: Path, *arguments: str) -> list[str]:
    folders = (f"--{name}={folder / name}" for name in ("inbox", "outbox", "records"))
    return ["forget", *arguments, *folders]


def two_cases(path: Path) -> Path:
    """A workbook with a sheet for each of two young people."""
    book = openpyxl.load_workbook(EXAMPLES / "matrix-three-reviews.xlsx")
    for sheet, ref, name in zip(book.worksheets, ("CF1", "CF2", "CF2"), ("Una One", "Tom Two", "Tom Two"), strict=True):
        sheet["I2"], sheet["B2"] = ref, name
    book.save(path)
    return path


def test_nothing_of_the_case_stays_and_all_of_the_others_does(desk: Office, tmp_path: Path) -> None:
    before = tree(tmp_path)
    ours = {path for path in before if CASE in path or FORM_SHA256 in path}
    assert len(ours) > 10
    said = erase_case(desk, CASE)
    after = tree(tmp_path)
    database = {path for path in before if "register.sqlite" in path}
    assert {path: after[path] for path in after.keys() - database} == {
        path: before[path] for path in before.keys() - database - ours
    }
    assert not (tmp_path / "outbox" / CASE).exists()
    held = b"".join(content for path, content in after.items() if "register.sqlite" in path)
    assert (b"Testcase" in held, b"Placeholder" in held) == (False, True)
    assert desk.register.case_file(CASE) is None
    assert desk.register.case_file(OTHER) is not None
    assert said[:6] == [
        "Of CF104233 this will be erased:",
        "  in the register: forms, letters, decisions and time limits",
        "  1 form as it was dropped",
        f"  {tmp_path / 'outbox' / CASE / '2026-10-30 Assessment matrix'}",
        "  1 receipt",
        "This cannot be erased from here:",
    ]
    assert not any("Testcase" in line for line in said)


def test_the_audit_record_stays_whole_and_says_that_the_case_was_erased(desk: Office) -> None:
    erase_case(desk, CASE)
    lines = list(desk.register.audit())
    assert faults(lines) == []
    assert [line.what for line in lines if line.case == CASE] == ["accepted", "published", "forgotten"]
    assert not any("Testcase" in line.details for line in lines)
    assert forget.erased_on(CASE, desk.register) == dt.date(2026, 11, 21)
    assert forget.erased_on(OTHER, desk.register) is None


def test_a_form_that_was_given_back_is_erased_too(desk: Office, tmp_path: Path) -> None:
    work(drop(RETURNED, desk), desk)
    folder = tmp_path / "inbox" / "returned" / RETURNED.name
    assert folder.is_dir()
    assert f"  {folder}" in erase_case(desk, RETURNED_CASE)
    assert not folder.exists()
    assert len([path for path in tree(tmp_path) if "originals" in path]) == 2  # of the other cases


def test_the_same_form_dropped_later_is_new(desk: Office, tmp_path: Path) -> None:
    before = tree(tmp_path / "outbox" / CASE)
    erase_case(desk, CASE)
    [again] = work(drop(FORM, desk), desk)
    assert again.outcome == "accepted"
    assert tree(tmp_path / "outbox" / CASE).keys() == before.keys()


def test_what_also_holds_another_case_is_kept_until_that_one_is_erased(desk: Office, tmp_path: Path) -> None:
    results = work(drop(two_cases(tmp_path / "two.xlsx"), desk), desk)
    assert {r.case for r in results if r.outcome == "accepted"} == {"CF1", "CF2"}
    (tmp_path / "two.xlsx").unlink()
    [receipt] = (tmp_path / "inbox" / "receipts").glob("CF1 *")
    [original] = (tmp_path / "records" / "originals").glob(f"*/{receipt.name.split()[-2]}*")
    said = erase_case(desk, "CF1")
    wanted = f"the dropped file {original.name[:8]} and its receipt: it also holds a form of another case, or of none"
    assert f"  {wanted}" in said
    assert (original.is_file(), receipt.is_file()) == (True, True)
    assert sorted(p.name for p in (tmp_path / "outbox").glob("CF?")) == ["CF2"]
    erase_case(desk, "CF2")
    assert (original.exists(), receipt.exists(), (tmp_path / "outbox" / "CF2").exists()) == (False, False, False)


def test_what_is_missing_is_said_and_does_no_harm(desk: Office, tmp_path: Path) -> None:
    for folder in ("outbox/CF104233", "records/originals", "inbox/receipts"):
        shutil.rmtree(tmp_path / folder)
    pack = tmp_path / "outbox" / CASE / "2026-10-30 Assessment matrix"
    assert f"  {pack} (not there: if somebody moved it, erase it there)" in erase_case(desk, CASE)
    assert desk.register.case_file(CASE) is None


def test_what_somebody_else_put_beside_the_packs_is_named_and_stays(desk: Office, tmp_path: Path) -> None:
    signed = tmp_path / "outbox" / CASE / "signed.pdf"
    signed.write_bytes(b"signed")
    assert f"  {signed}, which somebody else has put there: erase it by hand" in erase_case(desk, CASE)
    assert list(tree(tmp_path / "outbox" / CASE)) == ["signed.pdf"]


def test_what_a_crash_left_half_published_goes_too(desk: Office, tmp_path: Path) -> None:
    staged = tmp_path / "outbox" / f".{CASE} 2026-10-30 Assessment matrix.part"
    staged.mkdir(parents=True)
    (staged / "Action plan.docx").write_bytes(b"half")
    erase_case(desk, CASE)
    assert not staged.exists()


@pytest.mark.parametrize("written", ["CF104233", "cf 104233"])
def test_a_legal_hold_is_respected(desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    before = tree(tmp_path / "outbox")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipeline.toml").write_text(f'legal_hold = ["CF1", "{written}"]\n')
    done = pipeline("forget", CASE, "--yes", cwd=tmp_path)
    assert done.returncode == 2
    assert "CF104233 is under a legal hold: it stands in legal_hold in pipeline.toml" in done.stderr
    assert tree(tmp_path / "outbox") == before


def test_a_hold_that_nobody_can_read_stops_every_erasure(desk: Office, tmp_path: Path) -> None:
    (tmp_path / "pipeline.toml").write_text('legal_hold = ["the Testcase case"]\n')
    done = pipeline("forget", CASE, "--yes", cwd=tmp_path)
    assert (done.returncode, "legal_hold" in done.stderr) == (2, True)
    assert (tmp_path / "outbox" / CASE).is_dir()


def test_where_nobody_can_be_asked_nothing_is_erased(desk: Office, tmp_path: Path) -> None:
    done = pipeline("forget", CASE, cwd=tmp_path)
    assert (done.returncode, "--yes" in done.stderr) == (2, True)
    assert "Of CF104233 this will be erased:" in done.stdout
    assert (tmp_path / "outbox" / CASE).is_dir()


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
@pytest.mark.parametrize(("typed", "code"), [("cf 104233", 0), ("yes", 2), ("CF104234", 2)])
def test_the_id_typed_again_confirms(desk: Office, tmp_path: Path, typed: str, code: int) -> None:
    ours, theirs = os.openpty()
    os.write(ours, f"{typed}\n".encode())
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "forget", CASE], stdin=theirs, cwd=tmp_path, capture_output=True, timeout=60
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == code, done.stderr
    assert (tmp_path / "outbox" / CASE).exists() is (code == 2)


def test_an_unknown_case_is_wrong_usage_and_one_that_was_erased_is_not(desk: Office, tmp_path: Path) -> None:
    unknown = pipeline("forget", "CF999", "--yes", cwd=tmp_path)
    assert (unknown.returncode, unknown.stderr.strip()) == (2, "pipeline: Nothing is held on CF999.")
    assert pipeline("forget", CASE, "--yes", cwd=tmp_path).returncode == 0
    again = pipeline("forget", CASE, "--yes", cwd=tmp_path)
    assert (again.returncode, "CF104233 was erased on" in again.stdout) == (0, True)


def test_a_share_that_is_gone_stops_it(desk: Office, tmp_path: Path) -> None:
    desk.register.know(tmp_path / "outbox", "mark")
    shutil.move(tmp_path / "outbox", tmp_path / "away")
    (tmp_path / "outbox").mkdir()
    assert main(command(tmp_path, CASE, "--yes")) == 1
    assert desk.register.case_file(CASE) is not None
    assert (tmp_path / "away" / CASE).is_dir()


def test_a_form_that_is_being_worked_off_is_waited_for(
    desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forget, "_PATIENCE", 0.2)
    original = tmp_path / "records" / "originals" / FORM_SHA256[:2] / FORM_SHA256
    with alone(original) as mine:
        assert mine
        with pytest.raises(NotErased, match="is being worked off"):
            erase_case(desk, CASE)
        assert (tmp_path / "outbox" / CASE).is_dir()
    erase_case(desk, CASE)
    assert not (tmp_path / "outbox" / CASE).exists()


def test_a_form_that_lies_in_the_inbox_still_is_named(desk: Office, tmp_path: Path) -> None:
    dropped = drop(FORM, desk, "again.xlsx")
    with pytest.raises(NotErased, match=r"still lies in the inbox \(again.xlsx\)"):
        erase_case(desk, CASE)
    claims = tmp_path / "inbox" / ".pipeline" / "claims" / "dead" / "1"
    claims.mkdir(parents=True)
    dropped.rename(claims / "again.xlsx")
    with pytest.raises(NotErased, match=r"still lies in the inbox \(again.xlsx\)"):
        erase_case(desk, CASE)
    assert (tmp_path / "outbox" / CASE).is_dir()


def test_a_form_that_was_in_hand_meanwhile_is_not_passed_over(desk: Office, tmp_path: Path) -> None:
    claim = tmp_path / "inbox" / ".pipeline" / "claims" / "alive" / "1" / "later.docx"
    claim.parent.mkdir(parents=True)
    claim.write_bytes(b"in hand")

    def work_on() -> None:
        there = office(tmp_path, workers=ReadHere())
        while there.register.erasure(CASE):
            time.sleep(0.02)
        work(drop(EXAMPLES / "referral-controls.docx", there), there)
        claim.unlink()
        close(there)

    other = threading.Thread(target=work_on)
    other.start()
    with pytest.raises(NotErased, match="Another form of CF104233 was worked off meanwhile"):
        erase_case(desk, CASE)
    other.join()
    erase_case(desk, CASE)
    assert desk.register.case_file(CASE) is None


def test_a_file_that_cannot_be_removed_is_named_and_the_register_does_not_forget(
    desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = os.unlink

    def held_open(path: str | Path, **_: object) -> None:
        if Path(path).name == "Action plan.docx":
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "unlink", held_open)
        with pytest.raises(NotErased, match=r"Action plan.docx cannot be erased: Permission denied. Close it"):
            erase_case(desk, CASE)
    assert desk.register.case_file(CASE) is not None
    erase_case(desk, CASE)
    assert not (tmp_path / "outbox" / CASE).exists()


def test_a_register_that_is_busy_is_said_and_the_command_may_be_repeated(
    desk: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_PATIENCE", 0.2)
    holder = sqlite3.connect(tmp_path / "records" / "register.sqlite", isolation_level=None)
    holder.execute("BEGIN")
    holder.execute("SELECT count(*) FROM forms").fetchone()  # a reader keeps what was deleted in the log
    assert main(command(tmp_path, CASE, "--yes")) == 1
    assert "Run the same command again." in capsys.readouterr().err
    holder.close()
    assert main(command(tmp_path, CASE, "--yes")) == 0
    held = b"".join(content for path, content in tree(tmp_path).items() if "register.sqlite" in path)
    assert b"Testcase" not in held


def test_a_file_that_is_read_only_is_removed_on_windows_too(
    desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "outbox" / CASE / "2026-10-30 Assessment matrix" / "Action plan.docx"
    plan.chmod(0o400)
    unlink = os.unlink

    def as_on_windows(path: str | Path, **_: object) -> None:
        if not Path(path).stat().st_mode & 0o200:
            raise PermissionError(13, "Access is denied", str(path))
        unlink(path)

    monkeypatch.setattr(os, "unlink", as_on_windows)
    erase_case(desk, CASE)
    assert not plan.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_killed_before_any_step_and_run_again_nothing_stays(tmp_path: Path, worked_off: Path) -> None:
    folder = Path(shutil.copytree(worked_off, tmp_path / "steps"))
    code, steps = forget_in_child(folder, 0)
    assert (code, steps > 20) == (0, True)
    expected = left(folder)
    assert not [path for path in expected if CASE in path or FORM_SHA256 in path]
    for at in range(1, steps + 1):
        folder = Path(shutil.copytree(worked_off, tmp_path / str(at)))
        assert forget_in_child(folder, at)[0] == KILLED, at
        assert forget_in_child(folder, 0)[0] == 0, at
        assert left(folder) == expected, at
        register = Register.open(folder / "records" / "register.sqlite")
        assert (register.case_file(CASE), register.erasure(CASE)) == (None, None)
        assert [line.what for line in register.audit()].count("forgotten") == 1
        register.close()
        held = b"".join(content for path, content in tree(folder).items() if "register.sqlite" in path)
        assert b"Testcase" not in held, at  # killed before the file of the register was written anew
        shutil.rmtree(folder)


def left(folder: Path) -> list[str]:
    return [path for path in tree(folder) if not path.startswith("records/register.sqlite")]


def forget_in_child(folder: Path, at: int) -> tuple[int, int]:
    """Forget in a child process that dies before step ``at``; its exit code, and the steps it took."""

    def forget_case(folder: Path) -> None:
        sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        assert main(command(folder, CASE, "--yes")) == 0

    return in_child(forget_case, folder, at)


def test_it_works_beside_a_watcher(tmp_path: Path) -> None:
    assert pipeline("init", tmp_path, cwd=tmp_path).returncode == 0
    (tmp_path / "pipeline.toml").write_text("settle_seconds = 0.1\nsweep_seconds = 0.1\n")
    watcher = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "watch"], cwd=tmp_path, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(2):
            shutil.copyfile(FORM, tmp_path / "inbox" / "form.xlsx")
            plan = tmp_path / "outbox" / CASE / "2026-10-30 Assessment matrix" / "Action plan.docx"
            until = time.monotonic() + 30
            while not plan.exists() or Claims(tmp_path / "inbox", 5).held_by_others():
                assert time.monotonic() < until
                time.sleep(0.05)
            done = pipeline("forget", CASE, "--yes", cwd=tmp_path)
            assert done.returncode == 0, done.stderr
            assert not (tmp_path / "outbox" / CASE).exists()
    finally:
        watcher.terminate()
        watcher.wait(30)
    assert not [path for path in tree(tmp_path) if CASE in path]
