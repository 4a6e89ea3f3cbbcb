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

from pipeline.errors import UnreadableFile
from pipeline.intake.layouts import load_layouts
from pipeline.intake.readers import read_forms
from pipeline.intake.word.labels import labels_of
from pipeline.intake.word.passage import label_key
from pipeline.intake.word.word_form import describe_nearest, read_word_form
from pipeline.intake.word.word_rows import Reading
from pipeline.intake.word.word_text import read_word
from pipeline.rules.form import WordForm
from pipeline.rules.layout import Layouts
from tests.referral_forms import (
    BLANK,
    FORMS,
    NAMES,
    PROMPT,
    ReferralDocument,
    cells,
    control,
    copied,
    fill,
    legacy_text,
    legacy_tick,
    packed,
    paragraphs,
    replace,
    run,
    text_box,
    tick_control,
    w,
    wrap,
    xml,
)

LAYOUTS = load_layouts(Path(__file__).parents[2] / "templates" / "forms").word_forms
LAYOUT = next(layout for layout in LAYOUTS if layout.kind == "referral")
GOLDEN = sorted((FORMS / "referrals").glob("*.docx"))
EXPECTED = json.loads((FORMS / "examples" / "expected.json").read_text("utf-8"))


def read(data: bytes | Path) -> WordForm:
    form = read_word_form(data.read_bytes() if isinstance(data, Path) else data, LAYOUTS)
    assert form is not None
    return form


def example(name: str) -> dict[str, Any]:
    """What expected.json says of an example, keyed and filled up as read_word_form gives it."""
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


def plain(form: WordForm) -> dict[str, Any]:
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


def codes(form: WordForm) -> list[tuple[str, str]]:
    return [(note.code, note.where) for note in form.notes]


def test_a_label_that_stands_twice_keeps_both_answers_and_says_so() -> None:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    copied(document.label("Surname").getparent())
    fill(document.answer("Surname"), paragraphs(run("Other")))
    form = read(document.save())
    assert form.fields["B. Young person/Surname"].text == "Other\nTestcase"
    assert ("answered-twice", 'section B, "Surname"') in codes(form)
    assert ("answered-twice", 'section B, "Forename(s)"') not in codes(form)  # the same answer twice is one answer


def test_a_form_inside_one_block_control_is_read() -> None:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    for el in list(document.body)[:-1]:
        wrap(el, "<w:group/>")
    first = document.body[0]
    document.body.insert(0, document.body.makeelement(w("customXml"), {}))
    document.body[0].append(first)
    assert plain(read(document.save())) == example("referral-glyph")


def test_a_placeholder_between_the_tables_says_nothing() -> None:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    document.heading("K. Safety").addprevious(xml(control(paragraphs(run("Prompt")), "<w:showingPlcHdr/>"))[0])
    form = read(document.save())
    assert codes(form) == [("prompt", "section J")] and form.remarks == ()


def test_a_heading_in_a_row_of_a_table_begins_its_section() -> None:
    """As when the paragraph between two tables was deleted, and Word made one of them."""
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    heading = document.heading("C. Case responsibility")
    first, second = heading.getprevious(), heading.getnext()
    row = xml("<w:tr><w:tc/></w:tr>")[0]
    row[0].append(heading)
    first.extend([row, *second.findall(w("tr"))])
    document.body.remove(second)
    assert plain(read(document.save())) == example("referral-glyph")


def test_rows_with_merged_shifted_and_deleted_cells_keep_to_their_columns() -> None:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    rows = document.table("D. Family and significant carers").findall(w("tr"))
    merged = "".join(f"<w:tc>{{}}{paragraphs(run(text))}</w:tc>" for text in ("Lee", "Brother", "Y"))
    for row, properties in zip(rows[2:4], ("", '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'), strict=True):
        for el in list(row):
            row.remove(el)
        wide = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
        row.extend(xml(properties + merged.format("", wide, "")))
    gone = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>".format
    rows[4].append(xml(gone("<w:cellDel/>", paragraphs(run("deleted"))))[0])
    rows[4].append(xml(gone("<w:hMerge/>", paragraphs("")))[0])
    form = read(document.save())
    assert [list(row.values())[:4] for row in form.tables["D. Family and significant carers"]] == [
        ["Dana Testcase", "Mother", "01/05/1985", "Y"],
        ["Lee", "Brother", "", "Y"],
        ["", "Lee", "Brother", ""],
    ]
    assert codes(form) == [("tracked-changes", "the whole form")]


