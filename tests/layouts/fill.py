"""Answers and marks come in; filled forms of the layouts beside this file go out (``python -m tests.layouts.fill``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import openpyxl

from pipeline.intake.layouts import load_layouts
from pipeline.rules.layout import MatrixLayout

HERE = Path(__file__).parent
LAYOUTS = {layout.name: layout for layout in load_layouts(HERE).matrices}

Marks = Mapping[str, Mapping[str, object]]  # item → column label → what stands there


def fill(layout: MatrixLayout, fields: Mapping[str, object], marks: Marks) -> openpyxl.Workbook:
    """The form with its sections below one another, each below its own headings."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Form"
    sheet["A1"] = layout.title
    row = 2
    for field in layout.fields:
        sheet.cell(row, 1, field.label)
        sheet.cell(row, 2, fields.get(field.label))  # type: ignore[arg-type]
        row += 1
    for section in layout.sections:
        row += 1
        columns = [column.label for block in section.blocks for column in block.columns]
        for n, text in enumerate([section.title, *columns], start=1):
            sheet.cell(row, n, text)
        for item in section.items:
            row += 1
            found = marks.get(item, {})
            sheet.cell(row, 1, str(found.get("as", item)))
            for n, column in enumerate(columns, start=2):
                sheet.cell(row, n, found.get(column))  # type: ignore[arg-type]
        row += 1
    sheet.column_dimensions["A"].width = 44
    book.properties.created = book.properties.modified = dt.datetime(2026, 11, 3)
    return book


YES = {"Yes": "x"}
CHILD = {
    "Child's name": "Robin Sample",
    "Case number": "LC20881",
    "Completed by": "P. Worker, Family Support",
    "Date of assessment": dt.date(2026, 11, 3),
}
DISCUSSED = {
    "Name of child": "Alex Pretend",
    "Record number": "R-5512",
    "Date of birth": dt.date(2010, 2, 14),
    "Date of discussion": "3 November 2026",
}
SOME_OF_THREE = {
    "Family conflict or breakdown": YES,
    "Living in care": {"Yes": "yes"},
    "Isolated from friends": {"Yes": "✓"},
}
ONE_POINT = {
    "Episodes of going missing": {"A little": "x"},
    "Contact with risky adults": {"Not at all": "x"},
    "Relationship with parents": {"Not at all": "x"},
    "Attendance at school": {"Score 0 to 3": 0},
    "Use of substances": {"Score 0 to 3": 0},
    "Emotional health": {"Score 0 to 3": 0},
}

FORMS: dict[str, tuple[str, Mapping[str, object], Marks]] = {
    "exploitation-significant": (
        "exploitation",
        CHILD | {"Total score": 17},
        {
            **SOME_OF_THREE,
            "Staying out late": YES,
            "Going missing overnight": {"as": "Missing overnight", "Yes": "x"},
            "Older boyfriend or girlfriend": {"Current": "x"},
            "Seen in a car of unknown adults": {"Current": "x", "Past": "x - in May"},
            "Disclosure, then withdrawn": {"Past": "x"},
        },
    ),
    "exploitation-open": (
        "exploitation",
        CHILD,
        {
            "Living in care": YES,
            "Low self-esteem": YES,
            "Staying out late": YES,
            "Going missing overnight": YES,
            "Unexplained gifts": YES,
            "Older boyfriend or girlfriend": {"Current": "x"},
            "Disclosure, then withdrawn": {"Past": "?"},
        },
    ),
    "exploitation-unclear-but-certain": (
        "exploitation",
        CHILD,
        {"Living in care": YES, "Unexplained gifts": {"Yes": "not sure"}},
    ),
    "descriptors-a-three": (
        "descriptors",
        DISCUSSED | {"Overall level": "Medium"},
        {
            "Episodes of going missing": {"Always": "x"},
            "Contact with risky adults": {"Not at all": "x"},
            "Relationship with parents": {"A little": "x"},
            "Attendance at school": {"Score 0 to 3": 1},
            "Use of substances": {"Score 0 to 3": 0},
            "Emotional health": {"Score 0 to 3": "0 - doing well"},
        },
    ),
    "descriptors-twelve": ("descriptors", DISCUSSED | {"Date of birth": dt.date(2013, 11, 4)}, ONE_POINT),
    "descriptors-thirteen": ("descriptors", DISCUSSED | {"Date of birth": dt.date(2013, 11, 3)}, ONE_POINT),
    "descriptors-age-not-known": ("descriptors", DISCUSSED | {"Date of birth": "not known"}, ONE_POINT),
    "descriptors-high": (
        "descriptors",
        DISCUSSED | {"Date of birth": None},
        {
            "Episodes of going missing": {"Always": "x"},
            "Contact with risky adults": {"Often": "x"},
            "Relationship with parents": {"Often": "x"},
            "Attendance at school": {"Score 0 to 3": 2},
            "Use of substances": {"Score 0 to 3": 2},
            "Emotional health": {"Score 0 to 3": 1},
        },
    ),
    "descriptors-unclear-number": (
        "descriptors",
        DISCUSSED,
        {
            "Episodes of going missing": {"Often": "x"},
            "Contact with risky adults": {"Often": "x"},
            "Relationship with parents": {"A little": "x"},
            "Attendance at school": {"Score 0 to 3": 1},
            "Use of substances": {"Score 0 to 3": "1"},
            "Emotional health": {"Score 0 to 3": 7},
        },
    ),
}


if __name__ == "__main__":
    for file, (name, fields, marks) in FORMS.items():
        fill(LAYOUTS[name], fields, marks).save(HERE / f"{file}.xlsx")
