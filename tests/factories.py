"""Cases as tests need them: each function makes one believed value, with overrides for what the test is about."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.occasion import Occasion
from pipeline.rules.case import (
    Ask,
    Assessment,
    Believed,
    Case,
    ContactReport,
    Decision,
    Letter,
    MeetingRecord,
    Moment,
    Range,
    Referral,
    Score,
    ScoredRow,
)
from pipeline.rules.form import Answer, Cell, MatrixForm, Problem, Remark, Row, WordForm
from pipeline.rules.layout import MatrixLayout, WordLayout
from pipeline.rules.limit import TimeLimit
from pipeline.rules.standing import Standing
from pipeline.settings import Sender

FORMS = Path(__file__).parents[1] / "templates" / "forms"
MATRIX = msgspec.convert(tomllib.loads((FORMS / "matrix.toml").read_text("utf-8")), MatrixLayout)
REFERRAL = msgspec.convert(tomllib.loads((FORMS / "referral.toml").read_text("utf-8")), WordLayout)
MEETING_RECORD = msgspec.convert(tomllib.loads((FORMS / "meeting-record.toml").read_text("utf-8")), WordLayout)
CONTACT_REPORT = msgspec.convert(tomllib.loads((FORMS / "contact-report.toml").read_text("utf-8")), WordLayout)

NOVEMBER_3 = dt.date(2026, 11, 3)

# The marks of matrix-must.xlsx: which column of each block, None where nothing is marked. 55 - 4 = 51.
BEHAVIOURS = ((3, 2), (2, 2), (3, 2), (1, 1), (3, 2), (3, 2), (2, 2), (3, 2), (3, 2), (1, 1), (2, 2))
FACTORS = (0, 1, 1, 0, 1, 0, 0, 0, 1)
# The cells of the blank form, by block and column.
COLUMNS = {"frequency": "BCDF", "timescale": "HIJ", "score": "MNO"}

Marks = Sequence[tuple[int | None, ...]]


def assessment(
    *,
    case: str = "CF104233",
    name: str = "Jordan Testcase",
    date: dt.date = dt.date(2026, 10, 30),
    behaviours: Marks = BEHAVIOURS,
    factors: Sequence[int | None] = FACTORS,
    notes: Sequence[Problem] = (),
    remarks: Sequence[Remark] = (),
    completed_by: str = "A. Practitioner, Social Worker",
    date_completed: dt.date | None = dt.date(2026, 11, 2),
    sheet: str = "Sheet1",
) -> Assessment:
    """A matrix that was marked so; its score is worked out here by hand-written rules, not by the pipeline's."""
    marks: list[tuple[str, Marks]] = [("behaviour", behaviours), ("protective", [(mark,) for mark in factors])]
    scored = [_row(section, n, columns, sheet) for section, rows in marks for n, columns in enumerate(rows)]
    sections = {key: sum((s.total for _, s in scored if s.section == key), Range(0, 0)) for key, _ in marks}
    total = sum(sections.values(), Range(0, 0))
    band, alone = _band(total.low), sections["behaviour"]
    labels = {b.key: b.label for b in MATRIX.bands}
    form = MatrixForm("matrix", sheet, {}, tuple(row for row, _ in scored), tuple(remarks))
    return Assessment(
        case=case,
        name=name,
        completed_by=completed_by,
        date=date,
        assessment_date=date,
        date_completed=date_completed,
        score=Score(total, sections, tuple(row for _, row in scored)),
        band=band,
        band_label=labels[band],
        band_without_protective=labels[_band(alone.low)] if _band(alone.low) == _band(alone.high) else None,
        form=form,
        notes=tuple(notes),
    )


