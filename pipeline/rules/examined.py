"""What examining a form gives: every problem, and what is believed where nothing sends it back."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.rules.case import Believed, Score
from pipeline.rules.form import Form, Problem


@dataclass(frozen=True, slots=True)
class Examined:
    """A form after examination: what was read as far as it goes, every problem, and what is believed, if it is.

    ``case`` is the social care ID, white space removed, upper case; None where it was not given. ``problems``: those
    that send the form back first. ``believed`` is None where the form goes back. ``score`` and ``band`` belong to a
    matrix alone. ``first``: of a matrix that goes back, what is certain already and which answers settle the band.
    """

    form: Form
    case: str | None
    problems: tuple[Problem, ...]
    believed: Believed | None
    score: Score | None = None
    band: str | None = None
    first: tuple[str, ...] = ()
