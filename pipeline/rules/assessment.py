"""A matrix as read comes in; an Assessment that may be believed goes out, or every reason why the form goes back."""

from __future__ import annotations

import datetime as dt

from pipeline.rules.assessment_dates import age_of, age_problems, date_problems, leading_date, read_dates
from pipeline.rules.case import Assessment, Score
from pipeline.rules.examined import Examined
from pipeline.rules.form import Answer, MatrixForm, Problem
from pipeline.rules.identity import case_reference, is_not_known
from pipeline.rules.layout import PROTECTIVE, MatrixLayout
from pipeline.rules.outcome import outcome
from pipeline.rules.scoring import score, total_of
from pipeline.rules.stated import stated_band, stated_total
from pipeline.rules.unsettled import must_be_settled, say_first


def examine_matrix(form: MatrixForm, layout: MatrixLayout, today: dt.date) -> Examined:
    """Validate and score ``form``; ``today`` tells which dates lie in the future."""
    answers = {f.key: form.fields[f.label] for f in layout.fields}
    dates = read_dates(layout, answers)
    day, age = leading_date(dates), age_of(dates)
    case = case_reference(answers["case"].text)
    scored, doubts = score(form, layout)
    found = outcome(scored.total, scored.rows, age, layout)
    band = found.band
    problems = [
        *form.notes,
        *_missing(form, layout),
        *_case_problems(layout, answers["case"], case),
        *date_problems(layout, answers, dates, today),
        *age_problems(layout, answers, dates),
        *stated_total(layout, answers, scored, band, age),
        *stated_band(layout, answers, band),
        *(doubts if band else must_be_settled(scored, doubts, found, layout, answers)),
    ]
    problems.sort(key=lambda p: p.severity != "return")
    returned = any(p.severity == "return" for p in problems)
    believed = None
    if not returned and band and case and day:
        believed = Assessment(
            case=case,
            name=" ".join(answers["name"].text.split()),
            completed_by=" ".join(answers["completed_by"].text.split()) if "completed_by" in answers else "",
            date=day,
            assessment_date=dates.get("assessment_date"),
            date_completed=dates.get("date_completed"),
            score=scored,
            band=band.action,
            band_label=band.label,
            band_without_protective=_without_protective(scored, age, layout),
            form=form,
            notes=tuple(problems),
            lifted_by=tuple(override.label for override in found.lifted_by),
            date_of_birth=dates.get("date_of_birth"),
        )
    return Examined(
        form=form,
        case=case,
        problems=tuple(problems),
        believed=believed,
        score=scored,
        band=band.action if band else None,
        first=say_first(scored, found, layout, problems) if returned else (),
    )


def _without_protective(scored: Score, age: int | None, layout: MatrixLayout) -> str | None:
    figures = {key: figure for key, figure in scored.sections.items() if key != PROTECTIVE}
    rows = [row for row in scored.rows if row.section != PROTECTIVE]
    band = outcome(total_of(figures, layout), rows, age, layout).band
    return band.label if band else None


def _missing(form: MatrixForm, layout: MatrixLayout) -> list[Problem]:
    missing = []
    for field in layout.fields:
        answer = form.fields[field.label]
        if field.required and (not answer.text.strip() or (field.identity and is_not_known(answer.text))):
            missing.append(
                Problem("return", "missing", answer.where, f"“{field.label}” is not filled in.", field.remedy)
            )
    return missing


def _case_problems(layout: MatrixLayout, answer: Answer, case: str | None) -> list[Problem]:
    if case or not answer.text.strip() or is_not_known(answer.text):
        return []
    label = next(f.label for f in layout.fields if f.key == "case")
    what = f"What stands beside “{label}” is not clearly one {label}, so no case can be filed under it."
    remedy = "Write the one number alone, for example CF104233: no date, no other number, no slash."
    return [Problem("return", "unclear-id", answer.where, what, remedy)]
