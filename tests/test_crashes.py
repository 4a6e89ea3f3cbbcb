"""The program is killed at every step; run again, it leaves the same outbox as a run that nothing disturbed."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from pipeline.register import Register
from pipeline.watch import run
from tests.offices import EXAMPLES, ReadHere, close, drop, office, tree, work

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")

# One form that is accepted, one that goes back: every step of both journeys.
FORMS = ("matrix-consider.xlsx", "referral-incomplete.docx")
WRITES = {
    method.__code__
    for method in (
        Register.arrived, Register.record, Register.told, Register.know, Register.pack_folder, Register.return_folder,
    )
}  # fmt: skip
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}
KILLED = 9


class Killer:
    """Ends the process, as a power cut would, before its ``at``-th step.

    A step is whatever a crash can come before or after: each change on the disk, each write to the register.
    """

    def __init__(self, at: int) -> None:
        self.at = at
        self.steps = 0

    def step(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # the lease is renewed beside, in its own time
        self.steps += 1
        if self.steps == self.at:
            os._exit(KILLED)

    def profile(self, frame: FrameType, event: str, _argument: object) -> None:
        if event in ("call", "return") and frame.f_code in WRITES:
            self.step()

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in CHANGES or (event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")):
            self.step()


def run_in_child(folder: Path, at: int = 0) -> tuple[int, int]:
    """Work off the inbox in a child process that dies before step ``at``; its exit code, and the steps it took."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            desk = office(folder, workers=ReadHere())
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
    with os.fdopen(reader) as said:
        return code, int(said.read() or 0)


def everything(folder: Path) -> dict[str, bytes]:
    """The outbox, and the inbox with receipts and returned forms; originals by name."""
    found = tree(folder)
    return {path: content for path, content in found.items() if not path.startswith("records/register.sqlite")}


def fill(folder: Path) -> None:
    desk = office(folder, workers=ReadHere())
    for name in FORMS:
        drop(EXAMPLES / name, desk)
    close(desk)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, bytes], int]]:
    folder = tmp_path_factory.mktemp("undisturbed")
    fill(folder)
    # Once in this process first, so that the children find libraries and templates in memory.
    warm = office(folder.with_name("warm"), workers=ReadHere())
    for name in FORMS:
        work(drop(EXAMPLES / name, warm), warm)
    close(warm)
    code, steps = run_in_child(folder)
    assert code == 0
    yield everything(folder), steps


def test_the_undisturbed_run_does_its_work_in_many_steps(undisturbed: tuple[dict[str, bytes], int]) -> None:
    written, steps = undisturbed
    assert steps > 50
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
        assert run_in_child(folder, at)[0] == KILLED, at
        assert run_in_child(folder)[0] == 0, at
        assert everything(folder) == expected, at


def test_killed_twice_it_still_leaves_the_same(undisturbed: tuple[dict[str, bytes], int], tmp_path: Path) -> None:
    expected, steps = undisturbed
    for at in range(1, steps, steps // 12):
        folder = tmp_path / str(at)
        fill(folder)
        run_in_child(folder, at)
        run_in_child(folder, steps // 3)
        assert run_in_child(folder)[0] == 0, at
        assert everything(folder) == expected, at
