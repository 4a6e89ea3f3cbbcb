"""An occasion and the address book come in; whom its letters go to goes out, each with the address that is known."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.outgoing.agencies import Agency, plain
from pipeline.outgoing.attendance import Named, at_the_meeting, row_of, to_be_told_besides, without_an_agency
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.wording import answer, blank, newest_word, sentence_case
from pipeline.rules.case import Case, Letter, MeetingRecord, Referral
from pipeline.rules.form import Problem
from pipeline.rules.standing import kind_of_next

# A letter keeps to one page however much stands behind "Other professional".
LONGEST_MENTION = 160
RECORD = "the meeting record"

# How a note names an agency that somebody wrote on a form.
THIS_ROW = "the agency in this row"
TOLD = "an agency that was asked for the flag"

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

# Whom a flag must reach besides those of the meeting (Buckinghamshire 2.5.14), each with what finds it by name.
POLICE, HEALTH = r"\bpolice\b", r"\bhealth\b|\bnhs\b|\bhospital\b|\bambulance\b"
OUT_OF_HOURS = "Out-of-hours social care"
NAMED_FOR_FLAGS = {
    "Police": POLICE,
    OUT_OF_HOURS: r"\bemergency duty\b|\bout[- ]of[- ]hours\b",
    "Health service": HEALTH,
}


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter goes to. ``recipient`` names an agency or a role, never a person; ``name`` is the person.

    ``who``: name, role and agency, as far as known, the agency last. ``address``: as known, without those.
    ``where``: what says that the letter is to be written. ``noted_as``: how a note may name the recipient, ``""`` where
    it may by ``recipient``; a note never repeats what somebody wrote on a form.
    """

    recipient: str
    who: tuple[str, ...]
    name: str = ""
    address: tuple[str, ...] = ()
    part: str = EVERY_PART
    for_information: bool = False
    where: str = "address book"
    noted_as: str = ""


def core_group(case: Case, agencies: Sequence[Agency]) -> tuple[Addressee, ...]:
    """The five usual members, always, and every other agency that the address book has for core groups."""
    rows = _usual_rows(case, agencies)
    usual_members = [_usual(usual, row, case) for usual, row in rows.items()]
    others = [a for a in agencies if a.core_group and a not in rows.values() and not _somebodys_own(a)]
    return (*usual_members, *dict.fromkeys(_addressee(a, agencies) for a in others))


def panel(case: Case, agencies: Sequence[Agency]) -> tuple[Addressee, ...]:
    """Each standing member and each service ticked in section H, once."""
    ticked = case.referral.invited if case.referral else ()
    rows = [a for a in agencies if a.standing or a.section_h in ticked]
    found = [
        replace(_addressee(a, agencies), where=_section_h(a.section_h))
        if a.section_h in ticked
        else _addressee(a, agencies)
        for a in rows
    ]
    known = {a.section_h for a in rows}
    missing = [_without_row(label, case.referral) for label in ticked if label not in known]
    return (*dict.fromkeys(found), *missing)


def invited(occasion: Occasion) -> tuple[Addressee, ...]:
    """Whom to invite: to the panel that a referral asks for, or to the next meeting that a record agrees.

    To the next meeting those whom the record lists; where it lists nobody, the members of such a meeting.
    """
    case, agencies, record = occasion.case, occasion.agencies, occasion.record
    if record is None:
        return panel(case, agencies)
    listed = [_named(row, occasion) for row in at_the_meeting(record, case)]
    return _each_once(listed) or _members(record, occasion)


def to_be_flagged(occasion: Occasion) -> tuple[Addressee, ...]:
    """Whom to ask for a flag who has not been asked for this one yet (Buckinghamshire 2.5.14).

    Those of the meeting, who see to it that the flag reaches their services; the services that the record names; and
    of police, out-of-hours social care and health those of the address book, where nobody of theirs is among them.
    """
    record, case = occasion.record, occasion.case
    if record is None:
        return ()
    # An advocate speaks for the young person, not for an agency. The chair may still name one in section O.
    listed = [_named(row, occasion) for row in at_the_meeting(record, case) if not row.advocate]
    besides = [_named(row, occasion) for row in to_be_told_besides(record, case)]
    told = [*(listed or _members(record, occasion)), *besides]
    already = {_identity(letter) for letter in occasion.flag_letters}
    everyone = _each_once((*told, *_named_for_flags((*told, *occasion.flag_letters), occasion)))
    return tuple(to for to in everyone if _identity(to) not in already)


