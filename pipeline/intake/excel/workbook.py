"""The bytes of a workbook come in; its sheets, with every cell as a person sees it, go out."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import python_calamine as calamine

from pipeline.errors import UnreadableFile
from pipeline.intake.excel.ods_facts import ods_facts
from pipeline.intake.excel.sheet_facts import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    Floating,
    Look,
    Place,
    SheetFacts,
    as_formatted,
    as_seen,
    cell_name,
    protected,
    struck_out,
)
from pipeline.intake.excel.xls_facts import xls_facts
from pipeline.intake.excel.xlsx_facts import xlsx_facts

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class CellValue(NamedTuple):
    """``text`` as a person reads it, without space around it; ``date`` where the cell holds one.

    ``uncalculated``: a formula that was saved without its value.
    """

    text: str
    date: dt.date | None = None
    formula: bool = False
    uncalculated: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """``cells``: those that hold anything. ``coloured``: those with a fill that is not white.

    ``merged``: top-left cell of a merged range → its bottom-right cell. ``struck``: cells of which a part is struck
    out, and is not in their text. ``blind``: colours, comments and tick boxes cannot be told in this kind of file.
    """

    name: str
    hidden: bool
    cells: Mapping[Place, CellValue]
    merged: Mapping[Place, Place]
    coloured: frozenset[Place]
    struck: frozenset[Place]
    comments: Mapping[Place, str]
    floating: tuple[Floating, ...]
    blind: bool

    def where(self, place: Place, to: Place | None = None) -> str:
        """``Sheet1!B18``, or ``Sheet1!B18:J18``."""
        return f"{self.name}!{cell_name(place)}" + (f":{cell_name(to)}" if to and to != place else "")


@dataclass(frozen=True, slots=True)
class Workbook:
    """``too_large``: the sheets that hold more than any form does, and were not read."""

    sheets: tuple[Sheet, ...]
    macros: bool = False
    too_large: tuple[str, ...] = ()


def read_workbook(content: bytes, parts: zipfile.ZipFile | None = None) -> Workbook:
    """Read an .xlsx, .xlsm, .xls, .xlsb or .ods workbook; formulas and macros are never run.

    ``parts``: those of ``content``, where they are opened already.

    Raises:
        UnreadableFile: it is protected, damaged, far too large, or no workbook.
    """
    with _own_errors():
        facts, macros = _facts(content, parts)
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        if len(book.sheet_names) > MAX_SHEETS:
            raise _too_large(f"This workbook has {len(book.sheet_names)} sheets; at most {MAX_SHEETS} are read.")
        if len(book.sheet_names) < sum(1 for name in facts if name):
            raise ValueError("a sheet that the workbook names is passed over")
        sheets: list[Sheet] = []
        too_large: list[str] = []
        for listed in book.sheets_metadata:
            if listed.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            known = facts.get(listed.name) or SheetFacts(blind=True)
            # calamine keeps a full grid up to the last cell: one stray cell in the last row costs half a gigabyte.
            if known.rows > MAX_ROWS or known.columns > MAX_COLUMNS:
                too_large.append(listed.name)
                continue
            hidden = listed.visible != calamine.SheetVisibleEnum.Visible
            sheets.append(_sheet(book.get_sheet_by_name(listed.name), hidden, known))
    return Workbook(tuple(sheets), macros, tuple(too_large))


def _facts(content: bytes, parts: zipfile.ZipFile | None) -> tuple[Mapping[str, SheetFacts], bool]:
    """What calamine does not tell, by sheet, as far as the kind of file lets us; and whether there are macros."""
    if content.startswith(_ZIP):
        parts = parts or zipfile.ZipFile(io.BytesIO(content))
        if sum(part.file_size for part in parts.infolist()) > MAX_BYTES:
            raise _too_large("This workbook is far larger than any form.")
        names = parts.NameToInfo
        if "content.xml" in names:
            return _bounded(ods_facts(parts)), False
        macros = any(name.endswith("vbaProject.bin") for name in names)
        return ({} if "xl/workbook.bin" in names else xlsx_facts(parts)), macros
    if content.startswith(_OLE):
        if _named("EncryptedPackage", content):
            raise protected()
        return _bounded(xls_facts(content)), _named("_VBA_PROJECT", content)
    raise UnreadableFile(
        "no-workbook",
        "This file is not an Excel workbook." if content else "This file is empty.",
        "Drop the completed assessment matrix as an Excel workbook (.xlsx).",
    )


def _bounded(facts: Mapping[str, SheetFacts]) -> Mapping[str, SheetFacts]:
    """Of these kinds calamine reads every sheet at once, each as a full grid up to its last cell."""
    if any(f.rows * f.columns > MAX_ROWS * MAX_COLUMNS for f in facts.values()):
        raise _too_large("A sheet of this workbook is far larger than any form.")
    return facts


def _named(name: str, content: bytes) -> bool:
    """Whether the container of an older Office file has a part of that name in its directory."""
    return name.encode("utf-16-le") in content


def _sheet(grid: calamine.CalamineSheet, hidden: bool, facts: SheetFacts) -> Sheet:
    cells: dict[Place, CellValue] = {}
    formulas = facts.formulas
    for r, row in enumerate(grid.to_python(skip_empty_area=False, nrows=MAX_ROWS)):
        for c, value in enumerate(row):
            if value != "":
                place = r, c
                text, date = _shown(value)
                cells[place] = CellValue(text, date, place in formulas)
    for place, text in facts.texts.items():
        cells[place] = CellValue(text.strip(), formula=place in formulas)
    for place, look in facts.looks.items():
        if place in cells and cells[place].text:
            cells[place] = _as_it_looks(cells[place], look)
    for place in facts.uncalculated:
        cells[place] = CellValue("", formula=True, uncalculated=True)
    return Sheet(
        grid.name,
        hidden,
        {place: cell for place, cell in cells.items() if cell.text or cell.formula},
        dict(grid.merged_cell_ranges or ()) | facts.merged,
        frozenset(facts.coloured),
        frozenset(facts.partly_struck),
        facts.comments,
        tuple(facts.floating),
        facts.blind,
    )


def _as_it_looks(cell: CellValue, look: Look) -> CellValue:
    text = as_formatted(cell.text, look)
    if look.font:
        text = as_seen(text, look.font)
    if look.struck:
        text = struck_out(text)
    return cell if text == cell.text else CellValue(text, formula=cell.formula)


def _shown(value: object) -> tuple[str, dt.date | None]:
    match value:
        case str():
            return value.replace("\r\n", "\n").replace("\r", "\n").strip(), None
        case bool():
            return ("TRUE" if value else "FALSE"), None
        case float() | int():
            # 15 digits, as Excel shows them; a whole number has no ".0".
            return (str(int(value)) if value == int(value) else format(value, ".15g")), None
        case dt.datetime():
            day = value.date()
            return (day.isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")), day
        case dt.date():
            return value.isoformat(), value
        case dt.time():
            return value.isoformat("minutes"), None
        case _:
            return str(value), None


@contextmanager
def _own_errors() -> Iterator[None]:
    """Turn whatever a library says of a damaged file into words for the sender."""
    try:
        yield
    except (UnreadableFile, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except calamine.PasswordError as e:
        raise protected() from e
    except BaseException as e:  # a panic inside calamine is no Exception
        raise UnreadableFile(
            "damaged",
            "This workbook is damaged or incomplete, so it cannot be read.",
            "Open it in Excel, check that it is complete, save it again as .xlsx and drop that.",
        ) from e


def _too_large(what: str) -> UnreadableFile:
    return UnreadableFile(
        "too-large",
        what,
        "Copy the sheets with the assessment into a workbook of their own and drop that.",
    )
