"""A meeting record and how its case stands come in; what the procedure asks for now goes out, with its clauses.

Clauses 2.1 to 4.1 are Stockport's procedure 2.25; 2.5.x are Buckinghamshire's procedure 2.5.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.rules.case import Ask, Case, Decision, Letter, MeetingRecord
from pipeline.rules.flag_letters import holding_a_flag
from pipeline.rules.standing import Standing, kind_of_next

HEAR_VIEWS = Ask("Hear the young person's views. Record any that are overridden because of the risk, and why.", "2.7")
ONE_REPORT = Ask(
    "The Core Group reports to the statutory review on progress, in one report agreed by all. Record disagreement and "
    "challenge in it.",
    "3.4",
)

_OVERTAKEN = Ask("A later meeting is on record. What it decided stands; read this record beside it.", "2.2")


def after_meeting(record: MeetingRecord, case: Case, stands: Standing, letters: Sequence[Letter]) -> Decision:
    """What a meeting's decisions ask for, as far as no later meeting has decided otherwise."""
    group = stands.core_group is not None
    raised = record.flag in ("raise", "keep") and stands.flag is not None and record.date >= stands.flag.since
    removed = record.flag == "remove" and _takes_down(record, stands, letters)
    return Decision(
        "meeting",
        (
            *_follows(record, case, stands),
            *_about_the_flag(record, stands, raised, removed),
            *_open_points(record, case),
        ),
        tell_members=record.core_group == "establish" and group and not _members_told(case, letters),
        raise_flag=raised,
        remove_flag=removed,
        invite=record.next_meeting is not None and _is_newest(record, case),
        plan=True,
        report=group or record.meeting != "panel",
        record=stands.active,
    )


def _takes_down(record: MeetingRecord, stands: Standing, letters: Sequence[Letter]) -> bool:
    """Whether a removal still does something.

    It does nothing after a later flag was raised, or came and went. But where no flag stands, whoever still holds one
    is told: the record that raised it may have been corrected since.
    """
    ended = bool(stands.flags) and stands.flags[-1].until == record.date
    return ended or (stands.flag is None and bool(holding_a_flag(letters)))


def _members_told(case: Case, letters: Sequence[Letter]) -> bool:
    """Whether letters told of the core group that stands: after the last meeting that left none."""
    left = (m.date for m in case.meetings if m.core_group in ("end", "no core group"))
    since = max(left, default=dt.date.min)
    return any(letter.purpose == "core group" and letter.drafted > since for letter in letters)


def _is_newest(record: MeetingRecord, case: Case) -> bool:
    """Whether no later meeting, nor a later version of this one, speaks about the same next meeting."""
    return [m for m in case.meetings if kind_of_next(m) == kind_of_next(record)][-1:] == [record]


def _follows(record: MeetingRecord, case: Case, stands: Standing) -> list[Ask]:
    """What the meeting's decisions about the core group and the panel ask for; nothing where a later meeting stands."""
    if any(m.date > record.date for m in case.meetings):
        return [_OVERTAKEN]
    asks = []
    if stands.core_group:
        asks += _of_core_group(record, stands.core_group.since)
    elif record.core_group == "end":
        asks.append(Ask("Tell the members of the Core Group and the reviewing officer that it has ended.", "2.5, 3.4"))
    elif record.core_group == "no core group":
        asks.append(Ask("No Core Group is formed. A manager may still decide later that one is needed.", "2.1, 2.5"))
    if record.meeting == "panel":
        asks += _of_panel(record, stands)
    return asks


def _of_core_group(record: MeetingRecord, since: dt.date) -> list[Ask]:
    asks = []
    if record.core_group == "establish":
        asks.append(Ask("Confirm the lead professional at the first Core Group meeting.", "3.2"))
        if not record.answers.get("supervision"):
            asks.append(
                Ask("Agree in supervision, and record, whether the social worker or the manager chairs.", "3.1")
            )
        if not record.questions.get("officer_told"):
            asks.append(Ask("Tell the named Independent Reviewing Officer of the Core Group.", "2.5"))
    if record.core_group == "continue" and since == record.date:
        asks.append(
            Ask(
                "No record says when the Core Group was established. Look for the earlier record and send it.",
                "2.2, 3.3",
            )
        )
    asks.append(
        Ask(
            "The Core Group meets at intervals of not more than 4 weeks, and considers the matrix each time.",
            "2.8, 3.3",
        )
    )
    asks.append(ONE_REPORT)
    return asks


def _of_panel(record: MeetingRecord, stands: Standing) -> list[Ask]:
    if record.accepted is False:
        return [
            Ask("The panel has not accepted the case. It stays with those who are responsible for it.", "2.5.4, 2.5.8")
        ]
    if not stands.panel:
        return []
    asks = [Ask("The panel reviews the case within a month. Case responsibility stays where it is.", "2.5.8, 2.5.14")]
    if not (record.answers.get("lead_agency") and record.answers.get("senior_manager")):
        asks.append(Ask("Identify a lead agency and a named senior manager who own the joint plan.", "2.5.14"))
    return asks


def _about_the_flag(record: MeetingRecord, stands: Standing, raised: bool, removed: bool) -> list[Ask]:
    if raised:
        asks = [
            Ask("Those who attended make sure that the flag reaches their services' systems.", "2.5.14"),
            Ask("The chair tells the services that were not at the meeting.", "2.5.14"),
        ]
        if record.flag == "keep" and stands.flag and stands.flag.since == record.date:
            asks.append(
                Ask("No record says when the flag was raised. Look for the earlier record and send it.", "2.2, 2.5.14")
            )
        if stands.flag and not stands.flag.review_by:
            asks.append(Ask("Agree by when the flag is reviewed.", "2.5.15"))
        return asks
    if removed:
        return [
            Ask("Tell every agency that was told of the flag that it is no longer needed.", "2.5.15"),
            Ask("Each agency removes the flag from its communication and recording systems.", "2.5.16"),
        ]
    if record.flag == "no flag" and stands.flag and record.date >= stands.flag.since:
        return [
            Ask(
                "A flag stands, and this record says that there is none. Decide whether to keep or remove it.", "2.5.15"
            )
        ]
    return []


def _open_points(record: MeetingRecord, case: Case) -> list[Ask]:
    asks = []
    if _differs(record, case) and not record.answers.get("reason"):
        asks.append(Ask("The decision differs from the matrix. Record the reason.", "2.1, 2.5"))
    if not record.answers.get("young_person_views"):
        asks.append(HEAR_VIEWS)
    if record.answers.get("immediate_issues"):
        asks.append(
            Ask("Bring the immediate issues to the Children's Social Care team and the Service Manager now.", "3.4")
        )
    return asks


def _differs(record: MeetingRecord, case: Case) -> bool:
    """Whether the meeting decided otherwise than the newest matrix it could know; a ``consider`` leaves that open."""
    known = [a for a in case.assessments if a.date <= record.date]
    if not known:
        return False
    without = record.core_group in ("end", "no core group")
    with_group = record.core_group in ("establish", "continue")
    return (known[-1].band == "must" and without) or (known[-1].band == "none" and with_group)
