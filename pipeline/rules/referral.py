"""A referral form as it was read comes in; every problem, and the believed referral unless it goes back, go out."""

from __future__ import annotations

import datetime as dt

from pipeline.rules.case import Referral
from pipeline.rules.examined import Examined
from pipeline.rules.form import WordForm
from pipeline.rules.layout import WordLayout
from pipeline.rules.word_answers import Asks, answers_of, case_of, date_of, questions_of, rows_of
from pipeline.rules.word_problems import goes_back, in_order, word_problems

ASKS = Asks(
    fields={
        "case": "text", "surname": "text", "forenames": "text", "alias": "text", "date_of_birth": "date",
        "date_of_referral": "date", "signed_on": "date",
    },
    required=frozenset({"case", "surname", "date_of_birth"}),
    ticks=frozenset({"criteria", "invitations", "barriers"}),
    tables={"family": frozenset(), "agencies": frozenset()},
)  # fmt: skip
_PAST = frozenset({"date_of_referral", "date_agreed", "signed_on"})


def examine_referral(form: WordForm, layout: WordLayout, today: dt.date) -> Examined:
    """Examine every answer; ``believed`` is None where one that is required is wanting."""
    answers = answers_of(form, layout)
    problems = in_order(word_problems(form, layout, today, past=_PAST))
    case = case_of(answers["case"])
    born = date_of(answers["date_of_birth"])
    if goes_back(problems) or case is None or born is None:
        return Examined(form, case, problems, None)
    ticked = {s.key: tuple(t.label for t in form.ticked if t.section == s.title) for s in layout.sections if s.ticks}
    believed = Referral(
        case=case,
        date=date_of(answers["date_of_referral"]) or date_of(answers["signed_on"]),
        date_of_birth=born,
        answers={key: answer.text for key, answer in answers.items()},
        questions=questions_of(form, layout),
        criteria=ticked["criteria"],
        invited=ticked["invitations"],
        barriers=ticked["barriers"],
        specified={label: form.fields[f"{s.title}/{label}"].text for s in layout.sections for label in s.specify},
        family=rows_of(form, layout, "family"),
        agencies=rows_of(form, layout, "agencies"),
        form=form,
        notes=problems,
    )
    return Examined(form, case, problems, believed)
