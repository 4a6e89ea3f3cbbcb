"""A case and what is decided on it come in; the documents that follow go out: which, what each says, its file name."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from pipeline.files import shortened
from pipeline.outgoing.addressees import (
    Addressee,
    core_group,
    invited,
    notes_on,
    notes_on_attendance,
)
from pipeline.outgoing.calendar_entry import calendar_entry
from pipeline.outgoing.direction import pictures as course_chart
from pipeline.outgoing.flag_addressees import to_be_flagged, told_of_flag
from pipeline.outgoing.forms_to_complete import acknowledgement_slip, contact_report, meeting_record
from pipeline.outgoing.letters import flag_letter, invitation, notification, removal_letter, reply_by
from pipeline.outgoing.occasion import Occasion, once_a_pack
from pipeline.outgoing.plan import plan
from pipeline.outgoing.report import report
from pipeline.outgoing.returned import ReturnedForm, what_to_put_right
from pipeline.outgoing.summary import pictures as marks_and_course
from pipeline.outgoing.summary import summary
from pipeline.outgoing.wording import about_the_case
from pipeline.rules.case import Assessment, Decision, Letter
from pipeline.rules.form import Problem
from pipeline.settings import Sender

# Windows allows none of these in a file name.
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
# Keeps the whole path below the 260 characters that Windows programs can open.
_LONGEST_NAME = 60
# Keeps the file name below the 255 bytes that Linux takes, with what stands before and behind it.
_MOST_BYTES = 200

SLIP = "acknowledgement-slip"

Purpose = Literal["core group", "flag", "removal", "invitation"]


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


@dataclass(frozen=True, slots=True)
class _Series:
    """The letters of one purpose: whether the decision calls for them, whom they go to and what they say.

    ``slip``: each brings a slip, which comes back when the agency has done what the letter asks.
    """

    purpose: Purpose
    kind: str
    template: str
    called_for: Callable[[Decision], bool]
    addressees: Callable[[Occasion], Sequence[Addressee]]
    words: Callable[[Addressee, Occasion, Letter], Mapping[str, object]]
    slip: bool = False


_SERIES = (
    _Series(
        "core group",
        "notification-letter",
        "Notification letter",
        lambda decision: decision.tell_members,
        core_group,
        notification,
    ),
    _Series(
        "flag",
        "notification-letter",
        "Flag letter",
        lambda decision: decision.raise_flag,
        to_be_flagged,
        flag_letter,
        slip=True,
    ),
    _Series(
        "removal",
        "removal-letter",
        "Removal letter",
        lambda decision: decision.remove_flag,
        told_of_flag,
        removal_letter,
        slip=True,
    ),
    _Series(
        "invitation",
        "invitation-letter",
        "Invitation letter",
        lambda decision: decision.invite,
        invited,
        invitation,
    ),
)


def documents_for(occasion: Occasion) -> tuple[Document, ...]:
    """The pack that the occasion's decision calls for: whole documents, letters with their slips, forms to complete."""
    decision = occasion.decision
    pack: list[Document] = []
    if isinstance(occasion.arrived, Assessment):
        shown = marks_and_course(occasion)
        pack.append(_whole("assessment-summary", "Assessment summary", summary(occasion), occasion, shown))
    if decision.plan:
        pack.append(_whole("action-plan", "Action plan", plan(occasion), occasion, course_chart(occasion)))
    if decision.report:
        shown = course_chart(occasion, since=occasion.stands.last_review)
        pack.append(_whole("core-group-report", "Core-group report", report(occasion), occasion, shown))
    letters = _letters(occasion)
    pack += letters
    if decision.invite and (entry := calendar_entry(occasion)):
        pack.append(Document("invitation-letter", None, "Next meeting.ics", "", {}, content=entry))
    if any(document.letter and document.letter.purpose == "flag" for document in letters):
        pack.append(_whole("contact-report", "Contact report", contact_report(occasion), occasion))
    if decision.record:
        pack.append(_whole("meeting-record", "Meeting record", meeting_record(occasion), occasion))
    return tuple(pack)