def _row(section: str, n: int, marks: tuple[int | None, ...], sheet: str) -> tuple[Row, ScoredRow]:
    layout = next(s for s in MATRIX.sections if s.key == section)
    item, number = layout.items[n], 9 + n
    cells, blocks, marked = [], {}, {}
    for block, mark in zip(layout.blocks, marks, strict=True):
        values = [c.value for c in block.columns]
        if mark is None:
            blocks[block.key], marked[block.key] = Range(min(values), max(values)), ""
            continue
        label = block.columns[mark].label
        blocks[block.key], marked[block.key] = Range(values[mark], values[mark]), label
        cells.append(Cell(block.key, (label,), "x", f"{sheet}!{COLUMNS[block.key][mark]}{number}"))
    first, last = ("A", "B{0}:J{0}") if section == "behaviour" else ("L", "M{0}:O{0}")
    where, span = f"{sheet}!{first}{number}", f"{sheet}!{last.format(number)}"
    return Row(section, item, where, span, tuple(cells)), ScoredRow(section, item, where, span, blocks, marked)


def _band(score: int) -> str:
    return "must" if score >= 36 else "consider" if score >= 26 else "none"


# What referral-glyph.docx says; keys of templates/forms/referral.toml.
ANSWERS = {
    "date_of_referral": "03/11/2026",
    "type": "New",
    "referrer": "Sam Referrer",
    "referrer_role": "Senior Social Worker",
    "referrer_agency": "Children's Social Care",
    "referrer_telephone": "01632 960001",
    "referrer_email": "sam.referrer@example.org",
    "manager_agreeing": "Pat Manager",
    "date_agreed": "4 November 2026",
    "surname": "Testcase",
    "forenames": "Jordan",
    "alias": "JT",
    "date_of_birth": "14/02/2010",
    "gender": "Male",
    "ethnicity": "White British",
    "first_language": "English",
    "interpreter": "No",
    "religion": "None",
    "needs": "Speech and language: prefers short texts, not letters",
    "case": "CF104240",
    "nhs_number": "943 476 5919",
    "home_address": "1 Example Street, Exampleton, ZZ1 1ZZ",
    "current_address": "Exampleton House (residential)",
    "school": "Example Alternative Provision",
    "gp": "Dr Example, Example Surgery",
    "legal_status": "Care order (s31)",
    "best_contact": "Text message, afternoons",
    "allocated_worker": "A. Practitioner",
    "allocated_worker_telephone": "01632 960002",
    "team": "Looked After Children Team 2",
    "allocated_worker_email": "a.practitioner@example.org",
    "team_manager": "Pat Manager",
    "manager_telephone": "01632 960003",
    "reviewing_officer": "Ira Officer",
    "lead_agency": "Children's Social Care",
    "senior_manager": "Chris Director",
    "reason": "Escalating missing episodes; the plan is not reducing risk. We ask for one agreed plan & a lead agency.",
    "risks_to_self": "Substance use with older associates.\nSelf-harm in the last month.",
    "risks_to_others": "None known.",
    "chronology": "June 2026: placement move.\nAugust 2026: first missing episode.",
    "strengths": "Good relationship with key worker <always answers texts>.",
    "services_tried": "CAMHS closed the case after missed appointments.",
    "disagreements": "Education does not agree that a change of provision is needed.",
    "gaps": "No evening outreach for substance misuse in the north of the county.",
    "young_person_views": '"I don\'t want loads of people in a room talking about me."',
    "parents_views": "Mother wants a placement nearer home.",
    "crisis": "If missing after 22:00 call the Emergency Duty Team.",
    "exclusions": "Youth club (until January 2027)",
    "not_shared": "Placement address.",
    "signed_by": "Sam Referrer",
    "signed_on": "4/11/26",
}
REQUIRED = ("surname", "date_of_birth", "case", "referrer", "referrer_telephone", "allocated_worker", "reason")
FAMILY = (
    {
        "Name": "Dana Testcase",
        "Relationship": "Mother",
        "DOB": "01/05/1985",
        "Parental responsibility (Y/N)": "Y",
        "Contact": "01632 960004",
        "Safe to contact?": "Yes",
    },
)
AGENCIES_INVOLVED = (
    {
        "Agency": "Police",
        "Worker": "DC A. Officer",
        "Role": "Missing lead",
        "Contact": "101",
        "Nature of contact": "Return home interviews",
        "Last seen": "28/10/2026",
        "Engaging? (Y / Partly / N)": "Partly",
    },
    {
        "Agency": "CAMHS",
        "Worker": "B. Clinician",
        "Role": "Nurse",
        "Contact": "01632 960005",
        "Nature of contact": "Closed August 2026",
        "Last seen": "",
        "Engaging? (Y / Partly / N)": "N",
    },
)


