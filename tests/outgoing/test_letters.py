"""Whom letters go to, what they say, and what they never say."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from lxml import etree

from pipeline.outgoing.documents import Document, documents_for
from pipeline.outgoing.letters import WINDOW_LINES, WINDOW_WIDTH, reply_by
from pipeline.outgoing.templates import Templates
from pipeline.rules.case import Assessment, Letter, MeetingRecord, Referral
from pipeline.rules.form import Remark
from pipeline.rules.standing import Flag
from tests import factories as make
from tests.outgoing.test_documents import pack
from tests.templates.build import TEMPLATES

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


RAISED, REMOVED = dt.date(2026, 11, 24), dt.date(2027, 4, 6)
POLICE = make.agency("Exampleton Police")


def after(record: MeetingRecord, referral: Referral | None = None, **decided: bool) -> tuple[Document, ...]:
    """What follows from a record while the flag raised on 24 November stands, or when it has been taken down."""
    until = record.date if record.flag == "remove" else None
    flag = Flag(RAISED, "panel", until, record.review_flag_by)
    told = [make_letter("Exampleton Police", POLICE.address)]
    occasion = make.occasion(
        record,
        make.case(meetings=[record], referral=referral),
        replace(make.decision("meeting"), **decided),
        stands=replace(make.NOTHING, flag=None if until else flag, flags=(flag,)),
        letters=told if until else (),
        agencies=[POLICE],
        today=dt.date(2026, 11, 25),
    )
    return documents_for(occasion)


def make_letter(recipient: str, address: tuple[str, ...]) -> Letter:
    return Letter("old-01", "flag", recipient, (recipient,), "", address, RAISED, RAISED, flag_since=RAISED)


def text_of(document: Document) -> str:
    """Every word of the letter as it is printed, header and footer too."""
    content = Templates(TEMPLATES).render(document.template, document.context)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = [name for name in parts.namelist() if name.endswith(".xml")]
        return "\n".join("".join(etree.fromstring(parts.read(name)).itertext()) for name in sorted(names))


def the(documents: tuple[Document, ...], template: str) -> Document:
    return next(d for d in documents if d.template == template)


ATTENDED = [{"Agency": "Exampleton Police", "Name and role": "DC A. Officer"}]


def test_a_flag_letter_asks_for_all_that_the_procedure_asks_for() -> None:
    record = make.meeting_record(date=RAISED, flag="raise", review_flag_by=dt.date(2026, 12, 24), attendance=ATTENDED)
    text = text_of(the(after(record, make.referral(), raise_flag=True), "Flag letter"))
    for expected in (
        "Please flag this young person on your systems",
        "Keep it until the review date, Thursday 24 December 2026, and after that until we write that it is removed.",
        "There is no wrong door. Respond at once, try to engage them, and offer support.",
        "Note their appearance and behaviour.",
        "Point them to help: [to be completed: services and telephone numbers agreed].",
        "Telephone the allocated worker within 24 hours. If they are not available, telephone their manager.",
        "Write within the same 24 hours, on the contact report that comes with this letter.",
        "return the slip that comes with this letter to safeguarding@example.org by Wednesday 2 December 2026.",
        "A. Practitioner",
        "01632 960002",
    ):
        assert expected in text


def test_a_flag_letter_leaves_a_blank_for_a_review_that_is_not_agreed_and_a_telephone_that_is_not_known() -> None:
    record = make.meeting_record(date=RAISED, flag="raise", attendance=ATTENDED)
    says = the(after(record, raise_flag=True), "Flag letter").context
    assert says["review_by"] == "[to be completed: date of the review]"
    assert says["worker_telephone"] == "[to be completed: telephone of the allocated worker]"


@pytest.mark.parametrize(
    ("worker", "own", "telephone"),
    [
        ("", "", "01632 960002"),  # the referral's worker and number
        ("a.  PRACTITIONER", "", "01632 960002"),
        ("B. New", "", "[to be completed: telephone of the allocated worker]"),
        ("B. New", "01632 960099", "01632 960099"),
    ],
)
def test_the_telephone_is_never_that_of_an_earlier_worker(worker: str, own: str, telephone: str) -> None:
    record = make.meeting_record(date=RAISED, flag="raise", attendance=ATTENDED)
    record = replace(record, answers={**record.answers, "allocated_worker": worker, "allocated_worker_telephone": own})
    says = the(after(record, make.referral(), raise_flag=True), "Flag letter").context
    assert says["worker_telephone"] == telephone


def test_a_removal_letter_names_the_flag_and_the_meeting_that_took_it_down() -> None:
    record = make.meeting_record(date=REMOVED, flag="remove")
    text = text_of(the(after(record, remove_flag=True), "Removal letter"))
    for expected in (
        "Please remove the flag for this young person",
        "Tuesday 24 November 2026",
        "the meeting of Tuesday 6 April 2027",
        "from your communication and recording systems",
        "1 Example Road",
    ):
        assert expected in text


def test_an_invitation_to_the_next_core_group_says_when_where_and_who_chairs() -> None:
    answers = {"next_time": "2.30 pm", "next_place": "Example House,\nRoom 2", "advocate": "Robin Voice"}
    record = make.meeting_record(next_meeting=dt.date(2026, 12, 22), answers=answers, attendance=ATTENDED)
    document = the(after(record, make.referral(invited=[LEGAL]), invite=True), "Invitation letter")
    says = document.context
    assert [says[key] for key in ("meeting", "time", "place", "chair", "advocate", "reply_by")] == [
        "Tuesday 22 December 2026",
        "2.30 pm",
        "Example House, Room 2",
        "A. Practitioner",
        "Robin Voice",
        "Wednesday 2 December 2026",
    ]
    text = text_of(document)
    assert "Invitation to the next Core Group meeting" in text
    assert "Complex Case Panel" not in text
    assert "Deputy" not in text
    assert "egal adviser" not in text


def test_an_invitation_to_the_next_panel_leaves_blanks_for_what_the_record_does_not_say() -> None:
    record = make.meeting_record(meeting="panel", chair="Chris Director", attendance=ATTENDED)
    document = the(after(record, invite=True), "Invitation letter")
    text = text_of(document)
    for expected in (
        "Invitation to the Complex Case Panel",
        "[to be completed: date of the meeting]",
        "[to be completed: time]",
        "[to be completed: place]",
        "[to be completed: advocate, or none]",
        "Service Director, Children and Families",
        "Director of Children's Services, Health",
    ):
        assert expected in text


def test_members_are_told_of_a_core_group_that_people_decided_on_in_those_words() -> None:
    record = make.meeting_record(date=RAISED, core_group="establish", next_meeting=dt.date(2026, 12, 8))
    text = text_of(the(after(record, tell_members=True), "Notification letter"))
    assert "It has been decided to establish a Core Group" in text
    assert "must be established" not in text
    assert "It takes place by Tuesday 8 December 2026." in text
    must = pack(make.case(assessment=make.assessment()), "must")
    assert "A Core Group must be established" in text_of(the(must, "Notification letter"))
    assert "within 4 weeks of the assessment, by Friday 27 November 2026" in text_of(the(must, "Notification letter"))


@pytest.mark.parametrize(
    ("meeting", "assessed", "first"),
    [
        ("core group", None, "Tuesday 22 December 2026"),  # 28 days after this one
        ("panel", make.assessment(), "Friday 27 November 2026"),  # 28 days after the assessment
        ("panel", None, "[to be completed: date of the first meeting]"),
    ],
)
def test_the_first_meeting_follows_the_rule_where_no_day_is_agreed(
    meeting: str, assessed: Assessment | None, first: str
) -> None:
    record = make.meeting_record(date=RAISED, meeting=meeting, core_group="establish")
    case = make.case(assessment=assessed, meetings=[record])
    decision = replace(make.decision("meeting"), tell_members=True)
    documents = documents_for(make.occasion(record, case, decision, today=RAISED))
    assert documents[0].context["first_meeting"] == first


def marked(values: Mapping[str, object], kind: str) -> dict[str, str]:
    """A word for each answer that occurs nowhere else."""
    return {key: f"Leak{kind}{n}" for n, key in enumerate(values)}


# What each letter may say of the forms, besides name, date of birth, social care ID and allocated worker.
MAY_SAY = {
    "Notification letter": set(),
    "Flag letter": {"allocated_worker_telephone"},
    "Removal letter": set(),
    "Invitation letter": {"next_time", "next_place", "advocate"},
}


def everything_marked() -> tuple[MeetingRecord, Referral]:
    """A referral and a record whose every answer, row and tick is a word of its own."""
    blank = make.meeting_record(attendance=[{}], actions=[{}], new_actions=[{}], also_tell=[{}], exclusions=[{}])
    answers = {**marked(blank.answers, "Record"), "allocated_worker": "A. Practitioner"}
    tables = {name: (marked(getattr(blank, name)[0], name),) for name in ("actions", "new_actions", "exclusions")}
    attended = marked(blank.attendance[0], "attendance") | {"Agency": "Exampleton Police"}
    record = replace(
        blank,
        name="Jordan Testcase",
        date_of_birth=dt.date(2010, 2, 14),
        flag="raise",
        core_group="establish",
        answers=answers,
        attendance=(attended,),
        also_tell=({"Service to be told": "Rail Police"},),
        chair="The Chair",
        **tables,
    )
    referral = make.referral(
        answers=marked(make.referral().answers, "Referral")
        | {"surname": "Testcase", "forenames": "Jordan", "allocated_worker": "A. Practitioner"},
        family=[marked(make.FAMILY[0], "family")],
        agencies=[marked(make.AGENCIES_INVOLVED[0], "involved")],
        criteria=["Leakcriterion"],
        barriers=["Leakbarrier"],
        invited=[PAEDIATRICIAN],
    )
    return record, referral


def letters_that_know_everything() -> Iterator[tuple[Document, set[str]]]:
    """Each letter, with what of the marked words it may say."""
    record, referral = everything_marked()
    assessment = make.assessment(completed_by="Leakauthor", remarks=[Remark("Sheet1!F9", "Leakremark")])
    report = make.contact_report(answers=marked(make.contact_report().answers, "contact"))
    case = make.case(assessment=assessment, referral=referral, meetings=[record], contacts=[report])
    until = replace(record, flag="remove")
    for arrived, decided in (
        (assessment, {"tell_members": True}),
        (referral, {"invite": True}),
        (record, {"tell_members": True, "raise_flag": True, "invite": True}),
        (until, {"remove_flag": True}),
    ):
        flag = Flag(RAISED, "panel", until.date if arrived is until else None)
        told = [make_letter("Exampleton Police", POLICE.address)] if arrived is until else []
        occasion = make.occasion(
            arrived,
            case,
            replace(make.decision("meeting"), **decided),
            stands=replace(make.NOTHING, flag=None if flag.until else flag, flags=(flag,)),
            letters=told,
            agencies=[POLICE],
        )
        for document in documents_for(occasion):
            if document.letter:
                keys = MAY_SAY[document.template]
                said = [record.answers.get(key, "") for key in keys if arrived is record]
                own = [referral.answers["school"]] if document.recipient == "School representative" else []
                # A letter to somebody whom the record names is addressed to them.
                own += [record.attendance[0]["Name and role"]] if document.recipient == "Exampleton Police" else []
                yield document, {*said, *own} - {""}


def test_letters_carry_name_date_of_birth_id_and_allocated_worker_and_nothing_else_of_the_forms() -> None:
    seen = set()
    for document, may_say in letters_that_know_everything():
        seen.add(document.template)
        assert document.context["person"] == {
            "name": "Jordan Testcase",
            "date_of_birth": "14 February 2010",
            "case": "CF104233",
            "allocated_worker": "A. Practitioner",
        }
        text = text_of(document)
        assert set(re.findall(r"Leak[A-Za-z_]+\d*", text)) <= may_say, document.file_name
        scored = ("Drug", "51", "55", "MUST", "harm to self", "Transport", "Medium", "Increasing", "net score")
        assert not [word for word in scored if word in text.replace("w:val", "")], document.file_name
    assert seen == set(MAY_SAY)


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
