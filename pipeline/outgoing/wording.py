"""Dates, answers and blanks come in; the words that every document prints for them go out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from pipeline.outgoing.occasion import Occasion, once_a_pack
from pipeline.rules.case import MEETINGS, Case, ContactReport, MeetingRecord, Referral
from pipeline.rules.form import Problem
from pipeline.settings import Sender

STATUS = "Draft for approval"
# In English, whatever language the machine speaks.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def blank(what: str) -> str:
    """What a person must write: never empty, never invented."""
    return f"[to be completed: {what}]"


def or_blank(text: str, what: str) -> str:
    return text.strip() or blank(what)


def long_date(day: dt.date) -> str:
    return f"{_DAYS[day.weekday()]} {plain_date(day)}"


def plain_date(day: dt.date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def deadline(day: dt.date, today: dt.date) -> str:
    return f"{long_date(day)} (overdue)" if day < today else long_date(day)


def short_deadline(day: dt.date, today: dt.date) -> str:
    """For the columns of a table, where the weekday finds no room."""
    return f"{plain_date(day)} (overdue)" if day < today else plain_date(day)


def meeting_of(record: MeetingRecord) -> str:
    return f"{MEETINGS[record.meeting]} of {long_date(record.date)}"


def newest_word(case: Case, key: str) -> str:
    """What the newest meeting or referral that fills in ``key`` says; ``""`` where none does."""
    return newest_word_and_source(case, key)[0]


def newest_word_and_source(case: Case, key: str) -> tuple[str, str]:
    """Likewise, and which form says so. A blank never takes away what an older form says."""
    forms: list[tuple[dt.date, MeetingRecord | Referral]] = [(record.date, record) for record in case.meetings]
    if case.referral:
        forms.insert(0, (case.referral.date or dt.date.min, case.referral))
    for _, form in sorted(forms, key=lambda dated: dated[0], reverse=True):
        if text := answer(form, key):
            return text, _source(form)
    return "", ""


def _source(form: MeetingRecord | Referral) -> str:
    if isinstance(form, MeetingRecord):
        return meeting_of(form)
    return f"Referral of {long_date(form.date)}" if form.date else "Referral"


def answer(form: Referral | MeetingRecord | ContactReport | None, key: str) -> str:
    """What the form says under ``key``; ``""`` where there is no form or the layout does not ask."""
    return form.answers.get(key, "").strip() if form else ""


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
        "logo": bool(sender.logo),
        "panel_name": or_blank(sender.panel_name, "panel"),
        "panel_chair": or_blank(sender.panel_chair, "chair of the panel"),
        "panel_deputy": or_blank(sender.panel_deputy, "deputy chair of the panel"),
    }


def heading(reference: str, today: dt.date, sender: Sender) -> dict[str, object]:
    """What every document says about itself."""
    return {"reference": reference, "date": long_date(today), "status": STATUS, "sender": letterhead(sender)}


@once_a_pack
def about_the_case(occasion: Occasion) -> Mapping[str, object]:
    """What every document about the young person says of itself and of them; the reference is the pack's."""
    own = heading(occasion.reference, occasion.today, occasion.sender)
    return {**own, "person": person(occasion.case)}


def person(case: Case) -> Mapping[str, object]:
    """All that a letter may say about the young person."""
    return {
        "name": or_blank(case.name, "name of the young person"),
        "date_of_birth": plain_date(case.date_of_birth) if case.date_of_birth else blank("date of birth"),
        "case": case.ref,
        "allocated_worker": or_blank(newest_word(case, "allocated_worker"), "allocated worker"),
    }
