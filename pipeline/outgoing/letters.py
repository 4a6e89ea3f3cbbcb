"""A case and the address book come in; whom to write to, at which address, and what each letter says go out."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.wording import answer, blank, deadline, heading, long_date, person
from pipeline.rules.case import Case, Referral
from pipeline.rules.dates import four_weeks_after, parse_date
from pipeline.rules.form import Problem
from pipeline.settings import Sender

# The window of a DL envelope shows seven lines of the letter's address, each about as wide as this.
WINDOW_LINES = 7
WINDOW_WIDTH = 48
# A letter keeps to one page however much stands behind "Other professional".
LONGEST_MENTION = 160
# The label of section H under which the panel's legal adviser is asked for.
LEGAL = "Legal representative"

EVERY_PART = (
    "You bring what your agency knows, carry out the actions agreed for it, and report on them at each meeting."
)


@dataclass(frozen=True, slots=True)
class Usual:
    """A usual member of the core group (Stockport 2.9). ``pattern`` finds the address book's row for it.

    ``own``: the referral's answer that says which school or home is this young person's own; another's gets no letter.
    """

    recipient: str
    role: str
    pattern: str
    part: str
    own: str = ""


USUAL = (
    Usual(
        "Field Social Worker",
        "Field Social Worker",
        r"\bsocial worker\b",
        "You chair and co-ordinate the meetings once your manager has agreed this in supervision and recorded it. "
        "You compile the single joint report to the statutory review.",
    ),
    Usual(
        "Carer",
        "Carer (foster or residential key worker)",
        r"\bcarer\b|\bfoster|\bresidential (key worker|home|care)\b",
        "You bring how things are day to day, and you work closely with the social worker to address risk.",
        own="current_address",
    ),
    Usual(
        "Community Police",
        "Community Police / Missing from Home lead",
        r"\bpolice\b|\bmissing from home\b",
        "You bring what the police know, and you act as the link to Missing from Home arrangements as necessary.",
    ),
    Usual(
        "Virtual School Team",
        "Virtual School Team key worker",
        r"\bvirtual school\b",
        "You bring what the Virtual School Team knows, and you carry out the actions agreed for education.",
    ),
    Usual(
        "School representative",
        "School representative",
        r"\b(?<!virtual )school\b|\bcollege\b",
        "You bring what the school knows, and you carry out the actions agreed for the school.",
        own="school",
    ),
)
SOCIAL_WORKER, SCHOOL = USUAL[0], USUAL[-1]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter goes to. ``recipient`` names an agency or a role, never a person; ``name`` is the person.

    ``address``: as known, without the name, role and agency in ``who``. ``label``: the line of section H that asks
    for the letter, ``""`` if none does.
    """

    recipient: str
    who: tuple[str, ...]
    name: str = ""
    address: tuple[str, ...] = ()
    part: str = EVERY_PART
    for_information: bool = False
    label: str = ""


def core_group(case: Case, agencies: Sequence[Agency]) -> tuple[Addressee, ...]:
    """The five usual members, always, and every other agency that the address book has for core groups."""
    book = [a for a in agencies if a.core_group]
    rows = {usual.role: _row_for(usual, case, book) for usual in USUAL}
    usual_members = [_usual(usual, rows[usual.role], case) for usual in USUAL]
    # A school or home in the book that is not this young person's own has no part in the case.
    others = [a for a in book if a not in rows.values() and not any(_matches(u, a) for u in USUAL if u.own)]
    return (*usual_members, *_told_apart([_addressee(a) for a in others], book))


def panel(case: Case, agencies: Sequence[Agency]) -> tuple[Addressee, ...]:
    """Each standing member and each service ticked in section H, once."""
    ticked = case.referral.invited if case.referral else ()
    rows = [a for a in agencies if a.standing or a.section_h in ticked]
    found = [replace(_addressee(a), label=a.section_h if a.section_h in ticked else "") for a in rows]
    known = {a.section_h for a in rows}
    missing = [_without_row(label, case.referral) for label in ticked if label not in known]
    return (*_told_apart(found, rows), *missing)


def notes_on_panel(addressees: Sequence[Addressee]) -> tuple[Problem, ...]:
    """A note for each letter that has no address, so that nobody finds out at the franking machine."""
    return tuple(
        Problem(
            severity="note",
            code="no-address",
            where=f'section H, "{a.label}"' if a.label else "address book",
            what=f"The address book has no address for {a.recipient}, so its letter has a blank address.",
            remedy="Write the address into the letter, and add it to agencies.xlsx for the next case.",
        )
        for a in addressees
        if not a.address
    )


def notification(
    to: Addressee, case: Case, sender: Sender, *, reference: str, today: dt.date, reply_days: int
) -> dict[str, object]:
    """What a notification letter says: that a core group must be established, not why."""
    start = case.assessment.date if case.assessment else today
    return _letter(to, case, sender, reference, today, reply_days) | {
        "part": to.part,
        "first_meeting": deadline(four_weeks_after(start), today),
    }


def invitation(
    to: Addressee,
    case: Case,
    agencies: Sequence[Agency],
    sender: Sender,
    *,
    reference: str,
    today: dt.date,
    reply_days: int,
) -> dict[str, object]:
    """What an invitation letter says: which panel, who chairs it, what to bring."""
    meeting = parse_date(answer(case.referral, "panel_date"))
    return _letter(to, case, sender, reference, today, reply_days) | {
        "meeting": long_date(meeting) if meeting else blank("date of the panel"),
        "for_information": to.for_information,
        "legal_adviser": _legal_adviser(case.referral, agencies),
        "other_professional": _other_professional(case.referral),
    }


