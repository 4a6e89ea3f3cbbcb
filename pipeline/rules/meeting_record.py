"""A meeting record as it was read comes in; every problem, and the believed record unless it goes back, go out."""

from __future__ import annotations

import datetime as dt

from pipeline.rules.examined import Examined
from pipeline.rules.form import WordForm
from pipeline.rules.layout import WordLayout


def examine_meeting_record(form: WordForm, layout: WordLayout, today: dt.date) -> Examined:
    """Examine every answer; ``believed`` is None where one that is required is wanting or unclear."""
    raise NotImplementedError
