"""The flag of a case and its letters come in; who was asked to set it or take it down, and who has, goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.outgoing.addressees import Addressee, core_group, panel
from pipeline.outgoing.flag_addressees import NAMED_FOR_FLAGS, to_be_flagged, told_of_flag
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.wording import blank, long_date, plain_date, short_deadline
from pipeline.rules.case import MEETINGS, Letter
from pipeline.rules.standing import Flag


def flag(occasion: Occasion) -> dict[str, object]:
    """The flag that stands, else the one that was taken down, with its letters (Buckinghamshire 2.5.14 to 2.5.16)."""
    latest = occasion.flag
    removals = [x for x in occasion.letters if x.purpose == "removal" and latest and x.flag_since == latest.since]
    setting = to_be_flagged(occasion) if occasion.decision.raise_flag else ()
    removing = told_of_flag(occasion) if occasion.decision.remove_flag else ()
    return {
        "flags": _proposed(occasion),
        "has_flag": latest is not None,
        "flag_stands": occasion.stands.flag is not None,
        "flag": _told(latest) if latest else {},
        "asked_to_flag": _asked(occasion.flag_letters, setting, occasion),
        "asked_to_remove": _asked(removals, removing, occasion),
    }


def _told(flag: Flag) -> dict[str, str]:
    return {
        "since": long_date(flag.since),
        "raised_by": MEETINGS[flag.raised_by],
        "review_by": long_date(flag.review_by) if flag.review_by else blank("date by which to review the flag"),
        "until": long_date(flag.until) if flag.until else "",
    }


def _asked(letters: Sequence[Letter], now: Iterable[Addressee], occasion: Occasion) -> list[dict[str, str]]:
    """The letters of before, then those of this pack."""
    return [
        {
            "agency": letter.recipient,
            "asked_on": plain_date(letter.drafted),
            "acknowledged": _acknowledged(letter, occasion),
        }
        for letter in letters
    ] + [
        {
            "agency": to.recipient,
            "asked_on": plain_date(occasion.today),
            "acknowledged": "Not yet: the letter is in this pack",
        }
        for to in now
    ]


def _acknowledged(letter: Letter, occasion: Occasion) -> str:
    if letter.acknowledged:
        return plain_date(letter.acknowledged)
    if letter.purpose == "flag" and not occasion.stands.flag:  # overtaken: nobody waits for it any more
        return "Not acknowledged"
    return f"Not yet: due by {short_deadline(letter.reply_by, occasion.today)}"


def _proposed(occasion: Occasion) -> list[str]:
    """Whom to ask, should a meeting raise a flag: who gets a letter now, and the out-of-hours services."""
    if occasion.decision.outcome == "panel":
        addressees = panel(occasion)
    elif occasion.decision.outcome == "must":
        addressees = core_group(occasion)
    else:
        addressees = ()
    names = [to.recipient for to in addressees] + [a.agency for a in occasion.agencies if a.out_of_hours]
    return list(dict.fromkeys(names)) if addressees else list(NAMED_FOR_FLAGS)
