"""Whom the letters after a meeting go to: its members, those to be told of a flag, and those who ever were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from pipeline.outgoing.addressees import Addressee, core_group, invited
from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.documents import documents_for
from pipeline.outgoing.flag_addressees import to_be_flagged, told_of_flag
from pipeline.outgoing.occasion import Occasion
from pipeline.rules.case import Letter, MeetingRecord, Referral
from pipeline.rules.standing import Flag
from tests import factories as make

RAISED, KEPT, REMOVED = dt.date(2026, 11, 24), dt.date(2026, 12, 22), dt.date(2027, 4, 6)
FLAG = Flag(RAISED, "panel")

COMMUNITY_POLICE = make.agency("Exampleton Police", role="Community Police", core_group=True)
INSPECTOR = make.agency("Exampleton Police", role="Detective Inspector", standing=True, address=("2 Police Road",))
NURSE = make.agency("Exampleton Health Trust", role="Named Nurse", standing=True)
DOCTOR = make.agency("Exampleton Health Trust", role="Designated doctor")
EDUCATION = make.agency("Exampleton Education Service", role="Head of Inclusion", standing=True)
DUTY_TEAM = make.agency("Exampleton Emergency Duty Team", role="Duty manager", out_of_hours=True)
NIGHT = make.agency("Exampleton Night Service", role="Night manager", out_of_hours=True)
BOOK = (COMMUNITY_POLICE, INSPECTOR, NURSE, DOCTOR, EDUCATION, DUTY_TEAM, NIGHT)


def listed(*rows: str) -> list[dict[str, str]]:
    """``Agency | Name and role``, row by row."""
    return [dict(zip(("Agency", "Name and role"), (p.strip() for p in row.split("|")), strict=True)) for row in rows]


def after(
    record: MeetingRecord,
    *,
    agencies: Sequence[Agency] = BOOK,
    flags: Sequence[Flag] = (FLAG,),
    letters: Sequence[Letter] = (),
    referral: Referral | None = None,
) -> Occasion:
    stands = replace(make.NOTHING, flag=flags[-1] if flags and not flags[-1].until else None, flags=tuple(flags))
    case = make.case(meetings=[record], referral=referral)
    decision = replace(make.decision("meeting"), raise_flag=True)
    return make.occasion(record, case, decision, stands=stands, letters=letters, agencies=agencies, today=record.date)


def at(*rows: str, date: dt.date = RAISED, **fields: object) -> MeetingRecord:
    return make.meeting_record(**({"date": date, "flag": "raise", "attendance": listed(*rows)} | fields))  # type: ignore[arg-type]


def names(addressees: Sequence[Addressee]) -> list[str]:
    return [a.recipient for a in addressees]


def letters_of(occasion: Occasion) -> list[Letter]:
    return [d.letter for d in documents_for(occasion) if d.letter]


def test_those_whom_the_record_lists_are_invited_at_their_address_in_the_book() -> None:
    record = at("exampleton  police | D. Chief, Detective Inspector", "EXAMPLETON EDUCATION SERVICE | Somebody else")
    found = invited(after(record))
    assert names(found) == ["Exampleton Police, Detective Inspector", "Exampleton Education Service"]
    assert found[0].address == ("2 Police Road",)


def test_an_agency_with_several_rows_and_no_role_that_tells_which_gets_a_blank_address() -> None:
    [police] = invited(after(at("Exampleton Police | PC Somebody")))
    assert (police.recipient, police.who, police.address) == (
        "Exampleton Police",
        ("PC Somebody", "Exampleton Police"),
        (),
    )


def test_the_longest_role_that_is_named_tells_the_row() -> None:
    book = [make.agency("Care", role="Head of Service"), make.agency("Care", role="Head of Service, Safeguarding")]
    [found] = invited(after(at("Care | Jo, Head of Service, Safeguarding"), agencies=book))
    assert found.recipient == "Care, Head of Service, Safeguarding"


def test_an_agency_that_the_book_does_not_know_is_addressed_as_written_with_a_blank_address() -> None:
    [found] = invited(after(at("Riverside Boxing Club | C. Oach, trainer")))
    assert (found.recipient, found.who, found.address) == (
        "Riverside Boxing Club",
        ("C. Oach, trainer", "Riverside Boxing Club"),
        (),
    )


def test_members_as_our_own_record_lists_them_are_found_again() -> None:
    """The record is written with the recipients of our letters in its column "Agency"."""
    referral = make.referral()
    case = make.case(referral=referral)
    members = core_group(make.occasion(referral, case, make.decision(), agencies=BOOK))
    record = at(*(f"{to.recipient} | " for to in members))
    assert names(invited(after(record, referral=case.referral))) == [
        "Field Social Worker",
        "Carer",
        "Community Police",
        "Virtual School Team",
        "School representative",
    ]


def test_each_agency_is_invited_once() -> None:
    record = at(
        "Community Police | ",
        "Exampleton Police | PC Somebody, Community Police",
        "Exampleton Education Service | A",
        "Exampleton Education Service | B",
        "Club | A",
        "club | B",
    )
    assert names(invited(after(record))) == ["Community Police", "Exampleton Education Service", "Club"]


@pytest.mark.parametrize(
    "row",
    [
        "Young person | Jordan",
        " | Jordan Testcase",
        "Jordan Testcase | ",
        "Mother | Dana",
        "Mother and father | ",
        "Mum & Dad | Dana and Sam",
        "Home | Dana Testcase, mother",
        "Home | Dana Testcase",
        "Family | Uncle Sam",
        "Carer | Sue (grandmother)",
        "Home | Sue - grandmother and carer",
        "Parents / carer | Dana",
        "Step-father | ",
    ],
)
def test_the_young_person_and_the_family_get_no_letter_to_an_agency(row: str) -> None:
    record = at(row, "Exampleton Education Service | Head of Inclusion")
    for found in (
        invited(after(record, referral=make.referral())),
        to_be_flagged(after(record, referral=make.referral())),
    ):
        assert not any("Carer" in name or "Home" in name or "Dana" in name for name in names(found))
    assert names(invited(after(record, referral=make.referral()))) == ["Exampleton Education Service"]


@pytest.mark.parametrize(
    "row",
    [
        "Carer | Jo Foster",
        "Hill House | residential key worker",
        "Mother and Baby Unit | Manager",
        "Family and Friends Team | Social worker",
        "Family Support Service | Jo",
        "Young Person's Drug Service | Jo",
        "Club | Jo Parent, trainer",
    ],
)
def test_an_agency_whose_name_only_sounds_like_family_is_invited(row: str) -> None:
    assert len(invited(after(at(row)))) == 1


def test_an_advocate_is_invited_and_asked_for_no_flag_unless_the_chair_names_the_service() -> None:
    record = at("Speak Up Advocacy | Robin Voice", "Exampleton Education Service | Head of Inclusion")
    assert names(invited(after(record))) == ["Speak Up Advocacy", "Exampleton Education Service"]
    assert "Speak Up Advocacy" not in names(to_be_flagged(after(record)))
    named = replace(record, also_tell=({"Service to be told": "Speak Up Advocacy"},))
    assert "Speak Up Advocacy" in names(to_be_flagged(after(named)))


def test_nobody_is_named_by_the_young_persons_name_in_a_recipient() -> None:
    [found] = invited(after(at("Jordan's boxing club | C. Oach")))
    assert found.recipient == "Section C, row 1"
    assert found.who == ("C. Oach", "Jordan's boxing club")


@pytest.mark.parametrize(
    ("name", "agency", "named"),
    [
        ("Sam O’Brien", "O'Brien family home", True),
        ("Sam O'Brien", "O’BRIEN’s boxing club", True),
        ("Anna Smith-Jones", "Smith-Jones boxing club", True),
        ("Anna Smith-Jones", "Jones' boxing club", True),
        ("Zoë Testcase", "Zoe's boxing club", True),
        ("Jordan A. Testcase", "A Boxing Club", False),
        ("Jordan Testcase", "Jordanhill School", False),
    ],
)
def test_a_name_is_known_however_it_is_joined_and_written(name: str, agency: str, named: bool) -> None:
    [found] = invited(after(at(f"{agency} | C. Oach", name=name)))
    assert found.recipient == ("Section C, row 1" if named else agency)


@pytest.mark.parametrize(
    ("meeting", "expected"),
    [
        ("panel", ["Exampleton Police, Detective Inspector", "Exampleton Health Trust, Named Nurse", EDUCATION.agency]),
        (
            "core group",
            ["Field Social Worker", "Carer", "Community Police", "Virtual School Team", "School representative"],
        ),
        (
            "statutory review",
            ["Field Social Worker", "Carer", "Community Police", "Virtual School Team", "School representative"],
        ),
    ],
)
def test_where_nobody_is_listed_the_members_of_the_next_meeting_are_invited(meeting: str, expected: list[str]) -> None:
    assert names(invited(after(at(meeting=meeting)))) == expected


def test_a_flag_reaches_the_meeting_the_services_named_and_those_who_work_out_of_hours() -> None:
    record = at(
        "Exampleton Police | Detective Inspector",
        "Exampleton Health Trust | Named Nurse",
        also_tell=[
            {"Service to be told": "Rail Police", "Name and role": "Duty desk", "Address": "9 Platform Road, Town"},
            {"Service to be told": "Exampleton Education Service"},
        ],
    )
    found = to_be_flagged(after(record))
    assert names(found) == [
        "Exampleton Police, Detective Inspector",
        "Exampleton Health Trust, Named Nurse",
        "Rail Police",
        "Exampleton Education Service",
        "Exampleton Emergency Duty Team",
        "Exampleton Night Service",
    ]
    assert (found[2].who, found[2].address) == (("Duty desk", "Rail Police"), ("9 Platform Road", "Town"))
    assert found[3].address == EDUCATION.address


def test_police_and_health_come_from_the_book_where_nobody_of_theirs_was_there_once_for_each_agency() -> None:
    found = to_be_flagged(after(at("Exampleton Education Service | Head of Inclusion")))
    assert names(found) == [
        "Exampleton Education Service",
        "Exampleton Police, Community Police",
        "Exampleton Emergency Duty Team",
        "Exampleton Night Service",
        "Exampleton Health Trust, Named Nurse",
    ]


def test_whom_the_procedure_names_and_nobody_knows_gets_a_letter_with_a_blank_address() -> None:
    found = to_be_flagged(after(at("Club | C. Oach"), agencies=()))
    assert [(a.recipient, a.address) for a in found] == [
        ("Club", ()),
        ("Police", ()),
        ("Out-of-hours social care", ()),
        ("Health service", ()),
    ]


def test_a_flag_that_is_kept_is_asked_for_only_where_it_was_not_before() -> None:
    told = letters_of(after(at("Exampleton Police | Detective Inspector", "Exampleton Health Trust | Named Nurse")))
    kept = at("Exampleton Education Service | Head of Inclusion", date=KEPT, flag="keep")
    assert names(to_be_flagged(after(kept, letters=told))) == ["Exampleton Education Service"]


def test_another_home_in_the_same_part_is_told_too() -> None:
    homes = [make.agency(name, role="Residential key worker", core_group=True) for name in ("Hill House", "Lake House")]
    told = letters_of(after(at("Carer | ", "Police | ", "Health | ", "Out of hours | "), agencies=homes[:1]))
    moved = to_be_flagged(after(at("Carer | ", date=KEPT), agencies=homes[1:], letters=told))
    assert [(a.recipient, a.who[-1]) for a in moved] == [("Carer", "Lake House")]


def test_removal_goes_to_exactly_those_who_were_told_also_after_the_book_has_changed() -> None:
    record = at(
        "Exampleton Police | Detective Inspector",
        "Exampleton Education Service | Head of Inclusion",
        "Club | C. Oach",
        also_tell=[{"Service to be told": "Rail Police", "Address": "9 Platform Road, Town"}],
    )
    told = letters_of(after(record))
    later = at("Exampleton Health Trust | Designated doctor", date=KEPT, flag="keep")
    told += letters_of(after(later, letters=told))
    changed = [
        replace(INSPECTOR, address=("77 New Road",), core_group=True),
        replace(EDUCATION, agency="Renamed Education Service", address=("78 New Road",)),
        replace(NIGHT, role="Somebody new", address=("79 New Road",)),
        make.agency("Brand New Health Trust", core_group=True, standing=True, out_of_hours=True),
    ]
    removed = at(date=REMOVED, flag="remove")
    others = [
        replace(told[0], reference="x-01", recipient="Told of a core group", purpose="core group", flag_since=None),
        *(
            replace(told[0], reference=r, recipient="Told of a flag before", flag_since=dt.date(2025, 5, 5), purpose=p)
            for r, p in (("x-02", "flag"), ("x-03", "removal"))
        ),
    ]
    flags = [Flag(dt.date(2025, 5, 5), "panel", dt.date(2025, 8, 8)), replace(FLAG, until=REMOVED)]
    found = told_of_flag(after(removed, agencies=changed, flags=flags, letters=[*others, *told]))
    assert [(a.recipient, a.address) for a in found] == [
        ("Exampleton Police, Detective Inspector", ("77 New Road",)),
        ("Exampleton Education Service", ("1 Example Road", "Exampleton", "ZZ1 1ZZ")),
        ("Club", ()),
        ("Rail Police", ("9 Platform Road", "Town")),
        ("Exampleton Emergency Duty Team", ("1 Example Road", "Exampleton", "ZZ1 1ZZ")),
        ("Exampleton Night Service", ("1 Example Road", "Exampleton", "ZZ1 1ZZ")),  # this role is no longer there
        ("Exampleton Health Trust, Named Nurse", ("1 Example Road", "Exampleton", "ZZ1 1ZZ")),
        ("Exampleton Health Trust, Designated doctor", ("1 Example Road", "Exampleton", "ZZ1 1ZZ")),
    ]


def test_a_home_that_was_told_is_told_of_the_removal_and_not_the_home_of_today() -> None:
    homes = [make.agency(name, role="Residential key worker", core_group=True) for name in ("Hill House", "Lake House")]
    told = letters_of(after(at("Carer | "), agencies=homes[:1]))[:1]
    for book, address in (
        (homes[1:], ("1 Example Road", "Exampleton", "ZZ1 1ZZ")),
        ([homes[1], replace(homes[0], address=("2 New Road",))], ("2 New Road",)),
    ):
        flags = [replace(FLAG, until=REMOVED)]
        [found] = told_of_flag(after(at(date=REMOVED, flag="remove"), agencies=book, flags=flags, letters=told))
        assert (found.recipient, found.who[-1], found.address) == ("Carer", "Hill House", address)


@pytest.mark.parametrize("since", [dt.date(2026, 11, 10), RAISED, dt.date(2026, 12, 1)])
def test_who_was_told_is_told_of_the_removal_also_where_a_late_record_moved_the_day_of_the_flag(since: dt.date) -> None:
    told = letters_of(after(at("Club | C. Oach")))
    flags = [Flag(since, "panel", REMOVED)]
    found = told_of_flag(after(at(date=REMOVED, flag="remove"), agencies=(), flags=flags, letters=told))
    assert names(found) == [letter.recipient for letter in told]


def test_a_flag_that_was_raised_again_is_another_flag() -> None:
    first = letters_of(after(at("Club | C. Oach")))
    again = dt.date(2027, 5, 4)
    flags = [replace(FLAG, until=REMOVED), Flag(again, "panel")]
    second = to_be_flagged(after(at("Club | C. Oach", date=again), flags=flags, letters=first))
    assert "Club" in names(second)


def removals(told: Sequence[Letter]) -> list[Letter]:
    return [replace(letter, reference=f"{letter.reference}-removal", purpose="removal") for letter in told]


def test_a_removal_that_is_corrected_tells_nobody_twice() -> None:
    told = letters_of(after(at("Club | C. Oach")))
    record, flags = at(date=REMOVED, flag="remove"), [replace(FLAG, until=REMOVED)]
    assert names(told_of_flag(after(record, flags=flags, letters=told)))
    assert told_of_flag(after(record, flags=flags, letters=[*told, *removals(told)])) == ()
    # Somebody whom only the correction brings to light is told.
    late = replace(told[0], reference="late", recipient="Rail Police", who=("Rail Police",))
    assert names(told_of_flag(after(record, flags=flags, letters=[*told, *removals(told), late]))) == ["Rail Police"]


def test_who_was_told_to_take_down_a_flag_that_stands_after_all_is_asked_for_it_again() -> None:
    told = letters_of(after(at("Club | C. Oach", "Police | ", "Health | ", "Out of hours | "), agencies=()))
    kept = at("Police | ", date=REMOVED, flag="keep")
    again = to_be_flagged(after(kept, agencies=(), letters=[*told, *removals(told)]))
    assert sorted(names(again)) == ["Club", "Health", "Out of hours", "Police"]
    assert to_be_flagged(after(kept, agencies=(), letters=told)) == ()


def test_who_holds_a_flag_of_before_is_told_when_the_next_is_taken_down() -> None:
    """The removal of the first flag arrived when the second had been raised: nobody was told of it."""
    told = letters_of(after(at("Club | C. Oach")))
    second = Flag(dt.date(2027, 5, 4), "panel", dt.date(2027, 6, 1))
    record, flags = at(date=dt.date(2027, 6, 1), flag="remove"), [replace(FLAG, until=REMOVED), second]
    assert names(told_of_flag(after(record, flags=flags, letters=told))) == [letter.recipient for letter in told]


ROWS: Sequence[Mapping[str, str]] = ({}, {"Agency": "", "Name and role": ""})


@pytest.mark.parametrize("row", ROWS)
def test_a_blank_row_is_nobody(row: Mapping[str, str]) -> None:
    record = make.meeting_record(attendance=[row, *listed("Club | ")], also_tell=[{}])
    assert names(invited(after(record))) == ["Club"]
