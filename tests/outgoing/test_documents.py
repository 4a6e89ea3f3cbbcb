"""Which documents a decision calls for, and what they are called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

import pytest

from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.documents import Document, documents_for, note_what_to_put_right, notes_for
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.returned import ReturnedForm
from pipeline.rules.case import Case, Letter, MeetingRecord
from pipeline.rules.form import Problem
from pipeline.rules.standing import Flag
from pipeline.settings import Sender
from tests import factories as make

USUAL = ["Field Social Worker", "Carer", "Community Police", "Virtual School Team", "School representative"]


# What follows from each outcome, besides the record of the next meeting.
FOLLOWS: dict[str, dict[str, bool]] = {
    "must": {"tell_members": True, "plan": True, "report": True},
    "consider": {"plan": True},
    "none": {},
    "panel": {"plan": True, "invite": True},
}


def pack(case: Case, outcome: str, agencies: Sequence[Agency] = ()) -> tuple[Document, ...]:
    """What follows from the case's matrix, or where the outcome is ``panel`` from its referral."""
    return documents_for(_occasion(case, outcome, agencies))


def _occasion(case: Case, outcome: str, agencies: Sequence[Agency]) -> Occasion:
    arrived = case.referral if outcome == "panel" else case.assessment
    assert arrived
    return make.occasion(arrived, case, replace(make.decision(outcome), **FOLLOWS[outcome]), agencies=agencies)


def files(documents: Sequence[Document]) -> list[str]:
    return [d.file_name for d in documents]


def test_must_gives_summary_plan_report_and_a_letter_for_each_of_the_five_usual_members() -> None:
    assert files(pack(make.case(assessment=make.assessment()), "must")) == [
        "Assessment summary.docx",
        "Action plan.docx",
        "Core-group report.docx",
        "Notification letter - Field Social Worker.docx",
        "Notification letter - Carer.docx",
        "Notification letter - Community Police.docx",
        "Notification letter - Virtual School Team.docx",
        "Notification letter - School representative.docx",
    ]


def test_consider_gives_a_summary_and_a_plan_marked_as_a_draft_for_the_managers_decision() -> None:
    case = make.case(assessment=make.assessment(behaviours=((2, 1),) * 11))
    documents = pack(case, "consider", [make.agency(core_group=True)])
    assert files(documents) == ["Assessment summary.docx", "Action plan.docx"]
    assert documents[1].context["for_decision"] is True
    assert str(documents[1].context["purpose"]).startswith("Draft for the manager's decision")


def test_none_gives_a_summary_alone() -> None:
    assert files(pack(make.case(assessment=make.assessment(behaviours=((0, 0),) * 11)), "none")) == [
        "Assessment summary.docx"
    ]


def test_a_referral_gives_a_plan_and_a_letter_for_each_standing_member_and_each_ticked_service() -> None:
    standing = make.agency("Exampleton Police", standing=True)
    documents = pack(make.case(referral=make.referral(invited=["Community Paediatrician"])), "panel", [standing])
    assert files(documents) == [
        "Action plan.docx",
        "Invitation letter - Exampleton Police.docx",
        "Invitation letter - Community Paediatrician.docx",
    ]
    assert [d.kind for d in documents] == ["action-plan", "invitation-letter", "invitation-letter"]


def test_a_referral_that_arrives_after_a_must_gives_the_panels_pack_and_not_the_core_groups() -> None:
    case = make.case(assessment=make.assessment(), referral=make.referral(invited=[]))
    assert files(pack(case, "panel", [make.agency("MOSAIC", core_group=True)])) == ["Action plan.docx"]


def test_every_other_core_group_agency_of_the_address_book_gets_a_letter_too() -> None:
    book = [
        make.agency("Exampleton Police", role="Community Police", core_group=True),
        make.agency("MOSAIC", role="Drug and alcohol worker", core_group=True),
        make.agency("Housing", role="Housing officer"),
    ]
    letters = pack(make.case(assessment=make.assessment()), "must", book)[3:]
    assert [d.recipient for d in letters] == [*USUAL, "MOSAIC"]


