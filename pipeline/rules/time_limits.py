"""A case, how it stands and its letters come in; every time limit that runs, with its clause, goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.rules.case import Case, ContactReport, Letter
from pipeline.rules.standing import Standing

LimitKind = Literal[
    "core-group",
    "panel",
    "flag-review",
    "contact-report",
    "acknowledgement",
    "no-matrix",
    "exclusion",
    "returned-form",
    "retention",
]


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Something that is to be done by a day. Overdue from the day after ``by``; what it is about holds no name.

    ``about``: a letter's reference, the day of a meeting or a contact, a service: what tells two of one kind apart.
    """

    kind: LimitKind
    case: str
    what: str
    by: dt.date
    clause: str
    about: str = ""

    def overdue(self, today: dt.date) -> bool:
        return self.by < today


def time_limits(case: Case, stands: Standing, letters: Sequence[Letter]) -> tuple[TimeLimit, ...]:
    """Every limit that runs, the soonest first. Today plays no part: it only tells which are overdue.

    Next core group: 28 days after the last, before one after the assessment that calls for it, or the date that the
    last meeting agreed, whichever is earlier (Stockport 2.8, 3.3). Panel: a month after the last panel, before one
    after the referral (Buckinghamshire 2.5.14).
    """
    raise NotImplementedError


def told_in_time(report: ContactReport) -> bool | None:
    """Whether a contact was told and written within 24 hours, by the times on the form; None where nobody can tell."""
    raise NotImplementedError


def working_day_after(day: dt.date) -> dt.date:
    """The next day from Monday to Friday: by it a returned form should have been answered."""
    raise NotImplementedError
