"""The names of Word's XML that a reader of forms needs, and its toggles and numbers."""

from __future__ import annotations

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
P, R, T, TBL, TR, TC = (W + name for name in ("p", "r", "t", "tbl", "tr", "tc"))
RPR, PPR, TRPR, TCPR = (W + name for name in ("rPr", "pPr", "trPr", "tcPr"))
SDT, SDT_PR, SDT_CONTENT, TEXT = (W + name for name in ("sdt", "sdtPr", "sdtContent", "text"))
INS, DEL, MOVE_FROM, MOVE_TO = (W + name for name in ("ins", "del", "moveFrom", "moveTo"))
PROMPT, DATE, FULL_DATE, CHECKBOX = (W + "showingPlcHdr", W + "date", W + "fullDate", W14 + "checkbox")
SYM, FIELD, FIELD_KIND, TEXT_BOX = (W + "sym", W + "fldChar", W + "fldCharType", W + "txbxContent")
GRID_BEFORE, GRID_SPAN, CELL_DEL, MERGED = (W + name for name in ("gridBefore", "gridSpan", "cellDel", "hMerge"))
STRIKE, STRIKE_TWICE, VANISH, FONTS, STYLE = (W + name for name in ("strike", "dstrike", "vanish", "rFonts", "rStyle"))
INSTRUCTION, SIMPLE_FIELD = W + "instrText", W + "fldSimple"
ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
CHECKED, W14_VAL = W14 + "checked", W14 + "val"
VAL, ID = W + "val", W + "id"
CHARACTERS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
# A comment hangs on the first of its marks; a footnote on its only one.
REMARKS = {
    W + "commentRangeStart": "comments",
    W + "commentReference": "comments",
    W + "footnoteReference": "footnotes",
    W + "endnoteReference": "endnotes",
}
PICTURES = {W + "drawing", W + "pict", W + "object", W + "altChunk"}
PASSED_OVER = {
    W + name
    for name in (
        "rPr", "pPr", "trPr", "tcPr", "tblPr", "tblGrid", "tblPrEx", "sectPr", "sdtPr", "sdtEndPr", "instrText",
        "delText", "delInstrText", "proofErr", "bookmarkStart", "bookmarkEnd", "rt", "lastRenderedPageBreak",
    )
}  # fmt: skip

# The properties of a content control, by tag.
Control = dict[str, etree._Element]


def control_of(sdt: etree._Element) -> tuple[Control, etree._Element | None]:
    """The properties and the content of a content control. A prompt that is switched off is left out."""
    control: Control = {}
    content = None
    for part in sdt:
        if part.tag == SDT_PR:
            control = {el.tag: el for el in part}
            if PROMPT in control and not is_on(control[PROMPT]):
                del control[PROMPT]
        elif part.tag == SDT_CONTENT:
            content = part
    return control, content


def number(el: etree._Element | None, default: int) -> int:
    value = el.get(VAL, "") if el is not None else ""
    return int(value) if value.isdecimal() and len(value) < 6 else default


def is_on(el: etree._Element) -> bool:
    """A toggle: there without a value means on."""
    return (el.get(VAL) or el.get(W14_VAL) or "1") not in ("0", "false", "off")
