"""An acknowledgement slip as it was read comes in; every problem, and what is believed unless it goes back, go out."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence

from pipeline.rules.case import Acknowledgement, Believed, Letter
from pipeline.rules.examined import Examined
from pipeline.rules.form import Answer, Choice, Problem, WordForm
from pipeline.rules.identity import case_reference
from pipeline.rules.layout import WordLayout
from pipeline.rules.word_answers import Asks, answers_of, choice_at, date_of, is_given
from pipeline.rules.word_problems import goes_back, in_order, word_problems

ASKS = Asks(
    fields={"reference": "text", "date": "date"}, required=frozenset({"reference"}), questions=frozenset({"done"})
)
_CHECK = "Copy the reference from the letter that the slip answers; it stands below the letter's date."
_DASHES = str.maketrans("‐‑‒–—−", "------")
# The case, eight signs of the pack, and the number of the letter in it: CF104233-1a2b3c4d-03.
_REFERENCE = re.compile(
    r"(?P<case>.+?)\s*-\s*(?P<pack>(?:[0-9a-f]\s*){8})-\s*(?P<number>[0-9]{2,})\.?", re.IGNORECASE | re.DOTALL
)


def examine_acknowledgement(form: WordForm, layout: WordLayout, today: dt.date) -> Examined:
    """Examine every answer; ``believed`` is None where one that is required is wanting or unclear."""
    answers = answers_of(form, layout)
    done = choice_at(form, layout, "done")
    problems = in_order(
        [
            *word_problems(form, layout, today, decisive=frozenset({"done"}), past=frozenset({"date"})),
            *_reference(answers["reference"]),
            *_not_done(done),
        ]
    )
    letter, replied = letter_reference(answers["reference"].text), date_of(answers["date"])
    case, reference = letter or (None, "")
    if goes_back(problems) or case is None:
        return Examined(form, case, problems, None)
    believed = Acknowledgement(
        case=case,
        reference=reference,
        date=replied if replied and replied <= today else None,  # a reply still to come was not given then
        done=done.value,
        answers={key: answer.text for key, answer in answers.items()},
        form=form,
        notes=problems,
    )
    return Examined(form, case, problems, believed)


def letter_reference(text: str) -> tuple[str, str] | None:
    """The case that a letter is about, and the letter's reference as it is printed; None where it is not clearly one.

    White space, case and the kind of dash do not matter.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    found = _REFERENCE.fullmatch(plain)
    case = case_reference(found["case"]) if found else None
    if found is None or case is None:
        return None
    return case, f"{case}-{''.join(found['pack'].split()).lower()}-{found['number']}"


def unknown_letter(arrived: Believed, letters: Sequence[Letter]) -> Problem | None:
    """A problem where a slip names a letter that was never drafted."""
    if not isinstance(arrived, Acknowledgement) or arrived.reference in {letter.reference for letter in letters}:
        return None
    where = next(
        answer.where
        for answer in arrived.form.fields.values()
        if letter_reference(answer.text) == (arrived.case, arrived.reference)
    )
    return Problem("return", "unknown-letter", where, "No letter with this reference was ever drafted.", _CHECK)


def _reference(answer: Answer) -> Iterator[Problem]:
    if is_given(answer, identity=True) and letter_reference(answer.text) is None:
        what = "This is not clearly the reference of one letter."
        yield Problem("return", "unclear-reference", answer.where, what, _CHECK)


def _not_done(done: Choice) -> Iterator[Problem]:
    if done.value is False:
        yield Problem(
            "note", "not-done", done.where, "The agency says that it has not done what the letter asks.",
            "Ask the agency what stands in the way. The letter stays on the list of those that wait for a reply.",
        )  # fmt: skip
