"""What a person may choose, date or tick comes in; the Word content control for it goes out, its prompt shown."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

CHOOSE, DAY = "Choose an item.", "dd/mm/yyyy"

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
_BOX = (
    '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
)


def drop_down(title: str, choices: Sequence[str], shown: str = "") -> BaseOxmlElement:
    """A drop-down list; its first entry takes a choice back. ``shown``: what is chosen already."""
    entries = "".join(f"<w:listItem w:displayText={quoteattr(c)} w:value={quoteattr(c)}/>" for c in choices)
    kind = f'<w:dropDownList><w:listItem w:displayText="{CHOOSE}" w:value=""/>{entries}</w:dropDownList>'
    return _control(title, kind, CHOOSE, shown)


def date_picker(title: str, shown: str = "") -> BaseOxmlElement:
    kind = (
        '<w:date><w:dateFormat w:val="dd/MM/yyyy"/><w:lid w:val="en-GB"/>'
        '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
    )
    return _control(title, kind, DAY, shown)


def tick_box(title: str) -> BaseOxmlElement:
    """An empty tick box, as Word 2010 and later have it."""
    return _control(title, _BOX, "", "☐")


def _control(title: str, kind: str, prompt: str, shown: str) -> BaseOxmlElement:
    """A control that stays when its content is deleted. Word gives it a number of its own: copied rows repeat none."""
    blank = "" if shown else "<w:showingPlcHdr/>"
    look = "" if shown else '<w:rPr><w:rStyle w:val="PlaceholderText"/></w:rPr>'
    return parse_xml(
        f"<w:sdt {_NAMES}><w:sdtPr><w:alias w:val={quoteattr(title)}/><w:lock w:val='sdtLocked'/>{blank}{kind}"
        f"</w:sdtPr><w:sdtContent><w:r>{look}<w:t>{escape(shown or prompt)}</w:t></w:r></w:sdtContent></w:sdt>"
    )
