"""The next meeting as a calendar reads it (RFC 5545)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.outgoing.calendar_entry import calendar_entry
from pipeline.outgoing.occasion import Occasion
from tests import factories as make

DAY = dt.date(2026, 12, 22)


def after(*, meeting: str = "core group", next_meeting: dt.date | None = DAY, **answers: str) -> Occasion:
    record = make.meeting_record(meeting=meeting, next_meeting=next_meeting, answers=answers)
    return make.occasion(record, make.case(meetings=[record]), make.decision("meeting"), today=dt.date(2026, 11, 25))


def entry(occasion: Occasion) -> bytes:
    made = calendar_entry(occasion)
    assert made is not None
    return made


def test_a_meeting_with_a_time_is_at_that_time_in_london() -> None:
    lines = entry(after(next_time="2.30pm", next_place="Example House, Room 2; upstairs")).decode().split("\r\n")
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Core Group Pipeline//EN"]
    assert lines[3:5] == ["BEGIN:VTIMEZONE", "TZID:Europe/London"]
    assert lines[lines.index("BEGIN:VEVENT") :] == [
        "BEGIN:VEVENT",
        "UID:CF104233-after-core-group-20261124",
        "DTSTAMP:20261125T000000Z",
        "DTSTART;TZID=Europe/London:20261222T143000",
        "SUMMARY:Core Group\\, CF104233",
        "LOCATION:Example House\\, Room 2\\; upstairs",
        "CLASS:CONFIDENTIAL",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize("time", ["", "in the morning", "10"])
def test_a_meeting_without_a_certain_time_takes_the_whole_day(time: str) -> None:
    lines = entry(after(meeting="panel", next_time=time)).decode().split("\r\n")
    assert lines[3:] == [
        "BEGIN:VEVENT",
        "UID:CF104233-after-panel-20261124",
        "DTSTAMP:20261125T000000Z",
        "DTSTART;VALUE=DATE:20261222",
        "SUMMARY:Complex Case Panel\\, CF104233",
        "CLASS:CONFIDENTIAL",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_place_with_the_young_persons_name_in_it_stays_in_the_letter() -> None:
    assert b"LOCATION" not in entry(after(next_place="Jordan's school"))
    assert b"LOCATION" in entry(after(next_place="Jordanhill School"))


def test_no_day_is_no_entry() -> None:
    assert calendar_entry(after(next_meeting=None)) is None
    referral = make.referral(answers=make.ANSWERS | {"panel_date": "8/12/2026"})
    assert calendar_entry(make.occasion(referral, make.case(referral=referral), make.decision("panel"))) is None


@given(st.text(max_size=400))
@example("ü☒" * 30)
@example("😀" * 40)
@example("Example House, Room 2; " * 6)
def test_whatever_the_place_every_line_fits_and_reads_back(place: str) -> None:
    content = entry(after(next_time="14:00", next_place=place, allocated_worker="Secret Worker"))
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    unfolded = content.replace(b"\r\n ", b"").decode()
    assert unfolded.count("\r\n") == 28 + ("LOCATION" in unfolded)
    assert "Jordan" not in unfolded
    assert "Secret" not in unfolded


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=150))
def test_a_short_place_is_said_to_the_letter(place: str) -> None:
    unfolded = entry(after(next_place=place)).replace(b"\r\n ", b"").decode()
    [location] = [line.removeprefix("LOCATION:") for line in unfolded.split("\r\n") if line.startswith("LOCATION:")]
    said = location.replace("\\\\", "\0").replace("\\,", ",").replace("\\;", ";").replace("\0", "\\")
    assert said == place
