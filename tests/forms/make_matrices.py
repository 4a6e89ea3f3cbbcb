"""Build the filled matrices under ``matrices/``: each workbook beside a JSON file with what must be read from it.

    python tests/forms/make_matrices.py

What must be read is written by hand here, beside the edit; it never comes from the reader. Run it again only to change
a form: the workbooks are committed, those that LibreOffice saved as it saved them.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Color, Font, GradientFill, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).resolve().parent
BLANK = HERE / "blank" / "assessment-matrix.xlsx"
MATRICES = HERE / "matrices"

NONE, OCCASIONAL, WEEKEND, FREQUENT = (
    "None / Never",
    "Occasional",
    "Weekend only",
    "Frequently - more than twice per week",
)
LONG_AGO, LATELY, NOW = "Over 6 months ago", "In last 1 to 6 month", "Currently / within last month"
NO, REGULAR = "No", "Regular & Frequent"
BETWEEN = f"{WEEKEND} | {FREQUENT}"

# Item, its row on the blank form, the cells marked in it, and the labels above them.
BEHAVIOURS = [
    ("Drug Misuse", 9, "FJ", (FREQUENT, NOW)),
    ("Alcohol misuse", 10, "DJ", (WEEKEND, NOW)),
    ("Missing from Home", 11, "FJ", (FREQUENT, NOW)),
    ("Criminal activity", 12, "CI", (OCCASIONAL, LATELY)),
    ("Self Harm", 13, "B", (NONE,)),
    ("Sexual Exploitation", 14, "FI", (FREQUENT, LATELY)),
    ("Mental Health", 15, "DJ", (WEEKEND, NOW)),
    ("Not attending full time education", 16, "FJ", (FREQUENT, NOW)),
    ("Risky associates", 17, "CH", (OCCASIONAL, LONG_AGO)),
    ("lack of constructive contact with the family", 18, "CI", (OCCASIONAL, LATELY)),
    ("Conflict within the family", 19, "DJ", (WEEKEND, NOW)),
]
FACTORS = [
    ("Strong positive peer group", 9, "M", (NO,)),
    ("Strong positive supportive family", 10, "N", (OCCASIONAL,)),
    ("Engaging well with Carers", 11, "O", (REGULAR,)),
    ("Frequent positive engagement with social worker", 12, "M", (NO,)),
    ("Engaging with Kite / Cahms", 13, "N", (OCCASIONAL,)),
    ("Engaging with Mosaic", 14, "M", (NO,)),
    ("Fully engaging with Alternative Education", 15, "M", (NO,)),
    ("Attending positive activities", 16, "M", (NO,)),
    ("Positive engagement with other agency not listed above", 17, "N", (OCCASIONAL,)),
]
FIELDS = {
    "Young person Name": ("B2", "Jordan Testcase"),
    "Care First Id": ("I2", "CF104233"),
    "Assessment completed by": ("B4", "A. Practitioner, Social Worker"),
    "Date completed": ("I4", dt.date(2026, 11, 2)),
    "Assessment Date": ("I5", dt.date(2026, 10, 30)),
}

Rows = dict[str, dict[str, str]]


def standard_rows(mark: str = "x") -> Rows:
    return {item: dict.fromkeys(labels, mark) for item, _, _, labels in BEHAVIOURS + FACTORS}


def standard_fields() -> dict[str, str]:
    """Not the stated total and assessment: the form's own formulas make them, and LibreOffice works those out."""
    return {label: str(value) for label, (_, value) in FIELDS.items()}


@dataclass
class Expected:
    """What must be read from one sheet. ``rows``: item → labels above → text. ``notes``: "severity code where"."""

    rows: Rows = field(default_factory=standard_rows)
    fields: dict[str, str] = field(default_factory=standard_fields)
    notes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    at: dict[str, str] = field(default_factory=dict)  # item or field → where it stands


Sheets = dict[str, Expected]
Case = Callable[[Workbook, Worksheet], Sheets]
Parts = dict[str, bytes]

CASES: dict[str, tuple[Case, Callable[[Parts], None] | None]] = {}
RESAVED: list[tuple[str, str]] = []
ONLY_RESAVED = {"formulas-from-libreoffice.xlsx"}  # openpyxl works no formula out
# LibreOffice loses the author of a comment, so that the name before it can no longer be told from the comment.
OTHERWISE: dict[str, dict[str, list[str]]] = {
    f"comments-and-remarks.libreoffice.{kind}": {
        "remarks": [
            "Sheet1!F9 A. Practitioner:\nSeen by the carer\non Friday",
            "Sheet1!A13 No concerns",
            "Sheet1!Q10 Police report of 12 October",
        ]
    }
    for kind in ("xlsx", "xls", "ods")
}


def case(name: str, raw: Callable[[Parts], None] | None = None, resaved: str = "") -> Callable[[Case], Case]:
    """A workbook to build: edited with openpyxl, then part by part, then saved by LibreOffice as further kinds."""

    def keep(build: Case) -> Case:
        CASES[name] = build, raw
        RESAVED.extend((name, kind) for kind in resaved.split())
        return build

    return keep