def referral(
    *,
    answers: Mapping[str, str] = ANSWERS,
    case: str = "CF104240",
    date: dt.date | None = NOVEMBER_3,
    date_of_birth: dt.date = dt.date(2010, 2, 14),
    questions: Mapping[str, bool | None] | None = None,
    criteria: Sequence[str] = (
        "High-risk adolescent living in the community",
        "Multiple complex needs at risk of poor outcomes",
        "All reasonable attempts to engage have failed",
        "Risk of significant harm to self",
    ),
    invited: Sequence[str] = (
        "Substance Misuse Services",
        "Education Psychology Service",
        "Youth Offending Service",
        "Police, Public Protection",
    ),
    barriers: Sequence[str] = ("Fear of judgement or prosecution (drugs or alcohol)", "Transport or cost"),
    specified: Mapping[str, str] | None = None,
    family: Sequence[Mapping[str, str]] = FAMILY,
    agencies: Sequence[Mapping[str, str]] = AGENCIES_INVOLVED,
) -> Referral:
    """A case referral form; ``answers`` that are not given are blank."""
    keys = [f.key for section in REFERRAL.sections for f in (*section.fields, *section.boxes)]
    asked = [f.key for section in REFERRAL.sections for f in section.questions]
    return Referral(
        case=case,
        date=date,
        date_of_birth=date_of_birth,
        answers={key: answers.get(key, "") for key in keys},
        questions=dict.fromkeys(asked, True) if questions is None else questions,
        criteria=tuple(criteria),
        invited=tuple(invited),
        barriers=tuple(barriers),
        specified=specified or {},
        family=tuple(family),
        agencies=tuple(agencies),
        form=WordForm("referral", {"B. Young person/Surname": Answer("Testcase", "")}, {}, (), {}),
    )


def bare_referral() -> Referral:
    """A referral that says only what it must."""
    return referral(
        answers={key: ANSWERS[key] for key in REQUIRED},
        date=None,
        questions={"young_person_aware": None, "parents_aware": None},
        criteria=["Risk of significant harm to self"],
        invited=[],
        barriers=[],
        family=[],
        agencies=[],
    )


