"""What is due, by which day, and when who meets next."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from pipeline.outgoing.due import due, next_meetings
from pipeline.rules.case import Letter
from pipeline.rules.limit import TimeLimit
from pipeline.rules.standing import Spell
from tests import factories as make

FRIDAY_27 = dt.date(2026, 11, 27)
CORE_GROUP = TimeLimit("core-group", "CF104233", "Hold the next Core Group.", FRIDAY_27, "2.8, 3.3")
PANEL = TimeLimit("panel", "CF104233", "Review the case at the panel.", dt.date(2026, 11, 2), "2.5.14")
CASE = make.case(assessment=make.assessment())


def test_what_is_due_names_its_day_its_clause_and_what_is_overdue() -> None:
    said = due(make.occasion(make.assessment(), CASE, make.decision(), limits=[PANEL, CORE_GROUP]))
    assert said == [
        {"what": "Review the case at the panel", "by": "Monday 2 November 2026 (overdue)", "clause": "2.5.14"},
        {"what": "Hold the next Core Group", "by": "Friday 27 November 2026", "clause": "2.8, 3.3"},
    ]


def test_a_letter_is_named_by_its_agency_and_anything_else_by_what_it_is_about() -> None:
    letter = Letter("CF104233-1-02", "flag", "Police", (), "", (), make.NOVEMBER_3, FRIDAY_27)
    limits = [
        TimeLimit("acknowledgement", "CF104233", "Ask the agency.", FRIDAY_27, "2.5.14", "CF104233-1-02"),
        TimeLimit("exclusion", "CF104233", "Agree a plan.", FRIDAY_27, "2.5.38", "Youth club"),
    ]
    said = due(make.occasion(make.assessment(), CASE, make.decision(), limits=limits, letters=[letter]))
    assert [limit["what"] for limit in said] == ["Ask the agency (Police)", "Agree a plan (Youth club)"]


def test_the_next_meetings_are_those_that_a_limit_runs_for() -> None:
    exclusion = TimeLimit("exclusion", "CF104233", "Agree a plan.", FRIDAY_27, "2.5.38")
    said = next_meetings(make.occasion(make.assessment(), CASE, make.decision(), limits=[PANEL, CORE_GROUP, exclusion]))
    assert said == [
        {"meeting": "Panel", "due": "within a month, by Monday 2 November 2026 (overdue)"},
        {"meeting": "Core Group", "due": "within 4 weeks, by Friday 27 November 2026"},
    ]


def test_a_core_group_that_is_only_considered_is_named_so() -> None:
    considered = make.occasion(make.assessment(), CASE, make.decision("consider"))
    assert next_meetings(considered) == [
        {"meeting": "Core Group, if one is formed", "due": "within 4 weeks, by Friday 27 November 2026"}
    ]
    stands = replace(make.NOTHING, core_group=Spell(make.NOVEMBER_3))
    formed = replace(considered, stands=stands, limits=[CORE_GROUP])
    assert [row["meeting"] for row in next_meetings(formed)] == ["Core Group"]


def test_where_nothing_is_due_the_next_meeting_is_for_people_to_write() -> None:
    assert next_meetings(make.occasion(make.assessment(), CASE, make.decision("none"))) == [
        {"meeting": "Next meeting", "due": "[to be completed: date, or none is needed]"}
    ]


def test_what_is_asked_of_many_by_the_same_day_stands_once() -> None:
    letters = [
        Letter(f"CF104233-1-0{n}", "flag", agency, (), "", (), make.NOVEMBER_3, FRIDAY_27)
        for n, agency in enumerate(("Police", "School"))
    ]
    ask = "Ask whether the flag has been set."
    limits = [TimeLimit("acknowledgement", "CF104233", ask, FRIDAY_27, "2.5.14", x.reference) for x in letters]
    later = TimeLimit("acknowledgement", "CF104233", ask, dt.date(2026, 12, 1), "2.5.14", "CF104233-1-00")
    said = due(make.occasion(make.assessment(), CASE, make.decision(), limits=[*limits, later], letters=letters))
    assert [(x["what"], x["by"]) for x in said] == [
        ("Ask whether the flag has been set (Police; School)", "Friday 27 November 2026"),
        ("Ask whether the flag has been set (Police)", "Tuesday 1 December 2026"),
    ]


def test_many_agencies_are_counted() -> None:
    letters = [
        Letter(f"CF104233-1-0{n}", "flag", f"Agency {n}", (), "", (), make.NOVEMBER_3, FRIDAY_27) for n in range(4)
    ]
    ask = "Ask whether the flag has been set."
    limits = [TimeLimit("acknowledgement", "CF104233", ask, FRIDAY_27, "2.5.14", x.reference) for x in letters]
    few, many = (
        due(make.occasion(make.assessment(), CASE, make.decision(), limits=limits[:most], letters=letters))
        for most in (3, 4)
    )
    assert [x["what"] for x in few] == ["Ask whether the flag has been set (Agency 0; Agency 1; Agency 2)"]
    assert [x["what"] for x in many] == ["Ask whether the flag has been set (4 agencies, which the action plan names)"]


def test_services_and_days_are_named_however_many_they_are() -> None:
    clubs, days = (
        ("Boxing club", "Choir", "School", "Youth club"),
        ("03/11/2026", "10/11/2026", "17/11/2026", "24/11/2026"),
    )
    limits = [TimeLimit("exclusion", "CF104233", "Agree a plan.", FRIDAY_27, "2.5.38", club) for club in clubs]
    limits += [TimeLimit("no-matrix", "CF104233", "Consider a matrix.", FRIDAY_27, "3.3", day) for day in days]
    said = due(make.occasion(make.assessment(), CASE, make.decision(), limits=limits))
    assert [limit["what"] for limit in said] == [
        "Agree a plan (Boxing club; Choir; School; Youth club)",
        "Consider a matrix (03/11/2026; 10/11/2026; 17/11/2026; 24/11/2026)",
    ]
