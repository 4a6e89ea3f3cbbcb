"""The forms of a file that go back come in; what the note "What to put right" says goes out."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.files import shortened
from pipeline.outgoing.wording import heading, noted
from pipeline.rules.form import Problem
from pipeline.settings import Sender


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """One form that goes back. ``title`` of its layout, ``""`` where the file is none of the forms.

    ``sheet`` where the file holds several. ``first``: what is certain already and which answers settle the rest.
    """

    title: str
    sheet: str | None
    problems: tuple[Problem, ...]
    first: tuple[str, ...] = ()


_NOT_ON_WINDOWS = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\s*(\.|$)", re.IGNORECASE)
# File systems take 255 bytes; "To complete - " and " (2)" are added.
_LONGEST_NAME = 200


def given_back_as(name: str) -> str:
    """The name under which a file dropped as ``name`` goes back: the same, where every system can open that."""
    name = _NOT_ON_WINDOWS.sub("_", unicodedata.normalize("NFC", name))
    name = f"_{name}" if _RESERVED.match(name) else name
    return shortened(name, _LONGEST_NAME).rstrip(". ") or "form"


def what_to_put_right(
    file: str, marked: str, forms: Sequence[ReturnedForm], sender: Sender, *, reference: str, today: dt.date
) -> dict[str, object]:
    """What the note says: what, where and how, the reasons for the return first.

    ``marked``: the name of the copy in which each place is marked; ``""`` where there is none.
    """
    count = sum(p.severity == "return" for form in forms for p in form.problems)
    return heading(reference, today, sender) | {
        "file": file,
        "marked": marked,
        "count": "1 thing" if count == 1 else f"{count} things",
        "forms": [_form(form) for form in forms],
        "help": " or ".join(way for way in _ways_to_ask(sender) if way),
    }


def _ways_to_ask(sender: Sender) -> tuple[str, str]:
    return (sender.telephone and f"call {sender.telephone}", sender.email and f"write to {sender.email}")


def _form(form: ReturnedForm) -> dict[str, object]:
    title = form.title or "The file"
    return {
        "title": f"{title}, sheet {form.sheet}" if form.sheet else title,
        "first": list(form.first),
        "to_put_right": _problems(form, "return"),
        "notes": _problems(form, "note"),
    }


def _problems(form: ReturnedForm, severity: str) -> list[dict[str, str]]:
    return noted(replace(p, where=p.where or "the whole file") for p in form.problems if p.severity == severity)
