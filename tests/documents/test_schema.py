"""Every document is what the schemas of ECMA-376 (transitional) allow, in every part; a planted fault is named."""

from __future__ import annotations

import re

import pytest

from tests.documents.produced import KINDS, a_good, everything
from tests.documents.schema import faults
from tests.documents.word import CORE, DOCUMENT, SETTINGS, STYLES, Word
from tests.referral_forms import packed

RELS, TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"


@pytest.mark.parametrize("kind", KINDS)
def test_every_part_of_every_document_is_valid(kind: str) -> None:
    told = {p.name: found for p in everything() if p.kind == kind and (found := faults(p.content))}
    assert told == {}


# The kind of document, its part, what is replaced there (once, a pattern) by what, and what is then named.
PLANTED = [
    # the order of elements
    ("Action plan", DOCUMENT, "<w:r>", '<w:r><w:rPr><w:sz w:val="20"/><w:b/></w:rPr>', "element 'b'"),
    ("Action plan", DOCUMENT, "(<w:tcW [^>]*/>)", r'<w:vAlign w:val="top"/>\1', "element 'tcW'"),
    ("Action plan", DOCUMENT, "(<w:pPr>.*?</w:pPr>)(<w:r>.*?</w:r>)", r"\2\1", "element 'pPr'"),
    ("Action plan", STYLES, "<w:rPr>", '<w:rPr><w:sz w:val="20"/><w:rFonts w:ascii="x"/>', "element 'rFonts'"),
    ("Action plan", SETTINGS, "</w:settings>", '<w:zoom w:percent="90"/></w:settings>', "element 'zoom'"),
    ("Action plan", DOCUMENT, "(<wp:extent [^>]*/>)(.*?)(<wp:docPr [^>]*/>)", r"\3\2\1", "'extent' is missing"),
    ("Meeting record", DOCUMENT, "(<w:alias [^>]*/>)(<w:lock [^>]*/>)", r"\2\1", "or in the wrong order"),
    ("Meeting record", DOCUMENT, "(<w:sdtPr>.*?</w:sdtPr>)(<w:sdtContent>)", r"<w:sdtContent/>\1\2", "'sdt"),
    # what is unknown, missing or not a value
    ("Action plan", DOCUMENT, "</w:p>", "<w:junk/></w:p>", "element 'junk'"),
    ("Action plan", DOCUMENT, "<w:p>", '<w:p w:junk="1">', "'junk' attribute is not declared"),
    ("Action plan", "word/header1.xml", "</w:p>", "<w:junk/></w:p>", "word/header1.xml: "),
    ("Action plan", "word/footer1.xml", "</w:p>", "<w:junk/></w:p>", "word/footer1.xml: "),
    ("Action plan", "word/numbering.xml", "<w:lvl ", '<w:lvl w:junk="1" ', "word/numbering.xml: "),
    ("Action plan", "word/fontTable.xml", "<w:font ", '<w:font w:junk="1" ', "word/fontTable.xml: "),
    ("Action plan", "word/theme/theme1.xml", "</a:clrScheme>", "<a:junk/></a:clrScheme>", "word/theme/theme1.xml: "),
    ("Action plan", "docProps/app.xml", "</Properties>", "<Junk/></Properties>", "docProps/app.xml: "),
    ("Action plan", CORE, "</cp:coreProperties>", "<cp:junk/></cp:coreProperties>", f"{CORE}: "),
    ("Action plan", CORE, "(<dc:title>.*?</dc:title>)", r"\1\1", f"{CORE}: "),
    ("Action plan", DOCUMENT, '<w:pStyle w:val="[^"]*"/>', "<w:pStyle/>", "attribute 'val' is missing"),
    ("Action plan", DOCUMENT, 'w:w="\\d+"', 'w:w="wide"', "'wide'"),
    ("Action plan", DOCUMENT, '(<wp:docPr )id="\\d+"', r"\1", "attribute 'id' is missing"),
    ("Action plan", DOCUMENT, "(<w:tc>(?:<w:tcPr>.*?</w:tcPr>)?).*?</w:tc>", r"\1</w:tc>", "word/document.xml: "),
    ("Meeting record", DOCUMENT, "<w14:checked ", '<w14:checked w14:junk="1" ', "'junk' attribute is not declared"),
    ("Meeting record", DOCUMENT, "<w14:checkbox>", "<w14:checkbox><w14:junk/>", "element 'junk'"),
    ("Action plan", DOCUMENT, "<w:r>", "<w:r>words", "text stands directly in r"),
    ("Action plan", DOCUMENT, "</w:tbl>", "</w:tbl>words", "text stands directly in body"),
    ("Action plan", DOCUMENT, "</w:p>", "", "a part is not well-formed"),
    # what is named and is not there, or is there twice
    ("Action plan", DOCUMENT, '<w:pStyle w:val="[^"]*"/>', '<w:pStyle w:val="Nowhere"/>', "Style 'Nowhere'"),
    ("Action plan", DOCUMENT, 'r:embed="[^"]*"', 'r:embed="rId99"', "'rId99'"),
    ("Action plan", RELS, 'Target="footer1.xml"', 'Target="footer9.xml"', "word/footer9.xml"),
    ("Action plan", RELS, "<Relationship ", '<Relationship Junk="1" ', f"{RELS}: "),
    ("Action plan", RELS, '(Id="[^"]*")(.*)Id="[^"]*"', r"\1\2\1", f"{RELS}: "),
    ("Action plan", TYPES, "</Types>", "<Junk/></Types>", f"{TYPES}: "),
    ("Action plan", TYPES, '<Override PartName="/word/styles.xml"[^>]*/>', "", "word/styles.xml"),
    ("Action plan", TYPES, '<Default [^>]*Extension="png"[^>]*/>', "", "image1.png: the part has no content type"),
    ("Action plan", DOCUMENT, "(<w:drawing>.*?</w:drawing>)", r"\1\1", "2 pictures have the number"),
    # markup compatibility
    ("Meeting record", DOCUMENT, ' mc:Ignorable="[^"]*"', "", "wordml is used and not ignorable"),
    ("Meeting record", DOCUMENT, 'mc:Ignorable="', 'mc:Ignorable="w99 ', "mc:Ignorable names w99"),
    ("Action plan", DOCUMENT, "<w:body>", '<w:body><x:x xmlns:x="urn:x"/>', "urn:x is used and not ignorable"),
]


@pytest.mark.parametrize(("kind", "part", "old", "new", "named"), PLANTED)
def test_a_planted_fault_is_named(kind: str, part: str, old: str, new: str, named: str) -> None:
    parts = Word(a_good(kind)).parts
    planted, times = re.subn(old, new, parts[part].decode(), count=1, flags=re.DOTALL)
    assert times == 1
    told = faults(packed({**parts, part: planted.encode()}))
    assert any(named in fault for fault in told), told
