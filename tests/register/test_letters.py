"""Every letter that was drafted is kept once, and with it the day on which its agency said that it was done."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from dataclasses import replace

import pytest

from pipeline.audit import faults
from pipeline.register import Entry, Register
from pipeline.rules.case import Acknowledgement, Letter
from tests import factories
from tests.register.given import EVENING, MORNING, accept, letter, slip

POLICE, HEALTH = letter("CF104233-0a1b2c3d-1", "Police"), letter("CF104233-0a1b2c3d-2", "Health")


@pytest.fixture
def drafted(register: Register) -> Register:
    accept(register, "a", factories.meeting_record(), [POLICE, HEALTH])
    return register


def test_letters_are_held_as_they_were_drafted_and_in_that_order(drafted: Register) -> None:
    later = replace(
        POLICE,
        reference="CF104233-00000000-1",
        who=("B. Officer", "Inspector"),
        address=("1 Example Road", "ZZ1 1ZZ"),
        flag_since=dt.date(2026, 11, 24),
    )
    accept(drafted, "b", factories.meeting_record(date=dt.date(2026, 12, 1)), [later])
    assert drafted.letters("CF104233") == (POLICE, HEALTH, later)
    assert drafted.letters("CF104233", besides="a") == (later,)
    assert drafted.letters("CF104234") == ()


def test_a_letter_is_kept_once_as_it_was_first_drafted(drafted: Register) -> None:
    accept(drafted, "a", factories.meeting_record(), [replace(POLICE, recipient="Fire"), HEALTH])
    assert drafted.letters("CF104233") == (POLICE, HEALTH)


@pytest.mark.parametrize("reference", [POLICE.reference, "cf104233-0A1B2C3D-1", " CF104233-0a1b2c3d-1\n"])
def test_a_letter_is_acknowledged_by_its_reference_however_it_is_written(drafted: Register, reference: str) -> None:
    assert drafted.acknowledge(reference, dt.date(2026, 12, 2), EVENING) == replace(
        POLICE, acknowledged=dt.date(2026, 12, 2)
    )
    assert [x.acknowledged for x in drafted.letters("CF104233")] == [dt.date(2026, 12, 2), None]


def test_the_first_day_stays_and_is_audited_once(drafted: Register) -> None:
    for day in (2, 2, 5):
        found = drafted.acknowledge(POLICE.reference, dt.date(2026, 12, day), EVENING)
        assert found is not None and found.acknowledged == dt.date(2026, 12, 2)
    lines = list(drafted.audit())
    said = [(x.case, x.sha256, x.details) for x in lines if x.what == "acknowledged"]
    assert said == [("CF104233", "a", '{"letter": "CF104233-0a1b2c3d-1", "on": "2026-12-02"}')]
    assert faults(lines) == []


def test_a_reference_that_no_letter_bears_acknowledges_nothing(drafted: Register) -> None:
    assert drafted.acknowledge("CF104233-0a1b2c3d-3", dt.date(2026, 12, 2), EVENING) is None
    assert "acknowledged" not in {x.what for x in drafted.audit()}


@pytest.mark.parametrize(
    ("said", "acknowledged"),
    [
        (slip(POLICE.reference.upper(), dt.date(2026, 12, 2), True), dt.date(2026, 12, 2)),
        (slip(POLICE.reference, None, True), MORNING.date()),
        (slip(POLICE.reference, dt.date(2026, 11, 23), True), MORNING.date()),  # the letter was drafted on the 24th
        (slip(POLICE.reference, dt.date(2026, 12, 2), None), dt.date(2026, 12, 2)),
        (slip(POLICE.reference, dt.date(2026, 12, 2), False), None),
        (slip("CF104233-0a1b2c3d-9", dt.date(2026, 12, 2), True), None),
        (slip(POLICE.reference, dt.date(2026, 12, 2), True, case="CF104234"), None),
    ],
)
def test_a_slip_acknowledges_the_letter_of_its_case_that_it_names(
    drafted: Register, said: Acknowledgement, acknowledged: dt.date | None
) -> None:
    accept(drafted, "slip", said)
    assert [x.acknowledged for x in drafted.letters("CF104233")] == [acknowledged, None]


@pytest.mark.parametrize("days", [(2, 5), (5, 2)])
def test_of_several_slips_the_first_day_stays_in_any_order_of_arrival(drafted: Register, days: tuple[int, int]) -> None:
    for day in days:
        accept(drafted, f"slip-{day}", slip(POLICE.reference, dt.date(2026, 12, day), True))
    assert drafted.letters("CF104233")[0].acknowledged == dt.date(2026, 12, 2)


def test_a_slip_that_went_back_acknowledges_nothing(drafted: Register) -> None:
    drafted.arrived("slip", 9, MORNING)
    drafted.record("slip", [Entry("", "acknowledgement", "CF104233", "returned", None)], (), MORNING)
    assert drafted.letters("CF104233") == (POLICE, HEALTH)


def test_a_letter_and_the_form_that_led_to_it_are_recorded_together_or_not_at_all(register: Register) -> None:
    broken = replace(HEALTH, reply_by=None)  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError) as raised:
        accept(register, "a", factories.meeting_record(), [POLICE, broken])
    assert register.letters("CF104233") == () and register.case("CF104233", besides="") == ()
    assert "Health" not in str(raised.value)  # what is recorded stands in no log


def test_a_letter_is_a_letter_whatever_it_holds(register: Register) -> None:
    who, address = (), ('"Élan"\\', "line\n\x00\x7f", "😀")
    odd = Letter("É-1", "invitation", "", who, "", address, MORNING.date(), MORNING.date(), None, MORNING.date())
    accept(register, "a", factories.meeting_record(), [odd])
    assert register.letters("CF104233") == (odd,)
    with register._database.asking() as connection:
        kept = connection.execute("SELECT who, address FROM letters").fetchone()
    assert kept == (json.dumps(who), json.dumps(address))  # as every release has written it
    assert register.acknowledge("é-1", dt.date(2026, 12, 24), EVENING) == odd
