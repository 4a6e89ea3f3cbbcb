"""What is wrong with a layout file is told to the administrator: all of it at once, each with its file and place."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.intake.layouts import load_layouts
from pipeline.rules.layout import Band, Block, Column, Field, MatrixLayout, Override, Rule, Section

SHIPPED = Path(__file__).parents[2] / "templates" / "forms"
OTHERS = Path(__file__).parents[1] / "layouts"
EXPLOITATION = (OTHERS / "exploitation.toml").read_text("utf-8")
REFERRAL, MEETING_RECORD, CONTACT_REPORT, SLIP = (
    (SHIPPED / f"{name}.toml").read_text("utf-8")
    for name in ("referral", "meeting-record", "contact-report", "acknowledgement")
)
DESCRIPTORS = (OTHERS / "descriptors.toml").read_text("utf-8")


def faults(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as e:
        load_layouts(folder)
    return str(e.value).splitlines()


def test_the_layouts_that_are_shipped_and_those_of_the_tests_have_no_fault() -> None:
    assert [m.name for m in load_layouts(SHIPPED).matrices] == ["matrix"]
    assert [m.name for m in load_layouts(OTHERS).matrices] == ["descriptors", "exploitation"]


def test_the_faults_of_every_file_are_told_at_once(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        broken="kind = \n",
        other='kind = "letter"',
        misspelt=EXPLOITATION.replace("version", "verson").replace("value = 5", "valeu = 5").replace("= 16", '= "16"'),
    )
    assert told[0].startswith("broken.toml: ") and "line 1" in told[0]
    assert told[1:] == [
        "misspelt.toml: “verson” is not known here; did you mean “version”?",
        "misspelt.toml: “version” is missing.",
        "misspelt.toml: sections 3 (significant), blocks 1 (when), columns 1 (Current): “valeu” is not known here; "
        "did you mean “value”?",
        "misspelt.toml: sections 3 (significant), blocks 1 (when), columns 1 (Current): “value” is missing.",
        "misspelt.toml: bands 1 (significant): at_least: Expected a whole number, got text in quotes.",
        'other.toml: write kind = "matrix" at the top, or "referral", "meeting-record", "contact-report", '
        '"acknowledgement".',
    ]


def test_the_example_in_the_docs_is_a_layout_and_every_key_is_explained(tmp_path: Path) -> None:
    text = (SHIPPED.parents[1] / "docs" / "layouts.md").read_text("utf-8")
    (tmp_path / "example.toml").write_text(re.findall(r"```toml\n(.*?)```", text, re.S)[0], "utf-8")
    assert [m.name for m in load_layouts(tmp_path).matrices] == ["exploitation"]
    explained = set(re.findall(r"`([a-z_]+)(?: = [^`]*)?`", text)) | set(
        re.findall(r"^\[\[?(?:\w+\.)?(\w+)", text, re.M)
    )
    for part in (MatrixLayout, Field, Section, Block, Column, Rule, Band, Override):
        keys = {f.name for f in dataclasses.fields(part)}
        assert keys - explained <= {"block", "column"}, part  # shown in the example of a rule


def test_two_layouts_of_one_name_are_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, one=EXPLOITATION, two=EXPLOITATION) == [
        "2 form layouts have the name “exploitation”. Each needs a name of its own."
    ]


def test_a_folder_without_layouts_is_refused(tmp_path: Path) -> None:
    assert "There is no form layout" in faults(tmp_path)[0]


OVERRIDE = """
[[overrides]]
label = "X"
"""
RULE = """
[[sections.rules]]
remedy = "Mark one."
"""
BANDS = DESCRIPTORS.index("[[bands]]")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (DESCRIPTORS.replace('key = "name"', 'key = "child"'), "fields: a field with the key “name” is missing."),
        (DESCRIPTORS.replace('key = "case"', 'key = "id"'), "fields: a field with the key “case” is missing."),
        (
            DESCRIPTORS.replace("date_completed", "day"),
            'fields: a field with the key “assessment_date” or “date_completed” and answer = "date" is missing.',
        ),
        (
            DESCRIPTORS.replace('label = "Date of birth"\nanswer = "date"', 'label = "Date of birth"'),
            'fields: “date_of_birth” needs answer = "date".',
        ),
        (
            DESCRIPTORS.replace('Record number"\nreq', 'Name of Child:"\nreq'),
            "fields: the label “name of child” stands there 2 times.",
        ),
        (
            DESCRIPTORS.replace("Emotional health", "Contact with risky adults"),
            "sections: the item “contact with risky adults” stands there 2 times.",
        ),
        (
            DESCRIPTORS.replace("A little", "Often"),
            "sections 1 (home), blocks 1 (level): the label “often” stands there 2 times.",
        ),
        (
            DESCRIPTORS.replace('"Use of substances" = 2', '"Drugs" = 2'),
            "sections 2 (self), weights: “Drugs” is none of the items.",
        ),
        (
            DESCRIPTORS.replace('"Use of substances" = 2', '"Use of substances" = 0'),
            "sections 2 (self), weights: a weight is a whole number from 1.",
        ),
        (
            DESCRIPTORS.replace('title = "The child"\nitem', 'title = "The child"\ncombine = "count"\nitem'),
            "sections 2 (self), weights: items that are counted have no weight.",
        ),
        (
            DESCRIPTORS.replace("highest = 3", "highest = 0"),
            "sections 2 (self), blocks 1 (level): a number needs lowest and highest, or the allowed numbers.",
        ),
        (
            DESCRIPTORS.replace(", value = 1 }]", ', value = 1 }, { label = "Or here", value = 1 }]'),
            "sections 2 (self), blocks 1 (level): a number is typed into one column.",
        ),
        (
            DESCRIPTORS.replace('marks = "number"\n', ""),
            'sections 2 (self), blocks 1 (level): allowed, lowest and highest belong to marks = "number".',
        ),
        (
            EXPLOITATION.replace('marks = "many"\nblank = "zero"\n', "", 1),
            "sections 1 (vulnerability), blocks 1 (present): one column alone cannot say no: "
            'write marks = "many" or blank = "zero".',
        ),
        (
            DESCRIPTORS[:BANDS] + RULE + 'block = "gone"\ncolumn = "Often"\n' + DESCRIPTORS[BANDS:],
            "sections 2 (self), rules 1: “gone” is no block of this section.",
        ),
        (
            DESCRIPTORS[:BANDS] + RULE + 'block = "level"\ncolumn = "Often"\n' + DESCRIPTORS[BANDS:],
            "sections 2 (self), rules 1: “Often” is no column of the block “level”.",
        ),
        (
            DESCRIPTORS.replace("at_least = 12", "at_least = 6"),
            "bands: they must stand highest first, each “at_least” lower than the one before.",
        ),
        (
            DESCRIPTORS.replace('label = "Low"\n', 'label = "Low"\nat_least = 0\n'),
            "bands: the last band is the lowest and has no “at_least”; it is missing.",
        ),
        (DESCRIPTORS.replace("at_least = 7\n", ""), "bands: only the last band has no “at_least”."),
        (
            DESCRIPTORS + OVERRIDE + 'not_below = "must"\nany_item = 2\n',
            "overrides 3 (X): not_below: “must” is the key of no band.",
        ),
        (
            DESCRIPTORS + OVERRIDE + 'not_below = "high"\nany_item = 2\nsection = "risk"\n',
            "overrides 3 (X): section: “risk” is the key of no section.",
        ),
        (DESCRIPTORS + OVERRIDE + 'not_below = "high"\n', "overrides 3 (X): write either any_item or under_age."),
        (
            EXPLOITATION + OVERRIDE + 'not_below = "mild"\nunder_age = 13\n',
            'overrides 1 (X): under_age needs a field with the key “date_of_birth” and answer = "date".',
        ),
    ],
)
def test_what_contradicts_itself_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    assert faults(tmp_path, layout=text) == [f"layout.toml: {told}"]


def test_what_must_not_be_empty_is_refused(tmp_path: Path) -> None:
    head = EXPLOITATION[: EXPLOITATION.index("# An empty box")]
    bands = EXPLOITATION[EXPLOITATION.index("[[bands]]") :]
    assert faults(tmp_path, layout="sections = []\n" + head + bands) == ["layout.toml: sections: there is none."]
    empty = head + '[[sections]]\nkey = "s"\ntitle = "S"\nitem = "i"\nitems = []\nblocks = []\n' + bands
    assert faults(tmp_path, layout=empty) == [
        "layout.toml: sections 1 (s), items: there is none.",
        "layout.toml: sections 1 (s), blocks: there is none.",
    ]
    empty = empty.replace("blocks = []", 'blocks = [{ key = "b", title = "B", columns = [] }]')
    assert faults(tmp_path, layout=empty)[1:] == ["layout.toml: sections 1 (s), blocks 1 (b): columns: there is none."]


def without(text: str, *, key: str) -> str:
    """The layout without the field, box, question or section of this key."""
    parts = re.split(r"(?m)^(?=\[\[)", text)
    found = [n for n, part in enumerate(parts) if f'key = "{key}"' in part and "[[sections]]" not in part]
    found = found or [n for n, part in enumerate(parts) if f'key = "{key}"' in part]
    return "".join(part for n, part in enumerate(parts) if n != found[0])


def test_the_word_forms_that_are_shipped_have_no_fault() -> None:
    names = {layout.name for layout in load_layouts(SHIPPED).word_forms}
    assert names == {"referral", "meeting-record", "contact-report", "acknowledgement"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (without(REFERRAL, key="alias"), "fields: a field with the key “alias” is missing."),
        (without(MEETING_RECORD, key="flag"), "fields: a field with the key “flag” is missing."),
        (without(MEETING_RECORD, key="review_flag_by"), "fields: a field with the key “review_flag_by” is missing."),
        (without(CONTACT_REPORT, key="told_time"), "fields: a field with the key “told_time” is missing."),
        (without(SLIP, key="reference"), "fields: a field with the key “reference” is missing."),
        (without(SLIP, key="done"), "questions: a question with the key “done” is missing."),
        (without(REFERRAL, key="barriers"), "sections: one with the key “barriers” and ticks is missing."),
        (without(MEETING_RECORD, key="also_tell"), "sections: one with the key “also_tell” and columns is missing."),
        (
            MEETING_RECORD.replace('"Plan for return"', '"Plan"'),
            "sections, exclusions: the column “Plan for return” is missing.",
        ),
        (
            MEETING_RECORD.replace('"Keep", "Remove"', '"Keep on", "Remove"'),
            "fields: “flag” has the choice “Keep on”, which means nothing here; write “keep”, “no flag”, “raise” or "
            "“remove”.",
        ),
        (
            MEETING_RECORD.replace('"Keep", "Remove"', '"Keep", "KEEP", "Remove"'),
            "F. Decision, High-risk flag: the choice “keep” stands there 2 times.",
        ),
        (
            CONTACT_REPORT.replace('label = "Time told"\nanswer = "time"', 'label = "Time told"'),
            'fields: “told_time” needs answer = "time".',
        ),
        (
            CONTACT_REPORT.replace('label = "Who was told"', 'label = "Who was told"\nchoices = ["The worker"]'),
            'D. Telling the allocated worker within 24 hours, Who was told: choices belong to answer = "choice".',
        ),
        (
            CONTACT_REPORT.replace('label = "Who was told"', 'label = "Who was told"\nanswer = "choice"'),
            'D. Telling the allocated worker within 24 hours, Who was told: answer = "choice" needs choices.',
        ),
        (
            CONTACT_REPORT.replace('label = "Who was told"', 'label = "Who was told"\nrequired = true'),
            "D. Telling the allocated worker within 24 hours, Who was told: what is required needs a remedy: what the "
            "sender is told to do.",
        ),
        (
            SLIP.replace('required = true\nidentity = true\nremedy = "Write the ref', 'remedy = "Write the ref'),
            "fields: “reference” needs required = true.",
        ),
        (
            SLIP.replace(
                'label = "Date of reply"', 'label = "Date of reply"\nrequired = true\noptional = true\nremedy = "W"'
            ),
            "B. Our reply, Date of reply: it is either required or optional.",
        ),
        (
            SLIP.replace('key = "replied_by"\n', ""),
            "B. Our reply, Name and job title of who replies: “key” is missing.",
        ),
        (SLIP.replace('key = "replied_by"', 'key = "date"'), "fields: the key “date” stands there 2 times."),
        (SLIP.replace('key = "letter"', 'key = "reply"'), "sections: the key “reply” stands there 2 times."),
        (SLIP.replace("A. The letter", "B. Our reply"), "sections: the title “b. our reply” stands there 2 times."),
        (
            SLIP.replace("Date of reply", "Name and job title of who replies"),
            "B. Our reply: the label “name and job title of who replies” stands there 2 times.",
        ),
    ],
)
def test_what_a_word_form_lacks_or_contradicts_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    assert faults(tmp_path, layout=text) == [f"layout.toml: {told}"]
