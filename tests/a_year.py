"""One young person's year as files that people drop: a referral, matrices, the meetings' records, a contact, a slip."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import openpyxl

from pipeline.publish import Office
from tests.fill_word import fill
from tests.offices import EXAMPLES

CASE = "CF104240"
# The rows of the blank form's behaviours; each marked "frequently" and "currently" counts 3 + 3.
FIRST_ROW, BEHAVIOURS, FACTORS = 9, 11, 9

Rows = Mapping[str, Sequence[Mapping[str, str]]]
Made = Callable[[Office], bytes]


@dataclass(frozen=True, slots=True)
class Drop:
    """A file that is dropped on ``day`` under ``name``; ``make`` gives its bytes from what lies in the outbox then."""

    day: dt.date
    name: str
    make: Made


def matrix(day: dt.date, current: int) -> bytes:
    """A matrix of ``day`` on which so many behaviours are frequent and current, and all others never: 6 points each."""
    book = openpyxl.load_workbook(EXAMPLES / "matrix-must.xlsx")
    sheet = book.active
    assert sheet is not None
    sheet["I2"], sheet["I4"], sheet["I5"] = CASE, day, day
    for n in range(BEHAVIOURS):
        row = FIRST_ROW + n
        for column in "BCDFHIJ":
            sheet[f"{column}{row}"] = None
        for column in "FJ" if n < current else "B":
            sheet[f"{column}{row}"] = "x"
    for n in range(FACTORS):
        for column, mark in zip("MNO", ("x", None, None), strict=True):
            sheet[f"{column}{FIRST_ROW + n}"] = mark
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def completed(pack: str, name: str, answers: Mapping[str, str | bool], rows: Rows | None = None) -> Made:
    """A form that the program wrote into a pack of the case, completed by people."""
    return lambda office: fill((office.settings.outbox / CASE / pack / name).read_bytes(), answers, rows or {})


def record(
    pack: str, meeting: str, day: str, chair: str, decisions: Mapping[str, str | bool], rows: Rows | None = None
) -> Made:
    """The meeting record that lies in a pack, completed at the meeting of ``day``."""
    return completed(
        pack,
        "Meeting record.docx",
        {
            "A. The meeting/Type of meeting": meeting,
            "A. The meeting/Date of meeting": day,
            "A. The meeting/Chair": chair,
            "Q. Sign-off/Record completed by": chair,
            "Q. Sign-off/Date completed": day,
        }
        | dict(decisions),
        rows,
    )


def made(content: bytes) -> Made:
    return lambda _office: content


AT_THE_PANEL = [{"Attended?": "Yes"}] * 8  # the members whom the record already names
NOT_AT_THE_PANEL = (
    {"Service to be told": "Exampleton Rail Police", "Address": "9 Platform Road, Exampleton, ZZ9 9ZZ"},
)
CHANGED = "What has changed for the young person"
IN_THE_CORE_GROUP = [
    {"Attended?": "Yes", "Update from the agency": "Seen twice a week."},
    {"Attended?": "Apologies"},
    *[{"Attended?": "Yes"}] * 8,
]

PANEL = record(
    "2026-11-03 Case referral form",
    "Panel",
    "24/11/2026",
    "Chris Director",
    {
        "D. Who is responsible/Lead agency": "Children's Social Care",
        "D. Who is responsible/Named senior manager": "Chris Director",
        "E. Level of risk/Level of risk agreed": "High",
        "E. Level of risk/Date of the matrix considered": "10/11/2026",
        "F. Decision/Referral to the panel": "Accepted",
        "F. Decision/High-risk flag": "Raise",
        "F. Decision/Review the flag by": "24/12/2026",
        "J. Views/Young person's views": "I want one person to talk to.",
        "P. Next meeting/Date of next meeting": "22/12/2026",
    },
    {
        "C. Attendance": AT_THE_PANEL,
        "O. Services to be told of the flag that were not at the meeting": NOT_AT_THE_PANEL,
    },
)
FIRST_CORE_GROUP = record(
    "2026-11-10 Assessment matrix",
    "Core Group",
    "01/12/2026",
    "A. Practitioner",
    {
        "A. The meeting/Who chairs, as agreed in supervision": "The social worker",
        "D. Who is responsible/Lead professional": "B. Clinician, MOSAIC",
        "E. Level of risk/Level of risk agreed": "High",
        "E. Level of risk/Date of the matrix considered": "10/11/2026",
        "F. Decision/Core Group decision": "Establish",
        "J. Views/Young person's views": "I do not want to come.",
        "J. Views/Views overridden, and why": "The meeting went ahead because of the risk at night.",
        "P. Next meeting/Date of next meeting": "22/12/2026",
        "P. Next meeting/Time of next meeting": "14:00",
        "P. Next meeting/Place of next meeting": "Example House",
    },
    {
        "C. Attendance": IN_THE_CORE_GROUP,
        "H. New actions": (
            {"New action": "Meet after school", "Owner and agency": "B. Clinician, MOSAIC", "By when": "15/12/2026"},
            {"New action": "Agree a safe place for the night", "Owner and agency": "Police", "By when": "08/12/2026"},
        ),
    },
)
SECOND_CORE_GROUP = record(
    "2026-12-01 Meeting record",
    "Core Group",
    "22/12/2026",
    "A. Practitioner",
    {
        "E. Level of risk/Date of the matrix considered": "10/11/2026",
        "F. Decision/Core Group decision": "Continue",
        "I. Disagreement and immediate issues/Disagreements and challenge": "School does not agree with the timetable.",
        "P. Next meeting/Date of next meeting": "12/01/2027",
    },
    {
        "C. Attendance": IN_THE_CORE_GROUP,
        "G. Actions agreed before": (
            {
                "Status": "Under way",
                "What has changed for the young person": "Comes every week.",
                "By when": "31/01/2027",
            },
            {"Status": "Done", "What has changed for the young person": "Slept at home."},
        ),
    },
)


def _core_group(pack: str, day: str, considered: str, decision: str, following: str) -> Made:
    answers = {"F. Decision/Core Group decision": decision, "P. Next meeting/Date of next meeting": following}
    answers["E. Level of risk/Date of the matrix considered"] = considered
    return record(pack, "Core Group", day, "A. Practitioner", answers, {"C. Attendance": IN_THE_CORE_GROUP})


LAST_PANEL = record(
    "2026-11-24 Meeting record",
    "Panel",
    "06/04/2027",
    "Chris Director",
    {
        "E. Level of risk/Level of risk agreed": "Low",
        "E. Level of risk/Date of the matrix considered": "25/03/2027",
        "F. Decision/High-risk flag": "Remove",
    },
    {"C. Attendance": AT_THE_PANEL},
)
CONTACT = completed(
    "2026-11-24 Meeting record",
    "Contact report.docx",
    {
        "B. The contact/Date of contact": "05/12/2026",
        "B. The contact/Time of contact": "23:30",
        "B. The contact/Where, or how": "At the station",
        "B. The contact/Seen or spoken to by": "C. Constable",
        "B. The contact/Agency and telephone": "Exampleton Rail Police, 01632 960777",
        "C. What was seen and done/Appearance": "Cold and tired.",
        "C. What was seen and done/Behaviour, and what was said": "Calm.",
        "C. What was seen and done/Help offered, and services pointed to": "Taken home.",
        "D. Telling the allocated worker within 24 hours/Who was told": "A. Practitioner",
        "D. Telling the allocated worker within 24 hours/Date told": "07/12/2026",
        "D. Telling the allocated worker within 24 hours/Time told": "10:00",
        "D. Telling the allocated worker within 24 hours/Date this report was written": "07/12/2026",
        "D. Telling the allocated worker within 24 hours/Time this report was written": "10:30",
    },
)

# The year in the order in which it happened; the slip is apart, for it answers a letter.
YEAR = (
    Drop(dt.date(2026, 11, 4), "referral.docx", made((EXAMPLES / "referral-glyph.docx").read_bytes())),
    Drop(dt.date(2026, 11, 10), "first.xlsx", made(matrix(dt.date(2026, 11, 10), 8))),
    Drop(dt.date(2026, 11, 24), "panel.docx", PANEL),
    Drop(dt.date(2026, 12, 1), "group 1.docx", FIRST_CORE_GROUP),
    Drop(dt.date(2026, 12, 7), "contact.docx", CONTACT),
    Drop(dt.date(2026, 12, 22), "group 2.docx", SECOND_CORE_GROUP),
    Drop(
        dt.date(2027, 1, 12),
        "group 3.docx",
        _core_group("2026-12-22 Meeting record", "12/01/2027", "10/11/2026", "Continue", "02/02/2027"),
    ),
    Drop(dt.date(2027, 1, 25), "second.xlsx", made(matrix(dt.date(2027, 1, 25), 5))),
    Drop(
        dt.date(2027, 2, 2),
        "group 4.docx",
        _core_group("2027-01-25 Assessment matrix", "02/02/2027", "25/01/2027", "Continue", "02/03/2027"),
    ),
    Drop(
        dt.date(2027, 3, 2),
        "group 5.docx",
        _core_group("2027-02-02 Meeting record", "02/03/2027", "", "Continue", "30/03/2027"),
    ),
    Drop(dt.date(2027, 3, 25), "third.xlsx", made(matrix(dt.date(2027, 3, 25), 2))),
    Drop(
        dt.date(2027, 3, 30),
        "group 6.docx",
        _core_group("2027-03-25 Assessment matrix", "30/03/2027", "25/03/2027", "End", ""),
    ),
    Drop(dt.date(2027, 4, 6), "last panel.docx", LAST_PANEL),
)
