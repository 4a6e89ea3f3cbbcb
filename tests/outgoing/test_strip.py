"""What a strip shows is what the scoring counted: every doubt stays a doubt."""

from __future__ import annotations

import dataclasses
import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.outgoing.heat_strip import heat_strip
from pipeline.outgoing.strip import Cell, Heading, Line, Strip, describe_strip, strip_of
from pipeline.rules.case import Range
from pipeline.rules.layout import Block, Column, Section
from pipeline.rules.scoring import score
from tests import factories
from tests.matrix_forms import (
    FREQUENT,
    LAYOUT,
    MONTHS,
    NONE,
    NOW,
    OCCASIONAL,
    OLD,
    UNLABELLED,
    WEEKEND,
    Marks,
    form,
    row,
)

MAYBE = Cell("?", doubtful=True)


def line_of(marks: Marks) -> tuple[Cell | None, ...]:
    """The cells of a behaviour that was marked so: four for the frequency, three for the timescale."""
    return strip_of(marked(form(marks)), LAYOUT.sections[0]).lines[0].cells


def marked(matrix: object, layout: object = LAYOUT) -> object:
    scored, _ = score(matrix, layout)
    return dataclasses.replace(factories.assessment(), form=matrix, score=scored)


@pytest.mark.parametrize(
    ("marks", "cells"),
    [
        ({FREQUENT: "x", NOW: "x"}, (None, None, None, Cell("3", 3), None, None, Cell("3", 3))),
        ({OCCASIONAL: "x", MONTHS: "x"}, (None, Cell("1", 1), None, None, None, Cell("1", 1), None)),
        ({WEEKEND: "x", OLD: "x"}, (None, None, Cell("2", 2), None, Cell("0", 0), None, None)),
        ({NONE: "x"}, (Cell("0", 0), None, None, None, None, None, None)),
        ({}, (MAYBE,) * 7),
        ({OCCASIONAL: "x", WEEKEND: "x", NOW: "x"}, (None, MAYBE, MAYBE, None, None, None, Cell("3", 3))),
        ({"|".join(UNLABELLED): "x", NOW: "x"}, (None, None, MAYBE, MAYBE, None, None, Cell("3", 3))),
        ({OCCASIONAL: "x"}, (None, Cell("1", 1), None, None, MAYBE, MAYBE, MAYBE)),
        ({NONE: "x", NOW: "x"}, (Cell("0", 0), None, None, None, None, None, MAYBE)),
        ({OCCASIONAL: "perhaps", NOW: "x"}, (MAYBE, MAYBE, MAYBE, MAYBE, None, None, Cell("3", 3))),
    ],
)
def test_a_cell_is_filled_where_a_mark_is_certain_and_asks_where_it_is_not(
    marks: Marks, cells: tuple[Cell | None, ...]
) -> None:
    assert line_of(marks) == cells


def test_a_strip_has_the_headings_of_the_form_and_the_score_of_each_row() -> None:
    strip = strip_of(marked(form({FREQUENT: "x"})), LAYOUT.sections[0])

    assert strip.item == "behaviour"
    assert strip.headings[1] == Heading("Timescale", (OLD, MONTHS, NOW))
    assert [line.label for line in strip.lines][:2] == ["Drug Misuse", "Alcohol misuse"]
    assert strip.lines[0].score == Range(3, 6)


def other(block: Block, marks: Marks, weight: int) -> tuple[Cell | None, ...]:
    """One row of another authority's form, with ``block`` for its columns."""
    section = Section(key="home", title="Home", item="statement", items=("It",), blocks=(block,), weight=weight)
    layout = dataclasses.replace(LAYOUT, sections=(section,))
    cells = tuple(dataclasses.replace(cell, block=block.key) for cell in row("It", marks, section="home").cells)
    matrix = dataclasses.replace(form({}), rows=(dataclasses.replace(row("It", {}, section="home"), cells=cells),))
    return strip_of(marked(matrix, layout), section).lines[0].cells


TICKS = Block(
    key="now", title="", marks="many", blank="zero",
    columns=(Column(label="Current", value=5), Column(label="Past", value=1)),
)  # fmt: skip
NUMBER = Block(key="level", title="", marks="number", highest=3, columns=(Column(label="0 to 3", value=1),))


