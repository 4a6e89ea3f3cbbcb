"""The wording of the core-group report."""

from __future__ import annotations

from docx.document import Document

from tests.templates.page import CLAUSES, NAMES, Page, blank

# What a meeting may have recorded; what it did not is not printed.
RECORDED = (
    ("Core Group", "core_group"),
    ("High-risk flag", "flag"),
    ("Why it differs from the matrix", "reason"),
    ("Who does not agree", "dissent"),
    ("Disagreement, challenge", "disagreements"),
    ("To the Service Manager (3.4)", "immediate_issues"),
)


def build() -> Document:
    page = Page("Core-group report")
    page.title("Core-group report", "Single joint report to the statutory review")
    page.person()
    page.detail("Reviewing officer or chair", "{{ owner.reviewing_officer }}")
    page.detail("Date of the review", blank("date of the statutory review"))
    with page.when("since"):
        page.detail("Covers the time since", "{{ since }}, the last statutory review")
    page.text(f"{CLAUSES} {NAMES}", "Note")
    _core_group(page)
    _direction(page)
    _progress(page)
    _meetings(page)
    _views(page)
    _chronology(page)
    _for_the_review(page)
    return page.word


def _core_group(page: Page) -> None:
    page.h1("Why there is a Core Group")
    with page.when("stands"):
        page.each("sentence in stands", "{{ sentence }}")
    with page.when("has_assessment"):
        page.text("The assessment of {{ assessment.date }} gives: {{ assessment.band }}.", "Lead In")
        page.otherwise()
        page.text("No assessment matrix is on record for this young person.")
    page.each("ask in asks", "{{ ask.text }} ({{ ask.clause }}).")
    with page.when("due"):
        page.h1("What is due")
        page.due()
    page.h1("Chair")
    page.text(
        "The young person's social worker chairs and co-ordinates the meetings. The social worker and the manager "
        "discuss this in supervision, and the decision is recorded. The team manager may judge it necessary to chair "
        "(3.1)."
    )
    page.detail("Social worker", "{{ owner.allocated_worker }}")
    page.detail("Team manager", "{{ owner.team_manager }}")
    page.detail("Chair", "{{ chair.name }}")
    page.detail("Decision in supervision", "{{ chair.supervision }}")
    page.h1("Lead professional")
    page.text("The lead professional is the member who works best with the young person (3.2).")
    page.detail("Lead professional", "{{ owner.lead_professional }}")
    page.detail("Agreed", "{{ lead_professional_agreed }}")
    page.h1("Membership and attendance")
    with page.when("attendance"):
        page.table(
            [
                ("Member", 7, "{{ row.agency }}"),
                ("Meetings attended", 4, "{{ row.attended }}"),
                ("Meetings missed", 6, "{{ row.missed }}"),
            ],
            loop="row in attendance",
        )
        page.otherwise()
        page.table(
            [
                ("Member", 6, "{{ row.member }}"),
                ("Name", 4.4, "{{ row.name }}"),
                ("Attendance", 6.6, blank("attended, or apologies")),
            ],
            loop="row in members",
        )


def _direction(page: Page) -> None:
    page.h1("Assessment matrix and its direction")
    with page.when("has_assessment"):
        page.working()
        page.course()
        page.otherwise()
        page.text("No assessment matrix is on record for this young person.")
    with page.when("has_meetings"):
        page.text("What each meeting made of it (3.3):", "Lead In")
        page.table(
            [
                ("Meeting", 6.2, "{{ meeting.meeting }}, {{ meeting.date }}"),
                ("Matrix considered", 4.2, "{{ meeting.matrix_considered }}"),
                ("Level of risk", 3.2, "{{ meeting.level_of_risk or 'Nothing recorded' }}"),
                ("Risk is", 3.4, "{{ meeting.direction_of_risk or 'Nothing recorded' }}"),
            ],
            loop="meeting in meetings",
        )
        page.otherwise()
        page.detail(
            "View of the Core Group", blank("is risk increasing or subsiding, and what changes in the plan (3.3)")
        )