def told_of_flag(occasion: Occasion) -> tuple[Addressee, ...]:
    """Everyone who was ever asked for the flag that is taken down, each once, whatever the address book says today.

    Where the address book still has the agency and role, at its address of today, else at the letter's.
    """
    told = {_identity(letter): letter for letter in occasion.flag_letters}
    return tuple(_as_today(letter, occasion) for letter in told.values())


def notes_on(addressees: Sequence[Addressee]) -> tuple[Problem, ...]:
    """A note for each letter that has no address, so that nobody finds out at the franking machine."""
    return tuple(
        Problem(
            severity="note",
            code="no-address",
            where=a.where,
            what=f"The address book has no address for {a.noted_as or a.recipient}, so its letter has a blank address.",
            remedy="Write the address into the letter, and add it to agencies.xlsx for the next case.",
        )
        for a in addressees
        if not a.address
    )


def notes_on_attendance(record: MeetingRecord, case: Case) -> tuple[Problem, ...]:
    """A note for each member of the meeting who gets no letter, because the record names no agency."""
    return tuple(
        Problem(
            severity="note",
            code="no-agency",
            where=row.where,
            what="This row names a person and no agency, so no letter is written for it.",
            remedy="If a letter should go there, write it from one of the others. Next time, write the agency too.",
        )
        for row in without_an_agency(record, case)
    )


def _members(record: MeetingRecord, occasion: Occasion) -> tuple[Addressee, ...]:
    """The members of the meeting that comes next: after a statutory review a core group meets."""
    members = panel if kind_of_next(record) == "panel" else core_group
    return members(occasion.case, occasion.agencies)


def _named(row: Named, occasion: Occasion) -> Addressee:
    """Whom a row of a meeting record names: by what our own letters call them, else by agency and role."""
    case, agencies = occasion.case, occasion.agencies
    usual = _usual_rows(case, agencies)
    known = [(book_row, _usual(member, book_row, case)) for member, book_row in usual.items()]
    known += [(a, _addressee(a, agencies)) for a in agencies if a not in usual.values()]
    book_row = row_of(row, agencies)
    found = next((to for _, to in known if plain(to.recipient) == plain(row.agency)), None) or next(
        (to for of, to in known if of is not None and of is book_row), None
    )
    found = found or _not_in_the_book(row, case)
    address = tuple(line.strip() for line in re.split(r"\n" if "\n" in row.address else ",", row.address))
    # The chair's own words lead: another office of the same agency may be meant.
    return replace(found, where=row.where, noted_as=THIS_ROW, address=tuple(filter(None, address)) or found.address)


def _not_in_the_book(row: Named, case: Case) -> Addressee:
    """An agency as the record writes it. With a part of the young person's name in it, it is no name for a file."""
    agency = mention(row.agency, RECORD)
    parts = {plain(part) for part in case.name.split()}
    unnamed = parts & set(re.findall(r"\w+", plain(agency)))
    return Addressee(
        recipient=sentence_case(row.where) if unnamed else agency,
        who=tuple(line for line in (mention(row.who, RECORD), agency) if line),
    )


def _named_for_flags(told: Sequence[Addressee | Letter], occasion: Occasion) -> list[Addressee]:
    """Those whom 2.5.14 names and who are not told yet; a blank where the address book has none either."""
    found: list[Addressee] = []
    for service, pattern in NAMED_FOR_FLAGS.items():
        told_already = any(_says(pattern, to.recipient, to.who[-1]) for to in told)
        # Several services may work out of hours, and none of them answers for another.
        rows = _rows_of_service(service, occasion.agencies) if service == OUT_OF_HOURS or not told_already else []
        found += [_addressee(a, occasion.agencies) for a in rows]
        if not (rows or told_already):
            found.append(Addressee(service, (service,)))
    return found


