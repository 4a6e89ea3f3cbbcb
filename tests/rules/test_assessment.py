"""Which matrices are believed, which go back, and what is said of either."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.rules.assessment import examine_matrix
from pipeline.rules.case import Assessment, Range
from pipeline.rules.examined import Examined
from pipeline.rules.form import MatrixForm, Problem
from tests.matrix_forms import FREQUENT, LAYOUT, MONTHS, NO, NONE, NOW, OCCASIONAL, OLD, REGULAR, form

TODAY = dt.date(2026, 11, 21)
EVERY_MONTH = {OCCASIONAL: "x", MONTHS: "x"}  # 11 rows of 1 + 1: a score of 22, no Core Group
OFTEN = {FREQUENT: "x", NOW: "x"}  # 11 rows of 3 + 3: 66, a Core Group must be established


def examine(matrix: MatrixForm) -> Examined:
    return examine_matrix(matrix, LAYOUT, TODAY)


def codes(examined: Examined, severity: str = "return") -> set[str]:
    return {p.code for p in examined.problems if p.severity == severity}


def test_a_complete_matrix_is_believed() -> None:
    believed = examine(form(OFTEN)).believed
    assert isinstance(believed, Assessment)
    assert (believed.case, believed.name, believed.band) == ("CF104233", "Jordan Testcase", "must")
    assert believed.date == dt.date(2026, 10, 30)
    assert believed.score.total == Range(66, 66)
    assert believed.notes == ()


def test_the_band_without_protective_factors_is_told() -> None:
    # 66 - 18 = 48 is "must" either way; 22 with nine times -2 is "none" either way; 44 - 18 = 26 changes the band.
    changed = examine(form({FREQUENT: "x", MONTHS: "x"}, {REGULAR: "x"})).believed
    assert isinstance(changed, Assessment)
    assert (changed.band, changed.band_without_protective) == ("consider", "Core Group MUST be established")


@pytest.mark.parametrize("label", ["Young person Name", "Care First Id", "Assessment completed by"])
@pytest.mark.parametrize("text", ["", "  ", "n/k", "Not known", "?", "N/A"])
def test_a_matrix_goes_back_for_want_of(label: str, text: str) -> None:
    examined = examine(form(OFTEN, fields={label: text}))
    assert examined.believed is None
    [missing] = [p for p in examined.problems if p.severity == "return"]
    assert missing.code == "missing"
    assert label in missing.what
    assert missing.where and missing.remedy


def test_every_problem_is_told_at_once() -> None:
    blank = dict.fromkeys(
        ["Young person Name", "Care First Id", "Assessment completed by", "Assessment Date", "Date completed"], ""
    )
    examined = examine(form({}, fields=blank))
    assert [p.code for p in examined.problems if p.severity == "return"] == (
        ["missing"] * 4 + ["uncertain-band"] + ["unanswered"] * 11
    )


@pytest.mark.parametrize("text", ["CON", "../../etc", "CF/1", "a" * 41, "unknown number", "CF1."])
def test_an_id_that_cannot_name_a_case_goes_back(text: str) -> None:
    assert "unclear-id" in codes(examine(form(OFTEN, fields={"Care First Id": text})))


def test_either_date_alone_will_do_with_a_note() -> None:
    for given, lacking in (("Assessment Date", "Date completed"), ("Date completed", "Assessment Date")):
        examined = examine(form(OFTEN, fields={given: "1st October 2026", lacking: ""}))
        assert isinstance(examined.believed, Assessment)
        assert examined.believed.date == dt.date(2026, 10, 1)
        assert codes(examined, "note") == {"one-date"}


def test_without_any_date_a_matrix_goes_back() -> None:
    assert codes(examine(form(OFTEN, fields={"Assessment Date": "", "Date completed": ""}))) == {"missing"}
    unreadable = examine(form(OFTEN, fields={"Assessment Date": "last week", "Date completed": "31/02/2026"}))
    assert codes(unreadable) == {"unreadable-date"}


def test_a_date_that_cannot_be_read_beside_one_that_can_is_a_note() -> None:
    examined = examine(form(OFTEN, fields={"Assessment Date": "last week"}))
    assert isinstance(examined.believed, Assessment)
    assert examined.believed.date == dt.date(2026, 11, 2)
    assert codes(examined, "note") == {"unreadable-date", "one-date"}


@pytest.mark.parametrize("text", ["3/11/1026", "03/11/0026", "05/01/1900"])
def test_a_date_before_the_procedure_was_written_is_none(text: str) -> None:
    alone = examine(form(OFTEN, fields={"Assessment Date": text, "Date completed": ""}))
    assert codes(alone) == {"unreadable-date"}
    assert "before the year 2000" in next(p.what for p in alone.problems if p.code == "unreadable-date")
    beside = examine(form(OFTEN, fields={"Assessment Date": text}))
    assert isinstance(beside.believed, Assessment)
    assert beside.believed.date == dt.date(2026, 11, 2)


def test_a_date_in_the_future_is_a_note() -> None:
    assert codes(examine(form(OFTEN, fields={"Assessment Date": "22/11/2026"})), "note") == {"future-date"}
    assert not codes(examine(form(OFTEN, fields={"Assessment Date": "21/11/2026"})), "note")


TOTAL, BAND = "Overall Score", "Assessment"


@pytest.mark.parametrize(
    ("fields", "formulas", "returned", "noted"),
    [
        ({TOTAL: "66"}, set(), set(), set()),
        ({TOTAL: "66.0"}, set(), set(), set()),
        ({TOTAL: "60"}, set(), set(), {"stated-total"}),  # another total, the same band
        ({TOTAL: "30"}, set(), {"stated-total"}, set()),  # another band, typed
        ({TOTAL: "Total: 30"}, set(), {"stated-total"}, set()),
        ({TOTAL: "score of 30"}, set(), {"stated-total"}, set()),
        ({TOTAL: ">30"}, set(), {"stated-total"}, set()),
        ({TOTAL: "80 - 14 = 66"}, set(), set(), set()),
        ({TOTAL: "12 - 2 = 10"}, set(), {"stated-total"}, set()),
        ({TOTAL: "Total 66/66"}, set(), set(), set()),
        ({TOTAL: "less than 26"}, set(), set(), {"stated-total"}),
        ({TOTAL: "30"}, {TOTAL}, set(), {"stated-total"}),  # another band, by the form's own formula
        ({TOTAL: "#REF!"}, {TOTAL}, set(), set()),
        ({TOTAL: "high"}, set(), set(), {"stated-total"}),
        ({BAND: "Core Group MUST be established"}, set(), set(), set()),
        ({BAND: "core group must be established"}, set(), set(), set()),
        ({BAND: "Consider forming Core Group"}, set(), {"stated-total"}, set()),
        ({BAND: "Consider forming Core Group"}, {BAND}, set(), {"stated-total"}),
        ({BAND: "discuss with manager"}, set(), set(), {"stated-total"}),
        ({BAND: "Core Group"}, set(), set(), {"stated-total"}),  # could be any of the three
    ],
)
def test_what_the_form_itself_states_is_compared(
    fields: dict[str, str], formulas: set[str], returned: set[str], noted: set[str]
) -> None:
    examined = examine(form(OFTEN, fields=fields, formulas=frozenset(formulas)))
    assert (codes(examined), codes(examined, "note")) == (returned, noted)


def test_unanswered_rows_are_accepted_where_the_whole_range_lies_in_one_band() -> None:
    ten = dict.fromkeys(LAYOUT.sections[0].items[:10], OFTEN)
    examined = examine(form(ten))
    assert isinstance(examined.believed, Assessment)
    assert examined.believed.score.total == Range(60, 66)
    assert codes(examined, "note") == {"unanswered"}


def test_a_range_over_two_bands_goes_back_and_says_what_is_certain() -> None:
    # Five rows of 6 are 30; a sixth may add 0 to 6: 30 to 36, from "consider" to "must".
    five = dict.fromkeys(LAYOUT.sections[0].items[:5], OFTEN)
    never = {item: {NONE: "x"} for item in LAYOUT.sections[0].items[6:]}
    examined = examine(form(five | never))
    assert examined.believed is None
    assert examined.band is None
    assert examined.score and examined.score.total == Range(30, 36)
    assert [(p.code, p.where) for p in examined.problems if p.severity == "return"] == [
        ("uncertain-band", "Sheet1!B14:J14"),
        ("unanswered", "Sheet1!B14:J14"),
    ]
    certain, do_not_wait = examined.first
    assert "30 or more" in certain and "Consider forming Core Group" in certain and "as high as 36" in certain
    assert "Do not wait" in do_not_wait
    [uncertain] = [p for p in examined.problems if p.code == "uncertain-band"]
    assert f"Answer first: {LAYOUT.sections[0].items[5]}" in uncertain.remedy


def test_a_form_that_goes_back_for_its_id_says_that_a_core_group_is_due() -> None:
    examined = examine(form(OFTEN, fields={"Care First Id": ""}))
    assert "Core Group MUST be established" in examined.first[0]
    assert "Do not wait" in examined.first[1]


def test_a_low_score_that_goes_back_raises_no_alarm() -> None:
    examined = examine(form({NONE: "x", OLD: "x"}, {NO: "x"}, fields={"Care First Id": ""}))
    assert len(examined.first) == 1


def test_no_problem_repeats_what_was_written() -> None:
    secret = "Zebedee Quux 14/02/2010"
    examined = examine(form(OFTEN | {OLD: secret}, fields=dict.fromkeys([TOTAL, BAND, "Assessment Date"], secret)))
    assert not any(secret in p.what + p.remedy for p in examined.problems)


def test_a_low_score_whose_marks_are_in_doubt_is_not_called_certain() -> None:
    stated = examine(form({NONE: "x", OLD: "x"}, {NO: "x"}, fields={TOTAL: "40"}))
    assert "As far as this form can be read" in stated.first[0] and "already" not in stated.first[0]
    assert "Do not wait" in stated.first[1]
    twice = Problem("return", "two-tables", "Sheet1!B37", "The table stands twice.", "Keep one.")
    low = form({NONE: "x", OLD: "x"}, {NO: "x"})
    first = examine(replace(low, notes=(twice,))).first
    assert "may mean another outcome" in first[0]
    assert "Do not wait" in first[1]
    open_range = examine(replace(form({LAYOUT.sections[0].items[0]: OFTEN}), notes=(twice,))).first
    assert "as high as 66" in open_range[0] and "may mean another outcome" in open_range[0]
