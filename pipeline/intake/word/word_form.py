"""The bytes of a Word file come in; the form in it goes out, each answer found by the form's own labels."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zipfile import ZipFile

from pipeline.intake.word.findings import Findings
from pipeline.intake.word.labels import labels_of
from pipeline.intake.word.word_rows import Reading
from pipeline.intake.word.word_text import WordText, read_word
from pipeline.rules.form import Answer, Choice, Problem, Remark, Tick, WordForm
from pipeline.rules.layout import WordLayout, WordSection


def read_word_form(data: bytes, layouts: Sequence[WordLayout], parts: ZipFile | None = None) -> WordForm | None:
    """Read the form whose labels the document has; None where it is a Word document, but none of these forms.

    ``parts``: those of ``data``, opened already.

    Raises:
        UnreadableFile: it is no Word document, or damaged, or closed by a password.
    """
    word = read_word(data, parts)
    found = recognise(word, layouts)
    return _form(*found, word) if found else None


def recognise(word: WordText, layouts: Sequence[WordLayout]) -> tuple[WordLayout, Findings] | None:
    """The layout whose labels the document has, and what was found at them; None where it is none of these forms."""
    return _nearest(word, layouts, 0.5)  # half of the labels: less than that is another document


def describe_nearest(data: bytes, layouts: Sequence[WordLayout]) -> str:
    """For a Word document that is no form: which layout came nearest, and which of its labels were missing.

    Empty where not a quarter of any layout's labels was found.
    """
    nearest = _nearest(read_word(data), layouts, 0.25)
    if nearest is None:
        return ""
    layout, findings = nearest
    missing = [label for section, labels in _labels(layout) for label in _gone(section, labels, findings)]
    more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
    named = ", ".join(f"“{label}”" for label in missing[:8])
    return f"It comes nearest to “{layout.title}” ({layout.version}); these labels of it were not found: {named}{more}."


def _nearest(word: WordText, layouts: Sequence[WordLayout], share: float) -> tuple[WordLayout, Findings] | None:
    """The layout of which most labels were found, if it is at least this share of them."""
    nearest = None
    for layout in layouts:
        labels, wanted = labels_of(layout), sum(len(labels) for _, labels in _labels(layout))
        if labels.most_in(word.keys) / wanted < share:
            continue  # to look for words takes a hundredth of the time that reading takes
        reading = Reading(labels)
        reading.read(word)
        found = len(reading.findings.labels) / wanted
        if found >= share:
            nearest, share = (layout, reading.findings), found
    return nearest


def _form(layout: WordLayout, findings: Findings, word: WordText) -> WordForm:
    fields: dict[str, Answer] = {}
    questions: dict[str, Choice] = {}
    ticked: list[Tick] = []
    for section in layout.sections:
        place = section.place
        for label in (*(f.label for f in section.fields + section.boxes), *section.specify):
            name = f"{section.title}/{label}"
            fields[name] = findings.answers.get(name) or Answer("", f'{place}, "{label}"')
        for question in section.questions:
            name = f"{section.title}/{question.label}"
            questions[name] = findings.choices.get(name) or Choice(None, f'{place}, "{question.label}"')
        for label in section.ticks:
            if f"{section.title}/{label}" in findings.ticked:
                ticked.append(Tick(section.title, label, f'{place}, "{label}"'))
    remarks = [Remark(where, word.remarks[ref]) for where, ref in findings.hanging if word.remarks.get(ref)]
    return WordForm(
        layout.name,
        fields,
        questions,
        tuple(ticked),
        {s.title: tuple(findings.records.get(s.title, ())) for s in layout.sections if s.columns},
        tuple(dict.fromkeys((*remarks, *findings.remarks))),
        (*_file_notes(word, findings), *findings.notes(), *_missing(layout, findings)),
        layout.kind,
    )


@lru_cache(maxsize=32)
def _labels(layout: WordLayout) -> list[tuple[WordSection, list[str]]]:
    return [(s, [*(f.label for f in s.fields + s.boxes + s.questions), *s.ticks, *s.columns]) for s in layout.sections]


def _file_notes(word: WordText, findings: Findings) -> list[Problem]:
    notes: list[Problem] = []
    if word.macros:
        notes.append(
            Problem(
                "note", "macros", "the whole form", "The file can hold macros; none was run.",
                "Nothing is needed. Next time, save the form as Word Document (.docx).",
            )
        )  # fmt: skip
    if word.tracked:
        notes.append(
            Problem(
                "note", "tracked-changes", "; ".join(findings.tracked) or "the whole form",
                "Changes are tracked here: what was inserted was read, what was deleted was not.",
                "Nothing is needed if that is what you mean. Else accept or reject the changes (Review, Changes) and "
                "drop the form again.",
            )
        )  # fmt: skip
    return notes


def _missing(layout: WordLayout, findings: Findings) -> list[Problem]:
    notes: list[Problem] = []
    for section, labels in _labels(layout):
        gone = _gone(section, labels, findings)
        if gone:
            named = ", ".join(f'"{label}"' for label in gone)
            notes.append(
                Problem(
                    "note", "missing-label", section.place,
                    f"The form no longer has these words, so that their answers could not be found: {named}.",
                    "Use the form as it is issued; if you need to answer these, copy your answers into a blank form.",
                )
            )  # fmt: skip
    return notes


def _gone(section: WordSection, labels: Sequence[str], findings: Findings) -> list[str]:
    return [label for label in labels if (section.title, label) not in findings.labels]
