"""A year of one case, from the files that people drop to every document and date that follows."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import main
from pipeline.publish import Office
from pipeline.results import Result
from pipeline.rules.case import Case
from pipeline.rules.course import assemble
from pipeline.rules.dates import parse_date
from tests.a_year import CASE, YEAR, completed
from tests.offices import TEMPLATES, close, office, tree, work
from tests.test_process import text_of

ARRIVAL_MATTERS = ("arrived", "audit", "letters", "documents")


@dataclass
class Year:
    """The office with its own clock, and what each file became."""

    desk: Office
    now: list[dt.datetime]
    results: dict[str, Result] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def drop(self, name: str, content: bytes, day: dt.date) -> Result:
        self.now[0] = dt.datetime.combine(day, dt.time(12))
        path = self.desk.settings.inbox / name
        path.write_bytes(content)
        [result] = work(path, self.desk)
        self.results[name], self.files[name] = result, content
        return result

    def live_until(self, name: str) -> Result:
        """Drop the year's files one after the other, up to this one."""
        for drop in YEAR:
            if drop.name not in self.results:
                self.drop(drop.name, drop.make(self.desk), drop.day)
            if drop.name == name:
                return self.results[name]
        raise KeyError(name)

    def due(self, day: str) -> list[tuple[str, str, bool]]:
        """Kind, last day and whether it is overdue, on ``day``."""
        today = parse_date(day)
        assert today
        limits = self.desk.register.limits(CASE)
        return [(limit.kind, f"{limit.by:%d/%m/%Y}", limit.overdue(today)) for limit in limits]

    def text(self, name: str, document: str) -> str:
        [path] = [d.path for d in self.results[name].documents if d.path.endswith(f"/{document}.docx")]
        return text_of(self.desk.settings.outbox / path)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    now = [dt.datetime(2026, 11, 4, 12)]
    templates = tmp_path_factory.mktemp("templates") / "templates"
    shutil.copytree(TEMPLATES, templates)
    made = Year(office(tmp_path_factory.mktemp("year"), clock=lambda: now[0], templates=templates), now)
    yield made
    close(made.desk)


def kinds(result: Result) -> Counter[str]:
    assert result.outcome == "accepted", result.problems
    return Counter(d.kind for d in result.documents)


def recipients(result: Result, kind: str) -> list[str]:
    return sorted(d.recipient or "" for d in result.documents if d.kind == kind and d.path.endswith(".docx"))


# The panel's eight members, the service that the chair named, and the two that work out of hours; police and health
# are among the members.
TOLD_OF_THE_FLAG = [
    "Exampleton Children's Social Care, Head of Service, Safeguarding",
    "Exampleton Drug and Alcohol Service",
    "Exampleton Education Service",
    "Exampleton Emergency Duty Team",
    "Exampleton Health Trust, Named Nurse for Safeguarding",
    "Exampleton Legal Services",
    "Exampleton Night Service",
    "Exampleton Police, Detective Inspector, Public Protection",
    "Exampleton Psychology Service",
    "Exampleton Rail Police",
    "Exampleton Youth Offending Service",
]


def test_the_referral_invites_the_panel(year: Year) -> None:
    result = year.live_until("referral.docx")
    assert kinds(result) == {"action-plan": 1, "invitation-letter": 8, "meeting-record": 1}
    assert year.due("04/11/2026") == [("panel", "03/12/2026", False)]  # a month after 3 November


def test_a_matrix_that_calls_for_a_core_group_drafts_its_letters(year: Year) -> None:
    result = year.live_until("first.xlsx")
    assert kinds(result) == {
        "assessment-summary": 1,
        "action-plan": 1,
        "core-group-report": 1,
        "notification-letter": 10,
        "meeting-record": 1,
    }
    # 28 days after 10 November
    assert year.due("04/12/2026") == [("panel", "03/12/2026", True), ("core-group", "08/12/2026", False)]


