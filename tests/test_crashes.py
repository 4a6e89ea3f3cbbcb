"""The program is killed at every step; run again, it leaves the same outbox as a run that nothing disturbed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import pytest

from pipeline.cli import _parser
from pipeline.publish import Office
from pipeline.register import Register
from pipeline.watch import run
from tests.a_year import CASE, CONTACT, completed, record
from tests.offices import EXAMPLES, ReadHere, close, drop, office, tree, work
from tests.register.test_opening import FIRST_RELEASE

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")

# One form that is accepted, one that goes back: every step of both journeys.
FORMS = ("matrix-consider.xlsx", "referral-incomplete.docx")
EVENING = dt.datetime(2026, 12, 7, 18, 0)
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}
KILLED = 9

Deed = Callable[[Path], object]
Rows = dict[str, list[tuple[Any, ...]]]


class Killer:
    """Ends the process, as a power cut would, before its ``at``-th step.

    A step is whatever a crash can come before or after: each change on the disk, each transaction of the register that
    is committed, and whatever the register does outside of one. ``each_statement``: within them too.
    """

    def __init__(self, at: int, each_statement: bool = False) -> None:
        self.at = at
        self.steps = 0
        self.each_statement = each_statement

    def __enter__(self) -> Killer:
        sys.addaudithook(self.audit)  # for good: only in a child
        sqlite3.connect = self.connected(sqlite3.connect)  # type: ignore[assignment]
        return self

    def connected(self, connect: Callable[..., sqlite3.Connection]) -> Callable[..., sqlite3.Connection]:
        """So that every connection tells its statements."""

        def connected(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **named)
            connection.set_trace_callback(self.statement)
            return connection

        return connected

    def __exit__(self, *_: object) -> None:
        self.at = 0

    def step(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # the lease is renewed beside, in its own time
        self.steps += 1
        if self.steps == self.at:
            os._exit(KILLED)

    def statement(self, sql: str) -> None:
        sql = sql.strip()
        if sql.startswith(("COMMIT", "VACUUM", "PRAGMA wal_checkpoint")) or (
            self.each_statement and not sql.startswith(("SELECT", "PRAGMA", "BEGIN", "--"))
        ):
            self.step()

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in CHANGES or (event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")):
            self.step()


def in_child(deed: Deed, folder: Path, at: int = 0, each_statement: bool = False) -> tuple[int, int]:
    """Do it in a child process that dies before step ``at``; its exit code, and the steps it took."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with Killer(at, each_statement) as killer:
                deed(folder)
            os.write(writer, str(killer.steps).encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writer)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with os.fdopen(reader) as said:
        return code, int(said.read() or 0)


def work_off_all(folder: Path) -> None:
    for _ in run(office(folder, workers=ReadHere())):
        pass


def run_in_child(folder: Path, at: int = 0) -> tuple[int, int]:
    return in_child(work_off_all, folder, at)


def everything(folder: Path) -> dict[str, bytes]:
    """The outbox, and the inbox with receipts and returned forms; originals by name."""
    found = tree(folder)
    return {path: content for path, content in found.items() if not path.startswith("records/register.sqlite")}


