"""A Word form as it was read and its layout come in; the problems that any such form can have go out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Set

from pipeline.rules.dates import age_beside, age_on, parse_date, parse_time
from pipeline.rules.form import Answer, Problem, Severity, WordForm
from pipeline.rules.layout import WordLayout, WordSection
from pipeline.rules.word_answers import answers_of, case_of, date_of, fields_of, is_given, made

# Services for young people end at 25; a date of birth further back than this is a slip of the pen.
_OLDEST = 30
DATE_REMEDY = "Write it as day, month, year, for example 14/02/2010, and drop the form again."
_TIME_REMEDY = "Write it by the 24-hour clock, for example 22:40, or with am or pm, and drop the form again."
# What the reader says of a place that may hold more of an answer than it could read.
_IN_DOUBT = {"prompt", "picture"}
_BLANK_FORM = "Copy your answers into a form as it is issued, and drop that."
_NAMES = ("surname", "forenames", "name")


def goes_back(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "return" for problem in problems)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those that send the form back first."""
    return tuple(sorted(problems, key=lambda problem: problem.severity != "return"))


def word_problems(
    form: WordForm,
    layout: WordLayout,
    today: dt.date,
    *,
    decisive: Set[str] = frozenset(),
    past: Set[str] = frozenset(),
) -> list[Problem]:
    """Every problem that does not hang on what kind of form it is.

    ``decisive``: keys of choices and questions that the form goes back for where they are unclear, for what people
    decided is never guessed. ``past``: keys of dates that cannot lie in the future; one that is required goes back.
    """
    answers = answers_of(form, layout)
    problems = list(_wanting(form, layout))
    if "case" in answers:
        problems += _case(answers["case"])
    if "date_of_birth" in answers:
        problems += _birth(answers["date_of_birth"], today)
    problems += _two_people(form, layout, answers)
    problems += [*form.notes, *_dates(layout, answers, today, past), *_times(layout, answers)]
    problems += _choices(form, layout, answers, decisive)
    return [*problems, *_blanks(form, layout, decisive), *_ticks_and_words(form, layout)]


def unanswered(where: str, label: str) -> Problem:
    return Problem(
        "note", "unanswered", where, f'"{label}" is not answered.',
        "The documents leave a space for it; if you know the answer, write it there.",
    )  # fmt: skip


def _wanting(form: WordForm, layout: WordLayout) -> Iterator[Problem]:
    for section, field in fields_of(layout):
        answer = form.fields[f"{section.title}/{field.label}"]
        if field.required and not is_given(answer, field.identity):
            said = " ".join(answer.text.split())
            says = f'says only "{said}"' if any(c.isalnum() for c in said) else "is not answered"
            yield Problem("return", "missing", answer.where, f'"{field.label}" {says}.', field.remedy)
    for section in layout.sections:
        if section.one_required and not any(tick.section == section.title for tick in form.ticked):
            what = f'Nothing is ticked under "{section.title}".'
            yield Problem("return", "missing", section.place, what, section.one_required)


def _case(answer: Answer) -> Iterator[Problem]:
    if is_given(answer, identity=True) and case_of(answer) is None:
        yield Problem(
            "return", "unclear-id", answer.where,
            "This is not clearly one social care ID.",
            "Write that number alone, as it stands at the top of the young person's record, and drop the form again.",
        )  # fmt: skip


def _birth(answer: Answer, today: dt.date) -> Iterator[Problem]:
    if not is_given(answer, identity=True):
        return
    born = date_of(answer)
    age = age_beside(answer.text)
    if born is None and answer.date and parse_date(answer.text):
        yield Problem(
            "return", "unreadable-date", answer.where,
            "The date of birth that is shown and the one that its date picker holds are not the same.",
            "Delete the date, write it again as day, month, year, for example 14/02/2010, and drop the form again.",
        )  # fmt: skip
    elif born is None:
        yield Problem("return", "unreadable-date", answer.where, "The date of birth cannot be read.", DATE_REMEDY)
    elif born > today or born.year < today.year - _OLDEST:
        what = "The date of birth cannot be right: it lies in the future." if born > today else (
            f"The date of birth cannot be right: it lies more than {_OLDEST} years back."
        )  # fmt: skip
        yield Problem("return", "unreadable-date", answer.where, what, DATE_REMEDY)
    elif age is not None and abs(age_on(born, today) - age) > 1:  # they may have had a birthday since
        what = "The date of birth and the age that is written beside it do not agree."
        yield Problem("return", "unreadable-date", answer.where, what, f"Check both. {DATE_REMEDY}")


def _two_people(form: WordForm, layout: WordLayout, answers: Mapping[str, Answer]) -> Iterator[Problem]:
    """Two forms in one document: what is said of one child must not reach the letters of another."""
    twice = {note.where for note in form.notes if note.code == "answered-twice"}
    alias = next((field.label for _, field in fields_of(layout) if field.key == "alias"), None)
    one = f'leave one name here and write the other at "{alias}".' if alias else "leave that name here alone."
    for key in _NAMES:
        if key in answers and answers[key].where in twice:
            yield Problem(
                "return", "two-people", answers[key].where,
                "Two different names stand here: there may be two young people in this document.",
                f"If so, write a form for each and drop both. If it is one, {one}",
            )  # fmt: skip


