"""One sheet and a section of a layout come in; where its header, columns and items stand goes out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.intake.excel.labels import same, unhyphened
from pipeline.intake.excel.sheet_facts import MAX_COLUMNS, MAX_ROWS, Place
from pipeline.intake.excel.workbook import Sheet
from pipeline.rules.layout import Block, MatrixLayout, Section

Labels = Mapping[str, Sequence[Place]]
"""Every text of a sheet, as ``same`` writes it, with the cells that hold it, in reading order."""


def labels_of(sheet: Sheet) -> Labels:
    found: dict[str, list[Place]] = {}
    for place in sorted(sheet.cells):
        label = same(sheet.cells[place].text)
        found.setdefault(label, []).append(place)
        if "-" in label:
            found.setdefault(unhyphened(label), []).append(place)
    return found


@dataclass(frozen=True, slots=True)
class Head:
    """The header row of a section: for each block, the columns that its labels stand in."""

    row: int
    columns: tuple[tuple[int, ...], ...]

    @property
    def first(self) -> int:
        return self.columns[0][0]

    @property
    def last(self) -> int:
        return self.columns[-1][-1]


@dataclass(frozen=True, slots=True)
class Table:
    """A section on a sheet. ``items``: item → the rows that it stands in, none where it is missing.

    ``label``: the column of the items. ``unknown``: rows inside the table that are no item of the layout.
    ``again``: where the same header stands a second time.
    """

    section: Section
    head: Head
    label: int
    items: Mapping[str, tuple[int, ...]]
    unknown: tuple[int, ...]
    again: tuple[Place, ...]

    @property
    def found(self) -> int:
        return sum(1 for rows in self.items.values() if rows)


def find_tables(sheet: Sheet, labels: Labels, layout: MatrixLayout) -> tuple[Table, ...]:
    """The layout's sections on the sheet; empty where one has no header, or fewer than half of its items."""
    tables = []
    answered = _item_places(labels, layout.sections)
    for section in layout.sections:
        table = _find_table(sheet, labels, section, layout, answered)
        if table is None or 2 * table.found < len(section.items):
            return ()
        tables.append(table)
    return tuple(tables)


def _find_table(
    sheet: Sheet, labels: Labels, section: Section, layout: MatrixLayout, answered: Mapping[int, int]
) -> Table | None:
    """The section on the sheet, by its labels; None where a column label is missing, or every item.

    ``answered``: the rows that items of the form stand in, and the column.
    """
    heads = _heads(labels, section.blocks, answered)
    if not heads:
        return None
    # Sections below one another may have the same headings: the one that the section's items stand below is its own.
    below = [_below(labels, section, head, heads) for head in heads]
    counts = [sum(1 for places in standing.values() if places) for standing in below]
    best = counts.index(max(counts))
    head, standing = heads[best], below[best]
    columns = Counter(column for places in standing.values() for _, column in places)
    if not columns:
        return None
    until = _until(head, heads)
    label = max(columns, key=lambda column: (columns[column], column))
    items = {item: tuple(r for r, c in places if c == label) for item, places in standing.items()}
    named = {r: same(cell.text) for (r, c), cell in sheet.cells.items() if c == label and head.row < r < until}
    items = {item: rows or _begun(named, section.names(item)) for item, rows in items.items()}
    rows = {r for places in items.values() for r in places}
    # What is another section's: where all stand below one header, each has its own part of the rows.
    foreign = _others(section, layout)
    others = {r for r, name in named.items() if name in foreign} - rows
    start = max((r for r in others if r < min(rows)), default=head.row)
    until = min((r for r in others if r > min(rows)), default=until)
    ends = {r for name in section.ends_at for r, c in labels.get(same(name), ()) if c == label and start < r < until}
    end = max(rows) + 1
    while not ends and (end, label) in sheet.cells and end < until:
        end += 1
    unknown = tuple(
        row
        for row in range(start + 1, max(end, min(ends, default=0)))
        if row not in rows | ends | others and _is_item(sheet, section, head, label, row)
    )
    again = tuple((h.row, h.first) for h, count in zip(heads, counts, strict=True) if count and h is not head)
    return Table(section, head, label, items, unknown, again)


