"""The wording of the action plan."""

from __future__ import annotations

from docx.document import Document

from tests.templates.page import CLAUSES, NAMES, Page, blank


def build() -> Document:
    page = Page("Action plan")
    page.title("Action plan", "{{ purpose }}")
    with page.when("for_decision"):
        page.text("This plan takes effect only if the manager decides to form a Core Group.", "Notice")
    page.person()
    page.text(f"{CLAUSES} {NAMES}", "Note")
    _decided(page)
    _ownership(page)
    _reasons(page)
    _level_of_risk(page)
    _risks(page)
    _protective_factors(page)
    _agencies(page)
    _engagement(page)
    _notifications(page)
    _safety(page)
    _views(page)
    _review(page)
    _last_page(page)
    return page.word


def _decided(page: Page) -> None:
    with page.when("has_meeting"):
        page.h1("What was decided")
        page.detail("Meeting", "{{ decided.meeting }}, {{ decided.date }}")
        page.detail("Chair", "{{ decided.chair }}")
        with page.when("decided.accepted"):
            page.detail("Referral to the panel", "{{ decided.accepted }}")
        page.detail("Core Group", "{{ decided.core_group }}")
        page.detail("High-risk flag", "{{ decided.flag }}")
        with page.when("decided.reason"):
            page.detail("Why it differs from the matrix", "{{ decided.reason }}")
        page.detail("Next meeting", "{{ decided.next_meeting }}")
        with page.when("decided.immediate_issues"):
            page.h2("Immediate issues for the Service Manager (3.4)")
            page.text("{{ decided.immediate_issues }}")
    with page.when("stands"):
        page.h1("How the case stands")
        page.each("sentence in stands", "{{ sentence }}")
    with page.when("due"):
        page.h1("What is due")
        page.due()


def _ownership(page: Page) -> None:
    page.h1("Who owns this plan")
    page.text(
        "The lead agency and its named senior manager own the joint plan and are accountable for it (2.5.14). "
        "Responsibility for the case does not change: it stays with the allocated worker and the team manager (2.5.8)."
    )
    with page.when("has_meeting"):
        page.detail("Lead agency", "{{ owner.lead_agency }}")
        page.otherwise()
        page.detail("Lead agency (proposed)", "{{ owner.lead_agency }}")
    page.detail("Named senior manager", "{{ owner.senior_manager }}")
    page.detail("Lead professional", "{{ owner.lead_professional }}")
    page.detail("Allocated worker", "{{ owner.allocated_worker }}, {{ owner.allocated_worker_telephone }}")
    page.detail("Team", "{{ owner.team }}")
    page.detail("Team manager", "{{ owner.team_manager }}, {{ owner.manager_telephone }}")
    page.detail("Reviewing officer or chair", "{{ owner.reviewing_officer }}")
    page.detail("Advocate", "{{ owner.advocate }}")
    page.detail("Legal adviser", "{{ owner.legal_adviser }}")


def _reasons(page: Page) -> None:
    page.h1("Why there is a plan")
    page.h2("Criteria met (2.5.17)")
    page.each("criterion in criteria", "{{ criterion }}")
    page.h2("Reason and outcome sought")
    page.text("{{ reason }}")
    page.h2("What the procedure asks for now")
    page.each("ask in asks", "{{ ask.text }} ({{ ask.clause }}).")


def _level_of_risk(page: Page) -> None:
    page.h1("Level of risk")
    with page.when("has_meeting"):
        page.detail("Level agreed", "{{ decided.level_of_risk }}")
        page.detail("Direction of risk", "{{ decided.direction_of_risk }}")
        page.detail("Who does not agree", "{{ decided.dissent }}")
        page.detail("Matrix considered", "{{ decided.matrix_considered }}")
        page.otherwise()
        page.detail("Level agreed", blank("level of risk, agreed by the meeting"))
        page.detail("Who does not agree", blank("agency and its reasons, or none"))
    page.h2("Assessment matrix")
    with page.when("has_assessment"):
        page.text("Completed by {{ assessment.completed_by }}. Date: {{ assessment.date }}.", "Lead In")
        page.working()
        page.course()
        page.otherwise()
        page.text("No assessment matrix is on record for this young person.")
    page.h2("Disagreements between agencies")
    page.text("{{ disagreements }}")


def _agencies(page: Page) -> None:
    page.h1("Agencies involved")
    page.table(
        [
            ("Agency", 2.6, "{{ row.agency }}"),
            ("Worker and role", 3.1, "{{ row.worker }}"),
            ("Contact", 2.9, "{{ row.contact }}"),
            ("Nature of contact", 3.4, "{{ row.nature }}"),
            ("Last seen", 2.4, "{{ row.last_seen }}"),
            ("Engaging", 2.6, "{{ row.engaging }}"),
        ],
        loop="row in agencies",
    )
    with page.when("too_many_agencies"):
        page.text("The referral says that too many agencies involved get in the way of engagement (section I).")
    page.text(
        f"|Is their number a problem?|\t{blank('yes or no, and what will change for the young person')}",
        "Detail After Table",
    )


