"""The copy that goes back with a returned Word form: what is asked in it, and that it can be completed."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.examine import OnRecord, examine_file, hold_against
from pipeline.intake.word.marked_word import mark_word
from pipeline.intake.word.word_comments import Comments
from pipeline.intake.word.word_form import read_word_form
from pipeline.results import Result
from pipeline.rules.form import QUERY_AUTHOR, Problem, WordForm
from tests.matrix_forms import LAYOUTS
from tests.referral_forms import (
    FORMS,
    NAMES,
    ReferralDocument,
    control,
    fill,
    packed,
    paragraphs,
    run,
    w,
    wrap,
    xml,
)

INCOMPLETE = (FORMS / "examples" / "referral-incomplete.docx").read_bytes()
GENERATIONS = [FORMS / "examples" / f"referral-{kind}.docx" for kind in ("controls", "glyph", "legacy")]
GOLDEN = [p for p in sorted((FORMS / "referrals").glob("*.docx")) if p.name != "strict.docx"]
EVERYWHERE = (
    'section B, "Date of birth"', 'section B, "Social care ID"', 'section C, "Allocated worker"', "section E",
    'section F, "Reason for referral and outcome sought"', 'section A, "Telephone"', "For office use",
    'section J, "Is the young person aware of this referral?"', 'section E, "Risk of significant harm to self"',
    'section D, row 1, "Name"',
)  # fmt: skip
TODAY = dt.date(2026, 11, 21)
ASKED_AT = dt.datetime(2026, 11, 21, 12, 0)
NEEDS_LIBREOFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
ASKED = f"{QUERY_AUTHOR}: This is not clear. Make it clear."


def query(where: str, severity: str = "return") -> Problem:
    return Problem("note" if severity == "note" else "return", "missing", where, "This is not clear.", "Make it clear.")


def mark(content: bytes, problems: Sequence[Problem]) -> bytes | None:
    return mark_word(content, problems, LAYOUTS.word_forms, ASKED_AT)


def marked(content: bytes, *where: str) -> bytes:
    copy = mark(content, [query(w) for w in where])
    assert copy is not None
    return copy


def read(content: bytes) -> WordForm:
    form = read_word_form(content, LAYOUTS.word_forms)
    assert form is not None
    return form


NOTHING_ON_RECORD = OnRecord(lambda _: (), lambda _: (), frozenset())


def examine(content: bytes) -> Result:
    (result,) = hold_against(examine_file("form.docx", lambda: (read(content),), LAYOUTS, TODAY), NOTHING_ON_RECORD)
    return result


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def asked(content: bytes) -> dict[str, str]:
    """What each of our comments stands round → what it says."""
    (name,) = [n for n in parts(content) if re.fullmatch(r"word/comments\d*\.xml", n)]
    said = {
        c.get(w("id")): "\n".join("".join(t.text or "" for t in p.iter(w("t"))) for p in c.iter(w("p")))
        for c in etree.fromstring(parts(content)[name])
    }
    root = etree.fromstring(next(c for n, c in parts(content).items() if re.fullmatch(r"word/document\d*\.xml", n)))
    found = {}
    for number, words in said.items():
        if not words.startswith(QUERY_AUTHOR):
            continue
        inside, texts = False, []
        for el in root.iter():
            if el.tag == w("commentRangeStart") and el.get(w("id")) == number:
                inside = True
            elif el.tag == w("commentRangeEnd") and el.get(w("id")) == number:
                inside = False
            elif el.tag == w("t") and inside:
                texts.append(el.text or "")
        assert len([r for r in root.iter(w("commentReference")) if r.get(w("id")) == number]) == 1
        assert texts and not inside
        found["|".join(texts)] = words
    return found


def complete(content: bytes) -> bytes:
    form = ReferralDocument(content)
    form.write("Social care ID", "CF104233")
    form.write("Date of birth", "14/02/2010")
    form.write("Allocated worker", "A. Practitioner")
    fill(form.tick_cell("Risk of significant harm to self"), paragraphs(run("☒")))
    return form.save()


def by_libreoffice(content: bytes, folder: Path) -> bytes:
    source, target = folder / "form.docx", folder / "saved"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "docx", "--outdir", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (target / "form.docx").read_bytes()


def test_every_queried_answer_has_a_comment_that_says_what_to_do() -> None:
    copy = mark(INCOMPLETE, examine(INCOMPLETE).problems)
    assert copy is not None
    prompt = "Click or tap here to enter text."
    notes = asked(copy)
    assert list(notes) == [
        f"Date of birth|{prompt}", f"Social care ID|{prompt}", f"Allocated worker|{prompt}",
        "E. Criteria met (tick all that apply)",
    ]  # fmt: skip
    assert notes[f"Date of birth|{prompt}"].startswith(
        f'{QUERY_AUTHOR}: "Date of birth" is not answered. Write the date of birth'
    )
    comments = list(docx.Document(io.BytesIO(copy)).comments)
    assert {(c.author, c.timestamp and c.timestamp.replace(tzinfo=None)) for c in comments} == {
        (QUERY_AUTHOR, ASKED_AT)
    }


def test_the_completed_copy_is_accepted() -> None:
    before = examine(INCOMPLETE)
    copy = mark(INCOMPLETE, before.problems)
    assert before.outcome == "returned" and copy is not None
    assert examine(copy).examined == before.examined
    completed = examine(complete(copy))
    assert (completed.outcome, completed.case) == ("accepted", "CF104233")
    assert completed.examined is not None and completed.examined.form.remarks == ()


@NEEDS_LIBREOFFICE
@pytest.mark.parametrize("path", GENERATIONS, ids=[p.name for p in GENERATIONS])
def test_libreoffice_saves_the_copy_as_it_saves_the_form_and_keeps_the_comments(path: Path, tmp_path: Path) -> None:
    resaved = by_libreoffice(marked(path.read_bytes(), *EVERYWHERE), tmp_path)
    assert read(resaved) == read((FORMS / "referrals" / path.name.replace("referral", "libreoffice")).read_bytes())
    assert len(asked(resaved)) == len(EVERYWHERE)
    assert set(asked(marked(resaved, "section E")).values()) == {ASKED}


@NEEDS_LIBREOFFICE
def test_the_copy_can_be_completed_in_libreoffice(tmp_path: Path) -> None:
    copy = mark(INCOMPLETE, examine(INCOMPLETE).problems)
    assert copy is not None
    completed = examine(complete(by_libreoffice(copy, tmp_path)))
    assert completed.outcome == "accepted"
    assert completed.examined is not None and completed.examined.form.remarks == ()


@pytest.mark.parametrize("path", [*GENERATIONS, *GOLDEN], ids=lambda p: p.name)
def test_the_copy_of_any_form_reads_as_the_form(path: Path) -> None:
    content = path.read_bytes()
    copy = marked(content, *EVERYWHERE)
    assert read(copy) == read(content)
    assert marked(content, *EVERYWHERE) == copy
    again = marked(copy, EVERYWHERE[0])
    assert read(again) == read(content)
    assert list(asked(again).values()).count(ASKED) == 1


def test_all_else_in_the_file_stays_byte_for_byte() -> None:
    content = (FORMS / "referrals" / "macros.docx").read_bytes()
    before, after = parts(content), parts(marked(content, "section E"))
    assert {name for name in before if before[name] != after[name]} == {
        "[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels",
    }  # fmt: skip
    assert set(after) - set(before) == {"word/comments1.xml"}
    assert any(name.endswith("vbaProject.bin") for name in before)


def test_only_what_the_form_goes_back_for_is_asked() -> None:
    assert mark(INCOMPLETE, [query("section E", "note")]) is None
    copy = mark(INCOMPLETE, [query("section E"), query('section B, "GP"', "note")])
    assert copy is not None and list(asked(copy)) == ["E. Criteria met (tick all that apply)"]


def test_an_answer_is_commented_on_itself_and_several_problems_of_it_stand_in_one_comment() -> None:
    document = ReferralDocument(INCOMPLETE)
    fill(document.answer("Date of birth"), paragraphs(run("14th of"), run("February")))
    where = 'section B, "Date of birth"'
    copy = mark(document.save(), [query(where), Problem("return", "b", where, "It is\nodd.", "Ask."), query(where)])
    assert copy is not None
    assert asked(copy) == {"14th of|February": f"{ASKED}\n{QUERY_AUTHOR}: It is odd. Ask."}


@pytest.mark.parametrize("box", ["", "☐", "☒"])
def test_a_tick_is_commented_from_its_box_to_its_label(box: str) -> None:
    document = ReferralDocument(INCOMPLETE)
    label = "Risk of significant harm to self"
    fill(document.tick_cell(label), paragraphs(run(box)))
    said = "|".join(filter(None, [box, label]))
    assert list(asked(marked(document.save(), f'section E, "{label}"'))) == [said]


def test_an_answer_in_the_cell_of_its_label_is_commented_there() -> None:
    document = ReferralDocument(INCOMPLETE)
    fill(document.label("Surname"), paragraphs(run("Surname: Testcase")))
    fill(document.answer("Surname: Testcase"), paragraphs(""))
    assert list(asked(marked(document.save(), 'section B, "Surname"'))) == ["Surname: Testcase"]


def test_a_comment_does_not_stand_in_a_control_that_is_exchanged_whole_when_somebody_types() -> None:
    document = ReferralDocument(INCOMPLETE)
    fill(document.answer("GP"), paragraphs(run("Not this")))
    wrap(document.answer("GP"), "<w:text/>")
    fill(document.answer("Religion"), control(paragraphs(run("Nor this")), "<w:showingPlcHdr/>"))
    copy = marked(document.save(), 'section B, "GP"', 'section B, "Religion"')
    assert list(asked(copy)) == ["GP", "Religion"]


def test_where_a_label_or_a_heading_is_gone_what_is_left_of_the_section_is_commented() -> None:
    document = ReferralDocument(INCOMPLETE)
    label = document.label("Social care ID")
    label.getparent().getparent().remove(label.getparent())
    assert list(asked(marked(document.save(), 'section B, "Social care ID"'))) == ["B. Young person"]
    document.body.remove(document.heading("E. Criteria met (tick all that apply)"))
    assert list(asked(marked(document.save(), "section E"))) == [
        "Neglect: Child Protection Plan for more than 18 months without progress"
    ]


def test_a_heading_in_a_table_is_commented() -> None:
    document = ReferralDocument(INCOMPLETE)
    heading = document.heading("E. Criteria met (tick all that apply)")
    table = heading.getnext()
    table.insert(2, xml(f"<w:tr><w:tc>{paragraphs(run('E. Criteria met (tick all that apply)'))}</w:tc></w:tr>")[0])
    document.body.remove(heading)
    assert list(asked(marked(document.save(), "section E"))) == ["E. Criteria met (tick all that apply)"]


def with_comment(content: bytes, *said: str) -> bytes:
    """The form with the sender's comment on its first paragraph."""
    document = ReferralDocument(content)
    inside = paragraphs(*map(run, said))
    comment = f'<w:comments {NAMES}><w:comment w:id="0" w:author="Sam">{inside}</w:comment></w:comments>'
    document.add_part("comments", "comments", comment)
    first = document.heading("B. Young person")
    first.insert(0, xml('<w:commentRangeStart w:id="0"/>')[0])
    first.extend(xml('<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'))
    return document.save()


