"""The forms of a dropped file come in; each goes out examined, by itself and against what is held on its case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:  # a file may be judged where there is no register
    from pipeline.register import Register


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What is known apart from a file: the ``forms`` accepted and the ``letters`` drafted for a case, and which sheets
    of this very content were accepted ``before``."""

    forms: Callable[[str], Sequence[Believed]]
    letters: Callable[[str], Sequence[Letter]]
    before: Set[str]


def on_record(register: Register | None, sha256: str) -> OnRecord:
    """What the register knows apart from the file of this content; nothing where there is none. Each case is asked for
    once.

    Where a crash came after this content's pack was recorded: what was known then, for its pack stays what it is.
    """
    if register is None:
        return OnRecord(lambda _: (), lambda _: (), frozenset())

    @cache
    def held(case: str) -> tuple[Sequence[Believed], Sequence[Letter]]:
        if pack := register.pack(case, sha256):
            return [form.believed for form in pack.before if form.believed], pack.letters
        return register.case(case, besides=sha256), register.letters(case, besides=sha256)

    return OnRecord(lambda case: held(case)[0], lambda case: held(case)[1], register.accepted_before(sha256))


def examine_file(name: str, read: Callable[[], tuple[Form, ...]], layouts: Layouts, today: dt.date) -> list[Result]:
    """Read every form in a file and judge it by itself; nothing is written.

    ``read`` gives its forms, or raises UnreadableFile where it has none.
    """
    try:
        examined = [_examined(form, layouts, today) for form in read()]
    except UnreadableFile as e:
        return [Result(name, "returned", problems=(Problem("return", e.code, "the file", e.what, e.remedy),))]
    return [Result(name, "accepted" if x.believed else "returned", x, x.problems) for x in examined]


def hold_against(results: Sequence[Result], on_record: OnRecord) -> list[Result]:
    """Judge what the forms of a file say against all that is held on their cases, and against each other."""
    held: list[Result] = []
    for result in results:
        here = [b for r in held if (b := r.believed)]
        held.append(_held_against(result, on_record, here))
    return held


def _held_against(result: Result, on_record: OnRecord, here: Sequence[Believed]) -> Result:
    """``here``: what the same file said before."""
    examined, believed = result.examined, result.believed
    if examined is None or believed is None:
        return result
    known = [*on_record.forms(believed.case), *(b for b in here if b.case == believed.case)]
    if refusal := other_person(believed, known) or unknown_letter(believed, on_record.letters(believed.case)):
        examined = replace(examined, believed=None, problems=(refusal, *examined.problems))
        return Result(result.file, "returned", examined, examined.problems)
    outcome: Outcome = "duplicate" if (result.sheet or "") in on_record.before else "accepted"
    problems = (*examined.problems, *course_notes(believed, known))
    return Result(result.file, outcome, replace(examined, believed=replace(believed, notes=problems)), problems)


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