def fill(sheet: Worksheet, mark: str = "x") -> None:
    for cell, value in FIELDS.values():
        sheet[cell] = value
        if isinstance(value, dt.date):
            sheet[cell].number_format = "dd/mm/yyyy"
    for _, row, columns, _ in BEHAVIOURS + FACTORS:
        for column in columns:
            sheet[f"{column}{row}"] = mark


def one(**changed: Any) -> Sheets:
    return {"Sheet1": Expected(**changed)}


def rows_with(**changed: dict[str, str]) -> Rows:
    """The standard rows with those changed that are named (``Drug_Misuse=...``)."""
    return standard_rows() | {name.replace("_", " "): row for name, row in changed.items()}


def move(sheet: Worksheet, cells: str, rows: int = 0, cols: int = 0) -> None:
    """As when rows or columns are put in before them; openpyxl would leave merged cells where they were."""
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.move_range(cells, rows=rows, cols=cols)


# ---------------------------------------------------------------------------------------------------------------
# What is accepted


@case("marks-of-every-kind.xlsx", resaved="xlsx xls ods")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    marks: dict[str, tuple[Any, str]] = {
        "F9": ("X", "X"), "J9": ("✓", "✓"), "D10": ("✔", "✔"), "J10": ("√", "√"), "F11": ("☑", "☑"), "J11": ("☒", "☒"),
        "C12": ("y", "y"), "I12": ("Yes", "Yes"), "B13": (0, "0"), "F14": (True, "TRUE"), "I14": (1, "1"),
        "D15": (2, "2"), "J15": (3, "3"), "F16": ("x – most weekends", "x – most weekends"), "J16": (1, "1"),
        "C17": ("yes (with cousin)", "yes (with cousin)"), "H17": (0, "0"), "N10": (-1, "-1"), "O11": (2, "2"),
        "N13": ("1", "1"), "N17": ("-1", "-1"),
    }  # fmt: skip
    for cell, (value, _) in marks.items():
        sheet[cell] = value
    noes = {"B9": "n", "C9": "no", "D9": False, "B10": "-", "C10": 0, "B11": "–", "C11": "No - not since May"}
    for cell, value in noes.items():
        sheet[cell] = value
    return one(
        rows=rows_with(
            Drug_Misuse={NONE: "n", OCCASIONAL: "no", WEEKEND: "FALSE", FREQUENT: "X", NOW: "✓"},
            Alcohol_misuse={NONE: "-", OCCASIONAL: "0", WEEKEND: "✔", NOW: "√"},
            Missing_from_Home={NONE: "–", OCCASIONAL: "No - not since May", FREQUENT: "☑", NOW: "☒"},
            Criminal_activity={OCCASIONAL: "y", LATELY: "Yes"},
            Self_Harm={NONE: "0"},
            Sexual_Exploitation={FREQUENT: "TRUE", LATELY: "1"},
            Mental_Health={WEEKEND: "2", NOW: "3"},
            Not_attending_full_time_education={FREQUENT: "x – most weekends", NOW: "1"},
            Risky_associates={OCCASIONAL: "yes (with cousin)", LONG_AGO: "0"},
            Strong_positive_supportive_family={OCCASIONAL: "-1"},
            Engaging_well_with_Carers={REGULAR: "2"},
            Positive_engagement_with_other_agency_not_listed_above={OCCASIONAL: "-1"},
        )
        | {"Engaging with Kite / Cahms": {OCCASIONAL: "1"}}
    )


@case("rows-and-columns-inserted.xlsx", resaved="xls")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    move(sheet, "A11:P25", rows=2)  # two blank rows below Alcohol misuse
    move(sheet, "D1:P30", cols=1)  # a blank column behind Occasional
    move(sheet, "A1:Q30", rows=3, cols=2)
    return one(
        at={
            "Drug Misuse": "Sheet1!C12 Sheet1!D12:M12",
            "Missing from Home": "Sheet1!C16 Sheet1!D16:M16",
            "Engaging with Mosaic": "Sheet1!O19 Sheet1!P19:R19",
            "Care First Id": "Sheet1!L5",
        },
    )


