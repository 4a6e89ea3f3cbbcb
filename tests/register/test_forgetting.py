"""A case that is forgotten is gone to the last byte, what other cases hold stays, and the audit record says so."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.audit import faults
from pipeline.register import Entry, Erasure, Register, due_in
from pipeline.register.schema import TABLES
from tests import factories
from tests.register.given import EVENING, MORNING, accept, accepted, letter, send_back

NAME, OTHER = "Xanthippe Quillfeather", "Barnaby Oakenshaw"
A, B, C, D, E = (letter * 64 for letter in "abcde")


@pytest.fixture
def filled(register: Register) -> Register:
    """``a``: CF1 alone. ``b``: CF1 and CF2 in one workbook. ``c``: a form of CF1 that went back. ``d``: CF2 alone."""
    accept(register, A, factories.meeting_record(case="CF1", name=NAME), [letter("CF1-a-1", name=NAME)])
    both = [
        accepted(factories.assessment(case="CF1", name=NAME, sheet="One"), sha256=B),
        accepted(factories.assessment(case="CF2", name=OTHER, sheet="Two"), sha256=B),
    ]
    register.arrived(B, 9, MORNING)
    register.record(B, both, (), MORNING)
    send_back(register, C, "matrix", "CF1")
    accept(register, D, factories.assessment(case="CF2", name=OTHER), [letter("CF2-d-1", name=OTHER)])
    for sha256, case in ((A, "CF1"), (B, "CF1"), (B, "CF2"), (D, "CF2")):
        register.pack_folder(sha256, case, f"{case}/{sha256[0]}", lambda _: False)
    for sha256 in (B, C, D):
        register.return_folder(sha256, f"{sha256[0]} {NAME}.xlsx", lambda _: False)
    return register


def bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))


def test_what_goes_and_what_stays_is_said_first(filled: Register) -> None:
    assert filled.erasure("CF1") == Erasure(
        ref="CF1",
        originals=(A, C),
        shared=(B,),
        packs=("CF1/a", "CF1/b"),
        returns=(f"c {NAME}.xlsx",),
    )
    assert filled.erasure("CF3") is None


def test_nothing_of_a_forgotten_case_is_held_and_everything_of_the_others_is(filled: Register, path: Path) -> None:
    before = filled.case_file("CF2")
    filled.forget("CF1", EVENING)
    assert filled.case_file("CF1") is None and filled.erasure("CF1") is None
    assert (filled.case("CF1", besides=""), filled.letters("CF1"), filled.limits("CF1")) == ((), (), ())
    assert filled.case_file("CF2") == before
    assert {x.case for x in due_in(path)} == {"CF2"}


def test_no_table_but_the_audit_record_names_a_forgotten_case(filled: Register, path: Path) -> None:
    filled.forget("CF1", EVENING)
    with closing(sqlite3.connect(path)) as connection:
        held = {name: str(connection.execute(f"SELECT * FROM {name}").fetchall()) for name in TABLES}
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {name for name, rows in held.items() if "CF1" in rows or A in rows or C in rows} == {"audit"}
    assert there == set(TABLES)


def test_no_byte_of_a_forgotten_name_stays_in_the_file_or_beside_it(filled: Register, path: Path) -> None:
    filled.forget("CF2", EVENING)  # its workbook still holds CF1
    assert bytes_of(path).count(OTHER.encode()) == 0
    assert NAME.encode() in bytes_of(path)
    filled.forget("CF1", EVENING)
    assert NAME.encode() not in bytes_of(path) and b"Quillfeather" not in bytes_of(path)


def test_what_was_deleted_before_and_not_overwritten_goes_too(filled: Register, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            f"PRAGMA secure_delete = OFF; CREATE TABLE old AS SELECT '{'Ermintrude ' * 2000}'; DROP TABLE old"
        )
    assert b"Ermintrude" in bytes_of(path)
    filled.forget("CF1", EVENING)
    assert b"Ermintrude" not in bytes_of(path)


def test_while_another_program_reads_on_the_case_is_not_said_to_be_gone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.register.sqlite._PATIENCE", 0)
    register = Register.open(path)
    accept(register, A, factories.assessment(case="CF1", name=NAME))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM forms").fetchone()
        with pytest.raises(OSError, match="another program is reading it"):
            register.forget("CF1", EVENING)
    register.forget("CF1", EVENING)
    assert b"Quillfeather" not in bytes_of(path)
    register.close()


def test_the_tombstone_says_which_case_and_how_much(filled: Register) -> None:
    filled.forget("CF1", EVENING)
    *_, last = lines = list(filled.audit())
    assert (last.what, last.case, last.sha256) == ("forgotten", "CF1", "")
    assert last.details == (
        '{"arrivals": 2, "awaited": 1, "forms": 3, "letters": 1, "limits": 3, "packs": 2, "returns": 1}'
    )
    assert faults(lines) == [] and filled.unaudited() == 0
    assert NAME not in str(lines)


def test_forgetting_again_says_nothing_and_finishes_what_a_crash_broke_off(
    filled: Register, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.forget("CF2", EVENING)
    with monkeypatch.context() as crash, pytest.raises(KeyboardInterrupt):
        crash.setattr("pipeline.register.sqlite.Database.scrub", _power_cut)
        filled.forget("CF1", EVENING)
    count = len(list(filled.audit()))
    filled.forget("CF1", EVENING)
    assert len(list(filled.audit())) == count
    assert b"Quillfeather" not in bytes_of(path)


def _power_cut(_database: object) -> None:
    raise KeyboardInterrupt


def test_the_same_content_dropped_later_is_new(filled: Register) -> None:
    filled.told(A)
    filled.forget("CF1", EVENING)
    later = dt.datetime(2027, 1, 4, 9, 0)
    assert filled.arrived(A, 9, later) == later
    assert filled.accepted_before(A) == frozenset()
    record = factories.meeting_record(case="CF1", name=NAME)
    accept(filled, A, record, [letter("CF1-a-1")], now=later)
    assert filled.case("CF1", besides="") == (record,) and filled.letters("CF1") == (letter("CF1-a-1"),)


def test_a_sheet_of_a_shared_content_dropped_later_is_new(filled: Register) -> None:
    filled.told(B)
    filled.forget("CF1", EVENING)
    assert filled.accepted_before(B) == {"Two"}


def test_a_shared_content_goes_with_the_last_of_its_cases(filled: Register) -> None:
    filled.forget("CF1", EVENING)
    found = filled.erasure("CF2")
    assert found is not None and (found.originals, found.shared) == ((B, D), ())
    assert found.returns == (f"b {NAME}.xlsx", f"d {NAME}.xlsx")


def test_a_sheet_that_said_no_case_may_be_anybodys(register: Register, path: Path) -> None:
    register.arrived(A, 9, MORNING)
    own = accepted(factories.assessment(case="CF1"))
    register.record(A, [own, Entry("Two", "matrix", None, "returned", None)], (), MORNING)
    found = register.erasure("CF1")
    assert found is not None and (found.originals, found.shared) == ((), (A,))
    register.forget("CF1", EVENING)
    assert [x.kind for x in due_in(path)] == ["returned-form"]


def test_a_form_that_a_crash_broke_off_before_it_was_recorded_is_forgotten_too(register: Register) -> None:
    register.arrived(A, 9, MORNING)
    register.pack_folder(A, "CF1", "CF1/a", lambda _: False)
    assert register.erasure("CF1") == Erasure("CF1", (A,), (), ("CF1/a",), ())
    register.forget("CF1", EVENING)
    assert register.arrived(A, 9, EVENING) == EVENING


def test_a_pack_of_another_case_keeps_its_content(register: Register) -> None:
    accept(register, A, factories.assessment(case="CF1"))
    register.pack_folder(A, "CF2", "CF2/a", lambda _: False)
    found = register.erasure("CF1")
    assert found is not None and (found.originals, found.shared) == ((), (A,))
    register.forget("CF1", EVENING)
    assert register.erasure("CF2") == Erasure("CF2", (A,), (), ("CF2/a",), ())


def test_what_is_said_of_a_case_has_no_names_of_people() -> None:
    assert {f.name for f in dataclasses.fields(Erasure)} == {"ref", "originals", "shared", "packs", "returns"}
