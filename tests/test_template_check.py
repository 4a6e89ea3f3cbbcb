"""``pipeline templates check``: each planted fault is named by template, paragraph and tag, all of them at once."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.opc.packuri import PackURI
from openpyxl import load_workbook
from PIL import Image

from pipeline.cli import main
from pipeline.outgoing.template_faults import template_faults
from pipeline.outgoing.template_pictures import EMBEDDED
from pipeline.settings import Sender
from pipeline.template_check import check_templates, documents_by_template
from tests.offices import TEMPLATES

Plant = Callable[[WordDocument], None]
PRINTED = documents_by_template(TEMPLATES)


def change(templates: Path, name: str, plant: Plant) -> None:
    path = templates / f"{name}.docx"
    word = Document(str(path))
    plant(word)
    word.save(str(path))


def faults(templates: Path) -> list[str]:
    return list(check_templates(templates, TEMPLATES).faults)


def test_the_templates_as_shipped_have_no_fault_and_nothing_to_note(templates: Path) -> None:
    checked = check_templates(templates, TEMPLATES)

    assert (checked.faults, checked.notes) == ((), ())


def append(*texts: str) -> Plant:
    def plant(word: WordDocument) -> None:
        for text in texts:
            word.add_paragraph(text)

    return plant


SPLIT = "this tag does not begin and end in one paragraph; type it again in one go."


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["Why: {{ resaon }}"], ['("Why:"): "resaon": there is no name "resaon" here; did you mean "person"?']),
        (["Of {{ person.nmae }}"], ['("Of"): "person.nmae": there is no name "nmae" here; did you mean "name"?']),
        # in a branch that neither case takes
        (
            ["{%p if dear == 'Nobody' %}", "Call {{ sender.telefone }}", "{%p endif %}"],
            ['("Call"): "sender.telefone": there is no name "telefone" here; did you mean "telephone"?'],
        ),
        (
            ["Above", "{%p if windwo %}", "Yes", "{%p endif %}"],
            ['("Above"): "if windwo": there is no name "windwo" here; did you mean "window"?'],
        ),
        (["{%p for a in window %}", "Never ended"], ["The innermost block that needs to be closed is 'for'."]),
        (["Odd", "{%p fro a in window %}", "{%p endfor %}"], ['("Odd"): "fro a in window": Encountered unknown tag']),
        (["Half {{ dear"], ['("Half {{ dear"): {{: ' + SPLIT]),
        (["A {{ de", "ar }} B"], ['("A {{ de"): {{: ' + SPLIT, '("ar }} B"): }}: ' + SPLIT]),
        (["Bold {{r dear }}"], ['("Bold"): {{r dear }} is not supported.']),
        (["Two {{ dear dear }}"], ["(\"Two\"): \"dear dear\": expected token 'end of print statement', got 'dear'."]),
        (["Who {{ person }}"], ['("Who"): "person": prints dict, which is not text.']),
    ],
)
def test_a_fault_names_template_paragraph_and_tag(templates: Path, texts: list[str], told: list[str]) -> None:
    change(templates, "Flag letter", append(*texts))

    found = template_faults(templates / "Flag letter.docx", PRINTED["Flag letter"])

    assert len(found) == len(told)
    for fault, sentence in zip(found, told, strict=True):
        assert fault.startswith("Flag letter.docx, paragraph 2")
        assert sentence in fault


def test_every_fault_of_every_template_is_told_at_once(templates: Path) -> None:
    change(templates, "Action plan", append("Why: {{ resaon }}", "{{ dear dear }}", "Half {{ reason", "{{ purpos }}"))
    change(templates, "Removal letter", append("{%p if raised %}"))
    (templates / "Flag letter.docx").unlink()
    (templates / "Invitation letter.docx").write_bytes(b"PK no document")
    layout = templates / "forms" / "contact-report.toml"
    layout.write_text(layout.read_text("utf-8").replace('kind = "contact-report"', 'kind = "letter"'), "utf-8")
    book = load_workbook(templates / "agencies.xlsx")
    book["Agencies"]["G3"] = "perhaps"
    book.save(templates / "agencies.xlsx")

    found = faults(templates)

    assert [(fault.split(",")[0].split(":")[0]) for fault in found] == [
        "contact-report.toml",
        "Action plan.docx",
        "Action plan.docx",
        "Action plan.docx",
        "Action plan.docx",
        "Invitation letter.docx",
        "Flag letter.docx",
        "Removal letter.docx",
        "agencies.xlsx",
    ]
    assert 'did you mean "reason"?' in "".join(found)
    assert "Agencies!G3: write y or n" in found[-1]


def test_a_paragraph_is_counted_as_it_follows_and_quoted_by_the_words_it_stands_by(templates: Path) -> None:
    word = Document()
    word.add_paragraph("Reason and outcome sought")
    word.add_table(rows=1, cols=2).rows[0].cells[1].text = "{{ purpos }}"
    word.add_paragraph("{{ purpos }} twice")
    word.save(str(templates / "Action plan.docx"))

    assert faults(templates) == [
        f'Action plan.docx, paragraph {where}: "purpos": there is no name "purpos" here; did you mean "purpose"?'
        for where in ('3 ("Reason and outcome sought")', '4 ("twice")')
    ]


def test_a_tag_that_word_has_split_over_runs_is_no_fault(templates: Path) -> None:
    def plant(word: WordDocument) -> None:
        paragraph = word.add_paragraph()
        for run in ("{", "{ pers", "on.na", "me }", "}"):
            paragraph.add_run(run).bold = len(run) == 1

    change(templates, "Flag letter", plant)

    assert faults(templates) == []


def test_a_name_that_only_some_cases_have_is_a_fault_until_it_is_asked_for(templates: Path) -> None:
    change(templates, "Action plan", append("Chair: {{ decided.chair }}"))
    [fault] = faults(templates)
    assert '("Chair:"): "decided.chair": there is no name "chair" here' in fault

    shutil.copyfile(TEMPLATES / "Action plan.docx", templates / "Action plan.docx")
    change(templates, "Action plan", append("{%p if has_meeting %}", "Chair: {{ decided.chair }}", "{%p endif %}"))
    assert faults(templates) == []


def test_a_picture_may_be_deleted_but_not_lose_its_file(templates: Path) -> None:
    def delete(word: WordDocument) -> None:
        for drawing in list(word.element.body.iter("{*}drawing")):
            drawing.getparent().remove(drawing)

    change(templates, "Core-group report", delete)
    checked = check_templates(templates, TEMPLATES)
    assert checked.faults == ()
    assert any(note.startswith('Core-group report.docx: has no picture "course"') for note in checked.notes)

    lose(templates / "Action plan.docx", "word/media/")
    assert faults(templates) == [
        f"Action plan.docx: the file of the picture “{name}” is lost. Delete the picture and insert it again."
        for name in ("logo", "course")
    ]


def lose(path: Path, start: str) -> None:
    """Write the document again without the parts whose names start so."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if not name.startswith(start):
                new.writestr(name, old.read(name))
    path.write_bytes(out.getvalue())