def test_two_rows_of_one_agency_are_told_apart_by_their_role() -> None:
    book = [make.agency("Health", role="Nurse", core_group=True), make.agency("Health", role="Doctor", core_group=True)]
    letters = pack(make.case(assessment=make.assessment()), "must", [*book, book[0]])[-2:]
    assert [d.recipient for d in letters] == ["Health, Nurse", "Health, Doctor"]


def test_an_agency_that_is_a_usual_member_already_says_its_role_in_another_letter() -> None:
    book = [
        make.agency("Social Care", role="Field Social Worker", core_group=True),
        make.agency("Social Care", role="Field Work Manager", core_group=True),
    ]
    letters = pack(make.case(assessment=make.assessment()), "must", book)[3:]
    assert [d.recipient for d in letters] == [*USUAL, "Social Care, Field Work Manager"]


@pytest.mark.parametrize("agency", ["RU Safe? (Barnardo's)", 'A/B\\C:D*E"F<G>H|I', "Trailing. ", "x" * 300, "..."])
def test_file_names_are_legal_on_windows(agency: str) -> None:
    name = pack(make.case(assessment=make.assessment()), "must", [make.agency(agency, core_group=True)])[-1].file_name
    assert not set(name) & set('\\/:*?"<>|')
    assert len(name) < 100
    assert not name.removesuffix(".docx").endswith((".", " "))


def test_file_names_differ_in_more_than_upper_and_lower_case() -> None:
    book = [make.agency(name, role="", core_group=True) for name in ("Mosaic", "MOSAIC", "mosaic?")]
    names = [name.casefold() for name in files(pack(make.case(assessment=make.assessment()), "must", book))]
    assert len(set(names)) == len(names) == 11


def test_no_file_name_has_a_persons_name() -> None:
    book = [make.agency("Health", name="Robin Nurse", core_group=True, standing=True)]
    case = make.case(assessment=make.assessment(), referral=make.referral())
    for outcome in ("must", "panel"):
        names = " ".join(files(pack(case, outcome, book)))
        assert not any(word in names for word in ("Robin", "Jordan", "Testcase", "Practitioner", "Example Alternative"))


def test_every_document_says_its_reference_date_and_status() -> None:
    case = make.case(assessment=make.assessment(), referral=make.referral())
    for documents in (pack(case, "must"), pack(case, "panel")):
        numbers = iter(range(1, 99))
        for document in documents:
            number = f"-{next(numbers):02d}" if document.letter else ""
            assert document.context["reference"] == f"CF104233-00000000{number}"
            assert document.context["date"] == "Tuesday 3 November 2026"
            assert document.context["status"] == "Draft for approval"


RAISED, REMOVED = dt.date(2026, 11, 24), dt.date(2027, 4, 6)
FLAG = Flag(RAISED, "panel", None, dt.date(2026, 12, 24))
ATTENDED = (
    {"Agency": "Exampleton Police", "Name and role": "DC A. Officer"},
    {"Agency": "EXAMPLETON POLICE?", "Name and role": "DC B. Officer"},
    {"Agency": "Exampleton Health Trust", "Name and role": "Named nurse"},
    {"Agency": "Emergency Duty Team", "Name and role": ""},
)


def at_the_panel(
    record: MeetingRecord, *, flag: Flag = FLAG, letters: Sequence[Letter] = (), **decided: bool
) -> Occasion:
    case = make.case(meetings=[record])
    stands = replace(make.NOTHING, flag=None if flag.until else flag, flags=(flag,))
    return make.occasion(
        record, case, replace(make.decision("meeting"), **decided), stands=stands, letters=letters, today=RAISED
    )


