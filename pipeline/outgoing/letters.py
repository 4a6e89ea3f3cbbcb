"""Whom a letter goes to and the case come in; what the letter says, and nothing more of the case, goes out."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence

from pipeline.outgoing.addressees import RECORD, Addressee, mention
from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.occasion import Occasion, once_a_pack
from pipeline.outgoing.wording import about_the_case, answer, blank, deadline, long_date, or_blank, person
from pipeline.rules.case import Letter, MeetingRecord, Referral
from pipeline.rules.folding import folded
from pipeline.rules.standing import kind_of_next

# The window of a DL envelope shows seven lines of the letter's address, each about as wide as this.
WINDOW_LINES = 7
WINDOW_WIDTH = 48
# Two lines beside a label, and one; several of these stand in one letter.
LONGEST_DETAIL, LONGEST_LINE = 90, 50
# The label of section H under which the panel's legal adviser is asked for.
LEGAL = "Legal representative"
# The label of section E that tells of a placement in another county.
OUT_OF_COUNTY = "Out of county placement"


def notification(to: Addressee, occasion: Occasion, letter: Letter) -> dict[str, object]:
    """What a notification letter says: that a core group must be established, or was decided; not why."""
    meeting = occasion.meeting_ahead("core group")
    return _letter(to, occasion, letter) | {
        "part": to.part,
        "decided": occasion.record is not None,
        "first_meeting": deadline(meeting, occasion.today) if meeting else blank("date of the first meeting"),
    }


def invitation(to: Addressee, occasion: Occasion, letter: Letter) -> dict[str, object]:
    """What an invitation letter says: which meeting, when and where, who chairs it, what to bring."""
    meeting, record, referral = occasion.meeting_ahead("invitation"), occasion.record, occasion.case.referral
    to_panel = record is None or kind_of_next(record) == "panel"
    chair = occasion.sender.panel_chair if to_panel else record.chair if record else ""
    return _letter(to, occasion, letter) | {
        "to_panel": to_panel,
        "meeting": long_date(meeting) if meeting else blank("date of the meeting"),
        "time": _of_record(record, "next_time", "time", LONGEST_LINE),
        "place": _of_record(record, "next_place", "place"),
        "chair": or_blank(mention(chair, RECORD, LONGEST_DETAIL), "chair"),
        "advocate": _of_record(record, "advocate", "advocate, or none"),
        "for_information": to.for_information,
        "legal_adviser": _legal_adviser(referral, occasion.agencies) if to_panel else "",
        "other_professional": _other_professional(referral) if to_panel else "",
    }


def flag_letter(to: Addressee, occasion: Occasion, letter: Letter) -> dict[str, object]:
    """What a letter says that asks for a flag (Buckinghamshire 2.5.14), until when, and nothing of why."""
    flag = occasion.flag
    return _letter(to, occasion, letter) | {
        "worker_telephone": _worker_telephone(occasion),
        "review_by": long_date(flag.review_by) if flag and flag.review_by else blank("date of the review"),
    }


def removal_letter(to: Addressee, occasion: Occasion, letter: Letter) -> dict[str, object]:
    """What a letter says that asks to take a flag down (Buckinghamshire 2.5.15, 2.5.16)."""
    flag, removed = occasion.flag, occasion.record.date if occasion.record else None
    known = flag is not None and flag.until == removed  # else the record that raised it was taken back
    return _letter(to, occasion, letter) | {
        "raised": long_date(flag.since) if flag and known else blank("date on which the flag was raised"),
        "removed": long_date(removed) if removed else blank("date of the meeting that removed the flag"),
    }


def _of_record(record: MeetingRecord | None, key: str, what: str, longest: int = LONGEST_DETAIL) -> str:
    return or_blank(mention(record.answers.get(key, ""), RECORD, longest) if record else "", what)


@once_a_pack
def _worker_telephone(occasion: Occasion) -> str:
    """As the newest form says that names this very worker: another worker's number is not theirs."""
    case = occasion.case
    worker = folded(str(person(case)["allocated_worker"]))
    forms = [form for form in (*reversed(case.meetings), case.referral) if form]
    numbers = (
        answer(f, "allocated_worker_telephone") for f in forms if folded(answer(f, "allocated_worker")) == worker
    )
    number = mention(next(filter(None, numbers), ""), "the form", LONGEST_LINE)
    return or_blank(number, "telephone of the allocated worker")


def _letter(to: Addressee, occasion: Occasion, letter: Letter) -> dict[str, object]:
    referral = occasion.case.referral
    return {
        **about_the_case(occasion),
        "reference": letter.reference,
        "recipient": to.recipient,
        "window": window(to),
        "dear": to.name or "Colleague",
        "reply_by": long_date(letter.reply_by),
        # Where the young person lives is nobody's need to know: no template prints it unless an administrator has
        # written a sentence for it.
        "out_of_county": bool(referral and OUT_OF_COUNTY in referral.criteria),
    }


def reply_by(today: dt.date, reply_days: int, meeting: dt.date | None) -> dt.date:
    """The day by which a reply is asked for: never a weekend, and before the meeting that it is about."""
    day = today + dt.timedelta(days=reply_days)
    if meeting and meeting > today:
        day = min(day, meeting - dt.timedelta(days=1))
    return max(today, day - dt.timedelta(days=max(0, day.weekday() - 4)))


def window(to: Addressee) -> str:
    """The address as the envelope's window shows it, filled up to the window's height.

    What follows the address then always stands below the window, where nobody reads it through the envelope.
    """
    address = to.address or (blank("address"),)
    packed = _packed(address)
    # The role can be missed, the address cannot.
    for lines in ((*to.who, *address), (*to.who, *packed), (*_without_role(to), *packed)):
        wrapped = [part for line in dict.fromkeys(lines) for part in _wrapped(line)]
        if len(wrapped) <= WINDOW_LINES:
            break
    return "\n".join(wrapped + [""] * (WINDOW_LINES - len(wrapped)))


def _wrapped(line: str) -> list[str]:
    fits = len(line) <= WINDOW_WIDTH and line.isprintable()  # no line break in it either
    return [line.rstrip()] if fits else textwrap.wrap(line, WINDOW_WIDTH)


def _without_role(to: Addressee) -> tuple[str, ...]:
    return tuple(line for line in (to.name, to.who[-1]) if line)


def _packed(lines: Sequence[str]) -> tuple[str, ...]:
    """The same lines, as many on one line as the window is wide; none is broken."""
    packed: list[str] = []
    for line in lines:
        if packed and len(packed[-1]) + 2 + len(line) <= WINDOW_WIDTH:
            packed[-1] += f", {line}"
        else:
            packed.append(line)
    return tuple(packed)


def _legal_adviser(referral: Referral | None, agencies: Sequence[Agency]) -> str:
    """Who advises the panel on law: a standing member, or whom section H asks for; ``""`` where there is neither."""
    asked_for = referral is not None and LEGAL in referral.invited
    invited = [a for a in agencies if a.section_h == LEGAL and (a.standing or asked_for)]
    known = "; ".join(", ".join(p for p in (a.name, a.role, a.agency) if p) for a in invited)
    return mention(known, "the address book", LONGEST_DETAIL) or (blank("legal adviser") if asked_for else "")


def _other_professional(referral: Referral | None) -> str:
    """Somebody whom section H names in words: an advocate, for example."""
    named = [words for label, words in referral.specified.items() if label in referral.invited] if referral else []
    return mention("; ".join(named), longest=LONGEST_DETAIL)