def test_tags_in_a_comment_are_a_fault(templates: Path) -> None:
    def plant(word: WordDocument) -> None:
        word.add_comment(word.add_paragraph("see").runs[0], text="{{ dear }}")

    change(templates, "Flag letter", plant)

    [fault] = faults(templates)
    assert fault.startswith("Flag letter.docx (comments): tags are not filled here")


def test_a_form_must_keep_the_words_by_which_it_is_read(templates: Path) -> None:
    def plant(word: WordDocument) -> None:
        [cell] = [c for t in word.tables for row in t.rows for c in row.cells if c.text == "Lead professional"]
        cell.paragraphs[0].runs[0].text = "Main worker"

    change(templates, "Meeting record", plant)

    found = faults(templates)
    assert found[0] == (
        'Meeting record.docx: does not have the words "Lead professional", by which forms/meeting-record.toml reads it.'
    )
    assert 'Meeting record.docx: what it prints under "Lead professional" would not be read' in found[1]


def test_a_form_that_would_not_be_known_again_is_a_fault(templates: Path) -> None:
    word = Document()
    word.add_paragraph("Please say {{ known.asked }} for {{ known.reference }}")
    word.save(str(templates / "Acknowledgement slip.docx"))

    assert any("would not be read when it comes back" in fault for fault in faults(templates))


def test_a_kind_of_form_without_a_layout_is_a_fault(templates: Path) -> None:
    (templates / "forms" / "meeting-record.toml").unlink()

    [fault] = faults(templates)

    assert fault.startswith('forms: there is no layout with kind = "meeting-record". Run `pipeline init`')


def test_the_command_says_all_and_ends_with_the_code_for_wrong_settings(
    templates: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["templates", "check", "--templates", str(templates)]) == 0
    assert capsys.readouterr().out == f"{templates}: all is well\n"

    change(templates, "Flag letter", append("{{ nothing_like_it }}"))
    assert main(["templates", "check", "--templates", str(templates)]) == 2
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Flag letter.docx, paragraph ")
    assert said[1].startswith("note: Flag letter.docx: is not the one that came with this version")
    assert said[2] == f"{templates}: 1 to put right"


def test_the_names_of_one_template_are_listed_with_what_they_are_and_an_example(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["templates", "fields", "Flag letter"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Flag letter"
    assert "  person.name: of the young person (for example: Robin Example)" in said
    assert '  out_of_county: yes or no: the referral ticks "Out of county placement" (for example: yes)' in said
    assert not [line for line in said if "risks" in line]


def test_a_template_that_there_is_not_is_named_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["templates", "fields", "Flag leter"]) == 2
    assert "There is no template Flag leter. There are: Assessment summary, Action plan" in capsys.readouterr().err


def test_the_logo_of_the_settings_is_checked_with_the_templates_that_show_it(templates: Path, tmp_path: Path) -> None:
    sender = Sender(council="Exampleton Council", logo=str(tmp_path / "crest.png"))
    [fault] = check_templates(templates, TEMPLATES, sender).faults
    assert fault.startswith("pipeline.toml: sender.logo: ")

    Image.new("RGB", (300, 120)).save(tmp_path / "crest.png")
    assert check_templates(templates, TEMPLATES, sender).faults == ()

    path = templates / "Flag letter.docx"  # as saved with a logo of its own, pasted as JPEG
    word = Document(str(path))
    header = word.sections[0].header
    for blip in header._element.iter("{*}blip"):
        part = header.part.related_parts[blip.get(EMBEDDED)]
        part._content_type, part.partname = "image/jpeg", PackURI("/word/media/crest.jpeg")
    word.save(str(path))
    assert check_templates(templates, TEMPLATES, sender).faults == (
        "Flag letter.docx: the picture “logo” is not a PNG file inside the template.",
    )
