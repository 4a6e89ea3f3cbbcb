"""What the tests of the register record in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.audit import Event
from pipeline.register import Entry, Register
from pipeline.rules.case import Acknowledgement, Assessment, Believed, Letter
from pipeline.rules.form import Answer, WordForm

# A Saturday: the working day after it is Monday 23 November.
MORNING, EVENING = dt.datetime(2026, 11, 21, 9, 0), dt.datetime(2026, 11, 21, 18, 0)


def kind_of(believed: Believed) -> str:
    return "matrix" if isinstance(believed, Assessment) else believed.form.kind


def accepted(believed: Believed, name: str = "form", sha256: str = "") -> Entry:
    sheet = believed.form.sheet if isinstance(believed, Assessment) else ""
    events = (Event("accepted", sha256, believed.case, {}),)
    return Entry(sheet, kind_of(believed), believed.case, "accepted", believed, name, events)


def accept(
    register: Register,
    sha256: str,
    believed: Believed,
    letters: Sequence[Letter] = (),
    name: str = "form",
    now: dt.datetime = MORNING,
) -> None:
    register.arrived(sha256, 9, now)
    register.record(sha256, [accepted(believed, name, sha256)], [(believed.case, x) for x in letters], now)


def send_back(
    register: Register, sha256: str, kind: str, case: str | None, name: str = "form", now: dt.datetime = MORNING
) -> None:
    register.arrived(sha256, 9, now)
    event = Event("returned", sha256, case, {})
    register.record(sha256, [Entry("", kind, case, "returned", None, name, (event,))], (), now)


def letter(reference: str, recipient: str = "Police", **overrides: object) -> Letter:
    values: dict[str, object] = {
        "reference": reference,
        "purpose": "flag",
        "recipient": recipient,
        "who": ("Representative",),
        "name": "",
        "address": (),
        "drafted": dt.date(2026, 11, 24),
        "reply_by": dt.date(2026, 12, 1),
    }
    return Letter(**(values | overrides))  # type: ignore[arg-type]


def slip(reference: str, date: dt.date | None, done: bool | None, case: str = "CF104233") -> Acknowledgement:
    fields = {"A. Letter/Reference": Answer(reference, 'section A, "Reference"')}
    form = WordForm("acknowledgement", fields, {}, (), {}, kind="acknowledgement")
    return Acknowledgement(case, reference, date, done, {}, form)
