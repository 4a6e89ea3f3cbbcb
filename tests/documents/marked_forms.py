"""A blank form comes in; the same form with a word of its own in every answer goes out, and which word stands where."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence

import openpyxl
from openpyxl.comments import Comment

from pipeline.outgoing.wording import long_date
from pipeline.rules.layout import WordLayout
from tests import factories as make
from tests.fill_word import fill
from tests.offices import EXAMPLES
from tests.referral_forms import ReferralDocument, cells, paragraphs, run, w
from tests.referral_forms import fill as fill_cell

CASE = "CF104240"
# What each letter says by right, and what must be a date, a choice or the same as on the other forms.
KNOWN = {
    "surname": "Testcase",
    "forenames": "Jordan",
    "name": "Jordan Testcase",
    "date_of_birth": "14/02/2010",
    "case": CASE,
    "allocated_worker": "A. Practitioner",
}
REFERRAL_DATES = {"date_of_referral": "03/11/2026", "panel_date": "24/11/2026"}


class Marks:
    """Gives each answer a word that occurs nowhere else, and keeps which."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        return self.said.setdefault(name, f"Leak{len(self.said) + 1}x")

    def day(self, name: str, day: dt.date) -> dt.date:
        """A day that no other answer gives, as documents write it."""
        self.said[name] = long_date(day).partition(" ")[2]
        return day


def matrix(mark: Marks) -> bytes:
    """The matrix whose score calls for a core group, with words beside every mark."""
    book = openpyxl.load_workbook(EXAMPLES / "matrix-must.xlsx")
    sheet = book.active
    assert sheet is not None
    sheet["I2"], sheet["B4"] = CASE, mark("matrix/completed_by")
    sheet["I4"] = sheet["I5"] = mark.day("matrix/date", dt.date(2026, 10, 8))
    sheet["A40"] = mark("matrix/below the table")
    sheet["F9"].comment = Comment(mark("matrix/comment"), mark("matrix/comment's author"))
    book.properties.creator = mark("matrix/author of the file")
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def referral(mark: Marks, invited: Sequence[str]) -> bytes:
    form = ReferralDocument()
    for section in make.REFERRAL.sections:
        for field in (*section.fields, *section.boxes):
            say = {**KNOWN, **REFERRAL_DATES}.get(field.key) or mark(f"referral/{field.key}")
            form.write(field.label, say, section.title)
        if section.columns:
            row = form.table(section.title).findall(w("tr"))[1]
            for column, cell in zip(section.columns, cells(row), strict=True):
                fill_cell(cell, paragraphs(run(mark(f"referral/{section.key}/{column}"))))
        for tick in section.ticks:
            if section.key != "invitations" or tick in invited:
                fill_cell(form.tick_cell(tick, section.title), paragraphs(run("☒")))
    return form.save()


def completed(
    form: bytes, layout: WordLayout, answers: Mapping[str, str], mark: Marks, own: Mapping[str, Mapping[str, str]]
) -> bytes:
    """One of our own forms with a row in each table. ``answers``, ``own`` (rows): what is not a word of its own."""
    written, rows = {}, {}
    for section in layout.sections:
        for field in (*section.fields, *section.boxes):
            say = {**KNOWN, **answers}.get(field.key)
            if say is not None or field.answer == "text":
                written[f"{section.title}/{field.label}"] = say or mark(f"{layout.name}/{field.key}")
        if section.columns:
            row = {column: mark(f"{layout.name}/{section.key}/{column}") for column in section.columns}
            rows[section.title] = [row | dict(own.get(section.key, {}))]
    return fill(form, written, rows)
