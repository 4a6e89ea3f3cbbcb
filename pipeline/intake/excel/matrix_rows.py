"""A table found on a sheet comes in; what stands in each of its rows goes out, column labels beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.intake.excel.labels import same, unhyphened
from pipeline.intake.excel.matrix_table import Table
from pipeline.intake.excel.sheet_facts import MAX_COLUMNS, Place
from pipeline.intake.excel.workbook import CellValue, Sheet
from pipeline.rules.form import Cell, Problem, Remark, Row
from pipeline.rules.marks import read_mark

# Seen by the rules as words, which are no mark.
_NOT_CALCULATED = "(a formula without its value)"


@dataclass(slots=True)
class Rows:
    """What one table says."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def read_rows(sheet: Sheet, table: Table, right: int = MAX_COLUMNS) -> Rows:
    """Read the table's rows; ``right`` is the first column that belongs to the next table."""
    read = Rows()
    columns = [_columns(sheet, table, i) for i in range(len(table.head.columns))]
    shaded = _shaded(sheet, table)
    for item, rows in table.items.items():
        read.rows.append(_row(sheet, table, item, rows, columns, shaded, read))
    _beside(sheet, table, columns, right, read)
    read.problems += [_unknown(sheet, table, row) for row in table.unknown]
    read.problems += [_again(sheet, table, place) for place in table.again]
    return read


def _columns(sheet: Sheet, table: Table, index: int) -> dict[int, tuple[str, ...]]:
    """Column → the label above it; two labels where it has none of its own and stands between them."""
    heads = table.head.columns[index]
    names = [column.label for column in table.section.blocks[index].columns]
    above: dict[int, tuple[str, ...]] = {}
    for i, start in enumerate(heads):
        # A label merged over two columns heads both.
        end = sheet.merged.get((table.head.row, start), (0, start))[1]
        until = heads[i + 1] if i + 1 < len(heads) else end + 1
        for c in range(start, until):
            above[c] = (names[i],) if c <= end else (names[i], names[i + 1])
    return above


def _row(
    sheet: Sheet,
    table: Table,
    item: str,
    rows: Sequence[int],
    columns: Sequence[dict[int, tuple[str, ...]]],
    shaded: frozenset[Place],
    read: Rows,
) -> Row:
    if not rows:
        head = (table.head.row, table.head.first)
        read.problems.append(_missing(sheet, table, item))
        return Row(table.section.key, item, sheet.where(head), _span(sheet, table, table.head.row), ())
    found = [tuple(_cells(sheet, table, row, columns, shaded, read)) for row in rows]
    answered = [i for i, cells in enumerate(found) if cells] or [0]
    row, cells = rows[answered[0]], found[answered[0]]
    if differ := any(_said(found[i]) != _said(cells) for i in answered[1:]):
        cells = ()  # which of them counts is not clear, so that the row is open: it may score anything
    if len(rows) > 1:
        read.problems.append(_twice(sheet, table, item, rows, len(answered) > 1, differ))
    label, where = sheet.cells[row, table.label].text, sheet.where((row, table.label))
    names = [same(name) for name in table.section.names(item)]
    if same(label) not in names and unhyphened(same(label)) not in names:
        read.remarks.append(Remark(where, label))
    return Row(table.section.key, item, where, _span(sheet, table, row), cells)


def _cells(
    sheet: Sheet,
    table: Table,
    row: int,
    columns: Sequence[dict[int, tuple[str, ...]]],
    shaded: frozenset[Place],
    read: Rows,
) -> Iterator[Cell]:
    held, coloured = sheet.cells, sheet.coloured
    for block, above in zip(table.section.blocks, columns, strict=True):
        for column, labels in above.items():
            place = row, column
            cell = held.get(place)
            text = _text(cell) if cell else ""
            if not text:
                if place in coloured and place not in shaded:
                    yield Cell(block.key, labels, "", sheet.where(place), coloured=True)
                continue
            where = sheet.where(place)
            if len(labels) > 1 and (table.head.row, column) in held:
                # A column that somebody has put in and named: for words it is a place for remarks.
                if _is_remark(text):
                    read.remarks.append(Remark(where, text))
                    continue
                read.problems.append(_unknown_column(table, where))
            yield Cell(block.key, _covered(sheet, place, labels, above), text, where)


def _said(cells: Sequence[Cell]) -> list[tuple[str, tuple[str, ...], str]]:
    return [(cell.block, cell.columns, cell.text) for cell in cells]


def _text(cell: CellValue) -> str:
    return _NOT_CALCULATED if cell.uncalculated else cell.text


