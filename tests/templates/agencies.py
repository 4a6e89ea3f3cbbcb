"""Makes templates/agencies.xlsx, the address book as shipped: python -m tests.templates.agencies.

Every agency in it is invented: example.org, the telephone numbers that Ofcom keeps for stories, and no real place.
"""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

TEMPLATES = Path(__file__).parents[2] / "templates"
ADDRESS_BOOK = TEMPLATES / "agencies.xlsx"
ROWS = 500  # the drop-downs reach so far down

COLUMNS = {  # heading: width
    "Agency": 38,
    "Role": 36,
    "Name": 18,
    "Address": 34,
    "Telephone": 15,
    "Email": 38,
    "Core group (y/n)": 12,
    "Panel standing member (y/n)": 12,
    "Out of hours (y/n)": 12,
    "For information only (y/n)": 12,
    "Section H label": 50,
}
# Stockport 2.9: the usual members (but the carer and school, who are each young person's own), then who may join.
CORE_GROUP = (
    ("Exampleton Children's Social Care", "Field Social Worker", "1 Sample Street"),
    ("Exampleton Police", "Community Police and Missing from Home lead", "2 Sample Street"),
    ("Exampleton Virtual School Team", "Virtual School Team key worker", "3 Sample Street"),
    ("Exampleton Children's Social Care", "Field Work Manager", "1 Sample Street"),
    ("KITE / CAMHS", "KITE / CAMHS worker", "Kite House\n4 Sample Street"),
    ("MOSAIC", "Young people's drug and alcohol worker", "5 Sample Street"),
    ("Exampleton Children's Project", "Specialist children's projects", "6 Sample Street"),
    ("Exampleton Health Trust", "Specialist Health Provider", "Looked After Children's Health\n7 Sample Street"),
)
# Buckinghamshire 2.5.10: the standing members, and the legal adviser to whom the panel has access.
STANDING = (
    ("Exampleton Children's Social Care", "Head of Service, Safeguarding", "8 Sample Street", ""),
    ("Exampleton Police", "Detective Inspector, Public Protection", "2 Sample Street", "Police, Public Protection"),
    ("Exampleton Health Trust", "Named Nurse for Safeguarding", "7 Sample Street", ""),
    ("Exampleton Education Service", "Head of Inclusion", "9 Sample Street", ""),
    ("Exampleton Youth Offending Service", "Head of Service", "10 Sample Street", "Youth Offending Service"),
    ("Exampleton Legal Services", "Legal adviser to the panel", "11 Sample Street", "Legal representative"),
)
# The other services of section H. Those left out show what a letter with a blank address looks like.
ON_REQUEST = (
    ("Example Health", "Service Director", "12 Sample Street", "Oxford Health (Children and Young People)"),
    ("Exampleton Drug and Alcohol Service", "Service Manager", "13 Sample Street", "Substance Misuse Services"),
    ("Exampleton Disability Service", "Team Manager", "14 Sample Street", "Learning / physical Disability Services"),
    ("Exampleton Psychology Service", "Principal Psychologist", "9 Sample Street", "Education Psychology Service"),
    ("Example Exploitation Project", "Project Manager", "15 Sample Street", "RU Safe? (Barnardo's)"),
    (
        "Exampleton Clinical Commissioning Group",
        "Designated Safeguarding Lead",
        "16 Sample Street",
        "Clinical Commissioning Group, Designated Safeguarding Lead",
    ),
    ("Exampleton Health Trust", "Designated doctor", "7 Sample Street", "Designated doctor for safeguarding"),
)
OUT_OF_HOURS = (
    "Exampleton Night Service",
    "Night manager",
    "17 Sample Street",
    "Other agencies' Out of Hours services",
)
EMERGENCY = (
    "Exampleton Emergency Duty Team",
    "Duty manager",
    "18 Sample Street",
    "Social Care Emergency Duty Team (for information)",
)
WITHOUT_ROW = ("Domestic Abuse Services", "Community Paediatrician", "Other professional (name and contact)")

