"""Whoever asks how the watcher is doing is told the truth, by word and by exit code."""

from __future__ import annotations

import datetime as dt
import os
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from pipeline.health import FILE, STOPPED, WATCHING, Status, ailments, last_said, say, tell_systemd

NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)
WELL = Status(at=NOON, version="0.1.0", program=1, state=WATCHING, counts={"accepted": 3}, waiting={})


def test_what_was_said_is_read_back(tmp_path: Path) -> None:
    assert last_said(tmp_path) is None
    say(tmp_path, WELL)
    assert last_said(tmp_path) == WELL
    (tmp_path / FILE).write_bytes(b"{")
    assert last_said(tmp_path) is None


def test_a_watcher_that_gave_a_sign_of_life_just_now_is_well() -> None:
    assert ailments(WELL, NOON + dt.timedelta(seconds=29)) == []


@pytest.mark.parametrize(
    ("status", "later", "said"),
    [
        (None, 0, "No watcher has ever run"),
        (WELL, 31, "no sign of life for 31 seconds"),
        (msgspec.structs.replace(WELL, state=STOPPED), 0, "was stopped"),
        (msgspec.structs.replace(WELL, state="the inbox is not there"), 0, "The inbox is not there"),
    ],
)
def test_what_is_wrong_is_said(status: Status | None, later: int, said: str) -> None:
    [sentence] = ailments(status, NOON + dt.timedelta(seconds=later))
    assert said in sentence


@pytest.mark.parametrize(("age", "code", "said"), [(0, 0, "All is well."), (60, 1, "no sign of life")])
def test_status_ends_with_1_where_something_is_wrong(tmp_path: Path, age: int, code: int, said: str) -> None:
    now = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=age)
    say(tmp_path, msgspec.structs.replace(WELL, at=now, waiting={"form.xlsx": "Pat Manager has it open."}))
    command = [sys.executable, "-m", "pipeline", "status", "--records", str(tmp_path)]
    asked = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (asked.returncode, said in asked.stdout) == (code, True)
    assert "accepted: 3" in asked.stdout and "waits: form.xlsx: Pat Manager has it open." in asked.stdout


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX") or os.name == "nt", reason="systemd is Linux's")
def test_systemd_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tell_systemd("READY=1")  # nobody listens: nothing happens
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        tell_systemd("WATCHDOG=1")
        assert systemd.recv(100) == b"WATCHDOG=1"
    tell_systemd("STOPPING=1")  # systemd is gone: nothing happens