def test_a_column_that_somebody_added_is_a_remark() -> None:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    for row, text in zip(
        document.table("D. Family and significant carers").findall(w("tr")), ("Age", "41"), strict=False
    ):
        row.append(xml(f"<w:tc>{paragraphs(run(text))}</w:tc>")[0])
    form = read(document.save())
    assert form.tables == read(FORMS / "examples" / "referral-glyph.docx").tables
    assert [remark.text for remark in form.remarks] == ["41"]


def test_a_column_whose_heading_was_made_longer_keeps_its_place() -> None:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    heading = next(cell for cell in document.body.iter(w("tc")) if "".join(cell.itertext()) == "Contact")
    fill(heading, paragraphs(run("Contact details")))
    assert plain(read(document.save())) == example("referral-glyph")


def test_a_table_below_that_is_no_torn_half_is_not_read_as_one() -> None:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    table = f"<w:tbl><w:tr><w:tc>{paragraphs(run('More'))}</w:tc><w:tc>{paragraphs(run('words'))}</w:tc></w:tr></w:tbl>"
    document.heading("E. Criteria met (tick all that apply)").addprevious(xml(table)[0])
    form = read(document.save())
    assert form.tables == read(FORMS / "examples" / "referral-glyph.docx").tables
    assert [(remark.where, remark.text) for remark in form.remarks] == [("section D", "More words")]


def test_two_ticks_in_a_row_keep_their_own_boxes() -> None:
    document = ReferralDocument()
    first, second = (document.label(text, J).getparent() for text in TWO)
    fill(document.tick_cell(TWO[1], J), paragraphs(run("x")))
    first.extend(list(second))
    assert [tick.label for tick in read(document.save()).ticked] == [TWO[1]]


J = "I. What is getting in the way of engagement?"
TWO = ("Transport or cost", "Too many agencies involved")


