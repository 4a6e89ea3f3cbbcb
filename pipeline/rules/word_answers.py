"""A Word form as it was read and its layout come in; what each answer says goes out, by the layout's keys."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Set

from pipeline.rules.dates import parse_date
from pipeline.rules.form import Answer, Choice, WordForm
from pipeline.rules.identity import case_reference, is_not_known
from pipeline.rules.layout import Field, WordLayout, WordSection


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What the rules ask of every layout of one kind of form, by key.

    ``fields``: what kind of answer each gives; ``required``: those that nothing can be believed without.
    ``choices``: the words that the rules understand, in lower case. ``questions``, ``ticks``, ``tables``: which there
    are, the last two by their section; a table with the columns that are read.
    """

    fields: Mapping[str, str]
    required: Set[str]
    choices: Mapping[str, Set[str]] = dataclasses.field(default_factory=dict)
    questions: Set[str] = frozenset()
    ticks: Set[str] = frozenset()
    tables: Mapping[str, Set[str]] = dataclasses.field(default_factory=dict)


def answers_of(form: WordForm, layout: WordLayout) -> dict[str, Answer]:
    """The answer of every field and box, by the layout's key."""
    return {field.key: form.fields[f"{section.title}/{field.label}"] for section, field in fields_of(layout)}


def questions_of(form: WordForm, layout: WordLayout) -> dict[str, bool | None]:
    """Yes, no or neither of every question, by the layout's key."""
    return {q.key: form.questions[f"{s.title}/{q.label}"].value for s in layout.sections for q in s.questions}


def choice_at(form: WordForm, layout: WordLayout, key: str) -> Choice:
    """The answer to the question called ``key``."""
    return next(form.questions[f"{s.title}/{q.label}"] for s in layout.sections for q in s.questions if q.key == key)


def rows_of(form: WordForm, layout: WordLayout, key: str) -> tuple[Mapping[str, str], ...]:
    """The filled rows of the table in the section called ``key``."""
    return form.tables[layout.section(key).title]


def case_of(answer: Answer) -> str | None:
    """The social care ID that an answer gives; None where it is not clearly one."""
    return case_reference(answer.text) if is_given(answer, identity=True) else None


def date_of(answer: Answer) -> dt.date | None:
    """The date that an answer says; None where it says none, or where its date picker holds another than it shows."""
    written = parse_date(answer.text)
    picked = answer.date
    if picked is None or written == picked:
        return written
    # A picker set to American dates shows 11/3/2026 for 3 November: the date that it holds is what was picked.
    shown = [int(number) for number in re.findall(r"\d+", answer.text)]
    return picked if shown == [picked.month, picked.day, picked.year] else None


def choice_of(layout: WordLayout, key: str, answers: Mapping[str, Answer]) -> str | None:
    """The choice that was made, in lower case; None where the answer is blank or not clearly one of them."""
    chosen = made(next(field for _, field in fields_of(layout) if field.key == key), answers[key])
    return chosen.casefold() if chosen else None


def is_given(answer: Answer, identity: bool) -> bool:
    if identity:
        return bool(answer.text) and not is_not_known(answer.text)
    return any(c.isalnum() for c in answer.text)


def made(field: Field, answer: Answer) -> str | None:
    """The choice that was made, as the layout writes it; None where the answer is not clearly one of them."""
    said = _without_spaces(answer.text)
    return next((choice for choice in field.choices if _without_spaces(choice) == said), None)


def _without_spaces(text: str) -> str:
    return "".join(text.split()).rstrip(".").casefold()


def fields_of(layout: WordLayout) -> Iterator[tuple[WordSection, Field]]:
    for section in layout.sections:
        for field in section.fields + section.boxes:
            yield section, field
