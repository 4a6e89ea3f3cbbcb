"""The program is killed at every step; run again, it leaves the same outbox as a run that nothing disturbed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from pipeline import files, process, publish, register
from pipeline.intake import inbox
from pipeline.watch import run
from tests.offices import EXAMPLES, drop, office, tree

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")

# One form that is accepted, one that goes back: every step of both journeys.
FORMS = ("matrix-consider.xlsx", "referral-incomplete.docx")
STEPS = {module.__file__ for module in (files, process, publish, register, inbox)}
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}
KILLED = 9


class Killer:
    """Ends the process, as a power cut would, before its ``at``-th step: a call, a return, or a change on the disk."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.steps = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            os._exit(KILLED)

    def profile(self, frame: FrameType, event: str, _argument: object) -> None:
        if event in ("call", "return") and frame.f_code.co_filename in STEPS:
            self.step()

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in CHANGES or (event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")):
            self.step()


def run_in_child(folder: Path, at: int) -> int:
    """Work off the inbox in a child process that dies before step ``at``; returns its exit code, or minus its steps."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            desk = office(folder)
            killer = Killer(at)
            sys.addaudithook(killer.audit)
            sys.setprofile(killer.profile)
            for _ in run(desk):
                pass
            sys.setprofile(None)
            os.write(writer, str(killer.steps).encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writer)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    said = os.read(reader, 20)
    os.close(reader)
    return -int(said) if code == 0 else code


def everything(folder: Path) -> dict[str, bytes]:
    """The outbox, and the inbox with receipts and returned forms; originals by name."""
    found = tree(folder)
    return {path: content for path, content in found.items() if not path.startswith("records/register.sqlite")}


def fill(folder: Path) -> None:
    desk = office(folder)
    for name in FORMS:
        drop(EXAMPLES / name, desk)
    desk.register.close()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, bytes], int]]:
    folder = tmp_path_factory.mktemp("undisturbed")
    fill(folder)
    steps = -run_in_child(folder, at=0)
    yield everything(folder), steps


def test_the_undisturbed_run_does_its_work_in_many_steps(undisturbed: tuple[dict[str, bytes], int]) -> None:
    written, steps = undisturbed
    assert steps > 100
    assert {path.split("/")[0] for path in written} == {"inbox", "outbox", "records"}
    assert not [path for path in written if path.endswith(FORMS) and not path.startswith("inbox/returned/")]


@pytest.mark.parametrize("part", range(8))
def test_killed_before_any_step_and_run_again_it_leaves_the_same(
    undisturbed: tuple[dict[str, bytes], int], tmp_path: Path, part: int
) -> None:
    expected, steps = undisturbed
    for at in range(1 + part, steps + 1, 8):
        folder = tmp_path / str(at)
        fill(folder)
        assert run_in_child(folder, at) == KILLED, at
        assert run_in_child(folder, at=0) < 0, at
        assert everything(folder) == expected, at


def test_killed_twice_it_still_leaves_the_same(undisturbed: tuple[dict[str, bytes], int], tmp_path: Path) -> None:
    expected, steps = undisturbed
    for at in range(1, steps, steps // 12):
        folder = tmp_path / str(at)
        fill(folder)
        run_in_child(folder, at)
        run_in_child(folder, steps // 3)
        assert run_in_child(folder, at=0) < 0
        assert everything(folder) == expected, at
