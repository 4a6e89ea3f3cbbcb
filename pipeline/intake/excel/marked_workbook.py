"""A returned Excel form and its problems come in; a copy with each queried cell outlined and commented goes out.

The parts of the file are edited, not the workbook: openpyxl would drop the values of formulas, conversations, tick
boxes, shapes and whatever else it does not know. So macros, which lie in a part of their own, stay as they came.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.intake.excel.outlines import Box, Outlines, box_of, lies_in
from pipeline.intake.excel.sheet_facts import Place
from pipeline.intake.excel.workbook_notes import write_notes
from pipeline.intake.office_parts import LINK, MAIN, NOT_AS_EXPECTED, Parts
from pipeline.rules.form import Problem
from pipeline.unexpected import log_unexpected

_Spot = tuple[str, Box]
"""The part of a sheet, and cells on it."""

_RANGE = re.compile(r"!(\$?[A-Z]{1,3}\$?[1-9]\d{0,6}(?::\$?[A-Z]{1,3}\$?[1-9]\d{0,6})?)(?:, |$)")


def mark_workbook(data: bytes, problems: Sequence[Problem]) -> bytes | None:
    """A copy of an .xlsx or .xlsm workbook, to be completed and dropped again: the same copy for the same form.

    None where no problem names a cell, and where the copy might lose something: other kinds of workbook, signed
    ones, those that are not built as expected.
    """
    try:
        parts = Parts(data)
        return None if parts.signed else _mark(parts, problems)
    except NOT_AS_EXPECTED:
        return None
    except Exception as e:  # noqa: BLE001  the note goes back without a copy, and the program goes on
        log_unexpected("a form could not be marked", e)
        return None


def _mark(parts: Parts, problems: Sequence[Problem]) -> bytes | None:
    book = parts.named("", "officeDocument")
    sheets = _sheets(parts, book)
    spots = {problem: _spots(problem.where, sheets) for problem in problems}
    if not any(spots.values()):
        return None
    outlines = Outlines(parts.edit(parts.named(book, "styles")))
    asked = _questions(spots)
    for sheet in sheets.values():
        boxes = [box for found in spots.values() for part, box in found if part == sheet]
        if boxes:
            outlines.draw(parts.edit(sheet), boxes)
        # Also where nothing is queried: what was asked the last time is done with.
        write_notes(parts, sheet, asked.get(sheet, {}))
    return parts.whole()


def _sheets(parts: Parts, book: str) -> dict[str, str]:
    """Name → part of every sheet with cells."""
    worksheets = parts.related(book, "worksheet")
    listed = parts.look(book).iterfind(f"{MAIN}sheets/{MAIN}sheet")
    return {
        name: worksheets[rid]
        for s in listed
        if (name := s.get("name")) and (rid := s.get(f"{{{LINK}}}id")) in worksheets
    }


def _spots(where: str, sheets: Mapping[str, str]) -> list[_Spot]:
    """The cells that ``where`` names; none where it names no cells, or a sheet that is not in the workbook.

    A sheet's name may hold commas and exclamation marks: only the workbook tells where it ends.
    """
    spots: list[_Spot] = []
    at = 0
    names = sorted(sheets, key=len, reverse=True)
    while at < len(where):
        ends = ((n, m) for n in names if where.startswith(n, at) and (m := _RANGE.match(where, at + len(n))))
        name, found = next(ends, ("", None))
        if found is None:
            return []
        spots.append((sheets[name], box_of(found[1])))
        at = found.end()
    return spots


def _questions(spots: Mapping[Problem, Sequence[_Spot]]) -> dict[str, dict[Place, list[str]]]:
    """Sheet → first cell of each range → what is asked there.

    A problem of many ranges is left out where one of fewer says what to do: the band that the whole score leaves open
    need not be told at each of twenty rows.
    """
    asked: dict[str, dict[Place, list[str]]] = {}
    told: list[tuple[int, _Spot]] = []
    for problem in sorted(spots, key=lambda p: len(spots[p])):
        count = len(spots[problem])
        new = [spot for spot in spots[problem] if not _is_told(spot, [s for fewer, s in told if fewer < count])]
        for sheet, box in new:
            words = " ".join(f"{problem.what} {problem.remedy}".split())
            questions = asked.setdefault(sheet, {}).setdefault(box[:2], [])
            if words not in questions:
                questions.append(words)
        told += [(count, spot) for spot in new]
    return asked


def _is_told(spot: _Spot, told: Iterable[_Spot]) -> bool:
    return any(sheet == spot[0] and lies_in(box, spot[1]) for sheet, box in told)
