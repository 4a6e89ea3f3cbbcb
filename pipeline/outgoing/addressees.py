"""An occasion and the address book come in; whom its letters go to goes out, each with the address that is known."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.attendance import Named, at_the_meeting, row_of, without_an_agency
from pipeline.outgoing.occasion import Occasion, once_a_pack
from pipeline.outgoing.wording import answer, blank, newest_word, sentence_case
from pipeline.rules.case import Case, MeetingRecord, Referral
from pipeline.rules.flag_letters import identity
from pipeline.rules.folding import folded
from pipeline.rules.form import Problem
from pipeline.rules.identity import is_initial, name_parts
from pipeline.rules.standing import kind_of_next

# A letter keeps to one page however much stands behind "Other professional".
LONGEST_MENTION = 160
RECORD = "the meeting record"
ADDRESS_BOOK = "address book"
_POSSESSIVE = re.compile(r"['’ʼ`]s\b", re.IGNORECASE)

# How a note names an agency that somebody wrote on a form.
THIS_ROW = "the agency in this row"

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
    pattern: re.Pattern[str]
    part: str
    own: str = ""


USUAL = (
    Usual(
        "Field Social Worker",
        "Field Social Worker",
        re.compile(r"\bsocial worker\b"),
        "You chair and co-ordinate the meetings once your manager has agreed this in supervision and recorded it. "
        "You compile the single joint report to the statutory review.",
    ),
    Usual(
        "Carer",
        "Carer (foster or residential key worker)",
        re.compile(r"\bcarer\b|\bfoster|\bresidential (key worker|home|care)\b"),
        "You bring how things are day to day, and you work closely with the social worker to address risk.",
        own="current_address",
    ),
    Usual(
        "Community Police",
        "Community Police / Missing from Home lead",
        re.compile(r"\bpolice\b|\bmissing from home\b"),
        "You bring what the police know, and you act as the link to Missing from Home arrangements as necessary.",
    ),
    Usual(
        "Virtual School Team",
        "Virtual School Team key worker",
        re.compile(r"\bvirtual school\b"),
        "You bring what the Virtual School Team knows, and you carry out the actions agreed for education.",
    ),
    Usual(
        "School representative",
        "School representative",
        re.compile(r"\b(?<!virtual )school\b|\bcollege\b"),
        "You bring what the school knows, and you carry out the actions agreed for the school.",
        own="school",
    ),
)
SOCIAL_WORKER, SCHOOL = USUAL[0], USUAL[-1]


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
    where: str = ADDRESS_BOOK
    noted_as: str = ""


@once_a_pack
def core_group(occasion: Occasion) -> tuple[Addressee, ...]:
    """The five usual members, always, and every other agency that the address book has for core groups."""
    rows = _usual_rows(occasion)
    usual_members = [_usual(usual, row, occasion.case) for usual, row in rows.items()]
    others = [a for a in occasion.agencies if a.core_group and a not in rows.values() and not somebodys_own(a)]
    return (*usual_members, *dict.fromkeys(of_row(a, occasion) for a in others))


@once_a_pack
def panel(occasion: Occasion) -> tuple[Addressee, ...]:
    """Each standing member and each service ticked in section H, once."""
    referral = occasion.case.referral
    ticked = referral.invited if referral else ()
    rows = [a for a in occasion.agencies if a.standing or a.section_h in ticked]
    found = [of_row(a, occasion, _section_h(a.section_h) if a.section_h in ticked else ADDRESS_BOOK) for a in rows]
    known = {a.section_h for a in rows}
    missing = [_without_row(label, referral) for label in ticked if label not in known]
    return (*dict.fromkeys(found), *missing)


def invited(occasion: Occasion) -> tuple[Addressee, ...]:
    """Whom to invite: to the panel that a referral asks for, or to the next meeting that a record agrees.

    To the next meeting those whom the record lists; where it lists nobody, the members of such a meeting.
    """
    record = occasion.record
    if record is None:
        return panel(occasion)
    listed = [named(row, occasion) for row in at_the_meeting(record, occasion.case)]
    return each_once(listed) or members(record, occasion)


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


def members(record: MeetingRecord, occasion: Occasion) -> tuple[Addressee, ...]:
    """The members of the meeting that comes next: after a statutory review a core group meets."""
    return panel(occasion) if kind_of_next(record) == "panel" else core_group(occasion)


def named(row: Named, occasion: Occasion) -> Addressee:
    """Whom a row of a meeting record names: by what our own letters call them, else by agency and role."""
    by_name, by_row = _known(occasion)
    book_row = row_of(row, occasion.agencies)
    found = by_name.get(folded(row.agency)) or (by_row.get(book_row) if book_row else None)
    found = found or _not_in_the_book(row, occasion.case)
    address = tuple(line.strip() for line in re.split(r"\n" if "\n" in row.address else ",", row.address))
    # The chair's own words lead: another office of the same agency may be meant.
    return replace(found, where=row.where, noted_as=THIS_ROW, address=tuple(filter(None, address)) or found.address)


@once_a_pack
def _known(occasion: Occasion) -> tuple[dict[str, Addressee], dict[Agency, Addressee]]:
    """The usual members and the rows of the address book: by what our own letters call them, and by their row."""
    usual = _usual_rows(occasion)
    known = [(book_row, _usual(member, book_row, occasion.case)) for member, book_row in usual.items()]
    known += [(a, of_row(a, occasion)) for a in occasion.agencies if a not in usual.values()]
    known.reverse()  # the first of a name leads
    return {folded(to.recipient): to for _, to in known}, {row: to for row, to in known if row}


def _not_in_the_book(row: Named, case: Case) -> Addressee:
    """An agency as the record writes it. With a part of the young person's name in it, it is no name for a file."""
    agency = mention(row.agency, RECORD)
    return Addressee(
        recipient=sentence_case(row.where) if names_young_person(agency, case) else agency,
        who=tuple(line for line in (mention(row.who, RECORD), agency) if line),
    )


