"""The actions of a case, as the plan and the report tell them."""

from __future__ import annotations

import datetime as dt

from pipeline.outgoing.progress import actions, since
from pipeline.rules.actions import Action

AGREED = dt.date(2026, 11, 24)
TODAY = dt.date(2026, 12, 12)


def action(number: int, *, is_open: bool = True, updated: dt.date | None = None, **said: str) -> Action:
    words = {"text": "Weekly session", "owner": "MOSAIC", "by_when": "11/12/2026", "risk": "Drug misuse"} | said
    return Action(
        number=f"24/11/2026-{number}",
        by=dt.date(2026, 12, 11) if words["by_when"] == "11/12/2026" else None,
        status=words.pop("status", ""),
        impact=words.pop("impact", ""),
        agreed_on=AGREED,
        updated_on=updated,
        open=is_open,
        **words,
    )


def test_an_action_says_who_does_what_by_when_and_what_it_has_come_to() -> None:
    done = action(1, is_open=False, status="Done", impact="Sleeps at home again.", updated=TODAY)
    assert actions([done], TODAY) == [
        {
            "number": "24/11/2026-1",
            "action": "Weekly session",
            "risk": "Drug misuse",
            "owner": "MOSAIC",
            "by_when": "11 December 2026",
            "status": "Done",
            "impact": "Sleeps at home again.",
            "updated_on": "12 December 2026",
        }
    ]


def test_open_actions_come_first_in_the_order_in_which_they_were_agreed() -> None:
    agreed = [action(1, is_open=False), action(2), action(3, is_open=False), action(4)]
    assert [row["number"][-1] for row in actions(agreed, TODAY)] == ["2", "4", "1", "3"]


def test_only_an_open_action_is_overdue() -> None:
    rows = actions([action(1), action(2, is_open=False)], TODAY)
    assert [row["by_when"] for row in rows] == ["11 December 2026 (overdue)", "11 December 2026"]
    assert actions([action(1)], dt.date(2026, 12, 11))[0]["by_when"] == "11 December 2026"


def test_a_day_that_is_no_date_stands_as_written_and_a_blank_is_labelled() -> None:
    rows = actions([action(1, by_when="each week"), action(2, by_when="", owner="")], TODAY)
    assert [row["by_when"] for row in rows] == ["each week", "[to be completed: date]"]
    assert rows[1]["owner"] == "[to be completed: owner and agency]"
    assert rows[1]["status"] == "[to be completed: status]"


def test_a_report_tells_what_is_open_and_what_was_touched_since_the_review() -> None:
    agreed = [
        action(1, is_open=False, updated=dt.date(2026, 12, 1)),
        action(2, is_open=False, updated=dt.date(2026, 12, 9)),
        action(3),
    ]
    assert [a.number[-1] for a in since(agreed, dt.date(2026, 12, 1))] == ["2", "3"]
    assert since(agreed, None) == agreed
