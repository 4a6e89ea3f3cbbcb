"""From a real inbox to a real outbox: what every kind of file becomes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import docx
import openpyxl
import pytest

from pipeline import process
from pipeline.process import hold_cases
from pipeline.publish import Office
from pipeline.register import Register
from tests.a_year import CASE, PANEL
from tests.fill_word import fill as refilled
from tests.offices import EXAMPLES, NOON, TEMPLATES, close, drop, office, tree, work
from tests.referral_forms import ReferralDocument, fill, paragraphs, run

LETTERS_TO_USUAL_MEMBERS = 5  # Stockport 2.9


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    made = office(tmp_path)
    yield made
    close(made)


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    feet = [p.text for section in document.sections for p in section.footer.paragraphs]
    return "\n".join([*(p.text for p in document.paragraphs), *tables, *feet])


def test_a_must_matrix_becomes_a_whole_pack(desk: Office) -> None:
    [result] = work(drop(EXAMPLES / "matrix-must.xlsx", desk), desk)
    assert (result.outcome, result.case) == ("accepted", "CF104233")
    kinds = [d.kind for d in result.documents]
    assert {"assessment-summary", "action-plan", "core-group-report"} <= set(kinds)
    assert kinds.count("notification-letter") >= LETTERS_TO_USUAL_MEMBERS
    written = tree(desk.settings.outbox)
    assert set(written) == {d.path for d in result.documents}
    assert {p.rpartition("/")[0] for p in written} == {"CF104233/2026-10-30 Assessment matrix"}
    for path in written:
        assert zipfile.ZipFile(desk.settings.outbox / path).testzip() is None


def test_a_consider_matrix_becomes_a_summary_a_draft_plan_and_the_record_that_decides(desk: Office) -> None:
    [result] = work(drop(EXAMPLES / "matrix-consider.xlsx", desk), desk)
    assert sorted(d.kind for d in result.documents) == ["action-plan", "assessment-summary", "meeting-record"]


def test_a_low_matrix_becomes_a_summary(desk: Office) -> None:
    [result] = work(drop(EXAMPLES / "matrix-none.xlsx", desk), desk)
    assert [d.kind for d in result.documents] == ["assessment-summary"]


def test_a_referral_becomes_a_plan_and_invitations(desk: Office) -> None:
    [result] = work(drop(EXAMPLES / "referral-controls.docx", desk), desk)
    kinds = {d.kind for d in result.documents}
    assert kinds == {"action-plan", "invitation-letter", "meeting-record"}
    assert all("2026-11-03 Case referral form" in d.path for d in result.documents)


def test_an_accepted_form_leaves_the_inbox_and_a_receipt_appears(desk: Office) -> None:
    form = drop(EXAMPLES / "matrix-must.xlsx", desk, "Jordan Testcase matrix.xlsx")
    work(form, desk)
    assert not form.exists()
    [(name, receipt)] = tree(desk.settings.inbox).items()
    assert name.startswith("receipts/CF104233 Assessment matrix ")
    said = receipt.decode("utf-8-sig")
    assert "Accepted" in said and "Action plan.docx" in said
    originals = tree(desk.settings.records / "originals")
    assert [*originals.values()] == [(EXAMPLES / "matrix-must.xlsx").read_bytes()]


def test_no_name_and_no_date_of_birth_stands_in_a_path_receipt_or_log(
    desk: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for source, name in (
        ("matrix-must.xlsx", "Jordan Testcase.xlsx"),
        ("referral-controls.docx", "Jordan Testcase.docx"),
    ):
        work(drop(EXAMPLES / source, desk, name), desk)
    written = [*tree(desk.settings.outbox), *tree(desk.settings.inbox), *tree(desk.settings.records)]
    said = b"".join(tree(desk.settings.inbox).values()).decode() + caplog.text + "\n".join(written)
    for personal in ("Jordan", "Testcase", "14/02/2010", "2010"):
        assert personal not in said


def test_the_same_bytes_twice_make_no_second_pack_and_the_receipt_says_so(desk: Office) -> None:
    work(drop(EXAMPLES / "matrix-must.xlsx", desk), desk)
    before = tree(desk.settings.outbox)
    [again] = work(drop(EXAMPLES / "matrix-must.xlsx", desk, "under another name.xlsx"), desk)
    assert (again.outcome, again.case, again.documents) == ("duplicate", "CF104233", ())
    assert tree(desk.settings.outbox) == before
    receipts = sorted(tree(desk.settings.inbox))
    assert [r.rpartition(" ")[2] for r in receipts] == ["accepted.txt", "received.txt"]


def test_a_returned_form_lies_untouched_beside_what_to_put_right(desk: Office) -> None:
    form = drop(EXAMPLES / "referral-incomplete.docx", desk)
    [result] = work(form, desk)
    assert (result.outcome, result.documents) == ("returned", ())
    assert not form.exists()
    root = desk.settings.inbox / "returned" / "referral-incomplete.docx"
    assert sorted(p.name for p in root.iterdir()) == [
        "To complete - referral-incomplete.docx",
        "What to put right.docx",
        "referral-incomplete.docx",
    ]
    assert (root / "referral-incomplete.docx").read_bytes() == (EXAMPLES / "referral-incomplete.docx").read_bytes()
    note = text_of(root / "What to put right.docx")
    for wanted in ("Social care ID", "Date of birth", "Allocated worker", "criteri"):
        assert wanted in note
    assert tree(desk.settings.outbox) == {}


def test_an_uncertain_matrix_goes_back_and_says_not_to_wait(desk: Office) -> None:
    [result] = work(drop(EXAMPLES / "matrix-unanswered-and-uncertain.xlsx", desk), desk)
    assert (result.outcome, result.examined and result.examined.band) == ("returned", None)
    [note] = (desk.settings.inbox / "returned").rglob("What to put right.docx")
    assert "Do not wait" in text_of(note)
    assert "Sexual Exploitation" in text_of(note)


def test_beside_a_returned_workbook_lies_a_copy_to_complete_and_dropping_it_works(desk: Office) -> None:
    work(drop(EXAMPLES / "matrix-unanswered-and-uncertain.xlsx", desk), desk)
    root = desk.settings.inbox / "returned" / "matrix-unanswered-and-uncertain.xlsx"
    copy = root / "To complete - matrix-unanswered-and-uncertain.xlsx"
    assert copy.name in text_of(root / "What to put right.docx")
    book = openpyxl.load_workbook(copy)
    for cell in ("B14", "B16", "J15"):  # never, never, and now
        book.active[cell] = "x"  # type: ignore[index]
    book.save(copy)
    [result] = work(drop(copy, desk), desk)
    # 10 + 11 from the rows that were clear, 3 more for "Mental Health" now: 24
    assert (result.outcome, result.examined and str(result.examined.score and result.examined.score.total)) == (
        "accepted",
        "24",
    )
    assert result.examined and result.examined.form.remarks == ()


def test_beside_a_returned_word_form_lies_a_copy_to_complete_and_dropping_it_works(desk: Office) -> None:
    work(drop(EXAMPLES / "referral-incomplete.docx", desk), desk)
    root = desk.settings.inbox / "returned" / "referral-incomplete.docx"
    copy = root / "To complete - referral-incomplete.docx"
    assert copy.name in text_of(root / "What to put right.docx")
    form = ReferralDocument(copy)
    form.write("Social care ID", "CF104233")
    form.write("Date of birth", "14/02/2010")
    form.write("Allocated worker", "A. Practitioner")
    tick = "Risk of significant harm to self"
    fill(form.tick_cell(tick), paragraphs(run("☒")))
    copy.write_bytes(form.save())
    [result] = work(drop(copy, desk), desk)
    assert (result.outcome, result.case) == ("accepted", "CF104233")
    assert result.examined and result.examined.form.remarks == ()


def test_a_corrected_form_under_the_same_name_is_accepted(desk: Office) -> None:
    work(drop(EXAMPLES / "referral-incomplete.docx", desk, "referral.docx"), desk)
    [result] = work(drop(EXAMPLES / "referral-controls.docx", desk, "referral.docx"), desk)
    assert result.outcome == "accepted"


def test_a_second_return_of_the_same_name_lies_beside_the_first(desk: Office) -> None:
    work(drop(EXAMPLES / "referral-incomplete.docx", desk, "form.docx"), desk)
    broken = desk.settings.inbox / "form.docx"
    broken.write_bytes(b"nonsense")
    work(broken, desk)
    assert sorted(p.name for p in (desk.settings.inbox / "returned").iterdir()) == ["form.docx", "form.docx (2)"]


def test_the_note_itself_is_given_back_untouched(desk: Office) -> None:
    work(drop(EXAMPLES / "referral-incomplete.docx", desk), desk)
    [note] = (desk.settings.inbox / "returned").rglob("What to put right.docx")
    content = note.read_bytes()
    [result] = work(drop(note, desk), desk)
    assert (result.outcome, result.form) == ("returned", None)
    returned = desk.settings.inbox / "returned" / "What to put right.docx"
    assert (returned / "What to put right.docx").read_bytes() == content
    assert len([*returned.iterdir()]) == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.xlsx", b"", "empty"),
        ("notes.txt", b"call me", "neither"),
        ("letter.pdf", b"%PDF-1.7", "neither"),
        ("renamed.xlsx", b"%PDF-1.7", "something else"),
        ("zeros.docx", bytes(20_000), "empty"),
        ("cut.docx", (EXAMPLES / "referral-controls.docx").read_bytes()[:9000], "damaged"),
        ("cut.xlsx", (EXAMPLES / "matrix-must.xlsx").read_bytes()[:3000], "damaged"),
    ],
)
def test_what_is_no_form_is_given_back_with_a_plain_reason(desk: Office, name: str, content: bytes, said: str) -> None:
    path = desk.settings.inbox / name
    path.write_bytes(content)
    [result] = work(path, desk)
    assert (result.outcome, result.form) == ("returned", None)
    [problem] = result.problems
    assert said in problem.what and problem.where and problem.remedy
    assert (desk.settings.inbox / "returned" / name / name).read_bytes() == content


@pytest.mark.parametrize("blank", ["assessment-matrix.xlsx", "case-referral-form.docx"])
def test_a_blank_form_goes_back_with_everything_it_lacks(desk: Office, blank: str) -> None:
    [result] = work(drop(EXAMPLES.parent / "blank" / blank, desk), desk)
    assert result.outcome == "returned"
    assert len([p for p in result.problems if p.severity == "return"]) >= 5


def test_several_matrices_in_one_workbook_make_one_pack(desk: Office) -> None:
    results = work(drop(EXAMPLES / "matrix-three-reviews.xlsx", desk), desk)
    assert [(r.sheet, r.outcome, bool(r.documents)) for r in results] == [
        ("Sept 26", "accepted", False),
        ("Oct 26", "accepted", False),
        ("Nov 26", "accepted", True),
    ]
    [summary] = [d.path for d in results[2].documents if d.kind == "assessment-summary"]
    assert "4 September 2026" in text_of(desk.settings.outbox / summary)


def test_where_a_case_has_both_forms_each_document_draws_on_both(desk: Office) -> None:
    work(drop(EXAMPLES / "matrix-must.xlsx", desk), desk)
    [result] = work(drop(EXAMPLES / "referral-controls.docx", desk), desk)
    [plan] = [d.path for d in result.documents if d.kind == "action-plan"]
    said = text_of(desk.settings.outbox / plan)
    assert "51" in said  # the matrix's score
    assert "Escalating missing episodes" in said  # the referral's reason


def test_an_id_of_another_child_goes_back_and_names_nobody(desk: Office, tmp_path: Path) -> None:
    work(drop(EXAMPLES / "matrix-must.xlsx", desk), desk)
    book = openpyxl.load_workbook(EXAMPLES / "matrix-consider.xlsx")
    book.active["I2"] = "CF104233"  # type: ignore[index]
    book.save(tmp_path / "wrong id.xlsx")
    [result] = work(drop(tmp_path / "wrong id.xlsx", desk), desk)
    assert (result.outcome, result.problems[0].code, result.problems[0].where) == ("returned", "identity", "Sheet1!I2")
    [note] = (desk.settings.inbox / "returned").rglob("What to put right.docx")
    assert "Jordan" not in text_of(note)


def test_documents_bear_the_date_on_which_the_form_first_arrived(tmp_path: Path) -> None:
    first = office(tmp_path)
    form = drop(EXAMPLES / "matrix-none.xlsx", first)
    broken = dataclasses.replace(first, agencies=lambda: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    assert [r.outcome for r in work(form, broken)] == ["waiting"]
    assert form.exists()
    close(first)
    tomorrow = office(tmp_path, clock=lambda: NOON + dt.timedelta(days=1))
    [result] = work(form, tomorrow)
    assert "21 November 2026" in text_of(tomorrow.settings.outbox / result.documents[0].path)
    close(tomorrow)


def test_a_broken_template_lets_the_form_wait_and_the_others_go_on(
    tmp_path: Path, templates: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (templates / "Action plan.docx").write_bytes(b"not a Word document")
    desk = office(tmp_path, templates=templates)
    waits, goes_on = drop(EXAMPLES / "matrix-must.xlsx", desk), drop(EXAMPLES / "matrix-none.xlsx", desk)
    assert [r.outcome for r in work(waits, desk)] == ["waiting"]
    assert waits.exists()
    assert "Action plan" in caplog.text
    assert [r.outcome for r in work(goes_on, desk)] == ["accepted"]
    shutil.copy(TEMPLATES / "Action plan.docx", templates)
    assert [r.outcome for r in work(waits, desk)] == ["accepted"]
    close(desk)


def test_two_forms_of_one_young_person_are_never_drafted_for_at_once(desk: Office) -> None:
    path = drop(EXAMPLES / "matrix-must.xlsx", desk)
    with hold_cases(["CF104233"], desk.settings.records) as another_program:
        assert another_program
        [waits] = work(path, desk)
        assert (waits.outcome, waits.problems[0].code) == ("waiting", "arriving")
        [other] = work(drop(EXAMPLES / "matrix-none.xlsx", desk), desk)
        assert other.outcome == "accepted"
    [result] = work(path, desk)
    assert result.outcome == "accepted"
    assert not [p for p in (desk.settings.records / "cases").iterdir() if "CF104233" in p.name]


def test_a_form_that_was_recorded_while_another_was_read_is_held_against_it(
    desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two programs: the ID is another young person's, which nobody knew when the second form was examined."""
    book = openpyxl.load_workbook(EXAMPLES / "matrix-none.xlsx")
    book.worksheets[0]["I2"] = "CF104233"
    book.save(tmp_path / "second.xlsx")
    another_program = office(tmp_path)
    first = [drop(EXAMPLES / "matrix-must.xlsx", desk)]

    def hold_late(refs: Iterable[str], records: Path) -> AbstractContextManager[bool]:
        if first:
            work(first.pop(), another_program)
        return hold_cases(refs, records)

    monkeypatch.setattr(process, "hold_cases", hold_late)
    [result] = work(drop(tmp_path / "second.xlsx", desk), desk)
    assert (result.outcome, [p.code for p in result.problems if p.severity == "return"]) == ("returned", ["identity"])
    assert {path.split("/")[1] for path in tree(desk.settings.outbox)} == {"2026-10-30 Assessment matrix"}
    close(another_program)


