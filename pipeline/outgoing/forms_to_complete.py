"""What is known of a case comes in; what our own forms say before people complete them goes out."""

from __future__ import annotations

from pipeline.outgoing.occasion import Occasion
from pipeline.rules.case import Letter


def meeting_record(occasion: Occasion) -> dict[str, object]:
    """The record of the next meeting, with the case, its members and its open actions."""
    raise NotImplementedError


def contact_report(occasion: Occasion) -> dict[str, object]:
    """The report that an agency completes after any contact with the young person."""
    raise NotImplementedError


def acknowledgement_slip(occasion: Occasion, letter: Letter) -> dict[str, object]:
    """The slip that comes back when an agency has done what ``letter`` asks."""
    raise NotImplementedError
