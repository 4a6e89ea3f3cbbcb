"""What docs/templates.md tells an administrator to do in Word is done to the letter, and the next pack has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from docx import Document
from docx.text.paragraph import Paragraph
from openpyxl import load_workbook

from pipeline.publish import Office
from pipeline.template_check import check_templates
from tests.offices import EXAMPLES, TEMPLATES, drop, work

GUIDE = (Path(__file__).parents[1] / "docs" / "templates.md").read_text("utf-8")
EXAMPLE = GUIDE.partition("## An example, step by step")[2].partition("\n## ")[0]
THANKS = "With thanks for your help"
VIDEO = "Please join the meeting by video link. The young person lives in another county."


def edit(templates: Path, pieces: int) -> None:
    """Steps 2 to 5. ``pieces``: over how many runs Word has spread each line, as it does when people correct it."""
    path = templates / "Notification letter.docx"
    word = Document(str(path))
    [ending] = [p for p in word.paragraphs if p.text == "Yours sincerely"]
    spread(ending, THANKS, pieces)
    [question] = [p for p in word.paragraphs if p.text.startswith("If you have a question, call")]
    for line in told():
        spread(question.insert_paragraph_before(style=question.style), line, pieces)
    word.save(str(path))


def told() -> Sequence[str]:
    """The three lines that the guide says to type."""
    [block] = re.findall(r"```\n(.*?)```", EXAMPLE, re.S)
    lines = [line.strip() for line in block.strip().splitlines()]
    assert len(lines) == 3
    return lines


def spread(paragraph: Paragraph, text: str, pieces: int) -> None:
    for run in list(paragraph.runs):
        run._r.getparent().remove(run._r)
    step = -(-len(text) // pieces)
    for start in range(0, len(text), step):
        paragraph.add_run(text[start : start + step])


def letters(desk: Office) -> list[list[str]]:
    found = sorted(desk.settings.outbox.glob("*/*/Notification letter*.docx"))
    return [[p.text for p in Document(str(path)).paragraphs] for path in found]


def drop_referral(desk: Office, *, out_of_county: bool) -> None:
    """A referral for the same young person as the matrix."""
    word = Document(str(EXAMPLES / "referral-glyph.docx"))
    for text in word.element.body.iter("{*}t"):
        text.text = (text.text or "").replace("CF104240", "CF104233")
    for row in word.element.body.iter("{*}tr"):
        box, *label = [*row.iter("{*}t")] or [None]
        if out_of_county and "Out of county placement" in [text.text for text in label]:
            box.text = "☒"
    path = desk.settings.inbox / "referral.docx"
    word.save(str(path))
    assert [r.outcome for r in work(path, desk)] == ["accepted"]


@pytest.mark.parametrize("pieces", [1, 7, 40])
def test_the_documented_edit_stands_in_the_next_pack(desk: Office, templates: Path, pieces: int) -> None:
    assert VIDEO in EXAMPLE
    assert f"`{THANKS}`" in EXAMPLE
    edit(templates, pieces)
    assert check_templates(templates, TEMPLATES).faults == ()  # step 6
    drop_referral(desk, out_of_county=True)

    assert [r.outcome for r in work(drop(EXAMPLES / "matrix-must.xlsx", desk), desk)] == ["accepted"]

    written = letters(desk)
    assert len(written) >= 5
    for letter in written:
        assert THANKS in letter
        assert "Yours sincerely" not in letter
        assert letter[letter.index(VIDEO) + 1].startswith("If you have a question, call")
        assert not [line for line in letter if "{" in line]


def test_it_does_not_stand_where_the_young_person_lives_in_the_county(desk: Office, templates: Path) -> None:
    edit(templates, 1)
    drop_referral(desk, out_of_county=False)

    work(drop(EXAMPLES / "matrix-must.xlsx", desk), desk)

    assert letters(desk)
    for letter in letters(desk):
        assert THANKS in letter
        assert VIDEO not in letter


def test_no_letter_as_shipped_says_where_the_young_person_lives(desk: Office) -> None:
    drop_referral(desk, out_of_county=True)

    work(drop(EXAMPLES / "matrix-must.xlsx", desk), desk)

    assert not [line for letter in letters(desk) for line in letter if "county" in line.casefold()]


def test_a_change_of_the_address_book_applies_to_the_next_pack(desk: Office, templates: Path) -> None:
    work(drop(EXAMPLES / "matrix-must.xlsx", desk), desk)
    assert "Kim Newname" not in str(letters(desk))
    book = load_workbook(templates / "agencies.xlsx")
    sheet = book["Agencies"]
    [row] = [row for row in sheet.iter_rows(min_row=2) if row[0].value == "MOSAIC"]
    row[2].value, row[3].value = "Kim Newname", "99 Other Street\nExampleton"
    book.save(templates / "agencies.xlsx")

    matrix = load_workbook(EXAMPLES / "matrix-must.xlsx")
    for cells in matrix.active.iter_rows():
        for cell in cells:
            if cell.value == "CF104233":
                cell.value = "CF104299"
    matrix.save(desk.settings.inbox / "next.xlsx")
    assert [r.outcome for r in work(desk.settings.inbox / "next.xlsx", desk)] == ["accepted"]

    [letter] = desk.settings.outbox.glob("CF104299/*/Notification letter - MOSAIC.docx")
    assert Document(str(letter)).paragraphs[0].text.splitlines()[:1] == ["Kim Newname"]
    assert "99 Other Street" in Document(str(letter)).paragraphs[0].text
