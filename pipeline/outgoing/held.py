"""The meetings and contacts of a case come in; what was said and who came goes out, for the plan and the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from pipeline.outgoing.agreed import CORE_GROUP, FLAG, NOT_RECORDED, decided
from pipeline.outgoing.wording import answer, blank, long_date, or_blank, plain_date
from pipeline.rules.case import ContactReport, MeetingRecord, Moment
from pipeline.rules.chronology import Happening
from pipeline.rules.standing import Standing
from pipeline.rules.telling import told_in_time

# Whether a contact was told and written in time (Buckinghamshire 2.5.14), as the documents say it.
_LATE: Mapping[bool | None, str] = {
    True: "",
    False: "Late: not told and written within 24 hours",
    None: "Not known: the report does not give every time",
}


def meetings(records: Sequence[MeetingRecord]) -> list[dict[str, object]]:
    """Each meeting: its decisions, who came, the agencies' updates, disagreements and challenge (Stockport 3.4).

    What a meeting did not record is ``""``: it is over, and nobody completes it here.
    """
    return [_meeting(record) for record in records]


def _meeting(record: MeetingRecord) -> dict[str, object]:
    came = [
        {
            "agency": or_blank(row.get("Agency", ""), "agency"),
            "name": or_blank(row.get("Name and role", ""), "name and role"),
            "attended": or_blank(row.get("Attended?", ""), "yes or no"),
            "update": row.get("Update from the agency", "").strip(),
        }
        for row in record.attendance
    ]
    return {
        **decided(record),
        "core_group": CORE_GROUP[record.core_group] if record.core_group else "",
        "flag": FLAG[record.flag] if record.flag else "",
        **{key: answer(record, key) for key in ("level_of_risk", "direction_of_risk", "dissent", "disagreements")},
        "attendance": came,
        "updates": [row for row in came if row["update"]],
    }


def attendance(records: Sequence[MeetingRecord]) -> list[dict[str, str]]:
    """Each agency once, by the name that the records give it: to how many of the meetings that list it it came."""
    rows: dict[str, list[tuple[str, bool, dt.date]]] = {}
    for record in records:
        for row in record.attendance:
            agency = row.get("Agency", "").strip()
            came = row.get("Attended?", "").strip().casefold().startswith("y")
            rows.setdefault(agency.casefold(), []).append((agency, came, record.date))
    return [
        {
            "agency": or_blank(listed[-1][0], "agency"),
            "attended": f"{sum(came for _, came, _ in listed)} of {len(listed)}",
            "missed": ", ".join(plain_date(day) for _, came, day in listed if not came) or "none",
        }
        for listed in rows.values()
    ]


def chronology(stands: Standing) -> list[dict[str, str]]:
    """All that has happened since the last statutory review."""
    return [
        {"when": _when(h.day, h.time), "what": h.what, "late": _late(h)}
        for h in stands.chronology
        if stands.last_review is None or h.day > stands.last_review
    ]


def _late(happening: Happening) -> str:
    if happening.kind != "contact":
        return ""
    return _LATE[None if happening.late is None else not happening.late]


def contacts(reports: Sequence[ContactReport], since: dt.date | None) -> list[dict[str, str]]:
    """Each contact after ``since``, in full: these words stand in the plan and the report, never in a letter."""
    return [_contact(report) for report in reports if since is None or report.date > since]


def _contact(report: ContactReport) -> dict[str, str]:
    return {
        "when": _when(report.contact.day, report.contact.time),
        "place": or_blank(answer(report, "place"), "where, or how"),
        "seen_by": ", ".join(p for p in (answer(report, "seen_by"), answer(report, "agency")) if p) or blank("seen by"),
        "appearance": or_blank(answer(report, "appearance"), "appearance"),
        "behaviour": or_blank(answer(report, "behaviour"), "behaviour, and what was said"),
        "help": or_blank(answer(report, "help"), "help offered"),
        "immediate_risk": answer(report, "immediate_risk") or NOT_RECORDED,
        "told": _moment(report.told, "when the allocated worker was told"),
        "written": _moment(report.written, "when the report was written"),
        "late": _LATE[told_in_time(report)],
    }


def _moment(moment: Moment | None, what: str) -> str:
    return _when(moment.day, moment.time) if moment else blank(what)


def _when(day: dt.date, time: dt.time | None) -> str:
    return f"{long_date(day)}, {time:%H:%M}" if time else long_date(day)
