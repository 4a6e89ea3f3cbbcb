"""A case comes in; what happened, in the order of day and time, goes out without a name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from pipeline.rules.case import MEETINGS, Assessment, Case, ContactReport, MeetingRecord
from pipeline.rules.telling import told_in_time

# Of one moment, in the order in which they usually follow from one another.
_KINDS = ("contact", "assessment", "referral", "meeting")
_CORE_GROUP_SAID = {"establish": "established", "continue": "goes on", "end": "ended", "no core group": "not formed"}
_FLAG_SAID = {"raise": "flag raised", "keep": "flag kept", "remove": "flag removed", "no flag": "no flag"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the chronology. ``late``: a contact that was told or written too late; None where nobody can tell."""

    day: dt.date
    time: dt.time | None
    kind: Literal["referral", "assessment", "meeting", "contact"]
    what: str
    late: bool | None = None


def chronology(case: Case) -> tuple[Happening, ...]:
    """Everything that has a day, none of it with a name; a referral without a date has no place in it."""
    happenings = [
        *(Happening(r.date, None, "referral", "Referred to the panel") for r in case.referrals if r.date),
        *(Happening(a.date, None, "assessment", _assessed(a)) for a in case.assessments),
        *(Happening(m.date, None, "meeting", _met(m)) for m in case.meetings),
        *(Happening(c.date, c.contact.time, "contact", _reported(c), _late(c)) for c in case.contacts),
    ]
    return tuple(sorted(happenings, key=lambda h: (h.day, h.time or dt.time.min, _KINDS.index(h.kind))))


def _assessed(assessment: Assessment) -> str:
    return f"Assessment matrix: score {assessment.score.total}, {assessment.band_label}"


def _met(record: MeetingRecord) -> str:
    said = [s for s in (_accepted(record), _core_group_said(record), _FLAG_SAID.get(record.flag or "")) if s]
    title = MEETINGS[record.meeting]
    return f"{title}: {'; '.join(said)}" if said else f"{title} held"


def _accepted(record: MeetingRecord) -> str:
    if record.meeting != "panel" or record.accepted is None:
        return ""
    return "referral accepted" if record.accepted else "referral not accepted"


def _core_group_said(record: MeetingRecord) -> str:
    said = _CORE_GROUP_SAID.get(record.core_group or "", "")
    return f"Core Group {said}" if said and record.meeting != "core group" else said


def _reported(report: ContactReport) -> str:
    agency = " ".join(report.answers.get("agency", "").split())
    return f"Contact reported by {agency}" if agency else "Contact reported"


def _late(report: ContactReport) -> bool | None:
    in_time = told_in_time(report)
    return None if in_time is None else not in_time
