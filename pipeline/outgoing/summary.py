"""A believed assessment comes in; what the documents say about its score and working goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.outgoing import direction
from pipeline.outgoing.heat_strip import heat_strip
from pipeline.outgoing.occasion import Occasion, once_a_pack
from pipeline.outgoing.strip import Strip, describe_strip, strip_of
from pipeline.outgoing.wording import answer, blank, long_date, newest_word, noted, or_blank, sentence_case
from pipeline.rules.case import Ask, Assessment, ScoredRow
from pipeline.rules.form import Cell
from pipeline.rules.layout import PROTECTIVE

# What must be weighed beside the score: Stockport 2.2 and 2.3.
WEIGHED = (
    ("Case chronology", "2.2"),
    ("Contact arrangements: are they still safe?", "2.2"),
    ("Minutes of earlier meetings: sexual exploitation, missing from home, statutory review", "2.2"),
    ("Peers", "2.3"),
    ("Stability of the care home", "2.3"),
    ("Family events", "2.3"),
    ("Changes of worker", "2.3"),
)

# What the template calls the picture of the marks.
MARKS = "marks"
UNSETTLED = "Not certain: the range of the behaviours lies in more than one band"


def summary(occasion: Occasion) -> dict[str, object]:
    """What the assessment summary says of the assessment that the case leads with."""
    case = occasion.case
    return {
        "assessment": matrix(occasion),
        "marks_in_words": describe_strip(_strips(occasion)),
        "asks": asked(occasion.decision.asks),
        "chronology": answer(case.referral, "chronology"),
        "weighed": [_weighed(what, clause) for what, clause in WEIGHED],
        "manager": or_blank(newest_word(case, "team_manager"), "manager"),
        "reviewing_officer": or_blank(newest_word(case, "reviewing_officer"), "Independent Reviewing Officer"),
    }


def pictures(occasion: Occasion) -> dict[str, bytes]:
    """What the summary shows: the course of the score, and the marks at a glance."""
    return {**direction.pictures(occasion), MARKS: heat_strip(_strips(occasion))}


@once_a_pack
def _strips(occasion: Occasion) -> list[Strip]:
    assessment = occasion.case.assessment
    return [strip_of(assessment, section) for section in occasion.layout.sections] if assessment else []


def asked(asks: Sequence[Ask]) -> list[dict[str, str]]:
    """Each sentence without its full stop, which stands after the clause."""
    return [{"text": a.text.removesuffix("."), "clause": a.clause} for a in asks]


def matrix(occasion: Occasion, since: dt.date | None = None) -> dict[str, object]:
    """The score with its working and its direction; nothing where no matrix is held.

    ``since``: only the course after that day is told.
    """
    return _scored(occasion) | direction.course(occasion, since)


@once_a_pack
def _scored(occasion: Occasion) -> dict[str, object]:
    """The score with its working, and every mark with its cell."""
    assessment, layout = occasion.case.assessment, occasion.layout
    if assessment is None:
        return {}
    thresholds = [band.at_least for band in layout.bands]
    rows = [(row.section, said) for row, said in marked_rows(occasion)]
    return {
        "completed_by": or_blank(assessment.completed_by, "who completed it"),
        "date": long_date(assessment.date),
        "assessment_date": _date_or_blank(assessment, "assessment date"),
        "date_completed": _date_or_blank(assessment, "date completed"),
        "sheet": assessment.form.sheet,
        "net": str(assessment.score.total),
        "certain": assessment.score.total.certain,
        "band": assessment.band_label,
        "has_protective": any(section.key == PROTECTIVE for section in layout.sections),
        "band_without_protective": assessment.band_without_protective or UNSETTLED,
        "lifted_by": "; ".join(assessment.lifted_by),
        "working": [
            {"part": section.title, "score": str(assessment.score.sections[section.key])}
            for section in layout.sections
            if section.key in assessment.score.sections
        ],
        "bands": [{"label": band.label, "score": _threshold(band.at_least, thresholds)} for band in layout.bands],
        "sections": [
            {
                "title": section.title,
                "item": sentence_case(section.item),
                "note": section.note,
                "rows": [row for key, row in rows if key == section.key],
            }
            for section in layout.sections
        ],
        "behaviours": [row for key, row in rows if key != PROTECTIVE],
        "factors": [row for key, row in rows if key == PROTECTIVE],
        "notes": noted(assessment.notes),
        "remarks": [{"where": r.where, "text": r.text} for r in assessment.remarks],
    }


@once_a_pack
def marked_rows(occasion: Occasion) -> list[tuple[ScoredRow, dict[str, str]]]:
    """Each row with what the documents say of it."""
    assessment = occasion.case.assessment
    if assessment is None:
        return []
    cells = {(row.section, row.item): row.cells for row in reversed(assessment.form.rows)}
    return [(row, _marked_row(row, cells.get((row.section, row.item), ()))) for row in assessment.score.rows]


def _marked_row(row: ScoredRow, cells: Sequence[Cell]) -> dict[str, str]:
    """One row as the form has it: what was marked, in which cells, and what it counts."""
    return {
        "item": sentence_case(row.item),
        "marked": "\n".join(_block(key, row) for key in row.blocks),
        "cells": _cells(row, cells),
        "score": str(row.total),
        "remark": row.remark,
    }


def _cells(row: ScoredRow, cells: Sequence[Cell]) -> str:
    """The marked cells of a row without the sheet's name; the whole span where nothing clear was marked."""
    found = [c.where for c in cells if _is_marked(c, row.marked.get(c.block, ""))]
    return ", ".join(where.rpartition("!")[2] for where in found or [row.span])


def _is_marked(cell: Cell, marked: str) -> bool:
    label = " / ".join(cell.columns)
    return label in marked and any(f"{joint}{label}{joint}" in f"{joint}{marked}{joint}" for joint in (" or ", " and "))


def _block(key: str, row: ScoredRow) -> str:
    text = f"{row.marked.get(key) or 'no clear mark'} ({row.blocks[key]})"
    return f"{key.capitalize()}: {text}" if len(row.blocks) > 1 else text[0].upper() + text[1:]


def _threshold(at_least: int | None, all_thresholds: Sequence[int | None]) -> str:
    if at_least is not None:
        return f"{at_least} or more"
    return f"Less than {min(t for t in all_thresholds if t is not None)}"


def _date_or_blank(assessment: Assessment, what: str) -> str:
    day = assessment.assessment_date if what == "assessment date" else assessment.date_completed
    return long_date(day) if day else blank(what)


def _weighed(what: str, clause: str) -> dict[str, str]:
    return {"what": f"{what} ({clause})", "known": blank(what.partition(":")[0].lower())}
