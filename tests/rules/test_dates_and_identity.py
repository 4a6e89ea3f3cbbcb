"""Dates as people write them in England, and the rules that hang on names and numbers."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rules.dates import four_weeks_after, month_after, parse_date, parse_time
from pipeline.rules.identity import case_reference, is_not_known, may_be_same_person, name_parts


@pytest.mark.parametrize(
    "text",
    [
        "03/11/2026", "3.11.26", "3rd November 2026", "3 Nov 2026", "03-11-2026", "3 11 26", "2026-11-03",
        "Tuesday 3 November 2026", "Tues, 3rd Nov. 2026", "3-Nov-26", "November 3rd, 2026", "3rd of November 2026",
        " 3 /11/ 2026 ", "3 NOVEMBER 2026", "2026-11-03 00:00:00", "3/11/2026.", "3–11–2026", "3·11·2026",
        "DOB: 3/11/2026", "born on 3 November 2026", "3/11/2026 (age 16)", "3/11/2026, aged 16", "3.11.26 (16 yrs)",
        "3 Nov 2026 16 years old", "3/11/2026 (16y/o).",
        "3/11/2026 – 16 years", "3/11/2026 (16)", "3/11/2026 (16 years and 9 months)", "3/11/2026 15y 8m",
    ],
)  # fmt: skip
def test_a_date_is_read_day_first(text: str) -> None:
    assert parse_date(text) == dt.date(2026, 11, 3)


@pytest.mark.parametrize(
    "text",
    [
        "", "11/25/2026", "31/02/2026", "November 2026", "3/11", "last week", "3 or 4 November 2026", "3/11/026",
        "2026", "45963", "03/11/2026 - 05/11/2026", "3 Brumaire 2026", "0/1/2026", "3/11-2026",
        "3 November 16 years", "aged 16", "c. 3/11/2026", "3/11/2026 (or 4/11/2026)", "3/11/2026 16",
    ],
)  # fmt: skip
def test_what_is_not_clearly_a_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["Unallocated", "not yet allocated", "N/A", "tbc."])
def test_what_only_says_that_an_answer_is_wanting_is_not_known(text: str) -> None:
    assert is_not_known(text)


def test_an_iso_date_is_never_turned_round() -> None:
    assert parse_date("2024-11-06") == dt.date(2024, 11, 6)


def test_two_digits_are_this_century_up_to_49() -> None:
    assert (parse_date("1/1/49"), parse_date("1/1/50")) == (dt.date(2049, 1, 1), dt.date(1950, 1, 1))


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2049, 12, 31)), st.sampled_from(["{:%d/%m/%Y}", "{:%d.%m.%y}", "{:%d %B %Y}"])
)
def test_every_date_is_read_back(day: dt.date, style: str) -> None:
    assert parse_date(style.format(day)) == day


@pytest.mark.parametrize(
    "text",
    [
        "22:40", "22.40", "2240", "2240 hrs", "22:40hours", "22:40h", "22 : 40", "22·40", "10.40pm", "10:40 PM",
        "10.40 p.m.", "1040pm", "10 40 pm", " 22:40. ",
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_write_it(text: str) -> None:
    assert parse_time(text) == dt.time(22, 40)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("10 pm", dt.time(22)), ("9:05 am", dt.time(9, 5)), ("09:05", dt.time(9, 5)), ("905am", dt.time(9, 5)),
        ("noon", dt.time(12)), ("12 Midday", dt.time(12)), ("12:30 pm", dt.time(12, 30)),
        ("12.30am", dt.time(0, 30)), ("00:00", dt.time(0)), ("12:00", dt.time(12)),
    ],
)  # fmt: skip
def test_the_half_of_the_day_is_as_written(text: str, time: dt.time) -> None:
    assert parse_time(text) == time


@pytest.mark.parametrize(
    "text",
    [
        "", "10", "12", "9:05", "905", "midnight", "12 pm", "12:00 am", "13 pm", "0 am", "24:00", "22:60", "2460",
        "10:60 pm", "22:40 pm", "about 22:40", "22:40 or 22:50", "22:40-23:00", "evening", "22/40", "2:2:40", "224",
    ],
)  # fmt: skip
def test_what_is_not_clearly_a_time_is_none(text: str) -> None:
    assert parse_time(text) is None


@given(st.times().map(lambda time: time.replace(second=0, microsecond=0)), st.booleans())
def test_every_time_is_read_back(time: dt.time, by_halves: bool) -> None:
    twelve = time.minute == 0 and time.hour in (0, 12)
    style = "{:%I.%M%p}" if by_halves and not twelve else "{:%H:%M}"
    assert parse_time(style.format(time)) == time


def test_within_a_month_is_the_same_day_or_the_last() -> None:
    assert month_after(dt.date(2026, 11, 3)) == dt.date(2026, 12, 3)
    assert month_after(dt.date(2026, 1, 31)) == dt.date(2026, 2, 28)
    assert month_after(dt.date(2026, 12, 31)) == dt.date(2027, 1, 31)
    assert four_weeks_after(dt.date(2026, 10, 30)) == dt.date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "ref"), [("cf 104 233", "CF104233"), ("104233", "104233"), (" CF104 233\n", "CF104233")]
)
def test_an_id_loses_its_white_space(text: str, ref: str) -> None:
    assert case_reference(text) == ref


@pytest.mark.parametrize("text", ["CF104233 CF104240", "CF104233\nCF104240", "CF104233 / CF104240", "104233 104240"])
def test_two_ids_are_not_one(text: str) -> None:
    assert case_reference(text) is None


@pytest.mark.parametrize(
    "text", ["\u200bCF104233", "\ufeffCF 104233", "\u202aCF104233\u202c", "'CF104233", "ＣＦ１０４２３３"]
)
def test_what_nobody_sees_makes_no_other_id(text: str) -> None:
    assert case_reference(text) == "CF104233"


@pytest.mark.parametrize("text", ["2010-03-04", "4.3.2010", "4th March 2010", "04-03-10"])
def test_a_date_is_no_id(text: str) -> None:
    assert case_reference(text) is None
    assert case_reference("10 04 23") == "100423"


@pytest.mark.parametrize(
    "text",
    [
        "CF104233 (LCS)", "CareFirst 104233", "104233 Liquidlogic", "No. 104233", "ID 104233", "see above 104233",
        "CF104233 TBC", "CF104233 – old CF1", "CF104233 or CF9",
    ],
)  # fmt: skip
def test_words_beside_an_id_make_no_other_case(text: str) -> None:
    assert case_reference(text) is None


@pytest.mark.parametrize(
    ("text", "ref"), [("LCS 104233", "LCS104233"), ("104 233 A", "104233A"), ("P-104 233", "P-104233")]
)
def test_letters_of_an_id_are_part_of_it(text: str, ref: str) -> None:
    assert case_reference(text) == ref


@given(st.text(max_size=50))
def test_an_id_that_is_believed_is_a_safe_folder_name(text: str) -> None:
    ref = case_reference(text)
    if ref is not None:
        assert not set(ref) & set('\\/:*?"<>|') and ref not in (".", "..") and ref[0] != "." and ref == ref.upper()


def test_names_have_no_order_case_or_accents() -> None:
    assert name_parts("SMITH-Jones, Zoë O'Neil") == {"smith", "jones", "zoe", "oneil"}


@pytest.mark.parametrize(
    ("known", "written", "same"),
    [
        ("Jordan Smith", "Smith, Jordan", True),
        ("Jordan Smith", "J. Smith", True),
        ("Jordan Smith", "J S", True),
        ("J.S.", "Jordan Smith", True),
        ("Jordan Smith", "J Brown", False),
        ("Jordan Smith", "A S", False),
        ("Jordan Smith", "", True),
        ("王小明", "王 大", False),
        ("王 小明", "王 大", True),
    ],
)
def test_one_shared_part_is_enough(known: str, written: str, same: bool) -> None:
    assert may_be_same_person([known], [written]) is same
