"""How the forms of a dropped file ended comes in; the receipt's text goes out, without a name or a date of birth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.rules.form import Problem


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One form on a receipt. ``documents`` are paths in the outbox; ``number`` counts the forms of the file.

    Sheets are named by their number: people name them after the child.
    """

    case: str
    title: str
    sheet: str | None
    number: int
    outcome: str
    decided: str
    problems: Sequence[Problem]
    documents: Sequence[str]


def receipt_name(lines: Iterable[ReceiptLine], sha256: str) -> str:
    """Named by case and form, so that the sender finds it and nobody reads a name in a path."""
    first = next(iter(lines))
    return f"{first.case} {first.title} {sha256[:8]} {_heading(first.outcome).lower()}.txt"


def is_receipt_of(name: str, sha256: str) -> bool:
    """Whether a receipt of this name tells of the file with this hash."""
    return f" {sha256[:8]} " in name


def receipt_text(lines: Sequence[ReceiptLine], received: dt.datetime) -> bytes:
    """Plain text as Windows Notepad shows it."""
    text: list[str] = []
    for line in lines:
        sheet = f", form {line.number} of the workbook" if line.sheet and len(lines) > 1 else ""
        text += [f"{_heading(line.outcome)}: {line.title} for case {line.case}{sheet}"]
        text += [f"First received: {received:%d/%m/%Y %H:%M}"]
        text += [f"The matrix gives: {line.decided}", ""] if line.decided else [""]
        if line.outcome == "duplicate":
            text += ["This very form had been accepted before. Nothing was written a second time.", ""]
        if line.documents:
            text += ["Drafts for approval in the outbox:", *(f"  {path}" for path in line.documents), ""]
        elif line.outcome == "accepted":
            text += ["It was added to the history of the case. A later sheet has the documents.", ""]
        if line.outcome == "accepted" and line.problems:
            text.append("Notes. Nothing has to be done for the form to count, but please read them:")
            text += [f"  {_cell(p.where, line.sheet)}: {p.what} {p.remedy}" for p in line.problems]
            text.append("")
    return ("\ufeff" + "\r\n".join(text)).encode()


def _heading(outcome: str) -> str:
    return {"accepted": "Accepted", "duplicate": "Already received"}[outcome]


def _cell(where: str, sheet: str | None) -> str:
    return where.replace(f"{sheet}!", "") if sheet else where
