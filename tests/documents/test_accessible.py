"""Every document can be read by ear, by keyboard and with weak sight; a planted fault is named."""

from __future__ import annotations

import re

import pytest

from tests.documents.accessible import faults
from tests.documents.colours import contrast
from tests.documents.produced import KINDS, a_good, everything
from tests.documents.word import CORE, DOCUMENT, SETTINGS, STYLES, Word
from tests.referral_forms import packed

PLAN, RECORD = "Action plan", "Meeting record"
HEADING_1 = '<w:pStyle w:val="Heading1"/>'
HEADING_3 = '<w:outlineLvl w:val="2"/>'
NESTED = "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"
FALSE_HEADING = '<w:p><w:r><w:rPr><w:rStyle w:val="Strong"/></w:rPr><w:t>Risks</w:t></w:r></w:p>'
EMPTY = "<w:p/><w:p/>"
LINK = "<w:p><w:hyperlink><w:r><w:t>{}</w:t></w:r></w:hyperlink></w:p>"


@pytest.mark.parametrize("kind", KINDS)
def test_every_document_is_accessible(kind: str) -> None:
    told = {p.name: found for p in everything() if p.kind == kind and (found := faults(p.content))}
    assert told == {}


# The kind of document, its part, what is replaced there (once, a pattern) by what, and what is then named.
PLANTED = [
    (PLAN, CORE, "<dc:title>.*?</dc:title>", "<dc:title/>", "the properties give no title"),
    (PLAN, DOCUMENT, '<w:pStyle w:val="Title"/>', "", "the document shows no title before its first heading"),
    (PLAN, DOCUMENT, f"({HEADING_1}.*){HEADING_1}", r'\1<w:pStyle w:val="Title"/>', "comes after a heading"),
    (PLAN, CORE, "en-GB", "en-US", "the properties do not say en-GB"),
    (PLAN, STYLES, 'w:lang w:val="en-GB"', 'w:lang w:val="en-US"', "the styles do not begin with en-GB"),
    (PLAN, SETTINGS, 'w:themeFontLang w:val="en-GB"', 'w:themeFontLang w:val="de-DE"', "the settings do not say en-GB"),
    (PLAN, DOCUMENT, "<w:r>", '<w:r><w:rPr><w:lang w:val="fr-FR"/></w:rPr>', "text is in fr-FR"),
    (PLAN, STYLES, '<w:outlineLvl w:val="1"/>', HEADING_3, "is a heading 3 below a heading 1"),
    (PLAN, DOCUMENT, f"({HEADING_1}</w:pPr>).*?</w:p>", r"\1</w:p>", "a heading is empty"),
    (PLAN, DOCUMENT, "<w:body>", f"<w:body>{FALSE_HEADING}", "looks like a heading"),
    (PLAN, DOCUMENT, "<w:tblHeader/>", "", "does not mark its heading"),
    (PLAN, DOCUMENT, "(<w:tblHeader/>.*?)<w:trPr>", r"\1<w:trPr><w:tblHeader/>", "marks a heading below its first row"),
    (PLAN, DOCUMENT, "(<w:tblHeader/>.*?)<w:t>[^<]*</w:t>", r"\1", "has a column without a heading"),
    (PLAN, DOCUMENT, "<w:tcPr>", '<w:tcPr><w:gridSpan w:val="2"/>', "has merged cells"),
    (PLAN, DOCUMENT, "<w:tcPr>", "<w:tcPr><w:vMerge/>", "has merged cells"),
    (PLAN, DOCUMENT, "</w:tr>", "<w:tc><w:p/></w:tc></w:tr>", "has rows of different lengths"),
    (PLAN, DOCUMENT, "(</w:tcPr>)", rf"\1{NESTED}", "stands within a table"),
    (RECORD, DOCUMENT, '(FormTable.*?)<w:tc>.*?</w:tc>', r"\1", "does not mark its heading"),
    (PLAN, DOCUMENT, "wp:inline", "wp:anchor", "anchor stands beside the text"),
    (PLAN, DOCUMENT, "<w:r>", "<w:r><w:pict><w:txbxContent/></w:pict>", "txbxContent stands beside the text"),
    (PLAN, DOCUMENT, "<w:pPr>", "<w:pPr><w:framePr/>", "framePr stands beside the text"),
    (PLAN, DOCUMENT, '(<wp:docPr [^>]*)descr="[^"]*"', r'\1descr=""', "says nothing to those who cannot see it"),
    (PLAN, DOCUMENT, '(<pic:cNvPr [^>]*)descr="[^"]*"', r"\1", "says nothing to those who cannot see it"),
    (PLAN, DOCUMENT, "<w:body>", f"<w:body>{EMPTY}", "two paragraphs follow each other that are empty"),
    (PLAN, "word/footer1.xml", "<w:p>", f"{EMPTY}<w:p>", "word/footer1.xml: two paragraphs"),
    (PLAN, "word/theme/theme1.xml", "4F6272", "8FA2B2", "text of 8FA2B2 on FFFFFF has a contrast of 2.6"),
    (PLAN, STYLES, 'w:themeFill="background2"', 'w:themeFill="text2"', "text of 1B3A57 on 1B3A57"),
    (PLAN, STYLES, "(<w:color )", r'\1w:themeTint="33" ', "has a contrast of"),
    (PLAN, DOCUMENT, "<w:body>", "<w:body>" + LINK.format("click here"), 'a link says "click here"'),
    (PLAN, DOCUMENT, "<w:body>", "<w:body>" + LINK.format("https://example.org/x"), "not where it leads"),
    (RECORD, DOCUMENT, "<w:alias [^>]*/>", "", "a content control has no name"),
    (PLAN, DOCUMENT, "<w:r>", "<w:r><w:rPr><w:b/></w:rPr>", "b in rPr is formatting beside the styles"),
    (PLAN, DOCUMENT, "<w:pPr>", '<w:pPr><w:jc w:val="right"/>', "jc in pPr is formatting beside the styles"),
    (PLAN, DOCUMENT, "<w:tcPr>", '<w:tcPr><w:shd w:fill="FF0000"/>', "shd in tcPr is formatting beside the styles"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "part", "old", "new", "named"), PLANTED)
def test_a_planted_fault_is_named(kind: str, part: str, old: str, new: str, named: str) -> None:
    parts = Word(a_good(kind)).parts
    planted, times = re.subn(old, new, parts[part].decode(), count=1, flags=re.DOTALL)
    if new == "wp:anchor":
        planted = planted.replace("</wp:inline>", "</wp:anchor>")
    assert times == 1
    told = faults(packed({**parts, part: planted.encode()}))
    assert any(named in fault for fault in told), told


def test_a_decorative_picture_needs_no_words() -> None:
    parts = Word(a_good(PLAN)).parts
    mark = (
        r'<\1\2><a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><d:decorative val="1" '
        r'xmlns:d="http://schemas.microsoft.com/office/drawing/2017/decorative"/></a:ext></a:extLst></\1>'
    )
    page = re.sub(r' descr="[^"]*"', "", parts[DOCUMENT].decode())
    page = re.sub(r"<(wp:docPr|pic:cNvPr)([^>]*)/>", mark, page)
    assert faults(packed({**parts, DOCUMENT: page.encode()})) == []


@pytest.mark.parametrize(
    ("text", "behind", "expected"),
    [("000000", "FFFFFF", 21.0), ("777777", "FFFFFF", 4.48), ("767676", "FFFFFF", 4.54), ("FF0000", "FF0000", 1.0)],
)
def test_contrast_is_what_wcag_says(text: str, behind: str, expected: float) -> None:
    assert round(contrast(text, behind), 2) == expected
