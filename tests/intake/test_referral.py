import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.intake.layouts import load_layouts
from pipeline.intake.passage import label_key
from pipeline.intake.referral import read_referral
from pipeline.rules.form import ReferralForm
from tests.referral_forms import (
    BLANK,
    FORMS,
    ReferralDocument,
    cells,
    control,
    copied,
    fill,
    legacy_text,
    legacy_tick,
    paragraphs,
    replace,
    run,
    text_box,
    tick_control,
    w,
    wrap,
)

LAYOUTS = load_layouts(Path(__file__).parents[2] / "templates" / "forms").referrals
LAYOUT = LAYOUTS[0]
GOLDEN = sorted((FORMS / "referrals").glob("*.docx"))
EXPECTED = json.loads((FORMS / "examples" / "expected.json").read_text("utf-8"))


def read(data: bytes | Path) -> ReferralForm:
    form = read_referral(data.read_bytes() if isinstance(data, Path) else data, LAYOUTS)
    assert form is not None
    return form


def example(name: str) -> dict[str, Any]:
    """What expected.json says of an example, keyed and filled up as read_referral gives it."""
    fields = {
        f"{s.title}/{label}": ""
        for s in LAYOUT.sections
        for label in (*(f.label for f in s.fields + s.boxes), *s.specify)
    }
    questions: dict[str, bool | None] = {f"{s.title}/{q.label}": None for s in LAYOUT.sections for q in s.questions}
    tables: dict[str, list[list[str]]] = {s.title: [] for s in LAYOUT.sections if s.columns}
    if name == "blank":
        return {"fields": fields, "questions": questions, "ticked": [], "tables": tables, "remarks": [], "notes": []}
    values = EXPECTED[f"{name}.docx"]["values"]

    def keyed(given: dict[str, Any], known: dict[str, Any]) -> None:
        for label, value in given.items():
            (key,) = (k for k in known if k == label or k.endswith(f"/{label}"))
            known[key] = value

    keyed(values["pairs"] | values["boxes"], fields)
    keyed(values["yesno"], questions)
    ticked = [label for s in LAYOUT.sections for label in s.ticks if label in values["ticks"]]
    return {
        "fields": fields,
        "questions": questions,
        "ticked": ticked,
        "tables": tables | values["tables"],
        "remarks": [],
        "notes": [],
    }


def plain(form: ReferralForm) -> dict[str, Any]:
    return {
        "fields": {key: answer.text for key, answer in form.fields.items()},
        "questions": {key: choice.value for key, choice in form.questions.items()},
        "ticked": [tick.label for tick in form.ticked],
        "tables": {key: [list(row.values()) for row in rows] for key, rows in form.tables.items()},
        "remarks": [[remark.where, remark.text] for remark in form.remarks],
        "notes": [[note.code, note.where] for note in form.notes],
    }


@pytest.mark.parametrize("name", ["referral-controls", "referral-glyph", "referral-legacy"])
def test_reads_each_generation_of_the_form_exactly(name: str) -> None:
    assert plain(read(FORMS / "examples" / f"{name}.docx")) == example(name)


def test_reads_nothing_in_the_blank_form() -> None:
    assert plain(read(BLANK)) == example("blank")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_reads_what_the_golden_pair_says_and_nothing_else(path: Path) -> None:
    said = json.loads(path.with_suffix(".json").read_text("utf-8"))
    want = example(said["as"])
    for part in ("fields", "questions", "tables"):
        assert said.get(part, {}).keys() <= want[part].keys()
        want[part] |= said.get(part, {})
    for part in ("ticked", "remarks", "notes"):
        want[part] = said.get(part, want[part])
    form = read(path)
    assert plain(form) == want
    assert {key: str(a.date) for key, a in form.fields.items() if a.date} == said.get("dates", {})


# What a person may type. Anything that Word can hold, but nothing that is blank, or that begins or ends in white space.
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp", "Zs"))
# Nor in a stroke, which belongs to the alternative before it that one of the styles strikes out.
LINE = (
    st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=6)
    .map(" ".join)
    .filter(lambda said: said[0] not in "/|,;")
)
# Answers that say what the form says elsewhere: "Risk of significant harm to self is high".
WORDS_OF_THE_FORM = st.builds(
    "{}{}".format,
    st.sampled_from([words for s in LAYOUT.sections for words in (s.title, *s.ticks, *(f.label for f in s.fields))]),
    st.sampled_from(["", " is high", ": since May", " – yes", "?"]),
)
LINES = WORDS_OF_THE_FORM | st.lists(LINE | WORDS_OF_THE_FORM, min_size=1, max_size=4).map("\n".join)
LABEL_KEYS = {label_key(f.label) for s in LAYOUT.sections for f in s.fields + s.boxes + s.questions}


def split_runs(text: str) -> str:
    return "".join(run(part) for part in re.split(r"(?<= )|(?<=[aeiou])", text) if part)


