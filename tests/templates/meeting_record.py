"""The meeting record, in which a meeting says what it decided."""

from __future__ import annotations

from docx.document import Document

from tests.templates.form import FormPage

KNOWN = (
    "meeting", "supervision", "supervision_by", "supervision_date", "name", "date_of_birth", "case",
    "lead_professional", "lead_agency", "senior_manager", "allocated_worker", "allocated_worker_telephone",
    "team_manager", "manager_telephone", "reviewing_officer", "advocate", "legal_adviser", "newest_matrix",
)  # fmt: skip
PAIR, TWO_PAIRS = (5.0, 12.0), (3.9, 4.6, 3.9, 4.6)
ATTENDED = ("Yes", "Apologies", "No")
STATUS = ("Not started", "Under way", "Done", "Stopped")
DONE = ("Yes", "No")
DATE: tuple[str, ...] = ()


def build() -> Document:
    form = FormPage("meeting-record", KNOWN)
    form.text(form.layout.title, "Title")
    form.guide("Core Group, panel or statutory review", "Subtitle")
    form.guide(
        "Complete this at the meeting, save it, and drop it in the inbox folder. What is already filled in is what "
        "was last known: correct it where it is wrong.",
        "Notice",
    )
    form.guide(
        "Every meeting completes sections A to G, J and P. The other sections are completed where there is something "
        "to record. A space left blank says that nothing was recorded."
    )
    form.guide(
        "Numbers in brackets are paragraphs of the two procedures that this record follows: 2.1 to 4.1 of Management "
        "of Looked After Young People at High Risk of Harm, and 2.5.1 to 2.5.39 of High Risk, Complex Cases.",
        "Note",
    )

    section = form.heading(
        "meeting", "Core Group only: who chairs is discussed in supervision, and the decision is recorded (3.1)."
    )
    form.fields(section.fields, TWO_PAIRS)
    section = form.heading("young_person")
    form.fields(section.fields, PAIR)

    section = form.heading("attendance", "Choose Yes, Apologies or No for everybody. Add those who are not listed.")
    agency, who = "{{ row.agency }}", "{{ row.who }}"
    form.rows(section, [(4.2, agency, None), (4.6, who, None), (2.9, "", ATTENDED), (5.3, "", None)], blank=5)

    section = form.heading(
        "responsible",
        "Agree the lead professional at the meeting that recommends the Core Group, and confirm it at the first Core "
        "Group (3.2). The lead agency and its named senior manager own the joint plan (2.5.14).",
    )
    form.fields(section.fields, TWO_PAIRS)
    section = form.heading(
        "risk",
        "Consider the matrix at every meeting, and whether risk is increasing or subsiding (3.3). Aim for agreement "
        "about the level of risk, and record dissent (2.5.14).",
    )
    form.fields(section.fields, TWO_PAIRS)
    form.gap()
    form.boxes(section.boxes)
    section = form.heading(
        "decision",
        "The meeting decides; the matrix guides and does not replace professional judgement (2.1). Letters about a "
        "flag are drafted only from what is chosen here (2.5.14 to 2.5.16). “Referral to the panel” is for the panel "
        "alone.",
    )
    form.fields(section.fields, TWO_PAIRS)
    form.gap()
    form.boxes(section.boxes)

    section = form.heading(
        "actions",
        "Choose the status of each action and say what it has changed. Write a new owner or date over the old one.",
    )
    form.rows(
        section,
        [
            (2.4, "{{ row.number }}", None),
            (4.0, "{{ row.text }}", None),
            (2.5, "{{ row.owner }}", None),
            (2.1, "{{ row.by_when }}", None),
            (2.9, "{{ row.status }}", STATUS),
            (3.1, "", None),
        ],
        blank=2,
    )
    section = form.heading("new_actions", "Every action has an owner and a date.")
    form.rows(section, [(6.5, "", None), (4.0, "", None), (2.4, "", DATE), (4.1, "", None)], blank=6)

    section = form.heading(
        "challenge",
        "Disagreement and challenge are recorded to encourage open discussion. Immediate issues go to the Service "
        "Manager (3.4).",
    )
    form.boxes(section.boxes)
    section = form.heading(
        "views",
        "Say which views were overridden because of the risk, and why (2.7). Parents and carers: 2.5.12. A way for "
        "the young person to be heard, such as an advocate: 2.5.13.",
    )
    form.boxes(section.boxes)
    section = form.heading(
        "specialist_assessments",
        "A specialist assessment follows whenever a risk is identified; each agency gives it priority (1, 4.1).",
    )
    assessment, asked, day = "{{ row.assessment }}", "{{ row.agency }}", "{{ row.date }}"
    form.rows(
        section, [(6.0, assessment, None), (5.6, asked, None), (2.5, day, DATE), (2.9, "", ("Yes", "No"))], blank=4
    )
    section = form.heading("gaps")
    form.boxes(section.boxes)
    section = form.heading(
        "exclusions", "An exclusion is temporary until a meeting has made a plan of all agencies (2.5.37 to 2.5.39)."
    )
    service, until, plan = "{{ row.service }}", "{{ row.until }}", "{{ row.plan }}"
    form.rows(section, [(5.5, service, None), (3.0, until, DATE), (8.5, plan, None)], blank=4)
    section = form.heading("officer", "Core Group and statutory review only (2.5, 2.6).")
    form.questions(section.questions)
    form.gap()
    form.boxes(section.boxes)
    section = form.heading("also_tell", "The chair tells the services that were not represented (2.5.14).")
    form.rows(section, [(5.0, "", None), (5.0, "", None), (7.0, "", None)], blank=4)
    section = form.heading(
        "next_meeting",
        "Core Group: not more than 4 weeks ahead (2.8, 3.3). Panel: not more than a month ahead (2.5.14). An earlier "
        "date that the meeting agrees leads.",
    )
    form.fields(section.fields, PAIR)
    section = form.heading("sign_off")
    form.fields(section.fields, TWO_PAIRS)
    return form.word
