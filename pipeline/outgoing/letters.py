"""Whom a letter goes to and the case come in; what the letter says, and nothing more of the case, goes out."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence

from pipeline.outgoing.addressees import Addressee, mention
from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.wording import blank, deadline, heading, long_date, person
from pipeline.rules.case import Letter, Referral

# The window of a DL envelope shows seven lines of the letter's address, each about as wide as this.
WINDOW_LINES = 7
WINDOW_WIDTH = 48
# The label of section H under which the panel's legal adviser is asked for.
LEGAL = "Legal representative"


def notification(to: Addressee, occasion: Occasion, letter: Letter) -> dict[str, object]:
    """What a notification letter says: that a core group must be established, not why."""
    meeting = occasion.meeting_ahead("core group")
    return _letter(to, occasion, letter) | {
        "part": to.part,
        "first_meeting": deadline(meeting, occasion.today) if meeting else blank("date of the first meeting"),
    }


def invitation(to: Addressee, occasion: Occasion, letter: Letter) -> dict[str, object]:
    """What an invitation letter says: which meeting, who chairs it, what to bring."""
    meeting, referral = occasion.meeting_ahead("invitation"), occasion.case.referral
    return _letter(to, occasion, letter) | {
        "meeting": long_date(meeting) if meeting else blank("date of the panel"),
        "for_information": to.for_information,
        "legal_adviser": _legal_adviser(referral, occasion.agencies),
        "other_professional": _other_professional(referral),
    }


def flag_letter(to: Addressee, occasion: Occasion, letter: Letter) -> dict[str, object]:
    """What a letter says that asks for a flag (Buckinghamshire 2.5.14), until when, and nothing of why."""
    raise NotImplementedError


def removal_letter(to: Addressee, occasion: Occasion, letter: Letter) -> dict[str, object]:
    """What a letter says that asks to take a flag down (Buckinghamshire 2.5.15, 2.5.16)."""
    raise NotImplementedError


def _letter(to: Addressee, occasion: Occasion, letter: Letter) -> dict[str, object]:
    return heading(letter.reference, occasion.today, occasion.sender) | {
        "person": person(occasion.case),
        "recipient": to.recipient,
        "window": window(to),
        "dear": to.name or "Colleague",
        "reply_by": long_date(letter.reply_by),
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
        wrapped = [part for line in dict.fromkeys(lines) for part in textwrap.wrap(line, WINDOW_WIDTH)]
        if len(wrapped) <= WINDOW_LINES:
            break
    return "\n".join(wrapped + [""] * (WINDOW_LINES - len(wrapped)))


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
    return known or (blank("legal adviser") if asked_for else "")


def _other_professional(referral: Referral | None) -> str:
    """Somebody whom section H names in words: an advocate, for example."""
    named = [words for label, words in referral.specified.items() if label in referral.invited] if referral else []
    return mention("; ".join(named))
