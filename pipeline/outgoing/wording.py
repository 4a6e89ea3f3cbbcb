"""Dates, answers and blanks come in; the words that every document prints for them go out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from pipeline.rules.case import Case, Referral
from pipeline.rules.form import Problem
from pipeline.settings import Sender

STATUS = "Draft for approval"


def blank(what: str) -> str:
    """What a person must write: never empty, never invented."""
    return f"[to be completed: {what}]"


def or_blank(text: str, what: str) -> str:
    return text.strip() or blank(what)


def long_date(day: dt.date) -> str:
    return f"{day:%A} {plain_date(day)}"


def plain_date(day: dt.date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def deadline(day: dt.date, today: dt.date) -> str:
    return f"{long_date(day)} (overdue)" if day < today else long_date(day)


def answer(referral: Referral | None, key: str) -> str:
    """What the referral says under ``key``; ``""`` where there is no referral or the layout does not ask."""
    return referral.answers.get(key, "").strip() if referral else ""


def yes_or_no(referral: Referral | None, key: str, what: str) -> str:
    said = referral.questions.get(key) if referral else None
    return blank(what) if said is None else "Yes" if said else "No"


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def noted(problems: Iterable[Problem]) -> list[dict[str, str]]:
    return [{"where": sentence_case(p.where), "what": p.what, "remedy": p.remedy} for p in problems]


def letterhead(sender: Sender) -> dict[str, object]:
    return {
        "council": or_blank(sender.council, "council"),
        "service": or_blank(sender.service, "service"),
        "address": or_blank(", ".join(sender.address), "return address"),
        "telephone": or_blank(sender.telephone, "telephone"),
        "email": or_blank(sender.email, "email"),
        "panel_name": or_blank(sender.panel_name, "panel"),
        "panel_chair": or_blank(sender.panel_chair, "chair of the panel"),
        "panel_deputy": or_blank(sender.panel_deputy, "deputy chair of the panel"),
    }


def heading(reference: str, today: dt.date, sender: Sender) -> dict[str, object]:
    """What every document says about itself."""
    return {"reference": reference, "date": long_date(today), "status": STATUS, "sender": letterhead(sender)}


def person(case: Case) -> Mapping[str, object]:
    """All that a letter may say about the young person."""
    return {
        "name": or_blank(case.name, "name of the young person"),
        "date_of_birth": plain_date(case.date_of_birth) if case.date_of_birth else blank("date of birth"),
        "case": case.ref,
        "allocated_worker": or_blank(answer(case.referral, "allocated_worker"), "allocated worker"),
    }