def test_a_label_above_the_form_is_not_the_one_in_its_section() -> None:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    row = "".join(f"<w:tc>{paragraphs(run(text))}</w:tc>" for text in ("Name", "Duty Desk", "Date", "1 May 2026"))
    document.heading("A. Referral details").addprevious(xml(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>")[0])
    form = read(document.save())
    assert plain(form) | {"remarks": [], "notes": []} == example("referral-glyph")
    assert [remark.text for remark in form.remarks] == ["Name Duty Desk Date 1 May 2026"]
    assert codes(form) == [("outside", "above the first section")]


@pytest.mark.parametrize("letter", "BCDEFGHIJKL")
def test_two_tables_that_became_one_without_the_heading_between_are_told_apart(letter: str) -> None:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    heading = document.heading(next(s.title for s in LAYOUT.sections if s.title.startswith(f"{letter}. ")))
    second = heading.getnext()
    while (first := heading.getprevious()).tag != w("tbl"):
        document.body.remove(first)
    first.extend(second.findall(w("tr")))
    document.body.remove(heading)
    document.body.remove(second)
    assert plain(read(document.save())) == example("referral-glyph")


def test_a_form_in_a_frame_is_read() -> None:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    frame = xml("<w:tbl><w:tr><w:tc/></w:tr></w:tbl>")[0]
    frame[0][0].extend(list(document.body)[:-1])
    document.body.insert(0, frame)
    assert plain(read(document.save())) == example("referral-glyph")


@pytest.mark.parametrize("simple", [True, False])
def test_a_date_that_word_keeps_changing_is_said_to_be_one(simple: bool) -> None:
    shown = run("03/11/2026")
    kind = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    inside = (
        f'<w:fldSimple w:instr=" DATE ">{shown}</w:fldSimple>'
        if simple
        else f"{kind('begin')}<w:r><w:instrText> DATE </w:instrText></w:r>{kind('separate')}{shown}{kind('end')}"
    )
    document = ReferralDocument()
    fill(document.answer("Date of referral"), f"<w:p>{inside}</w:p>")
    form = read(document.save())
    assert form.fields["A. Referral details/Date of referral"].text == "03/11/2026"
    assert codes(form) == [("clock", 'section A, "Date of referral"')]


def test_an_alternative_struck_out_in_the_label_is_no_answer() -> None:
    document = ReferralDocument()
    kind = "Type of referral (New / Re-referral / Review)"
    fill(
        document.label(kind), paragraphs(run("Type of referral (New") + run(" / Re-referral / Review)", "<w:strike/>"))
    )
    form = read(document.save())
    assert form.fields[f"A. Referral details/{kind}"].text == ""
    assert codes(form) == [("struck-label", f'section A, "{kind}"')]


def test_words_in_the_cell_of_a_label_that_is_answered_are_a_remark() -> None:
    document = ReferralDocument()
    document.write("GP", "Dr Example")
    fill(document.label("GP"), paragraphs(run("GP: moved in May")))
    form = read(document.save())
    assert form.fields["B. Young person/GP"].text == "Dr Example"
    assert [remark.text for remark in form.remarks] == ["moved in May"]


def test_an_answer_below_a_question_is_read() -> None:
    document = ReferralDocument()
    label = "Is the young person aware of this referral?"
    row = document.question(label).getparent().getparent()
    copied(row)
    replace(document.question(label), paragraphs(run(label)))
    replace(row.getnext().find(f".//{w('p')}"), paragraphs(run("Yes ☐  No ☒")))
    assert read(document.save()).questions[f"J. Views/{label}"].value is False


MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
FORMULA = f'<m:oMath xmlns:m="{MATH}"><m:r><m:t>x=2</m:t></m:r></m:oMath>'
LINE_LOST = f"<w:r><w:br/></w:r>{control(run('no seam'), '<w:text/>')}"
STRUCK = run("out ", "<w:strike/>")


def alternate(inside: str) -> str:
    return f"<w:r><mc:AlternateContent><mc:Choice>{inside}</mc:Choice></mc:AlternateContent></w:r>"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<w:r><w:t>\uf0fc done</w:t></w:r>", "✓ done"),
        ('<w:r><w:sym w:font="Wingdings" w:char="nonsense"/></w:r>', ""),
        ('<w:r><w:sym w:font="Arial" w:char="0041"/></w:r>', "A"),
        (FORMULA, "x=2"),
        (LINE_LOST, "no seam"),
        (control(run("soon"), '<w:date w:fullDate="nonsense"/>'), "soon"),
        (STRUCK + alternate(run("in")), "in"),
        (alternate(STRUCK + run("in")), "in"),
        (f"<w:smartTag>{run('tagged')}</w:smartTag>", "tagged"),
        (f"<w:ruby><w:rt>{run('above')}</w:rt><w:rubyBase>{run('base')}</w:rubyBase></w:ruby>", "base"),
    ],
)
def test_reads_rare_things_inside_an_answer(inside: str, text: str) -> None:
    document = ReferralDocument()
    fill(document.answer("GP"), paragraphs(inside))
    form = read(document.save())
    assert form.fields["B. Young person/GP"].text == text
    assert form.fields["B. Young person/GP"].date is None


def test_a_remark_on_a_prompt_is_kept() -> None:
    document = ReferralDocument()
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    document.add_part(
        "footnotes",
        "footnotes",
        f'<w:footnotes {NAMES}><w:footnote w:id="2">{paragraphs(run("Why."))}</w:footnote></w:footnotes>',
    )
    fill(document.answer("GP"), paragraphs(control(run(PROMPT) + note, "<w:showingPlcHdr/>")))
    form = read(document.save())
    assert [(remark.where, remark.text) for remark in form.remarks] == [('section B, "GP"', "Why.")]


def test_a_file_without_relationships_is_read() -> None:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    parts = {name: content for name, content in document.parts.items() if not name.endswith(".rels")}
    assert plain(read(packed(parts))) == example("referral-glyph")


def test_containers_that_nobody_expects_between_rows_and_cells_are_looked_into() -> None:
    document = ReferralDocument(FORMS / "examples" / "referral-glyph.docx")
    for tag, outer in (("tr", "customXml"), ("tc", "smartTag")):
        el = document.table("B. Young person").find(f".//{w(tag)}")
        parent = el.getparent()
        container = parent.makeelement(w(outer), {})
        parent.replace(el, container)
        container.append(el)
    table = document.table("C. Case responsibility")
    for content in ("", "<mc:Choice/>"):
        (alternate_block,) = xml(f"<mc:AlternateContent>{content}</mc:AlternateContent>")
        table.addprevious(alternate_block)
    alternate_block[0].append(table)
    assert plain(read(document.save())) == example("referral-glyph")


