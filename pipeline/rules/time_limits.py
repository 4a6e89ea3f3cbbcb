"""A case, how it stands and its letters come in; every time limit that runs, with its clause, goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from pipeline.rules.case import Case, Letter, MeetingKind, MeetingRecord, Moment
from pipeline.rules.dates import four_weeks_after, month_after, parse_date
from pipeline.rules.flag_letters import holding_a_flag, told_last
from pipeline.rules.limit import TimeLimit
from pipeline.rules.standing import Exclusion, Standing, kind_of_next

# What is asked of who follows up a letter, by its purpose, with its clause.
_ACKNOWLEDGE = {
    "flag": ("Ask whether the flag has been set: the acknowledgement is missing.", "2.5.14"),
    "removal": ("Ask whether the flag has been removed: the acknowledgement is missing.", "2.5.16"),
}


def time_limits(case: Case, stands: Standing, letters: Sequence[Letter]) -> tuple[TimeLimit, ...]:
    """Every limit that runs, the soonest first. Today plays no part: it only tells which are overdue.

    Next core group: 28 days after the last, before one after the assessment that calls for it, or the date that the
    last meeting agreed, whichever is earlier (Stockport 2.8, 3.3). Panel: a month after the last panel, before one
    after the referral (Buckinghamshire 2.5.14).
    """
    limits = [
        *_core_group(case, stands),
        *_panel(case, stands),
        *_flag_review(case, stands, letters),
        *_contact_reports(case),
        *_acknowledgements(case, letters),
        *_without_matrix(case),
        *_exclusions(case, stands),
    ]
    return tuple(sorted(limits, key=lambda limit: (limit.by, limit.kind, limit.about)))


def working_day_after(day: dt.date) -> dt.date:
    """The next day from Monday to Friday: by it a returned form should have been answered. Knows no bank holidays."""
    friday = 4
    ahead = day + dt.timedelta(days=1)
    return ahead if ahead.weekday() <= friday else ahead + dt.timedelta(days=7 - ahead.weekday())


def _core_group(case: Case, stands: Standing) -> Iterator[TimeLimit]:
    called = _called_for(case, stands)
    if called is None:
        return
    met = _last_day(m for m in case.meetings if m.meeting == "core group" and m.date >= called)
    what = "Hold the next Core Group." if met else "Hold the first Core Group."
    by = _or_agreed(case, "core group", met or called, four_weeks_after(met or called))
    yield TimeLimit("core-group", case.ref, what, by, "2.8, 3.3")


def _called_for(case: Case, stands: Standing) -> dt.date | None:
    """The day from which core groups are to be held: None where nothing calls for them.

    A core group that stands counts from the assessment that led to it, else from the day on which it was decided. A
    `must` calls for one until a meeting decides.
    """
    assessments = case.assessments
    if spell := stands.core_group:
        ended = max((s.until for s in stands.core_groups if s.until), default=dt.date.min)
        return max((a.date for a in assessments if ended < a.date <= spell.since), default=spell.since)
    newest = assessments[-1] if assessments else None
    if newest is None or newest.band != "must":
        return None
    decided = any(m.core_group and m.date >= newest.date for m in case.meetings)
    return None if decided else newest.date


def _panel(case: Case, stands: Standing) -> Iterator[TimeLimit]:
    if stands.panel is None:
        return
    since = stands.panel.since
    met = _last_day(m for m in case.meetings if m.meeting == "panel" and m.date >= since)
    what = "Review the case at the panel." if met else "Bring the case to the panel."
    by = _or_agreed(case, "panel", met or since, month_after(met or since))
    yield TimeLimit("panel", case.ref, what, by, "2.5.14")


def _last_day(meetings: Iterable[MeetingRecord]) -> dt.date | None:
    return max((m.date for m in meetings), default=None)


def _or_agreed(case: Case, kind: MeetingKind, since: dt.date, latest: dt.date) -> dt.date:
    """The date that the last meeting agreed, where it is earlier. What was agreed before ``since`` has been held."""
    agreed = [
        m.next_meeting
        for m in case.meetings
        if kind_of_next(m) == kind and m.date >= since and m.next_meeting and m.next_meeting > m.date
    ]
    return min(latest, agreed[-1]) if agreed else latest


def _flag_review(case: Case, stands: Standing, letters: Sequence[Letter]) -> Iterator[TimeLimit]:
    """The review that was agreed; and at once where letters have gone that the records no longer bear out."""
    if stands.flag and stands.flag.review_by:
        what = "Review the high-risk flag, and record whether it is kept or removed."
        yield TimeLimit("flag-review", case.ref, what, stands.flag.review_by, "2.5.14, 2.5.15")
    if flag := stands.flag:
        gone = [x for x in told_last(letters) if x.purpose == "removal" and x.flag_since and x.flag_since >= flag.since]
        what = "The flag stands, but agencies were asked to remove it. Record whether it is kept or removed."
    else:
        removed = max((m.date for m in case.meetings if m.flag == "remove"), default=dt.date.min)
        gone = [x for x in holding_a_flag(letters) if x.flag_since and x.flag_since > removed]
        what = "No flag stands, but agencies were asked for one. Record whether it is raised or removed."
    if gone:
        yield TimeLimit("flag-review", case.ref, what, max(x.drafted for x in gone), "2.5.15, 2.5.16")


def _contact_reports(case: Case) -> Iterator[TimeLimit]:
    """Contacts that were not told or not written as yet; one that was late is history, and the chronology says so."""
    what = "Tell the allocated worker of the contact and complete its report: both within 24 hours."
    for report in case.contacts:
        if report.told is None or report.written is None:
            by = report.contact.day + dt.timedelta(days=1)
            yield TimeLimit("contact-report", case.ref, what, by, "2.5.14", _moment(report.contact))


def _moment(moment: Moment) -> str:
    return f"{_day(moment.day)} {moment.time:%H:%M}" if moment.time else _day(moment.day)


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def _acknowledgements(case: Case, letters: Sequence[Letter]) -> Iterator[TimeLimit]:
    """What an addressee was asked last about the flag waits for an answer; what was asked before is overtaken."""
    for letter in told_last(letters):
        if letter.acknowledged is None:
            what, clause = _ACKNOWLEDGE[letter.purpose]
            yield TimeLimit("acknowledgement", case.ref, what, letter.reply_by, clause, letter.reference)


def _without_matrix(case: Case) -> Iterator[TimeLimit]:
    """Core groups without a matrix since the last that considered one; an end of the core group ends the asking."""
    without: list[MeetingRecord] = []
    for record in case.meetings:
        if record.meeting == "core group":
            without = [] if record.matrix_considered else [*without, record]
        if record.core_group in ("end", "no core group"):
            without = []
    what = "Consider a risk matrix at the next Core Group: one was held without."
    for record in without:
        yield TimeLimit("no-matrix", case.ref, what, record.date, "3.3", _day(record.date))


def _exclusions(case: Case, stands: Standing) -> Iterator[TimeLimit]:
    last = max((m.date for m in case.meetings), default=dt.date.min)
    what = "Agree a plan for the young person's return to the service."
    for exclusion in stands.exclusions:
        if not exclusion.plan and not _has_ended(exclusion, last):
            yield TimeLimit("exclusion", case.ref, what, exclusion.said_on, "2.5.38, 2.5.39", exclusion.service)


def _has_ended(exclusion: Exclusion, last_meeting: dt.date) -> bool:
    """Whether the young person was back by the last meeting; a date that cannot be read ends nothing."""
    until = parse_date(exclusion.until)
    return until is not None and until < last_meeting