def _risks(page: Page) -> None:
    page.h1("Risks and actions")
    page.h2("Risks to the young person")
    page.text("{{ risks_to_self }}")
    page.h2("Risks to others")
    page.text("{{ risks_to_others }}")
    with page.when("has_actions"):
        page.h2("Actions agreed")
        page.actions("row in actions")
        with page.when("risks"):
            page.h2("Risks on the matrix")
            page.table([("Risk", 4.6, "{{ row.risk }}"), ("Evidence", 12.4, "{{ row.evidence }}")], loop="row in risks")
        page.otherwise()
        page.h2("Action for each risk")
        page.table(
            [
                ("Risk, and its evidence", 6.2, "{{ row.risk }}\n{{ row.evidence }}"),
                ("Action", 2.1, blank("action")),
                ("Owner and agency", 2.3, blank("owner and agency")),
                ("By when", 2.1, blank("date")),
                ("Measure", 2.2, blank("measure")),
                ("Status", 2.1, blank("status")),
            ],
            loop="row in risks",
        )
        page.text(
            "Measure: how success will show. Status is one of: not started, under way, done, stopped (say why).", "Note"
        )


def _protective_factors(page: Page) -> None:
    page.h1("Protective factors")
    page.text("{{ strengths }}")
    with page.when("factors"):
        page.text("Protective factors marked on the assessment matrix:", "Lead In")
        page.table(
            [
                ("Protective factor", 7, "{{ row.item }}"),
                ("What was marked", 5.5, "{{ row.marked }}"),
                ("Cell", 2.5, "{{ row.cells }}"),
                ("Score", 2, "{{ row.score }}"),
            ],
            loop="row in factors",
        )
    page.h1("Specialist assessments")
    page.specialist_assessments()


def _engagement(page: Page) -> None:
    page.h1("Engagement")
    page.h2("What gets in the way")
    page.each("barrier in barriers", "{{ barrier }}")
    page.h2("Approach")
    page.detail("Approach agreed", blank("how every agency will approach the young person"))
    page.detail("Best way to make contact", "{{ engagement.best_contact }}")
    page.detail("First language", "{{ engagement.language }}")
    page.detail("Interpreter needed", "{{ engagement.interpreter }}")
    page.detail("Needs", "{{ engagement.needs }}")
    page.detail("Other expertise to draw in", blank("whom to ask how best to engage, and who asks"))
    page.detail("Outreach", blank("what new or different outreach, and by whom"))
    page.h2("Services tried")
    page.text("{{ services_tried }}")
    page.h2("No wrong door")
    page.text(
        "Every agency responds to any contact that the young person makes, whomever they approach. "
        "No agency postpones help or sends the young person away to another agency (2.5.14).",
        "Lead In",
    )
    page.text("Whoever meets the young person:", "Lead In")
    page.bullets(
        "tries to engage and offers support",
        "notes the young person's appearance and behaviour",
        "points the young person to the services below",
        "reports the contact within 24 hours, as set out under Reporting contact",
    )
    page.h2("Services to promote to the young person")
    page.text("Give these numbers whenever the young person is seen or spoken to (2.5.14).", "Lead In")
    service = (blank("service"), blank("contact number"), blank("what it offers"))
    page.table([("Service", 5.6, ""), ("Contact number", 5.8, ""), ("What it offers", 5.6, "")], rows=[service])


def _notifications(page: Page) -> None:
    page.h1("Notifications and flags")
    page.text(
        "A notification asks each agency to adopt a flag, or another alert, that tells its staff that this young "
        "person is harder to reach or at high risk. Whoever attends the meeting makes sure that the alert reaches the "
        "systems of their own service. The chair tells the services that did not attend (2.5.14). Agencies remove the "
        "flag as soon as they are told that it is no longer required (2.5.16).",
        "Lead In",
    )
    with page.when("has_flag"):
        _flag(page)
        page.otherwise()
        page.text("No meeting has decided on a flag yet.")
        page.detail("Flag or other alert", blank("what the meeting decides, or none"))
        page.detail("Agencies to ask", "{% for agency in flags %}{{ '; ' if not loop.first }}{{ agency }}{% endfor %}")
    page.h1("Reporting contact")
    page.text(
        "Report any contact with or from the young person to the allocated worker within 24 hours: tell them, then "
        "confirm it in writing. If the allocated worker is not available, tell the manager (2.5.14)."
    )
    page.detail("Allocated worker", "{{ owner.allocated_worker }}, {{ owner.allocated_worker_telephone }}")
    page.detail("Write to", "{{ owner.allocated_worker_email }}")
    page.detail("If unavailable, the manager", "{{ owner.team_manager }}, {{ owner.manager_telephone }}")
    with page.when("contacts"):
        page.h2("Contacts reported")
        page.contacts()