def _letter(
    to: Addressee, case: Case, sender: Sender, reference: str, today: dt.date, reply_days: int
) -> dict[str, object]:
    return heading(reference, today, sender) | {
        "person": person(case),
        "recipient": to.recipient,
        "window": window(to),
        "dear": to.name or "Colleague",
        "reply_by": long_date(today + dt.timedelta(days=reply_days)),
    }


def window(to: Addressee) -> str:
    """The address as the envelope's window shows it, filled up to the window's height.

    What follows the address then always stands below the window, where nobody reads it through the envelope.
    """
    address = to.address or (blank("address"),)
    packed = _packed(address)
    # The role can be missed, the address cannot.
    for lines in ((*to.who, *address), (*to.who, *packed), (*_without_role(to), *packed)):
        wrapped = [part for line in dict.fromkeys(lines) for part in textwrap.wrap(line, WINDOW_WIDTH)]
        if len(wrapped) <= WINDOW_LINES:
            break
    return "\n".join(wrapped + [""] * (WINDOW_LINES - len(wrapped)))


def _without_role(to: Addressee) -> tuple[str, ...]:
    return tuple(line for line in (to.name, to.who[-1]) if line)


def _packed(lines: Sequence[str]) -> tuple[str, ...]:
    """The same lines, as many on one line as the window is wide; none is broken."""
    packed: list[str] = []
    for line in lines:
        if packed and len(packed[-1]) + 2 + len(line) <= WINDOW_WIDTH:
            packed[-1] += f", {line}"
        else:
            packed.append(line)
    return tuple(packed)


def _row_for(usual: Usual, case: Case, book: Sequence[Agency]) -> Agency | None:
    rows = [a for a in book if _matches(usual, a)]
    if not usual.own:
        return rows[0] if rows else None
    own = answer(case.referral, usual.own).casefold()
    named = [a for a in rows if own and (a.agency.casefold() in own or own in a.agency.casefold())]
    if usual is SCHOOL and own:
        rows = named
    # Several that the forms do not tell apart: a blank is better than another child's school or home.
    return named[0] if named else rows[0] if len(rows) == 1 else None


def _matches(usual: Usual, agency: Agency) -> bool:
    return re.search(usual.pattern, f"{agency.role} {agency.agency}".casefold()) is not None


def _usual(usual: Usual, row: Agency | None, case: Case) -> Addressee:
    name = row.name if row else ""
    agency = row.agency if row else ""
    if usual is SOCIAL_WORKER:
        name = answer(case.referral, "allocated_worker") or name
    if usual is SCHOOL:
        agency = agency or " ".join(answer(case.referral, "school").split())
    if not (name or agency):
        agency = blank("name")
    return Addressee(
        recipient=usual.recipient,
        who=tuple(line for line in (name, usual.role, agency) if line),
        name=name,
        address=row.address if row else (),
        part=usual.part,
    )


def _addressee(agency: Agency) -> Addressee:
    return Addressee(
        recipient=agency.agency,
        who=tuple(line for line in (agency.name, agency.role, agency.agency) if line),
        name=agency.name,
        address=agency.address,
        for_information=agency.for_information,
    )


def _without_row(label: str, referral: Referral | None) -> Addressee:
    """A service that is ticked in section H and that the address book does not know."""
    recipient = re.sub(r"\s*\((for information|name and contact)\)$", "", label)
    words = " ".join(referral.specified.get(label, "").split()) if referral else ""
    return Addressee(
        recipient=recipient,
        who=(textwrap.shorten(words, LONGEST_MENTION, placeholder=" …"),) if words else (recipient,),
        for_information="(for information)" in label,
        label=label,
    )


def _told_apart(addressees: Sequence[Addressee], rows: Sequence[Agency]) -> tuple[Addressee, ...]:
    """Each once; several rows of one agency are told apart by their role."""
    shared = {name for name, n in Counter(a.agency for a in rows).items() if n > 1}
    return tuple(
        replace(a, recipient=", ".join((a.recipient, *_role(a)))) if a.recipient in shared else a
        for a in dict.fromkeys(addressees)
    )


def _role(to: Addressee) -> tuple[str, ...]:
    return tuple(line for line in to.who if line not in (to.name, to.recipient))


def _legal_adviser(referral: Referral | None, agencies: Sequence[Agency]) -> str:
    """Who advises the panel on law: a standing member, or whom section H asks for; ``""`` where there is neither."""
    asked_for = referral is not None and LEGAL in referral.invited
    invited = [a for a in agencies if a.section_h == LEGAL and (a.standing or asked_for)]
    known = "; ".join(", ".join(p for p in (a.name, a.role, a.agency) if p) for a in invited)
    return known or (blank("legal adviser") if asked_for else "")


def _other_professional(referral: Referral | None) -> str:
    words = (
        " ".join(" ".join(w for label, w in referral.specified.items() if label in referral.invited).split())
        if referral
        else ""
    )
    return textwrap.shorten(words, LONGEST_MENTION, placeholder=" … (see section H of the referral form)")
