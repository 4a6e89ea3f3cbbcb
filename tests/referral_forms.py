"""Fills the real case referral form as people fill it in Word, for tests: each label's answer in one of many styles."""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

FORMS = Path(__file__).parent / "forms"
BLANK = FORMS / "blank" / "case-referral-form.docx"

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = (
    f'xmlns:w="{W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
PROMPT = "Click or tap here to enter text."


def w(tag: str) -> str:
    return f"{{{W}}}{tag}"


def xml(text: str) -> list[etree._Element]:
    """The elements that ``text`` writes, with Word's usual prefixes."""
    return list(etree.fromstring(f"<x {NAMES}>{text}</x>"))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def run(text: str, look: str = "") -> str:
    """A run as Word writes it, line breaks and tabs as elements."""
    parts = re.split(r"([\n\t])", text)
    inside = "".join(
        "<w:br/>" if p == "\n" else "<w:tab/>" if p == "\t" else f'<w:t xml:space="preserve">{escaped(p)}</w:t>'
        for p in parts
        if p
    )
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{inside}</w:r>"


def paragraphs(*inside: str) -> str:
    return "".join(f"<w:p>{one}</w:p>" for one in inside)


def control(inside: str, properties: str = '<w:text w:multiLine="1"/>') -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def tick_control(on: bool, glyph: str | None = None) -> str:
    state = f'<w14:checkbox><w14:checked w14:val="{int(on)}"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    state += '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
    return control(run(glyph if glyph is not None else "☒" if on else "☐"), state)


def legacy_text(inside: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val=""/><w:enabled/><w:calcOnExit w:val="0"/>'
        "<w:textInput/></w:ffData></w:fldChar></w:r>"
        '<w:r><w:instrText xml:space="preserve"> FORMTEXT </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{inside}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def legacy_tick(state: str) -> str:
    """``state`` is what stands behind w:sizeAuto: ``<w:default w:val="0"/><w:checked/>``."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val=""/><w:enabled/><w:calcOnExit w:val="0"/>'
        f"<w:checkBox><w:sizeAuto/>{state}</w:checkBox></w:ffData></w:fldChar></w:r>"
        '<w:r><w:instrText xml:space="preserve"> FORMCHECKBOX </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def text_box(*inside: str) -> str:
    """A text box as Word saves it: once for itself, once more for older programs."""
    content = f"<w:txbxContent>{paragraphs(*inside)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData>'
        f"<wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


class ReferralDocument:
    """A form's XML, and where each answer belongs in it."""

    def __init__(self, source: Path | bytes = BLANK) -> None:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as z:
            self.parts = {name: z.read(name) for name in z.namelist()}
        self.root = etree.fromstring(self.parts["word/document.xml"])
        self.body = self.root[0]

    def save(self) -> bytes:
        self.parts["word/document.xml"] = etree.tostring(
            self.root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        return packed(self.parts)

    def heading(self, text: str) -> etree._Element:
        return next(p for p in self.body.iterchildren(w("p")) if said(p) == text)

    def label(self, text: str, section: str = "") -> etree._Element:
        """The cell that says ``text``; with ``section``, the first below that heading."""
        below = not section
        for el in self.body.iterchildren():
            if el.tag == w("p") and said(el) == section:
                below = True
            elif below and el.tag == w("tbl"):
                for cell in el.iter(w("tc")):
                    if said(cell) == text:
                        return cell
        raise LookupError(f"{section}/{text}")

    def answer(self, text: str, section: str = "") -> etree._Element:
        """The cell behind the label, or below it where it stands alone in its row."""
        cell = self.label(text, section)
        behind = cell.getnext()
        return behind if behind is not None else cell.getparent().getnext().find(w("tc"))

    def tick_cell(self, label: str, section: str = "") -> etree._Element:
        return self.label(label, section).getprevious()

    def question(self, label: str) -> etree._Element:
        return next(p for p in self.root.iter(w("p")) if said(p).startswith(label))

    def table(self, section: str) -> etree._Element:
        table = self.heading(section).getnext()
        assert table.tag == w("tbl")
        return table

    def write(self, label: str, text: str, section: str = "", how: Callable[[str], str] = run) -> None:
        fill(self.answer(label, section), paragraphs(*(how(line) for line in text.split("\n"))))

    def add_part(self, name: str, kind: str, content: str) -> None:
        """A part beside the document (comments, footnotes), with its relationship and content type."""
        self.parts[f"word/{name}.xml"] = f'<?xml version="1.0" encoding="UTF-8"?>{content}'.encode()
        links = self.parts["word/_rels/document.xml.rels"].decode()
        link = f'<Relationship Id="rIdNew{name}" Type="{OFFICE}/{kind}" Target="{name}.xml"/>'
        self.parts["word/_rels/document.xml.rels"] = links.replace(
            "</Relationships>", f"{link}</Relationships>"
        ).encode()
        types = self.parts["[Content_Types].xml"].decode()
        one = f'<Override PartName="/word/{name}.xml" ContentType="{WORD_TYPE}.{kind}+xml"/>'
        self.parts["[Content_Types].xml"] = types.replace("</Types>", f"{one}</Types>").encode()

    def as_generation(self, generation: str) -> None:
        """Turn the blank's content controls into plain cells (``glyph``) or into legacy fields (``legacy``)."""
        for sdt in list(self.root.iter(w("sdt"))):
            box = sdt.find(f"{w('sdtPr')}/{{http://schemas.microsoft.com/office/word/2010/wordml}}checkbox")
            if generation == "glyph":
                new = run("☐") if box is not None else ""
            else:
                new = legacy_tick('<w:default w:val="0"/>') if box is not None else legacy_text(run("\u2002" * 5))
            replace(sdt, new)


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in parts.items():
            # A fixed time, so that building the same form again gives the same bytes.
            z.writestr(zipfile.ZipInfo(name, (2026, 11, 21, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def said(el: etree._Element) -> str:
    """The text of an element, without field instructions."""
    return "".join(t.text or "" for t in el.iter(w("t"))).strip()


def fill(cell: etree._Element, content: str) -> None:
    """Replace what stands in a cell; ``content`` are its paragraphs."""
    for el in list(cell):
        if el.tag != w("tcPr"):
            cell.remove(el)
    cell.extend(xml(content))


def replace(old: etree._Element, new: str) -> None:
    parent = old.getparent()
    assert parent is not None
    at = parent.index(old)
    parent.remove(old)
    for i, el in enumerate(xml(new)):
        parent.insert(at + i, el)


def wrap(el: etree._Element, properties: str) -> None:
    """Put a content control round a cell or a row."""
    (sdt,) = xml(control("", properties))
    parent = el.getparent()
    assert parent is not None
    parent.replace(el, sdt)
    sdt.find(w("sdtContent")).append(el)


def copied(el: etree._Element) -> etree._Element:
    new = copy.deepcopy(el)
    el.addnext(new)
    return new


def cells(row: etree._Element) -> Iterator[etree._Element]:
    return row.iterchildren(w("tc"))