def _rows_of_service(service: str, agencies: Sequence[Agency]) -> list[Agency]:
    """The address book's rows for a service that 2.5.14 names, one for each agency."""
    if service == OUT_OF_HOURS:
        rows = [a for a in agencies if a.out_of_hours and not _says(f"{POLICE}|{HEALTH}", a.role, a.agency)]
    else:
        rows = [a for a in agencies if _says(NAMED_FOR_FLAGS[service], a.role, a.agency)]
    first = {plain(a.agency): a for a in reversed(rows) if not _somebodys_own(a)}
    return [a for a in rows if first.get(plain(a.agency)) is a]


def _as_today(letter: Letter, occasion: Occasion) -> Addressee:
    """The addressee of an earlier letter, at the address of today if the address book still has the agency and role."""
    to = Addressee(letter.recipient, letter.who, letter.name, letter.address, noted_as=TOLD)
    usual = next((u for u in USUAL if u.recipient == letter.recipient), None)
    rows = [
        a
        for a in occasion.agencies
        if plain(a.agency) == plain(letter.who[-1])
        and (_matches(usual, a) if usual else not a.role or a.role in letter.who)
        and a.address
    ]
    return replace(to, address=rows[0].address) if rows else to


def _identity(to: Addressee | Letter) -> tuple[str, str]:
    """What tells two recipients apart: a new school or home has the old one's role and is another agency."""
    return plain(to.recipient), plain(to.who[-1])


def _each_once(addressees: Iterable[Addressee]) -> tuple[Addressee, ...]:
    firsts: dict[tuple[str, str], Addressee] = {}
    for to in addressees:
        firsts.setdefault(_identity(to), to)
    return tuple(firsts.values())


def _usual_rows(case: Case, agencies: Sequence[Agency]) -> dict[Usual, Agency | None]:
    book = [a for a in agencies if a.core_group]
    return {usual: _row_for(usual, case, book) for usual in USUAL}


def _somebodys_own(agency: Agency) -> bool:
    """A school or home in the book: unless it is this young person's own, it has no part in the case."""
    return any(_matches(usual, agency) for usual in USUAL if usual.own)


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
    return _says(usual.pattern, agency.role, agency.agency)


def _says(pattern: str, *texts: str) -> bool:
    return re.search(pattern, " ".join(texts).casefold()) is not None


def _usual(usual: Usual, row: Agency | None, case: Case) -> Addressee:
    name = row.name if row else ""
    agency = row.agency if row else ""
    if usual is SOCIAL_WORKER:
        name = newest_word(case, "allocated_worker") or name
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


def _addressee(agency: Agency, agencies: Sequence[Agency]) -> Addressee:
    """A row of the address book; several rows of one agency are told apart by their role."""
    shared = sum(other.agency == agency.agency for other in agencies) > 1
    return Addressee(
        recipient=f"{agency.agency}, {agency.role}" if shared and agency.role else agency.agency,
        who=tuple(line for line in (agency.name, agency.role, agency.agency) if line),
        name=agency.name,
        address=agency.address,
        for_information=agency.for_information,
    )


def _section_h(label: str) -> str:
    return f'section H, "{label}"'


def _without_row(label: str, referral: Referral | None) -> Addressee:
    """A service that is ticked in section H and that the address book does not know."""
    recipient = re.sub(r"\s*\((for information|name and contact)\)$", "", label)
    words = mention(referral.specified.get(label, "")) if referral else ""
    return Addressee(
        recipient=recipient,
        who=(words or recipient,),
        for_information="(for information)" in label,
        where=_section_h(label),
    )


def mention(words: str, form: str = "the referral form", longest: int = LONGEST_MENTION) -> str:
    """What a form says of somebody, on one line and no longer than a letter has room for."""
    return textwrap.shorten(words, longest, placeholder=f" … (see {form})")
