"""What is held on a case and what has just arrived come in; the Case as the documents draw on it goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.rules.case import Assessment, Case, Referral
from pipeline.rules.form import MatrixForm, Problem, ReferralForm
from pipeline.rules.identity import case_reference, may_be_same_person

Believed = Assessment | Referral


def assemble(arrived: Believed, held: Iterable[Believed]) -> Case:
    """The case on the day that ``arrived`` is worked off; ``held`` stands in the order of arrival.

    An assessment that arrives leads its own pack, whatever date it bears: a wrong year on an earlier form must never
    keep a later one from its letters. History is what is dated before it; of one date the last to arrive stands.
    """
    assessments = [b for b in held if isinstance(b, Assessment)]
    referrals = [b for b in held if isinstance(b, Referral)]
    if isinstance(arrived, Assessment):
        current: Assessment | None = arrived
    else:
        current = max(reversed(assessments), key=lambda a: a.date, default=None)
        referrals.append(arrived)
    earlier = {a.date: a for a in assessments if current and a.date < current.date}
    return Case(
        ref=arrived.case,
        assessment=current,
        history=tuple(earlier[day] for day in sorted(earlier)),
        referral=referrals[-1] if referrals else None,
    )


def newest(assessments: Sequence[Assessment]) -> Assessment:
    """Of several assessments of one case in a workbook, the one that gets a pack: of one date, the last sheet."""
    return max(reversed(assessments), key=lambda a: a.date)


def course_notes(arrived: Believed, held: Iterable[Believed]) -> tuple[Problem, ...]:
    """What the case's earlier forms say about the one that arrived."""
    if not isinstance(arrived, Assessment) or not any(
        isinstance(b, Assessment) and b.date > arrived.date for b in held
    ):
        return ()
    return (
        Problem(
            "note",
            "older-than-held",
            arrived.form.sheet,
            "A later assessment of this young person is already held.",
            "Check the dates. If this one is late, use the documents of the later one.",
        ),
    )


def other_person(arrived: Believed, held: Iterable[Believed]) -> Problem | None:
    """A problem where the ID belongs to somebody else: another date of birth, or a wholly different name.

    The name that is held is not repeated: it may be another child's.
    """
    held = tuple(held)
    births = {b.date_of_birth for b in held if b.date_of_birth}
    if arrived.date_of_birth and births and arrived.date_of_birth not in births:
        return _refusal(
            arrived,
            "date of birth",
            "Check the ID and the date of birth against the young person's record, and correct the one that is wrong.",
        )
    if held and not may_be_same_person([n for b in held for n in _names(b)], _names(arrived)):
        return _refusal(
            arrived,
            "name",
            "Check the ID against the young person's record. If the name has changed, write both names, the new one "
            "and the old one.",
        )
    return None


def _names(believed: Believed) -> list[str]:
    if isinstance(believed, Assessment):
        return [believed.name]
    return [believed.answers["surname"], believed.answers["forenames"], believed.answers["alias"]]


def _refusal(arrived: Believed, differs: str, remedy: str) -> Problem:
    what = f"This social care ID is already held for a young person with another {differs}."
    return Problem("return", "identity", _where(arrived), what, remedy)


def _where(arrived: Believed) -> str:
    match arrived.form:
        case MatrixForm(fields=fields, sheet=sheet):
            return next((a.where for a in fields.values() if case_reference(a.text) == arrived.case), sheet)
        case ReferralForm(fields=fields):
            return next(answer.where for key, answer in fields.items() if key.endswith("/Social care ID"))
