"""A case comes in; how it stands goes out: its core group, its flag, its actions, and what was agreed when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.rules.actions import Action, actions, cell
from pipeline.rules.case import Case, MeetingKind, MeetingRecord
from pipeline.rules.chronology import Happening, chronology
from pipeline.rules.folding import folded


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
class Exclusion:
    """A service that has excluded the young person (2.5.37 to 2.5.39), as the last meeting that named it wrote it."""

    service: str
    until: str
    plan: str
    said_on: dt.date


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

    @property
    def active(self) -> bool:
        """Whether anything stands that is to be followed up: a core group, a flag or the panel's plan."""
        return bool(self.core_group or self.flag or self.panel)


# What each decision on the core group does to it: it stands from then on, or no longer.
_KEEPS_CORE_GROUP: Mapping[str | None, bool] = {
    "establish": True,
    "continue": True,
    "end": False,
    "no core group": False,
}


def standing(case: Case) -> Standing:
    """Replay the meetings of ``case`` in the order of their dates."""
    core_groups = _spells((m.date, _KEEPS_CORE_GROUP.get(m.core_group)) for m in case.meetings)
    flags = _flags(case.meetings)
    reviews = [m.date for m in case.meetings if m.meeting == "statutory review"]
    last_review = reviews[-1] if reviews else None
    return Standing(
        core_group=_last_open(core_groups),
        flag=flags[-1] if flags and flags[-1].until is None else None,
        panel=_last_open(_panels(case)),
        core_groups=core_groups,
        flags=flags,
        actions=actions(case.meetings),
        exclusions=_exclusions(case.meetings),
        chronology=chronology(case),
        last_review=last_review,
        since_review=tuple(m for m in case.meetings if last_review is None or m.date > last_review),
    )


def kind_of_next(record: MeetingRecord) -> MeetingKind:
    """Which meeting a record's next date is for: one of its own kind; after a statutory review, the core group."""
    return "core group" if record.meeting == "statutory review" else record.meeting


def _spells(events: Iterable[tuple[dt.date, bool | None]]) -> tuple[Spell, ...]:
    """True opens a spell and False closes it; what stands so already, and None, changes nothing."""
    spells: list[Spell] = []
    for day, stands in events:
        if stands and not _last_open(spells):
            spells.append(Spell(day))
        elif stands is False and _last_open(spells):
            spells[-1] = replace(spells[-1], until=day)
    return tuple(spells)


def _last_open(spells: Sequence[Spell]) -> Spell | None:
    return spells[-1] if spells and spells[-1].until is None else None


def _panels(case: Case) -> tuple[Spell, ...]:
    """A referral opens the panel's spell; so does a panel that takes a case of which no referral is held."""
    panels = [m for m in case.meetings if m.meeting == "panel"]
    # A referral that bears no date was made when the panel first met, as far as anybody knows.
    undated = panels[0].date if panels else _earliest(case)
    referred = [(day, True) for r in case.referrals if (day := r.date or undated)]
    # A referral comes before the panel of the same day.
    return _spells(sorted([*referred, *((m.date, _taken(m)) for m in panels)], key=lambda event: event[0]))


def _taken(panel: MeetingRecord) -> bool | None:
    if panel.accepted is False or panel.flag == "remove":
        return False
    return True if panel.accepted or panel.flag in ("raise", "keep") else None


def _earliest(case: Case) -> dt.date | None:
    days = [
        *(a.date for a in case.assessments),
        *(m.date for m in case.meetings),
        *(c.date for c in case.contacts),
    ]
    return min(days, default=None)


def _flags(meetings: Iterable[MeetingRecord]) -> tuple[Flag, ...]:
    """A flag that is kept where none stands was raised then, as far as the records say: people decided it."""
    flags: list[Flag] = []
    for record in meetings:
        stands = bool(flags) and flags[-1].until is None
        if record.flag in ("raise", "keep"):
            if not stands:
                flags.append(Flag(record.date, record.meeting))
            flags[-1] = replace(flags[-1], review_by=record.review_flag_by or flags[-1].review_by)
        elif record.flag == "remove" and stands:
            flags[-1] = replace(flags[-1], until=record.date)
    return tuple(flags)


def _exclusions(meetings: Iterable[MeetingRecord]) -> tuple[Exclusion, ...]:
    last: dict[str, Exclusion] = {}
    for record in meetings:
        for row in record.exclusions:
            service = cell(row, "Service")
            last[folded(service)] = Exclusion(
                service, cell(row, "Excluded until"), cell(row, "Plan for return"), record.date
            )
    return tuple(last.values())
