"""Watchers whose events, share or disk fail, and several of them at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from pipeline.errors import PipelineError
from pipeline.health import ailments, last_said
from pipeline.intake.inbox import read_mark
from pipeline.publish import Office
from pipeline.register import Register
from pipeline.watch import ShareGone, run
from tests.failure_modes.deeds import FORM, actions, inbox_of, nothing_half_done, outcomes, packs, put
from tests.failure_modes.faulty_fs import FaultyFs
from tests.offices import EXAMPLES, NOON, close, drop, office, tree
from tests.test_crashes import KILLED, fill, run_in_child, same_again, undisturbed
from tests.test_watch import PATIENCE, state, wait_for, waiting, watching
from tests.torture import (
    Watchers,
    environment,
    faults,
    make_forms,
    query,
    settle,
    undisturbed_run,
    watchers,
    workplace,
)
from tests.torture import (
    drop as copy_in,
)


def test_13_no_events_at_all(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchdog.observers.Observer.start", lambda _: None)  # deaf, as on SMB and NFS
    monkeypatch.setattr("watchdog.observers.Observer.join", lambda _: None)
    with watching(desk):
        assert wait_for(lambda: state(desk) == "watching", PATIENCE)
        put(desk, "form.xlsx")
        assert wait_for(lambda: packs(desk), PATIENCE)


def begin(folder: Path, programs: Watchers) -> subprocess.Popen[bytes]:
    """A watcher that has said that it lives."""
    program = programs.start()
    assert wait_for((folder / "records" / "status.json").exists, PATIENCE)
    return program


def test_14_more_files_than_events_are_kept_while_it_was_stopped(tmp_path: Path) -> None:
    folder = workplace(tmp_path / "work")
    kept = Path("/proc/sys/fs/inotify/max_queued_events")
    files = int(kept.read_text()) // 2 if kept.exists() else 12_000  # three events each
    with watchers(folder) as programs:
        program = begin(folder, programs)
        program.send_signal(signal.SIGSTOP)
        for number in range(files):
            (folder / "inbox" / f"{number}.tmp").touch()
        (folder / "inbox" / "form.xlsx").write_bytes(FORM)
        program.send_signal(signal.SIGCONT)
        assert wait_for(lambda: [*(folder / "inbox" / "receipts").glob("*.txt")], PATIENCE)
        assert programs.stop() == [0]


def test_15_the_watched_folder_is_renamed_away_and_back(desk: Office, tmp_path: Path) -> None:
    inbox = desk.settings.inbox
    with watching(desk):
        assert wait_for(lambda: read_mark(inbox), PATIENCE)
        inbox.rename(tmp_path / "away")
        assert wait_for(lambda: "inbox" in state(desk), PATIENCE)
        (tmp_path / "away").rename(inbox)
        assert wait_for(lambda: state(desk) == "watching", PATIENCE)
        put(desk, "form.xlsx")
        assert wait_for(lambda: packs(desk), PATIENCE)


def test_16_a_passing_estale_on_stat(desk: Office, fs: FaultyFs) -> None:
    put(desk, "form.xlsx")
    fs.fail("lstat", errno.ESTALE, lambda path: path.name == "form.xlsx", times=3)
    assert actions(desk) == {"form.xlsx": "it cannot be looked at just now"}
    assert outcomes(desk) == [("form.xlsx", "accepted")]
    assert fs.failed == 3 and inbox_of(desk) == {}


def test_16_a_passing_estale_on_the_inbox_itself(desk: Office, fs: FaultyFs) -> None:
    put(desk, "form.xlsx")
    fs.fail("iterdir", errno.ESTALE, lambda path: path.name == "inbox", times=3)
    assert outcomes(desk) == [("form.xlsx", "accepted")]
    assert fs.failed == 3


def test_17_the_share_is_unmounted(desk: Office, tmp_path: Path) -> None:
    assert outcomes(desk) == []
    for name in ("inbox", "outbox"):
        put(desk, f"{name}.xlsx")
        share = tmp_path / name
        share.rename(tmp_path / "away")
        share.mkdir()
        with pytest.raises(ShareGone, match=name):
            outcomes(desk)
        assert [*share.iterdir()] == []
        share.rmdir()
        (tmp_path / "away").rename(share)
    assert {outcome for _, outcome in outcomes(desk)} == {"accepted", "duplicate"}
    assert len(packs(desk)) == 1


def test_17_the_outbox_is_unmounted_while_a_form_is_worked_off(desk: Office, tmp_path: Path) -> None:
    """A pack that was written where nobody will see it does not count."""
    outcomes(desk)
    put(desk, "form.xlsx")
    outbox = desk.settings.outbox

    def unmount() -> object:
        if not (tmp_path / "away").exists():
            outbox.rename(tmp_path / "away")
            outbox.mkdir()
        return desk.agencies()

    with pytest.raises(ShareGone, match="outbox"):
        outcomes(dataclasses.replace(desk, agencies=unmount))
    outbox.rename(tmp_path / "mount point")
    (tmp_path / "away").rename(outbox)
    assert outcomes(desk) == [("form.xlsx", "accepted")]
    assert len(packs(desk)) == 1


def test_18_the_share_hangs_for_two_minutes(desk: Office, fs: FaultyFs) -> None:
    with watching(desk):
        assert wait_for(lambda: state(desk) == "watching", PATIENCE)
        goes_on = fs.hang("iterdir", lambda path: path.name == "inbox")
        assert wait_for(lambda: fs.failed, PATIENCE)
        said = last_said(desk.settings.records)
        put(desk, "form.xlsx")
        [sentence] = ailments(said, (NOON + dt.timedelta(minutes=2)).astimezone())
        assert "its share hangs" in sentence
        goes_on.set()
        assert wait_for(lambda: packs(desk), PATIENCE)


def test_18_a_program_that_hung_finds_its_claims_taken_over_and_goes_on(tmp_path: Path) -> None:
    """Whoever was silent for longer than a lease has lost its files and its folder, and takes the next ones."""
    folder = workplace(tmp_path / "work")
    with watchers(folder) as programs:
        hung = begin(folder, programs)
        (folder / "inbox" / "1.xlsx").write_bytes(FORM)
        assert wait_for(lambda: query(folder, "SELECT 1 FROM arrivals WHERE told"), PATIENCE)
        claims = folder / "inbox" / ".pipeline" / "claims"
        [home] = claims.iterdir()
        hung.send_signal(signal.SIGSTOP)
        programs.start()
        assert wait_for(lambda: not home.exists(), PATIENCE)
        programs.running[1].send_signal(signal.SIGTERM)
        assert programs.running.pop().wait(PATIENCE) == 0
        hung.send_signal(signal.SIGCONT)
        (folder / "inbox" / "2.xlsx").write_bytes((EXAMPLES / "matrix-consider.xlsx").read_bytes())
        assert wait_for(lambda: len([*(folder / "inbox" / "receipts").glob("*.txt")]) == 2, PATIENCE)


def test_19_two_watchers_on_one_inbox(tmp_path: Path) -> None:
    """`make torture` does so with hundreds, and kills them meanwhile."""
    kinds = ["matrix-none.xlsx", "garbage", "again"]
    forms = make_forms(16, random.Random(19), kinds)
    undisturbed = undisturbed_run(tmp_path / "undisturbed", forms)
    folder = workplace(tmp_path / "work")
    with watchers(folder) as programs:
        for _ in range(2):
            programs.start()
        for form in forms:
            copy_in(form, folder / "inbox", 0)
        assert settle(folder, forms, programs)
        assert programs.stop() == [0, 0]
    assert faults(folder, undisturbed, forms) == []


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")


@needs_fork
def test_20_killed_at_any_step(tmp_path: Path) -> None:
    """At some steps; tests/test_crashes.py does so at every one."""
    steps = undisturbed("forms")[2]
    for at in range(7, steps, steps // 4):
        folder = tmp_path / str(at)
        fill(folder)
        assert run_in_child(folder, at)[0] == KILLED
        assert run_in_child(folder)[0] == 0
        same_again("forms", folder)


@needs_fork
def test_21_killed_between_publishing_the_pack_and_recording_it(tmp_path: Path) -> None:
    """One letter, not two."""
    desk = office(tmp_path)
    drop(EXAMPLES / "matrix-must.xlsx", desk)
    close(desk)
    program = f"""
