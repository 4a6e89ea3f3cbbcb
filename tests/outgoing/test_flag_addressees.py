"""Whatever records arrive, in whatever order and however corrected: who holds a flag, and nobody is asked twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.outgoing.flag_addressees import to_be_flagged, told_of_flag
from pipeline.rules.case import Letter, MeetingRecord
from pipeline.rules.course import assemble
from pipeline.rules.decision import decide
from pipeline.rules.flag_letters import holding_a_flag
from pipeline.rules.standing import standing
from pipeline.rules.time_limits import time_limits
from tests import factories as make

FIRST = dt.date(2026, 11, 24)
BOOK = [make.agency("Exampleton Night Service", role="Night manager", out_of_hours=True)]


def record(week: int, flag: str | None, agencies: Sequence[str], completed: int) -> MeetingRecord:
    day = FIRST + dt.timedelta(weeks=week)
    rows = [{"Agency": agency, "Name and role": ""} for agency in agencies]
    answers = {"completed_on": f"{day + dt.timedelta(days=completed):%d/%m/%Y}"}
    return make.meeting_record(meeting="panel", date=day, flag=flag, attendance=rows, answers=answers)


RECORDS = st.lists(
    st.builds(
        record,
        st.integers(0, 4),
        st.sampled_from(["raise", "keep", "remove", "no flag", None]),
        st.lists(st.sampled_from(["Police", "Club", "Health Trust"]), min_size=1, max_size=2, unique=True),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=6,
)


def drafted(arrived: Sequence[MeetingRecord]) -> list[Letter]:
    """Every letter about a flag that the records call for, arriving one after the other."""
    letters: list[Letter] = []
    for n, leading in enumerate(arrived):
        case = assemble("CF104233", arrived[: n + 1], leading)
        stands = standing(case)
        decision = decide(leading, case, stands, letters)
        here = make.occasion(leading, case, decision, stands=stands, letters=tuple(letters), agencies=BOOK)
        since = here.flag.since if here.flag else None
        asked = [("flag", to) for to in to_be_flagged(here)] if decision.raise_flag else []
        asked += [("removal", to) for to in told_of_flag(here)] if decision.remove_flag else []
        letters += [
            Letter(f"{n}", purpose, to.recipient, to.who, "", (), leading.date, leading.date, since)  # type: ignore[arg-type]
            for purpose, to in asked
        ]
    return letters


@settings(max_examples=200, deadline=None)
@given(RECORDS)
def test_after_the_last_removal_nobody_holds_a_flag_and_nobody_was_asked_twice(arrived: list[MeetingRecord]) -> None:
    letters = drafted([*arrived, record(9, "remove", ["Police"], 0)])
    assert holding_a_flag(letters) == ()
    for recipient in {letter.recipient for letter in letters}:
        asked = [letter for letter in letters if letter.recipient == recipient]
        assert (asked[0].purpose, asked[-1].purpose) == ("flag", "removal")
        for before, after in pairwise(asked):
            another_flag = before.purpose == "flag" and before.flag_since != after.flag_since
            assert before.purpose != after.purpose or another_flag


@settings(max_examples=200, deadline=None)
@given(RECORDS)
def test_whoever_is_at_a_panel_that_raises_the_flag_holds_it(arrived: list[MeetingRecord]) -> None:
    letters = drafted([*arrived, record(9, "raise", ["Police", "Club"], 0)])
    assert {"Police", "Club"} <= {letter.recipient for letter in holding_a_flag(letters)}


CURLED, STRAIGHT = "Children’s Trust", "Children's Trust"


def test_the_removal_reaches_an_agency_once_whichever_apostrophe_it_is_written_with() -> None:
    first, second = record(0, "raise", [CURLED], 0), record(2, "raise", [STRAIGHT], 0)
    late = record(1, "remove", [CURLED], 0)  # it turns the second raising into another flag, asked for again
    letters = drafted([first, second, late, record(2, "raise", [STRAIGHT], 1), record(9, "remove", [CURLED], 0)])
    asked = [(letter.purpose, letter.recipient) for letter in letters if letter.recipient in (CURLED, STRAIGHT)]
    assert asked == [("flag", CURLED), ("flag", STRAIGHT), ("removal", STRAIGHT)]
    assert holding_a_flag(letters) == ()


def test_a_flag_that_is_asked_for_again_overtakes_the_removal_whichever_apostrophe_it_is_written_with() -> None:
    arrived = [record(0, "raise", [CURLED], 0), record(1, "remove", [CURLED], 0), record(1, "keep", [STRAIGHT], 1)]
    letters = drafted(arrived)
    case = assemble("CF104233", arrived)
    kinds = [limit.kind for limit in time_limits(case, standing(case), letters)]
    assert "flag-review" not in kinds  # the flag stands, and nobody was told otherwise last
