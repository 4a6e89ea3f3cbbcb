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
        'other.toml: write kind = "matrix" or kind = "referral" at the top.',
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