def test_the_senders_comments_stay_theirs() -> None:
    content = with_comment(INCOMPLETE, "Ask her carer")
    copy = marked(content, "section B", "section E")
    assert sorted(c.text for c in docx.Document(io.BytesIO(copy)).comments) == sorted([ASKED, ASKED, "Ask her carer"])
    assert [r.text for r in read(copy).remarks] == ["Ask her carer"]
    assert list(asked(copy)) == ["B. Young person", "E. Criteria met (tick all that apply)"]


def test_what_was_asked_the_last_time_is_gone() -> None:
    first = marked(INCOMPLETE, *EVERYWHERE)
    second = marked(first, "section E")
    assert asked(second) == {"E. Criteria met (tick all that apply)": ASKED}
    (root,) = [etree.fromstring(c) for n, c in parts(second).items() if n == "word/document.xml"]
    assert [el.get(w("id")) for el in root.iter(w("commentRangeStart"), w("commentRangeEnd"))] == ["0", "0"]
    was = etree.fromstring(parts(INCOMPLETE)["word/document.xml"])
    assert len(list(root.iter(w("r")))) == len(list(was.iter(w("r")))) + 1


@pytest.mark.parametrize(
    "reply", [paragraphs(run(ASKED), run("Nobody knows.")), paragraphs(run(f"{ASKED}\nNobody knows."))]
)
def test_an_answer_written_into_our_comment_is_a_remark_and_stays(reply: str) -> None:
    copy = marked(INCOMPLETE, "section E")
    files = parts(copy)
    root = etree.fromstring(files["word/comments1.xml"])
    fill(root[0], reply)
    files["word/comments1.xml"] = etree.tostring(root)
    assert [r.text for r in read(packed(files)).remarks] == ["Nobody knows."]
    again = marked(packed(files), "section B")
    assert [r.text for r in read(again).remarks] == ["Nobody knows."]
    assert asked(again)["B. Young person"] == ASKED


