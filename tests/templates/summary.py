"""The wording of the assessment summary."""

from __future__ import annotations

from docx.document import Document

from pipeline.outgoing.heat_strip import STRIP_CM
from tests.templates.page import CLAUSES, Page, blank
from tests.templates.pictures import picture


def build() -> Document:
    page = Page("Assessment summary")
    page.title("Assessment summary", "{{ assessment.band }}")
    page.person()
    page.detail("Assessment completed by", "{{ assessment.completed_by }}")
    page.detail("Assessment date", "{{ assessment.assessment_date }}")
    page.detail("Date completed", "{{ assessment.date_completed }}")
    page.text(CLAUSES, "Note")

    page.h1("Result")
    page.working()
    page.text("The bands of the matrix:", "Lead In")
    page.each("band in assessment.bands", "{{ band.score }}: {{ band.label }}")

    page.h1("What the procedure asks for now")
    page.each("ask in asks", "{{ ask.text }} ({{ ask.clause }}).")

    page.h1("Direction")
    page.course()

    page.h1("What was marked")
    page.text(
        "Each mark is given with its score, and with the cell where it stands on sheet {{ assessment.sheet }}.",
        "Lead In",
    )
    picture(page.word, "marks", "{{ marks_in_words }}", *STRIP_CM)
    with page.loop("section in assessment.sections"):
        page.h2("{{ section.title }}")
        with page.when("section.note"):
            page.text("{{ section.note }}", "Lead In")
        _marks(page)

    page.h1("What was not answered or not clear")
    with page.when("assessment.notes"):
        page.table(
            [
                ("Where", 4, "{{ note.where }}"),
                ("What", 6.5, "{{ note.what }}"),
                ("What to do", 6.5, "{{ note.remedy }}"),
            ],
            loop="note in assessment.notes",
        )
        page.otherwise()
        page.text("Nothing on the form was left open or unclear.")
    with page.when("assessment.remarks"):
        page.h2("Remarks written on the form")
        page.table(
            [("Where", 4, "{{ remark.where }}"), ("Remark", 13, "{{ remark.text }}")],
            loop="remark in assessment.remarks",
        )

    page.h1("What must be weighed beside the score")
    page.text("The matrix is used together with these (2.1 to 2.3). Update each of them where necessary.", "Lead In")
    page.table([("What", 6, "{{ item.what }}"), ("What is known", 11, "{{ item.known }}")], loop="item in weighed")

    with page.when("chronology"):
        page.h2("Case chronology, from the referral")
        page.text("{{ chronology }}")

    page.h1("Decision")
    page.detail("Level of risk, on all of this", blank("judgement, with reasons"))
    page.detail("Manager", "{{ manager }}")
    page.detail("Decision of the manager", blank("decision, with reasons"))
    page.detail("Recommendation to manager", blank("recommendation of the review (2.6), or none"))
    page.detail("Earlier review", blank("asked for on this date, or not needed because (2.5)"))
    page.detail("Independent Reviewing Officer", "{{ reviewing_officer }}")
    page.detail("Told on", blank("date the Independent Reviewing Officer was told"))
    page.approval()
    return page.word


def _marks(page: Page) -> None:
    page.table(
        [
            ("{{ section.item }}", 4.7, "{{ row.item }}"),
            ("What was marked", 8.5, "{{ row.marked }}"),
            ("Cell", 2.2, "{{ row.cells }}"),
            ("Score", 1.6, "{{ row.score }}"),
        ],
        loop="row in section.rows",
    )
