"""What has to be done by a day, as a value."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

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
