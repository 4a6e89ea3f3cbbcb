"""The address book: what is read from it, and that each fault is named by its cell."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.errors import SettingsError
from pipeline.outgoing.agencies import HEADINGS, Agency, read_agencies
from tests.templates.agencies import ADDRESS_BOOK, WITHOUT_ROW, address_book, section_h_labels

LABELS = ("Substance Misuse Services", "RU Safe? (Barnardo's)")
ROW = {
    "Agency": "Exampleton Police",
    "Role": "Community Police",
    "Address": "2 Sample Street\nExampleton",
    "Telephone": "01632 960100",
    "Core group": "y",
}


def book(tmp_path: Path, *rows: dict[str, object], headings: Sequence[str] = HEADINGS, sheet: str = "Agencies") -> Path:
    workbook = Workbook()
    workbook.active.title = sheet
    workbook.active.append(list(headings))
    for row in rows:
        workbook.active.append([row.get(heading) for heading in headings])
    path = tmp_path / "agencies.xlsx"
    workbook.save(path)
    return path


def read(tmp_path: Path, *rows: dict[str, object]) -> tuple[Agency, ...]:
    return read_agencies(book(tmp_path, *rows), LABELS)


def faults(tmp_path: Path, *rows: dict[str, object]) -> list[str]:
    with pytest.raises(SettingsError) as e:
        read(tmp_path, *rows)
    return [line.removeprefix("agencies.xlsx: ") for line in str(e.value).splitlines()]


def test_every_column_is_read(tmp_path: Path) -> None:
    row = ROW | {
        "Name": " Robin   Sample ",
        "Email": "robin.sample@example.org",
        "Panel standing member": "YES",
        "Out of hours": "No",
        "Section H label": "Substance Misuse Services",
    }

    assert read(tmp_path, row) == (
        Agency(
            agency="Exampleton Police",
            role="Community Police",
            name="Robin Sample",
            address=("2 Sample Street", "Exampleton"),
            telephone="01632 960100",
            email="robin.sample@example.org",
            core_group=True,
            standing=True,
            out_of_hours=False,
            for_information=False,
            section_h="Substance Misuse Services",
        ),
    )


def test_columns_are_found_by_their_headings_in_any_order(tmp_path: Path) -> None:
    headings = ["Remarks", *reversed(HEADINGS)]
    headings[headings.index("Core group")] = "  core  GROUP\n(y/n)"
    path = book(tmp_path, {"  core  GROUP\n(y/n)": "y", "Agency": "MOSAIC", "Remarks": "rings back"}, headings=headings)

    (agency,) = read_agencies(path, LABELS)

    assert (agency.agency, agency.core_group, agency.role) == ("MOSAIC", True, "")


def test_blank_rows_are_passed_over(tmp_path: Path) -> None:
    assert len(read(tmp_path, {}, ROW, {"Name": "  "}, ROW | {"Role": "Other"})) == 2


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("2 Sample Street\r\n\n Exampleton ", ("2 Sample Street", "Exampleton")),
        ("2 Sample Street, Exampleton,ZZ1 1ZZ", ("2 Sample Street", "Exampleton", "ZZ1 1ZZ")),
        ("Kite House, first floor\nExampleton", ("Kite House, first floor", "Exampleton")),
        (None, ()),
    ],
)
def test_an_address_has_lines(tmp_path: Path, written: str | None, lines: tuple[str, ...]) -> None:
    assert read(tmp_path, ROW | {"Address": written})[0].address == lines


@pytest.mark.parametrize(
    ("written", "text"), [("01632 960100", "01632 960100"), (999, "999"), (99.5, "99.5"), (None, "")]
)
def test_a_telephone_number_stays_as_written(tmp_path: Path, written: object, text: str) -> None:
    assert read(tmp_path, ROW | {"Telephone": written})[0].telephone == text


def test_a_book_that_another_program_wrote_is_read_alike(tmp_path: Path) -> None:
    path = book(tmp_path, ROW | {"Telephone": 999})
    with zipfile.ZipFile(path) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    # Apache POI writes whole numbers as doubles; others get the size of the sheet wrong.
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"<v>999</v>", b"<v>999.0</v>").replace(b'ref="A1:K2"', b'ref="A1"')
    with zipfile.ZipFile(path, "w") as rewritten:
        for name, content in parts.items():
            rewritten.writestr(name, content)

    assert read_agencies(path, LABELS)[0].telephone == "999"


def test_a_label_of_section_h_is_given_as_the_form_prints_it(tmp_path: Path) -> None:
    assert read(tmp_path, ROW | {"Section H label": "ru safe? (Barnardo’s) "})[0].section_h == "RU Safe? (Barnardo's)"


def test_every_fault_is_named_by_its_cell_all_at_once(tmp_path: Path) -> None:
    assert faults(
        tmp_path,
        ROW | {"Core group": "maybe"},
        {"Role": "Nobody"},
        ROW | {"Role": " community  POLICE"},
        ROW | {"Agency": "MOSAIC", "Section H label": "Astrology", "For information only": "x"},
        ROW | {"Agency": "KITE", "Email": "#REF!"},
    ) == [
        "Agencies!G2: write y or n.",
        "Agencies!A3: write the name of the agency.",
        "Agencies!A4: row 2 has the same agency and role; keep one of the two, or change a role.",
        "Agencies!J5: write y or n.",
        "Agencies!K5: choose one of the services that section H of the referral form lists, from the drop-down.",
        "Agencies!F6: this formula has no result; write the text itself.",
    ]


def test_a_missing_heading_is_named(tmp_path: Path) -> None:
    path = book(tmp_path, headings=[h for h in HEADINGS if h not in ("Email", "Out of hours")])

    with pytest.raises(SettingsError) as e:
        read_agencies(path, LABELS)

    assert [line.split(": ")[-1] for line in str(e.value).splitlines()] == [
        'the heading "Email" is missing.',
        'the heading "Out of hours" is missing.',
    ]


def test_a_heading_that_stands_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r'Agencies!L1: the heading "Email" stands twice'):
        read_agencies(book(tmp_path, headings=[*HEADINGS, "email"]), LABELS)


def test_a_missing_sheet_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match='the sheet "Agencies" is missing'):
        read_agencies(book(tmp_path, sheet="Sheet1"), LABELS)


@pytest.mark.parametrize("content", [None, b"", b"PK\3\4 damaged", b"\xd0\xcf\x11\xe0 with a password"])
def test_a_book_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "agencies.xlsx").write_bytes(content)

    with pytest.raises(SettingsError, match=r"agencies.xlsx: cannot be read"):
        read_agencies(tmp_path / "agencies.xlsx", LABELS)


def test_an_empty_sheet_lacks_its_headings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match='"Agency" is missing'):
        read_agencies(book(tmp_path, headings=[]), LABELS)


def test_the_book_as_shipped_is_what_its_maker_makes() -> None:
    assert ADDRESS_BOOK.read_bytes() == address_book()


def test_the_book_as_shipped_has_whom_the_policies_name() -> None:
    agencies = read_agencies(ADDRESS_BOOK, section_h_labels())

    assert set(section_h_labels()) - {a.section_h for a in agencies} == {
        *WITHOUT_ROW,
    }
    assert len([a for a in agencies if a.core_group]) == 8
    assert len([a for a in agencies if a.standing]) == 6
    assert [a.agency for a in agencies if a.for_information] == ["Exampleton Emergency Duty Team"]
    assert not [a for a in agencies if "carer" in a.role.lower() or a.role == "School representative"]
    assert all(a.email.endswith("@example.org") and a.telephone.startswith("01632 960") for a in agencies)


def test_the_book_as_shipped_offers_its_choices() -> None:
    sheet = load_workbook(ADDRESS_BOOK)["Agencies"]

    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}

    assert rules == {"G2:J500": '"y,n"', "K2:K500": "'Section H'!$A$2:$A$16"}
    assert sheet.freeze_panes == "B2"