def each_once(addressees: Iterable[Addressee]) -> tuple[Addressee, ...]:
    firsts: dict[tuple[str, ...], Addressee] = {}
    for to in addressees:
        firsts.setdefault(identity(to), to)
    return tuple(firsts.values())


@once_a_pack
def _usual_rows(occasion: Occasion) -> dict[Usual, Agency | None]:
    book = [a for a in occasion.agencies if a.core_group]
    return {usual: _row_for(usual, occasion.case, book) for usual in USUAL}


def somebodys_own(agency: Agency) -> bool:
    """A school or home in the book: unless it is this young person's own, it has no part in the case."""
    return any(matches(usual, agency) for usual in USUAL if usual.own)


def _row_for(usual: Usual, case: Case, book: Sequence[Agency]) -> Agency | None:
    """The address book's row for a usual member; none where the forms do not tell which of several it is.

    A blank is better than a letter to another young person's school or home.
    """
    rows = [a for a in book if matches(usual, a)]
    if not usual.own:
        return rows[0] if rows else None
    if own := answer(case.referral, usual.own):
        rows = [a for a in rows if _begins_with(own, a.agency)]
    return rows[0] if len(rows) == 1 else None


def _begins_with(written: str, agency: str) -> bool:
    """Whether the form names this agency: ``Hill School, Hill Road`` does, ``Hill School for Girls`` does not."""
    return re.match(rf"{re.escape(agency)}\s*($|[^\w\s])", written, re.IGNORECASE) is not None


def matches(usual: Usual, agency: Agency) -> bool:
    return usual.pattern.search(agency.words) is not None


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


def of_row(agency: Agency, occasion: Occasion, where: str = ADDRESS_BOOK) -> Addressee:
    """A row of the address book; several rows of one agency are told apart by their role."""
    shared = agency.role and agency.agency in _in_several_rows(occasion)
    return Addressee(
        recipient=f"{agency.agency}, {agency.role}" if shared else agency.agency,
        who=tuple(line for line in (agency.name, agency.role, agency.agency) if line),
        name=agency.name,
        address=agency.address,
        for_information=agency.for_information,
        where=where,
    )


@once_a_pack
def _in_several_rows(occasion: Occasion) -> frozenset[str]:
    rows = Counter(a.agency for a in occasion.agencies)
    return frozenset(agency for agency, n in rows.items() if n > 1)


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


def names_young_person(words: str, case: Case) -> bool:
    """Whether a part of the young person's name stands in the words: file names and calendars never hold one.

    ``O'Brien's club`` and ``Smith household`` do, of Sam O’Brien-Smith; an initial by itself names nobody.
    """
    mentioned = name_parts(_POSSESSIVE.sub("", words))
    return not all(map(is_initial, name_parts(case.name) & mentioned))


def mention(words: str, form: str = "the referral form", longest: int = LONGEST_MENTION) -> str:
    """What a form says of somebody, on one line and no longer than a letter has room for."""
    line = " ".join(words.split())
    return line if len(line) <= longest else textwrap.shorten(line, longest, placeholder=f" … (see {form})")
