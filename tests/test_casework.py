"""What is due and how a case stands, as printed and as JSON, from values made by hand and from real forms."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audit import faults
from pipeline.casework import case_text
from pipeline.cli import main
from pipeline.due import due_json, due_text, to_be_decided
from pipeline.publish import Office
from pipeline.register import Register
from pipeline.rules.case import Letter
from pipeline.rules.limit import TimeLimit
from pipeline.settings import Settings
from tests import factories
from tests.offices import EXAMPLES, NOON, ReadHere, close, drop, office, work
from tests.register.given import accept
from tests.test_cli import pipeline

TODAY = dt.date(2026, 11, 22)
CASE = "CF104233"
MATRIX, REFERRAL = EXAMPLES / "matrix-must.xlsx", EXAMPLES / "referral-controls.docx"
ARRIVAL_MATTERS = ("arrived", "audit", "letters", "documents")


def limit(by: dt.date, case: str = "CF1", about: str = "", clause: str = "2.8") -> TimeLimit:
    return TimeLimit("core-group", case, "Hold the next Core Group.", by, clause, about)


def test_what_is_due_is_grouped_and_lined_up() -> None:
    days = [TODAY + dt.timedelta(days=n) for n in (-30, -1, 0, 7, 8)]
    cases = ("CF1", "CF104233", "CF1", "CF1", "CF1")
    assert list(due_text([limit(day, case) for day, case in zip(days, cases, strict=True)], TODAY)) == [
        "Overdue",
        "  23/10/2026  30 days overdue   CF1       Hold the next Core Group. (2.8)",
        "  21/11/2026  1 day overdue     CF104233  Hold the next Core Group. (2.8)",
        "Due within 7 days",
        "  22/11/2026  today             CF1       Hold the next Core Group. (2.8)",
        "  29/11/2026  in 7 days         CF1       Hold the next Core Group. (2.8)",
        "Later",
        "  30/11/2026  in 8 days         CF1       Hold the next Core Group. (2.8)",
    ]


def test_what_a_limit_is_about_stands_before_its_clause() -> None:
    [_, line] = due_text([limit(TODAY, about="CF1-8e5fccb4-2")], TODAY)
    assert line.endswith("Hold the next Core Group. (CF1-8e5fccb4-2; 2.8)")
    [_, line] = due_text([limit(TODAY, about="8e5fccb4", clause="")], TODAY)
    assert line.endswith("Hold the next Core Group. (8e5fccb4)")


def test_where_nothing_is_due_that_is_said() -> None:
    assert list(due_text([], TODAY)) == ["Nothing is due."]


def test_a_limit_as_json() -> None:
    assert due_json(limit(TODAY, about="x")) == {
        "kind": "core-group",
        "case": "CF1",
        "what": "Hold the next Core Group.",
        "by": "2026-11-22",
        "clause": "2.8",
        "about": "x",
    }
    assert due_json(limit(TODAY, case=""))["case"] is None


@pytest.mark.parametrize(
    ("last", "years", "expected"),
    [
        (dt.date(2020, 11, 21), 6, [dt.date(2026, 11, 21)]),
        (dt.date(2020, 11, 22), 6, []),  # six years ago today is not more than six years ago
        (dt.date(2020, 2, 29), 6, [dt.date(2026, 3, 1)]),
        (dt.date(1990, 1, 1), 0, []),
    ],
)
def test_a_case_that_had_no_form_for_years_is_to_be_decided(last: dt.date, years: int, expected: list[dt.date]) -> None:
    found = list(to_be_decided({"CF1": last}, years, (), TODAY))
    assert [(x.kind, x.by, x.overdue(TODAY)) for x in found] == [("retention", day, True) for day in expected]


def test_a_case_under_a_legal_hold_is_not_asked_about() -> None:
    assert list(to_be_decided({"CF1": dt.date(2000, 1, 1)}, 6, ["CF1"], TODAY)) == []


@given(st.lists(st.integers(-500, 500), max_size=30))
def test_every_limit_is_printed_once_under_its_heading(days: list[int]) -> None:
    lines = list(due_text([limit(TODAY + dt.timedelta(days=n)) for n in sorted(days)], TODAY))
    heading, counted = "", {"Overdue": 0, "Due within 7 days": 0, "Later": 0, "Nothing is due.": 0}
    for line in lines:
        if line.startswith("  "):
            counted[heading] += 1
        else:
            heading = line
    assert counted == {
        "Overdue": sum(n < 0 for n in days),
        "Due within 7 days": sum(0 <= n <= 7 for n in days),
        "Later": sum(n > 7 for n in days),
        "Nothing is due.": 0,
    }
    assert len(set(lines) & counted.keys()) == len([line for line in lines if line in counted])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A case with a matrix and a referral, and another young person's form that was given back."""
    made = office(tmp_path_factory.mktemp("office"), workers=ReadHere())
    for form in (REFERRAL, MATRIX, EXAMPLES / "matrix-unanswered-and-uncertain.xlsx"):
        work(drop(form, made), made)
    yield made
    close(made)