@case("mark-in-an-inserted-column.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    move(sheet, "D1:P30", cols=1)
    sheet["G9"] = None
    sheet["D9"] = "x"
    return one(rows=rows_with(Drug_Misuse={f"{OCCASIONAL} | {WEEKEND}": "x", NOW: "x"}))


@case("renamed-sheet-hidden-and-filtered-rows.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet.title = "Jordan's review, Sept 26"
    sheet.auto_filter.ref = "A8:P19"
    for row in (9, 12, 17):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["J"].hidden = True
    return {"Jordan's review, Sept 26": Expected(at={"Self Harm": "Jordan's review, Sept 26!A13 "
                                                                  "Jordan's review, Sept 26!B13:J13"})}  # fmt: skip


@case("rows-sorted.xlsx", resaved="ods")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sort(sheet, "A", "J", 9, 19, reverse=True)
    sort(sheet, "L", "O", 9, 17, reverse=False)
    return one(
        at={"Alcohol misuse": "Sheet1!A19 Sheet1!B19:J19", "Attending positive activities": "Sheet1!L9 Sheet1!M9:O9"}
    )


def sort(sheet: Worksheet, first: str, last: str, top: int, bottom: int, *, reverse: bool) -> None:
    rows = [[cell.value for cell in row] for row in sheet[f"{first}{top}:{last}{bottom}"]]
    for cells, values in zip(
        sheet[f"{first}{top}:{last}{bottom}"],
        sorted(rows, key=lambda row: str(row[0]).strip().lower(), reverse=reverse),
        strict=True,
    ):
        for cell, value in zip(cells, values, strict=True):
            cell.value = value


@case("labels-retyped.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["A2"] = "YOUNG  PERSON’S NAME :"
    sheet["H2"] = "care first ID"
    sheet["B7"] = "None/Never"
    sheet["F7"] = "Frequently – more than\ntwice per week:"
    sheet["O7"] = "Regular and frequent"
    sheet["A14"] = "Sexual\xa0exploitation."
    sheet["A20"] = "Sub Totals"
    return one()


@case("labels-with-hyphens.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["A13"] = "Self-harm"
    sheet["A16"] = "Not attending full-time education"
    return one()


@case("guidance-beside-it.xlsx")
def _(book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    guidance = book.create_sheet("Guidance", 0)
    guidance["A1"] = "How to use the matrix"
    guidance["A3"] = "Score"
    guidance["B3"] = "Assessment"
    guidance["A4"] = "36 or more"
    guidance["B4"] = "Core Group MUST be established"
    guidance["A6"] = "Young person Name"
    guidance["B6"] = "The full name"
    for i, (item, *_) in enumerate(BEHAVIOURS):
        guidance.cell(8 + i, 1, item)
        guidance.cell(8 + i, 2, "x")
    return one()


@case("three-tabs-one-blank.xlsx", resaved="xls")
def _(book: Workbook, sheet: Worksheet) -> Sheets:
    blank = book.copy_worksheet(sheet)
    blank.title = "Next review"
    fill(sheet)
    sheet.title = "Sept 26"
    later = book.copy_worksheet(sheet)
    later.title = "Oct 26"
    later["I5"] = dt.date(2026, 11, 30)
    later["F9"], later["B9"] = None, "x"
    note = "note blank-sheet Next review"
    return {
        "Sept 26": Expected(notes=[note]),
        "Oct 26": Expected(
            rows=rows_with(Drug_Misuse={NONE: "x", NOW: "x"}),
            fields=standard_fields() | {"Assessment Date": "2026-11-30"},
            notes=[note],
        ),
    }


@case("hidden-sheet.xlsx", resaved="xls")
def _(book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    book.create_sheet("Front page")["A1"] = "See the hidden sheet"
    sheet.sheet_state = "hidden"
    book.active = 1
    return one(notes=["note hidden-sheet Sheet1"])


@case("identity-and-dates-as-written.xlsx", resaved="xls ods")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["B2"] = " Testcase, Jordan "
    sheet["I2"] = 104233
    sheet["I4"] = "2.11.26"
    sheet["I5"] = dt.datetime(2026, 10, 30, 14, 30)
    sheet["I5"].number_format = "dd/mm/yyyy hh:mm"
    sheet["B4"] = "A. Practitioner\nSocial Worker"
    return one(
        fields=standard_fields()
        | {
            "Young person Name": "Testcase, Jordan",
            "Care First Id": "104233",
            "Date completed": "2.11.26",
            "Assessment Date": "2026-10-30 14:30",
            "Assessment completed by": "A. Practitioner\nSocial Worker",
        }
    )


@case("one-date-and-answers-in-their-labels.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    for cell in ("B2", "I2", "I4"):
        sheet[cell] = None
    sheet["A2"] = "Young person Name: Jordan Testcase"
    sheet["H2"] = "Care First Id – CF 104 233"
    return one(
        fields=standard_fields() | {"Care First Id": "CF 104 233", "Date completed": ""},
        at={"Young person Name": "Sheet1!A2", "Care First Id": "Sheet1!H2", "Date completed": "Sheet1!I4"},
    )


@case("id-by-its-number-format.xlsx", resaved="xls ods")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["I2"] = 4233
    sheet["I2"].number_format = '"CF"000000'
    return one(fields=standard_fields() | {"Care First Id": "CF004233"})


@case("dates-from-1904.xlsx")
def _(book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    book.epoch = openpyxl.utils.datetime.MAC_EPOCH
    return one()


@case("comments-and-remarks.xlsx", resaved="xlsx xls ods")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["F9"].comment = Comment("A. Practitioner:\nSeen by the carer\non Friday", "A. Practitioner")
    sheet["A13"].comment = Comment("No concerns", "B. Manager")
    sheet["B14"].comment = Comment("To put right: mark one column.\nTo put right: mark one.", "To put right")
    sheet["Q7"] = "Evidence"
    sheet["Q10"] = "Police report of 12 October"
    return one(
        remarks=[
            "Sheet1!F9 Seen by the carer\non Friday",
            "Sheet1!A13 No concerns",
            "Sheet1!Q10 Police report of 12 October",
        ]
    )


def _thread(parts: Parts) -> None:
    relate(parts, "xl/worksheets/sheet1.xml", "comments", "../comments1.xml")
    relate(
        parts,
        "xl/worksheets/sheet1.xml",
        "threadedComment",
        "../threadedComments/threadedComment1.xml",
        "http://schemas.microsoft.com/office/2017/10/relationships/",
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/comments1.xml"] = (
        f'<comments xmlns="{main}"><authors><author>tc={{A1}}</author></authors><commentList><comment ref="C12" '
        'authorId="0"><text><t>[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment; '
        "however, any edits to it will get removed.\n\nComment:\n    Stole a phone</t></text></comment></commentList>"
        "</comments>"
    ).encode()
    parts["xl/threadedComments/threadedComment1.xml"] = (
        b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        b'<threadedComment ref="C12" dT="2026-10-30T10:00:00" personId="{P}" id="{A1}"><text>Stole a phone</text>'
        b'</threadedComment><threadedComment ref="C12" personId="{P}" id="{A2}" parentId="{A1}"><text>And gave it back'
        b"</text></threadedComment></ThreadedComments>"
    )


@case("threaded-comments.xlsx", raw=_thread)
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    return one(remarks=["Sheet1!C12 Stole a phone\nAnd gave it back"])


@case("wingdings.xlsx", resaved="xlsx xls ods")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    wingdings = Font(name="Wingdings")
    for cell, (value, font) in {
        "F9": ("ü", "Wingdings"),
        "J9": ("û", "Wingdings"),
        "D10": ("P", "Wingdings 2"),
        "J10": ("O", "Wingdings 2"),
        "F11": ("n", "Wingdings"),  # a black square, and no no
        "J11": ("ü ü", "Wingdings"),
        "C12": ("a", "Webdings"),
        "I12": ("o", "Wingdings"),
    }.items():
        sheet[cell] = value
        sheet[cell].font = Font(name=font)
    sheet["B15"].font = wingdings  # blank
    return one(
        rows=rows_with(
            Drug_Misuse={FREQUENT: "✓", NOW: "✗"},
            Alcohol_misuse={WEEKEND: "✓", NOW: "✗"},
            Missing_from_Home={FREQUENT: "\ufffd", NOW: "✓ ✓"},
            Criminal_activity={OCCASIONAL: "✓", LATELY: "☐"},
        )
    )


@case("wingdings-inside-a-text.xlsx", resaved="xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["F9"] = CellRichText(TextBlock(InlineFont(rFont="Wingdings"), "ü"), " most weekends")
    sheet["J9"] = CellRichText("x ", TextBlock(InlineFont(b=True), "since May"))
    return one(rows=rows_with(Drug_Misuse={FREQUENT: "✓ most weekends", NOW: "x since May"}))


def _check_boxes(parts: Parts) -> None:
    """Excel's new check boxes: Booleans whose style names a bag of properties (here: what Excel 365 writes)."""
    styles = parts["xl/styles.xml"].decode()
    count = len(re.findall(r"<xf ", styles[styles.index("<cellXfs") : styles.index("</cellXfs>")]))
    box = (
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"><extLst><ext '
        'uri="{C7286773-470A-42A8-94C5-96B5CB345126}" '
        'xmlns:xfpb="http://schemas.microsoft.com/office/spreadsheetml/2022/featurepropertybag">'
        '<xfpb:xfComplement i="0"/></ext></extLst></xf></cellXfs>'
    )
    parts["xl/styles.xml"] = styles.replace("</cellXfs>", box).encode()
    parts["xl/featurePropertyBag/featurePropertyBag.xml"] = (
        b'<FeaturePropertyBags xmlns="http://schemas.microsoft.com/office/spreadsheetml/2022/featurepropertybag">'
        b'<bag type="Checkbox"/><bag type="XFControls"><bagId k="CellControl">0</bagId></bag><bag type="XFComplement">'
        b'<bagId k="XFControls">1</bagId></bag></FeaturePropertyBags>'
    )
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for cell in re.findall(r'<c r="([BCDFHIJMNO](?:9|1\d))"[^>]*t="b"', sheet):
        sheet = re.sub(rf'<c r="{cell}" s="\d+"', f'<c r="{cell}" s="{count}"', sheet)
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    relate(
        parts,
        "xl/workbook.xml",
        "FeaturePropertyBag",
        "featurePropertyBag/featurePropertyBag.xml",
        "http://schemas.microsoft.com/office/2022/11/relationships/",
    )


@case("check-boxes-in-the-cells.xlsx", raw=_check_boxes)
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    for _, row, columns, _ in BEHAVIOURS[:2]:
        for column in "BCDFHIJ":
            sheet[f"{column}{row}"] = column in columns
    ticked = dict.fromkeys((NONE, OCCASIONAL, WEEKEND, FREQUENT, LONG_AGO, LATELY, NOW), "FALSE")
    return one(
        rows=rows_with(
            Drug_Misuse=ticked | {FREQUENT: "TRUE", NOW: "TRUE"},
            Alcohol_misuse=ticked | {WEEKEND: "TRUE", NOW: "TRUE"},
        )
    )


def _macros(parts: Parts) -> None:
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    relate(
        parts,
        "xl/workbook.xml",
        "vbaProject",
        "vbaProject.bin",
        "http://schemas.microsoft.com/office/2006/relationships/",
    )
    kinds = parts["[Content_Types].xml"].decode()
    parts["[Content_Types].xml"] = kinds.replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ).encode()


@case("with-macros.xlsm", raw=_macros)
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    return one(notes=["note macros the workbook"])


def _calculated(parts: Parts) -> None:
    """Values as Excel keeps them beside its formulas."""
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for cell, kind, value in (
        ("M2", "", "42"),
        ("M4", ' t="str"', "Core Group MUST be established"),
        ("F9", ' t="str"', "x"),
        ("C9", ' t="str"', ""),
        ("J10", ' t="e"', "#REF!"),
        ("I2", ' t="str"', "CF104233"),
    ):
        sheet = re.sub(
            rf'(<c r="{cell}"[^>]*?)(?: t="\w+")?>(<f>.*?</f>)<v ?/?>(?:</v>)?</c>',
            rf"\1{kind}>\2<v>{value}</v></c>",
            sheet,
        )
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()


@case("formulas-with-their-values.xlsx", raw=_calculated)
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["F9"] = '=IF(TRUE,"x","")'
    sheet["C9"] = '=IF(FALSE,"x","")'
    sheet["J10"] = "=NOWHERE!A1"
    sheet["I2"] = '="CF104233"'
    return one(
        rows=rows_with(Alcohol_misuse={WEEKEND: "x", NOW: "#REF!"}),
        fields=standard_fields() | {"Overall Score": "42 =", "Assessment": "Core Group MUST be established =",
                                    "Care First Id": "CF104233 ="},
    )  # fmt: skip


@case("formulas-without-values.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["F9"] = '=IF(TRUE,"x","")'
    return one(
        rows=rows_with(Drug_Misuse={FREQUENT: "(a formula without its value)", NOW: "x"}),
        fields=standard_fields() | {"Overall Score": " =", "Assessment": " ="},
    )


@case("formulas-from-libreoffice.xlsx", resaved="xlsx xls ods")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["B20"] = "=0"
    sheet["D21"] = "=1/0"
    sheet["M2"] = "=40+2"
    sheet["M4"] = '=IF(M2>=36,"Core Group MUST be established","")'
    sheet["F9"] = '=IF(M2=42,"x","")'
    sheet["J9"] = "=1/0"
    return one(
        rows=rows_with(Drug_Misuse={FREQUENT: "x", NOW: "#DIV/0!"}),
        fields=standard_fields() | {"Overall Score": "42 =", "Assessment": "Core Group MUST be established ="},
    )


def _strict(parts: Parts) -> None:
    """As Excel saves a "Strict Open XML Spreadsheet": other namespaces, and dates as words."""
    for name, part in parts.items():
        parts[name] = part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet = re.sub(r'(<c r="I5" s="\d+")[^>]*><v>\d+</v>', r'\1 t="d"><v>2026-10-30</v>', sheet)
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()


@case("strict-open-xml.xlsx", raw=_strict)
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["C9"].fill = PatternFill("solid", fgColor="FFFF0000")
    sheet["M2"] = 12
    return one(
        rows=rows_with(Drug_Misuse={OCCASIONAL: "(coloured)", FREQUENT: "x", NOW: "x"}),
        fields=standard_fields() | {"Overall Score": "12"},
    )


def _phonetic(parts: Parts) -> None:
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        "<t>Jordan Testcase</t>", '<t>Jordan Testcase</t><rPh sb="0" eb="6"><t>JO-DAN</t></rPh><phoneticPr fontId="1"/>'
    ).encode()


@case("phonetic-text.xlsx", raw=_phonetic)
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    return one()


@case("typed-total.xlsx", resaved="xls ods")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["M2"], sheet["M4"] = 12, "No Core Group indicated"
    return one(fields=standard_fields() | {"Overall Score": "12", "Assessment": "No Core Group indicated"})


# ---------------------------------------------------------------------------------------------------------------
# What is never guessed


@case("never-guess.xlsx", resaved="xlsx xls ods")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    red = PatternFill("solid", fgColor="FFFF0000")
    for cell, value in {
        "C9": "x",
        "F10": "?",
        "D11": "most days",
        "F11": None,
        "E14": "x",
        "F14": None,
        "J13": "x",
    }.items():
        sheet[cell] = value
    sheet["F16"], sheet["F16"].fill = None, red
    sheet["N14"].fill = red
    sheet["C17"].fill = red  # a mark that is coloured in as well is a mark
    sheet["B18"].fill = PatternFill("solid", fgColor="FFFFFFFF")
    sheet["G15"] = "x"
    return one(
        rows=rows_with(
            Drug_Misuse={OCCASIONAL: "x", FREQUENT: "x", NOW: "x"},
            Alcohol_misuse={WEEKEND: "x", FREQUENT: "?", NOW: "x"},
            Missing_from_Home={WEEKEND: "most days", NOW: "x"},
            Self_Harm={NONE: "x", NOW: "x"},
            Sexual_Exploitation={BETWEEN: "x", LATELY: "x"},
            Not_attending_full_time_education={FREQUENT: "(coloured)", NOW: "x"},
            Engaging_with_Mosaic={NO: "x", OCCASIONAL: "(coloured)"},
        ),
        notes=["note stray-mark Sheet1!G15"],
    )


@case("coloured-by-design.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    grey, amber = PatternFill("solid", fgColor="FFEEEEEE"), PatternFill("solid", fgColor="FFFFC000")
    for row in range(9, 20, 2):
        for column in "ABCDEFGHIJKLMNO":
            sheet[f"{column}{row}"].fill = grey
    for row in range(9, 20):
        sheet[f"J{row}"].fill = amber
    sheet["C10"].fill = amber
    return one(rows=rows_with(Alcohol_misuse={OCCASIONAL: "(coloured)", WEEKEND: "x", NOW: "x"}))


def _floating(parts: Parts) -> None:
    """Form controls as Excel keeps them: an old drawing (VML), and a part for the state of each."""
    relate(parts, "xl/worksheets/sheet1.xml", "vmlDrawing", "../drawings/vmlDrawing1.vml")
    boxes = [(5, 8, True, ""), (2, 9, False, ""), (1, 12, True, "$B$13")]  # column, row, ticked, linked cell
    shapes, controls = "", ""
    for number, (column, row, ticked, link) in enumerate(boxes, start=1):
        shapes += (
            f'<v:shape id="_x0000_s{1024 + number}" type="#_x0000_t201" style="position:absolute" filled="f">'
            '<v:textbox><div style="text-align:left">yes<br></div></v:textbox><x:ClientData ObjectType="Checkbox">'
            f"<x:Anchor>\n {column}, 15, {row}, 2, {column + 1}, 9, {row + 1}, 5</x:Anchor>"
            + (f"<x:FmlaLink>{link}</x:FmlaLink>" if link else "")
            + f"<x:Checked>{int(ticked)}</x:Checked></x:ClientData></v:shape>"
        )
        controls += f'<control shapeId="{1024 + number}" r:id="rIdXctrlProp{number}" name="Check Box {number}"/>'
        relate(
            parts,
            "xl/worksheets/sheet1.xml",
            "ctrlProp",
            f"../ctrlProps/ctrlProp{number}.xml",
            identity=f"ctrlProp{number}",
        )
        parts[f"xl/ctrlProps/ctrlProp{number}.xml"] = (
            '<formControlPr xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" objectType="CheckBox"'
            + (' checked="Checked"' if ticked else "")
            + (f' fmlaLink="{link}"' if link else "")
            + ' lockText="1" noThreeD="1"/>'
        ).encode()
    parts["xl/drawings/vmlDrawing1.vml"] = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t201" coordsize="21600,21600" '
        'o:spt="201" path="m,l,21600r21600,l21600,xe"/>'
        f'{shapes}<v:shape><x:ClientData ObjectType="Note"><x:Row>3</x:Row></x:ClientData></v:shape></xml>'
    ).encode()
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        "</worksheet>",
        '<legacyDrawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'r:id="rIdXvmlDrawing"/><controls xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f"{controls}</controls></worksheet>",
    ).encode()
    kinds = parts["[Content_Types].xml"].decode()
    parts["[Content_Types].xml"] = kinds.replace(
        "</Types>",
        '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        + "".join(
            f'<Override PartName="/xl/ctrlProps/ctrlProp{n}.xml" '
            'ContentType="application/vnd.ms-excel.controlproperties+xml"/>'
            for n in (1, 2, 3)
        )
        + "</Types>",
    ).encode()


@case("floating-tick-boxes.xlsx", raw=_floating)
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    for cell in ("F9", "J9", "D10"):
        sheet[cell] = None
    sheet["B13"] = True
    return one(
        rows=rows_with(Drug_Misuse={}, Alcohol_misuse={NOW: "x"}, Self_Harm={NONE: "TRUE"}),
        notes=["note floating-tick-boxes Sheet1!F9, Sheet1!C10"],
    )


def _shape(parts: Parts) -> None:
    relate(parts, "xl/worksheets/sheet1.xml", "drawing", "../drawings/drawing1.xml")
    xdr = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"

    def anchor(column: int, row: int) -> str:
        return (
            f"<xdr:twoCellAnchor><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
            "<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:sp/><xdr:clientData/></xdr:twoCellAnchor>"
        )

    parts["xl/drawings/drawing1.xml"] = (
        f'<xdr:wsDr xmlns:xdr="{xdr}">{anchor(15, 0)}{anchor(3, 9)}</xdr:wsDr>'  # a logo, and a tick that was drawn
    ).encode()


@case("floating-shapes.xlsx", raw=_shape)
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["D10"] = None
    return one(rows=rows_with(Alcohol_misuse={NOW: "x"}), notes=["note floating-shapes Sheet1!D10"])


@case("struck-out.xlsx", resaved="xlsx ods")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["D9"] = "x"
    sheet["D9"].font = Font(strike=True)
    sheet["F10"] = CellRichText(TextBlock(InlineFont(strike=True), "x"), "no")
    return one(
        rows=rows_with(
            Drug_Misuse={WEEKEND: "x\u0336", FREQUENT: "x", NOW: "x"},
            Alcohol_misuse={WEEKEND: "x", FREQUENT: "no", NOW: "x"},
        ),
        notes=["note struck-out Sheet1!F10"],
    )


@case("merged-cells.xlsx", resaved="xls ods")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet.merge_cells("D7:E7")
    sheet["D10"], sheet["E10"] = None, "x"
    sheet.merge_cells("C12:D12")
    sheet.merge_cells("B4:G4")
    return one(
        rows=rows_with(
            Criminal_activity={f"{OCCASIONAL} | {WEEKEND}": "x", LATELY: "x"},
        ),
    )


@case("unknown-and-missing-rows.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["A12"] = "County lines"
    sheet["A13"], sheet["B13"] = "Online harm", None
    sheet["L17"], sheet["N17"] = None, None
    sheet["M18"] = "x"
    return one(
        rows=rows_with(Criminal_activity={}, Self_Harm={}, Positive_engagement_with_other_agency_not_listed_above={}),
        notes=[
            "note missing-row Sheet1!B7",
            "note missing-row Sheet1!B7",
            "note missing-row Sheet1!M7",
            "note unknown-row Sheet1!A12",
            "note unknown-row Sheet1!A13",
        ],
        at={"Criminal activity": "Sheet1!B7 Sheet1!B7:J7"},
    )


@case("more-than-the-name-of-a-row.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["A1"] = "Assessment: September"
    sheet["A9"] = "Drug misuse (cannabis)"
    sheet["A13"] = "Self harm ideation"
    sheet["B13"] = None
    sheet["L17"] = "Positive engagement with other agency not listed above:\nBarnardo's"
    return one(
        rows=rows_with(Self_Harm={}),
        notes=["note missing-row Sheet1!B7", "note unknown-row Sheet1!A13"],
        remarks=[
            "Sheet1!A9 Drug misuse (cannabis)",
            "Sheet1!L17 Positive engagement with other agency not listed above:\nBarnardo's",
        ],
        at={"Assessment": "Sheet1!M4"},
    )


@case("labels-deleted.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["H4"], sheet["I4"] = None, None
    sheet["A20"], sheet["D20"] = "Gangs", "x"
    return one(
        fields=standard_fields() | {"Date completed": ""},
        notes=["note missing-label Sheet1", "note unknown-row Sheet1!A20"],
        at={"Date completed": "Sheet1"},
    )


def _lost_part(parts: Parts) -> None:
    relate(parts, "xl/worksheets/sheet1.xml", "vmlDrawing", "../drawings/lost.vml")


@case("a-lost-part-and-odd-fills.xlsx", raw=_lost_part)
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["C9"].fill = GradientFill(stop=("FFFF0000", "FFFFFFFF"))
    sheet["C10"].fill = PatternFill("lightGrid")
    sheet["C11"].fill = PatternFill("solid", fgColor=Color(theme=0))
    sheet["D11"].fill = PatternFill("solid", fgColor=Color(indexed=9))
    sheet["D13"] = CellRichText(
        TextBlock(InlineFont(strike=True), "x"), TextBlock(InlineFont(strike=True), " at times")
    )
    return one(
        rows=rows_with(
            Drug_Misuse={OCCASIONAL: "(coloured)", FREQUENT: "x", NOW: "x"},
            Alcohol_misuse={OCCASIONAL: "(coloured)", WEEKEND: "x", NOW: "x"},
            Self_Harm={NONE: "x", WEEKEND: "x\u0336 a\u0336t\u0336 t\u0336i\u0336m\u0336e\u0336s\u0336"},
        )
    )


@case("marks-without-a-label.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    move(sheet, "A12:J25", rows=1)
    sheet["C12"] = "x"
    return one(notes=["return unknown-row Sheet1!C12"])


@case("other-scores-printed.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["F8"] = 4
    return one(notes=["return unknown-row Sheet1!A8"])


@case("another-column.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["E7"] = "Daily"
    sheet["F9"], sheet["E9"] = None, "x"
    sheet["E10"] = "see police report"
    return one(
        rows=rows_with(Drug_Misuse={BETWEEN: "x", NOW: "x"}),
        notes=["return unknown-column Sheet1!E9"],
        remarks=["Sheet1!E10 see police report"],
    )


@case("a-row-twice.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    move(sheet, "A20:J20", rows=2)
    sheet["A20"], sheet["C20"] = "Drug Misuse", "x"
    sheet["A21"] = "Self harm"
    return one(
        rows=rows_with(Drug_Misuse={}),
        notes=["return row-twice Sheet1!A9, Sheet1!A20", "note row-twice Sheet1!A13, Sheet1!A21"],
    )


@case("two-tables-on-a-sheet.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    for row in sheet["A1:P25"]:
        for cell in row:
            copied = sheet.cell(cell.row + 30, cell.column, cell.value)
            copied._style = copy(cell._style)
    sheet["I32"] = "CF999999"
    return one(
        notes=[
            "return label-twice Sheet1!I2, Sheet1!I32",
            "return two-tables Sheet1!B37",
            "return two-tables Sheet1!M37",
        ],
        fields=standard_fields() | {"Overall Score": " =", "Assessment": " ="},
    )


@case("further-entries-beside-an-answer.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["K2"] = "known as Jo"
    sheet["P12"] = "x"
    return one(notes=["note second-answer Sheet1!K2", "note stray-mark Sheet1!P12"], remarks=["Sheet1!K2 known as Jo"])


@case("blank-alone.xlsx", resaved="xls ods")
def _(_book: Workbook, _sheet: Worksheet) -> Sheets:
    return one(
        rows={item: {} for item in standard_rows()},
        fields=dict.fromkeys(standard_fields(), ""),
        at={"Young person Name": "Sheet1!B2", "Care First Id": "Sheet1!I2", "Assessment Date": "Sheet1!I5"},
    )


@case("header-lost.xlsx")
def _(_book: Workbook, sheet: Worksheet) -> Sheets:
    fill(sheet)
    sheet["D7"] = "At weekends"
    return {}


# ---------------------------------------------------------------------------------------------------------------


def relate(
    parts: Parts,
    source: str,
    kind: str,
    target: str,
    kinds: str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
    identity: str = "",
) -> None:
    folder, _, name = source.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    listed = parts.get(path, empty).decode()
    one_more = f'<Relationship Id="rIdX{identity or kind}" Type="{kinds}{kind}" Target="{target}"/></Relationships>'
    parts[path] = listed.replace("</Relationships>", one_more).encode()


def build(name: str) -> tuple[bytes, Sheets]:
    """One workbook and what must be read from it."""
    edit, raw = CASES[name]
    book = openpyxl.load_workbook(BLANK)
    expected = edit(book, book["Sheet1"])
    saved = io.BytesIO()
    book.save(saved)
    return (edit_parts(saved.getvalue(), raw) if raw else saved.getvalue()), expected


def edit_parts(content: bytes, edit: Callable[[Parts], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    edit(parts)
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(zipfile.ZipInfo(name, (2026, 11, 2, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return changed.getvalue()


def write_expected(path: Path, sheets: Mapping[str, Expected]) -> None:
    told = {
        name: {
            "fields": e.fields,
            "rows": e.rows,
            **({"at": e.at} if e.at else {}),
            **({"notes": e.notes} if e.notes else {}),
            **({"remarks": e.remarks} if e.remarks else {}),
        }
        for name, e in sheets.items()
    }
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")


def resave(source: Path, kind: str, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        profile = "-env:UserInstallation=file:///tmp/lo-matrix"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        shutil.move(Path(folder) / f"{source.stem}.{kind}", target)


def main() -> None:
    MATRICES.mkdir(exist_ok=True)
    for name in CASES:
        content, expected = build(name)
        (MATRICES / name).write_bytes(content)
        write_expected((MATRICES / name).with_suffix(".json"), expected)
    for name, kind in RESAVED:
        source = MATRICES / name
        target = MATRICES / f"{source.stem}.libreoffice.{kind}"
        resave(source, kind, target)
        if target.name in OTHERWISE:
            expected = build(name)[1]["Sheet1"]
            write_expected(
                target.with_name(f"{target.name}.json"), {"Sheet1": replace(expected, **OTHERWISE[target.name])}
            )
    for name in ONLY_RESAVED:
        (MATRICES / name).unlink()


if __name__ == "__main__":
    main()
