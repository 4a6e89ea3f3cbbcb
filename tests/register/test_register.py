"""The register tells the same however often a step is repeated."""

from __future__ import annotations

import dataclasses
import re
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.audit import Event
from pipeline.register import Entry, Register
from pipeline.register.schema import TABLES
from pipeline.rules.assessment import examine_matrix
from pipeline.rules.case import Assessment
from tests.factories import meeting_record
from tests.matrix_forms import FREQUENT, LAYOUT, NOW, form
from tests.register.given import EVENING, MORNING, accept, accepted, letter, send_back, slip


def believed() -> Assessment:
    examined = examine_matrix(form({FREQUENT: "x – most days", NOW: "x"}), LAYOUT, MORNING.date())
    assert isinstance(examined.believed, Assessment)
    return examined.believed


def free(_folder: str) -> bool:
    return False


def test_a_content_arrives_once(register: Register) -> None:
    assert register.arrived("a" * 64, 9, MORNING) == MORNING
    assert register.arrived("a" * 64, 9, EVENING) == MORNING


def test_what_was_accepted_is_held_for_its_case_to_the_letter(register: Register) -> None:
    register.arrived("a", 9, MORNING)
    register.record("a", [Entry("Sheet1", "matrix", "CF104233", "accepted", believed())], (), MORNING)
    assert register.case("CF104233", besides="b") == (believed(),)
    assert register.case("CF104233", besides="a") == ()
    assert register.case("CF104234", besides="b") == ()


def test_a_form_counts_as_accepted_before_once_its_sender_was_told(register: Register) -> None:
    register.arrived("a", 9, MORNING)
    register.record("a", [Entry("Sheet1", "matrix", "CF1", "accepted", believed())], (), MORNING)
    assert register.accepted_before("a") == frozenset()
    register.told("a")
    assert register.accepted_before("a") == {"Sheet1"}


def test_a_form_that_went_back_is_not_held(register: Register) -> None:
    register.arrived("a", 9, MORNING)
    register.record("a", [Entry("Sheet1", "matrix", "CF1", "returned", None)], (), MORNING)
    register.told("a")
    assert register.case("CF1", besides="b") == ()
    assert register.accepted_before("a") == frozenset()


def test_recording_again_leaves_one_row_and_keeps_what_was_accepted(register: Register) -> None:
    register.arrived("a", 9, MORNING)
    for outcome in ("returned", "accepted", "returned"):
        register.record(
            "a", [Entry("", "matrix", "CF1", outcome, believed() if outcome == "accepted" else None)], (), MORNING
        )
    assert register.case("CF1", besides="b") == (believed(),)


def test_a_pack_is_known_with_what_was_known_of_its_case_once_it_is_recorded(register: Register) -> None:
    accept(register, "a", meeting_record(), [letter("CF104233-a-1")])
    register.arrived("b", 9, MORNING)
    folder = register.pack_folder("b", "CF104233", "CF104233/form", free)
    assert register.pack("CF104233", "b") is None
    entry = accepted(believed(), sha256="b")
    published = Event("published", "b", "CF104233", {"documents": {f"{folder}/Plan.docx": "0"}})
    entry = dataclasses.replace(entry, case="CF104233", events=(*entry.events, published))
    register.record("b", [entry], [("CF104233", letter("CF104233-b-1"))], MORNING)
    accept(register, "c", slip("CF104233-a-1", None, True))
    pack = register.pack("CF104233", "b")
    assert pack is not None and [form.sha256 for form in pack.before] == ["a"]
    assert pack.letters == (letter("CF104233-a-1"),) and pack.own == (letter("CF104233-b-1"),)
    assert [x.acknowledged for x in register.letters("CF104233", besides="b")] == [MORNING.date()]
    assert register.pack("CF104234", "b") is None and register.pack("CF104233", "a") is None


def test_a_folder_once_given_stays_and_is_given_once(register: Register) -> None:
    for content in ("a", "b"):
        register.arrived(content, 9, MORNING)
    first = register.pack_folder("a", "CF1", "CF1/2026-10-30 Assessment matrix", free)
    assert register.pack_folder("a", "CF1", "CF1/2026-10-30 Assessment matrix", lambda _: True) == first
    assert register.pack_folder("b", "CF1", "CF1/2026-10-30 Assessment matrix", free) == f"{first} (2)"


def test_a_folder_that_somebody_else_made_is_left_alone(register: Register) -> None:
    register.arrived("a", 9, MORNING)
    assert register.return_folder("a", "form.xlsx", lambda folder: folder == "form.xlsx") == "form.xlsx (2)"


