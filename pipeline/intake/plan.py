"""What lies in the inbox, and what is known of it, come in; what is to be done with each file now goes out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Seen:
    """How a file lay in the inbox: two equal looks some time apart mean that nobody is writing it."""

    size: int
    modified_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Found:
    """One file in the inbox. ``still_since``: the monotonic time since when it has lain as it does now.

    ``open_by``: who has it open, as their program says; ``""`` where nobody says so. ``away``: why nobody can look into
    it now, as the end of a sentence; ``""`` where one can.
    """

    name: str
    seen: Seen
    still_since: float
    open_by: str = ""
    away: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The inbox at one look. ``sentinel``: what marks the folder as this inbox; ``""`` where the mark is not there."""

    sentinel: str
    files: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """What is to be done with one file, and why it has to wait, if it has."""

    kind: Literal["take", "wait"]
    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """``gone``: the folder is not the inbox that the register knows: neither what it holds nor what it lacks counts."""

    gone: bool
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the register and this run know: the inbox's mark (``""``: never seen), and when a file is tried again."""

    sentinel: str
    again_at: Mapping[str, float]


def plan(listing: Listing, known: Known, now: float, settle_seconds: float) -> Plan:
    """Decide from the listing and what is known; ``now`` is on the same monotonic clock as the times in both.

    A folder without its mark that the register has seen before is a share that is gone; one never seen is new.
    """
    if known.sentinel and not listing.sentinel:
        return Plan(gone=True, actions=())
    return Plan(gone=False, actions=tuple(_action(found, known, now, settle_seconds) for found in listing.files))


def _action(found: Found, known: Known, now: float, settle_seconds: float) -> Action:
    if found.away:
        return Action("wait", found.name, f"it {found.away}")
    if found.open_by:
        return Action("wait", found.name, f"{found.open_by} has it open")
    if now - found.still_since < settle_seconds:
        return Action("wait", found.name, "it is still being written")
    if now < known.again_at.get(found.name, now):
        return Action("wait", found.name, "it could not be worked off and is tried again")
    return Action("take", found.name)
