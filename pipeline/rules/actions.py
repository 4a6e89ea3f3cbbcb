"""The meetings of a case come in; every action that they agreed goes out, as it stands after the last of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.rules.case import MeetingRecord
from pipeline.rules.dates import parse_date
from pipeline.rules.folding import folded

_CLOSED = ("done", "complete", "stopped")


@dataclass(frozen=True, slots=True)
class Action:
    """One action as it stands. ``number`` is the day of the meeting that agreed it and its row: ``24/11/2026-1``.

    ``by``: None where ``by_when``, as written, is no date. ``status``, ``impact``: as the last meeting wrote them,
    ``""`` where none has. ``open``: neither done nor stopped.
    """

    number: str
    text: str
    owner: str
    by_when: str
    by: dt.date | None
    risk: str
    status: str
    impact: str
    agreed_on: dt.date
    updated_on: dt.date | None
    open: bool


def actions(meetings: Iterable[MeetingRecord]) -> tuple[Action, ...]:
    """``meetings``, oldest first → the actions, in the order in which they were agreed."""
    agreed: dict[str, Action] = {}
    for record in meetings:
        unknown: list[Mapping[str, str]] = []
        for row in record.actions:
            if action := _action_of(row, agreed):
                agreed[action.number] = _updated(action, row, record.date)
            elif cell(row, "Action"):
                unknown.append(row)
        # Two meetings of one day share its numbers.
        first = 1 + sum(a.agreed_on == record.date for a in agreed.values())
        for n, row in enumerate((*record.new_actions, *unknown), start=first):
            action = _agreed(f"{record.date:%d/%m/%Y}-{n}", row, record.date)
            agreed[action.number] = action
    return tuple(agreed.values())


def _action_of(row: Mapping[str, str], agreed: Mapping[str, Action]) -> Action | None:
    """The action that a row is about: the one of its number, unless the words are those of another that is open.

    Numbers can move, where a record of the same day arrives later.
    """
    text = folded(cell(row, "Action"))
    numbered = agreed.get("".join(cell(row, "No.").split()))
    same = [a for a in agreed.values() if a.open and text and folded(a.text) == text]
    if numbered and (not same or folded(numbered.text) == text):
        return numbered
    return same[0] if len(same) == 1 else None


def _agreed(number: str, row: Mapping[str, str], day: dt.date) -> Action:
    by_when, status = cell(row, "By when"), cell(row, "Status")
    return Action(
        number=number,
        text=cell(row, "New action") or cell(row, "Action"),
        owner=cell(row, "Owner and agency"),
        by_when=by_when,
        by=parse_date(by_when),
        risk=cell(row, "Risk it reduces"),
        status=status,
        impact=cell(row, "What has changed for the young person"),
        agreed_on=day,
        updated_on=None,
        open=_is_open(status),
    )


def _updated(action: Action, row: Mapping[str, str], day: dt.date) -> Action:
    """A cell that is filled in leads; a blank one leaves what was, and the same again is no news."""
    by_when = cell(row, "By when") or action.by_when
    status = cell(row, "Status")
    impact = cell(row, "What has changed for the young person")
    now = replace(
        action,
        text=cell(row, "Action") or action.text,
        owner=cell(row, "Owner and agency") or action.owner,
        by_when=by_when,
        by=parse_date(by_when),
        status=status or action.status,
        impact=impact or action.impact,
        open=_is_open(status or action.status),
    )
    return action if now == action else replace(now, updated_on=day)


def _is_open(status: str) -> bool:
    return not folded(status).startswith(_CLOSED)


def cell(row: Mapping[str, str], column: str) -> str:
    """What a row of a table says under a heading; ``""`` where nothing."""
    return row.get(column, "").strip()