@given(seed=st.integers(0, 2**32))
def test_a_form_with_its_xml_shaken_is_read_or_given_back_never_a_crash(seed: int) -> None:
    chance = random.Random(seed)
    name = chance.choice(["tracked-changes", "dates-and-drop-downs", "text-boxes", "libreoffice-legacy", "remarks"])
    document = ReferralDocument(FORMS / "referrals" / f"{name}.docx")
    for _ in range(chance.randrange(1, 30)):
        everything = list(document.body.iter())
        el, other = chance.choice(everything[1:]), chance.choice(everything[1:])
        change = chance.randrange(4)
        if change == 0:
            el.getparent().remove(el)
        elif change == 1:
            for attribute in el.attrib:
                el.set(attribute, chance.choice(["", "-1", "²", "begin", "99999999999"]))
        elif change == 2:
            el.tag = other.tag
        elif other not in el.iterancestors() and el not in other.iterancestors() and el is not other:
            other.append(el)
    read_word_form(document.save(), LAYOUTS)


def test_the_deepest_nesting_that_the_parser_lets_through_is_read() -> None:
    document = ReferralDocument()
    inside = run("deep")
    for _ in range(30):
        inside = (
            f"<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc>{paragraphs(inside)}</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>"
        )
        inside = control(inside)
    fill(document.answer("GP"), inside)
    assert read(document.save()).fields["B. Young person/GP"].text == "deep"


def test_words_that_only_begin_like_a_label_are_not_it() -> None:
    document = ReferralDocument()
    fill(
        document.label("Risk of significant harm to self"),
        paragraphs(run("Risk of significant harm to selfless others")),
    )
    fill(document.tick_cell("Risk of significant harm to selfless others"), paragraphs(run("☒")))
    form = read(document.save())
    assert form.ticked == ()
    assert [(r.where, r.text) for r in form.remarks] == [("section E", "☒ Risk of significant harm to selfless others")]
    assert codes(form) == [("outside", "section E"), ("missing-label", "section E")]


def test_a_row_that_says_one_heading_over_and_over_is_an_answer() -> None:
    document = ReferralDocument()
    row = list(document.table("D. Family and significant carers").iterchildren(w("tr")))[1]
    for cell in cells(row):
        fill(cell, paragraphs(run("Agency")))
    said = read(document.save()).tables
    assert [list(r.values()) for r in said["D. Family and significant carers"]] == [["Agency"] * 6]
    assert said["G. Agencies involved"] == ()


def test_a_document_that_is_no_form_is_told_which_layout_came_nearest_and_what_was_missing() -> None:
    document = ReferralDocument()
    start = document.heading("E. Criteria met (tick all that apply)")
    for el in [start, *start.itersiblings()]:
        if el.tag != w("sectPr"):
            document.body.remove(el)
    content = document.save()
    assert read_word_form(content, LAYOUTS) is None
    said = describe_nearest(content, LAYOUTS)
    assert said.startswith(
        f"It comes nearest to “{LAYOUT.title}” ({LAYOUT.version}); these labels of it were not found: "
    )
    assert said.count("“") == 1 + 8 and re.search(r"” and \d+ more\.$", said)
    with pytest.raises(UnreadableFile, match="It comes nearest to"):
        read_forms(content, "form.docx", Layouts(word_forms=LAYOUTS))


def test_a_document_that_is_near_no_layout_is_compared_with_none() -> None:
    document = ReferralDocument()
    for el in list(document.body)[4:-1]:
        document.body.remove(el)
    assert describe_nearest(document.save(), LAYOUTS) == ""


def test_no_form_has_more_labels_of_a_layout_than_were_held_possible_before_it_was_read() -> None:
    for path in (*GOLDEN, *(FORMS / "examples").glob("*.docx"), *(FORMS / "ours").glob("*.docx")):
        word = read_word(path.read_bytes())
        for layout in LAYOUTS:
            labels = labels_of(layout)
            reading = Reading(labels)
            reading.read(word)
            assert len(reading.findings.labels) <= labels.most_in(word.keys), (path.name, layout.name)


def test_where_a_few_labels_are_missing_all_of_them_are_named() -> None:
    document = ReferralDocument()
    fill(document.label("Surname"), paragraphs(run("Name")))
    assert describe_nearest(document.save(), LAYOUTS).endswith("were not found: “Surname”.")
