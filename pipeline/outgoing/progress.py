"""The actions of a case come in; what each has come to goes out, what is still open first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.outgoing.wording import blank, or_blank, plain_date, short_deadline
from pipeline.rules.actions import Action


def actions(agreed: Sequence[Action], today: dt.date) -> list[dict[str, str]]:
    """Each action with its owner, day, status and impact; the open ones first, as they were agreed."""
    return [_row(action, today) for action in sorted(agreed, key=lambda action: not action.open)]


def since(agreed: Sequence[Action], review: dt.date | None) -> list[Action]:
    """The actions that the report to the next statutory review tells: open, or touched after the ``review`` before."""
    return [a for a in agreed if a.open or review is None or (a.updated_on or a.agreed_on) > review]


def _row(action: Action, today: dt.date) -> dict[str, str]:
    return {
        "number": action.number,
        "action": or_blank(action.text, "action"),
        "risk": or_blank(action.risk, "risk it reduces"),
        "owner": or_blank(action.owner, "owner and agency"),
        "by_when": _by_when(action, today),
        "status": or_blank(action.status, "status"),
        "impact": or_blank(action.impact, "what has changed"),
        "updated_on": plain_date(action.updated_on or action.agreed_on),
    }


def _by_when(action: Action, today: dt.date) -> str:
    if action.by is None:
        return action.by_when.strip() or blank("date")
    return short_deadline(action.by, today) if action.open else plain_date(action.by)
