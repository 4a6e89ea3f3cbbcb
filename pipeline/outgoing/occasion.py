"""Why a pack is drafted, and all that its documents may draw on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from pipeline.outgoing.agencies import Agency
from pipeline.rules.case import Believed, Case, Decision, Letter, MeetingRecord
from pipeline.rules.dates import four_weeks_after, parse_date
from pipeline.rules.layout import MatrixLayout
from pipeline.rules.limit import TimeLimit
from pipeline.rules.standing import Flag, Standing
from pipeline.settings import Sender

_Known = TypeVar("_Known")


def once_a_pack(work: Callable[[Occasion], _Known]) -> Callable[[Occasion], _Known]:
    """What several documents of a pack draw on: ``work`` is done when the first asks, and kept with the occasion."""

    @wraps(work)
    def known(occasion: Occasion) -> _Known:
        if work not in occasion.known:
            occasion.known[work] = work(occasion)
        found: _Known = occasion.known[work]
        return found

    return known


@dataclass(frozen=True, slots=True)
class Occasion:
    """A form has arrived, and this is what follows from it.

    ``case`` and ``stands`` already hold the form ``arrived``. ``letters``: those drafted for the case before.
    ``limits``: every time limit that runs, the soonest first. ``today``: the day on which the form first arrived, so
    that a run after a crash writes the same. ``reference``: what the pack's documents are known by. ``own``: the
    letters that were drafted for this very pack, where it is written again; they keep their references. ``known``: what
    `once_a_pack` keeps.
    """

    arrived: Believed
    case: Case
    stands: Standing
    decision: Decision
    letters: Sequence[Letter]
    limits: Sequence[TimeLimit]
    agencies: Sequence[Agency]
    sender: Sender
    reference: str
    today: dt.date
    reply_days: int
    layout: MatrixLayout
    own: Sequence[Letter] = ()
    known: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def record(self) -> MeetingRecord | None:
        """The meeting record that has arrived, if it is one."""
        return self.arrived if isinstance(self.arrived, MeetingRecord) else None

    @property
    @once_a_pack
    def flag(self) -> Flag | None:
        """The flag that the pack's letters are about.

        The one that the record takes down, else the one that stands, else the last that stood.
        """
        record = self.record
        taken_down = [f for f in self.stands.flags if record and record.flag == "remove" and f.until == record.date]
        return next(iter((*taken_down, *filter(None, [self.stands.flag]), *reversed(self.stands.flags))), None)

    @property
    @once_a_pack
    def flag_letters(self) -> tuple[Letter, ...]:
        """Every letter that asked for `flag`, in the order in which they were drafted.

        Its day lies between the end of the flag before and the end of this one. It need not be the day on which this
        flag was raised: a record that arrives late, or again with a correction, moves that day afterwards.
        """
        if (flag := self.flag) is None:
            return ()
        ended = [f.until for f in self.stands.flags if f.until and f != flag and f.until <= flag.since]
        after, before = max(ended, default=dt.date.min), flag.until or dt.date.max
        return tuple(
            letter
            for letter in self.letters
            if letter.purpose == "flag"
            and letter.flag_since
            and (letter.flag_since == flag.since or after <= letter.flag_since < before)
        )

    def meeting_ahead(self, purpose: str) -> dt.date | None:
        """The meeting that a letter is about, where it is about one: a reply is needed before it."""
        if purpose == "core group":
            return self._next_core_group()
        if purpose == "invitation" and self.record:
            return self.record.next_meeting
        if purpose == "invitation" and self.case.referral:
            return parse_date(self.case.referral.answers.get("panel_date", ""))
        return None

    def _next_core_group(self) -> dt.date | None:
        """As agreed; else 28 days after the core group just held, before one after the assessment."""
        record, assessment = self.record, self.case.assessment
        if record and record.next_meeting:
            return record.next_meeting
        if record and record.meeting == "core group":
            return four_weeks_after(record.date)
        return four_weeks_after(assessment.date) if assessment else None
