"""Who was asked to set a flag or to take it down, and who has."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from pipeline.outgoing.flags import flag
from pipeline.outgoing.occasion import Occasion
from pipeline.rules.case import Letter
from pipeline.rules.standing import Flag
from tests import factories as make

RAISED, REMOVED = dt.date(2026, 11, 24), dt.date(2027, 4, 20)
RECORD = make.meeting_record(date=RAISED, flag="raise")
CASE = make.case(assessment=make.assessment(), meetings=[RECORD])
STANDS = Flag(RAISED, "core group", review_by=dt.date(2027, 3, 1))


def letter(recipient: str, purpose: str = "flag", **other: object) -> Letter:
    kept = Letter("CF104233-1", "flag", recipient, (), "", (), dt.date(2026, 11, 25), dt.date(2026, 12, 2), RAISED)
    return replace(kept, purpose=purpose, **other)  # type: ignore[arg-type]


def occasion(*letters: Letter, stood: Flag | None = STANDS, today: dt.date = dt.date(2026, 11, 30)) -> Occasion:
    stands = replace(make.NOTHING, flag=stood if stood and not stood.until else None, flags=(stood,) if stood else ())
    return make.occasion(RECORD, CASE, make.decision("meeting"), stands=stands, letters=letters, today=today)


def test_a_flag_that_stands_says_since_when_who_raised_it_and_when_to_review_it() -> None:
    said = flag(occasion())
    assert (said["has_flag"], said["flag_stands"]) == (True, True)
    assert said["flag"] == {
        "since": "Tuesday 24 November 2026",
        "raised_by": "Core Group",
        "review_by": "Monday 1 March 2027",
        "until": "",
    }


def test_each_agency_that_was_asked_stands_with_its_acknowledgement() -> None:
    acknowledged = letter("Police", acknowledged=dt.date(2026, 11, 27))
    said = flag(occasion(acknowledged, letter("Night team"), today=dt.date(2026, 12, 3)))
    assert said["asked_to_flag"] == [
        {"agency": "Police", "asked_on": "25 November 2026", "acknowledged": "27 November 2026"},
        {
            "agency": "Night team",
            "asked_on": "25 November 2026",
            "acknowledged": "Not yet: due by 2 December 2026 (overdue)",
        },
    ]
    assert said["asked_to_remove"] == []


def test_letters_of_another_flag_and_of_another_purpose_are_no_part_of_it() -> None:
    before = Flag(dt.date(2025, 1, 7), "panel", until=dt.date(2025, 3, 4))
    case = occasion(letter("Police", flag_since=before.since), letter("Carer", "core group"))
    said = flag(replace(case, stands=replace(case.stands, flags=(before, STANDS))))
    assert (said["asked_to_flag"], said["asked_to_remove"]) == ([], [])


def test_a_letter_stays_on_the_list_when_a_late_record_moves_the_day_of_the_flag() -> None:
    said = flag(occasion(letter("Police", flag_since=RAISED + dt.timedelta(days=14))))
    assert [row["agency"] for row in said["asked_to_flag"]] == ["Police"]  # type: ignore[attr-defined]


def test_the_letters_of_this_pack_are_counted_in() -> None:
    here = occasion()
    said = flag(replace(here, decision=replace(here.decision, raise_flag=True)))
    asked = said["asked_to_flag"]
    assert asked
    assert {(row["asked_on"], row["acknowledged"]) for row in asked} == {  # type: ignore[attr-defined]
        ("30 November 2026", "Not yet: the letter is in this pack")
    }


def test_a_flag_that_was_taken_down_waits_for_its_removal_alone() -> None:
    gone = replace(STANDS, until=REMOVED)
    letters = (letter("Police"), letter("Police", "removal", drafted=REMOVED, reply_by=dt.date(2027, 4, 27)))
    said = flag(occasion(*letters, stood=gone, today=REMOVED))
    assert (said["has_flag"], said["flag_stands"]) == (True, False)
    assert said["flag"]["until"] == "Tuesday 20 April 2027"  # type: ignore[index]
    assert [row["acknowledged"] for row in said["asked_to_flag"]] == ["Not acknowledged"]  # type: ignore[attr-defined]
    assert said["asked_to_remove"] == [
        {"agency": "Police", "asked_on": "20 April 2027", "acknowledged": "Not yet: due by 27 April 2027"}
    ]


def test_a_review_without_a_day_is_for_people_to_write() -> None:
    said = flag(occasion(stood=replace(STANDS, review_by=None)))
    assert said["flag"]["review_by"] == "[to be completed: date by which to review the flag]"  # type: ignore[index]


def test_without_a_flag_there_is_none_to_tell() -> None:
    said = flag(occasion(stood=None))
    assert (said["has_flag"], said["flag_stands"], said["flag"]) == (False, False, {})
