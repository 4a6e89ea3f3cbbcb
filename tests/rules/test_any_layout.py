"""Of any layout: the range holds every consistent completion of a form, and the band is certain only where it is.

The completions are made here by putting marks into what is open, one way after another, and adding them up; the scorer
never does that.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.rules.case import Range
from pipeline.rules.form import Cell, MatrixForm, Row
from pipeline.rules.layout import Band, Block, Column, MatrixLayout, Override, Rule, Section
from pipeline.rules.outcome import first_to_answer, outcome
from pipeline.rules.scoring import score

values = st.integers(-3, 5)


@st.composite
def blocks(draw: st.DrawFn, key: str) -> Block:
    marks = draw(st.sampled_from(["one", "one", "many", "number"]))
    blank = draw(st.sampled_from(["open", "zero"]))
    if marks == "number":
        column = Column(label=f"{key}0", value=draw(st.sampled_from([1, 2, -1])))
        lowest = draw(st.integers(-1, 1))
        allowed = draw(st.sampled_from([(), (0, 1, 3), (4, 2)]))
        return Block(
            key=key, title=key, columns=(column,), marks=marks, blank=blank, allowed=allowed, lowest=lowest, highest=3
        )
    count = draw(st.integers(2 if (marks, blank) == ("one", "open") else 1, 3))
    columns = tuple(Column(label=f"{key}{n}", value=draw(values)) for n in range(count))
    return Block(key=key, title=key, columns=columns, marks=marks, blank=blank)


@st.composite
def sections(draw: st.DrawFn, key: str, items: int) -> Section:
    found = tuple(draw(blocks(f"{key}{letter}")) for letter in "ab"[: draw(st.integers(1, 2))])
    rules = ()
    if len(found) == 2 and found[0].marks == "one" and draw(st.booleans()):
        rules = (Rule(block=found[0].key, column=found[0].columns[0].label, remedy="Leave one."),)
    combine = draw(st.sampled_from(["sum", "sum", "maximum", "count"]))
    names = tuple(f"{key} item {n}" for n in range(items))
    weights = {names[0]: 3} if combine != "count" and draw(st.booleans()) else {}
    return Section(
        key=key,
        title=key,
        item="item",
        items=names,
        blocks=found,
        weights=weights,
        weight=draw(st.sampled_from([1, 2])) if combine != "count" else 1,
        combine=combine,
        count_from=draw(st.integers(-1, 4)),
        rules=rules,
    )


OVERRIDES = st.lists(
    st.one_of(
        st.builds(
            lambda n, band, part: Override(label="any", not_below=band, any_item=n, section=part),
            st.integers(1, 4),
            st.sampled_from(["high", "middle"]),
            st.sampled_from(["", "p"]),
        ),
        st.builds(
            lambda n, band: Override(label="age", not_below=band, under_age=n),
            st.sampled_from([10, 13]),
            st.sampled_from(["high", "middle"]),
        ),
    ),
    max_size=2,
)


@st.composite
def layouts(draw: st.DrawFn) -> MatrixLayout:
    found = tuple(
        draw(sections(key, items)) for key, items in draw(st.sampled_from([(("p", 2),), (("p", 2), ("q", 1))]))
    )
    middle = draw(st.integers(0, 6))
    return MatrixLayout(
        name="any",
        title="Any",
        version="1",
        fields=(),
        sections=found,
        bands=(
            Band(key="high", label="High", action="must", at_least=middle + draw(st.integers(1, 6))),
            Band(key="middle", label="Middle", action="consider", at_least=middle),
            Band(key="low", label="Low", action="none"),
        ),
        combine=draw(st.sampled_from(["sum", "sum", "maximum", "count"])),
        count_from=draw(st.integers(0, 4)),
        overrides=tuple(draw(OVERRIDES)),
    )


# What stands in the row under a block: column label → "x", "?" or "no"; for a number its text.
Partial = dict[str, str]


@st.composite
def partials(draw: st.DrawFn, block: Block) -> Partial:
    if block.marks == "number":
        text = draw(st.sampled_from(["", "?", "99", *map(str, block.numbers)]))
        return {block.columns[0].label: text} if text else {}
    texts = st.sampled_from(["", "", "", "x", "?", "no"])
    return {c.label: text for c in block.columns if (text := draw(texts))}


@dataclass(frozen=True)
class Done:
    """A block as completed: which columns are marked (the number typed in), and what that counts."""

    marked: frozenset[str]
    counts: int


def completions(block: Block, partial: Partial) -> Iterator[Done]:
    """Every way of making the block clear: each "?" is a mark or nothing, and what is then open gets any answer."""
    value = {c.label: c.value for c in block.columns}
    if block.marks == "number":
        [(label, each)] = value.items()
        text = partial.get(label, "")
        if not text or text in ("?", "99"):
            if block.blank == "zero":
                yield Done(frozenset(), 0)
            if text or block.blank == "open":
                yield from (Done(frozenset({label}), number * each) for number in block.numbers)
        else:
            yield Done(frozenset({label}), int(text) * each)
        return
    asked = [label for label, text in partial.items() if text == "?"]
    for kept in (set(some) for n in range(len(asked) + 1) for some in itertools.combinations(asked, n)):
        marked = kept | {label for label, text in partial.items() if text == "x"}
        if block.marks == "many":
            if marked:
                yield Done(frozenset(marked), sum(value[m] for m in marked))
            elif block.blank == "zero" or all(partial.get(label) == "no" for label in value):
                yield Done(frozenset(), 0)
            else:
                for n in range(len(value) + 1):
                    yield from (Done(frozenset(s), sum(value[m] for m in s)) for s in itertools.combinations(value, n))
        elif marked:
            yield from (Done(frozenset({m}), value[m]) for m in marked)  # of two marks, one stays
        elif block.blank == "zero":
            yield Done(frozenset(), 0)
        else:
            yield from (Done(frozenset({m}), n) for m, n in value.items())


def without(block: Block, partial: Partial) -> Iterator[Done]:
    """The block as it may be where another says that it never happened: blank, or marked with what counts 0."""
    if not any(text not in ("?", "no", "99") for text in partial.values()):
        yield Done(frozenset(), 0)
    yield from (done for done in completions(block, partial) if done.marked and done.counts == 0)


def row_scores(section: Section, parts: Sequence[Partial]) -> set[int]:
    """What the row may count, before its weight, by every consistent completion."""
    first, *others = zip(section.blocks, parts, strict=True)
    found = set()
    for done in completions(*first):
        never = any(done.marked == {rule.column} for rule in section.rules)
        rest = [list(without(*other) if never else completions(*other)) for other in others]
        found |= {done.counts + sum(d.counts for d in way) for way in itertools.product(*rest)}
    return found


def in_one(numbers: Sequence[int], how: str, count_from: int) -> int:
    ways: dict[str, Callable[[], int]] = {
        "sum": lambda: sum(numbers),
        "maximum": lambda: max(numbers),
        "count": lambda: len([n for n in numbers if n >= count_from]),
    }
    return ways[how]()


def band_by_hand(points: int, rows: Sequence[tuple[str, int]], age: int, layout: MatrixLayout) -> str:
    order = ["low", "middle", "high"]
    high, middle, _ = layout.bands
    assert high.at_least is not None and middle.at_least is not None
    reached = ["high" if points >= high.at_least else "middle" if points >= middle.at_least else "low"]
    for o in layout.overrides:
        if o.any_item is not None and any(n >= o.any_item for s, n in rows if o.section in ("", s)):
            reached.append(o.not_below)
        if o.under_age is not None and age < o.under_age:
            reached.append(o.not_below)
    return max(reached, key=order.index)


@given(layout=layouts(), age=st.sampled_from([None, 9, 12, 13, 16]), data=st.data())
def test_the_range_and_the_bands_hold_every_consistent_completion(
    layout: MatrixLayout, age: int | None, data: st.DataObject
) -> None:
    written = {
        (s.key, item): [data.draw(partials(block)) for block in s.blocks] for s in layout.sections for item in s.items
    }
    part_of = {s.key: s for s in layout.sections}
    scores = {row: sorted(row_scores(part_of[row[0]], parts)) for row, parts in written.items()}
    assume(all(scores.values()))  # else the form contradicts itself: no completion is consistent
    form = MatrixForm("any", "Sheet1", {}, tuple(form_row(part_of[s], item, p) for (s, item), p in written.items()))
    read, _ = score(form, layout)
    found = outcome(read.total, read.rows, age, layout)
    totals = set()
    bands = set()
    for way in itertools.product(*scores.values()):
        rows = dict(zip(scores, way, strict=True))
        figures = [
            in_one([n * s.weight_of(item) for (key, item), n in rows.items() if key == s.key], s.combine, s.count_from)
            for s in layout.sections
        ]
        points = in_one(figures, layout.combine, layout.count_from)
        totals.add(points)
        told = [(key, n) for (key, _), n in rows.items()]
        bands |= {band_by_hand(points, told, a, layout) for a in ([age] if age is not None else [0, 11, 17])}
    assert read.total.low <= min(totals) <= max(totals) <= read.total.high
    order = [band.key for band in layout.bands]
    assert order.index(found.high.key) <= min(map(order.index, bands))
    assert order.index(found.low.key) >= max(map(order.index, bands))
    if found.band:
        assert bands == {found.band.key}
    if not any(s.rules for s in layout.sections):  # never wider than it must be
        assert (read.total.low, read.total.high) == (min(totals), max(totals))
        assert {found.low.key, found.high.key} <= bands
    if not found.band:
        open_rows = [r for r in read.rows if not r.total.certain]
        asked = first_to_answer(read.total, read.rows, found, layout)
        assert {r.item for r in asked} <= {r.item for r in open_rows}
        assert asked or any(o.under_age is not None for o in found.open)


def form_row(section: Section, item: str, parts: Sequence[Partial]) -> Row:
    cells = [
        Cell(block.key, (label,), text, "Sheet1!B2")
        for block, partial in zip(section.blocks, parts, strict=True)
        for label, text in partial.items()
    ]
    return Row(section.key, item, "Sheet1!A2", "Sheet1!B2:D2", tuple(cells))


def one_row(block: Block, *cells: Cell) -> Range:
    section = Section(key="p", title="P", item="item", items=("item",), blocks=(block,))
    bands = (Band(key="low", label="Low", action="none"),)
    layout = MatrixLayout(name="any", title="Any", version="1", fields=(), sections=(section,), bands=bands)
    row = Row("p", "item", "Sheet1!A2", "Sheet1!B2", tuple(cells))
    return score(MatrixForm("any", "Sheet1", {}, (row,)), layout)[0].total


TICKS = Block(
    key="b", title="B", marks="many", columns=(Column(label="Current", value=5), Column(label="Past", value=1))
)
NUMBER = Block(key="b", title="B", marks="number", lowest=0, highest=3, columns=(Column(label="Score", value=1),))


@pytest.mark.parametrize(
    ("block", "marks", "expected"),
    [
        (TICKS, {"Current|Past": "x"}, (0, 6)),  # between two columns, or merged over both
        (TICKS, {"Current": "x", "Past": "?"}, (5, 6)),
        (TICKS, {"Current": "no", "Past": "no"}, (0, 0)),
        (TICKS, {"Current": "☐", "Past": "☐"}, (0, 6)),  # the boxes that the form prints: not answered yet
        (NUMBER, {"Score": "2 - most weeks"}, (2, 2)),
        (NUMBER, {"Score": "2-3"}, (0, 3)),
        (NUMBER, {"Score": "1.5"}, (0, 3)),
        (NUMBER, {"Score": "4"}, (0, 3)),
        (NUMBER, {"Score": "x"}, (0, 3)),
        (NUMBER, {"Score": "-"}, (0, 3)),
        (NUMBER, {"Score": "0"}, (0, 0)),
        (NUMBER, {"Score": ""}, (0, 3)),  # only coloured in
    ],
)
def test_a_block_reads_as_its_kind_says(block: Block, marks: dict[str, str], expected: tuple[int, int]) -> None:
    cells = [Cell("b", tuple(c.split("|")), text, "Sheet1!B2", coloured=not text) for c, text in marks.items()]
    assert one_row(block, *cells) == Range(*expected)