def _covered(sheet: Sheet, place: Place, labels: tuple[str, ...], above: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    """The labels above a cell; of every column that it is merged over."""
    _, end = sheet.merged.get(place, place)
    if end == place[1] and len(labels) == 1:
        return labels
    under = [labels, *(above[c] for c in range(place[1] + 1, end + 1) if len(above.get(c, ())) == 1)]
    return tuple(dict.fromkeys(label for over in under for label in over))


def _shaded(sheet: Sheet, table: Table) -> frozenset[Place]:
    """Fills that belong to the design: a whole row of a block, or a whole column, in colour answers nothing."""
    rows = {row for found in table.items.values() for row in found}
    first, last = table.head.first, table.head.last
    coloured = {(row, column) for row, column in sheet.coloured if row in rows and first <= column <= last}
    if not coloured:
        return frozenset()
    design: set[Place] = set()
    for heads in table.head.columns:
        for row in rows:
            if all((row, c) in coloured for c in heads):
                design |= {(row, c) for c in range(heads[0], heads[-1] + 1)}
    for column in range(first, last + 1):
        if all((row, column) in coloured for row in rows):
            design |= {(row, column) for row in rows}
    return frozenset(design)


def _beside(sheet: Sheet, table: Table, columns: Sequence[dict[int, tuple[str, ...]]], right: int, read: Rows) -> None:
    """What stands in the rows outside every block: words are a remark, a mark belongs to no column."""
    rows = {row for found in table.items.values() for row in found}
    inside = {table.label}.union(*columns)
    for (row, column), cell in sheet.cells.items():
        if row not in rows or column in inside or column >= right or cell.formula:
            continue
        where = sheet.where((row, column))
        if column < table.label:
            continue  # a numbering, or the table to the left, which reads what stands beside it
        if _is_remark(cell.text):
            read.remarks.append(Remark(where, cell.text))
        elif read_mark(cell.text, None).kind != "no":
            read.problems.append(_stray(table, where))


def _is_remark(text: str) -> bool:
    return read_mark(text, None).kind == "unclear" and sum(c.isalpha() for c in text) > 2


def _unknown(sheet: Sheet, table: Table, row: int) -> Problem:
    held = [
        c for c in range(table.head.first, table.head.last + 1) if (cell := sheet.cells.get((row, c))) and cell.text
    ]
    marked = [c for c in held if read_mark(sheet.cells[row, c].text, None).kind != "no"]
    label = (row, table.label) if (row, table.label) in sheet.cells else (row, (held or [table.label])[0])
    if marked and row < min(r for rows in table.items.values() for r in rows):
        return Problem(
            "return",
            "unknown-row",
            sheet.where(label),
            f"The scores printed above the first {table.section.item} are not those of the form, or a mark stands "
            "among them. Nothing in this row can be counted.",
            f"Put the printed scores back as on a blank form. A mark belongs beside a {table.section.item}.",
        )
    # A behaviour of the sender's own is named and not counted: the scale has no place for it. Marks beside no label at
    # all may belong to the row above or below.
    return Problem(
        "return" if marked and (row, table.label) not in sheet.cells else "note",
        "unknown-row",
        sheet.where(label),
        f"This row of “{table.section.title}” is no {table.section.item} of the form, so nothing in it can be counted.",
        f"Put the marks beside the {table.section.item} of the form that they belong to, and take the row out.",
    )


def _missing(sheet: Sheet, table: Table, item: str) -> Problem:
    return Problem(
        "note",
        "missing-row",
        sheet.where((table.head.row, table.head.first)),
        f"The {table.section.item} “{item}” is not on this sheet, so it counts as unanswered.",
        f"Write “{item}” in a row of its own below the others, and mark it.",
    )


def _twice(sheet: Sheet, table: Table, item: str, rows: Sequence[int], both: bool, differ: bool) -> Problem:
    answers = ", with different answers, so that none of them was counted" if differ else ""
    return Problem(
        "return" if both else "note",
        "row-twice",
        ", ".join(sheet.where((row, table.label)) for row in rows),
        f"The {table.section.item} “{item}” stands on this sheet more than once{answers}.",
        "Leave the row that is right and delete the other.",
    )


def _again(sheet: Sheet, table: Table, place: Place) -> Problem:
    return Problem(
        "return",
        "two-tables",
        sheet.where(place),
        f"The table “{table.section.title}” stands on this sheet more than once, so it is not clear which counts.",
        "Keep one assessment on a sheet: move the other to a sheet of its own, or delete it.",
    )


def _unknown_column(table: Table, where: str) -> Problem:
    return Problem(
        "return",
        "unknown-column",
        where,
        f"This mark stands under a column that “{table.section.title}” does not have on the form.",
        "Put the mark under the column of the form that it belongs to.",
    )


def _stray(table: Table, where: str) -> Problem:
    return Problem(
        "note",
        "stray-mark",
        where,
        f"This cell is marked, but it is under no column of “{table.section.title}”, so it was not counted.",
        "Put the mark under the column that it belongs to.",
    )


def _span(sheet: Sheet, table: Table, row: int) -> str:
    return sheet.where((row, table.head.first), (row, table.head.last))
