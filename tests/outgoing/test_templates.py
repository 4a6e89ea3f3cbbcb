"""Our renderer against docxtpl, tag by tag; and what no value and no template may do."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docxtpl import DocxTemplate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined
from lxml import etree

from pipeline.errors import TemplateError
from pipeline.outgoing.templates import Template, Templates
from tests.offices import TEMPLATES
from tests.templates.controls import date_picker, drop_down, tick_box
from tests.templates.pictures import picture, placeholder

AWKWARD = "Smith & <Sons> {{ x }} {% y %} ☒ 😀"
CONTEXT = {
    "name": AWKWARD,
    "blank": "",
    "lines": "first\nsecond\tafter a tab\n\nfourth",
    "urgent": True,
    "score": 51,
    "risks": [
        {"what": "missing < 24 h", "who": "Police & YOS", "done": False},
        {"what": AWKWARD, "who": "one\ntwo", "done": True},
    ],
    "nobody": [],
    "case": SimpleNamespace(ref="CF104233", worker=SimpleNamespace(name="O'Neill “Pat”")),
    "colour": "FFCC00",
}
FILLED = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
# The smallest file that python-docx takes for a JPEG picture: start, JFIF, a frame of one dot, end.
JPEG = bytes.fromhex("ffd8ffe000104a46494600010101004800480000ffc0000b080001000101011100ffd9")
CHART = placeholder("another picture")


def saved(word: WordDocument) -> bytes:
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def template(tmp_path: Path, *paragraphs: str) -> Path:
    """A template of a few paragraphs."""
    word = Document()
    for text in paragraphs:
        word.add_paragraph(text)
    path = tmp_path / "Letter.docx"
    path.write_bytes(saved(word))
    return path


def by_docxtpl(path: Path, context: Mapping[str, object], pictures: Mapping[str, bytes] | None = None) -> bytes:
    reference = DocxTemplate(path)
    for name, png in (pictures or {}).items():
        reference.replace_pic(name, io.BytesIO(png))
    reference.render(dict(context), Environment(undefined=StrictUndefined), autoescape=True)
    out = io.BytesIO()
    reference.save(out)
    return out.getvalue()


def canonical(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        assert archive.testzip() is None
        return {
            name: etree.tostring(etree.fromstring(archive.read(name)), method="c14n2")
            for name in archive.namelist()
            if FILLED.fullmatch(name)
        }


def text_of(docx: bytes) -> list[str]:
    return [p.text for p in Document(io.BytesIO(docx)).paragraphs]


def rows(word: WordDocument) -> None:
    table = word.add_table(rows=4, cols=3)
    table.rows[0].cells[0].text = "Risk"
    table.rows[1].cells[0].text = "{%tr for risk in risks %}"
    for cell, tag in zip(table.rows[2].cells, ("{{ loop.index }}", "{{ risk.what }}", "{{ risk.who }}"), strict=True):
        cell.text = tag
    table.rows[3].cells[0].text = "{%tr endfor %}"


def paragraphs(word: WordDocument) -> None:
    for text in ("{%p for risk in risks %}", "{{ risk.what }} for {{ risk.who }}", "{%p endfor %}"):
        word.add_paragraph(text, style="List Bullet")
    for text in ("{%p for risk in nobody %}", "{{ risk.what }}", "{%p else %}", "Nothing yet", "{%p endfor %}"):
        word.add_paragraph(text)


def conditions(word: WordDocument) -> None:
    word.add_paragraph("Band: {% if urgent and score >= 36 %}must{% elif urgent %}may{% else %}none{% endif %}.")
    for text in ("{%p if blank %}", "{{ blank }}", "{%p else %}", "No answer, {{ score }}", "{%p endif %}"):
        word.add_paragraph(text)
    for text in ("starts {% if urgent %}here", "and", "ends{% endif %} there"):
        word.add_paragraph(text)
    for text in ("one {%- if urgent %} two {% endif -%}", " three"):
        word.add_paragraph(text)


def quotes_that_word_curls(word: WordDocument) -> None:
    word.add_paragraph(
        "{% if case.ref == “CF104233” and score < 60 %}{{ ‘known’ }} as “{{ case.worker.name }}”{% endif %}"
    )


def newlines_and_tabs(word: WordDocument) -> None:
    word.add_paragraph("Said:\t{{ lines }}", style="Quote")
    paragraph = word.add_paragraph()
    paragraph.add_run("In bold {{ lines }}").bold = True
    paragraph.add_run(" and {{ case.ref }} not")
    word.add_paragraph("untouched\tby it")


def tag_split_over_runs(word: WordDocument) -> None:
    paragraph = word.add_paragraph("Dear ")
    for run in ("{", "{ na", "me }", "}, {%", " if urgent", " %", "}now{% end", "if %}"):
        paragraph.add_run(run).italic = len(run) % 2 == 0


def header_and_footer(word: WordDocument) -> None:
    section = word.sections[0]
    section.header.paragraphs[0].text = "{{ name }}\tOFFICIAL-SENSITIVE"
    section.footer.paragraphs[0].text = "{% if urgent %}Urgent: {{ lines }}{% endif %}"
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "First page of {{ case.ref }}"
    word.add_paragraph("{{ name }}")


def pictures_in_a_loop(word: WordDocument) -> None:
    word.add_paragraph("{%p for risk in risks %}")
    picture = io.BytesIO(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
            "a5f645400000000049454e44ae426082"
        )
    )
    word.add_picture(picture, width=Mm(5))
    word.add_paragraph("{%p endfor %}")


def shaded_and_merged_cells(word: WordDocument) -> None:
    table = word.add_table(rows=3, cols=2)
    table.rows[0].cells[0].text = "{%tr for risk in risks %}"
    table.rows[1].cells[0].text = "{% cellbg colour %}{{ risk.what }}"
    table.rows[1].cells[1].text = "{% vm %}{{ risk.who }}"
    table.rows[2].cells[0].text = "{%tr endfor %}"


def content_controls_in_loops(word: WordDocument) -> None:
    table = word.add_table(rows=3, cols=3)
    table.rows[0].cells[0].text = "{%tr for risk in risks %}"
    around, before, alone = (cell.paragraphs[0] for cell in table.rows[1].cells)
    around._p.append(drop_down("{{ risk.who }}", ["Yes", "No"], shown="{{ risk.what }}"))
    before.add_run("{{ risk.what }} ")
    before._p.append(tick_box("done"))
    before.add_run(" {% if risk.done %}done{% endif %}")
    alone._p.append(date_picker("Day"))
    table.rows[2].cells[0].text = "{%tr endfor %}"
    word.add_paragraph("{%p for risk in risks %}")
    word.add_paragraph("When: ")._p.append(date_picker("Day", shown="{{ risk.who }}"))
    word.add_paragraph("{%p endfor %}")


def content_control_around_a_row(word: WordDocument) -> None:
    rows(word)
    row = word.tables[0].rows[2]._tr
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
    row.addprevious(control)
    control[1].append(row)


def comments_and_literal_braces(word: WordDocument) -> None:
    word.add_paragraph("{#p for administrators only #}")
    word.add_paragraph(
        "a {# note #}{_{ not a tag }_} {_% nor this %_} { } {{ score + 1 }}{% set n = score - 1 %} {{ n }}"
    )
    word.add_paragraph("{{- name -}} {{ 'a < b & c' }} {{ risks|map(attribute='who')|join(', ')|upper }} {{ name|e }}")


@pytest.mark.parametrize(
    "build",
    [
        rows,
        paragraphs,
        conditions,
        quotes_that_word_curls,
        newlines_and_tabs,
        tag_split_over_runs,
        header_and_footer,
        pictures_in_a_loop,
        shaded_and_merged_cells,
        content_controls_in_loops,
        content_control_around_a_row,
        comments_and_literal_braces,
    ],
)
def test_the_xml_is_docxtpls_to_the_letter(tmp_path: Path, build: Callable[[WordDocument], None]) -> None:
    word = Document()
    build(word)
    path = tmp_path / "Template.docx"
    path.write_bytes(saved(word))

    ours = Template(path).render(CONTEXT)

    assert canonical(ours) == canonical(by_docxtpl(path, CONTEXT))
    Document(io.BytesIO(ours))


def test_the_comparison_sees_a_difference(tmp_path: Path) -> None:
    path = template(tmp_path, "{{ name }}")

    assert canonical(Template(path).render(CONTEXT)) != canonical(by_docxtpl(path, CONTEXT | {"name": AWKWARD + " "}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=st.text(st.characters(codec=None), max_size=60))
def test_any_value_comes_out_to_the_letter(value: str, compiled: Template) -> None:
    kept = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", value)

    said = text_of(compiled.render({"value": value}))

    assert said == [f"<{kept}>".replace("\r\n", "\n").replace("\r", "\n")]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template(template(tmp_path_factory.mktemp("templates"), "<{{ value }}>"))


@pytest.mark.parametrize(
    "value",
    [AWKWARD, "\u202eright to left", "x" * 10_000, "\n".join(["paragraph"] * 10), "{{ 7 * 7 }}", "{_{ x }_}", "&amp;"],
)
def test_a_value_is_never_evaluated_or_shortened(compiled: Template, value: str) -> None:
    assert text_of(compiled.render({"value": value})) == [f"<{value}>"]


class Anything:
    """A value that has every name asked of it and is a list of itself, so many times; none: it is false too."""

    def __init__(self, text: str, times: int) -> None:
        self.text, self.times = text, times

    def __str__(self) -> str:
        return self.text

    def __getattr__(self, name: str) -> Anything:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self) -> Iterator[Anything]:
        return iter([self] * self.times)

    def __len__(self) -> int:
        return self.times


def every_word(docx: bytes) -> list[str]:
    """Each paragraph of text, headers and footers, as Word shows it."""
    said = {qn("w:tab"): "\t", qn("w:br"): "\n"}
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        parts = [etree.fromstring(archive.read(name)) for name in sorted(archive.namelist()) if FILLED.fullmatch(name)]
    return [
        "".join(said.get(x.tag, x.text or "") for x in p.iter(qn("w:t"), *said) if x.getparent().tag == qn("w:r"))
        for part in parts
        for p in part.iter(qn("w:p"))
    ]


@pytest.mark.parametrize("times", [0, 1, 2])
@pytest.mark.parametrize("name", sorted(path.stem for path in TEMPLATES.glob("*.docx")))
def test_every_template_is_filled_as_docxtpl_does_and_awkward_values_come_out_to_the_letter(
    name: str, times: int
) -> None:
    path = TEMPLATES / f"{name}.docx"
    names = DocxTemplate(path).get_undeclared_template_variables()
    template = Template(path)

    def filled(text: str) -> list[str]:
        return every_word(template.render(dict.fromkeys(names, Anything(text, times))))

    plain, lines = filled("VALUE"), dict.fromkeys(names, Anything(f"{AWKWARD}\n\tand a line", times))

    assert "VALUE" in "".join(plain)
    assert canonical(template.render(lines)) == canonical(by_docxtpl(path, lines))
    for value in (
        "Smith & <Sons> {{ x }} ☒ 😀 \u202e",
        "x" * 10_000,
        "\n".join(f"paragraph {n}" for n in range(10)),
        "\u0634\u0627\u0631\u0639 \u05e9\u05dc\u05d5\u05dd",
        " {% if %}\ttab  two spaces ",
    ):
        assert filled(value) == [paragraph.replace("VALUE", value) for paragraph in plain]


def test_a_line_break_is_one_however_it_was_typed(compiled: Template) -> None:
    assert text_of(compiled.render({"value": "a\r\nb\rc\nd"})) == ["<a\nb\nc\nd>"]


def test_a_key_may_have_the_name_of_a_method(tmp_path: Path) -> None:
    word = Template(template(tmp_path, "{{ list.items }}"))

    assert text_of(word.render({"list": {"items": "three"}})) == ["three"]


def test_control_characters_are_removed(compiled: Template) -> None:
    value = "".join(map(chr, range(32))) + "a\ud800b\udfffc\ufffed\uffffe\x7f"

    assert text_of(compiled.render({"value": value})) == ["<\t\n\nabcde\x7f>"]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    path = template(tmp_path, "{{ lines }}")

    docx = Template(path).render(CONTEXT)

    assert docx == Template(path).render(CONTEXT)
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_parts_without_tags_stay_as_they_are(tmp_path: Path) -> None:
    path = template(tmp_path, "{{ name }}")

    with zipfile.ZipFile(path) as before, zipfile.ZipFile(io.BytesIO(Template(path).render(CONTEXT))) as after:
        assert after.namelist() == before.namelist()
        assert {n for n in before.namelist() if before.read(n) != after.read(n)} == {"word/document.xml"}


def test_the_title_of_the_document_is_filled(tmp_path: Path) -> None:
    word = Document()
    word.core_properties.title = "Plan for {{ name }}"
    path = tmp_path / "Plan.docx"
    path.write_bytes(saved(word))

    assert Document(io.BytesIO(Template(path).render(CONTEXT))).core_properties.title == f"Plan for {AWKWARD}"


def with_pictures(tmp_path: Path, *names: str) -> Path:
    """A template with a picture of each name in the text, and one called “logo” in its header."""
    word = Document()
    for name in names:
        picture(word, name, "{{ name }}", 4, 2)
    run = word.sections[0].header.paragraphs[0].add_run()
    run.add_picture(io.BytesIO(placeholder("logo")), Mm(20))
    for said in run._r.iter("{*}docPr", "{*}cNvPr"):
        said.set("name", "logo")
    path = tmp_path / "Report.docx"
    path.write_bytes(saved(word))
    return path


def media(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.startswith("word/media/")}


def changed(path: Path, docx: bytes) -> set[str]:
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(io.BytesIO(docx)) as after:
        assert after.namelist() == before.namelist()
        return {n for n in before.namelist() if before.read(n) != after.read(n)}


@pytest.mark.parametrize("names", [("course",), ("course", "logo"), ("strip", "course")])
def test_pictures_are_replaced_as_docxtpl_does(tmp_path: Path, names: tuple[str, ...]) -> None:
    path = with_pictures(tmp_path, "course", "strip")
    pictures = {name: placeholder(f"new {name}") for name in names}

    ours = Template(path).render(CONTEXT, pictures)
    theirs = by_docxtpl(path, CONTEXT, pictures)

    assert canonical(ours) == canonical(theirs)
    assert sorted(media(ours).values()) == sorted(media(theirs).values())
    assert changed(path, ours) == changed(path, Template(path).render(CONTEXT)) | {
        f"word/media/image{1 + ('course', 'strip', 'logo').index(name)}.png" for name in names
    }


def test_a_picture_that_is_not_given_stays_and_one_that_was_taken_away_is_no_fault(tmp_path: Path) -> None:
    path = with_pictures(tmp_path, "course")

    assert media(Templates(tmp_path).render("Report", CONTEXT, {"strip": CHART})) == media(path.read_bytes())


def test_a_picture_is_found_by_the_name_that_word_shows_and_by_its_title(tmp_path: Path) -> None:
    for place, key in (("docPr", "name"), ("docPr", "title"), ("cNvPr", "title")):
        word = Document()
        paragraph = picture(word, "course", "", 4, 2)
        for said in paragraph._p.iter("{*}docPr", "{*}cNvPr"):
            said.set("name", "Picture 3")
        next(paragraph._p.iter(f"{{*}}{place}")).set(key, "course")
        path = tmp_path / "Report.docx"
        path.write_bytes(saved(word))

        assert list(media(Template(path).render({}, {"course": CHART})).values()) == [CHART]


def test_a_picture_shown_twice_changes_in_both_places(tmp_path: Path) -> None:
    word = Document()
    picture(word, "course", "", 4, 2)
    picture(word.sections[0].footer, "course", "", 2, 1)
    path = tmp_path / "Report.docx"
    path.write_bytes(saved(word))
    assert len(media(path.read_bytes())) == 1

    assert list(media(Template(path).render({}, {"course": CHART})).values()) == [CHART]


def test_two_pictures_that_are_one_file_are_refused(tmp_path: Path) -> None:
    word = Document()
    for name in ("course", "strip"):
        paragraph = picture(word, "the same", "", 4, 2)
        for said in paragraph._p.iter("{*}docPr", "{*}cNvPr"):
            said.set("name", name)
    path = tmp_path / "Report.docx"
    path.write_bytes(saved(word))
    template = Template(path)

    assert list(media(template.render({}, {"course": CHART})).values()) == [CHART]
    with pytest.raises(TemplateError, match=r"Report\.docx: the picture “strip” is the same file as another"):
        template.render({}, {"course": CHART, "strip": placeholder("other")})


def test_a_picture_of_another_kind_is_refused_by_name(tmp_path: Path) -> None:
    word = Document()
    drawn = word.add_picture(io.BytesIO(JPEG), Mm(20))
    drawn._inline.docPr.set("name", "course")
    path = tmp_path / "Report.docx"
    path.write_bytes(saved(word))

    with pytest.raises(
        TemplateError, match=r"Report\.docx: the picture “course” is not a PNG file inside the template"
    ):
        Template(path).render({}, {"course": CHART})


def test_a_picture_that_lies_elsewhere_is_refused_by_name(tmp_path: Path) -> None:
    word = Document()
    blip = next(picture(word, "course", "", 4, 2)._p.iter("{*}blip"))
    blip.set(blip.keys()[0].replace("}embed", "}link"), blip.attrib.pop(blip.keys()[0]))
    path = tmp_path / "Report.docx"
    path.write_bytes(saved(word))

    with pytest.raises(TemplateError, match="the picture “course” is not a PNG file inside"):
        Template(path).render({}, {"course": CHART})


@pytest.mark.parametrize(
    "value", [AWKWARD, "\"quoted\" & 'so'", "<w:t>", "x" * 10_000, "\u202eright to left", "one\ntwo\tthree"]
)
def test_the_words_for_a_picture_come_out_to_the_letter(tmp_path: Path, value: str) -> None:
    word = Document()
    picture(word, "course", "Said: {{ value }}", 4, 2)
    path = tmp_path / "Report.docx"
    path.write_bytes(saved(word))

    paragraph = Document(io.BytesIO(Template(path).render({"value": value}))).paragraphs[0]

    said = [properties.get("descr") for properties in paragraph._p.iter("{*}docPr", "{*}cNvPr")]
    assert said == [f"Said: {value}".replace("\n", " ").replace("\t", " ")] * 2  # XML has no line breaks in attributes
    assert len(list(paragraph._p.iter("{*}r"))) == 1


@pytest.mark.parametrize(
    ("tag", "named"),
    [
        ("{{ nmae }}", '"nmae": there is no name "nmae" here; did you mean "name"?'),
        ("{{ case.reff }}", '"case.reff": there is no name "reff" here.'),
        (
            "{% for risk in risk %}{% endfor %}",
            '"for risk in risk": there is no name "risk" here; did you mean "risks"?',
        ),
        ("{% if urgnt %}{% endif %}", '"if urgnt": there is no name "urgnt" here; did you mean "urgent"?'),
        ("{{ blank }}{{ unset }}", '"unset": prints NoneType, which is not text'),
        ("{{ none }}", '"none": prints NoneType, which is not text'),
        ("{{ risks }}", '"risks": prints list, which is not text'),
        ("{{ urgent }}", '"urgent": prints bool, which is not text'),
        ("{{ case }}", "not text"),
        ("{{ score + name }}", '"score + name": cannot be worked out (TypeError)'),
        ("{{ risks.append(1) }}", "is unsafe"),
        ("{{ name.__class__ }}", "is unsafe"),
        ("{{ lipsum() }}", 'there is no name "lipsum" here.'),
        ("{{ dic }}", '"dic": there is no name "dic" here.'),  # no name of Jinja's own is proposed
    ],
)
def test_what_cannot_be_printed_is_refused_by_name(tmp_path: Path, tag: str, named: str) -> None:
    word = Template(template(tmp_path, "{{ name }} before", f"some text {tag}", "{{ score }} after"))

    with pytest.raises(TemplateError) as e:
        word.render({**CONTEXT, "unset": None, "case": SimpleNamespace(ref="CF1")})

    assert str(e.value).startswith('Letter.docx, paragraph 2 ("some text"): ')
    assert named in str(e.value)
    assert AWKWARD not in str(e.value)


@pytest.mark.parametrize(
    ("tags", "named"),
    [
        (["{{r name }}"], "{{r name }} is not supported"),
        (["{{p name }}"], "{{p name }} is not supported"),
        (["{%tc for x in risks %}"], "{%tc for x in risks %} is not supported"),
        (["{% colspan 2 %}"], "{% colspan 2 %} is not supported"),
        (["{% hm %}"], "{% hm %} is not supported"),
        (["{% raw %}{% endraw %}"], "{% raw %} is not supported"),
        (["{% macro m() %}x{% endmacro %}"], '"macro m()": macro is not supported'),
        (["{% include 'x' %}"], "\"include 'x'\": include is not supported"),
        (["{% set x %}y{% endset %}"], '"set x": assignblock is not supported'),
        (["{% for x in risks recursive %}y{% endfor %}"], '"for x in risks recursive": for is not supported'),
        (["{% autoescape false %}y{% endautoescape %}"], "is not supported"),
        (["{{ name|safe }}"], '"name|safe": safe is not supported'),
        (["{% if urgent %}{{ name|nosuch }}{% endif %}"], '"name|nosuch": nosuch is not supported'),
        (["fine {{ score }}", "{% fro x in risks %}"], "\"fro x in risks\": Encountered unknown tag 'fro'"),
        (["{{ two words }}"], "\"two words\": expected token 'end of print statement', got 'words'"),
        (["{%p for x in risks %}", "text"], "innermost block that needs to be closed is 'for'"),
        (["{%p if urgent %}", "text {% endif %} text"], '"if urgent": begins and ends in different places'),
        (["{%tr if urgent %}", "{% endif %}"], "Encountered unknown tag 'tr'"),
    ],
)
def test_a_wrong_or_unsupported_tag_is_refused_when_compiling(tmp_path: Path, tags: list[str], named: str) -> None:
    with pytest.raises(TemplateError) as e:
        Template(template(tmp_path, *tags))

    assert re.match(r"Letter\.docx(, paragraph [12]( \(\".*?\"\))?)?: ", str(e.value))
    assert named in str(e.value)


def test_a_loop_that_takes_half_a_row_is_refused(tmp_path: Path) -> None:
    word = Document()
    table = word.add_table(rows=2, cols=1)
    table.rows[0].cells[0].text = "{%tr for risk in risks %}"
    table.rows[1].cells[0].text = "{{ risk.what }}"
    word.add_paragraph("{%p endfor %}")
    path = tmp_path / "Plan.docx"
    path.write_bytes(saved(word))

    with pytest.raises(TemplateError, match='"for risk in risks": begins and ends in different places'):
        Template(path)


def test_a_tag_that_swallows_half_a_table_is_refused(tmp_path: Path) -> None:
    word = Document()
    word.add_paragraph("Risks: {% set n = 1 -%}")
    word.add_table(rows=1, cols=1).rows[0].cells[0].text = "many"
    path = tmp_path / "Plan.docx"
    path.write_bytes(saved(word))

    with pytest.raises(TemplateError, match="a tag takes half a row or paragraph away"):
        Template(path)


def test_a_tag_where_nothing_is_filled_is_refused(tmp_path: Path) -> None:
    word = Document()
    run = word.add_paragraph("{{ name }}").runs[0]
    word.add_comment(run, text="{{ name }} comes from the referral")
    path = tmp_path / "Letter.docx"
    path.write_bytes(saved(word))

    with pytest.raises(TemplateError, match=r"Letter.docx \(comments\): tags are not filled here"):
        Template(path)


def no_word_document(content: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return out.getvalue()


TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "cannot be read"),
        (b"\xd0\xcf\x11\xe0 with a password", "cannot be read"),
        (no_word_document({}), "cannot be read"),
        (no_word_document({"[Content_Types].xml": "<Types"}), "cannot be read"),
        (no_word_document({"[Content_Types].xml": "<Types/>"}), "is not a Word document"),
        (no_word_document({"[Content_Types].xml": TYPES, "word/document.xml": "<w>"}), "Letter.docx: is damaged"),
    ],
)
def test_a_file_that_is_no_template_is_named(tmp_path: Path, content: bytes, named: str) -> None:
    (tmp_path / "Letter.docx").write_bytes(content)

    with pytest.raises(TemplateError, match=named):
        Templates(tmp_path).render("Letter", {})


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"Letter.docx: is missing in .* Run `pipeline init`"):
        Templates(tmp_path).render("Letter", {})


def test_a_template_is_compiled_once_and_again_when_it_was_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[Path] = []
    make = Template.__init__
    monkeypatch.setattr(Template, "__init__", lambda self, path: (compiled.append(path), make(self, path))[1])
    templates = Templates(tmp_path)

    template(tmp_path, "Dear {{ name }}")
    assert text_of(templates.render("Letter", {"name": "Ann"})) == ["Dear Ann"]
    assert text_of(templates.render("Letter", {"name": "Bob"})) == ["Dear Bob"]
    assert len(compiled) == 1

    template(tmp_path, "Hello {{ name }}")
    assert text_of(templates.render("Letter", {"name": "Ann"})) == ["Hello Ann"]
    assert len(compiled) == 2


def test_importing_costs_nothing_until_a_template_is_compiled() -> None:
    code = "import sys, pipeline.outgoing.templates; print({'docxtpl', 'docx', 'jinja2', 'lxml'} & set(sys.modules))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
