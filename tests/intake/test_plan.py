"""What is done with each file in the inbox follows from how it lies there and what is known."""

from __future__ import annotations

import pytest

from pipeline.intake.plan import Action, Found, Known, Listing, Plan, Seen, plan

SEEN = Seen(1000, 1, 1)
MARK = "0123456789abcdef"
NOBODY_KNOWN = Known(MARK, {})


def planned(found: Found, known: Known = NOBODY_KNOWN, now: float = 10.0) -> Action:
    [action] = plan(Listing(MARK, (found,)), known, now, settle_seconds=1.0).actions
    return action


def test_a_file_that_has_lain_still_is_taken() -> None:
    assert planned(Found("form.xlsx", SEEN, still_since=9.0)) == Action("take", "form.xlsx")


def test_a_file_that_still_changes_waits() -> None:
    action = planned(Found("form.xlsx", SEEN, still_since=9.1))
    assert (action.kind, action.reason) == ("wait", "it is still being written")


def test_a_file_that_somebody_has_open_waits_and_says_who() -> None:
    action = planned(Found("form.xlsx", SEEN, still_since=0.0, open_by="Pat Manager"))
    assert (action.kind, action.reason) == ("wait", "Pat Manager has it open")


def test_a_file_that_could_not_be_worked_off_waits_until_its_pause_is_over() -> None:
    found, known = Found("form.xlsx", SEEN, still_since=0.0), Known(MARK, {"form.xlsx": 10.0})
    assert planned(found, known, now=9.9).kind == "wait"
    assert planned(found, known, now=10.0).kind == "take"


@pytest.mark.parametrize(
    ("known", "there", "gone"),
    [
        (MARK, MARK, False),
        ("", "", False),  # never seen: new
        ("", MARK, False),  # made by another program
        (MARK, "", True),  # an empty folder where the share was mounted
        (MARK, "another", False),  # another inbox, mounted on purpose
    ],
)
def test_a_share_that_is_gone_is_no_empty_inbox(known: str, there: str, gone: bool) -> None:
    listing = Listing(there, (Found("form.xlsx", SEEN, 0.0),))
    assert plan(listing, Known(known, {}), 10.0, 1.0) == Plan(gone, () if gone else (Action("take", "form.xlsx"),))