def _below(labels: Labels, section: Section, head: Head, heads: Sequence[Head]) -> dict[str, list[Place]]:
    """Where each item of the section stands below ``head`` and left of its columns."""
    until = _until(head, heads)
    return {
        item: [(r, c) for r, c in _places(labels, section.names(item)) if head.row < r < until and c < head.first]
        for item in section.items
    }


def _until(head: Head, heads: Sequence[Head]) -> int:
    return min((h.row for h in heads if h.row > head.row), default=MAX_ROWS)


def _item_places(labels: Labels, sections: Sequence[Section]) -> Mapping[int, int]:
    """Row → the first column in which an item of the form stands."""
    names = (name for section in sections for item in section.items for name in section.names(item))
    return dict(reversed(_places(labels, names)))


def _others(section: Section, layout: MatrixLayout) -> frozenset[str]:
    """The items of the other sections, and the titles of all."""
    names = {name for s in layout.sections if s is not section for item in s.items for name in s.names(item)}
    titles = {title for s in layout.sections for title in (s.title, *(b.title for b in s.blocks))}
    return frozenset(same(name) for name in names | titles)


def _begun(named: Mapping[int, str], wordings: Sequence[str]) -> tuple[int, ...]:
    """Rows that say more than the item's name: "Drug misuse (cannabis)", "Other agency: Barnardo's"."""
    begins = [same(wording) for wording in wordings]
    return tuple(
        r
        for r, name in named.items()
        if any(name.startswith(item) and re.match(r"\s?[-(:;,]", name[len(item) :]) for item in begins)
    )


def _heads(labels: Labels, blocks: Sequence[Block], items: Mapping[int, int]) -> list[Head]:
    """Every place where all column labels of the blocks stand in one row, top to bottom."""
    names = [[(column.label, *column.aliases) for column in block.columns] for block in blocks]
    found: list[Head] = []
    for row in sorted({row for row, _ in _places(labels, names[0][0])}):
        after = -1
        while head := _head(labels, row, after, names):
            # "Yes" below the heading "Yes" and beside an item is an answer.
            if items.get(row, MAX_COLUMNS) > head.first or all(h.columns != head.columns for h in found):
                found.append(head)
            after = head.last
    return found


def _head(labels: Labels, row: int, after: int, names: list[list[tuple[str, ...]]]) -> Head | None:
    blocks: list[tuple[int, ...]] = []
    for wanted in names:
        places = [[c for r, c in _places(labels, name) if r == row and c > after] for name in wanted]
        # "Occasional" heads a column of two blocks: the labels that stand closest together belong together.
        spans = [span for start in places[0] if len(span := _follow(start, places[1:])) == len(wanted)]
        if not spans:
            return None
        blocks.append(min(spans, key=lambda span: span[-1] - span[0]))
        after = blocks[-1][-1]
    return Head(row, tuple(blocks))


def _follow(start: int, places: Iterable[Sequence[int]]) -> tuple[int, ...]:
    span = [start]
    for options in places:
        span += [c for c in options if c > span[-1]][:1]
    return tuple(span)


def _places(labels: Labels, names: Iterable[str]) -> Sequence[Place]:
    found = [places for name in names if (places := labels.get(same(name)))]
    return found[0] if len(found) == 1 else sorted({place for places in found for place in places})


def _is_item(sheet: Sheet, section: Section, head: Head, label: int, row: int) -> bool:
    """Whether a row that is no known item asks or answers something: not blank, not the printed scores, no totals."""
    answers = [cell for c in range(head.first, head.last + 1) if (cell := sheet.cells.get((row, c)))]
    if not answers:
        return (row, label) in sheet.cells
    scores = [
        (c, str(column.value))
        for block, columns in zip(section.blocks, head.columns, strict=True)
        for column, c in zip(block.columns, columns, strict=True)
    ]
    printed = all((cell := sheet.cells.get((row, c))) and cell.text == score for c, score in scores)
    return not printed and not all(cell.formula for cell in answers)
