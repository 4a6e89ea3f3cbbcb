"""The rows of a meeting record come in; the agencies that they name go out, without the young person and the family."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.outgoing.agencies import Agency
from pipeline.rules.case import Case, MeetingRecord
from pipeline.rules.folding import folded

# What people write of the young person and the family.
FAMILY = re.compile(
    r"(the )?young person|family( member)?|relative|"
    r"(birth[ -]|step[ -]?|grand)?(mother|mum|mummy|ma|father|dad|daddy|parents?)|gran|nan|nana|"
    r"((half|step)[ -])?(sister|brother)s?|siblings?|aunt|auntie|uncle|cousin|nephew|niece"
)
# A foster carer or residential key worker is a usual member of the core group (Stockport 2.9); "grandmother and carer"
# is of the family.
CARER = re.compile(r"(main |kinship )?carer")
_APART = re.compile(r"[,;:()\n]|\s[-–—]\s")
_TOGETHER = re.compile(r"[/&]|\band\b")
ADVOCATE = re.compile(r"\badvoca(te|cy)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """An agency that a row names. ``agency``, ``who`` (name and role), ``address``: as written."""

    agency: str
    who: str
    address: str
    where: str

    @property
    def advocate(self) -> bool:
        """Somebody who speaks for the young person (2.5.13), and for no agency that could set a flag."""
        return ADVOCATE.search(f"{self.agency} {self.who}") is not None


def at_the_meeting(record: MeetingRecord, case: Case) -> tuple[Named, ...]:
    """Section C: whoever is a member of the meeting, present or not, and not of the family."""
    names = _names(case)
    rows = _named(record.attendance, "Agency", "section C")
    return tuple(row for row in rows if row.agency and not _is_family(row, names))


def without_an_agency(record: MeetingRecord, case: Case) -> tuple[Named, ...]:
    """The rows of section C that name somebody, not of the family, and no agency."""
    names = _names(case)
    rows = _named(record.attendance, "Agency", "section C")
    return tuple(row for row in rows if row.who and not row.agency and not _is_family(row, names))


def to_be_told_besides(record: MeetingRecord, case: Case) -> tuple[Named, ...]:
    """Section O: the services that were not at the meeting and that the chair names (Buckinghamshire 2.5.14)."""
    names = _names(case)
    rows = _named(record.also_tell, "Service to be told", "section O")
    return tuple(row for row in rows if row.agency and not _is_family(row, names))


def row_of(named: Named, agencies: Sequence[Agency]) -> Agency | None:
    """The address book's row for an agency; where it has several, the one whose role is named, else none."""
    agency = folded(named.agency)
    rows = [a for a in agencies if a.known_as == agency]
    if len(rows) > 1:
        said = [
            a for a in rows if a.role and re.search(rf"(?<!\w){re.escape(folded(a.role))}(?!\w)", folded(named.who))
        ]
        # "Head of Service, Safeguarding" names "Head of Service" too.
        rows = [a for a in said if all(len(a.role) >= len(b.role) for b in said)]
    return rows[0] if len(rows) == 1 else None


def _named(rows: Sequence[Mapping[str, str]], agency: str, section: str) -> list[Named]:
    return [
        Named(
            row.get(agency, "").strip(),
            row.get("Name and role", "").strip(),
            row.get("Address", "").strip(),
            f"{section}, row {number}",
        )
        for number, row in enumerate(rows, start=1)
    ]


def _names(case: Case) -> frozenset[str]:
    """The names of the young person and of the family, as far as the forms tell them."""
    family = [row.get("Name", "") for row in case.referral.family] if case.referral else []
    return frozenset(folded(name) for name in (case.name, *family) if name.strip())


def _is_family(named: Named, names: frozenset[str]) -> bool:
    """Whether the row is a relation or a known name: ``Dana, mother``, ``Parents``; not ``Mother and baby unit``."""
    for part in (part for text in (named.agency, named.who) for part in _APART.split(text)):
        people = [folded(p) for p in _TOGETHER.split(part.casefold()) if p.strip()]
        related = [p for p in people if FAMILY.fullmatch(p)]
        if names.intersection(people) or (related and all(p in related or CARER.fullmatch(p) for p in people)):
            return True
    return False
