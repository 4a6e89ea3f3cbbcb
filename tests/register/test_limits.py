"""The time limits of every case are kept as its forms and letters call for them; what is due is told without that."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.register import Entry, Register, due_in
from pipeline.register.awaited import name_hash
from pipeline.register.due import last_forms_in
from tests import factories
from tests.register.given import EVENING, MORNING, accept, accepted, letter, send_back, slip

MUST = factories.assessment()  # of 30 October 2026: the first core group by 27 November
RAISED = factories.meeting_record(
    meeting="panel", date=dt.date(2026, 11, 24), flag="raise", review_flag_by=dt.date(2027, 2, 24)
)
FLAG = letter("CF104233-0a1b2c3d-1")
NOVEMBER_23 = dt.date(2026, 11, 23)


def said(register: Register, ref: str = "CF104233") -> list[tuple[str, dt.date, str]]:
    return [(x.kind, x.by, x.about) for x in register.limits(ref)]


def test_a_form_sets_the_limits_of_its_case(register: Register) -> None:
    accept(register, "a", MUST)
    assert said(register) == [("core-group", dt.date(2026, 11, 27), "")]
    accept(register, "b", factories.meeting_record(date=dt.date(2026, 11, 20), core_group="no core group"))
    assert said(register) == []


def test_a_letter_waits_for_its_acknowledgement_by_slip_or_by_command(register: Register) -> None:
    other = letter("CF104233-0a1b2c3d-2", "Health")
    accept(register, "a", RAISED, [FLAG, other])
    waiting = [("acknowledgement", dt.date(2026, 12, 1), x.reference) for x in (FLAG, other)]
    assert [x for x in said(register) if x[0] == "acknowledgement"] == waiting
    accept(register, "slip", slip(FLAG.reference, None, True))
    assert [x for x in said(register) if x[0] == "acknowledgement"] == waiting[1:]
    register.acknowledge(other.reference, dt.date(2026, 12, 1), EVENING)
    assert [x for x in said(register) if x[0] == "acknowledgement"] == []


def test_recording_again_leaves_the_limits_as_they_are(register: Register) -> None:
    for _ in range(2):
        accept(register, "a", RAISED, [FLAG])
        send_back(register, "b", "matrix", "CF104233")
    assert [x[0] for x in said(register)] == ["returned-form", "acknowledgement", "panel", "flag-review"]


def test_all_cases_together_stand_the_soonest_first(register: Register, path: Path) -> None:
    accept(register, "a", factories.assessment(case="CF2", date=dt.date(2026, 10, 1), date_completed=None))
    accept(register, "b", MUST)
    accept(register, "c", factories.assessment(case="CF1", date=dt.date(2026, 10, 1), date_completed=None))
    send_back(register, "d" * 64, "", None)
    assert [(x.case, x.kind, x.by) for x in due_in(path)] == [
        ("CF1", "core-group", dt.date(2026, 10, 29)),
        ("CF2", "core-group", dt.date(2026, 10, 29)),
        ("", "returned-form", NOVEMBER_23),
        ("CF104233", "core-group", dt.date(2026, 11, 27)),
    ]


def test_the_last_form_of_every_case_is_known_by_its_day(register: Register, path: Path) -> None:
    accept(register, "a", MUST)
    send_back(register, "b", "matrix", "CF104233", now=dt.datetime(2026, 12, 1, 23, 59))
    send_back(register, "c", "matrix", "CF104234")
    send_back(register, "d", "matrix", None)
    assert last_forms_in(path) == {"CF104233": dt.date(2026, 12, 1), "CF104234": MORNING.date()}


def test_a_returned_form_is_awaited_from_the_working_day_after(register: Register) -> None:
    send_back(register, "0123456789", "matrix", "CF1", now=dt.datetime(2026, 11, 19, 17, 0))
    send_back(register, "a", "matrix", "CF2", now=MORNING)
    assert said(register, "CF1") == [("returned-form", dt.date(2026, 11, 20), "01234567")]
    assert said(register, "CF2") == [("returned-form", NOVEMBER_23, "a")]


@pytest.mark.parametrize(
    ("kind", "case", "name", "answered"),
    [
        ("matrix", "CF104233", "other.xlsx", True),
        ("referral", "CF104233", "form.xlsx", False),
        ("matrix", "CF104234", "form.xlsx", False),
        ("matrix", None, "form.xlsx", True),
        ("referral", None, "To complete - FORM (2).xlsx", True),
        ("", None, "form.xls", True),
        ("matrix", None, "form 2.xlsx", False),
    ],
)
def test_a_returned_form_is_answered_by_its_case_and_kind_else_by_its_name(
    register: Register, path: Path, kind: str, case: str | None, name: str, answered: bool
) -> None:
    send_back(register, "a", kind, case, name)
    accept(register, "b", MUST, name="form.xlsx")
    awaited = [x for x in due_in(path) if x.kind == "returned-form"]
    assert bool(awaited) is not answered
    assert set(awaited) <= set(register.limits(case or ""))


def test_what_was_accepted_before_answers_nothing(register: Register) -> None:
    accept(register, "a", MUST)
    register.told("a")
    send_back(register, "b", "matrix", "CF104233")
    again = Entry("Sheet1", "matrix", "CF104233", "duplicate", MUST, "form")
    register.record("a", [again], (), EVENING)
    assert ("returned-form", NOVEMBER_23, "b") in said(register)


def test_what_was_accepted_once_is_not_awaited_when_it_goes_back_later(register: Register) -> None:
    accept(register, "a", factories.contact_report())
    register.told("a")
    send_back(register, "a", "contact-report", "CF104233")
    assert said(register) == []


def test_a_crash_after_which_the_same_is_recorded_again_awaits_nothing_anew(register: Register) -> None:
    """The form that went back was answered before its own journey, which a crash broke off, was taken up again."""
    send_back(register, "a", "matrix", "CF104233")
    accept(register, "b", MUST)
    send_back(register, "a", "matrix", "CF104233")
    assert [x[0] for x in said(register)] == ["core-group"]


def test_a_form_that_goes_back_once_more_is_awaited_once_more(register: Register) -> None:
    send_back(register, "a", "matrix", "CF104233")
    register.told("a")
    accept(register, "b", MUST)
    send_back(register, "a", "matrix", "CF104233", now=dt.datetime(2026, 11, 25, 9, 0))
    send_back(register, "a", "matrix", "CF104233", now=dt.datetime(2026, 12, 25, 9, 0))
    assert said(register)[0] == ("returned-form", dt.date(2026, 11, 26), "a")


def test_what_is_to_be_done_once_is_told_once(register: Register, path: Path) -> None:
    for seen_by in ("A. Worker", "B. Worker"):
        accept(register, seen_by, factories.contact_report(written=None, answers={"seen_by": seen_by}))
    assert said(register) == [("contact-report", dt.date(2026, 11, 21), "20/11/2026 22:40")]
    assert due_in(path) == register.limits("CF104233")


def test_a_sheet_that_is_accepted_does_not_answer_one_beside_it_that_goes_back(register: Register, path: Path) -> None:
    register.arrived("a", 9, MORNING)
    back = [Entry(sheet, "matrix", None, "returned", None, "form") for sheet in ("Sheet2", "Sheet3")]
    for _ in range(2):
        register.record("a", [*back, accepted(MUST)], (), MORNING)
    assert [(x.kind, x.case, x.about) for x in due_in(path)] == [
        ("returned-form", "", "a"),
        ("core-group", "CF104233", ""),
    ]


@given(
    st.sampled_from(["Jordan T", "Émile", "a (b)", "12.11.2026 form", ""]),
    st.sampled_from(["", ".docx", ".XLS"]),
    st.lists(st.integers(1, 99)),
)
def test_a_copy_is_known_by_its_name_and_the_hash_says_nothing(stem: str, extension: str, copies: list[int]) -> None:
    copy = f"To complete - {stem.upper()}{''.join(f' ({n})' for n in copies)}{extension}"
    assert name_hash(copy) == name_hash(stem)
    assert len(name_hash(stem)) == 16 and int(name_hash(stem), 16) >= 0


def test_the_name_of_a_file_is_not_kept(register: Register, path: Path) -> None:
    send_back(register, "a", "matrix", None, "Jordan Testcase.xlsx")
    accept(register, "b", factories.contact_report(name="Somebody"), name="Jordan Testcase 2.docx")
    held = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"Somebody" in held and b"Testcase" not in held


def test_what_is_due_is_told_without_importing_what_writes_a_register(register: Register, path: Path) -> None:
    accept(register, "a", MUST)
    said = "import sys, pathlib, pipeline.register as r; print(len(r.due_in(pathlib.Path(sys.argv[1]))), "
    said += "'pipeline.register.register' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", said, str(path)], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["1", "False"]


def test_asking_what_is_due_makes_no_register(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        due_in(path)
    assert not path.exists()