READ_ME = """\
# The address book
The letters take their addresses from the sheet "Agencies". A change applies to the next letters that are written.
The agencies in it are invented examples. Replace them with your own before the first letter goes out.
# How to keep it
Each agency and role that is written to has one row. The order does not matter. A row that is deleted gets no letters.
Agency: every row needs it.
Role and name: they stand above the address. Without a name the letter begins "Dear Colleague".
Address: write one line below the other (Alt+Enter begins a new line), or all on one line with commas.
Telephone: the column is set to text, so that a leading zero stays. Keep it so.
y or n: a blank counts as n.
Core group: the agency gets a letter when a core group must be set up.
Panel standing member: the agency is invited to every panel.
Out of hours: the agency works at night and at weekends, and the action plan lists it for that.
For information only: the letter says that nobody needs to attend.
Flags: letters about a flag also go to the police, to out-of-hours social care and to health, found by their names here.
Give each of these a row with an address.
Section H label: the service, as section H of the referral form lists it. It is invited when its box is ticked.
The carer and the school are each young person's own. Without a row, their letters have a blank to write on.
# What must stay
The name of the sheet "Agencies", and the headings in its first row.
You may change the order of the columns, and add columns of your own.
A mistake is named by its cell, in the file "TEMPLATES TO PUT RIGHT.txt" in the outbox. The letters wait meanwhile.
"""

HEAD = PatternFill("solid", start_color="FF1F3864")
LINE = Border(bottom=Side(style="thin", color="FFBFBFBF"))


def section_h_labels() -> list[str]:
    layout = tomllib.loads((TEMPLATES / "forms" / "referral.toml").read_text("utf-8"))
    return next(list(s["ticks"]) for s in layout["sections"] if s["key"] == "invitations")


def address_book() -> bytes:
    book = Workbook()
    read_me = book.active
    assert isinstance(read_me, Worksheet)
    _read_me(read_me)
    _agencies(book.create_sheet("Agencies"))
    _section_h(book.create_sheet("Section H"))
    book.properties.title = "Address book"
    book.properties.creator = ""
    book.active = 1
    out = io.BytesIO()
    book.save(out)
    return _without_clock(out.getvalue())


def _read_me(sheet: Worksheet) -> None:
    sheet.title = "Read me"
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width = 110
    for row, line in enumerate(READ_ME.splitlines(), start=1):
        cell = sheet.cell(row, 1, line.removeprefix("# "))
        cell.font = Font(name="Calibri", size=14, bold=True) if line.startswith("# ") else Font(name="Calibri", size=11)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _agencies(sheet: Worksheet) -> None:
    for number, (heading, width) in enumerate(COLUMNS.items(), start=1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width = width
        column.number_format = "@"  # text: 01632 960100 typed as digits keeps its zero
        column.alignment = Alignment(wrap_text=True, vertical="top")
        cell = sheet.cell(1, number, heading)
        cell.font = Font(name="Calibri", bold=True, color="FFFFFFFF")
        cell.fill = HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    rows = [
        *((*row, "", "y", "n", "n", "n") for row in CORE_GROUP),
        *((*row, "n", "y", "n", "n") for row in STANDING),
        *((*row, "n", "n", "n", "n") for row in ON_REQUEST),
        (*OUT_OF_HOURS, "n", "n", "y", "n"),
        (*EMERGENCY, "n", "n", "y", "y"),
    ]
    for number, (agency, role, street, label, *marks) in enumerate(rows, start=2):
        address = f"{street}\nExampleton\nZZ1 1ZZ"
        email = re.sub("[^a-z]+", "-", role.replace("'", "").lower()) + "@example.org"
        sheet.row_dimensions[number].height = 15 * len(address.splitlines())
        row = [agency, role, "", address, f"01632 960{100 + number}", email, *marks, label]
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column, text or None)
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = LINE

    sheet.row_dimensions[1].height = 48
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{len(rows) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    labels = f"'Section H'!$A$2:$A${len(section_h_labels()) + 1}"
    _choose(sheet, f"G2:J{ROWS}", '"y,n"', "Write y or n.")
    _choose(sheet, f"K2:K{ROWS}", labels, "Choose a service from the list: it is as section H of the form prints it.")


def _choose(sheet: Worksheet, cells: str, choices: str, error: str) -> None:
    rule = DataValidation("list", formula1=choices, allow_blank=True, showErrorMessage=True, error=error)
    rule.add(cells)
    sheet.add_data_validation(rule)


def _section_h(sheet: Worksheet) -> None:
    """The labels for the drop-down: in a list inside the rule Excel allows 255 characters, and no commas."""
    sheet.column_dimensions["A"].width = 60
    sheet["A1"] = "Services in section H of the referral form"
    sheet["A1"].font = Font(name="Calibri", bold=True)
    for row, label in enumerate(section_h_labels(), start=2):
        sheet.cell(row, 1, label)


def _without_clock(xlsx: bytes) -> bytes:
    """The same workbook with fixed dates, not deflated: made again, anywhere, it is the same to the byte."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as fixed:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", content)
            fixed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


if __name__ == "__main__":
    ADDRESS_BOOK.write_bytes(address_book())
