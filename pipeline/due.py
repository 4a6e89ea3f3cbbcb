"""Time limits come in; what is overdue, due soon and due later goes out, for people and as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from pipeline.rules.limit import TimeLimit

SOON_DAYS = 7


def to_be_decided(
    last_forms: Mapping[str, dt.date], keep_years: int, legal_hold: Iterable[str], today: dt.date
) -> Iterator[TimeLimit]:
    """Each case whose last form arrived more than ``keep_years`` ago: people decide whether it is still kept.

    ``last_forms``: case → the day on which its last form arrived. A case under a legal hold is kept anyway.
    """
    if not keep_years:
        return
    held = frozenset(legal_hold)
    for case, last in last_forms.items():
        until = _years_after(last, keep_years)
        if until < today and case not in held:
            yield TimeLimit("retention", case, "Decide whether this case is still kept.", until, "keep_years")


def due_text(limits: Sequence[TimeLimit], today: dt.date) -> Iterator[str]:
    """Lines for a screen; ``limits`` are the soonest first."""
    width = max((len(limit.case) for limit in limits), default=0)
    heading = ""
    for by, due_then in groupby(limits, key=lambda limit: limit.by):
        if (now := _heading(by, today)) != heading:
            yield (heading := now)
        when = f"  {by:%d/%m/%Y}  {_when(by, today):<16}  "
        for limit in due_then:
            source = "; ".join(part for part in (limit.about, limit.clause) if part)
            yield f"{when}{limit.case:<{width}}  {limit.what} ({source})"
    if not limits:
        yield "Nothing is due."


def _heading(by: dt.date, today: dt.date) -> str:
    if by < today:
        return "Overdue"
    return f"Due within {SOON_DAYS} days" if by <= today + dt.timedelta(days=SOON_DAYS) else "Later"


def _when(by: dt.date, today: dt.date) -> str:
    days = abs((by - today).days)
    counted = "1 day" if days == 1 else f"{days} days"
    return "today" if by == today else f"{counted} overdue" if by < today else f"in {counted}"


def due_json(limit: TimeLimit) -> dict[str, object]:
    """One limit as JSON (docs/json.md). ``case`` is null for a returned form that does not say whose it is."""
    return {
        "kind": limit.kind,
        "case": limit.case or None,
        "what": limit.what,
        "by": limit.by.isoformat(),
        "clause": limit.clause,
        "about": limit.about,
    }


def _years_after(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)
