"""The next meeting comes in; an iCalendar file (RFC 5545) for the administrator to send along goes out."""

from __future__ import annotations

from pipeline.outgoing.occasion import Occasion


def calendar_entry(occasion: Occasion) -> bytes | None:
    """The next meeting as a calendar entry; None where no day is agreed. It names the case, never the young person."""
    raise NotImplementedError
