"""The wording of the note "What to put right"."""

from __future__ import annotations

from docx.document import Document

from tests.templates.page import Page


def build() -> Document:
    page = Page("What to put right", running="OFFICIAL-SENSITIVE")
    page.title("What to put right", "{{ file }}")
    page.text("We could not accept this file yet. Please put {{ count }} right.")
    with page.when("marked"):
        page.text("Open “{{ marked }}”, which lies beside this note. Each place is marked in it.", "List Number")
    with page.when("not marked"):
        page.text("Open the file, which lies beside this note.", "List Number")
    page.text("Put right each point below.", "List Number")
    page.text("Save it, and put the corrected form back in the inbox.", "List Number")
    with page.loop("form in forms"):
        page.text("{{ form.title }}", "Heading 1 Unnumbered")
        with page.when("form.first"):
            page.each("sentence in form.first", "{{ sentence }}", "Notice")
        with page.when("form.to_put_right"):
            _problems(page, "What to put right", "form.to_put_right")
        with page.when("form.notes"):
            page.text("These points alone would not send the form back. Put them right if you can:", "Lead In")
            _problems(page, "What to do", "form.notes")
    with page.when("help"):
        page.text("If you need help, {{ help }}.")
    return page.word


def _problems(page: Page, last: str, rows: str) -> None:
    page.table(
        [
            ("Where", 3.8, "{{ problem.where }}"),
            ("What", 6.2, "{{ problem.what }}"),
            (last, 7, "{{ problem.remedy }}"),
        ],
        loop=f"problem in {rows}",
    )
