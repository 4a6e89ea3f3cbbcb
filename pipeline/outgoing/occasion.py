"""Why a pack is drafted, and all that its documents may draw on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.outgoing.agencies import Agency
from pipeline.rules.case import Believed, Case, Decision, Letter, MeetingRecord
from pipeline.rules.dates import four_weeks_after, parse_date
from pipeline.rules.layout import MatrixLayout
from pipeline.rules.standing import Flag, Standing
from pipeline.rules.time_limits import TimeLimit
from pipeline.settings import Sender


@dataclass(frozen=True, slots=True)
class Occasion:
    """A form has arrived, and this is what follows from it.

    ``case`` and ``stands`` already hold the form ``arrived``. ``letters``: those drafted for the case before.
    ``limits``: every time limit that runs, the soonest first. ``today``: the day on which the form first arrived, so
    that a run after a crash writes the same. ``reference``: what the pack's documents are known by.
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

    @property
    def record(self) -> MeetingRecord | None:
        """The meeting record that has arrived, if it is one."""
        return self.arrived if isinstance(self.arrived, MeetingRecord) else None

    @property
    def flag(self) -> Flag | None:
        """The flag that the pack's letters are about: the one that stands, else the one that was taken down."""
        return self.stands.flag or (self.stands.flags[-1] if self.stands.flags else None)

    def meeting_ahead(self, purpose: str) -> dt.date | None:
        """The meeting that a letter is about, where it is about one: a reply is needed before it."""
        if purpose == "core group":
            return four_weeks_after(self.case.assessment.date if self.case.assessment else self.today)
        if purpose == "invitation" and self.record:
            return self.record.next_meeting
        if purpose == "invitation" and self.case.referral:
            return parse_date(self.case.referral.answers.get("panel_date", ""))
        return None
