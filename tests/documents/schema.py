"""A Word file comes in; where it is not what ECMA-376 (transitional) allows goes out, a sentence each.

The parts are held against the schemas as openxml-audit carries them, in the form that the Open XML SDK gives them. What
those leave out is checked here: the parts of the package itself, text where only elements may stand, the order within
a content control, numbers given twice.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from lxml import etree
from openxml_audit import OpenXmlValidator

from tests.documents.word import MC, WP, A, W, Word, extension
from tests.referral_forms import packed

SCHEMAS = Path(__file__).parent / "schemas"
# The parts of a package that are no Office markup, and the schema of each.
PACKAGE = {"[Content_Types].xml": "content-types", "rels": "relationships", "docProps/core.xml": "core-properties"}
# Where text may stand. Everywhere else white space alone may.
TEXT = {f"{W}t", f"{W}instrText", f"{W}delText", f"{A}t", f"{WP}align", f"{WP}posOffset"}
OFFICE_MARKUP = ("http://schemas.openxmlformats.org/wordprocessingml", "http://schemas.openxmlformats.org/drawingml")
# CT_SdtPr: each at most once, in this order; what the control is for comes last.
CONTROL = (
    "rPr",
    "alias",
    "tag",
    "id",
    "lock",
    "placeholder",
    "temporary",
    "showingPlcHdr",
    "dataBinding",
    "label",
    "tabIndex",
)
# The namespaces of the standard itself: Word 2007 knows them.
STANDARD = "http://schemas.openxmlformats.org/"
XML = "http://www.w3.org/XML/1998/namespace"


def faults(content: bytes) -> list[str]:
    try:
        word = Word(content)
        return [fault for rule in RULES for fault in rule(word)]
    except etree.XMLSyntaxError as e:
        return [f"a part is not well-formed: {e.msg}"]


def _against_the_schemas(word: Word) -> Iterator[str]:
    """As Word 2010 and later read it, which understand w14: nothing is passed over as ignorable."""
    understood = {
        name: re.sub(rb' mc:Ignorable="[^"]*"', b"", content) if name.endswith(".xml") else content
        for name, content in word.parts.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.docx"
        path.write_bytes(packed(understood))
        errors = _validator().validate(path).errors
    for error in errors:
        yield f"{(error.part_uri or '').lstrip('/')}: {error.description}"


@cache
def _validator() -> OpenXmlValidator:
    return OpenXmlValidator(max_errors=20)


def _package(word: Word) -> Iterator[str]:
    for name, times in Counter(word.names).items():
        if times > 1:
            yield f"{name}: the part stands in the file {times} times"
    for name, tree in word.trees.items():
        if schema := PACKAGE.get(name) or PACKAGE.get(extension(name)):
            checked = _schema(schema)
            if not checked.validate(tree):
                yield f"{name}: {checked.error_log.last_error.message}"
    types = word.trees["[Content_Types].xml"]
    extensions = {e.get("Extension", "").lower() for e in types.iter("{*}Default")}
    overrides = {e.get("PartName") for e in types.iter("{*}Override")}
    for name in word.names:
        if name != "[Content_Types].xml" and f"/{name}" not in overrides and extension(name) not in extensions:
            yield f"{name}: the part has no content type"


@cache
def _schema(name: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMAS / f"{name}.rng"))


def _text_where_none_may_stand(word: Word) -> Iterator[str]:
    for name, tree in word.trees.items():
        for element in tree.iter(etree.Element):
            within = "" if element.tag in TEXT else element.text or ""
            stray = (within + "".join(child.tail or "" for child in element)).strip()
            if stray and element.tag[1:].startswith(OFFICE_MARKUP):
                yield f"{name}: text stands directly in {etree.QName(element).localname}"


def _content_controls(word: Word) -> Iterator[str]:
    for name, tree in word.pages:
        for properties in tree.iter(f"{W}sdtPr"):
            said = [e.tag.removeprefix(W) for e in properties.iterchildren(etree.Element)]
            places = [CONTROL.index(tag) if tag in CONTROL else len(CONTROL) for tag in said]
            if places != sorted(set(places)):
                yield f"{name}: a content control says {', '.join(said)}: something twice, or in the wrong order"


def _numbers_given_twice(word: Word) -> Iterator[str]:
    pictures = [e.get("id", "") for _, tree in word.pages for e in tree.iter(f"{WP}docPr")]
    controls = [e.get(f"{W}val", "") for _, tree in word.pages for e in tree.iterfind(f".//{W}sdtPr/{W}id")]
    for what, numbers in (("picture", pictures), ("content control", controls)):
        for number, times in Counter(numbers).items():
            if times > 1:
                yield f"word/document.xml: {times} {what}s have the number {number}"


def _markup_compatibility(word: Word) -> Iterator[str]:
    """What is not of the standard stands where a reader that does not know it is told to pass it over."""
    for name, tree in word.trees.items():
        elements = list(tree.iter(etree.Element))
        passed_over: set[str | None] = set()
        for element in elements:
            for prefix in element.get(f"{MC}Ignorable", "").split():
                if prefix not in element.nsmap:
                    yield f"{name}: mc:Ignorable names {prefix}, which stands for nothing"
                passed_over.add(element.nsmap.get(prefix))
        used = {etree.QName(tag).namespace for element in elements for tag in (element.tag, *element.attrib)}
        for namespace in sorted(filter(None, used - passed_over)):
            if name.startswith("word/") and not namespace.startswith(STANDARD) and namespace != XML:
                yield f"{name}: {namespace} is used and not ignorable"


RULES: tuple[Callable[[Word], Iterator[str]], ...] = (
    _package,
    _text_where_none_may_stand,
    _content_controls,
    _numbers_given_twice,
    _markup_compatibility,
    _against_the_schemas,
)
