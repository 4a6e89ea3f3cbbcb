"""A register of any release is opened with all that it holds, or refused, however many programs open it at once."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.audit import faults
from pipeline.errors import SettingsError
from pipeline.register import Register, due_in
from pipeline.rules.case import Assessment, Referral
from pipeline.rules.limit import TimeLimit

FIRST_RELEASE = Path(__file__).parents[1] / "forms" / "registers" / "first-release.sqlite"
MORNING = dt.datetime(2026, 11, 22, 9, 0)
# What the first release accepted: the cases' forms in the order of their arrival.
CASES = {
    "CF104233": [Assessment, Referral],
    "CF104234": [Assessment],
    "CF104235": [Assessment],
    "CF104236": [Assessment],
    "CF104238": [Assessment, Assessment, Assessment],
    "CF104239": [Assessment],
    "CF104240": [Referral],
    "CF104241": [Referral],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copyfile(FIRST_RELEASE, tmp_path / "register.sqlite"))


@pytest.fixture
def register(path: Path) -> Iterator[Register]:
    register = Register.open(path)
    yield register
    register.close()


def test_every_form_of_the_first_release_is_still_believed(register: Register) -> None:
    assert {ref: [type(form) for form in register.case(ref, besides="")] for ref in CASES} == CASES
    assessment, referral = register.case("CF104233", besides="")
    assert isinstance(assessment, Assessment) and isinstance(referral, Referral)
    assert (assessment.name, assessment.band, str(assessment.score.total)) == ("Jordan Testcase", "must", "51")
    assert (referral.name, referral.form.kind, len(referral.agencies)) == ("Jordan Testcase", "referral", 2)


def test_the_audit_record_of_the_first_release_is_whole_and_goes_on(register: Register) -> None:
    register.arrived("a" * 64, 9, MORNING)
    lines = list(register.audit())
    assert (len(lines), lines[-1].what, faults(lines)) == (34, "arrived", [])
    assert register.unaudited() == 0


def test_the_folders_of_the_first_release_stay_taken(register: Register) -> None:
    register.arrived("a" * 64, 9, MORNING)
    wanted = "CF104235/2026-10-30 Assessment matrix"
    assert register.pack_folder("a" * 64, "CF104235", wanted, lambda _: False) == f"{wanted} (2)"


def test_the_cases_of_the_first_release_have_their_time_limits(register: Register) -> None:
    """28 days after the assessment of 30 October, one month after the referral of 3 November."""
    assert [(x.kind, x.by) for x in register.limits("CF104233")] == [
        ("core-group", dt.date(2026, 11, 27)),
        ("panel", dt.date(2026, 12, 3)),
    ]
    assert [(x.kind, x.by) for x in register.limits("CF104240")] == [("panel", dt.date(2026, 12, 3))]
    assert register.limits("CF104235") == ()


def test_the_returned_forms_of_the_first_release_are_awaited(path: Path) -> None:
    """They went back on Saturday 21 November: Monday is the working day after."""
    what = "Ask for the returned form: it has not come back completed."
    assert [x for x in due_in(path) if x.kind == "returned-form"] == [
        TimeLimit("returned-form", "", what, dt.date(2026, 11, 23), "", "bb191a4a"),
        TimeLimit("returned-form", "CF104237", what, dt.date(2026, 11, 23), "", "fa1a04ff"),
    ]


def test_a_returned_form_of_the_first_release_that_was_answered_is_not_awaited(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:  # CF104234's was accepted before it
        connection.execute("UPDATE forms SET case_ref = 'CF104234' WHERE outcome = 'returned' AND case_ref IS NOT NULL")
    assert {x.about for x in due_in(path) if x.kind == "returned-form"} == {"bb191a4a", "fa1a04ff"}


def test_one_that_a_later_form_answered_is_not_awaited(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:  # CF104236's was accepted after it
        connection.execute("UPDATE forms SET case_ref = 'CF104236' WHERE outcome = 'returned' AND case_ref IS NOT NULL")
    assert {x.about for x in due_in(path) if x.kind == "returned-form"} == {"bb191a4a"}


def test_a_register_brought_up_has_the_tables_of_a_new_one(register: Register, path: Path, tmp_path: Path) -> None:
    Register.open(tmp_path / "new.sqlite").close()
    assert _made_of(path) == _made_of(tmp_path / "new.sqlite")


def _made_of(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {(name, " ".join(sql.split())) for name, sql in rows}


def test_a_register_that_cannot_be_brought_up_stays_as_it_was(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE forms SET believed = '{' WHERE case_ref = 'CF104241' AND outcome = 'accepted'")
    before = _made_of(path)
    with pytest.raises(ValueError, match="truncated"):
        Register.open(path)
    assert _made_of(path) == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version FROM schema").fetchall() == [(1,)]


def test_several_programs_may_bring_up_one_register_at_once(path: Path) -> None:
    with ThreadPoolExecutor(8) as programs:
        registers = list(programs.map(Register.open, [path] * 8))
    assert {len(r.limits("CF104233")) for r in registers} == {2}
    assert len(due_in(path)) == 8
    for register in registers:
        register.close()


def test_a_register_of_a_later_release_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    Register.open(path).close()
    Register.open(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript("UPDATE schema SET version = 3; DROP TABLE letters")
    before = _made_of(path)
    for open_it in (Register.open, due_in):
        with pytest.raises(SettingsError, match="later release"):
            open_it(path)
    assert _made_of(path) == before


def test_a_file_that_is_no_register_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "register.sqlite").write_bytes(b"not a database" * 100)
    for open_it in (Register.open, due_in):
        with pytest.raises(SettingsError, match="cannot be opened as the register"):
            open_it(tmp_path / "register.sqlite")


def test_several_programs_may_open_a_new_register_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as programs:
        registers = list(programs.map(Register.open, [tmp_path / "register.sqlite"] * 8))
    assert {r.arrived("a", 9, MORNING) for r in registers} == {MORNING}
    for register in registers:
        register.close()


def test_several_threads_may_use_one_register(tmp_path: Path) -> None:
    register = Register.open(tmp_path / "register.sqlite")
    with ThreadPoolExecutor(8) as threads:
        first = list(threads.map(lambda n: register.arrived(f"{n % 40}", 9, MORNING + dt.timedelta(n)), range(80)))
    lines = list(register.audit())
    assert first[:40] == first[40:] and len(lines) == 40 and faults(lines) == []
    register.close()


def test_a_register_that_another_program_is_just_making_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE half_made (x)")
        done = threading.Timer(0.3, other.execute, ["COMMIT"])
        done.start()
        register = Register.open(path)
        done.join()
    assert register.arrived("a", 9, MORNING) == MORNING
    register.close()
