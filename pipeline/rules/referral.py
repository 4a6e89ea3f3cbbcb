"""A referral form as it was read comes in; every problem, and the believed referral unless it goes back, go out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from pipeline.rules.case import Referral
from pipeline.rules.dates import age_beside, age_on, parse_date
from pipeline.rules.examined import Examined
from pipeline.rules.form import Answer, Problem, WordForm
from pipeline.rules.identity import case_reference, is_not_known
from pipeline.rules.layout import Field, WordLayout, WordSection

# Services for young people end at 25; a date of birth further back than this is a slip of the pen.
_OLDEST = 30
_DATE_REMEDY = "Write it as day, month, year, for example 14/02/2010, and drop the form again."


def examine_referral(form: WordForm, layout: WordLayout, today: dt.date) -> Examined:
    """Examine every answer; ``believed`` is None where one that is required is wanting."""
    asked = {f.key: (s, f) for s in layout.sections for f in s.fields + s.boxes}
    answers = {key: form.fields[f"{s.title}/{f.label}"] for key, (s, f) in asked.items()}
    problems = [*_wanting(form, layout), *_case(answers["case"]), *_birth(answers["date_of_birth"], today)]
    problems += _two_people(form, answers)
    problems += [*form.notes, *_dates(layout, answers, today), *_blanks(form, layout), *_ticks_and_words(form, layout)]
    problems.sort(key=lambda problem: problem.severity != "return")
    case = _case_of(answers["case"])
    born = date_of(answers["date_of_birth"])
    goes_back = any(problem.severity == "return" for problem in problems)
    if goes_back or case is None or born is None:
        return Examined(form, case, tuple(problems), None)
    ticked = {
        key: tuple(t.label for t in form.ticked if t.section == s.title) for key, s in _with_ticks(layout).items()
    }
    believed = Referral(
        case=case,
        date=date_of(answers["date_of_referral"]) or date_of(answers["signed_on"]),
        date_of_birth=born,
        answers={key: answer.text for key, answer in answers.items()},
        questions={
            q.key: form.questions[f"{s.title}/{q.label}"].value for s in layout.sections for q in s.questions
        },
        criteria=ticked["criteria"],
        invited=ticked["invitations"],
        barriers=ticked["barriers"],
        specified={label: form.fields[f"{s.title}/{label}"].text for s in layout.sections for label in s.specify},
        family=form.tables[layout.section("family").title],
        agencies=form.tables[layout.section("agencies").title],
        form=form,
        notes=tuple(problems),
    )  # fmt: skip
    return Examined(form, case, tuple(problems), believed)


def date_of(answer: Answer) -> dt.date | None:
    """The date that an answer says; None where it says none, or where its date picker holds another than it shows."""
    written = parse_date(answer.text)
    picked = answer.date
    if picked is None or written == picked:
        return written
    # A picker set to American dates shows 11/3/2026 for 3 November: the date that it holds is what was picked.
    shown = [int(number) for number in re.findall(r"\d+", answer.text)]
    return picked if shown == [picked.month, picked.day, picked.year] else None


def _is_given(answer: Answer, identity: bool) -> bool:
    if identity:
        return bool(answer.text) and not is_not_known(answer.text)
    return any(c.isalnum() for c in answer.text)


def _wanting(form: WordForm, layout: WordLayout) -> Iterator[Problem]:
    for section, field in _fields(layout):
        answer = form.fields[f"{section.title}/{field.label}"]
        if field.required and not _is_given(answer, field.identity):
            said = " ".join(answer.text.split())
            says = f'says only "{said}"' if any(c.isalnum() for c in said) else "is not answered"
            yield Problem("return", "missing", answer.where, f'"{field.label}" {says}.', field.remedy)
    for section in layout.sections:
        if section.one_required and not any(tick.section == section.title for tick in form.ticked):
            what = f'Nothing is ticked under "{section.title}".'
            yield Problem("return", "missing", section.place, what, section.one_required)


def _case(answer: Answer) -> Iterator[Problem]:
    if _is_given(answer, identity=True) and _case_of(answer) is None:
        yield Problem(
            "return", "unclear-id", answer.where,
            "This is not clearly one social care ID.",
            "Write that number alone, as it stands at the top of the young person's record, and drop the form again.",
        )  # fmt: skip


def _case_of(answer: Answer) -> str | None:
    return case_reference(answer.text) if _is_given(answer, identity=True) else None


def _birth(answer: Answer, today: dt.date) -> Iterator[Problem]:
    if not _is_given(answer, identity=True):
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
        yield Problem("return", "unreadable-date", answer.where, "The date of birth cannot be read.", _DATE_REMEDY)
    elif born > today or born.year < today.year - _OLDEST:
        what = "The date of birth cannot be right: it lies in the future." if born > today else (
            f"The date of birth cannot be right: it lies more than {_OLDEST} years back."
        )  # fmt: skip
        yield Problem("return", "unreadable-date", answer.where, what, _DATE_REMEDY)
    elif age is not None and abs(age_on(born, today) - age) > 1:  # they may have had a birthday since
        what = "The date of birth and the age that is written beside it do not agree."
        yield Problem("return", "unreadable-date", answer.where, what, f"Check both. {_DATE_REMEDY}")


def _two_people(form: WordForm, answers: dict[str, Answer]) -> Iterator[Problem]:
    """Two forms in one document: what is said of one child must not reach the letters of another."""
    twice = {note.where for note in form.notes if note.code == "answered-twice"}
    for key in ("surname", "forenames"):
        if answers[key].where in twice:
            yield Problem(
                "return", "two-people", answers[key].where,
                "Two different names stand here: there may be two young people in this document.",
                "If so, write a form for each and drop both. If it is one, leave one name here and write the other at "
                '"Known as / alias".',
            )  # fmt: skip


def _dates(layout: WordLayout, answers: dict[str, Answer], today: dt.date) -> Iterator[Problem]:
    for _, field in _fields(layout):
        answer = answers[field.key]
        if field.answer != "date" or field.required or not _is_given(answer, identity=True):
            continue
        day = date_of(answer)
        if day is None:
            what = f'The date at "{field.label}" cannot be read; it was kept as written.'
            yield Problem("note", "unreadable-date", answer.where, what, _DATE_REMEDY)
        elif day > today and field.key in ("date_of_referral", "date_agreed", "signed_on"):
            what = f'The date at "{field.label}" lies in the future.'
            yield Problem("note", "future-date", answer.where, what, _DATE_REMEDY)


def _blanks(form: WordForm, layout: WordLayout) -> Iterator[Problem]:
    """What nobody answered and what the form does not go back for, once: not again where its label is gone."""
    gone = {note.where: note.what for note in form.notes if note.code == "missing-label"}
    for section in layout.sections:
        if section.optional:
            continue
        for field in section.fields + section.boxes:
            answer = form.fields[f"{section.title}/{field.label}"]
            if not answer.text and not field.required and f'"{field.label}"' not in gone.get(section.place, ""):
                yield _unanswered(answer.where, field.label)
        for question in section.questions:
            choice = form.questions[f"{section.title}/{question.label}"]
            if choice.both:
                what = f'Both Yes and No are ticked at "{question.label}"; neither was taken.'
                yield Problem("note", "two-marks", choice.where, what, "Tick one of them and drop the form again.")
            elif (
                choice.value is None
                and not any(n.where == choice.where for n in form.notes)
                and f'"{question.label}"' not in gone.get(section.place, "")
            ):
                yield _unanswered(choice.where, question.label)
        if section.columns and not form.tables[section.title]:
            yield _unanswered(section.place, section.title)
        if section.ticks and not section.one_required and not any(t.section == section.title for t in form.ticked):
            yield _unanswered(section.place, section.title)


def _ticks_and_words(form: WordForm, layout: WordLayout) -> Iterator[Problem]:
    for section in layout.sections:
        for label in section.specify:
            answer = form.fields[f"{section.title}/{label}"]
            ticked = any(tick.section == section.title and tick.label == label for tick in form.ticked)
            if ticked and not answer.text:
                yield _unanswered(answer.where, label)
            elif answer.text and not ticked:
                yield Problem(
                    "note", "not-ticked", answer.where, f'Words are written at "{label}", but its box is not ticked.',
                    "Tick the box if it applies, and drop the form again.",
                )  # fmt: skip


def _unanswered(where: str, label: str) -> Problem:
    return Problem(
        "note", "unanswered", where, f'"{label}" is not answered.',
        "The documents leave a space for it; if you know the answer, write it there.",
    )  # fmt: skip


def _fields(layout: WordLayout) -> Iterator[tuple[WordSection, Field]]:
    for section in layout.sections:
        for field in section.fields + section.boxes:
            yield section, field


def _with_ticks(layout: WordLayout) -> dict[str, WordSection]:
    return {section.key: section for section in layout.sections if section.ticks}
