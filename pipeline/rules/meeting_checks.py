"""What a meeting decided comes in; what contradicts itself, and what the procedures ask besides, goes out.

Clauses 2.7 to 3.4 are Stockport's procedure 2.25; 2.5.x are Buckinghamshire's procedure 2.5.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.rules.case import CoreGroupDecision, FlagDecision, MeetingKind
from pipeline.rules.dates import four_weeks_after, month_after
from pipeline.rules.form import Answer, Problem

_CORRECT = "Correct the one that is wrong, or leave it blank, and drop the form again."
_FILL_IN = "If you know it, write it there and drop the form again."
_RIGHT = "Nothing is needed if that is what the meeting decided. Else correct it and drop the form again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a record says was decided, each None where it says nothing, or nothing clear; and every answer by its key.

    ``labels``: key → the label as printed.
    """

    meeting: MeetingKind | None
    date: dt.date | None
    core_group: CoreGroupDecision | None
    flag: FlagDecision | None
    accepted: bool | None
    review_flag_by: dt.date | None
    matrix_considered: dt.date | None
    next_meeting: dt.date | None
    level_of_risk: str | None
    answers: Mapping[str, Answer]
    labels: Mapping[str, str]

    def blank(self, key: str) -> bool:
        return not any(c.isalnum() for c in self.answers[key].text)

    def label(self, key: str) -> str:
        return f'"{self.labels[key]}"'


def contradictions(said: Decided) -> Iterator[Problem]:
    """What cannot both be right. The form goes back: which of the two was meant is for the meeting to say."""
    if said.meeting and said.meeting != "panel" and said.accepted is not None:
        what = "Only the panel accepts or does not accept a referral, but this is no record of a panel."
        yield _against(said, "accepted", "meeting", what)
    if said.accepted is False and said.flag in ("raise", "keep"):
        what = "The referral is not accepted, yet the high-risk flag is to stand."
        yield _against(said, "flag", "accepted", what)
    if said.flag in ("remove", "no flag") and said.review_flag_by:
        what = "There is to be no high-risk flag, yet there is a date on which it is to be reviewed."
        yield _against(said, "review_flag_by", "flag", what)
    if said.date is None:
        return
    for key, day in (("next_meeting", said.next_meeting), ("review_flag_by", said.review_flag_by)):
        if day and day <= said.date:
            yield _against(said, key, "date", f"The date at {said.label(key)} does not lie after the meeting.")
    if said.matrix_considered and said.matrix_considered > said.date:
        what = f"The date at {said.label('matrix_considered')} lies after the meeting."
        yield _against(said, "matrix_considered", "date", what)


def _against(said: Decided, key: str, other: str, what: str) -> Problem:
    places = f"Compare {said.label(key)} with {said.label(other)} ({said.answers[other].where})."
    return Problem("return", "contradiction", said.answers[key].where, what, f"{places} {_CORRECT}")


def reminders(said: Decided, exclusions: Sequence[Mapping[str, str]], exclusions_at: str) -> Iterator[Problem]:
    """What the procedures ask of such a meeting and the record does not say, and what is unusual: notes."""
    yield from _undecided(said)
    yield from _wanting(said)
    yield from _unusual(said)
    yield from _too_far(said)
    if any(not row["Plan for return"].strip() for row in exclusions):
        yield Problem(
            "note", "no-plan", exclusions_at, "A service has excluded the young person without a plan for the return.",
            "A plan of all agencies must direct any further decision (2.5.39): write it there and drop the form again.",
        )  # fmt: skip


def _undecided(said: Decided) -> Iterator[Problem]:
    if said.meeting == "core group" and said.blank("core_group"):
        key, what = "core_group", "The record does not say whether the Core Group goes on: it stands as it did."
    elif said.meeting == "panel" and said.blank("flag") and said.blank("accepted"):
        key, what = "flag", "The record does not say what the panel decided: the case and its flag stand as they did."
    else:
        return
    remedy = f"If it was decided, choose it at {said.label(key)} and drop the form again."
    yield Problem("note", "no-decision", said.answers[key].where, what, remedy)


def _wanting(said: Decided) -> Iterator[Problem]:
    """What such a meeting records, with the clause that asks for it."""
    asked: list[tuple[str, str]] = []
    if said.meeting == "core group":
        asked += [("supervision", "3.1"), ("matrix_considered", "3.3")]
    if said.core_group in ("establish", "continue"):
        asked.append(("lead_professional", "3.2"))
    if said.meeting == "panel" and (said.accepted or said.flag in ("raise", "keep")):
        asked += [("lead_agency", "2.5.14"), ("senior_manager", "2.5.14")]
    if said.level_of_risk == "not agreed":
        asked.append(("dissent", "2.5.14"))
    for key, clause in asked:
        if said.blank(key):
            what = f"{said.label(key)} is not answered; the meeting records it ({clause})."
            yield Problem("note", "unanswered", said.answers[key].where, what, _FILL_IN)
    if said.flag == "raise" and said.blank("review_flag_by"):
        what = f"{said.label('review_flag_by')} is not answered; the letters have a labelled blank for it."
        yield Problem("note", "unanswered", said.answers["review_flag_by"].where, what, _FILL_IN)


def _unusual(said: Decided) -> Iterator[Problem]:
    if said.meeting in ("core group", "statutory review") and said.flag in ("raise", "remove"):
        what = "The high-risk flag is usually decided by the panel (2.5.14, 2.5.15)."
        yield Problem("note", "unusual", said.answers["flag"].where, what, _RIGHT)
    if said.meeting == "core group" and said.core_group == "no core group":
        what = "A Core Group met and decided that there is none: one that stood is ended by this."
        yield Problem("note", "unusual", said.answers["core_group"].where, what, _RIGHT)
    for key, ended in (("core_group", said.core_group == "end"), ("flag", said.flag == "remove")):
        if ended and said.level_of_risk == "high":
            what = f"The level of risk agreed is high, and {said.label(key)} is brought to an end."
            yield Problem("note", "unusual", said.answers[key].where, what, _RIGHT)
    if said.meeting == "core group" and said.core_group == "end" and said.next_meeting:
        what = "The Core Group is ended, and a next meeting is arranged."
        yield Problem("note", "unusual", said.answers["next_meeting"].where, what, _RIGHT)


def _too_far(said: Decided) -> Iterator[Problem]:
    """People decide when they meet next; a later day than the procedure allows is said, not refused."""
    if said.date is None or said.next_meeting is None:
        return
    where = said.answers["next_meeting"].where
    ended = said.core_group in ("end", "no core group")
    if said.meeting == "core group" and not ended and said.next_meeting > four_weeks_after(said.date):
        what = "The next Core Group is more than 4 weeks after this one (3.3)."
        yield Problem("note", "interval", where, what, "Agree an earlier day, or record why it is later.")
    removed = said.flag == "remove" or said.accepted is False
    if said.meeting == "panel" and not removed and said.next_meeting > month_after(said.date):
        what = "The panel's next meeting is more than a month after this one (2.5.14)."
        yield Problem("note", "interval", where, what, "Agree an earlier day, or record why it is later.")