def _progress(page: Page) -> None:
    page.h1("Progress against the plan")
    with page.when("has_progress"):
        page.text("Open actions stand first. Each is told as the last meeting recorded it.", "Lead In")
        page.table(
            [
                ("No.", 2.3, "{{ row.number }}"),
                ("Action", 4, "{{ row.action }}"),
                ("Owner and agency", 2.8, "{{ row.owner }}"),
                ("By when", 2.4, "{{ row.by_when }}"),
                ("Status", 2, "{{ row.status }}"),
                ("What has changed", 3.5, "{{ row.impact }}"),
            ],
            loop="row in progress",
        )
        page.otherwise()
        page.table(
            [
                ("Risk", 6, "{{ row.risk }}"),
                ("Action agreed, progress and status", 11, blank("action, what was done, by whom, when, status")),
            ],
            loop="row in risks",
        )


def _meetings(page: Page) -> None:
    page.h1("Meetings and updates from agencies")
    with page.when("has_meetings"):
        with page.loop("meeting in meetings"):
            page.h2("{{ meeting.meeting }} of {{ meeting.date }}")
            page.detail("Chair", "{{ meeting.chair }}")
            for label, key in RECORDED:
                with page.when(f"meeting.{key}"):
                    page.detail(label, f"{{{{ meeting.{key} }}}}")
            with page.when("meeting.updates"):
                page.table(
                    [
                        ("Agency", 4.4, "{{ row.agency }}"),
                        ("Name and role", 4.4, "{{ row.name }}"),
                        ("Update", 8.2, "{{ row.update }}"),
                    ],
                    loop="row in meeting.updates",
                )
        page.otherwise()
        page.table(
            [
                ("Member", 4.6, "{{ row.member }}"),
                ("Update", 12.4, blank("work done, contact with the young person, what comes next")),
            ],
            loop="row in members",
        )


def _views(page: Page) -> None:
    page.h1("Views of the young person")
    with page.when("views.young_person_said"):
        page.detail("Said in", "{{ views.young_person_said }}")
    page.text("{{ views.young_person }}")
    page.detail("Views overridden (2.7)", "{{ views.overridden }}")
    with page.when("views.overridden_at"):
        page.detail("Recorded by", "{{ views.overridden_at }}")
    page.h1("Disagreements and challenge")
    with page.when("has_meetings"):
        page.text("The newest are given here; those of each meeting stand under the meeting, above.", "Lead In")
    page.text("{{ disagreements }}")
    page.h1("Specialist assessments")
    page.specialist_assessments()


def _chronology(page: Page) -> None:
    with page.when("chronology"):
        page.h1("Chronology")
        page.table(
            [
                ("When", 5, "{{ row.when }}"),
                ("What", 8, "{{ row.what }}"),
                ("Told in time?", 4, "{{ row.late }}"),
            ],
            loop="row in chronology",
        )
    with page.when("contacts"):
        page.h1("Contacts reported")
        page.contacts()


def _for_the_review(page: Page) -> None:
    page.h1("For the reviewing officer")
    with page.when("has_meetings"):
        page.officer()
    page.detail("Matters for the officer", blank("what the review is asked to decide or note"))
    page.detail("Starred Care Plan", blank("area that needs a decision, for the Starred Care Plan (3.5), or none"))
    with page.when("not has_meetings"):
        page.detail("Immediate issues", blank("issue taken to the Service Manager, and the answer (3.4), or none"))
    page.h1("Next meeting")
    page.text("Core Group meetings are never more than 4 weeks apart (2.8, 3.3).", "Lead In")
    page.each("meeting in next_meetings", "|{{ meeting.meeting }}|\t{{ meeting.due }}", "Detail")
    page.detail("Date, time and place", "{{ next_meeting }}")
    page.h1("Agreement")
    page.text("This is one report, agreed by all members (3.4). A member who does not agree says so here.", "Lead In")
    page.table(
        [
            ("Member", 6.4, "{{ row.member }}"),
            ("Agrees", 6.4, blank("yes, or why not")),
            ("Date", 4.2, blank("date")),
        ],
        loop="row in members",
    )
    page.h1("Approval")
    page.detail("Compiled by", blank("social worker"))
    page.approval()