def test_the_panel_raises_the_flag(year: Year) -> None:
    result = year.live_until("panel.docx")
    assert kinds(result) == {
        "action-plan": 1,
        "notification-letter": 11,
        "acknowledgement-slip": 11,
        "contact-report": 1,
        "invitation-letter": 9,  # eight letters and the calendar entry
        "meeting-record": 1,
    }
    assert recipients(result, "notification-letter") == TOLD_OF_THE_FLAG
    letter = year.text("panel.docx", "Flag letter - Exampleton Rail Police")
    assert "9 Platform Road" in letter
    assert "Thursday 24 December 2026" in letter  # the review of the flag
    assert "Testcase" in letter
    assert "one person to talk to" not in letter
    assert year.due("24/11/2026") == [
        *[("acknowledgement", "01/12/2026", False)] * 11,
        ("core-group", "08/12/2026", False),
        ("panel", "22/12/2026", False),  # as agreed; a month after would be the 24th
        ("flag-review", "24/12/2026", False),
    ]


def test_a_slip_that_comes_back_and_a_call_are_acknowledgements(year: Year) -> None:
    year.live_until("panel.docx")
    slip = completed(
        "2026-11-24 Meeting record",
        "Acknowledgement slip - Exampleton Rail Police.docx",
        {
            "B. Our reply/Have you done what the letter asks?": True,
            "B. Our reply/Name and job title of who replies": "C. Sergeant",
            "B. Our reply/Date of reply": "26/11/2026",
        },
    )
    result = year.drop("slip.docx", slip(year.desk), dt.date(2026, 11, 27))
    assert (result.outcome, result.form, result.case, result.documents) == ("accepted", "acknowledgement", CASE, ())
    letters = {letter.recipient: letter for letter in year.desk.register.letters(CASE)}
    assert letters["Exampleton Rail Police"].acknowledged == dt.date(2026, 11, 26)
    night = letters["Exampleton Night Service"].reference
    assert year.desk.register.acknowledge(night.lower(), dt.date(2026, 11, 30), year.now[0]) is not None
    assert [kind for kind, _, _ in year.due("30/11/2026")].count("acknowledgement") == 9


def test_the_core_group_is_established_by_its_record(year: Year) -> None:
    result = year.live_until("group 1.docx")
    assert kinds(result) == {
        "action-plan": 1,
        "core-group-report": 1,
        "invitation-letter": 11,  # ten letters and the calendar entry
        "meeting-record": 1,
    }
    assert ("core-group", "22/12/2026", False) in year.due("01/12/2026")
    plan = year.text("group 1.docx", "Action plan")
    assert "Meet after school" in plan
    assert "B. Clinician, MOSAIC" in plan
    report = year.text("group 1.docx", "Core-group report")
    assert "The meeting went ahead because of the risk at night." in report


def test_a_contact_told_too_late_stands_in_the_chronology(year: Year) -> None:
    result = year.live_until("contact.docx")
    assert kinds(result) == {}
    assert [c.contact.day for c in _case(year).contacts] == [dt.date(2026, 12, 5)]
    assert not [kind for kind, _, _ in year.due("07/12/2026") if kind == "contact-report"]  # told and written by now
    year.live_until("group 2.docx")
    assert "Late: not told and written within 24 hours" in year.text("group 2.docx", "Core-group report")


def _case(year: Year) -> Case:
    return assemble(CASE, year.desk.register.case(CASE, besides=""))


def test_the_second_core_group_moves_the_actions_on(year: Year) -> None:
    result = year.live_until("group 2.docx")
    assert kinds(result)["meeting-record"] == 1
    due = year.due("05/01/2027")
    assert ("core-group", "12/01/2027", False) in due
    assert ("panel", "22/12/2026", True) in due  # agreed, and not held
    report = year.text("group 2.docx", "Core-group report")
    assert "School does not agree with the timetable." in report
    assert "Slept at home." in report
    following = year.text("group 2.docx", "Meeting record")
    assert "Meet after school" in following
    assert "Agree a safe place for the night" not in following  # done


