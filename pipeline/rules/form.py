"""What a form says, each value with where it stood; read by intake, not yet believed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["return", "note"]
WordKind = Literal["referral", "meeting-record", "contact-report", "acknowledgement"]

# Who asks, in the comments of the copy that goes back with a form; each line that we write there begins with it.
QUERY_AUTHOR = "To put right"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that the sender should know: where it stands, what it is, how to put it right.

    ``return``: the form goes back. ``note``: it is accepted, and the documents say so.
    The sentences never repeat what somebody wrote on the form: they name the place.
    """

    severity: Severity
    code: str
    where: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one label of a form.

    ``text`` is as written, line breaks as ``\\n``; blank is ``""`` (placeholder prompts are blank).
    ``where`` is ``Sheet1!I2`` or ``section B, "Date of birth"``; for a blank it is where the answer belongs.
    ``date`` is set where the file itself holds a date (an Excel date cell, a Word date picker).
    ``formula`` is True where the value was computed by a formula in the form.
    """

    text: str
    where: str
    date: dt.date | None = None
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """Something written beside the answers: a cell comment, a Word comment, a footnote, words after a mark."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the scored table that holds anything at all.

    ``columns``: the label of the column it stands under; two labels where it stands in an unlabelled column
    between them. ``text`` is as written (TRUE/FALSE for booleans, whole numbers without a decimal point,
    Wingdings ticks as ``✓`` or ``✗``), or ``""`` where the cell is only coloured in.
    """

    block: str
    columns: tuple[str, ...]
    text: str
    where: str
    coloured: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a scored section (a behaviour, a protective factor) and what stands in its row.

    ``where`` is the item's label cell; ``span`` the cells of its blocks, for example ``Sheet1!B18:J18``.
    """

    section: str
    item: str
    where: str
    span: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class MatrixForm:
    """One assessment matrix, on one sheet.

    ``fields`` has every field of the layout, by its label; blank ones too. ``rows`` has the items that were found,
    in the layout's order. ``notes``: what the reader saw that the rules cannot know (macros, floating tick boxes,
    rows that the layout does not know).
    """

    layout: str
    sheet: str
    fields: Mapping[str, Answer]
    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    """A ticked box: the section and label as printed on the form."""

    section: str
    label: str
    where: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A yes/no question: True, False, or None where neither or both are ticked."""

    value: bool | None
    where: str
    both: bool = False


@dataclass(frozen=True, slots=True)
class WordForm:
    """One Word form: a case referral, a meeting record, a contact report, or an acknowledgement slip.

    ``fields`` and ``questions`` are keyed ``"<section>/<label>"``, section and label as printed on the form, and hold
    every one of the layout. ``tables`` maps a section to its filled rows, each keyed by column heading, blank columns
    included as ``""``.
    """

    layout: str
    fields: Mapping[str, Answer]
    questions: Mapping[str, Choice]
    ticked: tuple[Tick, ...]
    tables: Mapping[str, tuple[Mapping[str, str], ...]]
    remarks: tuple[Remark, ...] = ()
    notes: tuple[Problem, ...] = field(default=())
    kind: WordKind = "referral"


Form = MatrixForm | WordForm
