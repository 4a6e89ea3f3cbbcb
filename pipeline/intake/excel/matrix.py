"""The bytes of a workbook come in; the assessment matrix on each of its sheets goes out, not yet believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zipfile import ZipFile

from pipeline.errors import SettingsError, UnreadableFile
from pipeline.intake.excel.labels import same
from pipeline.intake.excel.matrix_fields import read_fields
from pipeline.intake.excel.matrix_rows import read_rows
from pipeline.intake.excel.matrix_table import Labels, Table, find_tables, labels_of
from pipeline.intake.excel.sheet_facts import MAX_COLUMNS, Place
from pipeline.intake.excel.workbook import Sheet, Workbook, read_workbook
from pipeline.rules.form import MatrixForm, Problem, Remark
from pipeline.rules.layout import MatrixLayout


def read_matrices(data: bytes, layouts: Sequence[MatrixLayout], parts: ZipFile | None = None) -> tuple[MatrixForm, ...]:
    """Every sheet that holds a form, in the workbook's order; empty where none does.

    Blank forms beside a filled one are left away, and a note says so. ``parts``: those of ``data``, opened already.

    Raises:
        UnreadableFile: the workbook cannot be read.
        SettingsError: two layouts fit a sheet equally well.
    """
    book = read_workbook(data, parts)
    forms = [form for sheet in book.sheets if (form := _read_sheet(sheet, layouts))]
    if not forms and book.too_large:
        raise UnreadableFile(
            "too-large",
            f"The sheet {book.too_large[0]} holds something far outside of the form, so it was not read.",
            "Press Ctrl+End to find it, delete those rows or columns, save the workbook and drop it again.",
        )
    kept = [form for form in forms if not _is_blank(form)] or forms[:1]
    notes = _book_notes(book, [form.sheet for form in forms if form not in kept])
    return tuple(_with_notes(form, notes) for form in kept)


def _read_sheet(sheet: Sheet, layouts: Sequence[MatrixLayout]) -> MatrixForm | None:
    labels = labels_of(sheet)
    fits = [(layout, tables) for layout in layouts if (tables := find_tables(sheet, labels, layout))]
    if not fits:
        return None
    layout, tables = _best(fits, labels, sheet.name) if len(fits) > 1 else fits[0]
    fields, problems, remarks = read_fields(sheet, labels, layout, tables)
    read = [read_rows(sheet, table, _right(table, tables)) for table in tables]
    return MatrixForm(
        layout.name,
        sheet.name,
        fields,
        tuple(row for table in read for row in table.rows),
        (
            *(Remark(sheet.where(p), text) for p, text in sorted(sheet.comments.items())),
            *remarks,
            *(r for t in read for r in t.remarks),
        ),
        (*problems, *(problem for table in read for problem in table.problems), *_sheet_notes(sheet, tables)),
    )


_Fit = tuple[MatrixLayout, tuple[Table, ...]]


def _best(fits: Sequence[_Fit], labels: Labels, sheet: str) -> _Fit:
    """Of several layouts that fit, the one of which most labels are on the sheet and, of those, fewest missing."""

    def found(fit: _Fit) -> tuple[int, int]:
        missing, wanted = len(_missing(fit[0], labels)), len(_all_labels(fit[0]))
        return wanted - missing, -missing

    best, second, *_ = sorted(fits, key=found, reverse=True)
    if found(best) == found(second):
        raise SettingsError(
            f"The layouts {best[0].name} and {second[0].name} fit the sheet {sheet} equally well. "
            "Take one out of the folder forms, or write the labels that tell the two forms apart into both."
        )
    return best


def _right(table: Table, tables: Sequence[Table]) -> int:
    """The first column of the table to the right, up to which a row is this table's own."""
    return min((other.label for other in tables if other.label > table.head.last), default=MAX_COLUMNS)


def _is_blank(form: MatrixForm) -> bool:
    return not any(row.cells for row in form.rows) and not any(a.text and not a.formula for a in form.fields.values())


def _sheet_notes(sheet: Sheet, tables: Sequence[Table]) -> list[Problem]:
    notes = []
    if sheet.hidden:
        notes.append(
            Problem(
                "note",
                "hidden-sheet",
                sheet.name,
                f"The sheet {sheet.name} is hidden in the workbook; it was read all the same.",
                "Show the sheet and check that it is meant to count, or delete it.",
            )
        )
    if sheet.blind:
        notes.append(
            Problem(
                "note",
                "partly-read",
                sheet.name,
                "Cells that are only coloured in, comments and tick boxes cannot be seen in this kind of workbook.",
                "Save it as an Excel workbook (.xlsx) where there are any, and drop that.",
            )
        )
    if sheet.struck:
        notes.append(
            Problem(
                "note",
                "struck-out",
                ", ".join(sheet.where(place) for place in sorted(sheet.struck)),
                "Words that are struck out were left away.",
                "Delete them, or take the line off where they still count.",
            )
        )
    return notes + _floating_notes(sheet, tables)


