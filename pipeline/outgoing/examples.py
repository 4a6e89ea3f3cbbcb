"""The layouts of the forms come in; documents of two invented cases go out, the fullest and the emptiest.

They go the way that every form goes, from a form to a believed value to a decision to documents, so that a template
which can print these can print any.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.documents import Document, documents_for, note_what_to_put_right
from pipeline.outgoing.example_answers import CASE, LEAST, PERSON, ROWS, SAYS
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.returned import ReturnedForm
from pipeline.rules.assessment import examine_matrix
from pipeline.rules.case import Believed, Letter
from pipeline.rules.contact_report import examine_contact_report
from pipeline.rules.course import assemble
from pipeline.rules.decision import decide
from pipeline.rules.examined import Examined
from pipeline.rules.form import Answer, Cell, Choice, MatrixForm, Problem, Remark, Row, Tick, WordForm
from pipeline.rules.layout import PROTECTIVE, Field, Layouts, MatrixLayout, WordLayout
from pipeline.rules.meeting_record import examine_meeting_record
from pipeline.rules.referral import examine_referral
from pipeline.rules.standing import standing
from pipeline.rules.time_limits import time_limits
from pipeline.settings import Sender

TODAY = dt.date(2027, 3, 1)
SENDER = Sender(
    council="Exampleton Council",
    service="Safeguarding and Review Service",
    address=("Example House", "2 Example Square", "Exampleton", "ZZ1 2ZZ"),
    telephone="01632 960200",
    email="safeguarding@example.org",
    logo="logo.png",
)
_EXAMINE = {
    "referral": examine_referral,
    "meeting-record": examine_meeting_record,
    "contact-report": examine_contact_report,
}


@dataclass(frozen=True, slots=True)
class Example:
    """A document of one of the two cases."""

    case: Literal["fullest", "emptiest"]
    document: Document


def examples(layouts: Layouts) -> tuple[Example, ...]:
    """Every kind of document that this program writes, from the fullest case and from the emptiest.

    ``layouts`` are those shipped with the program: the examples are answers to their labels.
    """
    full = [Example("fullest", d) for d in _documents(_fullest(layouts), layouts, SENDER, _agencies(layouts))]
    bare = [Example("emptiest", d) for d in _documents(_emptiest(layouts), layouts, Sender(), ())]
    return (*full, *bare, Example("fullest", _note(full=True)), Example("emptiest", _note(full=False)))


def _documents(
    forms: Sequence[Believed], layouts: Layouts, sender: Sender, agencies: Sequence[Agency]
) -> Iterator[Document]:
    """What follows from each form as it arrives, those before it being held already."""
    letters: list[Letter] = []
    for number, arrived in enumerate(forms, start=1):
        case = assemble(arrived.case, forms[:number], arrived)
        stands = standing(case)
        occasion = Occasion(
            arrived=arrived,
            case=case,
            stands=stands,
            decision=decide(arrived, case, stands, letters),
            letters=tuple(letters),
            limits=time_limits(case, stands, letters),
            agencies=agencies,
            sender=sender,
            reference=f"{case.ref}-{number:08x}",
            today=TODAY,
            reply_days=7,
            layout=layouts.matrices[0],
        )
        pack = [document for document in documents_for(occasion) if document.template]
        # Some have set the flag when the next form arrives, and some have not.
        new = [d.letter for d in pack if d.letter]
        letters += [replace(x, acknowledged=TODAY if n % 2 else None) for n, x in enumerate(new)]
        yield from pack


def _fullest(layouts: Layouts) -> tuple[Believed, ...]:
    matrix = layouts.matrices[0]
    record = {"core_group": "Establish", "flag": "Raise", "next_meeting": "15/12/2026", "review_flag_by": "24/12/2026"}
    panel = {"meeting": "Panel", "accepted": "Accepted", "core_group": "", "flag": "Keep", "date": "01/12/2026"}
    later = record | {"next_meeting": "02/02/2027", "review_flag_by": "02/02/2027"}
    review = later | {"meeting": "Statutory review", "date": "05/01/2027", "completed_on": "05/01/2027"}
    ended = later | {"core_group": "End", "flag": "Remove", "date": "12/01/2027", "completed_on": "12/01/2027"}
    return (
        _matrix(matrix, "28/08/2026", lower=2, unmarked=1),
        _matrix(matrix, "30/10/2026", unmarked=1, remark="Since May, with older associates."),
        _full(layouts, "referral"),
        _full(layouts, "meeting-record", record),
        _full(layouts, "contact-report"),
        _full(layouts, "meeting-record", record | panel),
        _matrix(matrix, "18/12/2026"),
        _matrix(matrix, "20/11/2026", lower=1, remark="Written before the meeting."),  # arrives late
        _full(layouts, "meeting-record", review),
        _full(layouts, "meeting-record", ended | {"review_flag_by": ""}),
    )


def _emptiest(layouts: Layouts) -> tuple[Believed, ...]:
    raised = {"flag": "Raise", "core_group": "Establish", "next_meeting": "15/12/2026"}
    return (
        _matrix(layouts.matrices[0], "30/10/2026"),
        _bare(layouts, "referral"),
        _bare(layouts, "meeting-record"),
        _bare(layouts, "meeting-record", raised | {"date": "25/11/2026"}),
        _bare(layouts, "contact-report"),
        _bare(layouts, "meeting-record", {"flag": "Remove", "core_group": "End", "date": "26/11/2026"}),
    )


def _matrix(layout: MatrixLayout, day: str, *, lower: int = 0, unmarked: int = 0, remark: str = "") -> Believed:
    """A matrix marked high, but for the first ``lower`` rows of each section, and the last ``unmarked`` ones."""
    said = {"name": PERSON["name"], "case": CASE, "completed_by": "Alex Worker, Social Worker"}
    said |= {"assessment_date": day, "date_completed": day}
    fields = {f.label: Answer(said.get(f.key, ""), "Sheet1!B2") for f in layout.fields}
    rows = []
    for section in layout.sections:
        for number, item in enumerate(section.items):
            line = f"{number + 9}"
            column = 1 if number < lower or section.key == PROTECTIVE else -1
            cells = [Cell(b.key, (b.columns[column].label,), "x", f"Sheet1!C{line}") for b in section.blocks]
            marked = tuple(cells) if number < len(section.items) - unmarked else ()
            rows.append(Row(section.key, item, f"Sheet1!A{line}", f"Sheet1!B{line}:J{line}", marked))
    remarks = (Remark("Sheet1!P9", remark),) if remark else ()
    return _believed(examine_matrix(MatrixForm(layout.name, "Sheet1", fields, tuple(rows), remarks), layout, TODAY))


def _bare(layouts: Layouts, kind: str, said: Mapping[str, str] | None = None) -> Believed:
    layout = next(x for x in layouts.word_forms if x.kind == kind)
    answers = {**LEAST[kind], **(said or {})}
    return _word_form(layout, lambda field: answers.get(field.key, ""), full=False)


def _full(layouts: Layouts, kind: str, said: Mapping[str, str] | None = None) -> Believed:
    layout = next(x for x in layouts.word_forms if x.kind == kind)
    answers = {**LEAST[kind], **SAYS[kind], **(said or {})}

    def answer(field: Field) -> str:
        other = "" if field.answer in ("date", "time") else field.choices[0] if field.choices else field.label
        return answers.get(field.key, other)

    return _word_form(layout, answer, full=True)


def _word_form(layout: WordLayout, answer: Callable[[Field], str], *, full: bool) -> Believed:
    """A form of ``layout``; a full one has every box ticked, every question answered and a row in every table."""
    where = "section B"
    form = WordForm(
        layout.name,
        {
            f"{s.title}/{f.label}": Answer(answer(f), where)
            for s in layout.sections
            for f in (*s.fields, *s.boxes, *(Field(label=label) for label in s.specify))
        },
        {f"{s.title}/{q.label}": Choice(True if full else None, where) for s in layout.sections for q in s.questions},
        tuple(Tick(s.title, t, where) for s in layout.sections for t in (s.ticks if full else s.ticks[:1])),
        {s.title: (_row(s.columns),) if full else () for s in layout.sections if s.columns},
        (Remark('section F, "Risks to others"', "Ask the school."),) if full else (),
        kind=layout.kind,
    )
    return _believed(_EXAMINE[layout.kind](form, layout, TODAY))


def _row(columns: Sequence[str]) -> Mapping[str, str]:
    return {heading: ROWS.get(heading, heading) for heading in columns}


def _believed(examined: Examined) -> Believed:
    if examined.believed is None:  # the layouts as shipped ask for more than the examples answer
        raise ValueError([(p.where, p.what) for p in examined.problems if p.severity == "return"])
    return replace(examined.believed, notes=examined.problems)


def _agencies(layouts: Layouts) -> tuple[Agency, ...]:
    """One agency in every role, and one for each service that may be ticked."""

    def agency(name: str, *, everywhere: bool = False, label: str = "") -> Agency:
        return Agency(
            agency=name,
            role="Representative",
            name="Jo Example",
            address=("1 Example Road", "Exampleton", "ZZ1 1ZZ"),
            telephone="01632 960100",
            email="team@example.org",
            core_group=everywhere,
            standing=everywhere,
            out_of_hours=everywhere,
            for_information=everywhere,
            section_h=label,
        )

    labels = layouts.invitation_labels
    return agency("Exampleton Emergency Duty Team", everywhere=True), *(agency(label, label=label) for label in labels)


def _note(*, full: bool) -> Document:
    """The note beside a form that goes back."""
    reason = Problem("return", "missing", "Sheet1!I2", "The Care First Id is missing.", "Write it there.")
    note = Problem("note", "unanswered", "Sheet1!B9:J9", "Nothing is marked.", "Mark one box.")
    form = ReturnedForm("Assessment matrix", "June", (reason, note), ("Do not wait for this form.",))
    forms, marked = ([form], "To complete - matrix.xlsx") if full else ([ReturnedForm("", None, (reason,))], "")
    sender = SENDER if full else Sender()
    return note_what_to_put_right("matrix.xlsx", marked, forms, sender, reference="8e5fccb4", today=TODAY)
