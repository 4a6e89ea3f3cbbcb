"""The templates as shipped: built from the sources beside them, in one house style, and filled without a gap."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jinja2
import pytest
from docxtpl import DocxTemplate
from lxml import etree

from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.documents import Document, documents_for, note_what_to_put_right
from pipeline.outgoing.returned import ReturnedForm
from pipeline.rules.case import Case, Letter
from pipeline.rules.decision import decide
from pipeline.rules.form import Problem, Remark
from pipeline.rules.standing import Flag, standing
from pipeline.rules.time_limits import time_limits
from pipeline.settings import Sender
from tests import factories as make
from tests.outgoing.test_documents import pack
from tests.templates.build import BUILDERS, TEMPLATES, build

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES = sorted(BUILDERS)
FORMS = ("Meeting record", "Contact report", "Acknowledgement slip")
# What a table or a section needs and no style can say.
NOT_FORMATTING = {"pStyle", "rStyle", "sectPr"}


def part(content: bytes | Path, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else content) as document:
        return etree.fromstring(document.read(name))


def fill(document: Document) -> bytes:
    template = DocxTemplate(TEMPLATES / f"{document.template}.docx")
    template.render(dict(document.context), jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True))
    filled = io.BytesIO()
    template.save(filled)
    return filled.getvalue()


def paragraphs(content: bytes) -> list[str]:
    body = part(content)
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in body.iter(f"{W}p")]


def everything() -> Iterator[Document]:
    """Each document at its fullest and its emptiest."""
    sections = {s.key: s.ticks for s in make.REFERRAL.sections}
    notes = [Problem("note", "unanswered", "Sheet1!B9:J9", "Nothing is marked.", "Mark one.")]
    full = make.case(
        assessment=make.assessment(
            behaviours=((3, 2),) * 10 + ((None, None),), notes=notes, remarks=[Remark("Sheet1!F9", "Seen on Friday.")]
        ),
        history=[make.assessment(behaviours=((1, 1),) * 11)],
        referral=make.referral(invited=sections["invitations"], barriers=sections["barriers"]),
    )
    long = make.agency(
        "Exampleton and District Integrated Specialist Health and Wellbeing Partnership NHS Foundation Trust",
        role="Named nurse for looked after children and young people with complex needs",
        name="Dr Alexandrina Example-Longname",
        address=("Floor 4, The Very Long Building Name Centre", "128 to 134 Example Hospital Road North", "ZZ1 1ZZ"),
        core_group=True,
        standing=True,
    )
    yield from pack(full, "must", [long])
    yield from pack(full, "panel", [long, make.agency("Legal Services", section_h="Legal representative")])
    yield from pack(make.case(assessment=make.assessment()), "must")
    yield from pack(make.case(assessment=make.assessment(behaviours=((2, 1),) * 11)), "consider")
    yield from pack(make.case(assessment=make.assessment(behaviours=((0, 0),) * 11)), "none")
    yield from pack(make.case(referral=make.bare_referral()), "panel", [long])
    yield from after_meetings(full, long)
    yield from plans_and_reports(full)
    reason = Problem("return", "missing", "Sheet1!I2", "The Care First Id is missing.", "Write it.")
    forms = [ReturnedForm("Assessment matrix", "June", (reason, *notes), ("Do not wait.",))]
    yield note_what_to_put_right(
        "matrix.xlsx", "To complete - matrix.xlsx", forms, make.SENDER, reference="r", today=make.NOVEMBER_3
    )
    yield note_what_to_put_right(
        "x.pdf", "", [ReturnedForm("", None, (reason,))], Sender(), reference="r", today=make.NOVEMBER_3
    )


def after_meetings(case: Case, long: Agency) -> Iterator[Document]:
    """The letters and forms that follow a meeting record, at their fullest and their emptiest."""
    answers = {key: f"{key} " * 60 for key in make.meeting_record().answers} | {"allocated_worker": "A. Practitioner"}
    row = [{"Agency": long.agency, "Name and role": long.role}]
    day, then = dt.date(2026, 11, 24), dt.date(2027, 4, 6)
    fullest = {"answers": answers, "attendance": row, "chair": "Chair " * 60}
    for meeting in ("core group", "panel"):
        for said in ({**fullest, "next_meeting": dt.date(2026, 12, 22), "review_flag_by": dt.date(2026, 12, 24)}, {}):
            told: tuple[Letter, ...] = ()
            for date, decided in ((day, "raise"), (then, "remove")):
                record = make.meeting_record(date=date, meeting=meeting, flag=decided, core_group="establish", **said)  # type: ignore[arg-type]
                flag = Flag(day, "panel", then if decided == "remove" else None, record.review_flag_by)
                occasion = make.occasion(
                    record,
                    replace(case, meetings=(record,)) if said else make.case(meetings=[record]),
                    replace(
                        make.decision("meeting"),
                        tell_members=decided == "raise",
                        raise_flag=decided == "raise",
                        remove_flag=decided == "remove",
                        invite=True,
                        record=True,
                    ),
                    stands=replace(make.NOTHING, flag=None if flag.until else flag, flags=(flag,)),
                    letters=told,
                    agencies=[long] if said else [],
                )
                documents = [d for d in documents_for(occasion) if d.template]
                told = tuple(d.letter for d in documents if d.letter)
                yield from documents


def plans_and_reports(case: Case) -> Iterator[Document]:
    """What the course of a case says at its fullest, and after a meeting that recorded nothing."""
    rows = {key: [dict.fromkeys(make.MEETING_RECORD.section(key).columns, "Words " * 30)] for key in TABLES}
    answers = {key: f"{key} " * 60 for key in make.meeting_record().answers}
    first = make.meeting_record(core_group="establish", flag="raise", answers=answers, **rows)  # type: ignore[arg-type]
    again = replace(first, date=dt.date(2026, 12, 22), core_group="continue", flag="keep", accepted=False)
    contacts = [make.contact_report(answers={"appearance": "Words " * 60}), make.contact_report(told=None)]
    later = (make.assessment(date=dt.date(2026, 12, 1), behaviours=((None, None),) * 11),)
    full = replace(case, meetings=(first, again), contacts=tuple(contacts), later=later)
    ended = replace(again, date=dt.date(2027, 1, 19), core_group="end", flag="remove")
    letters = [Letter("CF104233-1-01", "flag", "Police", (), "", (), again.date, again.date, first.date)]
    for held in (full, replace(full, meetings=(first, again, ended)), make.case(meetings=[make.meeting_record()])):
        stands = standing(held)
        yield from documents_for(
            make.occasion(
                held.meetings[-1],
                held,
                replace(make.decision("meeting"), plan=True, report=True),
                stands=stands,
                limits=time_limits(held, stands, letters),
                letters=letters,
            )
        )


TABLES = ("attendance", "actions", "new_actions", "specialist_assessments", "exclusions")


def test_the_shipped_templates_are_those_that_their_sources_build(tmp_path: Path) -> None:
    build(tmp_path)
    for name in NAMES:
        with (
            zipfile.ZipFile(tmp_path / f"{name}.docx") as built,
            zipfile.ZipFile(TEMPLATES / f"{name}.docx") as shipped,
        ):
            assert [i.filename for i in built.infolist()] == [i.filename for i in shipped.infolist()]
            assert all(built.read(i.filename) == shipped.read(i.filename) for i in built.infolist())


def test_every_document_fills_its_template_at_its_fullest_and_emptiest() -> None:
    for document in everything():
        text = "\n".join(paragraphs(fill(document)))
        assert not re.search(r"\{\{|\{%|\bNone\b(?! / Never| known)", text), document.file_name


def test_no_heading_stands_without_text_under_it() -> None:
    for document in everything():
        body = part(fill(document)).find(f"{W}body")
        assert body is not None
        styles = [
            style.get(f"{W}val", "") if (style := block.find(f"{W}pPr/{W}pStyle")) is not None else block.tag
            for block in body
            if block.tag != f"{W}sectPr"
        ]
        for above, below in zip(styles, [*styles[1:], "Heading1"], strict=True):
            assert not (above == "Heading2" and below.startswith("Heading")), document.file_name
            assert not (above.startswith("Heading1") and below.startswith("Heading1")), document.file_name


def test_the_score_is_said_to_guide_the_judgement_once_beside_its_working() -> None:
    guides = "The matrix guides and does not replace professional judgement (2.1)."
    case = make.case(assessment=make.assessment())
    decision = decide(make.assessment(), case, make.NOTHING, ())
    scored = [d for d in documents_for(make.occasion(make.assessment(), case, decision)) if "assessment" in d.context]
    assert [d.kind for d in scored] == ["assessment-summary", "action-plan", "core-group-report"]
    for document in scored:
        said = paragraphs(fill(document))
        assert said.count(guides) == 1
        assert "matrix guides" not in " ".join(said).replace(guides, "")


def test_what_must_not_be_shared_with_the_family_comes_after_everything_else() -> None:
    case = make.case(assessment=make.assessment(), referral=make.referral())
    for document in pack(case, "panel"):
        said = paragraphs(fill(document))
        if document.kind == "action-plan":
            assert said[-3:] == [
                "Information that must not be shared with the family",
                "Take this page off before anyone in the family is given the plan.",
                "Placement address.",
            ]
            said = said[:-3]
        assert "Placement address." not in " ".join(said)


@pytest.mark.parametrize("name", NAMES)
def test_styles_say_how_everything_looks(name: str) -> None:
    """No direct formatting, no text boxes, no merged or nested tables, no picture that floats."""
    body = part(TEMPLATES / f"{name}.docx")
    formats = {child.tag.removeprefix(W) for p in body.iter(f"{W}pPr", f"{W}rPr") for child in p}
    assert formats <= NOT_FORMATTING
    forbidden = ("txbxContent", "gridSpan", "vMerge", "pict", "framePr")
    assert not [e for tag in forbidden for e in body.iter(f"{W}{tag}")]
    assert body.find(".//{*}anchor") is None  # a picture stands in the text, it does not float above it
    assert not list(body.iter("{*}anchor"))
    assert not body.findall(f".//{W}tbl//{W}tbl")


@pytest.mark.parametrize("name", NAMES)
def test_tables_repeat_their_heading_and_keep_their_rows_whole(name: str) -> None:
    for table in part(TEMPLATES / f"{name}.docx").iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        headings = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        # On a form that people complete there are also tables of labels with their answers beside them.
        labels = name in FORMS and not any(headings)
        assert headings == [not labels] + [False] * (len(rows) - 1)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_each_template_is_a4_english_titled_and_signed_by_nobody(name: str) -> None:
    path = TEMPLATES / f"{name}.docx"
    sizes = {tuple(sorted((s.get(f"{W}w"), s.get(f"{W}h")))) for s in part(path).iter(f"{W}pgSz")}
    assert sizes == {("11906", "16838")}
    assert [e.get(f"{W}val") for e in part(path, "word/styles.xml").iter(f"{W}lang")] == ["en-GB"]
    properties = {etree.QName(e).localname: e.text for e in part(path, "docProps/core.xml")}
    assert properties["title"] == name
    assert not properties["creator"]
    assert not properties["lastModifiedBy"]
    assert b"Template" not in etree.tostring(part(path, "docProps/app.xml"))


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_marked_and_numbered(name: str) -> None:
    path = TEMPLATES / f"{name}.docx"
    header = "".join(part(path, "word/header1.xml").itertext())
    footer = part(path, "word/footer1.xml")
    assert header.startswith("OFFICIAL-SENSITIVE")
    assert "".join(footer.itertext()) == "{{ reference }} · {{ date }} · page 1 of 1"
    assert [f.get(f"{W}instr") for f in footer.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]


@pytest.mark.skipif(not shutil.which("soffice") or not shutil.which("pdfinfo"), reason="LibreOffice is not installed")
def test_every_letter_is_one_page(tmp_path: Path) -> None:
    letters = {f"{n}.docx": fill(d) for n, d in enumerate(everything()) if d.letter}
    for file_name, content in letters.items():
        (tmp_path / file_name).write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*convert, *(str(tmp_path / name) for name in letters)], check=True, capture_output=True)
    made = sorted(tmp_path.glob("*.pdf"))
    assert len(made) == len(letters)
    for path in made:
        told = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
        assert re.search(r"^Pages:\s+1$", told, re.MULTILINE), path.name
