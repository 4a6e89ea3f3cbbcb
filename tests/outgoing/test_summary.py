"""What the documents say about a score: its working, the cells, the direction."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.outgoing.summary import cells, direction, scored
from tests import factories as make

JUNE = dt.date(2026, 6, 5)


def test_the_working_stands_beside_the_score() -> None:
    said = scored(make.assessment(), [], make.MATRIX)
    assert said["working"] == [
        {"part": "Risk Behaviours", "score": "55"},
        {"part": "Protective Factors", "score": "-4"},
    ]
    assert (said["net"], said["band"], said["certain"]) == ("51", "Core Group MUST be established", True)
    assert said["band_without_protective"] == "Core Group MUST be established"


def test_a_score_that_is_not_certain_is_said_as_a_range() -> None:
    said = scored(make.assessment(behaviours=((3, 2),) * 9 + ((None, None), (1, None))), [], make.MATRIX)
    assert (said["net"], said["certain"]) == ("51 to 60", False)


def test_behaviours_that_span_bands_without_protective_factors_say_so() -> None:
    assessment = make.assessment(behaviours=((3, 2),) * 5 + ((None, None), *((0, 0),) * 5))
    assert str(scored(assessment, [], make.MATRIX)["band_without_protective"]).startswith("Not certain")


def test_each_mark_is_traced_to_its_cell() -> None:
    rows = scored(make.assessment(), [], make.MATRIX)
    assert rows["behaviours"][0] == {  # type: ignore[index]
        "item": "Drug Misuse",
        "marked": "Frequency: Frequently - more than twice per week (3)\nTimescale: Currently / within last month (3)",
        "cells": "F9, J9",
        "score": "6",
        "remark": "",
    }
    assert rows["factors"][1]["marked"] == "Occasional (-1)"  # type: ignore[index]
    assert rows["factors"][1]["cells"] == "N10"  # type: ignore[index]


def test_a_row_without_a_clear_mark_names_the_whole_span() -> None:
    assessment = make.assessment(behaviours=((None, None),) * 11)
    row = scored(assessment, [], make.MATRIX)["behaviours"][0]  # type: ignore[index]
    assert row["marked"] == "Frequency: no clear mark (0 to 3)\nTimescale: no clear mark (0 to 3)"
    assert row["cells"] == "B9:J9"


def test_a_row_that_the_form_does_not_show_names_its_span() -> None:
    assessment = make.assessment()
    assessment = replace(assessment, form=replace(assessment.form, rows=()))
    assert cells(assessment.score.rows[0], assessment) == "B9:J9"


def test_none_or_never_is_printed_as_the_form_writes_it() -> None:
    row = scored(make.assessment(behaviours=((0, 0),) * 11), [], make.MATRIX)["behaviours"][0]  # type: ignore[index]
    assert row["marked"].startswith("Frequency: None / Never (0)")


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (((1, 1),) * 11, ((2, 2),) * 11, "The net score has risen: from 18, now 51."),
        (((2, 2),) * 11, ((1, 1),) * 11, "The net score has fallen: from 51, now 18."),
        (((1, 1),) * 11, ((1, 1),) * 11, "The net score has not changed: it is 18."),
        (
            ((2, 2),) * 10 + ((None, None),),
            ((2, 2),) * 11,
            "The scores overlap (46 to 52, now 51), so they do not show whether the risk has changed.",
        ),
    ],
)
def test_the_direction_is_said_only_where_the_ranges_show_it(
    before: make.Marks, now: make.Marks, expected: str
) -> None:
    history = [make.assessment(date=JUNE, behaviours=before)]
    said = direction(history, make.assessment(behaviours=now))
    assert said.replace(" since the assessment of Friday 5 June 2026", "") == expected


def test_two_equal_ranges_do_not_count_as_unchanged() -> None:
    uncertain = ((None, None), *((2, 2),) * 10)
    history = [make.assessment(date=JUNE, behaviours=uncertain)]
    assert direction(history, make.assessment(behaviours=uncertain)).startswith("The scores overlap")


def test_a_first_assessment_has_no_direction() -> None:
    assert direction([], make.assessment()).startswith("This is the first assessment")


def test_the_course_is_told_oldest_first_and_ends_with_this_assessment() -> None:
    said = scored(make.assessment(), [make.assessment(date=JUNE, behaviours=((1, 1),) * 11)], make.MATRIX)
    assert said["course"] == [
        {"date": "Friday 5 June 2026", "score": "18", "band": "No Core Group indicated"},
        {"date": "Friday 30 October 2026", "score": "51", "band": "Core Group MUST be established"},
    ]


def test_the_bands_are_those_of_the_layout() -> None:
    assert scored(make.assessment(), [], make.MATRIX)["bands"] == [
        {"label": "Core Group MUST be established", "score": "36 or more"},
        {"label": "Consider forming Core Group", "score": "26 or more"},
        {"label": "No Core Group indicated", "score": "Less than 26"},
    ]
