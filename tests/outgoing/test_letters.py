"""Whom letters go to, what they say, and what they never say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from pipeline.outgoing.documents import Document
from pipeline.outgoing.letters import WINDOW_LINES, WINDOW_WIDTH, reply_by
from tests import factories as make
from tests.outgoing.test_documents import pack

PAEDIATRICIAN = "Community Paediatrician"
EMERGENCY = "Social Care Emergency Duty Team (for information)"
OTHER = "Other professional (name and contact)"
LEGAL = "Legal representative"


def letter(documents: tuple[Document, ...], recipient: str) -> Mapping[str, object]:
    return next(d.context for d in documents if d.recipient == recipient)


def address(context: Mapping[str, object]) -> list[str]:
    return str(context["window"]).rstrip("\n").split("\n")


def words(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)
    else:
        yield str(value)


def test_usual_members_that_nobody_knows_are_labelled_blanks() -> None:
    documents = pack(make.case(assessment=make.assessment()), "must")
    assert address(letter(documents, "Carer")) == [
        "Carer (foster or residential key worker)",
        "[to be completed: name]",
        "[to be completed: address]",
    ]


def test_a_usual_member_is_filled_from_the_address_book() -> None:
    police = make.agency("Exampleton Police", role="Missing from Home lead", name="L. Sergeant", core_group=True)
    documents = pack(make.case(assessment=make.assessment()), "must", [police])
    assert address(letter(documents, "Community Police")) == [
        "L. Sergeant",
        "Community Police / Missing from Home lead",
        "Exampleton Police",
        "1 Example Road",
        "Exampleton",
        "ZZ1 1ZZ",
    ]
    assert letter(documents, "Community Police")["dear"] == "L. Sergeant"


def test_the_social_worker_and_the_school_come_from_the_referral() -> None:
    team = make.agency("Children's Social Care", role="Field Social Worker", name="Team mailbox", core_group=True)
    documents = pack(make.case(assessment=make.assessment(), referral=make.referral()), "must", [team])
    assert address(letter(documents, "Field Social Worker"))[:4] == [
        "A. Practitioner",
        "Field Social Worker",
        "Children's Social Care",
        "1 Example Road",
    ]
    assert address(letter(documents, "School representative")) == [
        "School representative",
        "Example Alternative Provision",
        "[to be completed: address]",
    ]


def test_another_young_persons_school_or_home_never_gets_a_letter() -> None:
    book = [
        make.agency("Northern School", role="Designated teacher", core_group=True),
        make.agency("Southern College", role="Head of year", core_group=True),
        make.agency("Hill House", role="Residential key worker", core_group=True),
        make.agency("Lake House", role="Residential key worker", core_group=True),
    ]
    unknown = pack(make.case(assessment=make.assessment()), "must", book)
    said = " ".join(word for d in unknown if d.recipient for word in words(d.context))
    assert not any(name in said for name in ("Northern", "Southern", "Hill House", "Lake House"))

    own = make.referral(
        answers=make.ANSWERS | {"school": "southern college", "current_address": "Lake House, Hill Road"}
    )
    known = pack(make.case(assessment=make.assessment(), referral=own), "must", book)
    assert "Southern College" in address(letter(known, "School representative"))
    assert "Lake House" in address(letter(known, "Carer"))
    assert len([d for d in known if d.recipient]) == 5


@pytest.mark.parametrize("written", ["Mill Hill School", "Hill School for Girls", "School", "Hill Schools"])
def test_a_school_with_a_name_much_like_it_gets_no_letter(written: str) -> None:
    book = [make.agency("Hill School", role="Designated teacher", core_group=True)]
    referral = make.referral(answers=make.ANSWERS | {"school": written})
    documents = pack(make.case(assessment=make.assessment(), referral=referral), "must", book)
    assert address(letter(documents, "School representative"))[-2:] == [written, "[to be completed: address]"]
    assert "Hill School" not in address(letter(documents, "School representative"))


def test_the_only_school_in_the_book_is_written_to_where_the_forms_name_none() -> None:
    book = [make.agency("Hill School", role="Designated teacher", core_group=True)]
    documents = pack(make.case(assessment=make.assessment()), "must", book)
    assert "Hill School" in address(letter(documents, "School representative"))


def test_a_standing_member_that_is_also_ticked_gets_one_letter() -> None:
    police = make.agency("Police", standing=True, section_h="Police, Public Protection")
    documents = pack(make.case(referral=make.referral(invited=["Police, Public Protection"])), "panel", [police])
    assert [d.recipient for d in documents if d.recipient] == ["Police"]


def test_an_agency_neither_standing_nor_ticked_is_not_invited() -> None:
    book = [
        make.agency("Police", section_h="Police, Public Protection"),
        make.agency("Out of hours", out_of_hours=True),
    ]
    documents = pack(make.case(referral=make.referral(invited=[])), "panel", book)
    assert [d.recipient for d in documents] == [None]


def test_a_ticked_service_without_a_row_gets_a_blank_address_and_says_for_information() -> None:
    documents = pack(make.case(referral=make.referral(invited=[EMERGENCY, PAEDIATRICIAN])), "panel")
    emergency = letter(documents, "Social Care Emergency Duty Team")
    assert address(emergency) == ["Social Care Emergency Duty Team", "[to be completed: address]"]
    assert emergency["for_information"] is True
    assert letter(documents, PAEDIATRICIAN)["for_information"] is False


def test_another_professional_is_addressed_as_the_form_names_them_but_not_in_the_file_name() -> None:
    referral = make.referral(invited=[OTHER], specified={OTHER: "Robin Voice, advocate"})
    documents = pack(make.case(referral=referral), "panel")
    context = letter(documents, "Other professional")
    assert address(context)[0] == "Robin Voice, advocate"
    assert context["other_professional"] == "Robin Voice, advocate"
    assert documents[-1].file_name == "Invitation letter - Other professional.docx"


def test_the_legal_adviser_is_named_where_section_h_asks_for_one_or_the_panel_has_one() -> None:
    lawyer = make.agency("Legal Services", role="Solicitor", name="Lee Gal", section_h=LEGAL)
    for invited, book, expected in (
        ([LEGAL], [lawyer], "Lee Gal, Solicitor, Legal Services"),
        ([LEGAL], [], "[to be completed: legal adviser]"),
        ([PAEDIATRICIAN], [lawyer], ""),
        ([PAEDIATRICIAN], [replace(lawyer, standing=True)], "Lee Gal, Solicitor, Legal Services"),
    ):
        documents = pack(make.case(referral=make.referral(invited=invited)), "panel", book)
        assert documents[-1].context["legal_adviser"] == expected


@pytest.mark.parametrize(
    ("assessed", "expected"),
    [
        (dt.date(2026, 10, 30), "Friday 27 November 2026"),
        (dt.date(2026, 10, 6), "Tuesday 3 November 2026"),
        (dt.date(2026, 10, 5), "Monday 2 November 2026 (overdue)"),
    ],
)
def test_the_first_meeting_is_due_28_days_after_the_assessment(assessed: dt.date, expected: str) -> None:
    documents = pack(make.case(assessment=make.assessment(date=assessed)), "must")
    assert letter(documents, "Carer")["first_meeting"] == expected
    assert letter(documents, "Carer")["reply_by"] == "Tuesday 10 November 2026"


def test_the_date_of_the_panel_is_said_where_the_office_has_written_it() -> None:
    referral = make.referral(answers=make.ANSWERS | {"panel_date": "8/12/2026"}, invited=[PAEDIATRICIAN])
    assert pack(make.case(referral=referral), "panel")[-1].context["meeting"] == "Tuesday 8 December 2026"


def test_letters_carry_name_date_of_birth_id_and_allocated_worker_and_nothing_else_of_the_forms() -> None:
    answers = {key: f"secret {key}" for key in make.referral().answers} | {
        "surname": "Testcase",
        "forenames": "Jordan",
        "allocated_worker": "A. Practitioner",
        "school": "Example School",  # the school's own letter is addressed to it
    }
    secret = {"Agency": "secret agency", "Name": "secret name"}
    case = make.case(
        assessment=make.assessment(completed_by="secret author"),
        history=[make.assessment(completed_by="secret earlier author")],
        referral=make.referral(answers=answers, family=[secret], agencies=[secret], invited=[PAEDIATRICIAN]),
    )
    letters = [d for outcome in ("must", "panel") for d in pack(case, outcome) if d.recipient]
    assert len(letters) == 6
    for document in letters:
        assert document.context["person"] == {
            "name": "Jordan Testcase",
            "date_of_birth": "14 February 2010",
            "case": "CF104233",
            "allocated_worker": "A. Practitioner",
        }
        said = " ".join(words(document.context))
        assert "secret" not in said
        assert not any(word in said for word in ("Drug", "51", "55", "MUST", "harm to self", "Transport"))
        assert ("Example School" in said) == (document.recipient == "School representative")


def test_a_long_answer_does_not_push_a_letter_onto_a_second_page() -> None:
    referral = make.referral(
        answers=make.ANSWERS | {"school": "school " * 500}, invited=[OTHER], specified={OTHER: "advocate " * 500}
    )
    case = make.case(assessment=make.assessment(), referral=referral)
    assert len(address(letter(pack(case, "must"), "School representative"))) <= WINDOW_LINES
    invitation = letter(pack(case, "panel"), "Other professional")
    assert len(address(invitation)) <= WINDOW_LINES
    assert str(invitation["other_professional"]).endswith("advocate … (see the referral form)")


@pytest.mark.parametrize("lines", [(), ("1 Road",), tuple(f"Line {n}" for n in range(9))])
def test_the_address_fills_the_window_and_loses_the_role_before_any_line_of_itself(lines: tuple[str, ...]) -> None:
    agency = make.agency("Very Long Name of an Agency " * 4, role="Role " * 20, core_group=True, address=lines)
    window = str(pack(make.case(assessment=make.assessment()), "must", [agency])[-1].context["window"]).split("\n")
    assert len(window) == WINDOW_LINES
    assert max(map(len, window)) <= WINDOW_WIDTH
    assert all(line in " ".join(window) for line in lines)


def test_an_address_too_long_for_the_window_is_still_printed_whole() -> None:
    lines = tuple(f"A rather long line {n} of an address" for n in range(12))
    agency = make.agency("Agency", role="", core_group=True, address=lines)
    window = str(pack(make.case(assessment=make.assessment()), "must", [agency])[-1].context["window"]).split("\n")
    assert window == ["Agency", *lines]


@pytest.mark.parametrize(
    ("today", "meeting", "day"),
    [
        (dt.date(2026, 11, 3), None, dt.date(2026, 11, 10)),  # a week on, a Tuesday
        (dt.date(2026, 11, 21), None, dt.date(2026, 11, 27)),  # a Saturday: the Friday before
        (dt.date(2026, 11, 22), None, dt.date(2026, 11, 27)),  # a Sunday: the Friday before
        (dt.date(2026, 11, 21), dt.date(2026, 11, 27), dt.date(2026, 11, 26)),  # before the meeting
        (dt.date(2026, 11, 21), dt.date(2026, 11, 23), dt.date(2026, 11, 21)),  # the meeting is on Monday: at once
        (dt.date(2026, 11, 3), dt.date(2026, 10, 30), dt.date(2026, 11, 10)),  # the meeting is overdue
    ],
)
def test_a_reply_is_asked_for_on_a_working_day_before_the_meeting(
    today: dt.date, meeting: dt.date | None, day: dt.date
) -> None:
    assert reply_by(today, 7, meeting) == day
