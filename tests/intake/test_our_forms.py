"""The forms that we write come back: blank, completed as Word saves them, and opened and saved by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from pipeline.intake.layouts import load_layouts
from pipeline.intake.word.word_form import read_word_form
from pipeline.rules.form import WordForm
from pipeline.rules.layout import Field, WordLayout
from tests.fill_in_libreoffice import fill_in_libreoffice
from tests.fill_word import W14, answer_cell, fill, said_rows, tables_of
from tests.our_forms import FORMS, TEMPLATES, emptiest, fullest, rendered
from tests.referral_forms import BLANK, w

LAYOUTS = load_layouts(TEMPLATES / "forms").word_forms
LAYOUT = dict(zip(FORMS, ("meeting-record", "contact-report", "acknowledgement"), strict=True))

Answers = Mapping[str, str | bool]
Rows = Mapping[str, Sequence[Mapping[str, str]]]

# What stands on each form before anybody has touched it; every other answer is blank.
PREFILLED: dict[tuple[str, str], dict[str, str]] = {
    ("Meeting record", "fullest"): {
        "A. The meeting/Type of meeting": "Core Group",
        "A. The meeting/Who chairs, as agreed in supervision": "The social worker",
        "A. The meeting/Agreed in supervision by": "Pat Manager",
        "A. The meeting/Date agreed in supervision": "20/11/2026",
        "B. Young person/Name": "Jordan Testcase",
        "B. Young person/Date of birth": "14/02/2010",
        "B. Young person/Social care ID": "CF104240",
        "D. Who is responsible/Lead professional": 'B. "Bee" Clinician & team <CAMHS>',
        "D. Who is responsible/Lead agency": "Children's Social Care",
        "D. Who is responsible/Named senior manager": "Chris Director",
        "D. Who is responsible/Reviewing officer": "O. Newer",
        "D. Who is responsible/Allocated worker": "A. Practitioner",
        "D. Who is responsible/Allocated worker's telephone": "01632 960002",
        "D. Who is responsible/Team manager": "Pat Manager",
        "D. Who is responsible/Team manager's telephone": "01632 960003",
        "D. Who is responsible/Advocate": "V. Voice\nYouth Advocacy",
        "E. Level of risk/Newest matrix": "30/10/2026, net score 51: Core Group MUST be established",
    },
    ("Meeting record", "emptiest"): {
        "A. The meeting/Type of meeting": "Core Group",
        "B. Young person/Name": "Jordan Testcase",
        "B. Young person/Social care ID": "CF104233",
        "E. Level of risk/Newest matrix": "30/10/2026, net score 51: Core Group MUST be established",
    },
    ("Contact report", "fullest"): {
        "A. Young person/Name": "Jordan Testcase",
        "A. Young person/Date of birth": "14/02/2010",
        "A. Young person/Social care ID": "CF104240",
        "D. Telling the allocated worker within 24 hours/Allocated worker": "A. Practitioner, 01632 960002",
        "D. Telling the allocated worker within 24 hours/If not available, the manager": "Pat Manager, 01632 960003",
        "D. Telling the allocated worker within 24 hours/Send this report to": "a.practitioner@example.org",
    },
    ("Contact report", "emptiest"): {
        "A. Young person/Name": "Jordan Testcase",
        "A. Young person/Social care ID": "CF104233",
    },
    ("Acknowledgement slip", "fullest"): {
        "A. The letter/Letter reference": "CF104240-0a1b2c3d-03",
        "A. The letter/Agency that received the letter": "Smith & <Sons> Care",
        "A. The letter/What the letter asks": (
            "Put the high-risk flag, or another alert, on the systems of your service"
        ),
        "A. The letter/Please reply by": "1 December 2026",
        "A. The letter/Send this slip to": "Safeguarding and Review Service, safeguarding@example.org",
    },
    ("Acknowledgement slip", "emptiest"): {
        "A. The letter/Letter reference": "CF104240-0a1b2c3d-03",
        "A. The letter/Agency that received the letter": "Smith & <Sons> Care",
        "A. The letter/What the letter asks": (
            "Put the high-risk flag, or another alert, on the systems of your service"
        ),
        "A. The letter/Please reply by": "1 December 2026",
    },
}
USUAL_MEMBERS = [
    ["Field Social Worker", "", "", ""],
    ["Carer", "Carer (foster or residential key worker)", "", ""],
    ["Community Police", "Community Police / Missing from Home lead", "", ""],
    ["Virtual School Team", "Virtual School Team key worker", "", ""],
    ["School representative", "", "", ""],
]
OWNER = "DC A. Officer, Police"
PREFILLED_ROWS: dict[str, dict[str, list[list[str]]]] = {
    "fullest": {
        "C. Attendance": [["Police", "DC A. Officer, Missing lead", "", ""], ["Choose College", "", "", ""]],
        "G. Actions agreed before": [
            ["24/11/2026-1", "Choose a mentor\nwith Jordan & Dana <mother>", OWNER, "15/12/2026", "Under way", ""],
            ["24/11/2026-3", "Ring every Friday", OWNER, "each Friday", "", ""],
        ],
        "K. Specialist assessments asked for": [["Speech and language", "NHS", "24/11/2026", ""]],
        "M. Exclusion from services": [["Youth club", "31/01/2027", "Meet on 5 December"]],
    },
    "emptiest": {"C. Attendance": USUAL_MEMBERS},
}

# What people write, cells of their own kind in turn; some of it looks like the form's own words.
TEN_PARAGRAPHS = "\n".join(f"Paragraph {n}. She said she is fine.But is she?" for n in range(1, 11))
WORDS = (
    "He said \"I'm fine\" & left <early>; it's “odd”.",
    "Line one.\nLine two.And no space.\n\nLine four",
    TEN_PARAGRAPHS,
    "Choose a new school, write here: dd/mm/yy & {{ brackets }} {% if %}",
    "Łódź, Ζωή, 東京, Zoë, עברית",
    "No",
    "Chair",
    "☐ yes ☒ no",
)
DATES = ("05/12/2026", "29/02/2028", "31/12/2026")
TIMES = ("14:30", "9.05 pm")


@cache
def blank(fullness: str) -> dict[str, bytes]:
    return rendered({"fullest": fullest, "emptiest": emptiest}[fullness]())


def layout_of(name: str) -> WordLayout:
    return next(layout for layout in LAYOUTS if layout.name == LAYOUT[name])


def read(data: bytes) -> WordForm:
    form = read_word_form(data, LAYOUTS)
    assert form is not None
    return form


def rows_of(form: WordForm) -> dict[str, list[list[str]]]:
    return {title: [list(row.values()) for row in rows] for title, rows in form.tables.items() if rows}


def everything(name: str, turn: int) -> tuple[dict[str, str | bool], dict[str, list[dict[str, str]]]]:
    """An answer at every label and 15 rows in every table; each ``turn`` gives other words and choices."""
    answers: dict[str, str | bool] = {}
    rows: dict[str, list[dict[str, str]]] = {}

    def said(asked: Field, n: int) -> str:
        kinds = {"date": DATES, "time": TIMES, "choice": asked.choices, "text": WORDS}
        return kinds[asked.answer][(n + turn) % len(kinds[asked.answer])]

    for section in layout_of(name).sections:
        for n, asked in enumerate(section.fields + section.boxes):
            answers[f"{section.title}/{asked.label}"] = said(asked, n)
        for n, question in enumerate(section.questions):
            answers[f"{section.title}/{question.label}"] = (n + turn) % 2 == 0
        if section.columns:
            rows[section.title] = [{column: cell(column, n + turn) for column in section.columns} for n in range(15)]
    return answers, rows


CHOICES = {
    "Attended?": ("Yes", "Apologies", "No"),
    "Status": ("Not started", "Under way", "Done", "Stopped"),
    "Done?": ("Yes", "No"),
}


def cell(column: str, n: int) -> str:
    if column in CHOICES:
        return CHOICES[column][n % len(CHOICES[column])]
    if column in ("By when", "Date asked", "Excluded until"):
        return DATES[n % len(DATES)] if n % 4 else "when the court has decided"
    return WORDS[(n + len(column)) % len(WORDS)]


def assert_says(form: WordForm, answers: Answers, rows: Rows) -> None:
    assert {k: a.text for k, a in form.fields.items()} == {k: v for k, v in answers.items() if isinstance(v, str)}
    assert {k: c.value for k, c in form.questions.items()} == {k: v for k, v in answers.items() if isinstance(v, bool)}
    assert {title: list(found) for title, found in form.tables.items()} == rows
    assert form.notes == ()
    assert form.remarks == ()


def assert_untouched(form: WordForm, name: str, fullness: str) -> None:
    assert form.layout == LAYOUT[name]
    assert {key: a.text for key, a in form.fields.items() if a.text} == PREFILLED[name, fullness]
    assert {choice.value for choice in form.questions.values()} <= {None}
    assert rows_of(form) == (PREFILLED_ROWS[fullness] if name == "Meeting record" else {})
    assert form.notes == ()
    assert form.remarks == ()


@pytest.mark.parametrize("fullness", ["fullest", "emptiest"])
@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_nobody_has_touched_says_what_we_wrote_and_nothing_else(name: str, fullness: str) -> None:
    assert_untouched(read(blank(fullness)[name]), name, fullness)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_taken_for_no_other(name: str) -> None:
    others = [layout for layout in LAYOUTS if layout.name != LAYOUT[name]]
    assert len(others) == len(LAYOUTS) - 1
    answers, rows = everything(name, 0)
    for data in (blank("fullest")[name], fill(blank("emptiest")[name], answers, rows)):
        assert read_word_form(data, others) is None
    ours = [layout for layout in LAYOUTS if layout.name == LAYOUT[name]]
    assert read_word_form(BLANK.read_bytes(), ours) is None


@pytest.mark.parametrize("turn", range(8))
@pytest.mark.parametrize("name", FORMS)
def test_a_completed_form_is_read_back_exactly(name: str, turn: int) -> None:
    answers, rows = everything(name, turn)
    for fullness in ("fullest", "emptiest"):
        assert_says(read(fill(blank(fullness)[name], answers, rows)), answers, rows)


def test_every_answer_taken_out_again_is_blank() -> None:
    answers, rows = everything("Meeting record", 0)
    emptied = {key: "" for key, answer in answers.items() if isinstance(answer, str)}
    no_words = {title: [dict.fromkeys(row, "") for row in found] for title, found in rows.items()}
    form = read(fill(fill(blank("fullest")["Meeting record"], answers, rows), emptied, no_words))
    assert not any(answer.text or answer.date for answer in form.fields.values())
    assert rows_of(form) == {}
    assert form.notes == ()


def test_a_day_from_the_calendar_is_kept_beside_its_text() -> None:
    form = read(fill(blank("emptiest")["Meeting record"], {"A. The meeting/Date of meeting": "24/11/2026"}))
    assert str(form.fields["A. The meeting/Date of meeting"].date) == "2026-11-24"


def test_what_is_not_to_choose_or_not_on_the_form_cannot_be_filled_in() -> None:
    form = blank("emptiest")["Meeting record"]
    for answers, rows in (
        ({"A. The meeting/Type of meeting": "Party"}, {}),
        ({"A. The meeting/Guests": "x"}, {}),
        ({}, {"Z. Nowhere": [{}]}),
        ({}, {"C. Attendance": [{"Hat": "x"}]}),
    ):
        with pytest.raises(LookupError):
            fill(form, answers, rows)


@pytest.mark.parametrize("name", FORMS)
def test_choices_days_and_ticks_are_controls_that_ask_for_them(name: str) -> None:
    """Word numbers the controls itself: a number given here would stand twice as soon as a row is copied."""
    with zipfile.ZipFile(TEMPLATES / f"{name}.docx") as template:
        body = etree.fromstring(template.read("word/document.xml"))[0]
    tables = tables_of(body)
    assert not [control for control in body.iter(w("sdt")) if control.find(f"{w('sdtPr')}/{w('id')}") is not None]
    for section in layout_of(name).sections:
        for asked in section.fields + section.boxes:
            cell = answer_cell(tables, section.title, asked.label)
            listed = [[entry.get(w("displayText")) for entry in choices] for choices in cell.iter(w("dropDownList"))]
            assert all(choices == ["Choose an item.", *asked.choices] for choices in listed)
            assert bool(listed) == (asked.answer == "choice")
            days = [day.get(w("val")) for day in cell.iter(w("dateFormat"))]
            assert set(days) == ({"dd/MM/yyyy"} if asked.answer == "date" else set())
            if listed or days:
                assert len(list(cell.iter(w("showingPlcHdr")))) == 1
        for question in section.questions:
            cell = answer_cell(tables, section.title, question.label)
            assert [box.get(f"{W14}val") for box in cell.iter(f"{W14}checked")] == ["0", "0"]
    for heading, table in tables:
        for column in CHOICES.keys() & set(said_rows(table)[0]):
            last_row = list(table.iterchildren(w("tr")))[-1]
            control = list(last_row.iterchildren(w("tc")))[said_rows(table)[0].index(column)]
            listed_here = [entry.get(w("displayText")) for entry in control.iter(w("listItem"))]
            assert listed_here == ["Choose an item.", *CHOICES[column]], heading


# LibreOffice

needs_libreoffice = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


def saved_by_libreoffice(folder: Path, documents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Each document opened and saved again, as somebody does who has no Word."""
    for name, content in documents.items():
        (folder / f"{name}.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "docx", "--outdir", str(folder / "saved")]
    subprocess.run([*convert, *(str(folder / f"{name}.docx") for name in documents)], check=True, capture_output=True)
    return {name: (folder / "saved" / f"{name}.docx").read_bytes() for name in documents}


@needs_libreoffice
def test_libreoffice_saves_our_forms_so_that_they_are_read_back_exactly(tmp_path: Path) -> None:
    """Untouched, completed in Word, and completed in Word after LibreOffice had saved them."""
    documents = {f"{name} {fullness}": blank(fullness)[name] for name in FORMS for fullness in ("fullest", "emptiest")}
    expected = {}
    for name in FORMS:
        for turn in range(8):
            expected[f"{name} {turn}"] = answers, rows = everything(name, turn)
            documents[f"{name} {turn}"] = fill(blank("fullest")[name], answers, rows)
    saved = saved_by_libreoffice(tmp_path, documents)
    for name in FORMS:
        for fullness in ("fullest", "emptiest"):
            untouched = saved[f"{name} {fullness}"]
            assert_untouched(read(untouched), name, fullness)
            answers, rows = everything(name, 1)
            assert_says(read(fill(untouched, answers, rows)), answers, rows)
    for name, (answers, rows) in expected.items():
        assert_says(read(saved[name]), answers, rows)


@needs_libreoffice
def test_a_form_that_libreoffice_completes_itself_is_read_back_exactly(tmp_path: Path) -> None:
    """Done by LibreOffice: every choice, day and tick, lines of text, and rows beyond those that are printed."""
    completed = [(name, *everything(name, turn)) for name in FORMS for turn in range(4)]
    forms = [(blank("fullest")[name], answers, rows) for name, answers, rows in completed]
    for (_, answers, rows), content in zip(completed, fill_in_libreoffice(tmp_path, forms), strict=True):
        assert_says(read(content), answers, rows)
