"""Everything held on a case comes in; how it stands and why goes out, for the screen and as one JSON object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import msgspec

from pipeline.due import due_json, due_text
from pipeline.outgoing.direction import direction
from pipeline.outgoing.receipts import is_receipt_of
from pipeline.publish import RECEIPTS, RETURNED
from pipeline.register import CaseFile, HeldForm
from pipeline.rules.actions import Action
from pipeline.rules.case import Believed, Case, Letter
from pipeline.rules.course import assemble
from pipeline.rules.standing import Standing, standing
from pipeline.rules.time_limits import time_limits
from pipeline.settings import Settings


def case_text(held: CaseFile, accepted: Sequence[Believed], settings: Settings, today: dt.date) -> Iterator[str]:
    """Lines for the administrator who asked for the case: it is named once.

    ``accepted``: what was accepted for it, in the order of arrival.
    """
    case = assemble(held.ref, accepted)
    stands = standing(case)
    yield f"{held.ref}: {case.name or 'no name is held'}"
    yield f"As of {today:%d/%m/%Y}. In brackets: the form that says so, by the first 8 digits of its SHA-256."
    yield ""
    yield from _positions(held, case, stands)
    sections = (
        ("Open actions", (_action(action) for action in stands.actions if action.open)),
        ("What is due", due_text([limit for limit in held.limits if limit.kind != "acknowledgement"], today)),
        ("Letters not acknowledged", (_letter(letter, today) for letter in _unacknowledged(held))),
        (f"Documents in {settings.outbox}", (_pack(folder, settings.outbox) for folder in held.packs)),
        ("Forms given back", (f"{settings.inbox / RETURNED / folder}" for folder in held.returns)),
        ("Forms", (_form(form) for form in held.forms)),
    )
    for heading, lines in sections:
        yield ""
        yield heading
        yield from (f"  {line}" for line in list(lines) or ["none"])


def _positions(held: CaseFile, case: Case, stands: Standing) -> Iterator[str]:
    yield f"Core group  {_core_group(held, case, stands)}"
    yield f"Flag        {_flag(held, case, stands)}"
    yield f"Panel       {_panel(held, case, stands)}"
    if case.assessment is None:
        yield "Score       no matrix is held"
        return
    matrix = case.assessment
    source = _source(held, lambda b: b == matrix)
    yield f"Score       {matrix.score.total} on {matrix.date:%d/%m/%Y}: {matrix.band_label}{source}"
    yield f"            {direction(case.history, matrix)}"


def _core_group(held: CaseFile, case: Case, stands: Standing) -> str:
    def decided(day: dt.date) -> str:
        said = [m for m in case.meetings if m.date == day and m.core_group is not None]
        return _source(held, lambda b: b in said)

    if stands.core_group:
        return f"stands since {stands.core_group.since:%d/%m/%Y}{decided(stands.core_group.since)}"
    if stands.core_groups and (ended := stands.core_groups[-1].until):
        return f"ended on {ended:%d/%m/%Y}{decided(ended)}"
    return "none: no meeting record establishes one"


def _flag(held: CaseFile, case: Case, stands: Standing) -> str:
    def decided(day: dt.date) -> str:
        said = [m for m in case.meetings if m.date == day and m.flag is not None]
        return _source(held, lambda b: b in said)

    if flag := stands.flag:
        review = f"; to be reviewed by {flag.review_by:%d/%m/%Y}" if flag.review_by else ""
        return f"raised on {flag.since:%d/%m/%Y} by the {flag.raised_by}{decided(flag.since)}{review}"
    if stands.flags and (removed := stands.flags[-1].until):
        return f"removed on {removed:%d/%m/%Y}{decided(removed)}"
    return "none: no meeting record raises one"


def _panel(held: CaseFile, case: Case, stands: Standing) -> str:
    if stands.panel is None:
        return "not under the panel"
    since = stands.panel.since
    opened = [*case.referrals, *(m for m in case.meetings if m.meeting == "panel")]
    return f"since {since:%d/%m/%Y}{_source(held, lambda b: b.date == since and b in opened)}"


def _source(held: CaseFile, says_so: Callable[[Believed], bool]) -> str:
    """The form or forms that say something, with their kind: ``  [referral 8e5fccb4]``."""
    found = (f"{f.kind} {f.sha256[:8]}" for f in held.forms if f.believed and says_so(f.believed))
    return f"  [{', '.join(named)}]" if (named := list(found)) else ""


def _action(action: Action) -> str:
    by = f"by {action.by:%d/%m/%Y}" if action.by else action.by_when or "no date"
    owner = f" ({action.owner})" if action.owner else ""
    status = f": {action.status}" if action.status else ""
    return f"{action.number}  {by}  {' '.join(action.text.split())}{owner}{status}"


def _unacknowledged(held: CaseFile) -> list[Letter]:
    """Those that an answer is still waited for; what was asked before is overtaken."""
    awaited = {limit.about for limit in held.limits if limit.kind == "acknowledgement"}
    return [letter for letter in held.letters if letter.reference in awaited]


def _letter(letter: Letter, today: dt.date) -> str:
    asked = f"{letter.purpose}, drafted {letter.drafted:%d/%m/%Y}, reply by {letter.reply_by:%d/%m/%Y}"
    overdue = " (overdue)" if letter.reply_by < today else ""
    return f"{letter.reference}  {asked}{overdue}: {letter.recipient}"


def _pack(folder: str, outbox: Path) -> str:
    files = _files(outbox / folder)
    return f"{folder}/  " + (f"{len(files)} files" if files else "not there any more")


def _form(form: HeldForm) -> str:
    date = f"{_date(form):%d/%m/%Y}" if _date(form) else "no date   "
    sheet = f", {form.sheet}" if form.sheet else ""
    arrived = f"arrived {form.received_at:%d/%m/%Y %H:%M}"
    return f"{date}  {form.kind + sheet:<24}  {form.outcome:<9}  {arrived}  [{form.sha256[:8]}]"


def _date(form: HeldForm) -> dt.date | None:
    return form.believed.date if form.believed else None


def case_json(held: CaseFile, accepted: Sequence[Believed], settings: Settings) -> dict[str, object]:
    """Everything held on a case (docs/json.md).

    What depends on when each form arrived stands under ``arrived``, ``letters``, ``documents`` and ``audit`` alone.
    """
    case = assemble(held.ref, accepted)
    stands = standing(case)
    return {
        "case": held.ref,
        "name": case.name,
        "date_of_birth": case.date_of_birth.isoformat() if case.date_of_birth else None,
        "forms": [_form_json(form) for form in held.forms],
        "standing": _standing_json(stands),
        "limits": [due_json(limit) for limit in time_limits(case, stands, ())],
        "returned": list(held.returns),
        "arrived": [_arrived_json(form, held) for form in held.forms],
        "letters": [msgspec.to_builtins(letter) for letter in held.letters],
        "documents": _documents_json(held, settings),
        "audit": [asdict(line) for line in held.audit],
    }


def _form_json(form: HeldForm) -> dict[str, object]:
    believed = msgspec.to_builtins(form.believed)
    if believed:
        del believed["notes"]  # some are about what had arrived before
    date = _date(form)
    return {
        "kind": form.kind,
        "date": date.isoformat() if date else None,
        "sheet": form.sheet or None,
        "sha256": form.sha256,
        "outcome": form.outcome,
        "believed": believed,
    }


def _standing_json(stands: Standing) -> dict[str, object]:
    """The meetings themselves stand among the forms."""
    said: dict[str, object] = msgspec.to_builtins(stands)
    return said | {"since_review": [record.date.isoformat() for record in stands.since_review]}


def _arrived_json(form: HeldForm, held: CaseFile) -> dict[str, object]:
    awaited = (x.by.isoformat() for x in held.limits if x.kind == "returned-form" and x.about == form.sha256[:8])
    return {
        "sha256": form.sha256,
        "sheet": form.sheet or None,
        "at": form.received_at.isoformat(timespec="seconds"),
        "notes": [msgspec.to_builtins(note) for note in form.believed.notes] if form.believed else [],
        "answer_by": next(awaited, None),
    }


def _documents_json(held: CaseFile, settings: Settings) -> dict[str, object]:
    hashes = sorted({form.sha256 for form in held.forms})
    receipts = _files(settings.inbox / RECEIPTS)
    return {
        "packs": [{"folder": folder, "files": _files(settings.outbox / folder)} for folder in held.packs],
        "receipts": [name for name in receipts if any(is_receipt_of(name, sha256) for sha256 in hashes)],
        "originals": [f"{sha256[:2]}/{sha256}" for sha256 in hashes],
    }


def _files(folder: Path) -> list[str]:
    """Below a pack lie also the documents that later ones superseded."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