def test_each_flag_letter_has_its_slip_and_the_pack_one_contact_report() -> None:
    record = make.meeting_record(date=RAISED, meeting="panel", flag="raise", attendance=ATTENDED)
    documents = documents_for(at_the_panel(record, raise_flag=True))
    assert [(d.kind, d.file_name) for d in documents] == [
        ("notification-letter", "Flag letter - Exampleton Police.docx"),
        ("acknowledgement-slip", "Acknowledgement slip - Exampleton Police.docx"),
        ("notification-letter", "Flag letter - EXAMPLETON POLICE 2.docx"),
        ("acknowledgement-slip", "Acknowledgement slip - EXAMPLETON POLICE 2.docx"),
        ("notification-letter", "Flag letter - Exampleton Health Trust.docx"),
        ("acknowledgement-slip", "Acknowledgement slip - Exampleton Health Trust.docx"),
        ("notification-letter", "Flag letter - Emergency Duty Team.docx"),
        ("acknowledgement-slip", "Acknowledgement slip - Emergency Duty Team.docx"),
        ("contact-report", "Contact report.docx"),
    ]


def test_a_letter_is_kept_as_it_was_addressed() -> None:
    record = make.meeting_record(date=RAISED, meeting="panel", flag="raise", attendance=ATTENDED)
    kept = [d.letter for d in documents_for(at_the_panel(record, raise_flag=True)) if d.letter]
    assert kept[0] == Letter(
        reference="CF104233-00000000-01",
        purpose="flag",
        recipient="Exampleton Police",
        who=("DC A. Officer", "Exampleton Police"),
        name="",
        address=(),
        drafted=RAISED,
        reply_by=dt.date(2026, 12, 1),
        flag_since=RAISED,
    )
    assert [letter.reference[-2:] for letter in kept] == ["01", "02", "03", "04"]


def test_a_removal_gives_letters_and_slips_and_no_contact_report() -> None:
    raised = make.meeting_record(date=RAISED, meeting="panel", flag="raise", attendance=ATTENDED[:1])
    letters = [d.letter for d in documents_for(at_the_panel(raised, raise_flag=True)) if d.letter]
    record = make.meeting_record(date=REMOVED, meeting="panel", flag="remove")
    ended = replace(FLAG, until=REMOVED)
    documents = documents_for(at_the_panel(record, flag=ended, letters=letters, remove_flag=True))
    assert [(d.kind, d.file_name) for d in documents] == [
        (kind, f"{template} - {name}.docx")
        for name in ("Exampleton Police", "Out-of-hours social care", "Health service")
        for kind, template in (("removal-letter", "Removal letter"), ("acknowledgement-slip", "Acknowledgement slip"))
    ]
    assert {d.letter.flag_since for d in documents if d.letter} == {RAISED}


def test_an_invitation_to_the_next_meeting_has_a_calendar_entry_beside_it_where_a_day_is_agreed() -> None:
    for day, expected in (
        (dt.date(2026, 12, 22), ["Invitation letter - Exampleton Police.docx", "Next meeting.ics"]),
        (None, ["Invitation letter - Exampleton Police.docx"]),
    ):
        record = make.meeting_record(date=RAISED, next_meeting=day, attendance=ATTENDED[:1])
        documents = documents_for(at_the_panel(record, invite=True))
        assert files(documents) == expected
        assert {d.kind for d in documents} == {"invitation-letter"}


def test_a_letter_without_an_address_is_noted_by_its_row_never_by_what_was_written_there() -> None:
    record = make.meeting_record(
        date=RAISED,
        flag="raise",
        attendance=[*ATTENDED[:1], {"Name and role": "R. Unnamed"}],
        also_tell=[{"Service to be told": "Night Shelter"}, {"Service to be told": "NHS", "Address": "1 Road, Town"}],
    )
    notes = notes_for(at_the_panel(record, raise_flag=True))
    assert [(n.severity, n.code, n.where) for n in notes] == [
        ("note", "no-address", "section C, row 1"),
        ("note", "no-address", "section O, row 1"),
        ("note", "no-address", "address book"),  # out-of-hours social care
        ("note", "no-agency", "section C, row 2"),
    ]
    said = " ".join(f"{n.what} {n.remedy}" for n in notes)
    assert not any(word in said for word in ("Exampleton", "Officer", "Unnamed", "Shelter"))
    assert "no address for Out-of-hours social care" in said


