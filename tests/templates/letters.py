"""The wording of the letters."""

from __future__ import annotations

from docx.document import Document
from docx.shared import Cm

from pipeline.outgoing.logo import LOGO, LOGO_CM
from tests.templates.page import Page, blank
from tests.templates.pictures import picture


def build_notification() -> Document:
    page = _letter("Notification letter")
    with page.when("decided"):
        page.text("It has been decided to establish a Core Group", "Letter Heading")
        page.text("We write to tell you of the decision to establish a Core Group for this young person:", "Lead In")
        page.otherwise()
        page.text("A Core Group must be established", "Letter Heading")
        page.text("We write to tell you that a Core Group must be established for this young person:", "Lead In")
    page.person()
    page.text("|Your part.| {{ part }}")
    with page.when("decided"):
        page.text("|First meeting.| It takes place by {{ first_meeting }}.")
        page.otherwise()
        page.text("|First meeting.| It takes place within 4 weeks of the assessment, by {{ first_meeting }}.")
    page.text(
        "|What we ask of you.| Name the representative who will attend every meeting: yourself or a colleague. "
        "Reply to {{ sender.email }} by {{ reply_by }}."
    )
    _ending(page)
    return page.word


def build_invitation() -> Document:
    page = _letter("Invitation letter")
    with page.when("to_panel"):
        page.text("Invitation to the {{ sender.panel_name }}", "Letter Heading")
        page.otherwise()
        page.text("Invitation to the next Core Group meeting", "Letter Heading")
    with page.when("for_information"):
        page.text("You receive this letter for information. You need not attend.", "Notice")
    with page.when("to_panel"):
        page.text("The {{ sender.panel_name }} will discuss this young person:", "Lead In")
        page.otherwise()
        page.text("The Core Group will review the plan for this young person:", "Lead In")
    page.person()
    page.detail("Date and time", "{{ meeting }}, {{ time }}")
    page.detail("Place", "{{ place }}")
    page.detail("Chair", "{{ chair }}")
    with page.when("to_panel"):
        page.detail("Deputy", "{{ sender.panel_deputy }}")
    page.detail("Advocate", "{{ advocate }}")
    with page.when("legal_adviser"):
        page.detail("Legal adviser", "{{ legal_adviser }}")
    with page.when("other_professional"):
        page.detail("Other professional invited", "{{ other_professional }}")
    with page.when("not for_information"):
        with page.when("to_panel"):
            page.text(
                "|Please bring| what your agency knows of the young person: the nature of each contact, risks and "
                "protective factors, what gets in the way of engagement, and what you can offer."
            )
            page.otherwise()
            page.text(
                "|Please bring| your report on each action agreed for your agency, what has changed for the young "
                "person, and what your agency has learned since the last meeting."
            )
        page.text(
            "|What we ask of you.| Name the representative who will attend: yourself or a colleague. "
            "Reply to {{ sender.email }} by {{ reply_by }}."
        )
    _ending(page)
    return page.word


def build_flag() -> Document:
    page = _letter("Flag letter")
    page.text("Please flag this young person on your systems", "Letter Heading")
    page.text("A meeting has agreed that every service should be alert to this young person:", "Lead In")
    page.person()
    page.detail("Worker's telephone", "{{ worker_telephone }}")
    page.text(
        "|Set a flag.| Put a flag, or another alert that your staff will see, on the young person's details in your "
        "communication and recording systems. Keep it until the review date, {{ review_by }}, and after that "
        "until we write that it is removed."
    )
    page.text("|When the young person comes to you, or you meet them:|", "Lead In")
    page.bullets(
        "There is no wrong door. Respond at once, try to engage them, and offer support.",
        "Note their appearance and behaviour.",
        f"Point them to help: {blank('services and telephone numbers agreed')}.",
        "Telephone the allocated worker within 24 hours. If they are not available, telephone their manager.",
        "Write within the same 24 hours, on the contact report that comes with this letter.",
    )
    _slip(page, "set the flag")
    _ending(page)
    return page.word


def build_removal() -> Document:
    page = _letter("Removal letter")
    page.text("Please remove the flag for this young person", "Letter Heading")
    page.text("The flag that we asked you to set has been removed for this young person:", "Lead In")
    page.person()
    page.detail("Flag raised on", "{{ raised }}")
    page.detail("Removed by", "the meeting of {{ removed }}")
    page.text(
        "|What we ask of you.| Remove any notification or flag of a high-risk, complex or hard to reach young person "
        "from your communication and recording systems. Tell those in your agency to whom you passed it on."
    )
    page.text(
        "The request to report each contact within 24 hours ends with the flag. If you are worried about the young "
        "person's safety, tell the allocated worker as before."
    )
    _slip(page, "removed the flag")
    _ending(page)
    return page.word


def _slip(page: Page, done: str) -> None:
    page.text(
        f"|Acknowledgement.| When you have {done}, return the slip that comes with this letter to "
        "{{ sender.email }} by {{ reply_by }}."
    )


def _letter(title: str) -> Page:
    """The letterhead stands in the header, so that the address always begins where the window begins."""
    page = Page(title)
    section = page.word.sections[0]
    # A DL envelope shows the page from about 50 to 82 mm below its upper edge.
    section.top_margin = Cm(5)
    section.bottom_margin = Cm(1.6)
    section.header.add_paragraph("{%p if sender.logo %}", style="Letterhead")
    picture(section.header, LOGO, "{{ sender.council }}", *LOGO_CM, style="Letterhead")
    section.header.add_paragraph("{%p endif %}", style="Letterhead")
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
    page.text(
        "If you have a question, call {{ sender.telephone }}. Share this letter only with people who need it to "
        "protect the young person."
    )
    page.text("Yours sincerely", "Closing")
    page.text(blank("name and job title of the person who signs"), "Lead In")
    page.text("{{ sender.service }}, {{ sender.council }}")
