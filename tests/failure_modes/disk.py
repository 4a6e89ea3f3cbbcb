"""Watches an inbox on a disk that is full or read-only, then is not; to be run by `unshare -rm`. Prints what happened.

python -m tests.failure_modes.disk outbox|records|inbox DIR
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pipeline import watch
from pipeline.publish import Office
from tests.failure_modes.deeds import inbox_of, packs, put
from tests.offices import office, tree
from tests.test_watch import state, wait_for, watching

SECONDS = 20.0
SIZES = {"outbox": "8k", "records": "4m", "inbox": "4m"}


def mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


def fill_up(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


class Told(logging.Handler):
    """What the program logs; where its records are full, there is no other place."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def main(case: str, folder: Path) -> None:
    watch._LONGEST_PAUSE = 0.2
    place, told = folder / case, Told()
    logging.getLogger().addHandler(told)
    place.mkdir()
    mount("-t", "tmpfs", "-o", f"size={SIZES[case]}", "tmpfs", place)
    desk = office(folder)
    waits: Callable[[], object] = lambda: [m for m in told.messages if "a file waits in the inbox" in m]  # noqa: E731
    if case == "inbox":
        put(desk, "form.xlsx")
        mount("-o", "remount,ro", place)
        waits = lambda: "cannot be reached or written" in state(desk)  # noqa: E731
    with watching(desk):
        if case != "inbox":
            wait_for(lambda: state(desk) == "watching", SECONDS)
            if case == "records":
                fill_up(place / "filler")
            put(desk, "form.xlsx")
        said = {"waited": wait_for(waits, SECONDS)} | seen(desk)
        mount("-o", "remount,rw,size=20m", place)
        said["healed"] = wait_for(lambda: receipts(desk) and not inbox_of(desk), SECONDS)
        said["packs later"] = len(packs(desk))
    print(json.dumps(said))


def seen(desk: Office) -> dict[str, object]:
    # A form that is being tried is out of sight for a moment.
    there = wait_for(lambda: list(inbox_of(desk)) == ["form.xlsx"], SECONDS)
    return {"still there": there, "packs": len(packs(desk)), "receipts": receipts(desk)}


def receipts(desk: Office) -> int:
    return len(tree(desk.settings.inbox / "receipts"))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
