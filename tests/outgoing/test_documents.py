"""Which documents a decision calls for, and what they are called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.documents import Document, documents_for, note_what_to_put_right, notes_for
from pipeline.outgoing.returned import ReturnedForm
from pipeline.rules.case import Case
from pipeline.rules.form import Problem
from pipeline.settings import Sender
from tests import factories as make

USUAL = ["Field Social Worker", "Carer", "Community Police", "Virtual School Team", "School representative"]


def pack(case: Case, outcome: str, agencies: Sequence[Agency] = ()) -> tuple[Document, ...]:
    return documents_for(
        case,
        make.decision(outcome),
        agencies,
        make.SENDER,
        reference="CF104233-1a2b3c4d",
        today=make.NOVEMBER_3,
        reply_days=7,
        layout=make.MATRIX,
    )


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
    for document in (*pack(case, "must"), *pack(case, "panel")):
        assert document.context["reference"] == "CF104233-1a2b3c4d"
        assert document.context["date"] == "Tuesday 3 November 2026"
        assert document.context["status"] == "Draft for approval"


def test_a_ticked_service_without_an_address_is_noted() -> None:
    ticked = ["Community Paediatrician", "Youth Offending Service"]
    book = [make.agency("Youth Offending", section_h="Youth Offending Service", address=())]
    notes = notes_for(make.case(referral=make.referral(invited=ticked)), make.decision("panel"), book)
    assert [(n.severity, n.code, n.where) for n in notes] == [
        ("note", "no-address", 'section H, "Youth Offending Service"'),
        ("note", "no-address", 'section H, "Community Paediatrician"'),
    ]


def test_nothing_is_noted_where_every_letter_has_an_address_or_none_is_sent() -> None:
    book = [make.agency("Police", standing=True)]
    assert notes_for(make.case(referral=make.referral(invited=[])), make.decision("panel"), book) == ()
    assert notes_for(make.case(assessment=make.assessment()), make.decision("must"), []) == ()


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
