"""The parts of the house style (parts/*.xml) come in; an empty A4 document with nothing else in it goes out."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm

PARTS = Path(__file__).parent / "parts"
# What the makers of python-docx's own template left in it.
UNWANTED = ("stylesWithEffects", "thumbnail", "customXml", "webSettings")
REPLACED = {
    "/word/theme/theme1.xml": "theme1.xml",
    "/word/fontTable.xml": "fontTable.xml",
    "/docProps/app.xml": "app.xml",
}
# The same bytes whenever the templates are built.
BUILT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def lean_document(title: str) -> WordDocument:
    document = Document()
    document.part._styles_part._element = parse_xml((PARTS / "styles.xml").read_bytes())
    document.part.numbering_part._element = parse_xml((PARTS / "numbering.xml").read_bytes())
    document.part._settings_part._element = parse_xml((PARTS / "settings.xml").read_bytes())
    for source in (document.part.package, document.part):
        for rid, rel in list(source.rels.items()):
            if any(word in rel.reltype for word in UNWANTED):
                del source.rels[rid]
            elif (old := rel.target_part).partname in REPLACED:
                blob = (PARTS / REPLACED[old.partname]).read_bytes()
                rel._target = Part(old.partname, old.content_type, blob, old.package)
    for table_style in document.element.body.findall(".//{*}docGrid"):
        table_style.getparent().remove(table_style)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    section.header_distance = section.footer_distance = Cm(1)
    properties = document.core_properties
    properties.title, properties.language = title, "en-GB"
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = BUILT.replace(tzinfo=None)
    properties.revision = 1
    return document


def write(document: WordDocument, path: Path) -> None:
    """Save with the zip's own dates fixed too."""
    saved = io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, BUILT.timetuple()[:6])
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED, 9)
