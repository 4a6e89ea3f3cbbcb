"""A template of ours comes in; the same template with the tags of docxtemplater or easy-template-x goes out.

Both know loops and conditions that stand in paragraphs and rows, neither has ``else`` nor expressions: a condition is
the tag of its value with ``?`` before it, or ``!`` where it must not hold, and the benchmark hands them a resolver that
knows both.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STATEMENT = re.compile(r"\{%(?:p|tr) (for|if|else|endfor|endif) ?(.*?) ?%\}")
_CHOICE = re.compile(r"\{\{ '([^']*)' if ([\w.]+) else '' \}\}")
_VALUE = re.compile(r"\{\{ ([\w.]+) \}\}")
# A list on one line. Theirs knows no first: the nearest is a sign behind each.
_LISTED = re.compile(r"\{% for (\w+) in ([\w.]+) %\}\{\{ '([^']*)' if not loop\.first \}\}\{\{ \1 \}\}\{% endfor %\}")
_FOR = re.compile(r"(\w+) in ([\w.]+)")


def converted(template: bytes, dialect: str) -> bytes:
    """Raises ValueError where a tag is left that has no equivalent."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if re.fullmatch(r"word/(document|header\d+|footer\d+)\.xml", entry.filename):
                content = _convert(content, dialect)
            target.writestr(entry.filename, content)
    return out.getvalue()


def _convert(xml: bytes, dialect: str) -> bytes:
    root = etree.fromstring(xml)
    variables: list[str] = []  # of the loops that are open
    opened: list[str] = []  # what closes them, and the conditions
    pending: list[str] = []  # tags for the next row
    row: etree._Element | None = None
    for element in list(root.iter(f"{_W}p", f"{_W}tr")):
        text = "".join(element.itertext(f"{_W}t"))
        statement = _STATEMENT.search(text)
        in_row = element.tag == f"{_W}tr"
        if statement and in_row == ("{%tr" in statement[0]):
            tags = list(_tags(statement, variables, opened, in_row, dialect))
            if in_row:
                _drop(element)
                if statement[1].startswith("end"):
                    _write(row, tags[0], at_end=True)
                else:
                    pending += tags
            else:
                for tag in tags[:-1]:
                    element.addprevious(_saying(deepcopy(element), tag))
                _saying(element, tags[-1])
        elif statement and in_row:
            continue  # a row that holds paragraphs with tags of their own
        elif in_row and element.getparent() is not None:
            row = element
            for tag in reversed(pending):
                _write(element, tag, at_end=False)
            pending.clear()
        elif not in_row and "{{" in text:
            for t in element.iter(f"{_W}t"):
                t.text = _values(t.text or "", variables)
    for element in root.iter("{*}docPr", "{*}cNvPr"):  # a picture's description
        element.set("descr", _values(element.get("descr", ""), variables))
    said = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    if left := re.search(rb"\{[{%].{0,60}", said):
        raise ValueError(f"no equivalent for {left[0]!r}")
    return said


def _tags(
    statement: re.Match[str], variables: list[str], opened: list[str], in_row: bool, dialect: str
) -> Iterator[str]:
    word, rest = statement[1], statement[2]
    if word in ("else", "endif", "endfor"):
        closing = opened.pop()
        yield f"{{/{closing}}}"
        if word == "endfor":
            variables.pop()
        if word != "else":
            return
        rest = f"not {closing[1:]}" if closing[0] == "?" else closing[1:]
        name = _condition(rest, [])
    elif word == "for":
        loop = _FOR.fullmatch(rest)
        assert loop
        name = _name(loop[2], variables)
        variables.append(loop[1])
    else:
        name = _condition(rest, variables)
    opened.append(name)
    if not in_row:
        yield f"{{#{name}}}"
    else:
        yield f"{{-w:tr {name}}}" if dialect == "docxtemplater" else f'{{#{name} [loopOver: "row"]}}'


def _condition(text: str, variables: list[str]) -> str:
    return f"!{_name(text[4:], variables)}" if text.startswith("not ") else f"?{_name(text, variables)}"


def _values(text: str, variables: list[str]) -> str:
    text = _CHOICE.sub(lambda m: f"{{#?{_name(m[2], variables)}}}{m[1]}{{/?{_name(m[2], variables)}}}", text)
    text = _LISTED.sub(lambda m: f"{{#{m[2]}}}{{it}}{m[3]}{{/{m[2]}}}", text)
    return _VALUE.sub(lambda m: f"{{{_name(m[1], variables)}}}", text)


def _name(path: str, variables: list[str]) -> str:
    """In a loop both look a name up in the element first: the loop's variable is left out."""
    first, _, rest = path.partition(".")
    return (rest or "it") if first in variables else path


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def _saying(paragraph: etree._Element, tag: str) -> etree._Element:
    first, *others = paragraph.iter(f"{_W}t")
    first.text = tag
    for other in others:
        other.text = ""
    return paragraph


def _write(row: etree._Element | None, tag: str, *, at_end: bool) -> None:
    """Add a tag to the first paragraph of a row, or to its last."""
    assert row is not None
    paragraphs = list(row.iter(f"{_W}p"))
    run = etree.SubElement(paragraphs[-1 if at_end else 0], f"{_W}r")
    etree.SubElement(run, f"{_W}t").text = tag
    if not at_end:
        first = next((e for e in paragraphs[0] if e.tag != f"{_W}pPr"), None)
        if first is not None and first is not run:
            first.addprevious(run)