def test_nobody_drafts_for_a_case_until_a_pack_that_a_crash_left_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The panel's record raises the flag and was published; its correction comes before it could be recorded."""
    desk = office(tmp_path, clock=lambda: dt.datetime(2026, 11, 24, 18, 0))
    work(drop(EXAMPLES / "referral-glyph.docx", desk), desk)
    record, correction = (desk.settings.inbox / name for name in ("record.docx", "correction.docx"))
    record.write_bytes(PANEL(desk))
    correction.write_bytes(refilled(record.read_bytes(), {"J. Views/Young person's views": "Two people to talk to."}))
    with monkeypatch.context() as patch:
        patch.setattr(Register, "record", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "power cut")))
        assert [r.outcome for r in work(record, desk)] == ["waiting"]
    [waits] = work(correction, desk)
    assert (waits.outcome, waits.problems[0].code) == ("waiting", "arriving")
    assert f"{CASE}/2026-11-24 Meeting record" in waits.problems[0].what
    assert [r.outcome for path in (record, correction) for r in work(path, desk)] == ["accepted"] * 2
    flagged = [path for path in tree(desk.settings.outbox) if "Flag letter - " in path]
    assert len(flagged) == 11
    assert len({path.rpartition("/")[2] for path in flagged}) == 11
    close(desk)
