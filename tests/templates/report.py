"""The wording of the core-group report."""

from __future__ import annotations

from docx.document import Document

from tests.templates.page import CLAUSES, Page, blank


def build() -> Document:
    page = Page("Core-group report")
    page.title("Core-group report", "Single joint report to the statutory review")
    page.person()
    page.detail("Reviewing officer or chair", "{{ owner.reviewing_officer }}")
    page.detail("Date of the review", blank("date of the statutory review"))
    page.text(CLAUSES, "Note")
    _core_group(page)
    _progress(page)
    _for_the_review(page)
    return page.word


def _core_group(page: Page) -> None:
    page.h1("Why there is a Core Group")
    page.text("The assessment of {{ assessment.date }} gives: {{ assessment.band }}.", "Lead In")
    page.each("ask in asks", "{{ ask.text }} ({{ ask.clause }}).")
    page.h1("Chair")
    page.text(
        "The young person's social worker chairs and co-ordinates the meetings. The social worker and the manager "
        "discuss this in supervision, and the decision is recorded. The team manager may judge it necessary to chair "
        "(3.1)."
    )
    page.detail("Social worker", "{{ owner.allocated_worker }}")
    page.detail("Team manager", "{{ owner.team_manager }}")
    page.detail("Chair", blank("name"))
    page.detail("Decision in supervision", blank("decision, date and who made it"))
    page.h1("Lead professional")
    page.text("The lead professional is the member who works best with the young person (3.2).")
    page.detail("Lead professional", blank("name and agency"))
    page.detail("Agreed", blank("meeting and date, confirmed at the first Core Group meeting"))
    page.h1("Membership")
    page.table(
        [
            ("Member", 4.3, "{{ row.member }}"),
            ("Name", 3.7, "{{ row.name }}"),
            ("Invited", 3, blank("date")),
            ("Attended", 3, blank("yes or no")),
            ("Apologies", 3, blank("yes or no")),
        ],
        loop="row in members",
    )


def _progress(page: Page) -> None:
    page.h1("Assessment matrix and its direction")
    page.working()
    page.course()
    page.detail("View of the Core Group", blank("is risk increasing or subsiding, and what changes in the plan (3.3)"))
    page.h1("Progress against the plan")
    page.table(
        [
            ("Risk", 5, "{{ row.risk }}"),
            ("Action agreed", 4, blank("action")),
            ("Progress", 4.5, blank("what was done, by whom, when")),
            ("Status", 3.5, blank("status")),
        ],
        loop="row in risks",
    )
    page.h1("Updates from agencies")
    page.table(
        [
            ("Member", 4.6, "{{ row.member }}"),
            ("Update", 12.4, blank("work done, contact with the young person, what comes next")),
        ],
        loop="row in members",
    )
    page.h1("Views of the young person")
    page.text("{{ views.young_person }}")
    page.detail("Views overridden", blank("which view, or none"))
    page.detail("Why", blank("the risk that made it necessary (2.7)"))
    page.h1("Disagreements and challenge")
    page.text("{{ disagreements }}")
    page.detail("Immediate issues", blank("issue taken to the Service Manager, and the answer (3.4), or none"))
    page.h1("Specialist assessments")
    page.text(
        "Each agency has a duty to co-operate with assessments and gives priority to this young person (4.1).",
        "Lead In",
    )
    assessment = (blank("assessment"), blank("agency"), blank("date"), blank("state"))
    page.table(
        [("Assessment asked for", 5.5, ""), ("Agency asked", 4.5, ""), ("Date asked", 3.5, ""), ("State", 3.5, "")],
        rows=[assessment, assessment],
    )


def _for_the_review(page: Page) -> None:
    page.h1("For the reviewing officer")
    page.detail("Matters for the officer", blank("what the review is asked to decide or note"))
    page.detail("Starred Care Plan", blank("area that needs a decision, for the Starred Care Plan (3.5), or none"))
    page.h1("Next meeting")
    page.text("Meetings are never more than 4 weeks apart (2.8, 3.3).", "Lead In")
    page.each("meeting in next_meetings", "|{{ meeting.meeting }}|\t{{ meeting.due }}", "Detail")
    page.detail("Date, time and place", blank("date, time and place"))
    page.h1("Agreement")
    page.text("This is one report, agreed by all members (3.4). A member who does not agree says so here.", "Lead In")
    page.table(
        [
            ("Member", 6.5, "{{ row.member }}"),
            ("Agrees", 6, blank("yes, or what is not agreed")),
            ("Date", 4.5, blank("date")),
        ],
        loop="row in members",
    )
    page.detail("Compiled by", blank("social worker"))
    page.approval()