def inserted(text: str) -> str:
    return (
        '<w:del w:id="1" w:author="P"><w:r><w:delText>old</w:delText></w:r></w:del>'
        f'<w:ins w:id="2" w:author="P">{run(text)}</w:ins>'
    )


INLINE: dict[str, Callable[[str], str]] = {
    "plain": run,
    "many runs": split_runs,
    "control": lambda text: control(run(text)),
    "nested control": lambda text: control(control(split_runs(text), "<w:alias/>")),
    "legacy field": lambda text: legacy_text(split_runs(text)),
    "hyperlink": lambda text: f"<w:hyperlink>{run(text)}</w:hyperlink>",
    "inserted": inserted,
    "one struck out": lambda text: run("Other / ", "<w:strike/>") + run(text),
    "hidden before": lambda text: run("hidden", "<w:vanish/>") + run(text),
}
STYLES = [*INLINE, "text box", "control round the cell", "line breaks"]
TICKED: dict[str, str] = {
    "control": tick_control(True),
    "typed over the control": tick_control(False, "X"),
    "legacy": legacy_tick('<w:default w:val="0"/><w:checked/>'),
    "legacy by default": legacy_tick("<w:default/>"),
    **{f"glyph {mark}": run(mark) for mark in ("☒", "☑", "✓", "✔", "√", "x", "X", "Yes", "y", "☐x", "☐ ✓", "x ☐")},
    "symbol": '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
}
UNTICKED: dict[str, str] = {
    "control": tick_control(False),
    "legacy": legacy_tick('<w:default w:val="1"/><w:checked w:val="0"/>'),
    "emptied": "",
    **{f"glyph {mark}": run(mark) for mark in ("☐", "□", "-", "No", "n")},
}
YES_NO: dict[bool | None, tuple[str, ...]] = {
    True: ("Yes ☒  No ☐", "Yes ☐x  No ☐", "Yes", "yes ✓  no", "☒ Yes  ☐ No", "Yes X  No ☐", "Y"),
    False: ("Yes ☐  No ☒", "Yes ☐  No ☐ x", "No", "Yes  No ✔", "☐ Yes  ☑ No", "NO", "n"),
    None: ("Yes ☐  No ☐", "Yes ☒  No ☒", "Yes  No", "Yes ☐ x No ☐", "?"),
}


@given(
    texts=st.lists(LINES.filter(lambda said: label_key(said) not in LABEL_KEYS), min_size=1, max_size=8),
    seed=st.integers(0, 2**32),
    generation=st.sampled_from(["controls", "glyph", "legacy"]),
)
def test_reads_back_what_was_put_into_a_blank_form_in_whatever_style(
    texts: list[str], seed: int, generation: str
) -> None:
    chance = random.Random(seed)
    document = ReferralDocument(BLANK)
    if generation != "controls":
        document.as_generation(generation)
    want = example("blank")
    for section in LAYOUT.sections:
        for field in section.fields + section.boxes:
            if chance.random() < 0.7:
                text = chance.choice(texts)
                put(document.answer(field.label, section.title), text, chance.choice(STYLES))
                want["fields"][f"{section.title}/{field.label}"] = text
        for label in section.ticks:
            ticked = chance.random() < 0.5
            mark = chance.choice(list((TICKED if ticked else UNTICKED).values()))
            fill(document.tick_cell(label, section.title), paragraphs(mark))
            want["ticked"] += [label] if ticked else []
        for question in section.questions:
            value = chance.choice([True, False, None])
            said = f"{question.label}   {chance.choice(YES_NO[value])}"
            replace(document.question(question.label), paragraphs(run(said)))
            want["questions"][f"{section.title}/{question.label}"] = value
        if section.columns:
            lines = ["", *(text.split("\n")[0] for text in texts)]
            rows = [[chance.choice(lines) for _ in section.columns] for _ in range(chance.randrange(8))]
            put_rows(document.table(section.title), rows)
            want["tables"][section.title] = [row for row in rows if any(row)]
    got = plain(read(document.save()))
    for part in ("fields", "ticked", "questions", "tables"):
        assert got[part] == want[part]


def put_rows(table: etree._Element, rows: list[list[str]]) -> None:
    while len(table.findall(w("tr"))) <= len(rows):
        copied(table.findall(w("tr"))[-1])
    for row, texts in zip(table.findall(w("tr"))[1:], rows, strict=False):
        for cell, text in zip(cells(row), texts, strict=True):
            fill(cell, paragraphs(run(text) if text else ""))


def put(cell: etree._Element, text: str, style: str) -> None:
    if style == "text box":
        fill(cell, paragraphs(text_box(*(run(line) for line in text.split("\n")))))
    elif style == "line breaks":
        fill(cell, paragraphs(run(text)))
    elif style == "control round the cell":
        fill(cell, paragraphs(*map(run, text.split("\n"))))
        wrap(cell, "<w:text/>")
    else:
        fill(cell, paragraphs(*map(INLINE[style], text.split("\n"))))
