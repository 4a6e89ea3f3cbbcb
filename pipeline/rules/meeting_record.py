"""A meeting record as it was read comes in; every problem, and the believed record unless it goes back, go out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import get_args

from pipeline.rules.case import CoreGroupDecision, FlagDecision, MeetingKind, MeetingRecord
from pipeline.rules.examined import Examined
from pipeline.rules.form import WordForm
from pipeline.rules.layout import WordLayout
from pipeline.rules.meeting_checks import Decided, contradictions, reminders
from pipeline.rules.word_answers import Asks, answers_of, case_of, choice_of, date_of, questions_of, rows_of
from pipeline.rules.word_problems import goes_back, in_order, word_problems

_MEETINGS: Mapping[str | None, MeetingKind] = {word: word for word in get_args(MeetingKind)}
_CORE_GROUP: Mapping[str | None, CoreGroupDecision] = {word: word for word in get_args(CoreGroupDecision)}
_FLAG: Mapping[str | None, FlagDecision] = {word: word for word in get_args(FlagDecision)}
_ACCEPTED: Mapping[str | None, bool] = {"accepted": True, "not accepted": False}

ASKS = Asks(
    fields={
        "meeting": "choice", "date": "date", "chair": "text", "supervision": "choice", "name": "text",
        "date_of_birth": "date", "case": "text", "lead_professional": "text", "lead_agency": "text",
        "senior_manager": "text", "level_of_risk": "choice", "matrix_considered": "date", "dissent": "text",
        "core_group": "choice", "flag": "choice", "review_flag_by": "date", "accepted": "choice",
        "next_meeting": "date", "completed_on": "date",
    },
    required=frozenset({"meeting", "date", "name", "case"}),
    choices={
        "meeting": frozenset(get_args(MeetingKind)),
        "core_group": frozenset(get_args(CoreGroupDecision)),
        "flag": frozenset(get_args(FlagDecision)),
        "accepted": frozenset({"accepted", "not accepted"}),
    },
    tables={
        "attendance": frozenset({"Agency", "Name and role"}),
        "actions": frozenset(
            {"No.", "Action", "Owner and agency", "By when", "Status", "What has changed for the young person"}
        ),
        "new_actions": frozenset({"New action", "Owner and agency", "By when", "Risk it reduces"}),
        "specialist_assessments": frozenset({"Assessment", "Agency asked", "Date asked", "Done?"}),
        "exclusions": frozenset({"Service", "Excluded until", "Plan for return"}),
        "also_tell": frozenset({"Service to be told", "Name and role", "Address"}),
    },
)  # fmt: skip
_DECISIVE = frozenset(ASKS.choices)
_PAST = frozenset({"date", "supervision_date", "completed_on"})


def examine_meeting_record(form: WordForm, layout: WordLayout, today: dt.date) -> Examined:
    """Examine every answer; ``believed`` is None where one that is required is wanting or unclear.

    What people decided is never guessed: an unclear decision, and one that contradicts another, sends the form back.
    """
    answers = answers_of(form, layout)
    decided = Decided(
        meeting=_MEETINGS.get(choice_of(layout, "meeting", answers)),
        date=date_of(answers["date"]),
        core_group=_CORE_GROUP.get(choice_of(layout, "core_group", answers)),
        flag=_FLAG.get(choice_of(layout, "flag", answers)),
        accepted=_ACCEPTED.get(choice_of(layout, "accepted", answers)),
        review_flag_by=date_of(answers["review_flag_by"]),
        matrix_considered=date_of(answers["matrix_considered"]),
        next_meeting=date_of(answers["next_meeting"]),
        level_of_risk=choice_of(layout, "level_of_risk", answers),
        answers=answers,
        labels={f.key: f.label for s in layout.sections for f in s.fields + s.boxes},
    )
    exclusions = rows_of(form, layout, "exclusions")
    own = [*contradictions(decided), *reminders(decided, exclusions, layout.section("exclusions").place)]
    said = {(problem.code, problem.where) for problem in own}  # with its clause: not again without
    shared = word_problems(form, layout, today, decisive=_DECISIVE, past=_PAST)
    problems = in_order([*(p for p in shared if (p.code, p.where) not in said), *own])
    case = case_of(answers["case"])
    if goes_back(problems) or case is None or decided.meeting is None or decided.date is None:
        return Examined(form, case, problems, None)
    believed = MeetingRecord(
        case=case,
        name=answers["name"].text,
        date_of_birth=date_of(answers["date_of_birth"]),
        date=decided.date,
        meeting=decided.meeting,
        chair=answers["chair"].text,
        core_group=decided.core_group,
        flag=decided.flag,
        accepted=decided.accepted,
        review_flag_by=decided.review_flag_by,
        matrix_considered=decided.matrix_considered,
        next_meeting=decided.next_meeting,
        answers={key: answer.text for key, answer in answers.items()},
        questions=questions_of(form, layout),
        attendance=rows_of(form, layout, "attendance"),
        actions=rows_of(form, layout, "actions"),
        new_actions=rows_of(form, layout, "new_actions"),
        specialist_assessments=rows_of(form, layout, "specialist_assessments"),
        exclusions=exclusions,
        also_tell=rows_of(form, layout, "also_tell"),
        form=form,
        notes=problems,
    )
    return Examined(form, case, problems, believed)
