"""The contact report, in which an agency writes what it saw and did, within 24 hours."""

from __future__ import annotations

from docx.document import Document

from tests.templates.form import FormPage

KNOWN = ("name", "date_of_birth", "case", "allocated_worker", "manager", "send_to")
PAIR, TWO_PAIRS = (5.0, 12.0), (5.0, 4.2, 3.8, 4.0)


def build() -> Document:
    form = FormPage("contact-report", KNOWN)
    form.text(form.layout.title, "Title")
    form.guide("For any contact with a young person who has a flag", "Subtitle")
    form.guide("If anyone is in immediate danger, call 999 first.", "Notice")
    form.guide(
        "Tell the allocated worker, then write: both within 24 hours of the contact (2.5.14). Send this report to the "
        "address in section D."
    )
    section = form.heading("young_person")
    form.fields(section.fields, PAIR)
    section = form.heading("contact")
    form.fields(section.fields[:2], TWO_PAIRS)
    form.gap()
    form.fields(section.fields[2:], PAIR)
    section = form.heading("seen")
    form.boxes(section.boxes, height=1.1)
    section = form.heading("telling")
    form.fields(section.fields[:4], PAIR)
    form.gap()
    form.fields(section.fields[4:], TWO_PAIRS)
    return form.word
