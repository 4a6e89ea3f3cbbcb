"""What the documents say about a score: its working, and the cells."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from pipeline.outgoing.summary import matrix, pictures, summary
from pipeline.rules.case import Assessment
from tests import factories as make

JUNE = dt.date(2026, 6, 5)
PNG = b"\x89PNG\r\n\x1a\n"


def scored(assessment: Assessment) -> dict[str, object]:
    return matrix(make.occasion(assessment, make.case(assessment=assessment), make.decision()))


def test_the_working_stands_beside_the_score() -> None:
    said = scored(make.assessment())
    assert said["working"] == [
        {"part": "Risk Behaviours", "score": "55"},
        {"part": "Protective Factors", "score": "-4"},
    ]
    assert (said["net"], said["band"], said["certain"]) == ("51", "Core Group MUST be established", True)
    assert said["band_without_protective"] == "Core Group MUST be established"


def test_a_score_that_is_not_certain_is_said_as_a_range() -> None:
    said = scored(make.assessment(behaviours=((3, 2),) * 9 + ((None, None), (1, None))))
    assert (said["net"], said["certain"]) == ("51 to 60", False)


def test_behaviours_that_span_bands_without_protective_factors_say_so() -> None:
    assessment = make.assessment(behaviours=((3, 2),) * 5 + ((None, None), *((0, 0),) * 5))
    assert str(scored(assessment)["band_without_protective"]).startswith("Not certain")


def test_each_mark_is_traced_to_its_cell() -> None:
    rows = scored(make.assessment())
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
    row = scored(assessment)["behaviours"][0]  # type: ignore[index]
    assert row["marked"] == "Frequency: no clear mark (0 to 3)\nTimescale: no clear mark (0 to 3)"
    assert row["cells"] == "B9:J9"


def test_a_row_that_the_form_does_not_show_names_its_span() -> None:
    assessment = make.assessment()
    assessment = replace(assessment, form=replace(assessment.form, rows=()))
    row = scored(assessment)["behaviours"][0]  # type: ignore[index]
    assert row["cells"] == "B9:J9"


def test_none_or_never_is_printed_as_the_form_writes_it() -> None:
    row = scored(make.assessment(behaviours=((0, 0),) * 11))["behaviours"][0]  # type: ignore[index]
    assert row["marked"].startswith("Frequency: None / Never (0)")


def test_the_bands_are_those_of_the_layout() -> None:
    assert scored(make.assessment())["bands"] == [
        {"label": "Core Group MUST be established", "score": "36 or more"},
        {"label": "Consider forming Core Group", "score": "26 or more"},
        {"label": "No Core Group indicated", "score": "Less than 26"},
    ]


def test_a_case_without_a_matrix_says_nothing_of_one() -> None:
    referral = make.referral()
    assert matrix(make.occasion(referral, make.case(referral=referral), make.decision("panel"))) == {}


def test_the_summary_says_what_the_marks_are_to_who_cannot_see_them() -> None:
    assessment = make.assessment(behaviours=((3, 2), *((0, 0),) * 10), factors=(0,) * 9)
    said = summary(make.occasion(assessment, make.case(assessment=assessment), make.decision("none")))
    assert "Drug Misuse, 6" in str(said["marks_in_words"])


def test_the_summary_shows_the_marks_and_the_course_where_there_is_more_than_one_matrix() -> None:
    alone = make.case(assessment=make.assessment())
    followed = make.case(assessment=make.assessment(), history=[make.assessment(date=JUNE)])
    shown = [pictures(make.occasion(make.assessment(), case, make.decision())) for case in (alone, followed)]
    assert [sorted(pictures) for pictures in shown] == [["marks"], ["course", "marks"]]
    assert all(png.startswith(PNG) for pictures in shown for png in pictures.values())


def test_the_manager_and_the_officer_are_those_last_named() -> None:
    meeting = make.meeting_record(answers={"reviewing_officer": "Noor Newofficer"})
    case = make.case(assessment=make.assessment(), referral=make.referral(), meetings=[meeting])
    said = summary(make.occasion(make.assessment(), case, make.decision()))
    assert (said["manager"], said["reviewing_officer"]) == ("Pat Manager", "Noor Newofficer")