@pytest.mark.parametrize(
    ("block", "marks", "cells"),
    [
        (TICKS, {"Current": "x", "Past": "x"}, (Cell("10", 3), Cell("2", 1))),
        (TICKS, {"Current": "x", "Past": "perhaps"}, (Cell("10", 3), MAYBE)),
        (TICKS, {}, (None, None)),
        (NUMBER, {"0 to 3": "2"}, (Cell("4", 2),)),
        (NUMBER, {"0 to 3": "7"}, (MAYBE,)),
        (NUMBER, {}, (MAYBE,)),
    ],
)
def test_forms_with_ticks_and_with_numbers(block: Block, marks: Marks, cells: tuple[Cell | None, ...]) -> None:
    assert other(block, marks, weight=2) == cells


HEADINGS = (Heading("Frequency", ("Never", "Often")), Heading("When", ("Now",)))


def strip(*lines: Line) -> Strip:
    return Strip("behaviour", HEADINGS, lines)


def test_the_words_say_what_counts_most_first_and_how_many_count_nothing() -> None:
    words = describe_strip(
        [
            strip(
                Line("Self harm", (None, None, None), Range(0, 0)),
                Line("Drug misuse", (None, Cell("3", 3), None), Range(3, 3)),
                Line("Missing", (MAYBE, MAYBE, Cell("3", 3)), Range(3, 6)),
            )
        ]
    )

    assert words == (
        "Strip of the marks for each behaviour, darker where they count more. "
        "Scores: Missing, 3 to 6; Drug misuse, 3; 1 counts nothing."
    )


def test_the_words_for_a_long_strip_end_with_how_many_are_left() -> None:
    words = describe_strip([strip(*(Line(f"Behaviour number {n}", (None,) * 3, Range(n, n)) for n in range(60)))])

    assert "Behaviour number 59, 59" in words
    assert words.endswith(" others; 1 counts nothing.")
    assert 550 < len(words) <= 600


LINES = st.builds(
    Line,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    st.tuples(*[st.sampled_from([None, MAYBE, Cell("2", 2), Cell("-2", 1), Cell("10", 3), Cell("0", 0)])] * 3),
    st.builds(lambda low, more: Range(low, low + more), st.integers(-9, 20), st.integers(0, 9)),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.builds(strip, LINES), max_size=20))
def test_any_strip_is_drawn_in_the_shape_of_its_placeholder(strips: list[Strip]) -> None:
    png = heat_strip(strips)

    assert png == heat_strip(strips)
    with Image.open(io.BytesIO(png)) as image:
        assert image.width / image.height == pytest.approx(17 / 13.5, rel=0.002)


def test_the_file_of_a_strip_is_whole() -> None:
    rows = [Line(f"Behaviour {n}", (Cell("3", 3), MAYBE, None), Range(n, n + 3)) for n in range(11)]

    png = heat_strip([strip(*rows)])

    at, content, kinds = 8, b"", []
    while at < len(png):
        length, kind = struct.unpack_from(">L4s", png, at)
        (checksum,) = struct.unpack_from(">L", png, at + 8 + length)
        assert checksum == zlib.crc32(png[at + 4 : at + 8 + length])
        content += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        kinds.append(kind)
        at += 12 + length
    assert kinds == [b"IHDR", b"pHYs", b"IDAT", b"IEND"]
    assert len(zlib.decompress(content)) == 1063 * (1 + 335)  # its checksum agrees; 1339 dots, four to a byte


def test_a_row_that_was_drawn_before_stands_where_its_own_strip_has_its_columns() -> None:
    row = (Line("Missing", (Cell("3", 3),), Range(3, 3)),)
    narrow = Strip("factor", (Heading("When", ("Now",)),), row)
    many = Strip("factor", (Heading("When", ("Now", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K")),), row)

    blacks = []
    for shown in (narrow, many, narrow):
        with Image.open(io.BytesIO(heat_strip([shown]))) as image:
            greys = image.convert("L")
        blacks.append([x for x in range(360, greys.width) if greys.getpixel((x, 90)) == 0][:1])

    assert blacks == [[1339 - 96 - 160 + 3], [360 + 3], [1339 - 96 - 160 + 3]]


def test_a_filled_cell_is_grey_by_what_it_counts_and_a_doubtful_one_is_hatched() -> None:
    png = heat_strip([strip(Line("Missing", (Cell("1", 1), MAYBE, Cell("3", 3)), Range(4, 6)))])

    with Image.open(io.BytesIO(png)) as image:
        greys = image.convert("L")
    # From the right: 96 dots for the score, 160 for each cell. The row lies below two lines of headings.
    left = 1339 - 96 - 3 * 160
    shades = [{greys.getpixel((left + n * 160 + 10 + x, 110)) for x in range(40)} for n in range(3)]  # before a figure
    assert shades == [{170}, {255, 85}, {0}]