def test_a_core_group_without_a_matrix_is_said_until_one_is_considered(year: Year) -> None:
    year.live_until("group 5.docx")
    assert ("no-matrix", "02/03/2027", True) in year.due("03/03/2027")
    year.live_until("group 6.docx")
    assert "no-matrix" not in [kind for kind, _, _ in year.due("30/03/2027")]


def test_a_falling_score_proposes_and_does_nothing(year: Year) -> None:
    consider = year.live_until("second.xlsx")
    assert set(kinds(consider)) == {"assessment-summary", "action-plan", "core-group-report", "meeting-record"}
    assert "from 48 on Tuesday 10 November 2026 to 30 on Monday 25 January 2027" in year.text(
        "second.xlsx", "Assessment summary"
    )
    low = year.live_until("third.xlsx")
    assert "removal-letter" not in kinds(low)
    summary = year.text("third.xlsx", "Assessment summary")
    assert "from 30 on Monday 25 January 2027 to 12 on Thursday 25 March 2027" in summary
    assert "2.5.15" in summary


def test_removal_goes_to_exactly_those_who_were_told_whatever_the_address_book_says(year: Year) -> None:
    year.live_until("group 6.docx")
    path = year.desk.templates.folder / "agencies.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Agencies"]
    for row in list(sheet.iter_rows(min_row=2)):
        if row[0].value == "Exampleton Night Service":
            sheet.delete_rows(row[0].row)
            break
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == "Exampleton Education Service":
            row[3].value = "77 New Street\nExampleton\nZZ7 7ZZ"
        if row[0].value == "Exampleton Legal Services":
            row[0].value = "Brand New Out of Hours"
    book.save(path)
    result = year.live_until("last panel.docx")
    assert kinds(result) == {"action-plan": 1, "removal-letter": 11, "acknowledgement-slip": 11}
    assert recipients(result, "removal-letter") == TOLD_OF_THE_FLAG
    assert "77 New Street" in year.text("last panel.docx", "Removal letter - Exampleton Education Service")
    assert year.due("06/04/2027") == [("acknowledgement", "13/04/2027", False)] * 11


def test_every_letter_says_its_own_days(year: Year) -> None:
    """The day of the letter, of the meeting or review it is about, and by when to reply: written down by hand."""
    year.live_until("last panel.docx")
    days = {
        ("referral.docx", "Invitation letter - Exampleton Legal Services"): (
            "Wednesday 4 November 2026",
            "by Wednesday 11 November 2026",
            "[to be completed: date of the meeting], [to be completed: time]",
        ),
        ("first.xlsx", "Notification letter - MOSAIC"): (
            "Tuesday 10 November 2026",
            "by Tuesday 17 November 2026",
            "by Tuesday 8 December 2026",  # 28 days after the assessment
        ),
        ("panel.docx", "Flag letter - Exampleton Night Service"): (
            "Tuesday 24 November 2026",
            "by Tuesday 1 December 2026",
            "until the review date, Thursday 24 December 2026",
        ),
        ("panel.docx", "Invitation letter - Exampleton Legal Services"): (
            "Tuesday 24 November 2026",
            "Tuesday 22 December 2026, [to be completed: time]",
        ),
        ("group 1.docx", "Invitation letter - MOSAIC"): (
            "Tuesday 1 December 2026",
            "Tuesday 22 December 2026, 14:00",
            "Example House",
            "by Tuesday 8 December 2026",
        ),
        ("group 5.docx", "Invitation letter - MOSAIC"): ("Tuesday 2 March 2027", "Tuesday 30 March 2027"),
        ("last panel.docx", "Removal letter - Exampleton Night Service"): (
            "Tuesday 6 April 2027",
            "Tuesday 24 November 2026",  # when it was raised
            "the meeting of Tuesday 6 April 2027",
            "by Tuesday 13 April 2027",
        ),
    }
    for (name, letter), said in days.items():
        text = year.text(name, letter)
        assert [words for words in said if words not in text] == [], (name, letter)
        assert year.results[name].case in text
    [entry] = [d.path for d in year.results["group 1.docx"].documents if d.path.endswith(".ics")]
    calendar = (year.desk.settings.outbox / entry).read_text()
    assert "DTSTART;TZID=Europe/London:20261222T140000" in calendar
    assert "Testcase" not in calendar