def test_a_removal_without_an_address_is_noted_without_the_name_of_the_agency() -> None:
    raised = make.meeting_record(date=RAISED, flag="raise", attendance=ATTENDED[:1])
    letters = [d.letter for d in documents_for(at_the_panel(raised, raise_flag=True)) if d.letter][:1]
    record = make.meeting_record(date=REMOVED, flag="remove")
    notes = notes_for(at_the_panel(record, flag=replace(FLAG, until=REMOVED), letters=letters, remove_flag=True))
    assert [(n.code, n.where) for n in notes] == [("no-address", "address book")]
    assert "Exampleton" not in notes[0].what


def test_a_ticked_service_without_an_address_is_noted() -> None:
    ticked = ["Community Paediatrician", "Youth Offending Service"]
    book = [make.agency("Youth Offending", section_h="Youth Offending Service", address=())]
    notes = notes_for(_occasion(make.case(referral=make.referral(invited=ticked)), "panel", book))
    assert [(n.severity, n.code, n.where) for n in notes] == [
        ("note", "no-address", 'section H, "Youth Offending Service"'),
        ("note", "no-address", 'section H, "Community Paediatrician"'),
    ]


def test_nothing_is_noted_where_every_letter_has_an_address_or_none_is_sent() -> None:
    book = [make.agency("Police", standing=True)]
    assert notes_for(_occasion(make.case(referral=make.referral(invited=[])), "panel", book)) == ()
    assert notes_for(_occasion(make.case(assessment=make.assessment()), "must", [])) == ()


def test_the_note_beside_a_returned_form_has_the_reasons_apart_from_the_notes() -> None:
    reason = Problem("return", "missing", "Sheet1!I2", "The Care First Id is missing.", "Write it.")
    note = Problem("note", "unanswered", "Sheet1!M9:O9", "Nothing is marked.", "Mark one.")
    form = ReturnedForm("Assessment matrix", "June", (reason, note), ("Do not wait for this form.",))
    document = note_what_to_put_right(
        "matrix.xlsx", "", [form], make.SENDER, reference="1a2b3c4d", today=dt.date(2026, 12, 3)
    )
    assert (document.file_name, document.template, document.recipient) == (
        "What to put right.docx",
        "What to put right",
        None,
    )
    assert document.context["count"] == "1 thing"
    assert document.context["help"] == "call 01632 960200 or write to safeguarding@example.org"
    assert document.context["forms"] == [
        {
            "title": "Assessment matrix, sheet June",
            "first": ["Do not wait for this form."],
            "to_put_right": [
                {"where": "Sheet1!I2", "what": "The Care First Id is missing.", "remedy": "Write it."},
            ],
            "notes": [{"where": "Sheet1!M9:O9", "what": "Nothing is marked.", "remedy": "Mark one."}],
        }
    ]


def test_a_file_that_is_no_form_is_named_as_a_whole() -> None:
    problem = Problem("return", "type", "", "This file is not one of the forms.", "Fill in one of the forms.")
    document = note_what_to_put_right(
        "x.pdf", "", [ReturnedForm("", None, (problem, problem))], Sender(), reference="r", today=make.NOVEMBER_3
    )
    assert document.context["count"] == "2 things"
    assert document.context["help"] == ""
    forms = document.context["forms"]
    assert isinstance(forms, list)
    assert forms[0]["title"] == "The file"
    assert forms[0]["to_put_right"][0]["where"] == "The whole file"


def test_what_is_kept_for_one_occasion_is_never_taken_for_another() -> None:
    case = make.case(assessment=make.assessment(), referral=make.referral())
    police = make.agency("Exampleton Police", role="Community Police", core_group=True)
    club = make.agency("Riverside Boxing Club", role="", core_group=True)
    before = _occasion(case, "must", [police])
    letters = [d.recipient for d in documents_for(before) if d.letter]
    after = [d.recipient for d in documents_for(replace(before, agencies=[police, club])) if d.letter]
    assert after == [*letters, "Riverside Boxing Club"]


def test_a_pack_that_is_written_again_says_the_same() -> None:
    case = make.case(assessment=make.assessment(), referral=make.referral())
    occasion = _occasion(case, "must", [make.agency(core_group=True)])
    first = deepcopy([d.context for d in documents_for(occasion)])
    assert [d.context for d in documents_for(occasion)] == first
