"""The address book agencies.xlsx comes in; one Agency for each of its rows goes out, or every fault by its cell."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import SettingsError
from pipeline.rules.folding import folded

SHEET = "Agencies"
MARKS = ("Core group", "Panel standing member", "Out of hours", "For information only")
HEADINGS = ("Agency", "Role", "Name", "Address", "Telephone", "Email", *MARKS, "Section H label")
YES_NO = {"y": True, "yes": True, "n": False, "no": False, "": False}
ERROR = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """One row of the address book. ``address``: its lines. ``section_h``: the label under which section H of the
    referral lists it, ``""`` if none. What is blank in the book is ``""`` or False. ``known_as``, ``words``: its name,
    and its role and name, as they are compared.
    """

    agency: str
    role: str
    name: str
    address: tuple[str, ...]
    telephone: str
    email: str
    core_group: bool
    standing: bool
    out_of_hours: bool
    for_information: bool
    section_h: str
    known_as: str = field(init=False, repr=False, compare=False)
    words: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known_as", folded(self.agency))
        object.__setattr__(self, "words", folded(f"{self.role} {self.agency}"))


def read_agencies(path: Path, section_h_labels: Sequence[str]) -> tuple[Agency, ...]:
    """Read the sheet "Agencies" of ``path``; ``section_h_labels`` are the services that the referral form lists.

    Raises:
        SettingsError: the book is missing, damaged or wrong; the message names every faulty cell, one a line.
    """
    headings, *rows = _rows(path) or [[]]
    columns = _columns(path, headings)
    labels = {folded(label): label for label in section_h_labels} | {"": ""}
    book: dict[int, dict[str, str]] = {}  # by row
    for number, row in enumerate(rows, start=2):
        texts = {h: row[column] if column < len(row) else "" for h, column in columns.items()}
        if any(texts.values()):
            book[number] = texts
    faults = [
        f"{_cell(columns[h], number)}: {what}"
        for number, texts in book.items()
        for h, what in (_wrong(texts, labels) | _repeated(number, book)).items()
    ]
    if faults:
        raise _faulty(path, faults)
    return tuple(_agency(texts, labels) for texts in book.values())


class AddressBook:
    """The address book in a file, read again when the file has changed: a change applies to the next pack."""

    def __init__(self, path: Path, section_h_labels: Sequence[str]) -> None:
        self._path = path
        self._labels = section_h_labels
        self._read: tuple[tuple[int, int], tuple[Agency, ...]] | None = None

    def __call__(self) -> tuple[Agency, ...]:
        """The agencies as the file says now; raises as `read_agencies` does."""
        try:
            status = self._path.stat()
        except OSError as e:
            raise SettingsError(f"{self._path.name}: is missing in {self._path.parent}.") from e
        now = status.st_mtime_ns, status.st_size
        if self._read is None or self._read[0] != now:
            self._read = now, read_agencies(self._path, self._labels)
        return self._read[1]


def _columns(path: Path, headings: Sequence[str]) -> dict[str, int]:
    """Where each column stands. What is in brackets behind a heading is for the reader, not for us."""
    found = [folded(re.sub(r"\(.*", "", text, flags=re.DOTALL)) for text in headings]
    wanted = {folded(h): h for h in HEADINGS}
    faults = [f'{SHEET}!1:1: the heading "{h}" is missing' for key, h in wanted.items() if key not in found]
    faults += [
        f'{_cell(i, 1)}: the heading "{wanted[key]}" stands twice'
        for i, key in enumerate(found)
        if key in wanted and key in found[:i]
    ]
    if faults:
        raise _faulty(path, faults)
    return {h: found.index(key) for key, h in wanted.items()}


def _rows(path: Path) -> list[list[str]]:
    """The text of each cell, in lines without needless space."""
    import openpyxl  # a tenth of a second, for the commands that write documents only
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        # Read only: openpyxl else warns of every drop-down list that a newer Excel has saved.
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            if SHEET not in book.sheetnames:
                raise SettingsError(f'{path.name}: the sheet "{SHEET}" is missing.')
            sheet = book[SHEET]
            sheet.reset_dimensions()  # other programs write a size of the sheet that is not so
            return [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        finally:
            book.close()
    except (OSError, InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, SyntaxError) as e:
        raise SettingsError(
            f"{path.name}: cannot be read in {path.parent}: missing, damaged or with a password."
        ) from e


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    lines = (" ".join(line.split()) for line in ("" if value is None else str(value)).splitlines())
    return "\n".join(line for line in lines if line)


def _wrong(texts: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a row, by heading."""
    wrong = {h: "this formula has no result; write the text itself" for h in HEADINGS if ERROR.fullmatch(texts[h])}
    wrong |= {h: "write y or n" for h in MARKS if texts[h].casefold() not in YES_NO}
    if not texts["Agency"]:
        wrong["Agency"] = "write the name of the agency"
    if folded(texts["Section H label"]) not in labels:
        wrong["Section H label"] = (
            "choose one of the services that section H of the referral form lists, from the drop-down"
        )
    return wrong


def _repeated(number: int, book: Mapping[int, Mapping[str, str]]) -> dict[str, str]:
    def who(texts: Mapping[str, str]) -> tuple[str, str]:
        return folded(texts["Agency"]), folded(texts["Role"])

    same = next(n for n, texts in book.items() if who(texts) == who(book[number]))
    if same == number or not book[number]["Agency"]:
        return {}
    return {"Agency": f"row {same} has the same agency and role; keep one of the two, or change a role"}


def _agency(texts: Mapping[str, str], labels: Mapping[str, str]) -> Agency:
    core_group, standing, out_of_hours, for_information = (YES_NO[texts[h].casefold()] for h in MARKS)
    address = texts["Address"].split("\n" if "\n" in texts["Address"] else ",")
    return Agency(
        agency=_line(texts["Agency"]),
        role=_line(texts["Role"]),
        name=_line(texts["Name"]),
        address=tuple(line.strip() for line in address if line.strip()),
        telephone=_line(texts["Telephone"]),
        email=_line(texts["Email"]),
        core_group=core_group,
        standing=standing,
        out_of_hours=out_of_hours,
        for_information=for_information,
        section_h=labels[folded(texts["Section H label"])],
    )


def _line(text: str) -> str:
    return text.replace("\n", " ")


def _cell(column: int, row: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{SHEET}!{get_column_letter(column + 1)}{row}"


def _faulty(path: Path, faults: Sequence[str]) -> SettingsError:
    return SettingsError("\n".join(f"{path.name}: {fault}." for fault in faults))
