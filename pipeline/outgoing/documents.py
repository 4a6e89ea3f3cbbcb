"""A case and what is decided on it come in; the documents that follow go out: which, what each says, its file name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline.outgoing.addressees import (
    Addressee,
    core_group,
    invited,
    notes_on_panel,
    panel,
    to_be_flagged,
    told_of_flag,
)
from pipeline.outgoing.calendar_entry import calendar_entry
from pipeline.outgoing.forms_to_complete import acknowledgement_slip, contact_report, meeting_record
from pipeline.outgoing.letters import flag_letter, invitation, notification, removal_letter, reply_by
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.plan import plan
from pipeline.outgoing.report import report
from pipeline.outgoing.returned import ReturnedForm, what_to_put_right
from pipeline.outgoing.summary import summary
from pipeline.outgoing.wording import heading, person
from pipeline.rules.case import Assessment, Letter
from pipeline.rules.form import Problem
from pipeline.settings import Sender

# Windows allows none of these in a file name.
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
# Keeps the whole path below the 260 characters that Windows programs can open.
_LONGEST_NAME = 60

Purpose = Literal["core group", "flag", "removal", "invitation"]
Pictures = Mapping[str, bytes]
Words = Callable[[Addressee, Occasion, Letter], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Document:
    """One document to write. ``recipient``: the agency or role a letter goes to, never a person's name.

    ``context`` holds plain text, truth values, lists and mappings, for the template; ``pictures`` the pictures that
    replace those of the template, by their names there. ``letter``: what is kept of a letter, to follow it up.
    ``content``: the finished bytes of what no template makes; ``template`` is then ``""``.
    """

    kind: str
    recipient: str | None
    file_name: str
    template: str
    context: Mapping[str, object]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    letter: Letter | None = None
    content: bytes | None = None


def documents_for(occasion: Occasion) -> tuple[Document, ...]:
    """The pack that the occasion's decision calls for, whole documents first, then letters, then forms to complete."""
    return tuple(_Pack(occasion).documents)


class _Pack:
    """The documents of one pack while they are being planned."""

    def __init__(self, occasion: Occasion) -> None:
        self._occasion = occasion
        self.documents: list[Document] = []
        decision, assessment = occasion.decision, occasion.case.assessment
        if isinstance(occasion.arrived, Assessment) and assessment:
            self._whole("assessment-summary", "Assessment summary", summary(occasion, assessment))
        if decision.plan:
            self._whole("action-plan", "Action plan", plan(occasion))
        if decision.report:
            self._whole("core-group-report", "Core-group report", report(occasion))
        if decision.tell_members:
            for to in core_group(occasion.case, occasion.agencies):
                self._letter("notification-letter", "Notification letter", "core group", notification, to)
        for to in to_be_flagged(occasion) if decision.raise_flag else ():
            self._letter("notification-letter", "Flag letter", "flag", flag_letter, to)
        for to in told_of_flag(occasion) if decision.remove_flag else ():
            self._letter("removal-letter", "Removal letter", "removal", removal_letter, to)
        for to in invited(occasion) if decision.invite else ():
            self._letter("invitation-letter", "Invitation letter", "invitation", invitation, to)
        if decision.invite and (entry := calendar_entry(occasion)):
            self.documents.append(Document("invitation-letter", None, "Next meeting.ics", "", {}, content=entry))
        if any(document.letter and document.letter.purpose == "flag" for document in self.documents):
            self._whole("contact-report", "Contact report", contact_report(occasion))
        if decision.record:
            self._whole("meeting-record", "Meeting record", meeting_record(occasion))

    def _whole(self, kind: str, template: str, says: Mapping[str, object], pictures: Pictures | None = None) -> None:
        common = heading(self._occasion.reference, self._occasion.today, self._occasion.sender)
        context = {**common, "person": person(self._occasion.case), **says}
        self.documents.append(Document(kind, None, f"{template}.docx", template, context, pictures or {}))

    def _letter(self, kind: str, template: str, purpose: Purpose, words: Words, to: Addressee) -> None:
        """A letter, and where it asks for a flag or its removal the slip that comes back."""
        number = 1 + sum(document.letter is not None for document in self.documents)
        letter = _kept(to, purpose, f"{self._occasion.reference}-{number:02d}", self._occasion)
        name = self._file_name(template, to.recipient)
        self.documents.append(
            Document(kind, to.recipient, name, template, words(to, self._occasion, letter), letter=letter)
        )
        if purpose in ("flag", "removal"):
            slip, says = "Acknowledgement slip", acknowledgement_slip(self._occasion, letter)
            name = self._file_name(slip, to.recipient)
            self.documents.append(Document("acknowledgement-slip", to.recipient, name, slip, says))

    def _file_name(self, template: str, recipient: str) -> str:
        """File names differ in more than upper and lower case: Windows does not tell those apart."""
        taken = {document.file_name.casefold() for document in self.documents}
        stem = f"{template} - {_fit(recipient)}"
        names = (f"{stem}.docx" if n == 1 else f"{stem} {n}.docx" for n in range(1, len(taken) + 2))
        return next(name for name in names if name.casefold() not in taken)


def _kept(to: Addressee, purpose: Purpose, reference: str, occasion: Occasion) -> Letter:
    flag = occasion.flag if purpose in ("flag", "removal") else None
    return Letter(
        reference=reference,
        purpose=purpose,
        recipient=to.recipient,
        who=to.who,
        name=to.name,
        address=to.address,
        drafted=occasion.today,
        reply_by=reply_by(occasion.today, occasion.reply_days, occasion.meeting_ahead(purpose)),
        flag_since=flag.since if flag else None,
    )


def notes_for(occasion: Occasion) -> tuple[Problem, ...]:
    """What the sender should know about the pack itself: letters without an address."""
    if occasion.decision.outcome != "panel":
        return ()
    return notes_on_panel(panel(occasion.case, occasion.agencies))


def note_what_to_put_right(
    file: str, marked: str, forms: Sequence[ReturnedForm], sender: Sender, *, reference: str, today: dt.date
) -> Document:
    """The note that lies beside a returned form."""
    says = what_to_put_right(file, marked, forms, sender, reference=reference, today=today)
    return Document("what-to-put-right", None, "What to put right.docx", "What to put right", says)


def _fit(recipient: str) -> str:
    name = " ".join(_UNFIT.sub(" ", recipient).split())[:_LONGEST_NAME]
    return name.rstrip(". ") or "agency"
