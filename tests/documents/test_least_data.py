"""Letters, and what goes with them, carry only what they must; no file says who made it; a planted leak is named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.publish import Office
from tests import factories as make
from tests.documents.least import before_last_page, faults, leaks
from tests.documents.marked_forms import CASE, Marks, completed, matrix, referral
from tests.documents.produced import KINDS, LETTERS, a_good, documents, everything, forms
from tests.documents.word import CORE, DOCUMENT, SETTINGS, STYLES, Word, text
from tests.offices import SHIPPED, close, office, tree, work
from tests.referral_forms import packed

# What leaves the office for an agency, and what each may say of the forms besides the young person's name, date of
# birth and social care ID and the allocated worker.
MAY_SAY: Mapping[str, set[str]] = {
    "Notification letter": {"Missing from Home"},  # what the role of the police is called (2.9)
    "Flag letter": {"meeting-record/allocated_worker_telephone"},
    "Removal letter": set(),
    "Invitation letter": {
        "meeting-record/next_time",
        "meeting-record/next_place",
        "meeting-record/chair",
        "meeting-record/advocate",
        "referral/Other professional (name and contact)",
        "referral/panel_date",
    },
    "Acknowledgement slip": set(),
    # To be told within 24 hours (2.5.14): whom, where, and who else if they are not there.
    "Contact report": {
        "meeting-record/allocated_worker_telephone",
        "meeting-record/team_manager",
        "meeting-record/manager_telephone",
        "referral/allocated_worker_email",
    },
}
# What is chosen from a list in the tables of a meeting record.
CHOSEN = {
    "attendance": {"Attended?": "Yes"},
    "actions": {"Status": "Under way"},
    "specialist_assessments": {"Done?": "No"},
}
# A letter is addressed in the words of the row that names the agency.
NAMING = ("attendance/Agency", "also_tell/Service to be told")
ROWS = {f"meeting-record/{row}": f"meeting-record/{row.partition('/')[0]}/" for row in NAMING}


def may_say(kind: str, file_name: str, said: Mapping[str, str]) -> set[str]:
    addressed = [row for agency, row in ROWS.items() if said[agency] in file_name]
    school = {"referral/school"} if "School representative" in file_name else set()
    return MAY_SAY[kind] | school | {answer for answer in said if answer.startswith(tuple(addressed))}


def ticked() -> dict[str, str]:
    """What the referral ticks and the matrix asks about, and what it comes to: no letter says why."""
    asked = [tick for s in make.REFERRAL.sections if s.key in ("criteria", "barriers") for tick in s.ticks]
    asked += [item for s in make.MATRIX.sections for item in s.items] + [b.label for b in make.MATRIX.bands]
    return {label: label for label in asked}


def test_what_goes_to_an_agency_says_nothing_of_the_forms_but_what_it_must() -> None:
    mark, seen = Marks(), set()
    for _, document in documents(forms(mark)):
        if document.template in MAY_SAY:
            seen.add(document.template)
            content = SHIPPED.render(document.template, document.context, document.pictures)
            allowed = may_say(document.template, document.file_name, mark.said)
            assert leaks(document.file_name, content, mark.said | ticked(), allowed) == [], document.file_name
    assert seen == set(MAY_SAY)
    assert len(mark.said) > 150


# What stands on the last page of the plan, if anywhere: that, whom it is not safe to contact, and remarks.
NOT_FOR_THE_FAMILY = ("referral/not_shared", "referral/family/Safe to contact?", "referral/remark")


def test_what_the_family_must_not_see_stands_on_the_last_page_of_the_plan_alone() -> None:
    mark, seen = Marks(), set()
    drafted = [document for _, document in documents(forms(mark)) if document.template]
    secret = {answer: mark.said[answer] for answer in NOT_FOR_THE_FAMILY}
    for document in drafted:
        content = SHIPPED.render(document.template, document.context, document.pictures)
        if document.template == "Action plan":
            seen |= set(leaks("", content, secret))
            assert [answer for answer in secret if secret[answer] in before_last_page(content)] == []
        else:
            assert leaks(document.file_name, content, secret) == [], document.file_name
    assert seen == set(secret)


@pytest.mark.parametrize("kind", KINDS)
def test_no_document_says_who_made_it_or_holds_what_is_not_printed(kind: str) -> None:
    told = {p.name: found for p in everything() if p.kind == kind and (found := faults(p.content))}
    assert told == {}


def drop(desk: Office, name: str, content: bytes) -> None:
    path = desk.settings.inbox / name
    path.write_bytes(content)
    [result] = work(path, desk)
    assert result.outcome == "accepted", result.problems


def test_from_inbox_to_outbox_no_letter_receipt_path_or_log_says_more_than_it_must(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    mark, now = Marks(), [dt.datetime(2026, 11, 4, 12)]
    desk = office(tmp_path, clock=lambda: now[0])
    pack = desk.settings.outbox / CASE

    def hand_in(day: dt.date, name: str, content: bytes) -> None:
        now[0] = dt.datetime.combine(day, dt.time(12))
        drop(desk, name, content)

    def record(folder: str, day: str, **answers: str) -> bytes:
        form = (pack / folder / "Meeting record.docx").read_bytes()
        said = {"date": day, "completed_on": day, "meeting": "Panel", **answers}
        return completed(form, make.MEETING_RECORD, said, mark, CHOSEN)

    try:
        hand_in(dt.date(2026, 11, 4), "referral.docx", referral(mark, ["Community Paediatrician"]))
        hand_in(dt.date(2026, 11, 10), "matrix.xlsx", matrix(mark))
        panel = record(
            "2026-11-03 Case referral form",
            "24/11/2026",
            flag="Raise",
            accepted="Accepted",
            review_flag_by="24/12/2026",
            next_meeting="22/12/2026",
        )
        hand_in(dt.date(2026, 11, 25), "panel.docx", panel)
        contact = completed(
            (pack / "2026-11-24 Meeting record" / "Contact report.docx").read_bytes(),
            make.CONTACT_REPORT,
            {"contact_date": "05/12/2026", "contact_time": "23:30", "told_date": "06/12/2026", "told_time": "09:00"},
            mark,
            {},
        )
        hand_in(dt.date(2026, 12, 7), "contact.docx", contact)
        hand_in(dt.date(2027, 4, 7), "last.docx", record("2026-11-24 Meeting record", "06/04/2027", flag="Remove"))
        seen = set()
        for path in sorted(desk.settings.outbox.rglob("*.docx")):
            kind = path.stem.partition(" - ")[0]
            if kind in MAY_SAY:
                seen.add(kind)
                allowed = may_say(kind, path.name, mark.said)
                assert leaks(path.name, path.read_bytes(), mark.said | ticked(), allowed) == [], path.name
            assert faults(path.read_bytes()) == [], path.name
        assert seen == set(MAY_SAY)
        files = [Word(path.read_bytes()) for path in desk.settings.outbox.rglob("*.docx")]
        whole = "".join(text(page) for file in files for _, page in file.pages)
        assert len(set(re.findall(r"Leak\d+x", whole))) > 80, "what is marked must be what is read"
        # A letter is named by the agency that it goes to, and the receipt names the letter.
        agencies = {mark.said[agency] for agency in ROWS}
        written = [*tree(desk.settings.outbox), *tree(desk.settings.inbox), *tree(desk.settings.records)]
        told = b"".join(tree(desk.settings.inbox).values()).decode() + caplog.text + "\n".join(written)
        assert set(re.findall(r"Leak\d+x", told)) <= agencies
        assert "receipts/" in told
    finally:
        close(desk)


# What a leak is planted in: where in a letter, and how.
LEAK = {"referral/reason": "Leak1x"}
PLANTED_LEAKS = [
    (DOCUMENT, "</w:t>", " Leak1x</w:t>"),
    (DOCUMENT, "<w:body>", "<w:body><w:p><w:r><w:t>Lea</w:t></w:r><w:r><w:t>k1x</w:t></w:r></w:p>"),
    ("word/header1.xml", "</w:t>", "Leak1x</w:t>"),
    ("word/footer1.xml", "</w:t>", "Leak1x</w:t>"),
    (DOCUMENT, "<w:pStyle ", '<w:pStyle w:alt="Leak1x" '),
    (CORE, "<dc:title>", "<dc:title>Leak1x"),
    ("docProps/app.xml", "<Application>", "<Application>Leak1x"),
    (STYLES, "<w:styles ", "<!-- Leak1x --><w:styles "),
]


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize(("part", "old", "new"), PLANTED_LEAKS)
def test_a_planted_leak_is_named(kind: str, part: str, old: str, new: str) -> None:
    parts = Word(a_good(kind)).parts
    planted = parts[part].decode().replace(old, new, 1)
    assert leaks("Letter.docx", packed(parts), LEAK) == []
    assert leaks("Letter.docx", packed({**parts, part: planted.encode()}), LEAK) == ["referral/reason"]


def test_a_leak_in_a_file_name_a_picture_or_a_part_of_its_own_is_named() -> None:
    good = a_good("Flag letter")
    assert leaks("Letter - Leak1x.docx", good, LEAK) == ["referral/reason"]
    for name in ("word/media/image1.png", "customXml/item1.xml", "word/comments.xml"):
        planted = packed({**Word(good).parts, name: b"<x>Leak1x</x>"})
        assert leaks("Letter.docx", planted, LEAK) == ["referral/reason"]
    assert leaks("Letter.docx", packed({**Word(good).parts, "word/x.bin": b"Leak1x"}), LEAK, set(LEAK)) == []


PLANTED = [
    (CORE, "</cp:coreProperties>", "<dc:creator>Sam</dc:creator></cp:coreProperties>", "give the creator"),
    (CORE, "</cp:coreProperties>", "<cp:lastModifiedBy>Sam</cp:lastModifiedBy></cp:coreProperties>", "lastModifiedBy"),
    ("docProps/app.xml", "</Properties>", "<Company>Council</Company></Properties>", "give the Company"),
    ("docProps/app.xml", "</Properties>", "<Template>C:\\Users\\sam\\x.dotx</Template></Properties>", "the Template"),
    (SETTINGS, "</w:settings>", "<w:attachedTemplate/></w:settings>", "hold attachedTemplate"),
    (DOCUMENT, "<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>", "vanish holds words that are not printed"),
    (DOCUMENT, "<w:body>", "<w:body><w:ins/>", "ins holds words that are not printed"),
    ("word/_rels/document.xml.rels", "/>", ' TargetMode="External"/>', "is outside the file"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "old", "new", "named"), PLANTED)
def test_who_made_a_file_is_named_where_it_says_so(part: str, old: str, new: str, named: str) -> None:
    parts = Word(a_good("Flag letter")).parts
    content = re.sub(rb"<(dc:creator|cp:lastModifiedBy)>.*?</\1>|<(dc:creator|cp:lastModifiedBy)/>", b"", parts[part])
    planted = content.decode().replace(old, new, 1)
    assert any(named in fault for fault in faults(packed({**parts, part: planted.encode()})))


@pytest.mark.parametrize("name", ["customXml/item1.xml", "docProps/custom.xml", "word/comments.xml", "word/people.xml"])
def test_a_part_that_is_not_printed_is_named(name: str) -> None:
    planted = packed({**Word(a_good("Flag letter")).parts, name: b"<x/>"})
    assert faults(planted) == [f"{name}: the part is not printed"]


@pytest.mark.parametrize(
    ("part", "old", "new", "named"),
    [
        (STYLES, "<w:pageBreakBefore/>", "", "does not begin on a page of its own"),
        (DOCUMENT, "must not be shared with the family", "is private", "not marked"),
        (DOCUMENT, "<w:sectPr", '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr></w:p><w:sectPr', "is not the last"),
    ],
)
def test_a_last_page_that_does_not_come_off_is_named(part: str, old: str, new: str, named: str) -> None:
    parts = Word(with_last_page()).parts
    before, found, after = parts[part].decode().rpartition(old)
    assert found
    with pytest.raises(AssertionError, match=named):
        before_last_page(packed({**parts, part: f"{before}{new}{after}".encode()}))


def with_last_page() -> bytes:
    plans = [p.content for p in everything() if p.kind == "Action plan" and p.after.startswith("fullest")]
    return next(content for content in plans if b"Heading1LastPage" in Word(content).parts[DOCUMENT])
