"""The forms of a dropped file come in; each goes out examined, against what is held on its case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence, Set
from dataclasses import replace

from pipeline.errors import UnreadableFile
from pipeline.results import Outcome, Result
from pipeline.rules.assessment import examine_matrix
from pipeline.rules.course import Believed, course_notes, other_person
from pipeline.rules.form import Form, MatrixForm, Problem
from pipeline.rules.layout import Layouts
from pipeline.rules.referral import examine_referral

Held = Callable[[str], Sequence[Believed]]


def examine_file(
    name: str, read: Callable[[], tuple[Form, ...]], layouts: Layouts, held: Held, before: Set[str], today: dt.date
) -> list[Result]:
    """Read and examine every form in a file; nothing is written.

    ``read`` gives its forms, or raises UnreadableFile where it has none. ``held`` tells what was accepted for a case,
    ``before`` which sheets of this very content were accepted before.
    """
    try:
        forms = read()
    except UnreadableFile as e:
        return [_no_form(name, e)]
    results: list[Result] = []

    def known(case: str) -> list[Believed]:
        return [*held(case), *(b for r in results if (b := r.believed) and b.case == case)]

    for form in forms:
        results.append(_examine(name, form, layouts, known, before, today))
    return results


def _examine(name: str, form: Form, layouts: Layouts, held: Held, before: Set[str], today: dt.date) -> Result:
    if isinstance(form, MatrixForm):
        examined = examine_matrix(form, next(x for x in layouts.matrices if x.name == form.layout), today)
    else:
        examined = examine_referral(form, next(x for x in layouts.referrals if x.name == form.layout), today)
    believed = examined.believed
    if believed is None:
        return Result(name, "returned", examined, examined.problems)
    known = held(believed.case)
    if refusal := other_person(believed, known):
        examined = replace(examined, believed=None, problems=(refusal, *examined.problems))
        return Result(name, "returned", examined, examined.problems)
    outcome: Outcome = "duplicate" if getattr(form, "sheet", "") in before else "accepted"
    problems = (*examined.problems, *course_notes(believed, known))
    return Result(name, outcome, replace(examined, believed=replace(believed, notes=problems)), problems)


def _no_form(name: str, e: UnreadableFile) -> Result:
    return Result(name, "returned", problems=(Problem("return", e.code, "the file", e.what, e.remedy),))