W14, W15 = (f"http://schemas.microsoft.com/office/word/{name}" for name in ("2010/wordml", "2012/wordml"))
CID, CEX = (f"http://schemas.microsoft.com/office/word/{name}" for name in ("2016/wordml/cid", "2018/wordml/cex"))


def test_a_reply_to_our_comment_stays_when_that_is_gone() -> None:
    """As Word saves a conversation: who replies to whom stands in parts beside the comments."""
    files = parts(with_comment(INCOMPLETE, ASKED))
    root = etree.fromstring(files["word/comments.xml"])
    root[0][0].set(f"{{{W14}}}paraId", "AAAA0001")
    root.extend(xml(f'<w:comment w:id="7" w:author="Sam"><w:p w14:paraId="AAAA0002">{run("Done")}</w:p></w:comment>'))
    files["word/comments.xml"] = etree.tostring(root)
    files["word/document.xml"] = files["word/document.xml"].replace(
        b'<w:commentReference w:id="0"/></w:r>',
        b'<w:commentReference w:id="0"/></w:r><w:r><w:commentReference w:id="7"/></w:r>',
    )
    files["word/commentsExtended.xml"] = (
        f'<w15:commentsEx xmlns:w15="{W15}"><w15:commentEx w15:paraId="AAAA0001"/>'
        '<w15:commentEx w15:paraId="AAAA0002" w15:paraIdParent="AAAA0001"/></w15:commentsEx>'
    ).encode()
    files["word/commentsIds.xml"] = (
        f'<c:commentsIds xmlns:c="{CID}"><c:commentId c:paraId="AAAA0001" c:durableId="BBBB0001"/>'
        '<c:commentId c:paraId="AAAA0002" c:durableId="BBBB0002"/></c:commentsIds>'
    ).encode()
    files["word/commentsExtensible.xml"] = (
        f'<x:commentsExtensible xmlns:x="{CEX}"><x:commentExtensible x:durableId="BBBB0001"/>'
        '<x:commentExtensible x:durableId="BBBB0002"/></x:commentsExtensible>'
    ).encode()
    again = parts(marked(packed(files), "section E"))
    for name in ("Extended", "Ids", "Extensible"):
        said = again[f"word/comments{name}.xml"]
        assert b"0002" in said and b"0001" not in said
    assert [r.text for r in read(packed(again)).remarks] == ["Done"]