def meeting_record(
    *,
    case: str = "CF104233",
    name: str = "Jordan Testcase",
    date_of_birth: dt.date | None = None,
    date: dt.date = dt.date(2026, 11, 24),
    meeting: str = "core group",
    chair: str = "A. Practitioner",
    core_group: str | None = None,
    flag: str | None = None,
    accepted: bool | None = None,
    review_flag_by: dt.date | None = None,
    matrix_considered: dt.date | None = None,
    next_meeting: dt.date | None = None,
    answers: Mapping[str, str] | None = None,
    questions: Mapping[str, bool | None] | None = None,
    attendance: Sequence[Mapping[str, str]] = (),
    actions: Sequence[Mapping[str, str]] = (),
    new_actions: Sequence[Mapping[str, str]] = (),
    specialist_assessments: Sequence[Mapping[str, str]] = (),
    exclusions: Sequence[Mapping[str, str]] = (),
    also_tell: Sequence[Mapping[str, str]] = (),
) -> MeetingRecord:
    """The record of a meeting; ``answers`` that are not given are blank, columns that are not given are added blank."""
    keys = [f.key for section in MEETING_RECORD.sections for f in (*section.fields, *section.boxes)]
    asked = [f.key for section in MEETING_RECORD.sections for f in section.questions]

    def rows(key: str, given: Sequence[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
        return tuple(dict.fromkeys(MEETING_RECORD.section(key).columns, "") | dict(row) for row in given)

    return MeetingRecord(
        case=case,
        name=name,
        date_of_birth=date_of_birth,
        date=date,
        meeting=meeting,  # type: ignore[arg-type]
        chair=chair,
        core_group=core_group,  # type: ignore[arg-type]
        flag=flag,  # type: ignore[arg-type]
        accepted=accepted,
        review_flag_by=review_flag_by,
        matrix_considered=matrix_considered,
        next_meeting=next_meeting,
        answers={key: (answers or {}).get(key, "") for key in keys},
        questions=dict.fromkeys(asked) | dict(questions or {}),
        attendance=rows("attendance", attendance),
        actions=rows("actions", actions),
        new_actions=rows("new_actions", new_actions),
        specialist_assessments=rows("specialist_assessments", specialist_assessments),
        exclusions=rows("exclusions", exclusions),
        also_tell=rows("also_tell", also_tell),
        form=_word_form("meeting-record", case),
    )


CONTACT = Moment(dt.date(2026, 11, 20), dt.time(22, 40))
TOLD = Moment(dt.date(2026, 11, 20), dt.time(23, 0))
WRITTEN = Moment(dt.date(2026, 11, 21), dt.time(9, 0))


def contact_report(
    *,
    case: str = "CF104233",
    name: str = "Jordan Testcase",
    date_of_birth: dt.date | None = None,
    contact: Moment = CONTACT,
    told: Moment | None = TOLD,
    written: Moment | None = WRITTEN,
    answers: Mapping[str, str] | None = None,
) -> ContactReport:
    keys = [f.key for section in CONTACT_REPORT.sections for f in (*section.fields, *section.boxes)]
    return ContactReport(
        case=case,
        name=name,
        date_of_birth=date_of_birth,
        contact=contact,
        told=told,
        written=written,
        answers={key: (answers or {}).get(key, "") for key in keys},
        form=_word_form("contact-report", case),
    )


def _word_form(kind: str, case: str) -> WordForm:
    where = 'section B, "Social care ID"' if kind == "meeting-record" else 'section A, "Social care ID"'
    return WordForm(kind, {"B. Young person/Social care ID": Answer(case, where)}, {}, (), {}, kind=kind)  # type: ignore[arg-type]


def case(
    *,
    assessment: Assessment | None = None,
    history: Sequence[Assessment] = (),
    referral: Referral | None = None,
    ref: str = "CF104233",
    meetings: Sequence[MeetingRecord] = (),
    contacts: Sequence[ContactReport] = (),
) -> Case:
    return Case(
        ref=ref,
        assessment=assessment,
        history=tuple(history),
        referral=referral,
        meetings=tuple(meetings),
        contacts=tuple(contacts),
    )


NOTHING = Standing(None, None, None, (), (), (), (), (), None, ())


def occasion(
    arrived: Believed,
    case: Case,
    decision: Decision,
    *,
    stands: Standing = NOTHING,
    letters: Sequence[Letter] = (),
    limits: Sequence[TimeLimit] = (),
    agencies: Sequence[Agency] = (),
    sender: Sender | None = None,
    today: dt.date = NOVEMBER_3,
    reply_days: int = 7,
) -> Occasion:
    """What a pack is drafted from, for tests of documents that need no register."""
    return Occasion(
        arrived=arrived,
        case=case,
        stands=stands,
        decision=decision,
        letters=letters,
        limits=limits,
        agencies=agencies,
        sender=sender or SENDER,
        reference=f"{case.ref}-00000000",
        today=today,
        reply_days=reply_days,
        layout=MATRIX,
    )


def decision(outcome: str = "must") -> Decision:
    return Decision(
        outcome,  # type: ignore[arg-type]
        (
            Ask("Hold a Core Group at least every 4 weeks.", "Stockport 2.8"),
            Ask("Ask for an earlier review where the next one is not due soon.", "Stockport 2.5"),
        ),
    )


def agency(agency: str = "Police", **overrides: object) -> Agency:
    values: dict[str, object] = {
        "agency": agency,
        "role": "Representative",
        "name": "",
        "address": ("1 Example Road", "Exampleton", "ZZ1 1ZZ"),
        "telephone": "01632 960100",
        "email": "team@example.org",
        "core_group": False,
        "standing": False,
        "out_of_hours": False,
        "for_information": False,
        "section_h": "",
    }
    return Agency(**(values | overrides))  # type: ignore[arg-type]


SENDER = Sender(
    council="Exampleton Borough Council",
    service="Safeguarding and Review Service",
    address=("Example House", "2 Example Square", "Exampleton", "ZZ1 2ZZ"),
    telephone="01632 960200",
    email="safeguarding@example.org",
)
