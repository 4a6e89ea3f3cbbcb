"""A case and the address book come in; whom its letters go to goes out, each with the address that is known."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.wording import answer, blank
from pipeline.rules.case import Case, Referral
from pipeline.rules.form import Problem

# A letter keeps to one page however much stands behind "Other professional".
LONGEST_MENTION = 160

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


def invited(occasion: Occasion) -> tuple[Addressee, ...]:
    """Whom to invite: to the panel that a referral asks for, or to the next meeting that a record agrees."""
    return panel(occasion.case, occasion.agencies)


def to_be_flagged(occasion: Occasion) -> tuple[Addressee, ...]:
    """Whom to ask for a flag who has not been asked for this one yet.

    Those of the meeting, the services that the record names (``also_tell``), police, out-of-hours social care and
    health (Buckinghamshire 2.5.14).
    """
    raise NotImplementedError


def told_of_flag(occasion: Occasion) -> tuple[Addressee, ...]:
    """Everyone who was ever asked for the flag that is taken down, each once, whatever the address book says today."""
    raise NotImplementedError


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


def _row_for(usual: Usual, case: Case, book: Sequence[Agency]) -> Agency | None:
    """The address book's row for a usual member; none where the forms do not tell which of several it is.

    A blank is better than a letter to another young person's school or home.
    """
    rows = [a for a in book if _matches(usual, a)]
    if not usual.own:
        return rows[0] if rows else None
    if own := answer(case.referral, usual.own):
        rows = [a for a in rows if _begins_with(own, a.agency)]
    return rows[0] if len(rows) == 1 else None


def _begins_with(written: str, agency: str) -> bool:
    """Whether the form names this agency: ``Hill School, Hill Road`` does, ``Hill School for Girls`` does not."""
    return re.match(rf"{re.escape(agency)}\s*($|[^\w\s])", written, re.IGNORECASE) is not None


def _matches(usual: Usual, agency: Agency) -> bool:
    return re.search(usual.pattern, f"{agency.role} {agency.agency}".casefold()) is not None


def _usual(usual: Usual, row: Agency | None, case: Case) -> Addressee:
    name = row.name if row else ""
    agency = row.agency if row else ""
    if usual is SOCIAL_WORKER:
        name = answer(case.referral, "allocated_worker") or name
    if usual is SCHOOL:
        agency = agency or mention(answer(case.referral, "school"))
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
    words = mention(referral.specified.get(label, "")) if referral else ""
    return Addressee(
        recipient=recipient,
        who=(words or recipient,),
        for_information="(for information)" in label,
        label=label,
    )


def mention(words: str) -> str:
    """What a form says of somebody, on one line and no longer than a letter has room for."""
    return textwrap.shorten(words, LONGEST_MENTION, placeholder=" … (see the referral form)")


def _told_apart(addressees: Sequence[Addressee], rows: Sequence[Agency]) -> tuple[Addressee, ...]:
    """Each once; several rows of one agency are told apart by their role."""
    shared = {name for name, n in Counter(a.agency for a in rows).items() if n > 1}
    return tuple(
        replace(a, recipient=", ".join((a.recipient, *_role(a)))) if a.recipient in shared else a
        for a in dict.fromkeys(addressees)
    )


def _role(to: Addressee) -> tuple[str, ...]:
    return tuple(line for line in to.who if line not in (to.name, to.recipient))
