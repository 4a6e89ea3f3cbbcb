"""A Word file comes in; what keeps people from reading it by ear, by keyboard or with weak sight goes out.

WCAG 2.2 AA as it applies to Word; and that styles alone say how it looks, for only then can people change how it looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from tests.documents.colours import Colours, contrast
from tests.documents.word import CORE, DC, PIC, SETTINGS, STYLES, WP, W, Word, text

ENGLISH = "en-GB"
DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
READABLE = 4.5
# What no style can say: which style it is, where a section ends, the width of a column, room for an answer, a heading.
ALLOWED = {
    "pPr": {"pStyle", "sectPr"},
    "rPr": {"rStyle"},
    "tblPr": {"tblStyle", "tblW", "tblLayout", "tblLook", "tblCaption", "tblDescription"},
    "trPr": {"cantSplit", "tblHeader", "trHeight"},
    "tcPr": {"tcW"},
}
TITLES = {"Title", "LetterHeading"}  # a letter says what it is about below its salutation
LABEL = {"FormLabel", "TableHeading"}
SAYS_NOTHING = re.compile(r"(click )?here|link|this|more|read more|https?://.*|www\..*", re.IGNORECASE)


def faults(content: bytes) -> list[str]:
    word = Word(content)
    return [fault for rule in RULES for fault in rule(word)]


def _title(word: Word) -> Iterator[str]:
    if not (word.trees[CORE].findtext(f"{DC}title") or "").strip():
        yield "the properties give no title"
    shown = (style.get(f"{W}val") for style in word.body.iter(f"{W}pStyle"))
    if next((style for style in shown if style in TITLES or str(style).startswith("Heading")), "") not in TITLES:
        yield "the document shows no title before its first heading"


def _language(word: Word) -> Iterator[str]:
    if word.trees[CORE].findtext(f"{DC}language") != ENGLISH:
        yield f"the properties do not say {ENGLISH}"
    default = word.trees[STYLES].find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    if default is None or default.get(f"{W}val") != ENGLISH:
        yield f"the styles do not begin with {ENGLISH}"
    theme = word.trees[SETTINGS].find(f"{W}themeFontLang")
    if theme is None or theme.get(f"{W}val") != ENGLISH:
        yield f"the settings do not say {ENGLISH}"
    for name, tree in word.trees.items():
        for lang in tree.iter(f"{W}lang"):
            if lang.get(f"{W}val") not in (None, ENGLISH):
                yield f"{name}: text is in {lang.get(f'{W}val')}"


def _headings(word: Word) -> Iterator[str]:
    above = 0
    for level, said in _outline(word):
        if not said:
            yield "a heading is empty"
        elif level == 0:
            if above:
                yield f'the title "{said}" comes after a heading'
        elif level > above + 1:
            yield f'"{said}" is a heading {level} below a heading {above}'
        above = max(level, above) if level == 0 else level
    for paragraph in word.body.iterchildren(f"{W}p"):
        runs = [run for run in paragraph.iter(f"{W}r") if text(run).strip()]
        strong = [run for run in runs if run.find(f"{W}rPr/{W}rStyle[@{W}val='Strong']") is not None]
        if runs and runs == strong and not text(paragraph).rstrip().endswith((".", ":", "?")):
            yield f'"{text(paragraph)}" looks like a heading and is none'


def _outline(word: Word) -> Iterator[tuple[int, str]]:
    """Every title (0) and heading (1 to 9) with its words."""
    colours = Colours(word)
    for paragraph in word.body.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        for link in colours.chain("" if style is None else style.get(f"{W}val", "")):
            outline = link.find(f"{W}pPr/{W}outlineLvl")
            if link.get(f"{W}styleId") == "Title":
                yield 0, text(paragraph).strip()
            elif outline is not None:
                yield int(outline.get(f"{W}val", "")) + 1, text(paragraph).strip()
                break


def _tables(word: Word) -> Iterator[str]:
    for _, page in word.pages:
        for table in page.iter(f"{W}tbl"):
            rows = table.findall(f"{W}tr")
            cells = [row.findall(f"{W}tc") for row in rows]
            called = f'the table "{text(rows[0])[:40]}"'
            if next(table.iterancestors(f"{W}tbl"), None) is not None:
                yield f"{called} stands within a table"
            if any(next(table.iter(f"{W}{tag}"), None) is not None for tag in ("gridSpan", "vMerge", "hMerge")):
                yield f"{called} has merged cells"
            if len({len(row) for row in cells}) > 1:
                yield f"{called} has rows of different lengths"
            marked = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
            if not marked[0] and not _is_form(cells):
                yield f"{called} does not mark its heading"
            if any(marked[1:]):
                yield f"{called} marks a heading below its first row"
            if marked[0] and not all(text(cell).strip() for cell in cells[0]):
                yield f"{called} has a column without a heading"


def _is_form(rows: list[list[etree._Element]]) -> bool:
    """Whether it asks questions: each answer stands beside its label, or alone below it."""
    above: list[str] = []
    for row in rows:
        parts = ["answer" if _style(cell).startswith("FormAnswer") else "label" for cell in row]
        beside, below = parts == ["label", "answer"] * (len(row) // 2), (above, parts) == (["label"], ["answer"])
        if not (beside or below or parts == ["label"]):
            return False
        above = parts
    return all(_style(cell) in LABEL or _style(cell).startswith("FormAnswer") for row in rows for cell in row)


def _style(cell: etree._Element) -> str:
    style = next(cell.iter(f"{W}pStyle"), None)
    return "" if style is None else str(style.get(f"{W}val"))


def _floating(word: Word) -> Iterator[str]:
    for name, page in word.pages:
        for tag in (f"{W}txbxContent", f"{WP}anchor", f"{W}framePr", f"{W}pict"):
            if next(page.iter(tag), None) is not None:
                yield f"{name}: {etree.QName(tag).localname} stands beside the text, not in it"


def _pictures(word: Word) -> Iterator[str]:
    for name, page in word.pages:
        for picture in page.iter(f"{WP}docPr", f"{PIC}cNvPr"):
            if not picture.get("descr", "").strip() and next(picture.iter(DECORATIVE), None) is None:
                yield f'{name}: the picture "{picture.get("name")}" says nothing to those who cannot see it'


def _spacing(word: Word) -> Iterator[str]:
    """Where paragraphs follow each other empty, somebody made room that a style should make."""
    for name, page in word.pages:
        for paragraph in page.iter(f"{W}p"):
            below = paragraph.getnext()
            if below is not None and below.tag == f"{W}p" and _empty(paragraph) and _empty(below):
                yield f"{name}: two paragraphs follow each other that are empty"


def _empty(paragraph: etree._Element) -> bool:
    holds = (f"{W}drawing", f"{W}sectPr", f"{W}sdt")
    return not text(paragraph).strip() and next(paragraph.iter(*holds), None) is None


def _contrast(word: Word) -> Iterator[str]:
    colours = Colours(word)
    found = {
        (colour, behind)
        for _, page in word.pages
        for run in page.iter(f"{W}r")
        if text(run).strip()
        for colour, behinds in [colours.of(run)]
        for behind in behinds
    }
    for colour, behind in sorted(found):
        if (measured := contrast(colour, behind)) < READABLE:
            yield f"text of {colour} on {behind} has a contrast of {measured:.1f}"


def _links(word: Word) -> Iterator[str]:
    for _, page in word.pages:
        for link in page.iter(f"{W}hyperlink"):
            if SAYS_NOTHING.fullmatch(said := text(link).strip()) or not said:
                yield f'a link says "{said}", not where it leads'


def _controls(word: Word) -> Iterator[str]:
    for _, page in word.pages:
        for control in page.iter(f"{W}sdtPr"):
            alias = control.find(f"{W}alias")
            if alias is None or not alias.get(f"{W}val", "").strip():
                yield "a content control has no name"


def _direct_formatting(word: Word) -> Iterator[str]:
    for name, page in word.pages:
        for tag, allowed in ALLOWED.items():
            said = (child for e in page.iter(f"{W}{tag}") for child in e.iterchildren(etree.Element))
            for child in sorted({etree.QName(child).localname for child in said} - allowed):
                yield f"{name}: {child} in {tag} is formatting beside the styles"


RULES: tuple[Callable[[Word], Iterator[str]], ...] = (
    _title,
    _language,
    _headings,
    _tables,
    _floating,
    _pictures,
    _spacing,
    _contrast,
    _links,
    _controls,
    _direct_formatting,
)