@pytest.mark.parametrize("where", ["the file", "the whole form", "", "section Z", 'Sheet1!B9, "Surname"'])
def test_what_names_no_place_on_the_form_is_left_to_the_note(where: str) -> None:
    assert mark(INCOMPLETE, [query(where)]) is None
    assert len(asked(marked(INCOMPLETE, where, "section E"))) == 1


def broken(**changes: bytes) -> bytes:
    return packed({**parts(INCOMPLETE), **changes})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        INCOMPLETE[:-300],
        (FORMS / "referrals" / "strict.docx").read_bytes(),
        (FORMS / "blank" / "assessment-matrix.xlsx").read_bytes(),
        broken(**{"_xmlsignatures/sig1.xml": b"<Signature/>"}),
        broken(**{"WORD/document.xml": b"<a/>"}),
        broken(**{"word/document.xml": b"<w:document/>"}),
        broken(**{"word/document.xml": parts(INCOMPLETE)["word/document.xml"].replace(b"?>", b"?><!DOCTYPE a []>", 1)}),
        broken(**{"_rels/.rels": b"<Relationships/>"}),
    ],
    ids=["empty", "cut", "cut at its end", "strict", "xlsx", "signed", "twice", "no XML", "doctype", "no relations"],
)
def test_a_file_that_cannot_be_copied_safely_has_no_copy(content: bytes) -> None:
    assert mark(content, [query("section E")]) is None


