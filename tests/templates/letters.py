"""The wording of the two letters."""

from __future__ import annotations

from docx.document import Document
from docx.shared import Cm

from tests.templates.page import Page, blank


def build_notification() -> Document:
    page = _letter("Notification letter")
    page.text("A Core Group must be established", "Letter Heading")
    page.text("We write to tell you that a Core Group must be established for this young person:", "Lead In")
    page.person()
    page.text("|Your part.| {{ part }}")
    page.text("|First meeting.| It takes place within 4 weeks of the assessment, by {{ first_meeting }}.")
    page.text(
        "|What we ask of you.| Name the representative who will attend every meeting: yourself or a colleague. "
        "Reply to {{ sender.email }} by {{ reply_by }}."
    )
    _ending(page)
    return page.word


def build_invitation() -> Document:
    page = _letter("Invitation letter")
    page.text("Invitation to the {{ sender.panel_name }}", "Letter Heading")
    with page.when("for_information"):
        page.text("You receive this letter for information. You need not attend.", "Notice")
    page.text("The {{ sender.panel_name }} will discuss this young person:", "Lead In")
    page.person()
    page.detail("Date of the panel", "{{ meeting }}")
    page.detail("Time and place", blank("time and place"))
    page.detail("Chair", "{{ sender.panel_chair }}")
    page.detail("Deputy", "{{ sender.panel_deputy }}")
    page.detail("Advocate", blank("advocate, or none"))
    with page.when("legal_adviser"):
        page.detail("Legal adviser", "{{ legal_adviser }}")
    with page.when("other_professional"):
        page.detail("Other professional invited", "{{ other_professional }}")
    with page.when("not for_information"):
        page.text(
            "|Please bring| what your agency knows of the young person: the nature of each contact, risks and "
            "protective factors, what gets in the way of engagement, what you can offer, and any gap in provision."
        )
        page.text(
            "|What we ask of you.| Name the representative who will attend: yourself or a colleague. "
            "Reply to {{ sender.email }} by {{ reply_by }}."
        )
    _ending(page)
    return page.word


def _letter(title: str) -> Page:
    """The letterhead stands in the header, so that the address always begins where the window begins."""
    page = Page(title)
    section = page.word.sections[0]
    # A DL envelope shows the page from about 50 to 82 mm below its upper edge.
    section.top_margin = Cm(5)
    section.bottom_margin = Cm(1.8)
    for text, style in (
        ("{{ sender.council }}", "Letterhead Name"),
        ("{{ sender.service }}", "Letterhead"),
        ("{{ sender.address }}", "Letterhead"),
    ):
        section.header.add_paragraph(text, style=style)
    page.text("{{ window }}", "Window Address")
    page.detail("Date", "{{ date }}")
    page.detail("Our reference", "{{ reference }}")
    page.text("Dear {{ dear }}", "Salutation")
    return page


def _ending(page: Page) -> None:
    page.text("If you have a question, call {{ sender.telephone }}.")
    page.text("Share this letter only with people who need it to protect the young person.")
    page.text("Yours sincerely", "Closing")
    page.text(blank("name and job title of the person who signs"), "Lead In")
    page.text("{{ sender.service }}, {{ sender.council }}")
