"""The acknowledgement slip, with which an agency says that it has done what a letter asked."""

from __future__ import annotations

from docx.document import Document

from tests.templates.form import FormPage

KNOWN = ("reference", "agency", "asked", "reply_by", "send_to")
PAIR = (6.2, 10.8)


def build() -> Document:
    form = FormPage("acknowledgement", KNOWN)
    form.text(form.layout.title, "Title")
    form.guide("Reply to our letter about a flag", "Subtitle")
    form.guide("Please complete section B and send this slip back as soon as you have done what the letter asks.")
    section = form.heading("letter")
    form.fields(section.fields, PAIR)
    section = form.heading("reply")
    form.questions(section.questions)
    form.gap()
    form.boxes(section.boxes)
    form.gap()
    form.fields(section.fields, PAIR)
    return form.word