def test_another_document_has_no_copy() -> None:
    file = io.BytesIO()
    docx.Document().save(file)
    assert mark(file.getvalue(), [query("section E")]) is None


@given(seed=st.integers(0, 2**32))
def test_a_form_with_its_xml_shaken_has_no_copy_or_one_that_reads_the_same(seed: int) -> None:
    chance = random.Random(seed)
    name = chance.choice(["tracked-changes", "dates-and-drop-downs", "text-boxes", "libreoffice-legacy", "remarks"])
    document = ReferralDocument(FORMS / "referrals" / f"{name}.docx")
    for _ in range(chance.randrange(1, 30)):
        everything = list(document.body.iter())
        el, other = chance.choice(everything[1:]), chance.choice(everything[1:])
        if chance.randrange(2):
            el.tag = other.tag
        elif other not in el.iterancestors() and el not in other.iterancestors() and el is not other:
            other.append(el)
    content = document.save()
    copy = mark(content, [query(where) for where in EVERYWHERE])
    assert copy is None or read(copy) == read(content)


def test_a_copy_that_would_not_read_as_the_form_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Comments, "write", lambda *given: given[2].clear())  # the answer itself
    assert mark(INCOMPLETE, [query('section B, "Surname"')]) is None


def test_a_fault_of_ours_costs_the_copy_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr(Comments, "write")
    assert mark(INCOMPLETE, [query("section E")]) is None
    assert "could not be marked" in caplog.text


def test_a_mark_that_has_lost_its_comment_does_not_get_ours() -> None:
    document = ReferralDocument(INCOMPLETE)
    document.heading("B. Young person").extend(xml('<w:r><w:commentReference w:id="0"/></w:r>'))
    assert list(asked(marked(document.save(), "section E"))) == ["E. Criteria met (tick all that apply)"]


def test_the_look_of_a_paragraph_stays_its_first_part_as_word_wants_it() -> None:
    document = ReferralDocument(INCOMPLETE)
    fill(document.answer("GP"), f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{run("Dr Example")}</w:p>')
    copy = ReferralDocument(marked(document.save(), 'section B, "GP"'))
    (paragraph,) = copy.answer("GP").iterchildren(w("p"))
    assert [el.tag for el in paragraph][:2] == [w("pPr"), w("commentRangeStart")]