def _dates(layout: WordLayout, answers: Mapping[str, Answer], today: dt.date, past: Set[str]) -> Iterator[Problem]:
    for _, field in fields_of(layout):
        answer = answers[field.key]
        if field.answer != "date" or field.key == "date_of_birth" or not is_given(answer, identity=True):
            continue
        day = date_of(answer)
        if day is None:
            what = f'The date at "{field.label}" cannot be read'
            if field.required:
                yield Problem("return", "unreadable-date", answer.where, f"{what}.", DATE_REMEDY)
            else:
                yield Problem("note", "unreadable-date", answer.where, f"{what}; it was kept as written.", DATE_REMEDY)
        elif day > today and field.key in past:
            what = f'The date at "{field.label}" lies in the future.'
            yield Problem(
                "return" if field.required else "note", "future-date", answer.where, what,
                f"Check the day, month and year. {DATE_REMEDY}" if field.required else DATE_REMEDY,
            )  # fmt: skip


def _times(layout: WordLayout, answers: Mapping[str, Answer]) -> Iterator[Problem]:
    for _, field in fields_of(layout):
        answer = answers[field.key]
        if field.answer == "time" and is_given(answer, identity=True) and parse_time(answer.text) is None:
            what = f'The time at "{field.label}" cannot be read; it was kept as written.'
            yield Problem("note", "unreadable-time", answer.where, what, _TIME_REMEDY)


def _choices(
    form: WordForm, layout: WordLayout, answers: Mapping[str, Answer], decisive: Set[str]
) -> Iterator[Problem]:
    doubtful = {note.where for note in form.notes if note.code in _IN_DOUBT}
    for section, field in fields_of(layout):
        answer = answers[field.key]
        if field.answer != "choice" or (field.required and not is_given(answer, field.identity)):
            continue
        unclear = bool(answer.text) and made(field, answer) is None
        what = f'The answer at "{field.label}" is not clearly one of the choices'
        remedy = f"Choose one of: {', '.join(field.choices)}. Then drop the form again."
        if field.key in decisive and _gone(form, section, field.label):
            gone = f'The form no longer has the words "{field.label}", so that nobody can tell what was decided.'
            yield Problem("return", "missing-label", answer.where, gone, _BLANK_FORM)
        elif field.key in decisive and (unclear or answer.where in doubtful):
            yield Problem("return", "unclear-answer", answer.where, f"{what}.", remedy)
        elif unclear:
            yield Problem("note", "unclear-answer", answer.where, f"{what}; it was kept as written.", remedy)


def _blanks(form: WordForm, layout: WordLayout, decisive: Set[str]) -> Iterator[Problem]:
    """What nobody answered and what the form does not go back for, once: not again where its label is gone."""
    for section in layout.sections:
        for field in section.fields + section.boxes:
            answer = form.fields[f"{section.title}/{field.label}"]
            asked = not (section.optional or field.optional or field.required)
            if asked and not answer.text and not _gone(form, section, field.label):
                yield unanswered(answer.where, field.label)
        yield from _questions(form, section, decisive)
        if section.optional:
            continue
        if section.columns and not form.tables[section.title]:
            yield unanswered(section.place, section.title)
        if section.ticks and not section.one_required and not any(t.section == section.title for t in form.ticked):
            yield unanswered(section.place, section.title)


def _questions(form: WordForm, section: WordSection, decisive: Set[str]) -> Iterator[Problem]:
    for question in section.questions:
        choice = form.questions[f"{section.title}/{question.label}"]
        if choice.both:
            what = f'Both Yes and No are ticked at "{question.label}"; neither was taken.'
            severity: Severity = "return" if question.key in decisive else "note"
            yield Problem(severity, "two-marks", choice.where, what, "Tick one of them and drop the form again.")
        elif (
            choice.value is None
            and not (section.optional or question.optional)
            and not any(note.where == choice.where for note in form.notes)
            and not _gone(form, section, question.label)
        ):
            yield unanswered(choice.where, question.label)


def _ticks_and_words(form: WordForm, layout: WordLayout) -> Iterator[Problem]:
    for section in layout.sections:
        for label in section.specify:
            answer = form.fields[f"{section.title}/{label}"]
            ticked = any(tick.section == section.title and tick.label == label for tick in form.ticked)
            if ticked and not answer.text:
                yield unanswered(answer.where, label)
            elif answer.text and not ticked:
                yield Problem(
                    "note", "not-ticked", answer.where, f'Words are written at "{label}", but its box is not ticked.',
                    "Tick the box if it applies, and drop the form again.",
                )  # fmt: skip


def _gone(form: WordForm, section: WordSection, label: str) -> bool:
    """Whether the reader did not find this label on the form."""
    gone = {note.where: note.what for note in form.notes if note.code == "missing-label"}
    return f'"{label}"' in gone.get(section.place, "")