def test_every_document_bears_the_day_on_which_its_form_arrived(year: Year) -> None:
    year.live_until("last panel.docx")
    arrived = {drop.name: drop.day for drop in YEAR}
    for name, day in arrived.items():
        for document in year.results[name].documents:
            if document.path.endswith(".docx") and document.kind not in ("meeting-record", "contact-report"):
                text = text_of(year.desk.settings.outbox / document.path)
                assert f"{day:%A} {day.day} {day:%B %Y}" in text, document.path


def test_the_plan_says_what_is_due_when(year: Year) -> None:
    year.live_until("last panel.docx")
    second = year.text("group 2.docx", "Action plan")
    for words in (
        "Tuesday 22 December 2026",
        "Tuesday 12 January 2027",
        "Thursday 24 December 2026",
        "31 January 2027",
    ):
        assert words in second
    last = year.text("last panel.docx", "Action plan")
    for words in ("The Core Group ended on Tuesday 30 March 2027.", "removed on Tuesday 6 April 2027"):
        assert words in last


def test_any_order_of_arrival_ends_in_the_same_case(
    year: Year, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year.live_until("last panel.docx")
    as_it_was = [drop.name for drop in YEAR]
    expected = _arrived_as(as_it_was, year, tmp_path / "as it was", capsys)
    for seed in range(4):
        order = random.Random(seed).sample(as_it_was, len(as_it_was))
        assert _arrived_as(order, year, tmp_path / str(seed), capsys) == expected, order


def _arrived_as(order: list[str], year: Year, folder: Path, capsys: pytest.CaptureFixture[str]) -> object:
    """What is held after the year's files have arrived in ``order``."""
    desk = office(folder, clock=lambda: dt.datetime(2027, 4, 6, 12))
    for name in order:
        path = desk.settings.inbox / name
        path.write_bytes(year.files[name])
        [result] = work(path, desk)
        assert result.outcome == "accepted", (order, name, result.problems)
    held = _as_json(desk, capsys)
    close(desk)
    return held


def _as_json(desk: Office, capsys: pytest.CaptureFixture[str]) -> object:
    assert main(["case", CASE, "--json", "--records", str(desk.settings.records)]) == 0
    held = json.loads(capsys.readouterr().out)
    return {key: value for key, value in held.items() if key not in ARRIVAL_MATTERS}


def test_a_pack_that_was_recorded_before_a_crash_stays_what_it_was_whatever_came_since(tmp_path: Path) -> None:
    now = [dt.datetime(2026, 11, 4, 12)]
    year = Year(office(tmp_path, clock=lambda: now[0]), now)
    year.live_until("group 1.docx")  # the core group is established: a pack drafted now would have its report
    panel = year.files["panel.docx"]
    with closing(sqlite3.connect(year.desk.settings.records / "register.sqlite")) as register, register:
        untold = "UPDATE arrivals SET told = 0 WHERE sha256 = ?"
        assert register.execute(untold, [hashlib.sha256(panel).hexdigest()]).rowcount == 1
    before, letters = tree(year.desk.settings.outbox), year.desk.register.letters(CASE)
    again = year.drop("panel.docx", panel, dt.date(2026, 12, 2))
    assert again.outcome == "accepted"
    assert tree(year.desk.settings.outbox) == before
    assert year.desk.register.letters(CASE) == letters
    assert {document.path for document in again.documents} <= set(before)
    close(year.desk)
