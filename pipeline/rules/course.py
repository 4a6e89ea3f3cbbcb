"""What is held on a case and what has just arrived come in; the Case as the documents draw on it goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeVar

from pipeline.rules.case import Acknowledgement, Assessment, Believed, Case, ContactReport, MeetingRecord, Referral
from pipeline.rules.dates import parse_date
from pipeline.rules.folding import folded
from pipeline.rules.form import MatrixForm, Problem
from pipeline.rules.identity import case_reference, may_be_same_person

_Kind = TypeVar("_Kind", Assessment, Referral, MeetingRecord, ContactReport)
OLDER_THAN_HELD = "older-than-held"  # the code of what the case's other forms say about an assessment
_MEETINGS = ("core group", "panel", "statutory review")


def assemble(ref: str, forms: Sequence[Believed], leading: Believed | None = None) -> Case:
    """The case that ``forms`` make, in whatever order they arrived; each stands at its own date.

    Of one date and kind the one completed later stands (a correction), where that does not tell the one that arrived
    later: ``forms`` stand in the order of arrival. ``leading``: the form, one of them, whose documents are drafted: an
    assessment leads its own pack, whatever date it bears, for a wrong year on an earlier form must never keep a later
    one from its letters.
    """
    dated = {a.date: a for a in sorted(_of(Assessment, forms), key=lambda a: (a.date, a.date_completed or a.date))}
    if isinstance(leading, Assessment):
        dated[leading.date] = leading
        current: Assessment | None = leading
    else:
        current = dated[max(dated)] if dated else None
    referrals = {r.date: r for r in sorted(_of(Referral, forms), key=_referral_order)}
    if isinstance(leading, Referral):
        referrals[leading.date] = leading
        referral: Referral | None = leading
    else:
        referral = next(reversed(referrals.values()), None)
    meetings = {(m.date, m.meeting): m for m in sorted(_of(MeetingRecord, forms), key=_meeting_order)}
    contacts = {_same_contact(c): c for c in sorted(_of(ContactReport, forms), key=_written)}
    return Case(
        ref=ref,
        assessment=current,
        history=tuple(dated[day] for day in sorted(dated) if current and day < current.date),
        referral=referral,
        other_referrals=tuple(r for r in referrals.values() if r is not referral),
        later=tuple(dated[day] for day in sorted(dated) if current and day > current.date),
        meetings=tuple(meetings.values()),
        contacts=tuple(contacts[key] for key in sorted(contacts)),
    )


def _of(kind: type[_Kind], forms: Iterable[Believed]) -> list[_Kind]:
    return [form for form in forms if isinstance(form, kind)]


def _referral_order(referral: Referral) -> tuple[dt.date, dt.date]:
    """One without a date comes first: it never takes the place of one that has a date."""
    made = referral.date or dt.date.min
    return made, parse_date(referral.answers.get("signed_on", "")) or made


def _meeting_order(record: MeetingRecord) -> tuple[dt.date, int, dt.date]:
    completed = parse_date(record.answers.get("completed_on", ""))
    return record.date, _MEETINGS.index(record.meeting), completed or record.date


def _same_contact(report: ContactReport) -> tuple[dt.date, dt.time, str, str]:
    """What two reports of one contact agree in. Where no time tells two contacts of a day apart, their places do."""
    time, place = report.contact.time, "" if report.contact.time else report.answers.get("place", "")
    return report.contact.day, time or dt.time.min, folded(report.answers.get("seen_by", "")), folded(place)


def _written(report: ContactReport) -> tuple[int, dt.date, dt.time]:
    """A report that was completed later holds what was still blank before."""
    done = [(m.day, m.time or dt.time.min) for m in (report.told, report.written) if m]
    return len(done), *max(done, default=(dt.date.min, dt.time.min))


def newest(assessments: Sequence[Assessment]) -> Assessment:
    """Of several assessments of one case in a workbook, the one that gets a pack: of one date, the last sheet."""
    return max(reversed(assessments), key=lambda a: a.date)


def course_notes(arrived: Believed, held: Iterable[Believed]) -> tuple[Problem, ...]:
    """What the case's earlier forms say about the one that arrived; of a form that follows others, that there are none.

    A wrong digit in the ID of a meeting record would begin another case, which nobody would look for.
    """
    known = list(held)
    if isinstance(arrived, MeetingRecord | ContactReport) and not known:
        what = "No other form with this social care ID has arrived."
        remedy = "Check the ID. If it is right, nothing is needed: forms that arrive later are put beside this one."
        return (Problem("note", "first-of-case", _where(arrived), what, remedy),)
    if isinstance(arrived, Assessment) and any(isinstance(b, Assessment) and b.date > arrived.date for b in known):
        what = "A later assessment of this young person is already held."
        remedy = "Check the dates. If this one is late, use the documents of the later one."
        return (Problem("note", OLDER_THAN_HELD, arrived.form.sheet, what, remedy),)
    return ()


def other_person(arrived: Believed, held: Iterable[Believed]) -> Problem | None:
    """A problem where the ID belongs to somebody else: another date of birth, or a wholly different name.

    The name that is held is not repeated: it may be another child's.
    """
    if isinstance(arrived, Acknowledgement):  # it names a letter, which names the young person
        return None
    others = [b for b in held if not isinstance(b, Acknowledgement)]
    births = {b.date_of_birth for b in others if b.date_of_birth}
    if arrived.date_of_birth and births and arrived.date_of_birth not in births:
        return _refusal(
            arrived,
            "date of birth",
            "Check the ID and the date of birth against the young person's record, and correct the one that is wrong.",
        )
    if others and not may_be_same_person([n for b in others for n in _names(b)], _names(arrived)):
        return _refusal(
            arrived,
            "name",
            "Check the ID against the young person's record. If the name has changed, write both names, the new one "
            "and the old one.",
        )
    return None


def _names(believed: Assessment | Referral | MeetingRecord | ContactReport) -> list[str]:
    if isinstance(believed, Referral):
        return [believed.answers["surname"], believed.answers["forenames"], believed.answers["alias"]]
    return [believed.name]


def _refusal(arrived: Believed, differs: str, remedy: str) -> Problem:
    what = f"This social care ID is already held for a young person with another {differs}."
    return Problem("return", "identity", _where(arrived), what, remedy)


def _where(arrived: Believed) -> str:
    fields = arrived.form.fields
    if isinstance(arrived.form, MatrixForm):
        return next((a.where for a in fields.values() if case_reference(a.text) == arrived.case), arrived.form.sheet)
    return next(answer.where for key, answer in fields.items() if key.endswith("/Social care ID"))
