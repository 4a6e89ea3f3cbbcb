"""The table of docs/forms.md, line by line, and what holds of every form (Stockport 2.25, the matrix)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rules.case import Range, ScoredRow
from pipeline.rules.scoring import band_of, band_of_range, fewest_that_may_settle, score
from tests.matrix_forms import (
    FREQUENT,
    LAYOUT,
    MONTHS,
    NO,
    NONE,
    NOW,
    OCCASIONAL,
    OLD,
    REGULAR,
    SOME,
    UNLABELLED,
    WEEKEND,
    form,
)

DRUGS = "Drug Misuse"
PEERS = "Strong positive peer group"
BESIDE = "|".join(UNLABELLED)


def scored_row(marks: dict[str, str], item: str = DRUGS) -> tuple[ScoredRow, set[str]]:
    whole = form({item: marks}) if item == DRUGS else form({}, {item: marks})
    result, problems = score(whole, LAYOUT)
    row = next(r for r in result.rows if r.item == item)
    return row, {p.code for p in problems if f"“{item}”" in p.what}


# what is marked, frequency, timescale, codes: from that table
TABLE = [
    ({FREQUENT: "x", NOW: "x"}, (3, 3), (3, 3), set()),
    ({OCCASIONAL: "x", MONTHS: "x"}, (1, 1), (1, 1), set()),
    ({}, (0, 3), (0, 3), {"unanswered"}),
    ({WEEKEND: "x"}, (2, 2), (0, 3), {"unanswered"}),
    ({NOW: "x"}, (0, 3), (3, 3), {"unanswered"}),
    ({NONE: "x"}, (0, 0), (0, 0), set()),
    ({NONE: "x", OLD: "x"}, (0, 0), (0, 0), set()),
    ({NONE: "x", NOW: "x"}, (0, 0), (0, 3), {"contradiction"}),
    ({NONE: "x", MONTHS: "x"}, (0, 0), (0, 1), {"contradiction"}),
    ({OCCASIONAL: "x", FREQUENT: "x", NOW: "x"}, (1, 3), (3, 3), {"two-marks"}),
    ({OCCASIONAL: "x", OLD: "x", NOW: "x"}, (1, 1), (0, 3), {"two-marks"}),
    ({NONE: "x", OCCASIONAL: "x", NOW: "x"}, (0, 1), (3, 3), {"two-marks"}),
    ({NONE: "x", MONTHS: "x", NOW: "x"}, (0, 0), (0, 3), {"two-marks", "contradiction"}),
    ({BESIDE: "x", NOW: "x"}, (2, 3), (3, 3), {"unlabelled-column"}),
    ({OCCASIONAL: "?", NOW: "x"}, (0, 3), (3, 3), {"unclear-mark"}),
    ({OCCASIONAL: "see the notes", NOW: "x"}, (0, 3), (3, 3), {"unclear-mark"}),
    ({OCCASIONAL: "x", WEEKEND: "?", NOW: "x"}, (1, 2), (3, 3), {"unclear-mark"}),
    ({OCCASIONAL: "", NOW: "x"}, (0, 3), (3, 3), {"coloured-cell"}),
    ({OCCASIONAL: "x", WEEKEND: "no", NOW: "x"}, (1, 1), (3, 3), set()),
    ({NONE: "no", OCCASIONAL: "-"}, (0, 3), (0, 3), {"unanswered"}),
    ({NONE: "0", OLD: "0"}, (0, 0), (0, 0), set()),
    ({FREQUENT: "3", NOW: "3"}, (3, 3), (3, 3), set()),
]


@pytest.mark.parametrize(("marks", "frequency", "timescale", "codes"), TABLE)
def test_a_behaviour_scores_as_the_table_says(
    marks: dict[str, str], frequency: tuple[int, int], timescale: tuple[int, int], codes: set[str]
) -> None:
    row, found = scored_row(marks)
    assert row.blocks == {"frequency": Range(*frequency), "timescale": Range(*timescale)}
    assert found == codes


@pytest.mark.parametrize(
    ("marks", "span", "codes"),
    [
        ({NO: "x"}, (0, 0), set()),
        ({SOME: "x"}, (-1, -1), set()),
        ({REGULAR: "2"}, (-2, -2), set()),
        ({REGULAR: "-2"}, (-2, -2), set()),
        ({}, (-2, 0), {"unanswered"}),
        ({NO: "x", SOME: "x"}, (-1, 0), {"two-marks"}),
    ],
)
def test_a_protective_factor_scores_as_the_table_says(
    marks: dict[str, str], span: tuple[int, int], codes: set[str]
) -> None:
    row, found = scored_row(marks, PEERS)
    assert row.blocks == {"score": Range(*span)}
    assert found == codes


def test_the_scale_runs_from_minus_18_to_66() -> None:
    highest, _ = score(form({FREQUENT: "x", NOW: "x"}, {NO: "x"}), LAYOUT)
    lowest, _ = score(form({NONE: "x"}, {REGULAR: "x"}), LAYOUT)
    blank, _ = score(form({}, {}), LAYOUT)
    assert (highest.total, lowest.total, blank.total) == (Range(66, 66), Range(-18, -18), Range(-18, 66))


@pytest.mark.parametrize(
    ("points", "band"), [(-18, "none"), (25, "none"), (26, "consider"), (35, "consider"), (36, "must"), (66, "must")]
)
def test_a_band_begins_at_its_lowest_score(points: int, band: str) -> None:
    assert band_of(points, LAYOUT.bands).key == band


def test_a_range_over_two_bands_has_no_band() -> None:
    assert band_of_range(Range(25, 26), LAYOUT.bands) is None
    assert band_of_range(Range(26, 35), LAYOUT.bands) is LAYOUT.bands[1]


FREQUENCIES = {NONE: 0, OCCASIONAL: 1, WEEKEND: 2, FREQUENT: 3}
TIMESCALES = {OLD: 0, MONTHS: 1, NOW: 3}
FACTORS = {NO: 0, SOME: -1, REGULAR: -2}


def consistent(frequency: str | None, timescale: str | None) -> list[tuple[str, str | None]]:
    """Every consistent way of completing a row: None / Never goes only with no timescale or "over 6 months"."""
    return [
        (f, t)
        for f, t in itertools.product(FREQUENCIES, [None, *TIMESCALES])
        if (t in (None, OLD) if f == NONE else t is not None) and frequency in (None, f) and timescale in (None, t)
    ]


def marks_of(*columns: str | None) -> dict[str, str]:
    return {c: "x" for c in columns if c}


# What a row may hold of a completion that is consistent: the marks that a hurried person has put in so far.
partly_done = st.sampled_from(
    [p for p in itertools.product([None, *FREQUENCIES], [None, *TIMESCALES]) if consistent(*p)]
)
maybe_factor = st.sampled_from([None, *FACTORS])


@given(
    behaviours=st.lists(partly_done, min_size=11, max_size=11),
    factors=st.lists(maybe_factor, min_size=9, max_size=9),
    data=st.data(),
)
def test_the_range_contains_every_consistent_completion(
    behaviours: list[tuple[str | None, str | None]], factors: list[str | None], data: st.DataObject
) -> None:
    items, protective = LAYOUT.sections[0].items, LAYOUT.sections[1].items
    partly, _ = score(
        form(
            {item: marks_of(*pair) for item, pair in zip(items, behaviours, strict=True)},
            {item: marks_of(f) for item, f in zip(protective, factors, strict=True)},
        ),
        LAYOUT,
    )
    completed = 0
    for pair in behaviours:
        frequency, timescale = data.draw(st.sampled_from(consistent(*pair)))
        completed += FREQUENCIES[frequency] + (TIMESCALES[timescale] if timescale else 0)
    for factor in factors:
        completed += FACTORS[factor or data.draw(st.sampled_from([*FACTORS]))]
    assert partly.total.low <= completed <= partly.total.high


@given(before=partly_done, data=st.data())
def test_a_consistent_answer_never_widens_the_range(before: tuple[str | None, str | None], data: st.DataObject) -> None:
    after = data.draw(st.sampled_from(consistent(*before)))
    wide, _ = scored_row(marks_of(*before))
    narrow, _ = scored_row(marks_of(*after))
    assert wide.total.low <= narrow.total.low <= narrow.total.high <= wide.total.high


def test_the_fewest_answers_that_may_settle_the_band_come_first() -> None:
    # 20 points are certain; two rows of 0..6 and one of 0..3 are open: 20 to 35. "Consider" begins at 26, so one row
    # alone, answered with 6, leaves 26 to 35: one band.
    whole = form(
        {item: {OCCASIONAL: "x", MONTHS: "x"} for item in LAYOUT.sections[0].items[:7]}
        | {LAYOUT.sections[0].items[7]: {FREQUENT: "x", NOW: "x"}}
        | {LAYOUT.sections[0].items[8]: {FREQUENT: "x"}}
    )
    result, _ = score(whole, LAYOUT)
    assert result.total == Range(23, 38)  # 14 + 6 + 3, and 3 + 6 + 6 open
    first = fewest_that_may_settle(result.rows, result.total, LAYOUT.bands)
    assert [r.item for r in first] == [LAYOUT.sections[0].items[9]]


def test_where_one_answer_cannot_settle_the_band_two_are_asked_for() -> None:
    # 0 points are certain, eleven rows of 0..6 are open: 0 to 66. Below 26 lies one band: the open rest must not be
    # wider than 25, so 7 rows have to be answered (66 - 42 = 24); above 36 it may be 30 wide: 6 rows (66 - 36 = 30).
    result, _ = score(form({}), LAYOUT)
    assert result.total == Range(0, 66)
    assert len(fewest_that_may_settle(result.rows, result.total, LAYOUT.bands)) == 6


def test_who_is_asked_for_a_whole_row_is_not_made_to_invent_a_time() -> None:
    def remedy(marks: dict[str, str]) -> str:
        _, problems = score(form({DRUGS: marks}), LAYOUT)
        return next(p.remedy for p in problems if f"“{DRUGS}”" in p.what)

    assert remedy({}).endswith("If “None / Never” is right, that mark alone is enough.")
    assert "alone is enough" not in remedy({WEEKEND: "x"}) + remedy({NOW: "x"})
    assert "under one of these (Timescale: " in remedy({WEEKEND: "x"})
