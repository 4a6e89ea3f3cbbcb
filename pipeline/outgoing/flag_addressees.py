"""A flag and the address book come in; whom to ask for it, or to take it down, goes out (Buckinghamshire 2.5.14)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.outgoing.addressees import (
    USUAL,
    Addressee,
    each_once,
    matches,
    members,
    named,
    of_row,
    somebodys_own,
)
from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.attendance import at_the_meeting, to_be_told_besides
from pipeline.outgoing.occasion import Occasion, once_a_pack
from pipeline.rules.case import Letter
from pipeline.rules.flag_letters import holding_a_flag, identity
from pipeline.rules.folding import folded

# How a note names an agency that somebody wrote on an earlier form.
TOLD = "an agency that was asked for the flag"

# Whom a flag must reach besides those of the meeting (Buckinghamshire 2.5.14), each with what finds it by name.
POLICE, HEALTH = r"\bpolice\b", r"\bhealth\b|\bnhs\b|\bhospital\b|\bambulance\b"
OUT_OF_HOURS = "Out-of-hours social care"
NAMED_FOR_FLAGS = {
    "Police": POLICE,
    OUT_OF_HOURS: r"\bemergency duty\b|\bout[- ]of[- ]hours\b",
    "Health service": HEALTH,
}


@once_a_pack
def to_be_flagged(occasion: Occasion) -> tuple[Addressee, ...]:
    """Whom to ask for a flag who has not been asked for this one yet (Buckinghamshire 2.5.14).

    Those of the meeting, who see to it that the flag reaches their services; the services that the record names; those
    who have been asked to take this flag down, where a correction says that it stands; and of police, out-of-hours
    social care and health those of the address book, where nobody of theirs is among them.
    """
    record, case = occasion.record, occasion.case
    if record is None:
        return ()
    # An advocate speaks for the young person, not for an agency. The chair may still name one in section O.
    listed = [named(row, occasion) for row in at_the_meeting(record, case) if not row.advocate]
    besides = [named(row, occasion) for row in to_be_told_besides(record, case)]
    told = [*(listed or members(record, occasion)), *besides]
    holding = {identity(letter) for letter in holding_a_flag(occasion.letters)}
    already = {identity(letter) for letter in occasion.flag_letters} & holding
    taken_down = [_as_today(letter, occasion) for letter in occasion.flag_letters if identity(letter) not in holding]
    in_the_book = _named_for_flags((*told, *occasion.flag_letters), occasion)
    everyone = each_once((*told, *taken_down, *in_the_book))
    return tuple(to for to in everyone if identity(to) not in already)


@once_a_pack
def told_of_flag(occasion: Occasion) -> tuple[Addressee, ...]:
    """Everyone who was ever asked for the flag that is taken down, each once, whatever the address book says today.

    Those whom a letter has asked already are not asked again. Those who hold a flag of before, whose removal came to
    light only when another was raised, are asked now. Where the address book still has the agency and role, at its
    address of today, else at the letter's.
    """
    return tuple(_as_today(letter, occasion) for letter in holding_a_flag(occasion.letters))


def _named_for_flags(told: Sequence[Addressee | Letter], occasion: Occasion) -> list[Addressee]:
    """Those whom 2.5.14 names and who are not told yet; a blank where the address book has none either."""
    found: list[Addressee] = []
    for service, pattern in NAMED_FOR_FLAGS.items():
        told_already = any(re.search(pattern, f"{to.recipient} {to.who[-1]}".casefold()) for to in told)
        # Several services may work out of hours, and none of them answers for another.
        rows = _rows_of_service(service, occasion.agencies) if service == OUT_OF_HOURS or not told_already else []
        found += [of_row(a, occasion) for a in rows]
        if not (rows or told_already):
            found.append(Addressee(service, (service,)))
    return found


def _rows_of_service(service: str, agencies: Sequence[Agency]) -> list[Agency]:
    """The address book's rows for a service that 2.5.14 names, one for each agency."""
    if service == OUT_OF_HOURS:
        rows = [a for a in agencies if a.out_of_hours and not re.search(f"{POLICE}|{HEALTH}", a.words)]
    else:
        rows = [a for a in agencies if re.search(NAMED_FOR_FLAGS[service], a.words)]
    first = {a.known_as: a for a in reversed(rows) if not somebodys_own(a)}
    return [a for a in rows if first.get(a.known_as) is a]


def _as_today(letter: Letter, occasion: Occasion) -> Addressee:
    """The addressee of an earlier letter, at the address of today if the address book still has the agency and role."""
    to = Addressee(letter.recipient, letter.who, letter.name, letter.address, noted_as=TOLD)
    usual = next((u for u in USUAL if u.recipient == letter.recipient), None)
    known_as = folded(letter.who[-1])
    rows = [
        a
        for a in occasion.agencies
        if a.known_as == known_as and (matches(usual, a) if usual else not a.role or a.role in letter.who) and a.address
    ]
    return replace(to, address=rows[0].address) if rows else to
