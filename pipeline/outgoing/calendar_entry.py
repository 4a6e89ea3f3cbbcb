"""The next meeting comes in; an iCalendar file (RFC 5545) for the administrator to send along goes out."""

from __future__ import annotations

import re
import unicodedata

from pipeline.outgoing.addressees import RECORD, mention, names_young_person
from pipeline.outgoing.occasion import Occasion
from pipeline.rules.dates import parse_time
from pipeline.rules.standing import kind_of_next

# The clock of the United Kingdom, written out, since a calendar may know its name by other rules or not at all.
LONDON = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/London",
    "BEGIN:STANDARD",
    "DTSTART:19961027T020000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0000",
    "TZNAME:GMT",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:19810329T010000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0100",
    "TZNAME:BST",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
)
LONGEST_LINE = 75  # octets, without the line break (RFC 5545, 3.1)


def calendar_entry(occasion: Occasion) -> bytes | None:
    """The next meeting as a calendar entry; None where no day is agreed. It names the case, never the young person.

    It takes the whole day where no time is agreed, and says no end, which nobody has agreed either. A correction of the
    record has the same name, the meeting's own, so that a calendar moves its entry and has no second one.
    """
    record = occasion.record
    if record is None or record.next_meeting is None:
        return None
    day, time = f"{record.next_meeting:%Y%m%d}", parse_time(record.answers.get("next_time", ""))
    meeting = occasion.sender.panel_name if kind_of_next(record) == "panel" else "Core Group"
    own = f"{occasion.case.ref}-after-{record.meeting.replace(' ', '-')}-{record.date:%Y%m%d}"
    place = mention(record.answers.get("next_place", ""), RECORD)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Core Group Pipeline//EN",
        *(LONDON if time else ()),
        "BEGIN:VEVENT",
        f"UID:{_text(own)}",
        f"DTSTAMP:{occasion.today:%Y%m%d}T000000Z",
        f"DTSTART;TZID=Europe/London:{day}T{time:%H%M%S}" if time else f"DTSTART;VALUE=DATE:{day}",
        f"SUMMARY:{_text(f'{meeting}, {occasion.case.ref}')}",
        *([f"LOCATION:{_text(place)}"] if place and not names_young_person(place, occasion.case) else ()),
        "CLASS:CONFIDENTIAL",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _text(words: str) -> str:
    """A value of the type TEXT (RFC 5545, 3.3.11)."""
    plain = "".join(" " if unicodedata.category(c) == "Cc" else c for c in words)
    return re.sub(r"([\\;,])", r"\\\1", plain)


def _folded(line: str) -> bytes:
    """One line in pieces that fit, each but the first behind a space; no character is cut in two."""
    pieces: list[bytes] = [b""]
    for character in line:
        octets = character.encode()
        if len(pieces[-1]) + len(octets) > LONGEST_LINE:
            pieces.append(b" ")
        pieces[-1] += octets
    return b"\r\n".join(pieces)