import os, sys
sys.path.insert(0, {str(EXAMPLES.parents[2])!r})
from pathlib import Path
from pipeline.register import Register
from pipeline.watch import run
from tests.offices import office
if __name__ == "__main__":
    Register.record = lambda *_: os._exit({KILLED})
    list(run(office(Path({str(tmp_path)!r}))))
"""
    (tmp_path / "program.py").write_text(program)
    killed = subprocess.run([sys.executable, tmp_path / "program.py"], env=environment(), check=False)
    assert killed.returncode == KILLED
    published = tree(tmp_path / "outbox")
    assert published and not tree(tmp_path / "inbox" / "receipts")
    desk = office(tmp_path)
    assert outcomes(desk) == [("matrix-must.xlsx", "accepted")]
    assert tree(tmp_path / "outbox") == published
    assert nothing_half_done(desk)
    close(desk)


def in_a_namespace(case: str, folder: Path) -> dict[str, object]:
    """Run ``disk.py`` where it may mount file systems of its own."""
    command = ["unshare", "-rm", sys.executable, "-m", "tests.failure_modes.disk", case, str(folder)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=120)
    if done.returncode and "unshare" in done.stderr:
        pytest.skip("no file system may be mounted here")
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    return said


# What `disk.py` says of a disk that was full, or read-only, and of how it went on by itself.
HEALED = {"waited": True, "still there": True, "packs": 0, "receipts": 0, "healed": True, "packs later": 1}


@pytest.mark.parametrize("case", ["outbox", "records", "inbox"])
def test_22_23_24_a_disk_that_is_full_or_read_only_heals_by_itself(tmp_path: Path, case: str) -> None:
    assert in_a_namespace(case, tmp_path) == HEALED


def test_22_disk_full_in_the_outbox(desk: Office, fs: FaultyFs) -> None:
    fs.fail("open", errno.ENOSPC, lambda path: path.parent.suffix == ".part")
    put(desk, "form.xlsx")
    with watching(desk):
        assert wait_for(lambda: fs.failed and "reached or written" in waiting(desk).get("form.xlsx", ""), PATIENCE)
        assert packs(desk) == [] and not tree(desk.settings.inbox / "receipts")
        fs.heal()
        assert wait_for(lambda: packs(desk) and not inbox_of(desk), PATIENCE)
    assert nothing_half_done(desk)


def test_23_disk_full_under_the_register(desk: Office, fs: FaultyFs) -> None:
    assert outcomes(desk) == []
    with desk.register._database.asking() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
    put(desk, "form.xlsx", (EXAMPLES / "matrix-must.xlsx").read_bytes())
    with watching(desk):
        assert wait_for(lambda: "reached or written" in waiting(desk).get("form.xlsx", ""), PATIENCE)
        assert not tree(desk.settings.inbox / "receipts")
        with desk.register._database.asking() as connection:
            connection.execute("PRAGMA max_page_count = 1000000")
        assert wait_for(lambda: not inbox_of(desk), PATIENCE)
        assert wait_for(lambda: tree(desk.settings.inbox / "receipts"), PATIENCE)
    assert len(packs(desk)) == 1


def test_38_sigterm_in_the_middle_of_a_form(tmp_path: Path) -> None:
    folder = workplace(tmp_path / "work")
    held = folder / "inbox" / ".pipeline" / "claims"
    with watchers(folder) as programs:
        begin(folder, programs)
        for number, name in enumerate(("matrix-must.xlsx", "matrix-consider.xlsx", "referral-glyph.docx")):
            (folder / "inbox" / f"{number} {name}").write_bytes((EXAMPLES / name).read_bytes())
        assert wait_for(lambda: [*held.glob("*/*/*")], PATIENCE)
        assert programs.stop() == [0]
    receipts = [*(folder / "inbox" / "receipts").glob("*.txt")]
    forms = [p for p in (folder / "inbox").iterdir() if p.is_file()]
    assert len(receipts) >= 1 and len(receipts) + len(forms) == 3  # the form in hand is finished, the others stay
    assert not held.exists() or not [*held.iterdir()]
    assert len([*(folder / "outbox").glob("CF*/*")]) == len(receipts)


def test_status_lives_on_while_many_forms_are_worked_off(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.watch._BEAT", 0.0)
    said: list[int] = []
    monkeypatch.setattr("pipeline.watch.say", lambda _, status: said.append(sum(status.counts.values())))
    for number in range(3):
        put(desk, f"{number}.txt", bytes([65 + number]) * 9)
    with watching(desk):
        assert wait_for(lambda: said and said[-1] == 3, PATIENCE)
    assert {1, 2, 3} <= set(said)


def test_a_register_that_is_away_at_the_start_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    path.mkdir()
    with pytest.raises(OSError, match="the register"):
        Register.open(path)


def test_an_inbox_that_stays_away_ends_a_run_with_a_sentence(desk: Office, fs: FaultyFs) -> None:
    hurried = msgspec.structs.replace(desk.settings, patience_seconds=0.1)
    fs.fail("iterdir", errno.ESTALE, lambda path: path.name == "inbox")
    with pytest.raises(PipelineError, match="cannot be reached"):
        list(run(dataclasses.replace(desk, settings=hurried)))
