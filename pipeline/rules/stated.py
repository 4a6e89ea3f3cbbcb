"""What a form itself states as its total and its outcome comes in; how that differs from its marks goes out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.rules.case import Range, Score
from pipeline.rules.form import Answer, Problem
from pipeline.rules.layout import Band, MatrixLayout
from pipeline.rules.outcome import outcome

# "40", "40/66", "Total: 40", "about 40", ">36".
_POINTS = re.compile(
    r"(?:(?:overall|total|net|score|points|about|approx\w*|circa|over|at least|of|is)\b|[\s:.~≈>≥])*"
    r"(?P<points>[-−]?\d+(\.0+)?)(?![\d.])",
    re.I,
)


def stated_total(
    layout: MatrixLayout, answers: Mapping[str, Answer], scored: Score, band: Band | None, age: int | None
) -> list[Problem]:
    """Compare the total that the form itself states; one that its own formula made is never believed over the marks."""
    field = layout.field("stated_total")
    if not field:
        return []
    stated, label = answers[field.key], field.label
    # "30 - 6 = 24" states what comes of it.
    number = _POINTS.match((text := stated.text.strip()).rpartition("=")[2])
    if not text or (stated.formula and not number):
        return []
    if not number:
        what = f"What stands beside “{label}” cannot be read as a number, so it was not compared."
        return [Problem("note", "stated-total", stated.where, what, "The total is worked out from the marks.")]
    points = int(float(number["points"].replace("−", "-")))
    if scored.total.low <= points <= scored.total.high:
        return []
    other_band = band is not None and outcome(Range(points, points), scored.rows, age, layout).band is not band
    severe = other_band and not stated.formula
    what = f"“{label}” states a total that the marks do not give: they give {scored.total}"
    what += f", which is “{band.label}”; the stated total would be another band." if other_band and band else "."
    remedy = "Check the marks row by row, then correct either the marks or the total."
    return [Problem("return" if severe else "note", "stated-total", stated.where, what, remedy)]


def stated_band(layout: MatrixLayout, answers: Mapping[str, Answer], band: Band | None) -> list[Problem]:
    """Compare the outcome that the form itself states."""
    field = layout.field("stated_band")
    if not field:
        return []
    stated, label = answers[field.key], field.label
    text = " ".join(stated.text.split()).casefold()
    if not text or band is None:
        return []
    named = {b.label.casefold(): b for b in layout.bands}
    like = [b for name, b in named.items() if len(text) >= 4 and (text in name or name in text)]
    meant = [named[text]] if text in named else like
    if len(meant) == 1:
        if meant[0] is band:
            return []
        what = f"“{label}” states another outcome than the marks give, which is “{band.label}”."
    elif stated.formula:
        return []
    else:
        what = f"What stands beside “{label}” is none of the form's outcomes, so it was not compared."
    severe = len(meant) == 1 and not stated.formula
    remedy = "Check the marks row by row, then correct either the marks or the assessment."
    return [Problem("return" if severe else "note", "stated-total", stated.where, what, remedy)]
