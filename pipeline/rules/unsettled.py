"""A score whose band is open, or whose form goes back, comes in; what the sender is told and asked first goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.rules.case import Score
from pipeline.rules.form import Answer, Problem
from pipeline.rules.layout import PROTECTIVE, MatrixLayout
from pipeline.rules.outcome import Outcome, first_to_answer

# What sends a form back because its marks may not be all, or not the ones that count: their score is not certain then.
_MARKS_IN_DOUBT = {"two-tables", "row-twice", "unknown-row", "unknown-column", "stated-total"}


def must_be_settled(
    scored: Score, doubts: Sequence[Problem], found: Outcome, layout: MatrixLayout, answers: Mapping[str, Answer]
) -> list[Problem]:
    """Why a form goes back whose band is open: what to answer first, and every doubt that leaves it open.

    ``doubts``: what is not clear in the rows. One about a behaviour sends the form back; a missing factor stays a note.
    """
    first = [(r.item, r.span) for r in first_to_answer(scored.total, scored.rows, found, layout)]
    open_cells: list[str] = []
    if first:  # else the age alone is open
        open_cells = [r.span for r in scored.rows if not r.total.certain]
        factors = {r.span for r in scored.rows if r.section == PROTECTIVE}
        doubts = [p if p.code == "unanswered" and p.where in factors else replace(p, severity="return") for p in doubts]
    born = layout.field("date_of_birth")
    if born and any(o.under_age is not None for o in found.open):
        place = answers[born.key].where
        first.insert(0, (born.label, place))
        open_cells.insert(0, place)
    spans_bands = Problem(
        "return",
        "uncertain-band",
        ", ".join(open_cells),
        f"{_span(scored, found)}. What is not answered or not clear leaves the outcome open.",
        f"Answer first: {'; '.join(f'{label} ({where})' for label, where in first)}. "
        "Then any other row that is named below.",
    )
    return [spans_bands, *doubts]


def _span(scored: Score, found: Outcome) -> str:
    bands = f"from “{found.low.label}” to “{found.high.label}”"
    if scored.total.certain:
        return f"The score is {scored.total}, and the outcome may be anything {bands}"
    return f"The score may be anything from {scored.total}: {bands}"


def say_first(scored: Score, found: Outcome, layout: MatrixLayout, problems: Sequence[Problem] = ()) -> tuple[str, ...]:
    """What a form that goes back may hide: said before anything else, because a child may be at risk meanwhile."""
    total, low, high = scored.total, found.low, found.high
    score = "The outcome" if total.certain else "The score"
    in_doubt = any(p.severity == "return" and p.code in _MARKS_IN_DOUBT for p in problems)
    most = f"may be as high as “{high.label}”" if total.certain else f"may be as high as {total.high}: “{high.label}”"
    if in_doubt:
        read = f"it gives “{low.label}” (score {total})" if low is high else f"it {most}"
        certain = f"As far as this form can be read, {read}. What is named below may mean another outcome."
    elif low is high:
        certain = f"The marks on this form already give “{low.label}” (score {total})."
    elif low is layout.bands[-1]:
        certain = f"{score} on this form {most}."
    else:
        certain = f"It is already certain that the score is {total.low} or more: at least “{low.label}”. It {most}."
    if high.action == "none" and not in_doubt:
        return (certain,)
    return (
        certain,
        "Do not wait for this form. If you think the young person is at high risk, speak to your manager today.",
    )