def folders(desk: Office) -> list[str]:
    return [f"--{name}={getattr(desk.settings, name)}" for name in ("inbox", "outbox", "records")]


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[str]:
    assert main([str(a) for a in arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_due_says_what_is_due_on_any_day(desk: Office, capsys: pytest.CaptureFixture[str]) -> None:
    records = f"--records={desk.settings.records}"
    assert said(capsys, "due", "--on", "27 Nov 2026", records) == [
        "Overdue",
        "  23/11/2026  4 days overdue    CF104237  "
        "Ask for the returned form: it has not come back completed. (fa1a04ff)",
        "Due within 7 days",
        "  27/11/2026  today             CF104233  Hold the first Core Group. (2.8, 3.3)",
        "  03/12/2026  in 6 days         CF104233  Bring the case to the panel. (2.5.14)",
    ]
    printed = [
        json.loads(x) for x in said(capsys, "due", "--on", "28/11/2026", "--case", "cf 104233", "--json", records)
    ]
    assert printed == [
        {
            "kind": "core-group",
            "case": CASE,
            "what": "Hold the first Core Group.",
            "by": "2026-11-27",
            "clause": "2.8, 3.3",
            "about": "",
            "overdue": True,
        },
        {
            "kind": "panel",
            "case": CASE,
            "what": "Bring the case to the panel.",
            "by": "2026-12-03",
            "clause": "2.5.14",
            "about": "",
            "overdue": False,
        },
    ]


def test_retention_is_asked_about_where_it_is_set(desk: Office, tmp_path: Path) -> None:
    (tmp_path / "pipeline.toml").write_text("keep_years = 2\nlegal_hold = ['CF104237']\n")
    records = f"--records={desk.settings.records}"
    done = pipeline("due", "--on", "22/11/2028", "--json", records, cwd=tmp_path)
    kept = [x for x in map(json.loads, done.stdout.splitlines()) if x["kind"] == "retention"]
    assert [(x["case"], x["by"], x["overdue"], x["clause"]) for x in kept] == [
        (CASE, "2028-11-21", True, "keep_years"),
    ]
    done = pipeline("due", "--on", "21/11/2028", "--json", records, cwd=tmp_path)
    assert "retention" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["due", "--on", "soon"], "soon is no date"),
        (["due", "--case", "CF999"], "Nothing is held on CF999."),
        (["due", "--case", "somebody"], "somebody is no social care ID."),
        (["case", "CF999"], "Nothing is held on CF999."),
        (["acknowledge", "CF104233-8e5fccb4-1", "--on", "22/11/2999"], "22/11/2999 is still to come"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(
    desk: Office, capsys: pytest.CaptureFixture[str], arguments: Sequence[str], message: str
) -> None:
    assert main([*arguments, f"--records={desk.settings.records}"]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["due"], ["case", "CF1"], ["acknowledge", "x"], ["forget", "CF1", "--yes"]])
def test_without_a_register_there_is_nothing_to_say_and_none_is_made(tmp_path: Path, arguments: list[str]) -> None:
    done = pipeline(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr.strip()) == (2, "pipeline: There is no register in records.")
    assert list(tmp_path.iterdir()) == []


def test_a_case_as_it_stands_and_why(desk: Office, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "case", CASE, *folders(desk))
    assert lines[0] == "CF104233: Jordan Testcase"
    assert sum("Testcase" in line for line in lines) == 1
    for wanted in (
        "Core group  none: no meeting record establishes one",
        "Flag        none: no meeting record raises one",
        "Panel       since 03/11/2026  [referral 87879a00]",
        "Score       51 on 30/10/2026: Core Group MUST be established  [matrix 8e5fccb4]",
        "  CF104233/2026-10-30 Assessment matrix/  14 files",
        "  30/10/2026  matrix, Sheet1            accepted   arrived 21/11/2026 12:00  [8e5fccb4]",
        "  03/11/2026  referral                  accepted   arrived 21/11/2026 12:00  [87879a00]",
    ):
        assert wanted in lines, lines
    assert any("Hold the first Core Group. (2.8, 3.3)" in line for line in lines)


def test_a_case_names_the_version_of_a_record_that_stands(tmp_path: Path) -> None:
    register = Register.open(tmp_path / "register.sqlite")
    for sha256, completed in (("b" * 64, "26/11/2026"), ("a" * 64, "24/11/2026")):
        answers = {"completed_on": completed}
        record = factories.meeting_record(meeting="panel", core_group="establish", flag="raise", answers=answers)
        accept(register, sha256, record)
    held = register.case_file("CF104233")
    assert held
    lines = list(case_text(held, register.case("CF104233", besides=""), Settings(), TODAY))
    register.close()
    assert [line.partition("  [")[2] for line in lines if line[:4] in ("Core", "Flag", "Pane")] == [
        "meeting-record bbbbbbbb]"
    ] * 3


def test_a_case_of_which_only_a_returned_form_is_held(desk: Office, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "case", "CF104237", *folders(desk))
    assert lines[0] == "CF104237: no name is held"
    assert "Score       no matrix is held" in lines
    assert f"  {desk.settings.inbox / 'returned' / 'matrix-unanswered-and-uncertain.xlsx'}" in lines
    assert "  no date     matrix, Sheet1            returned   arrived 21/11/2026 12:00  [fa1a04ff]" in lines


def everything(desk: Office, ref: str, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads("\n".join(said(capsys, "case", ref, "--json", *folders(desk))))
    return found


def test_everything_held_on_a_case(desk: Office, capsys: pytest.CaptureFixture[str]) -> None:
    held = everything(desk, CASE, capsys)
    assert (held["case"], held["name"], held["date_of_birth"]) == (CASE, "Jordan Testcase", "2010-02-14")
    matrix, referral = held["forms"]  # type: ignore[misc]
    assert (matrix["kind"], matrix["date"], matrix["sheet"]) == ("matrix", "2026-10-30", "Sheet1")
    assert (matrix["believed"]["score"]["total"], matrix["believed"]["band"]) == ({"low": 51, "high": 51}, "must")
    assert referral["believed"]["answers"]["surname"] == "Testcase"
    assert referral["believed"]["family"][0]["Name"] == "Dana Testcase"
    assert held["standing"]["panel"] == {"since": "2026-11-03", "until": None}  # type: ignore[index]
    assert [x["kind"] for x in held["limits"]] == ["core-group", "panel"]  # type: ignore[attr-defined]
    assert [x["at"] for x in held["arrived"]] == ["2026-11-21T12:00:00"] * 2  # type: ignore[attr-defined]
    assert {x["purpose"] for x in held["letters"]} == {"core group", "invitation"}  # type: ignore[attr-defined]
    documents = held["documents"]
    assert [x["folder"] for x in documents["packs"]] == [  # type: ignore[index]
        "CF104233/2026-10-30 Assessment matrix",
        "CF104233/2026-11-03 Case referral form",
    ]
    assert "Action plan.docx" in documents["packs"][0]["files"]  # type: ignore[index]
    assert documents["receipts"] == [  # type: ignore[index]
        "CF104233 Assessment matrix 8e5fccb4 accepted.txt",
        "CF104233 Case referral form 87879a00 accepted.txt",
    ]
    for path in documents["originals"]:  # type: ignore[index]
        assert (desk.settings.records / "originals" / path).is_file()
    assert [x["what"] for x in held["audit"]] == ["accepted", "published"] * 2  # type: ignore[attr-defined]
    answer_by = everything(desk, "CF104237", capsys)["arrived"]
    assert [x["answer_by"] for x in answer_by] == ["2026-11-23"]  # type: ignore[attr-defined]


def test_any_order_of_arrival_ends_in_the_same_case(
    desk: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other_way = office(tmp_path, clock=lambda: dt.datetime(2027, 1, 1, 9, 30), workers=ReadHere())
    for form in (MATRIX, REFERRAL):
        work(drop(form, other_way), other_way)
    one, other = everything(desk, CASE, capsys), everything(other_way, CASE, capsys)
    close(other_way)
    assert one["arrived"] != other["arrived"]
    assert {k: v for k, v in one.items() if k not in ARRIVAL_MATTERS} == {
        k: v for k, v in other.items() if k not in ARRIVAL_MATTERS
    }


def test_an_older_matrix_that_arrives_later_leaves_the_same_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.load_workbook(MATRIX)
    book.active["I4"] = book.active["I5"] = dt.date(2026, 9, 1)  # type: ignore[index]
    older = tmp_path / "older.xlsx"
    book.save(older)
    ends = []
    for order in ((older, MATRIX), (MATRIX, older)):
        made = office(tmp_path / order[0].stem, workers=ReadHere())
        for form in order:
            work(drop(form, made), made)
        ends.append(everything(made, CASE, capsys))
        close(made)
    noted = [[n["code"] for n in arrived["notes"]] for end in ends for arrived in end["arrived"]]  # type: ignore[attr-defined]
    assert noted == [[], [], ["older-than-held"], []]
    one, other = ({k: v for k, v in end.items() if k not in ARRIVAL_MATTERS} for end in ends)
    assert one == other


def test_a_paper_slip_is_acknowledged_once(desk: Office, capsys: pytest.CaptureFixture[str]) -> None:
    records = f"--records={desk.settings.records}"
    first, second = (letter.reference for letter in desk.register.letters(CASE)[:2])
    recipient = desk.register.letters(CASE)[0].recipient
    code = main(["acknowledge", first.lower(), "CF1-nothing-1", second, "--on", "21/11/2026", records])
    printed = capsys.readouterr()
    assert code == 2
    assert "CF1-nothing-1 is the reference of no letter" in printed.err
    assert [line.partition(" by ")[0] for line in printed.out.splitlines()] == [
        f"{first}: acknowledged on 21/11/2026",
        f"{second}: acknowledged on 21/11/2026",
    ]
    before = len(list(desk.register.audit()))
    assert main(["acknowledge", first, "--on", "01/01/2020", records]) == 2
    assert f"{first} was drafted on " in capsys.readouterr().err
    assert said(capsys, "acknowledge", first, "--on", "22/11/2026", records) == [
        f"{first}: had already been acknowledged on 21/11/2026 by {recipient}"
    ]
    assert said(capsys, "acknowledge", first, "--on", "21/11/2026", records) == [
        f"{first}: had already been acknowledged on 21/11/2026 by {recipient}"
    ]
    assert len(list(desk.register.audit())) == before
    assert {x.acknowledged for x in desk.register.letters(CASE)[:2]} == {dt.date(2026, 11, 21)}


def test_a_letter_that_waits_for_its_answer_is_listed_until_it_has_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What waits for an answer depends on which letters were drafted, and so on the order of arrival."""
    made = office(tmp_path, workers=ReadHere())
    work(drop(MATRIX, made), made)
    sha256 = hashlib.sha256(MATRIX.read_bytes()).hexdigest()
    before = everything(made, CASE, capsys)
    letter = Letter("CF104233-8e5fccb4-99", "flag", "Police", (), "", (), TODAY, dt.date(2026, 12, 1))
    made.register.record(sha256, [], [(CASE, letter)], NOON)
    records = f"--records={made.settings.records}"
    asked = "CF104233-8e5fccb4-99  flag, drafted 22/11/2026, reply by 01/12/2026: Police"
    lines = said(capsys, "case", CASE, *folders(made))
    assert [line for line in lines if "-99" in line] == [f"  {asked}"]  # and not again under what is due
    late = case_text(made.register.case_file(CASE), made.register.case(CASE, ""), made.settings, dt.date(2026, 12, 2))  # type: ignore[arg-type]
    assert f"  {asked.replace(': Police', ' (overdue): Police')}" in list(late)
    assert "acknowledgement" in [json.loads(x)["kind"] for x in said(capsys, "due", "--json", records)]
    after = everything(made, CASE, capsys)
    assert after["letters"] != before["letters"]
    assert after["limits"] == before["limits"]
    said(capsys, "acknowledge", "CF104233-8e5fccb4-99", "--on", "22/11/2026", records)
    assert f"  {asked}" not in said(capsys, "case", CASE, *folders(made))
    assert "acknowledgement" not in [json.loads(x)["kind"] for x in said(capsys, "due", "--json", records)]
    close(made)


def test_what_is_due_in_2000_cases_is_said_in_a_fifth_of_a_second(tmp_path: Path) -> None:
    """The whole process, in the time that it has a processor to itself: other tests run beside. One try is enough."""
    fill(tmp_path / "records" / "register.sqlite", 2000)
    took = []
    while not took or (min(took) >= 0.2 and len(took) < 20):
        before = os.times()
        done = subprocess.run([sys.executable, "-m", "pipeline", "due"], cwd=tmp_path, capture_output=True, check=True)
        after = os.times()
        took.append(sum(after[2:4]) - sum(before[2:4]))
    assert done.stdout.count(b"Hold the next Core Group.") == 6000
    assert min(took) < 0.2, took


def test_what_is_due_is_said_without_all_that_writes_the_register(tmp_path: Path) -> None:
    fill(tmp_path / "records" / "register.sqlite", 1)
    code = (
        "import sys; from pipeline.cli import main; code = main(['due']); "
        "unwanted = {'pipeline.register.register', 'docxtpl', 'rich', 'pipeline.publish'}; "
        "sys.exit(code or int(bool(unwanted & set(sys.modules))))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True).returncode == 0


def test_whoever_reads_only_the_first_lines_sees_no_traceback(tmp_path: Path) -> None:
    fill(tmp_path / "records" / "register.sqlite", 500)
    command = [sys.executable, "-m", "pipeline", "due"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"Overdue\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


def fill(path: Path, cases: int) -> None:
    """A register of so many cases with three limits each, as the program's own tables hold them."""
    Register.open(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        refs = [f"CF{100_000 + n}" for n in range(cases)]
        contents = [(f"{n:064}", ref) for n, ref in enumerate(refs)]
        connection.executemany(
            "INSERT INTO arrivals VALUES (?, '2026-01-01 00:00:00.000000', 1)", [c[:1] for c in contents]
        )
        connection.executemany(
            "INSERT INTO forms (sha256, case_ref, sheet, kind, outcome, believed) "
            f"VALUES (?, ?, '', 'referral', 'accepted', '{'x' * 5000}')",
            contents,
        )
        connection.executemany(
            'INSERT INTO limits (case_ref, kind, what, "by", clause, about) '
            "VALUES (?, 'core-group', 'Hold the next Core Group.', ?, '2.8', ?)",
            [
                (ref, (TODAY + dt.timedelta(days=(n * 7 + k * 31) % 90 - 30)).isoformat(), str(k))
                for n, ref in enumerate(refs)
                for k in range(3)
            ],
        )


def test_a_returned_form_that_will_never_come_back_is_seen_to(desk: Office, capsys: pytest.CaptureFixture[str]) -> None:
    (desk.settings.inbox / "holiday.docx").write_bytes(b"no form")
    work(desk.settings.inbox / "holiday.docx", desk)
    records = f"--records={desk.settings.records}"
    reference = hashlib.sha256(b"no form").hexdigest()[:8]

    def awaited() -> bool:
        return any(reference in line for line in said(capsys, "due", "--json", records))

    assert awaited()
    assert said(capsys, "acknowledge", reference.upper(), records) == [f"{reference.upper()}: no longer asked for"]
    assert not awaited()
    assert main(["acknowledge", reference, records]) == 2
    assert [line.what for line in desk.register.audit()][-1] == "seen-to"
    assert not faults(list(desk.register.audit()))
