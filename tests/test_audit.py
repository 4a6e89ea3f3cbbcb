"""Whoever changes, adds or takes away a line of the audit record is found out."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audit import Event, Line, faults, next_line
from pipeline.register import Register
from tests.offices import EXAMPLES, close, drop, office, work


def record(length: int) -> list[Line]:
    lines: list[Line] = []
    for number in range(length):
        event = Event("arrived", f"{number:064x}", None, {"bytes": number})
        lines.append(next_line(lines[-1] if lines else None, event, f"2026-11-21T12:00:{number:02}", "0.1.0"))
    return lines


def test_a_record_that_nobody_touched_is_whole() -> None:
    assert faults(record(0)) == []
    assert faults(record(20)) == []


@given(
    at=st.integers(0, 9),
    field=st.sampled_from([f.name for f in dataclasses.fields(Line) if f.name != "number"]),
    text=st.text(max_size=5),
)
def test_a_line_that_was_changed_is_named(at: int, field: str, text: str) -> None:
    lines = record(10)
    if getattr(lines[at], field) != text:
        lines[at] = dataclasses.replace(lines[at], **{field: text})
        assert any(f"line {at + 1} " in fault for fault in faults(lines))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=9, unique=True))
def test_lines_that_are_missing_are_named(missing: list[int]) -> None:
    kept = [line for n, line in enumerate(record(10)) if n not in missing]
    found = faults(kept)
    inner = [n for n in missing if any(line.number > n + 1 for line in kept)]
    assert bool(found) == bool(inner)  # the last lines are missed by what the register holds besides


def test_lines_that_changed_places_are_named() -> None:
    lines = record(5)
    lines[1], lines[2] = lines[2], lines[1]
    assert faults(lines)


def test_a_line_made_anew_with_its_own_digest_does_not_follow() -> None:
    lines = record(5)
    forged = Event("arrived", "f" * 64, None, {"bytes": 1})
    lines[2] = next_line(lines[1], forged, "2026-11-21T12:00:02", "0.1.0")
    assert faults(lines) == ["line 4 does not follow from the line before it"]


def test_every_form_stands_in_the_record_and_nothing_that_anybody_wrote(tmp_path: Path) -> None:
    desk = office(tmp_path)
    for name in ("matrix-must.xlsx", "referral-incomplete.docx", "matrix-must.xlsx"):
        work(drop(EXAMPLES / name, desk), desk)
    lines = list(desk.register.audit())
    assert [line.what for line in lines] == ["arrived", "accepted", "published", "arrived", "returned", "duplicate"]
    assert faults(lines) == [] and desk.register.unaudited() == 0
    assert '"band": "must"' in lines[1].details and "Action plan.docx" in lines[2].details
    said = " ".join(line.details for line in lines)
    assert "Jordan" not in said and "Testcase" not in said
    close(desk)


def test_the_register_refuses_to_change_the_record(tmp_path: Path) -> None:
    register = Register.open(tmp_path / "register.sqlite")
    register.arrived("a", 1, dt.datetime(2026, 11, 21))
    register.close()
    connection = sqlite3.connect(tmp_path / "register.sqlite")
    for change in ("UPDATE audit SET what = 'nothing'", "DELETE FROM audit"):
        with pytest.raises(sqlite3.IntegrityError, match="only added to"):
            connection.execute(change)
    connection.close()


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE audit SET details = replace(details, 'must', 'none')", "line 2 was changed"),
        ("DELETE FROM audit WHERE number = 2", "line 2 missing"),
        ("DELETE FROM audit WHERE number > 1", "the last lines are missing"),
        ("", "3 lines: all whole"),
    ],
)
def test_verify_finds_what_was_done_with_the_triggers_gone(tmp_path: Path, tampering: str, said: str) -> None:
    desk = office(tmp_path)
    work(drop(EXAMPLES / "matrix-must.xlsx", desk), desk)
    close(desk)
    connection = sqlite3.connect(tmp_path / "records" / "register.sqlite")
    connection.executescript(f"DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; {tampering}")
    connection.close()
    command = [sys.executable, "-m", "pipeline", "audit", "verify", "--records", str(tmp_path / "records")]
    verified = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert said in verified.stdout
    assert verified.returncode == (1 if tampering else 0)