def _flag(page: Page) -> None:
    page.detail("Flag raised", "{{ flag.since }}, by the {{ flag.raised_by }}")
    with page.when("flag_stands"):
        page.detail("Review the flag by", "{{ flag.review_by }}")
        page.otherwise()
        page.detail("Flag removed", "{{ flag.until }}")
    for asked, heading in (("asked_to_flag", "Asked to set the flag"), ("asked_to_remove", "Asked to remove the flag")):
        with page.when(asked):
            page.table(
                [
                    (heading, 7, "{{ row.agency }}"),
                    ("Letter drafted", 4, "{{ row.asked_on }}"),
                    ("Acknowledged", 6, "{{ row.acknowledged }}"),
                ],
                loop=f"row in {asked}",
            )


def _safety(page: Page) -> None:
    page.h1("Exclusion from services")
    page.text(
        "A temporary exclusion is the last resort until a meeting has made a plan of all agencies. No permanent "
        "exclusion is decided without a plan that directs the decision (2.5.37 to 2.5.39).",
        "Lead In",
    )
    with page.when("excluded"):
        page.table(
            [
                ("Service", 4.6, "{{ row.service }}"),
                ("Excluded until", 3.6, "{{ row.until }}"),
                ("Plan for return", 5.6, "{{ row.plan }}"),
                ("Said on", 3.2, "{{ row.said_on }}"),
            ],
            loop="row in excluded",
        )
        page.otherwise()
        page.detail("Excluded from", "{{ exclusions }}")
        page.detail("Temporary until", blank("date for each exclusion, and the plan for return"))
    page.h1("Contingency")
    page.text("|Likely crisis, and what happens out of hours:| {{ crisis }}")
    page.detail("If risk increases suddenly", blank("who does what"))
    with page.when("out_of_hours"):
        page.text("Out-of-hours services in the address book:", "Lead In")
        page.table(
            [("Service", 10, "{{ row.agency }}"), ("Telephone", 7, "{{ row.telephone }}")], loop="row in out_of_hours"
        )
    page.h1("Gaps in provision")
    page.text("{{ gaps }}")
    page.detail("Who reports the gap", blank("name, to whom, by when"))


def _views(page: Page) -> None:
    page.h1("Views")
    page.h2("Views of the young person")
    page.detail("Aware of the referral", "{{ views.young_person_aware }}")
    with page.when("views.young_person_said"):
        page.detail("Said in", "{{ views.young_person_said }}")
    page.text("{{ views.young_person }}")
    page.detail("Views overridden (2.7)", "{{ views.overridden }}")
    with page.when("views.overridden_at"):
        page.detail("Recorded by", "{{ views.overridden_at }}")
    page.h2("Views of the parents or carers")
    page.detail("Aware of the referral", "{{ views.parents_aware }}")
    with page.when("views.parents_said"):
        page.detail("Said in", "{{ views.parents_said }}")
    page.text("{{ views.parents }}")
    with page.when("family"):
        page.table(
            [
                ("Family member or carer", 6, "{{ row.name }}"),
                ("Relationship", 5, "{{ row.relationship }}"),
                ("Parental responsibility", 6, "{{ row.responsibility }}"),
            ],
            loop="row in family",
        )
    page.text(
        f"|What the views changed|\t{blank('what changed in this plan, and what did not and why')}",
        "Detail After Table",
    )


def _review(page: Page) -> None:
    page.h1("Monitoring and review")
    page.detail("Who monitors the plan", blank("name and agency"))
    page.detail("How, and how often", blank("what is checked, and how often"))
    with page.when("has_meeting"):
        page.officer()
    page.each("review in reviews", "|{{ review.meeting }}|\t{{ review.due }}", "Detail")
    page.text("If the meeting agrees an earlier date, that date counts.")
    with page.when("notes"):
        page.h1("Notes on the referral form")
        page.table(
            [
                ("Where", 4, "{{ note.where }}"),
                ("What", 6.5, "{{ note.what }}"),
                ("What to do", 6.5, "{{ note.remedy }}"),
            ],
            loop="note in notes",
        )
    page.h1("Approval")
    page.approval()


def _last_page(page: Page) -> None:
    """What the family must not see stands here alone, on a page of its own."""
    with page.when("last_page"):
        page.text("Information that must not be shared with the family", "Heading 1 Last Page")
        page.text("Take this page off before anyone in the family is given the plan.", "Notice")
        with page.when("not_shared"):
            page.text("{{ not_shared }}")
        with page.when("unsafe_contacts"):
            page.text("Ask the allocated worker before you contact:", "Lead In")
            page.table(
                [("Name", 6, "{{ row.name }}"), ("Safe to contact?", 11, "{{ row.safe }}")],
                loop="row in unsafe_contacts",
            )
        with page.when("remarks"):
            page.text("Remarks written on the referral form, shared with the family only if checked:", "Lead In")
            page.table([("Where", 5, "{{ row.where }}"), ("Remark", 12, "{{ row.text }}")], loop="row in remarks")
