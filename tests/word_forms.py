"""Word forms as a reader would hand them over, written by hand: the answers that a test is about, the others blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.rules.examined import Examined
from pipeline.rules.form import Answer, Choice, Problem, WordForm
from pipeline.rules.layout import WordLayout


def word_form(
    layout: WordLayout,
    answers: Mapping[str, str | Answer],
    *,
    questions: Mapping[str, bool | None] | None = None,
    both: Sequence[str] = (),
    tables: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
    notes: Sequence[Problem] = (),
) -> WordForm:
    """``answers``, ``questions``, ``both`` (Yes and No ticked) and ``tables`` go by the layout's keys."""
    fields, choices = {}, {}
    for section in layout.sections:
        for field in section.fields + section.boxes:
            answer = answers.get(field.key, "")
            blank = Answer("", f'{section.place}, "{field.label}"')
            fields[f"{section.title}/{field.label}"] = (
                answer if isinstance(answer, Answer) else replace(blank, text=answer)
            )
        for question in section.questions:
            ticked = (questions or {}).get(question.key)
            choices[f"{section.title}/{question.label}"] = Choice(
                ticked, f'{section.place}, "{question.label}"', question.key in both
            )
    rows = {
        section.title: tuple(
            dict.fromkeys(section.columns, "") | dict(row) for row in (tables or {}).get(section.key, ())
        )
        for section in layout.sections
        if section.columns
    }
    return WordForm(layout.name, fields, choices, (), rows, notes=tuple(notes), kind=layout.kind)


def returned(examined: Examined) -> list[tuple[str, str]]:
    """Code and place of what sends the form back."""
    return [(p.code, p.where) for p in examined.problems if p.severity == "return"]


def noted(examined: Examined) -> list[tuple[str, str]]:
    """Code and place of what does not."""
    return [(p.code, p.where) for p in examined.problems if p.severity == "note"]
