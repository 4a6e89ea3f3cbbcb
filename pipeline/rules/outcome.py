"""A score and the young person's age come in; the bands that the form may mean go out, overrides included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.rules.case import Range, ScoredRow
from pipeline.rules.layout import Band, MatrixLayout, Override
from pipeline.rules.scoring import band_of, band_of_range, fewest_that_may_settle


@dataclass(frozen=True, slots=True)
class Outcome:
    """The lowest and the highest band that a consistent completion of the form gives.

    ``lifted_by``: the overrides that hold for certain and lift the band above the one that the score gives.
    ``open``: those that may hold or not, and would lift it above ``low``.
    """

    low: Band
    high: Band
    lifted_by: tuple[Override, ...]
    open: tuple[Override, ...]

    @property
    def band(self) -> Band | None:
        return self.low if self.low is self.high else None


def outcome(total: Range, rows: Sequence[ScoredRow], age: int | None, layout: MatrixLayout) -> Outcome:
    """``age``: on the day of the assessment; None where it is not known, so that an override may hold or not."""
    held = {o: _holds(o, rows, age, layout) for o in layout.overrides}
    certain = [o for o, (surely, _) in held.items() if surely]
    possible = [o for o, (_, perhaps) in held.items() if perhaps]
    low = band_of(total.low, _lifted(layout, certain))
    return Outcome(
        low=low,
        high=band_of(total.high, _lifted(layout, possible)),
        lifted_by=tuple(o for o in certain if o.not_below == low.key != band_of(total.low, layout.bands).key),
        open=tuple(o for o in possible if o not in certain and low not in _lifted(layout, [o])),
    )


def _holds(override: Override, rows: Sequence[ScoredRow], age: int | None, layout: MatrixLayout) -> tuple[bool, bool]:
    """Whether it holds for certain, and whether it may hold."""
    if override.any_item is None:
        under = override.under_age or 0
        return (age is not None and age < under), (age is None or age < under)
    reach = override.any_item
    scored = [
        (r.total, reach * layout.section(r.section).weight_of(r.item))
        for r in rows
        if override.section in ("", r.section)
    ]
    return any(total.low >= enough for total, enough in scored), any(total.high >= enough for total, enough in scored)


def _lifted(layout: MatrixLayout, overrides: Sequence[Override]) -> tuple[Band, ...]:
    """The bands that are left: those above what an override names, and the one that it names."""
    keys = [band.key for band in layout.bands]
    lowest = min((keys.index(o.not_below) for o in overrides), default=len(keys) - 1)
    return layout.bands[: lowest + 1]


def first_to_answer(
    total: Range, rows: Sequence[ScoredRow], found: Outcome, layout: MatrixLayout
) -> tuple[ScoredRow, ...]:
    """The rows to ask for first: the fewest that may settle the band, where points alone do; else every open one."""
    left = layout.bands[: layout.bands.index(found.low) + 1]
    by_items = any(o.any_item is not None for o in found.open)
    if not by_items and band_of_range(total, left):
        return ()  # the age alone is open
    if by_items or {layout.combine, *(s.combine for s in layout.sections)} != {"sum"}:
        return tuple(r for r in rows if not r.total.certain)
    return fewest_that_may_settle(rows, total, left)