def notes_for(occasion: Occasion) -> tuple[Problem, ...]:
    """What the sender should know about the pack itself: letters without an address, and those not written.

    Not of the letters that tell of a core group: a blank for the carer and the school is usual there.
    """
    told = [to for series, to in _addressed(occasion) if series.purpose != "core group"]
    asks = occasion.decision.raise_flag or occasion.decision.invite
    unwritten = notes_on_attendance(occasion.record, occasion.case) if occasion.record and asks else ()
    return tuple(dict.fromkeys((*notes_on(told), *unwritten)))


@once_a_pack
def _addressed(occasion: Occasion) -> list[tuple[_Series, Addressee]]:
    called_for = [series for series in _SERIES if series.called_for(occasion.decision)]
    return [(series, to) for series in called_for for to in series.addressees(occasion)]


def _letters(occasion: Occasion) -> list[Document]:
    """The letters, each numbered within the pack, each followed by its slip."""
    documents: list[Document] = []
    taken: set[str] = set()
    reference = _references(occasion)
    for series, to in _addressed(occasion):
        letter = _kept(to, series.purpose, reference(series.purpose, to.recipient), occasion)
        says = series.words(to, occasion, letter)
        name = _told_apart(series.template, to.recipient, taken)
        documents.append(
            Document(
                series.kind, to.recipient, f"{series.template} - {name}.docx", series.template, says, letter=letter
            )
        )
        if series.slip:
            slip, asks = "Acknowledgement slip", acknowledgement_slip(occasion, letter)
            documents.append(Document(SLIP, to.recipient, f"{slip} - {name}.docx", slip, asks))
    return documents


def _references(occasion: Occasion) -> Callable[[Purpose, str], str]:
    """What the next letter of this purpose to this recipient is known by: as before, where it was drafted before.

    A row put into the address book must not give one agency's reference to another: a slip may have come back to it.
    """
    drafted: dict[tuple[str, str], list[str]] = {}
    for letter in reversed(occasion.own):
        drafted.setdefault((letter.purpose, letter.recipient), []).append(letter.reference)
    used = {letter.reference for letter in occasion.own}
    fresh = (r for n in count(1) if (r := f"{occasion.reference}-{n:02d}") not in used)

    def reference(purpose: Purpose, recipient: str) -> str:
        known = drafted.get((purpose, recipient))
        return known.pop() if known else next(fresh)

    return reference


def _whole(
    kind: str,
    template: str,
    says: Mapping[str, object],
    occasion: Occasion,
    pictures: Mapping[str, bytes] | None = None,
) -> Document:
    """A document about the whole case, for the meeting and not for one agency."""
    return Document(kind, None, f"{template}.docx", template, {**about_the_case(occasion), **says}, pictures or {})


def _kept(to: Addressee, purpose: Purpose, reference: str, occasion: Occasion) -> Letter:
    """What is kept of a letter, to follow it up."""
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


def _told_apart(template: str, recipient: str, taken: set[str]) -> str:
    """The recipient as a part of file names, not ``taken`` by another letter of the template.

    File names differ in more than upper and lower case: Windows does not tell those apart.
    """
    name = fit = _fit(recipient)
    others = count(2)
    while (file := f"{template} - {name}".casefold()) in taken:
        name = f"{fit} {next(others)}"
    taken.add(file)
    return name


def note_what_to_put_right(
    file: str, marked: str, forms: Sequence[ReturnedForm], sender: Sender, *, reference: str, today: dt.date
) -> Document:
    """The note that lies beside a returned form."""
    says = what_to_put_right(file, marked, forms, sender, reference=reference, today=today)
    return Document("what-to-put-right", None, "What to put right.docx", "What to put right", says)


def _fit(recipient: str) -> str:
    """What nobody sees is left out: it could make a name look like another, or hide how the name ends."""
    name = unicodedata.normalize("NFC", recipient)
    if not name.isprintable():
        name = "".join(c if c.isprintable() else " " for c in name if unicodedata.category(c) != "Cf")
    name = " ".join(_UNFIT.sub(" ", name).split())[:_LONGEST_NAME]
    return shortened(name, _MOST_BYTES).rstrip(". ") or "agency"
