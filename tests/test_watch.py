"""The watcher takes what is dropped within seconds, with file events and without, and stops when it is told."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from pipeline.health import last_said
from pipeline.intake.inbox import read_mark
from pipeline.publish import Office
from pipeline.watch import ShareGone, run, watch
from tests.offices import EXAMPLES, close, drop, office, tree

PATIENCE = 30.0  # seconds until a test gives up; how soon it really is, is measured elsewhere


def wait_for(what: Callable[[], object], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


@contextmanager
def watching(desk: Office) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(desk, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        close(desk)


@pytest.mark.parametrize("events", [True, False])
def test_a_dropped_form_is_published_soon(tmp_path: Path, events: bool) -> None:
    folder = tmp_path
    (folder / "inbox").mkdir()
    (folder / "outbox").mkdir()
    (folder / "pipeline.toml").write_text(f"events = {str(events).lower()}\n")
    program = subprocess.Popen([sys.executable, "-m", "pipeline", "watch"], cwd=folder, stderr=subprocess.DEVNULL)
    try:
        assert wait_for((folder / "records" / "register.sqlite").exists, PATIENCE)
        (folder / "inbox" / "form.xlsx").write_bytes((EXAMPLES / "matrix-must.xlsx").read_bytes())
        assert wait_for(lambda: [*(folder / "inbox" / "receipts").glob("*.txt")], PATIENCE)
        assert [*(folder / "outbox").rglob("Action plan.docx")]
    finally:
        program.send_signal(signal.SIGTERM)
        assert program.wait(PATIENCE) == 0


def test_forms_that_were_waiting_at_the_start_are_taken(tmp_path: Path) -> None:
    desk = office(tmp_path)
    drop(EXAMPLES / "matrix-none.xlsx", desk)
    with watching(desk):
        assert wait_for(lambda: tree(desk.settings.outbox), PATIENCE)


def test_a_file_that_is_still_growing_is_left_until_it_has_settled(tmp_path: Path) -> None:
    desk = office(tmp_path)
    content = (EXAMPLES / "referral-controls.docx").read_bytes()
    form = desk.settings.inbox / "form.docx"

    def write_slowly() -> None:
        with form.open("wb") as file:
            for start in range(0, len(content), 5000):
                file.write(content[start : start + 5000])
                file.flush()
                time.sleep(0.03)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    outcomes = [r.outcome for r in run(desk)]
    writer.join()
    outcomes += [r.outcome for r in run(desk)]
    assert outcomes == ["accepted"]
    close(desk)


def test_a_file_that_never_settles_is_said_to_be_waiting(tmp_path: Path) -> None:
    desk = office(tmp_path)
    hurried = msgspec.structs.replace(desk.settings, patience_seconds=0.3, settle_seconds=10.0)
    impatient = dataclasses.replace(desk, settings=hurried)
    form = drop(EXAMPLES / "matrix-none.xlsx", desk)
    [result] = run(impatient)
    assert (result.outcome, result.file) == ("waiting", form.name)
    assert form.exists()
    close(desk)


def test_a_form_that_could_not_be_worked_off_is_tried_again(tmp_path: Path) -> None:
    desk = office(tmp_path)
    folder = desk.settings.outbox / "CF104235"
    folder.write_bytes(b"no folder")  # the pack cannot be published here
    drop(EXAMPLES / "matrix-none.xlsx", desk)
    with watching(desk):
        assert wait_for(lambda: "matrix-none.xlsx" in waiting(desk), PATIENCE)
        assert (desk.settings.inbox / "matrix-none.xlsx").exists()
        folder.unlink()
        assert wait_for(lambda: len(tree(desk.settings.outbox)) == 1, PATIENCE)
    assert waiting(desk) == {}


def waiting(desk: Office) -> Mapping[str, str]:
    status = last_said(desk.settings.records)
    return status.waiting if status else {}


@pytest.mark.parametrize("name", ["inbox", "outbox"])
def test_a_share_that_is_gone_is_said_and_healed_by_itself(tmp_path: Path, name: str) -> None:
    desk = office(tmp_path)
    share = tmp_path / name
    with watching(desk):
        assert wait_for(lambda: read_mark(share), PATIENCE)
        share.rename(tmp_path / "away")
        share.mkdir()  # the empty folder on which the share was mounted
        assert wait_for(lambda: name in state(desk), PATIENCE)
        assert not [*share.iterdir()]
        share.rmdir()
        (tmp_path / "away").rename(share)
        drop(EXAMPLES / "matrix-none.xlsx", desk)
        assert wait_for(lambda: tree(desk.settings.outbox), PATIENCE)
        assert state(desk) == "watching"
    assert state(desk) == "stopped"


def state(desk: Office) -> str:
    status = last_said(desk.settings.records)
    return status.state if status else ""


def test_run_does_nothing_where_a_share_is_gone(tmp_path: Path) -> None:
    desk = office(tmp_path)
    assert not list(run(desk))
    desk.settings.inbox.rename(tmp_path / "away")
    desk.settings.inbox.mkdir()
    with pytest.raises(ShareGone, match="inbox"):
        list(run(desk))
    close(desk)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_interrupted_it_ends_with_130(tmp_path: Path) -> None:
    for name in ("inbox", "outbox"):
        (tmp_path / name).mkdir()
    program = subprocess.Popen([sys.executable, "-m", "pipeline", "watch"], cwd=tmp_path, stderr=subprocess.DEVNULL)
    assert wait_for((tmp_path / "records" / "register.sqlite").exists, PATIENCE)
    time.sleep(0.3)
    program.send_signal(signal.SIGINT)
    assert program.wait(PATIENCE) == 130
