from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rules.marks import Mark, read_mark

TICKS = ["x", "X", "×", "✓", "✔", "✔️", "√", "☑", "☒", "✗", "✘", "y", "Y", "yes", "Yes", "YES", "TRUE", "True", "[x]"]

IN_DOUBT = (
    "?|??|x?|x ?|?x|yes?|no?|✓ ?|x or maybe not|x maybe|x – not sure|yes and no|yes/no|y/n|yes no|"
    "x - not any more|x – not since May|x but not now|yes, no longer|x n/k|x (should be occasional)|"
    "no - maybe|x - ignore|x – tbc"
)
FREE_TEXT = (
    "yesterday|most weekends|none|never|n/a|not known|no idea|no change|nothing|x-ray|x2|x 2|x3 a week|xo|"
    "1st May|3 times a week|2-3 times|1 - 2 times|- most weekends|(x)|v|☑☐|☑ Yes ☐ No?|☐ yes|x̶|❌|ü|#REF!|"
    "=A1|true love?|2026-11-02|No. 3|*"
)


@pytest.mark.parametrize("text", [*TICKS, " x ", "\xa0x", "x.", "yes!", "xx", "X X", "✓✓", "yes x"])
@pytest.mark.parametrize("value", [0, 1, 2, 3, -1, -2, None])
def test_a_tick_is_a_mark_in_any_column(text: str, value: int | None) -> None:
    assert read_mark(text, value) == Mark("mark")


@pytest.mark.parametrize("value", [0, 1, 2, 3, -1, -2, None])
@pytest.mark.parametrize("text", ["1", "1.0", "+1"])
def test_a_one_is_a_mark_in_any_column(text: str, value: int | None) -> None:
    assert read_mark(text, value) == Mark("mark")


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("2", 2), ("-2", -2), ("2", -2), ("−2", -2), ("–2", -2), ("- 2", -2), ("-1", -1), ("0", 0), ("0.0", 0)],
)
def test_the_own_score_of_a_column_is_a_mark(text: str, value: int) -> None:
    assert read_mark(text, value) == Mark("mark")


@pytest.mark.parametrize(
    "text", ["n", "N", "no", "No", "NO", "no.", "FALSE", "False", "-", "–", "—", "--", "☐", "☐ ", "[ ]", ""]
)
@pytest.mark.parametrize("value", [0, 1, 3, -2, None])
def test_an_explicit_no_is_a_no_in_any_column(text: str, value: int | None) -> None:
    assert read_mark(text, value) == Mark("no")


@pytest.mark.parametrize("value", [1, 2, 3, -1, -2, None])
def test_a_zero_is_a_no_outside_a_zero_column(value: int | None) -> None:
    assert read_mark("0", value) == Mark("no")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 3),
        ("3", 2),
        ("2", 1),
        ("-2", 2),
        ("-1", -2),
        ("-1", 1),
        ("-1", 0),
        ("2", 0),
        ("2", None),
        ("-1", None),
        ("1.5", 1),
        ("10", 1),
        ("1/2", 1),
        ("2-3", 2),
        ("2, 3", 2),
        ("1 2", 1),
        ("3?", 3),
        ("²", 2),
        ("①", 1),
    ],
)
def test_another_number_is_unclear(text: str, value: int | None) -> None:
    assert read_mark(text, value) == Mark("unclear")


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("x – most weekends", "most weekends"),
        ("x - most weekends", "most weekends"),
        ("x most weekends", "most weekends"),
        ("X, most weekends.", "most weekends"),
        ("x\nmost weekends", "most weekends"),
        ("✓: at school", "at school"),
        ("☒ 3 times a week", "3 times a week"),
        ("x (2 or 3 times)", "2 or 3 times"),
        ("yes (with cousin)", "with cousin"),
        ("Yes – Cannabis (daily), alcohol", "Cannabis (daily), alcohol"),
        ("y suspected", "suspected"),
        ("x not only at weekends", "not only at weekends"),
    ],
)
def test_a_mark_with_a_remark_counts_and_keeps_the_remark(text: str, remark: str) -> None:
    assert read_mark(text, 2) == Mark("mark", remark)


def test_the_own_score_with_a_remark_counts_and_keeps_the_remark() -> None:
    assert read_mark("3 – daily", 3) == Mark("mark", "daily")
    assert read_mark("-2 (both parents)", -2) == Mark("mark", "both parents")
    assert read_mark("0 - none seen", 0) == Mark("mark", "none seen")
    assert read_mark("x - never", 3) == Mark("unclear")


@pytest.mark.parametrize("text", ["no - not since May", "No, not since May", "n – not since May", "no (not since May)"])
def test_a_no_with_a_remark_is_a_no_and_keeps_the_remark(text: str) -> None:
    assert read_mark(text, 3) == Mark("no", "not since May")


@pytest.mark.parametrize(
    "text",
    IN_DOUBT.split("|"),
)
def test_a_mark_in_doubt_is_unclear(text: str) -> None:
    assert read_mark(text, 3) == Mark("unclear")


@pytest.mark.parametrize(
    "text",
    FREE_TEXT.split("|"),
)
def test_free_text_alone_is_unclear(text: str) -> None:
    assert read_mark(text, 3).kind == "unclear"


def test_a_one_with_words_is_unclear_where_one_is_not_the_score() -> None:
    assert read_mark("1 - a week", 3) == Mark("unclear")
    assert read_mark("1 - a week", 1) == Mark("mark", "a week")
    assert read_mark("0 – none seen", 3) == Mark("unclear")


@given(st.text(max_size=40), st.sampled_from([0, 1, 2, 3, -1, -2, None]))
def test_any_text_is_read_without_a_fault_and_space_around_it_changes_nothing(text: str, value: int | None) -> None:
    assert read_mark(f" {text}\n", value) == read_mark(text, value)


@given(st.sampled_from(TICKS), st.text(max_size=20))
def test_a_question_mark_anywhere_leaves_nothing_certain(tick: str, words: str) -> None:
    assert read_mark(f"{tick} {words}?", 2).kind == "unclear"
