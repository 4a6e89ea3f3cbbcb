"""An acknowledgement slip as it was read comes in; every problem, and what is believed unless it goes back, go out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.rules.case import Believed, Letter
from pipeline.rules.examined import Examined
from pipeline.rules.form import Problem, WordForm
from pipeline.rules.layout import WordLayout


def examine_acknowledgement(form: WordForm, layout: WordLayout, today: dt.date) -> Examined:
    """Examine every answer; ``believed`` is None where one that is required is wanting or unclear."""
    raise NotImplementedError


def unknown_letter(arrived: Believed, letters: Sequence[Letter]) -> Problem | None:
    """A problem where a slip names a letter that was never drafted."""
    raise NotImplementedError
