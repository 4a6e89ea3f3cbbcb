"""A case and its decision come in; the documents that follow go out: which, what each says, its file name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.outgoing.addressees import core_group, notes_on_panel, panel
from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.letters import invitation, notification
from pipeline.outgoing.plan import plan
from pipeline.outgoing.report import report
from pipeline.outgoing.returned import ReturnedForm, what_to_put_right
from pipeline.outgoing.summary import summary
from pipeline.outgoing.wording import heading, person
from pipeline.rules.case import Case, Decision
from pipeline.rules.form import Problem
from pipeline.rules.layout import MatrixLayout
from pipeline.settings import Sender

# Windows allows none of these in a file name.
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
# Keeps the whole path below the 260 characters that Windows programs can open.
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Document:
    """One document to write. ``recipient``: the agency or role a letter goes to, never a person's name.

    ``context`` holds plain text, truth values, lists and mappings, for the template.
    """

    kind: str
    recipient: str | None
    file_name: str
    template: str
    context: Mapping[str, object]


def documents_for(
    case: Case,
    decision: Decision,
    agencies: Sequence[Agency],
    sender: Sender,
    *,
    reference: str,
    today: dt.date,
    reply_days: int,
    layout: MatrixLayout,
) -> tuple[Document, ...]:
    """The pack that ``decision`` calls for; ``case`` gives each document all that its forms say."""
    common = heading(reference, today, sender) | {"person": person(case)}
    members = core_group(case, agencies) if decision.outcome == "must" else ()
    invited = panel(case, agencies) if decision.outcome == "panel" else ()
    documents = []
    if decision.outcome != "panel" and case.assessment:
        says = summary(case, case.assessment, decision.asks, layout)
        documents.append(_whole("assessment-summary", "Assessment summary", common | says))
    if decision.outcome != "none":
        says = plan(case, decision, (*members, *invited), agencies, sender.panel_name, today=today, layout=layout)
        documents.append(_whole("action-plan", "Action plan", common | says))
    if decision.outcome == "must" and case.assessment:
        says = report(case, case.assessment, decision, members, today=today, layout=layout)
        documents.append(_whole("core-group-report", "Core-group report", common | says))
    for to in members:
        says = notification(to, case, sender, reference=reference, today=today, reply_days=reply_days)
        documents.append(_letter("notification-letter", "Notification letter", to.recipient, says, documents))
    for to in invited:
        says = invitation(to, case, agencies, sender, reference=reference, today=today, reply_days=reply_days)
        documents.append(_letter("invitation-letter", "Invitation letter", to.recipient, says, documents))
    return tuple(documents)


def notes_for(case: Case, decision: Decision, agencies: Sequence[Agency]) -> tuple[Problem, ...]:
    """What the sender should know about the pack itself: letters without an address."""
    return notes_on_panel(panel(case, agencies)) if decision.outcome == "panel" else ()


def note_what_to_put_right(
    file: str, marked: str, forms: Sequence[ReturnedForm], sender: Sender, *, reference: str, today: dt.date
) -> Document:
    """The note that lies beside a returned form."""
    says = what_to_put_right(file, marked, forms, sender, reference=reference, today=today)
    return _whole("what-to-put-right", "What to put right", says)


def _whole(kind: str, template: str, context: Mapping[str, object]) -> Document:
    return Document(kind, None, f"{template}.docx", template, context)


def _letter(
    kind: str, template: str, recipient: str, context: Mapping[str, object], earlier: Sequence[Document]
) -> Document:
    """File names differ in more than upper and lower case: Windows does not tell those apart."""
    taken = {document.file_name.casefold() for document in earlier}
    stem = f"{template} - {_fit(recipient)}"
    names = (f"{stem}.docx" if n == 1 else f"{stem} {n}.docx" for n in range(1, len(taken) + 2))
    return Document(kind, recipient, next(n for n in names if n.casefold() not in taken), template, context)


def _fit(recipient: str) -> str:
    name = " ".join(_UNFIT.sub(" ", recipient).split())[:_LONGEST_NAME]
    return name.rstrip(". ") or "agency"
