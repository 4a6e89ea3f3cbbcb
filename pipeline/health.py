"""How a program at an inbox is doing comes in; records/status.json, and words for systemd, go out."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Mapping
from pathlib import Path

import msgspec

from pipeline.files import alone, write_durably

FILE = "status.json"
WATCHING, STOPPED = "watching", "stopped"
# A sign of life is given with each look at the inbox; one form takes at most some seconds.
DEAD_AFTER = dt.timedelta(seconds=30)


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What a program last said of itself.

    ``waiting``: file in the inbox → why it waits. ``to_put_right``: the faults of templates, layouts and address book
    that keep forms waiting.
    """

    at: dt.datetime
    version: str
    program: int
    state: str  # WATCHING, STOPPED, or what is wrong: "the inbox is gone"
    counts: Mapping[str, int]
    waiting: Mapping[str, str]
    to_put_right: tuple[str, ...] = ()


def say(records: Path, status: Status) -> None:
    """Write the sign of life, unless another program is writing its own; whoever reads it sees all of one of them."""
    with alone(records / f"{FILE}.lock") as mine:
        if mine:
            write_durably(records / FILE, msgspec.json.format(msgspec.json.encode(status)))


def last_said(records: Path) -> Status | None:
    """What was last said; None where nothing ever was."""
    try:
        return msgspec.json.decode((records / FILE).read_bytes(), type=Status)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def ailments(status: Status | None, now: dt.datetime) -> list[str]:
    """What is wrong, as sentences; empty where all is well."""
    if status is None:
        return ["No watcher has ever run here. Start `pipeline watch`."]
    if status.state == STOPPED:
        return ["The watcher was stopped. Start `pipeline watch`."]
    found = []
    if abs(now - status.at) > DEAD_AFTER:  # in the future: the clock was set back since
        seconds = int(abs(now - status.at).total_seconds())
        found.append(f"The watcher has given no sign of life for {seconds} seconds: it is dead, or its share hangs.")
    if status.state != WATCHING:
        found.append(f"{status.state[:1].upper()}{status.state[1:]}. Nothing is taken until it is back.")
    found += [f"Forms wait until an administrator puts this right: {fault}" for fault in status.to_put_right]
    return found


def tell_systemd(words: str) -> None:
    """Send ``READY=1``, ``WATCHDOG=1`` or ``STOPPING=1`` to systemd, where it started us (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        try:
            systemd.sendto(words.encode(), "\0" + address[1:] if address.startswith("@") else address)
        except OSError:
            return  # systemd restarts what stays silent; there is nobody else to tell
