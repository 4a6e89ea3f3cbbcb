"""The forms of a dropped file come in; each goes out examined, against what is held on its case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from pipeline.errors import UnreadableFile
from pipeline.results import Outcome, Result
from pipeline.rules.acknowledgement import examine_acknowledgement, unknown_letter
from pipeline.rules.assessment import examine_matrix
from pipeline.rules.case import Believed, Letter
from pipeline.rules.contact_report import examine_contact_report
from pipeline.rules.course import course_notes, other_person
from pipeline.rules.examined import Examined
from pipeline.rules.form import Form, MatrixForm, Problem, WordForm, WordKind
from pipeline.rules.layout import Layouts, WordLayout
from pipeline.rules.meeting_record import examine_meeting_record
from pipeline.rules.referral import examine_referral


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What is known before a file is read: the ``forms`` accepted and the ``letters`` drafted for a case, and which
    sheets of this very content were accepted ``before``."""

    forms: Callable[[str], Sequence[Believed]]
    letters: Callable[[str], Sequence[Letter]]
    before: Set[str]


def examine_file(
    name: str, read: Callable[[], tuple[Form, ...]], layouts: Layouts, on_record: OnRecord, today: dt.date
) -> list[Result]:
    """Read and examine every form in a file; nothing is written.

    ``read`` gives its forms, or raises UnreadableFile where it has none.
    """
    try:
        forms = read()
    except UnreadableFile as e:
        return [_no_form(name, e)]
    results: list[Result] = []
    for form in forms:
        here = [b for r in results if (b := r.believed)]
        results.append(_examine(name, form, layouts, on_record, here, today))
    return results


def _examine(
    name: str, form: Form, layouts: Layouts, on_record: OnRecord, here: Sequence[Believed], today: dt.date
) -> Result:
    """One form, against what is held on its case and what the same file said ``here`` before."""
    examined = _examined(form, layouts, today)
    believed = examined.believed
    if believed is None:
        return Result(name, "returned", examined, examined.problems)
    known = [*on_record.forms(believed.case), *(b for b in here if b.case == believed.case)]
    if refusal := other_person(believed, known) or unknown_letter(believed, on_record.letters(believed.case)):
        examined = replace(examined, believed=None, problems=(refusal, *examined.problems))
        return Result(name, "returned", examined, examined.problems)
    outcome: Outcome = "duplicate" if getattr(form, "sheet", "") in on_record.before else "accepted"
    problems = (*examined.problems, *course_notes(believed, known))
    return Result(name, outcome, replace(examined, believed=replace(believed, notes=problems)), problems)


def _examined(form: Form, layouts: Layouts, today: dt.date) -> Examined:
    if isinstance(form, MatrixForm):
        return examine_matrix(form, next(x for x in layouts.matrices if x.name == form.layout), today)
    layout = next(x for x in layouts.word_forms if x.name == form.layout)
    return EXAMINE[form.kind](form, layout, today)


EXAMINE: Mapping[WordKind, Callable[[WordForm, WordLayout, dt.date], Examined]] = {
    "referral": examine_referral,
    "meeting-record": examine_meeting_record,
    "contact-report": examine_contact_report,
    "acknowledgement": examine_acknowledgement,
}


def _no_form(name: str, e: UnreadableFile) -> Result:
    return Result(name, "returned", problems=(Problem("return", e.code, "the file", e.what, e.remedy),))