def recorded(folder: Path) -> Rows:
    """Every row of the register, without what only numbers it, or tells of the place and the time.

    And without whether the file is known to have left the inbox: after a crash just then, nobody looks for it again.
    """
    unlike = {"id", "number", "previous", "digest", "at", "told"}
    with closing(sqlite3.connect(folder / "records" / "register.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows: Rows = {}
        for table in sorted({*names} - {"folders"}):
            columns = [f'"{c[1]}"' for c in connection.execute(f"PRAGMA table_info({table})") if c[1] not in unlike]
            rows[table] = sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)
    return rows


def fill(folder: Path) -> None:
    desk = office(folder, workers=ReadHere())
    for name in FORMS:
        drop(EXAMPLES / name, desk)
    close(desk)


# A case over time: a small address book keeps its packs small.

MEMBERS = [{"Agency": "Police", "Attended?": "Yes"}, {"Agency": "Choose College", "Attended?": "Apologies"}]
PANEL = record(
    "2026-11-03 Case referral form",
    "Panel",
    "24/11/2026",
    "Chris Director",
    {
        "F. Decision/Referral to the panel": "Accepted",
        "F. Decision/High-risk flag": "Raise",
        "F. Decision/Review the flag by": "24/12/2026",
        "P. Next meeting/Date of next meeting": "22/12/2026",
    },
    {"C. Attendance": MEMBERS},
)
SLIP = completed(
    "2026-11-24 Meeting record",
    "Acknowledgement slip - Police.docx",
    {
        "B. Our reply/Have you done what the letter asks?": True,
        "B. Our reply/Name and job title of who replies": "C. Sergeant",
        "B. Our reply/Date of reply": "07/12/2026",
    },
)


def desk_in(folder: Path) -> Office:
    made = office(folder, clock=lambda: EVENING, workers=ReadHere())
    return dataclasses.replace(made, agencies=lambda: ())


def work_off_the_case(folder: Path) -> None:
    for _ in run(desk_in(folder)):
        pass


def acknowledge(folder: Path) -> None:
    desk = office(folder, workers=ReadHere())
    [reference] = [x.reference for x in desk.register.letters(CASE) if (x.purpose, x.recipient) == ("flag", "Police")]
    close(desk)
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    arguments = _parser().parse_args(["acknowledge", reference, "--records", str(folder / "records")])
    arguments.clock = lambda: EVENING
    assert arguments.command(arguments) == 0


# What is prepared is made once for all tests of a process, and goes when it ends.
PLACE = TemporaryDirectory(prefix="crashes-")


@cache
def before(what: str) -> Path:
    """A folder in which everything is as it was before; to be copied."""
    folder = Path(mkdtemp(dir=PLACE.name))
    if what == "forms":
        # Once in this process first, so that the children find libraries and templates in memory.
        warm = office(folder / "warm", workers=ReadHere())
        for name in FORMS:
            work(drop(EXAMPLES / name, warm), warm)
        close(warm)
        shutil.rmtree(folder / "warm")
        fill(folder)
        return folder
    flag_is_raised = what != "the flag"
    if flag_is_raised:
        shutil.copytree(before("the flag"), folder, dirs_exist_ok=True)
    desk = desk_in(folder)
    if flag_is_raised:
        assert [r.outcome for r in run(desk)] == ["accepted"]
    if what == "the flag":
        work(drop(EXAMPLES / "referral-glyph.docx", desk), desk)
        (desk.settings.inbox / "panel.docx").write_bytes(PANEL(desk))
    elif what == "the slip and the contact":
        (desk.settings.inbox / "slip.docx").write_bytes(SLIP(desk))
        (desk.settings.inbox / "contact.docx").write_bytes(CONTACT(desk))
    close(desk)
    return folder


JOURNEYS: dict[str, Deed] = {
    "forms": work_off_all,
    "the flag": work_off_the_case,
    "the slip and the contact": work_off_the_case,
    "the call": acknowledge,
}


@cache
def undisturbed(what: str) -> tuple[dict[str, bytes], Rows, int]:
    """What a run leaves that nothing disturbs: files, and what is recorded; and the steps it takes."""
    folder = Path(shutil.copytree(before(what), Path(PLACE.name) / f"undisturbed {what}"))
    code, steps = in_child(JOURNEYS[what], folder)
    assert code == 0
    return everything(folder), recorded(folder), steps


def same_again(what: str, folder: Path) -> None:
    written, rows, _ = undisturbed(what)
    assert everything(folder) == written
    assert recorded(folder) == rows
    shutil.rmtree(folder)


def test_the_undisturbed_run_does_its_work_in_many_steps() -> None:
    written, _, steps = undisturbed("forms")
    assert steps > 50
    assert {path.split("/")[0] for path in written} == {"inbox", "outbox", "records"}
    assert not [path for path in written if path.endswith(FORMS) and not path.startswith("inbox/returned/")]


def test_the_case_over_time_does_what_it_is_to_be_disturbed_in() -> None:
    """Four agencies of the meeting are asked for the flag, and out-of-hours social care and health."""
    written, rows, steps = undisturbed("the flag")
    flagged = [path for path in written if "/Flag letter - " in path]
    assert (len(flagged), sum("flag" in letter for letter in rows["letters"]), steps > 50) == (6, 6, True)
    assert packs_of(undisturbed("the slip and the contact")[0]) == packs_of(written)  # neither has documents
    for what in ("the slip and the contact", "the call"):
        answered = [(letter[5], letter[-1]) for letter in undisturbed(what)[1]["letters"] if letter[-1]]
        assert answered == [("Police", "2026-12-07")]


def packs_of(written: dict[str, bytes]) -> set[str]:
    return {path for path in written if path.startswith("outbox/")}


PARTS = {"forms": 8, "the flag": 8, "the slip and the contact": 2, "the call": 1}


@pytest.mark.parametrize(("what", "part"), [(what, part) for what, parts in PARTS.items() for part in range(parts)])
def test_killed_before_any_step_and_run_again_it_leaves_the_same(tmp_path: Path, what: str, part: int) -> None:
    steps = undisturbed(what)[2]
    for at in range(1 + part, steps + 1, PARTS[what]):
        folder = Path(shutil.copytree(before(what), tmp_path / str(at)))
        assert in_child(JOURNEYS[what], folder, at)[0] == KILLED, at
        assert in_child(JOURNEYS[what], folder)[0] == 0, at
        same_again(what, folder)


@pytest.mark.parametrize("what", ["forms", "the flag"])
def test_killed_twice_it_still_leaves_the_same(tmp_path: Path, what: str) -> None:
    steps = undisturbed(what)[2]
    for at in range(1, steps, steps // 12):
        folder = Path(shutil.copytree(before(what), tmp_path / str(at)))
        in_child(JOURNEYS[what], folder, at)
        in_child(JOURNEYS[what], folder, steps // 3)
        assert in_child(JOURNEYS[what], folder)[0] == 0, at
        same_again(what, folder)


def open_register(folder: Path) -> None:
    Register.open(folder / "records" / "register.sqlite").close()


def test_killed_at_any_write_while_a_register_of_the_first_release_is_brought_up(tmp_path: Path) -> None:
    def first_release(name: str) -> Path:
        records = tmp_path / name / "records"
        records.mkdir(parents=True)
        shutil.copyfile(FIRST_RELEASE, records / "register.sqlite")
        return tmp_path / name

    folder = first_release("undisturbed")
    code, steps = in_child(open_register, folder, each_statement=True)
    assert (code, steps > 25) == (0, True)
    expected = recorded(folder)
    assert (len(expected["limits"]), len(expected["awaited"])) == (6, 2)
    for at in range(1, steps + 1):
        folder = first_release(str(at))
        assert in_child(open_register, folder, at, each_statement=True)[0] == KILLED, at
        open_register(folder)
        assert recorded(folder) == expected, at