def test_the_register_survives_being_closed(tmp_path: Path) -> None:
    for expected in (MORNING, MORNING):
        register = Register.open(tmp_path / "register.sqlite")
        assert register.arrived("a", 9, expected) == MORNING
        register.close()


def test_who_reads_does_not_wait_for_who_writes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.register.sqlite._PATIENCE", 0)
    register = Register.open(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert register.case("CF1", besides="") == () and register.accepted_before("a") == frozenset()
        with pytest.raises(OSError, match="locked"):
            register.arrived("a", 9, MORNING)
        other.execute("ROLLBACK")
    register.close()


def test_all_but_what_may_be_done_again_is_on_the_disk_when_it_is_committed(register: Register) -> None:
    normal, full = (1,), (2,)
    for _ in range(2):
        with register._database.noting() as connection:
            assert connection.execute("PRAGMA synchronous").fetchone() == normal
        with register._database.writing() as connection:
            assert connection.execute("PRAGMA synchronous").fetchone() == full
    with pytest.raises(KeyboardInterrupt), register._database.noting():
        raise KeyboardInterrupt
    with register._database.asking() as connection:
        said: list[str] = []
        connection.set_trace_callback(said.append)
        for content in ("a", "b"):
            accept(register, content, meeting_record())
            register.pack_folder(content, "CF104233", f"CF104233/{content}", free)
            register.told(content)
    waits = [sql.split()[-1] for sql in said if sql == "COMMIT" or sql.startswith("PRAGMA synchronous")]
    arrived, durable, told = ["COMMIT"], ["FULL", "COMMIT", "COMMIT"], ["NORMAL", "COMMIT"]
    assert waits == [*arrived, *durable, *told] * 2  # it was NORMAL before; recorded and reserved in one


def test_what_is_recorded_waits_for_the_disk_although_setting_that_failed_before(register: Register) -> None:
    database = register._database
    register.told("a")
    with pytest.raises(OSError, match="inside a transaction"), database.reading(), database.writing():
        pass
    with database.writing() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_thread_has_its_turn_after_a_transaction_that_failed_in_another(register: Register, path: Path) -> None:
    database = register._database
    with database.asking() as connection:
        connection.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OSError, match="locked"):  # as it begins
            register.told("a")
    with pytest.raises(sqlite3.IntegrityError), database.writing() as connection:  # as it is committed
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute("INSERT INTO packs (sha256, case_ref, folder) VALUES ('a', 'CF1', 'CF1/form')")
    with pytest.raises(OSError, match="no such table"), database.writing() as connection:  # within
        connection.execute("INSERT INTO arrivals (sha256, received_at, told) VALUES ('a', '', 0)")
        connection.execute("SELECT 1 FROM unknown")
    elsewhere = threading.Thread(target=register.arrived, args=("a", 9, MORNING), daemon=True)
    elsewhere.start()
    elsewhere.join(10)
    assert not elsewhere.is_alive()
    assert register.arrived("a", 9, EVENING) == MORNING


def test_nothing_is_recorded_of_a_content_that_has_not_arrived(register: Register) -> None:
    with register._database.writing() as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO packs (sha256, case_ref, folder) VALUES ('a', 'CF1', 'CF1/form')")


def test_a_form_costs_the_same_however_many_there_are(register: Register, path: Path) -> None:
    """Every row that its journey reads or writes is found by an index; the newest line of the audit record is the last.

    Of the tables of others' rows none is read through.
    """
    statements: list[str] = []
    register._database._connection.set_trace_callback(lambda sql: statements.append(sql.strip()))
    accept(register, "a", meeting_record(), [letter("CF104233-a-1")])
    register.return_folder("a", "form.docx", free)
    register.pack_folder("a", "CF104233", "CF104233/form", free)
    register.told("a")
    register.accepted_before("a")
    accept(register, "b", slip("CF104233-a-1", None, True))
    send_back(register, "c", "matrix", None)
    register.acknowledge("CF104233-a-1", EVENING.date(), EVENING)
    register.letters("CF104233", besides="b")
    register.case_file("CF104233")
    register.forget("CF104233", EVENING)
    asked = [
        s for s in statements if s.startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")) and "LIMIT" not in s
    ]
    assert len(asked) > 40
    with closing(sqlite3.connect(path)) as connection:
        for sql in asked:
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
            assert not [step for step in plan if re.match(rf"SCAN ({'|'.join(TABLES)})", step)], (sql, plan)
