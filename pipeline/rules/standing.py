"""A case comes in; how it stands goes out: its core group, its flag, its actions, and what was agreed when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from pipeline.rules.case import Case, MeetingKind, MeetingRecord


@dataclass(frozen=True, slots=True)
class Spell:
    """The time for which a core group, or the panel's plan, stands: from the day of the meeting that decided it.

    ``until``: the day of the meeting that ended it, None while it stands.
    """

    since: dt.date
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A high-risk flag (Buckinghamshire 2.5.14): raised and removed by meetings. ``review_by``: as last agreed."""

    since: dt.date
    raised_by: MeetingKind
    until: dt.date | None = None
    review_by: dt.date | None = None


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


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A service that has excluded the young person (2.5.37 to 2.5.39), as the last meeting that named it wrote it."""

    service: str
    until: str
    plan: str
    said_on: dt.date


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the chronology. ``late``: a contact that was told or written too late; None where nobody can tell."""

    day: dt.date
    time: dt.time | None
    kind: Literal["referral", "assessment", "meeting", "contact"]
    what: str
    late: bool | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands after all its forms. What does not stand is None; spells and flags of before are kept.

    ``panel``: under the panel, from the referral until the panel does not accept it or a panel removes the flag.
    ``actions``: in the order in which they were agreed. ``since_review``: the meetings after the last statutory review.
    """

    core_group: Spell | None
    flag: Flag | None
    panel: Spell | None
    core_groups: tuple[Spell, ...]
    flags: tuple[Flag, ...]
    actions: tuple[Action, ...]
    exclusions: tuple[Exclusion, ...]
    chronology: tuple[Happening, ...]
    last_review: dt.date | None
    since_review: tuple[MeetingRecord, ...]


def standing(case: Case) -> Standing:
    """Replay the meetings of ``case`` in the order of their dates."""
    raise NotImplementedError
