import io
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import UnreadableFile
from pipeline.intake.layouts import load_layouts
from pipeline.intake.word.word_form import read_word_form
from tests.referral_forms import BLANK, ReferralDocument, packed, run

LAYOUTS = load_layouts(Path(__file__).parents[2] / "templates" / "forms").word_forms
MAIN = "word/document.xml"


def with_main(content: bytes) -> bytes:
    return packed(ReferralDocument().parts | {MAIN: content})


def without(name: str) -> bytes:
    parts = ReferralDocument().parts
    del parts[name]
    return packed(parts)


def with_head(old: bytes, new: bytes) -> bytes:
    """The blank form with its main part's XML changed at one place."""
    main = ReferralDocument().parts[MAIN]
    assert main.count(old) == 1
    return with_main(main.replace(old, new))


def marked_encrypted() -> bytes:
    data = bytearray(BLANK.read_bytes())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    return bytes(data)


def twice() -> bytes:
    out = io.BytesIO(BLANK.read_bytes())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as z:
        z.writestr(MAIN, b"<other/>")
    return out.getvalue()


def deep() -> bytes:
    return with_head(b"<w:body>", b"<w:body>" + b"<w:customXml>" * 300 + b"</w:customXml>" * 300)


def entities() -> bytes:
    main = ReferralDocument().parts[MAIN]
    start = main.index(b"<w:document")
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    return with_main(main[:start] + bomb + main[start:])


def utf_16_doctype() -> bytes:
    main = ReferralDocument().parts[MAIN].decode().split("?>", 1)[1]
    return with_main(('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w:document []>' + main).encode("utf-16"))


def cut_off() -> bytes:
    return BLANK.read_bytes()[:20_000]


def one_byte_wrong() -> bytes:
    data = bytearray(BLANK.read_bytes())
    with zipfile.ZipFile(BLANK) as z:
        at = z.getinfo(MAIN).header_offset
    data[at + 500] ^= 0xFF
    return bytes(data)


def unknown_compression() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, content in ReferralDocument().parts.items():
            z.writestr(name, content)
    data = bytearray(out.getvalue())
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        offset = z.getinfo(MAIN).header_offset
    central = data.find(MAIN.encode(), offset + 1000) - 46
    while data[central : central + 4] != b"PK\x01\x02":
        central = data.find(MAIN.encode(), central + 47) - 46
    data[central + 10] = 97
    return bytes(data)


def workbook() -> bytes:
    return (BLANK.parent / "assessment-matrix.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "damaged"),
        (lambda: b"no zip at all", "damaged"),
        (cut_off, "damaged"),
        (one_byte_wrong, "damaged"),
        (unknown_compression, "damaged"),
        (twice, "damaged"),
        (deep, "damaged"),
        (lambda: with_main(b""), "damaged"),
        (lambda: with_main(b"<w:document"), "damaged"),
        (lambda: without(MAIN), "not-word"),
        (lambda: without("[Content_Types].xml"), "not-word"),
        (workbook, "not-word"),
        (marked_encrypted, "password"),
        (entities, "unsafe"),
        (utf_16_doctype, "unsafe"),
    ],
)
def test_names_what_is_wrong_with_a_file_and_what_to_do(make: object, code: str) -> None:
    with pytest.raises(UnreadableFile) as raised:
        read_word_form(make(), LAYOUTS)  # type: ignore[operator]
    assert raised.value.code == code
    assert raised.value.what.endswith(".")
    assert raised.value.remedy.endswith(".")


def test_never_inflates_more_than_the_limit_of_one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    main = ReferralDocument().parts[MAIN]
    size = len(main) + 10
    monkeypatch.setattr("pipeline.intake.word.word_file._LARGEST_PART", size)
    assert read_word_form(with_main(main + b" " * 10), LAYOUTS)
    with pytest.raises(UnreadableFile) as raised:
        read_word_form(with_main(main + b" " * 11), LAYOUTS)
    assert raised.value.code == "too-large"


def test_an_external_entity_is_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    main = ReferralDocument().parts[MAIN]
    start = main.index(b"<w:document")
    doctype = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'.encode()
    with pytest.raises(UnreadableFile) as raised:
        read_word_form(with_main(main[:start] + doctype + main[start:]), LAYOUTS)
    assert raised.value.code == "unsafe"


@pytest.mark.parametrize("kept", [0, 5])
def test_another_word_document_is_none_of_the_forms(kept: int) -> None:
    """Also one that has a few of the form's words, as a letter may."""
    form = ReferralDocument()
    for el in list(form.body)[kept:-1]:
        form.body.remove(el)
    assert read_word_form(form.save(), LAYOUTS) is None


def test_half_of_the_labels_make_it_the_form() -> None:
    form = ReferralDocument()
    start = list(form.body).index(form.heading("H. Invitations: who should attend the panel for this case?"))
    for el in list(form.body)[start:-1]:
        form.body.remove(el)
    assert read_word_form(form.save(), LAYOUTS) is not None


def test_no_layout_is_no_form() -> None:
    assert read_word_form(BLANK.read_bytes(), ()) is None


def test_a_file_in_the_standard_template_type_is_read() -> None:
    parts = ReferralDocument().parts
    types = parts["[Content_Types].xml"].replace(b"document.main+xml", b"template.main+xml")
    assert types != parts["[Content_Types].xml"]
    assert read_word_form(packed(parts | {"[Content_Types].xml": types}), LAYOUTS)


def test_a_field_that_never_ends_swallows_no_other_cell() -> None:
    form = ReferralDocument()
    broken = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>X</w:instrText></w:r>'
    form.write("Surname", "x", how=lambda _: broken)
    form.write("GP", "Dr Example")
    read = read_word_form(form.save(), LAYOUTS)
    assert read and read.fields["B. Young person/GP"].text == "Dr Example"
    assert read.fields["B. Young person/Surname"].text == ""


def test_a_comment_or_an_instruction_inside_a_word_does_not_split_it() -> None:
    form = ReferralDocument()
    form.write("Surname", "x", how=lambda _: "<w:r><w:t>Test<!-- no --><?no no?>case</w:t></w:r>")
    read = read_word_form(form.save(), LAYOUTS)
    assert read and read.fields["B. Young person/Surname"].text == "Testcase"


def test_missing_parts_that_remarks_hang_on_do_no_harm() -> None:
    form = ReferralDocument()
    form.write("GP", "Dr", how=lambda text: run(text) + '<w:r><w:footnoteReference w:id="7"/></w:r>')
    form.body.insert(0, form.body[0].makeelement("{x}y", {}))
    read = read_word_form(form.save(), LAYOUTS)
    assert read and read.fields["B. Young person/GP"].text == "Dr" and read.remarks == ()


def test_what_is_struck_out_or_deleted_is_seen_in_any_encoding() -> None:
    form = ReferralDocument()
    struck = run("Mal", "<w:strike/>") + run("Female") + '<w:del w:id="1"><w:r><w:delText>x</w:delText></w:r></w:del>'
    form.write("Gender", "x", how=lambda _: struck)
    form.save()
    main = '<?xml version="1.0" encoding="UTF-16"?>' + form.parts[MAIN].decode().split("?>", 1)[1]
    read = read_word_form(with_main(main.encode("utf-16")), LAYOUTS)
    assert read and read.fields["B. Young person/Gender"].text == "Female"
    assert [note.code for note in read.notes] == ["tracked-changes", "struck-out"]