def _floating_notes(sheet: Sheet, tables: Sequence[Table]) -> list[Problem]:
    """Tick boxes and shapes that float over the answers. A box that writes into a cell is read there."""

    def over(place: Place | None) -> bool:
        if place is None:
            return False
        row, column = place
        return any(
            t.head.row < row <= max(r for rows in t.items.values() for r in rows)
            and t.head.first <= column <= t.head.last
            for t in tables
        )

    loose = [f for f in sheet.floating if not over(f.linked)]
    boxes = [f.place for f in loose if f.tick_box]
    shapes = [f.place for f in loose if not f.tick_box and over(f.place)]
    notes = []
    if boxes:
        notes.append(
            Problem(
                "note",
                "floating-tick-boxes",
                _places(sheet, boxes),
                "Tick boxes float over the cells. Which row and column each belongs to cannot be told apart, so none "
                "of them was counted.",
                "Write x in the cell for every box that is ticked, and delete the boxes.",
            )
        )
    if shapes:
        notes.append(
            Problem(
                "note",
                "floating-shapes",
                _places(sheet, shapes),
                "A picture, shape or drawing lies over the answers here; it was not counted.",
                "Write x in the cell where it stands for a mark, and delete it.",
            )
        )
    return notes


def _places(sheet: Sheet, places: Sequence[Place | None]) -> str:
    return ", ".join(sheet.where(place) for place in sorted({p for p in places if p})) or sheet.name


def _book_notes(book: Workbook, blank: Sequence[str]) -> tuple[Problem, ...]:
    notes = []
    if book.macros:
        notes.append(
            Problem(
                "note",
                "macros",
                "the workbook",
                "This workbook holds macros; they were not run.",
                "Save it as an Excel workbook without macros (.xlsx) if nobody needs them.",
            )
        )
    notes += [
        Problem(
            "note",
            "blank-sheet",
            name,
            f"The form on the sheet {name} is blank and was left away.",
            "Complete it if it was meant to count, or delete the sheet.",
        )
        for name in blank
    ]
    notes += [
        Problem(
            "note",
            "too-large",
            name,
            f"The sheet {name} holds more than any form does, so it was not looked at.",
            "If it holds an assessment, copy that into a workbook of its own and drop it.",
        )
        for name in book.too_large
    ]
    return tuple(notes)


def _with_notes(form: MatrixForm, notes: tuple[Problem, ...]) -> MatrixForm:
    return replace(form, notes=form.notes + notes)


def describe_nearest(data: bytes, layouts: Sequence[MatrixLayout]) -> str:
    """For a workbook that holds no form: which layout came nearest, on which sheet, and which labels were missing.

    Empty where not a quarter of any layout's labels was found.
    """
    best: tuple[float, str] = (0.25, "")
    for sheet in read_workbook(data).sheets:
        labels = labels_of(sheet)
        for layout in layouts:
            missing = _missing(layout, labels)
            share = 1 - len(missing) / len(_all_labels(layout))
            if share > best[0]:
                best = (
                    share,
                    f"The sheet {sheet.name} comes nearest to “{layout.title}” ({layout.version}); {_lacks(missing)}",
                )
    return best[1]


def _missing(layout: MatrixLayout, labels: Labels) -> list[str]:
    return [names[0] for names in _all_labels(layout) if not any(same(name) in labels for name in names)]


def _lacks(missing: Sequence[str]) -> str:
    if not missing:
        return (
            "all of its labels are there, but the columns do not stand in one row and in the form's order. "
            "Put them back as on the blank form."
        )
    more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
    return f"these labels of it were not found: {', '.join(f'“{name}”' for name in missing[:8])}{more}."


def _all_labels(layout: MatrixLayout) -> list[tuple[str, ...]]:
    fields = [(f.label, *f.aliases) for f in layout.fields]
    columns = [(c.label, *c.aliases) for s in layout.sections for b in s.blocks for c in b.columns]
    return fields + columns + [s.names(item) for s in layout.sections for item in s.items]
