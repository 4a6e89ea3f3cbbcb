"""What people write on the forms of a case comes in; every document of every pack that follows goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.documents import Document, documents_for, note_what_to_put_right
from pipeline.outgoing.returned import ReturnedForm
from pipeline.rules.case import Believed, Letter, MeetingRecord, Moment
from pipeline.rules.course import assemble
from pipeline.rules.decision import decide
from pipeline.rules.form import Problem, Remark
from pipeline.rules.layout import WordLayout
from pipeline.rules.standing import standing
from pipeline.rules.time_limits import time_limits
from pipeline.settings import Sender
from tests import factories as make
from tests.offices import SHIPPED, TEMPLATES

CASE, BORN = "CF104233", dt.date(2010, 2, 14)
NAME, WORKER = "Jordan Testcase", "A. Practitioner"
KINDS = (
    "Assessment summary",
    "Action plan",
    "Core-group report",
    "Notification letter",
    "Invitation letter",
    "Flag letter",
    "Removal letter",
    "Acknowledgement slip",
    "Contact report",
    "Meeting record",
    "What to put right",
)
LETTERS = tuple(kind for kind in KINDS if kind.endswith("letter"))
# By the name of an answer, for example "referral/reason": what is written there.
Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Produced:
    """One Word file. ``after``: the form that it follows from; ``kind``: the template that it was made with."""

    after: str
    kind: str
    file_name: str
    content: bytes

    @property
    def name(self) -> str:
        return f"{self.after}: {self.file_name}"


def at_length(name: str) -> str:
    """As much as somebody writes who has much to say, with the signs that XML, Word and templates go by."""
    about = name.rpartition("/")[2].replace("_", " ")
    return f"About {about}: Smith & <Sons> said “no” {{{{ x }}}} ☒.\n" + f"There is more on {about} to tell. " * 4


def nothing(name: str) -> str:
    return ""


@cache
def fullest() -> tuple[Produced, ...]:
    """Every answer, row and tick of every form in one case, and all that it leads to."""
    return tuple(_course(forms(at_length), BOOK, make.SENDER, "fullest"))


@cache
def emptiest() -> tuple[Produced, ...]:
    """Each form alone in its case with nothing but what it must say, nobody in the address book, no return address."""
    produced: list[Produced] = []
    for before, form in _bare():
        produced += _course([*before, form], (), Sender(), "emptiest")
    return tuple({p.name: p for p in produced}.values())


@cache
def given_back() -> tuple[Produced, ...]:
    """The note beside a form that goes back, with much to say and with hardly anything."""
    asked = [Problem("return", "missing", f"Sheet1!I{n}", at_length("what"), "Write it.") for n in range(2, 20)]
    noted = [Problem("note", "unanswered", "Sheet1!B9:J9", "Nothing is marked.", "Mark one.")]
    full = [ReturnedForm("Assessment matrix", "June", (*asked, *noted), ("Do not wait.",))] * 2
    bare = [ReturnedForm("", None, (asked[0],))]
    notes = {
        "fullest": note_what_to_put_right(
            "June.xlsx", "To complete - June.xlsx", full, make.SENDER, reference="0a1b2c3d", today=make.NOVEMBER_3
        ),
        "emptiest": note_what_to_put_right("x.pdf", "", bare, Sender(), reference="0a1b2c3d", today=make.NOVEMBER_3),
    }
    return tuple(_written(f"{name} given back", note) for name, note in notes.items())


@cache
def shipped() -> tuple[Produced, ...]:
    """The templates themselves."""
    return tuple(
        Produced("shipped", path.stem, path.name, path.read_bytes()) for path in sorted(TEMPLATES.glob("*.docx"))
    )


def everything() -> tuple[Produced, ...]:
    return (*shipped(), *fullest(), *emptiest(), *given_back())


def a_good(kind: str) -> bytes:
    """A document of the kind at its fullest, to plant faults in."""
    return next(p.content for p in (*fullest(), *given_back()) if p.kind == kind)


BOOK = (
    make.agency(
        "Exampleton and District Integrated Specialist Health and Wellbeing Partnership NHS Foundation Trust",
        role="Named nurse for looked after children and young people with complex needs",
        name="Dr Alexandrina Example-Longname",
        address=("Floor 4, The Very Long Building Name Centre", "128 to 134 Example Hospital Road North", "ZZ1 1ZZ"),
        core_group=True,
        standing=True,
    ),
    make.agency("Exampleton Police", role="Community liaison", standing=True, core_group=True),
    make.agency("Legal Services", role="Solicitor", name="Lee Gal", section_h="Legal representative"),
    make.agency("Night team", out_of_hours=True, for_information=True, standing=True),
)
NOTES = (Problem("note", "unanswered", "Sheet1!B9:J9", "Nothing is marked.", "Mark one."),)
# Scores that are certain but for one row, which widens the range.
RANGE = (*((3, 2),) * 8, (None, None), (2, 1), (3, None))


def forms(say: Say) -> list[Believed]:
    """Every form of a case, in the order in which they come in. ``say`` writes what is free text on them.

    Who the young person is and who works with them is the same on all: name, date of birth, ID, allocated worker.
    """
    return [*_matrices(say), _referral(say), *_meetings(say)]


def _matrices(say: Say) -> list[Believed]:
    """None, consider, must."""
    return [
        make.assessment(
            case=CASE,
            name=NAME,
            date=day,
            date_completed=day,
            behaviours=behaviours,
            completed_by=say("matrix/completed_by"),
            notes=NOTES,
            remarks=[Remark("Sheet1!F9", say("matrix/remark"))],
        )
        for day, behaviours in (
            (dt.date(2026, 10, 1), ((0, 0),) * 11),
            (dt.date(2026, 10, 10), ((2, 1),) * 11),
            (dt.date(2026, 10, 30), RANGE),
        )
    ]


def _referral(say: Say) -> Believed:
    ticks = {s.key: s.ticks for s in make.REFERRAL.sections if s.ticks}
    known = {"surname": "Testcase", "forenames": "Jordan", "case": CASE, "date_of_birth": "14/02/2010"}
    referral = make.referral(
        case=CASE,
        date_of_birth=BORN,
        answers=_answers(make.REFERRAL, "referral", say) | known | {"allocated_worker": WORKER},
        criteria=ticks["criteria"],
        invited=ticks["invitations"],
        barriers=ticks["barriers"],
        specified={tick: say(f"referral/{tick}") for s in make.REFERRAL.sections for tick in s.specify},
        family=[_row("referral/family", make.FAMILY[0], say)] * 2,
        agencies=[_row("referral/agencies", make.AGENCIES_INVOLVED[0], say)] * 2,
    )
    return replace(referral, form=replace(referral.form, remarks=(Remark("section K", say("referral/remark")),)))


def _meetings(say: Say) -> list[Believed]:
    """A flag raised and removed by the panel, a core group that goes on, a review, and contacts between them."""
    return [
        _meeting("panel", dt.date(2026, 11, 24), say, flag="raise", accepted=True, core_group="no core group"),
        _contact(dt.date(2026, 11, 27), say),
        _meeting("core group", dt.date(2026, 12, 1), say, core_group="establish", flag="keep"),
        _meeting("core group", dt.date(2026, 12, 22), say, core_group="continue"),
        _meeting("statutory review", dt.date(2027, 1, 12), say),
        _contact(dt.date(2027, 1, 20), say),
        _meeting("core group", dt.date(2027, 2, 2), say, core_group="continue"),
        _meeting("panel", dt.date(2027, 4, 6), say, flag="remove"),
    ]


def _meeting(meeting: str, day: dt.date, say: Say, **decided: object) -> MeetingRecord:
    tables = {
        key: [_row(f"meeting-record/{key}", dict.fromkeys(make.MEETING_RECORD.section(key).columns, ""), say)]
        for key in ("attendance", "actions", "new_actions", "specialist_assessments", "exclusions", "also_tell")
    }
    tables["actions"] = []  # those are carried over from the new ones of the meeting before
    record = make.meeting_record(
        case=CASE,
        name=NAME,
        date_of_birth=BORN,
        date=day,
        meeting=meeting,
        chair=say("meeting-record/chair"),
        review_flag_by=day + dt.timedelta(30),
        matrix_considered=dt.date(2026, 10, 30),
        next_meeting=day + dt.timedelta(28),
        answers=_answers(make.MEETING_RECORD, "meeting-record", say) | {"allocated_worker": WORKER},
        questions={"earlier_review": True, "officer_told": False},
        **tables,  # type: ignore[arg-type]
    )
    return replace(record, **decided)  # type: ignore[arg-type]


def _contact(day: dt.date, say: Say) -> Believed:
    return make.contact_report(
        case=CASE,
        name=NAME,
        date_of_birth=BORN,
        contact=Moment(day, dt.time(22, 40)),
        told=Moment(day + dt.timedelta(3), dt.time(9)),
        written=Moment(day + dt.timedelta(3), dt.time(10)),
        answers=_answers(make.CONTACT_REPORT, "contact-report", say) | {"allocated_worker": WORKER},
    )


def _answers(layout: WordLayout, form: str, say: Say) -> dict[str, str]:
    keys = [f.key for section in layout.sections for f in (*section.fields, *section.boxes)]
    return {key: say(f"{form}/{key}") for key in keys}


def _row(table: str, columns: Mapping[str, str], say: Say) -> dict[str, str]:
    return {column: say(f"{table}/{column}") for column in columns}


def _bare() -> list[tuple[list[Believed], Believed]]:
    """Each form that says only what it must, behind those without which it would mean nothing."""
    raised = make.meeting_record(flag="raise", date=dt.date(2026, 11, 24), meeting="panel", accepted=True)
    return [
        ([], make.assessment(behaviours=((0, 0),) * 11, factors=(0,) * 9, date=dt.date(2026, 10, 1))),
        ([], make.assessment(behaviours=((2, 1),) * 11, date=dt.date(2026, 10, 10))),
        ([], make.assessment()),
        ([], replace(make.bare_referral(), case=CASE)),
        ([], raised),
        ([], make.meeting_record(core_group="establish", next_meeting=dt.date(2026, 12, 22))),
        ([], make.meeting_record(meeting="statutory review")),
        ([raised], make.meeting_record(flag="remove", date=dt.date(2027, 4, 6), meeting="panel")),
    ]


def documents(
    course: Sequence[Believed], book: Sequence[Agency] = BOOK, sender: Sender = make.SENDER
) -> list[tuple[Believed, Document]]:
    """The documents of the pack of each form, as the program drafts them when it arrives."""
    drafted: list[tuple[Believed, Document]] = []
    letters: list[Letter] = []
    for n, form in enumerate(course, start=1):
        case = assemble(CASE, course[:n], form)
        stands = standing(case)
        occasion = make.occasion(
            form,
            case,
            decide(form, case, stands, letters),
            stands=stands,
            letters=tuple(letters),
            limits=time_limits(case, stands, letters),
            agencies=book,
            sender=sender,
            today=(form.date or make.NOVEMBER_3) + dt.timedelta(1),
        )
        pack = documents_for(occasion)
        letters += [document.letter for document in pack if document.letter]
        drafted += [(form, document) for document in pack]
    return drafted


def _course(course: Sequence[Believed], book: Sequence[Agency], sender: Sender, name: str) -> list[Produced]:
    kept: dict[tuple[str, str], int] = {}
    produced = []
    for form, document in documents(course, book, sender):
        after = f"{name} after {type(form).__name__} of {form.date}"
        kept[after, document.template] = kept.get((after, document.template), 0) + 1
        # A pack holds a letter for each agency: one of a kind shows all that there is to check.
        if document.template and kept[after, document.template] == 1:
            produced.append(_written(after, document))
    return produced


def _written(after: str, document: Document) -> Produced:
    content = SHIPPED.render(document.template, document.context, document.pictures)
    return Produced(after, document.template, document.file_name, content)
