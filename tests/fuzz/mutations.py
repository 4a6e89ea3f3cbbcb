"""A sound form and a source of choices come in; the bytes of a damaged form go out, changed inside its XML."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from lxml import etree

FORMS = Path(__file__).parent.parent / "forms"
SEEDS = tuple(
    path
    for folder in ("examples", "blank", "matrices", "referrals", "ours")
    for path in sorted((FORMS / folder).iterdir())
    if path.suffix in (".xlsx", ".xlsm", ".ods", ".docx")
)

Choose = Callable[[int], int]
"""A number from 0 up to, but not including, the one that is given."""

# What a number, a cell name, a truth value, a text is replaced with.
VALUES = (
    "", "0", "-1", "1", "2", "007", "255", "65536", "1048577", "2147483648", "18446744073709551616", "1e308", "-1e400",
    "NaN", "Infinity", "0x10", "true", "FALSE", "on", "A0", "A1", "a1", "XFD1048576", "AAAA1", "A", "7", "$B$18",
    "A1:XFD9", "#REF!", "{{ 7*7 }}", "{% endfor %}", "=1+1", "\u202e", "\u0661\u0662", "\u00b2", "\u2460", "\U0001d7db",
    "\ufffd", "\n", " ", "☒", "31/02/2026", "2026-11-31", "9999-12-31T23:59:59", "0000-00-00", "x" * 70_000,
)  # fmt: skip


@cache
def parts_of(seed: Path) -> tuple[tuple[str, bytes], ...]:
    with zipfile.ZipFile(seed) as archive:
        return tuple((name, archive.read(name)) for name in archive.namelist())


def mutated(seed: Path, choose: Choose) -> bytes:
    """The form at ``seed`` with one to six changes, as ``choose`` decides."""
    parts = dict(parts_of(seed))
    for _ in range(choose(6) + 1):
        kind = choose(16)
        if kind == 0:
            _change_package(parts, choose)
            continue
        names = [name for name, content in parts.items() if content.lstrip().startswith(b"<")]
        if not names:
            break
        # Where the readers look, most of the time.
        read = [n for n in names if "theme" not in n and "stylesWith" not in n and not n.startswith("docProps")]
        name = (read or names)[choose(len(read or names))]
        if kind == 1:
            parts[name] = _change_bytes(parts[name], choose)
            continue
        try:
            root = etree.fromstring(parts[name])
        except etree.XMLSyntaxError:
            continue
        _change_tree(root, choose)
        parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    content = _packed(parts)
    return _change_bytes(content, choose) if choose(20) == 0 else content


def _packed(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def _change_package(parts: dict[str, bytes], choose: Choose) -> None:
    names = sorted(parts)
    one, other = names[choose(len(names))], names[choose(len(names))]
    match choose(5):
        case 0:
            del parts[one]
        case 1:
            parts[one] = b""
        case 2:
            parts[one], parts[other] = parts[other], parts[one]
        case 3:
            parts[one] = parts[other]
        case _:
            parts[f"{one}.{choose(3)}"] = parts.pop(one)


def _change_bytes(content: bytes, choose: Choose) -> bytes:
    at, length = choose(len(content) + 1), choose(64)
    match choose(4):
        case 0:
            return content[:at]
        case 1:
            return content[:at] + content[at + length :]
        case 2:
            return content[:at] + bytes([choose(256)]) + content[at + 1 :]
        case _:
            return content[:at] + content[at : at + length] + content[at:]


def _change_tree(root: etree._Element, choose: Choose) -> None:
    elements: Sequence[etree._Element] = [e for e in root.iter() if isinstance(e.tag, str)]
    one, other = elements[choose(len(elements))], elements[choose(len(elements))]
    parent = one.getparent()
    match choose(9):
        case 0 if parent is not None:
            parent.remove(one)
        case 1 if parent is not None:
            parent.insert(parent.index(one), copy.deepcopy(one))
        case 2 if parent is not None and one not in other.iterancestors():
            other.append(copy.deepcopy(one))
        case 3:
            one.tag = other.tag
        case 4 if one.attrib:
            names = sorted(one.attrib)
            del one.attrib[names[choose(len(names))]]
        case 5 if one.attrib:
            names = sorted(one.attrib)
            one.set(names[choose(len(names))], VALUES[choose(len(VALUES))])
        case 6 if other.attrib:
            names = sorted(other.attrib)
            one.set(names[choose(len(names))], VALUES[choose(len(VALUES))])
        case 7:
            inside = one
            for _ in range(choose(300)):
                inside = etree.SubElement(inside, str(other.tag))
            inside.text = VALUES[choose(len(VALUES))]
        case _:
            one.text = VALUES[choose(len(VALUES))]
