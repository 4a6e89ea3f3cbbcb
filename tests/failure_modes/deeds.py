"""What failure-mode tests do with an office, and ask of it."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from pipeline.intake.worker import Workers
from pipeline.publish import Office
from pipeline.rules.form import Form
from pipeline.watch import Desk, run
from tests.offices import EXAMPLES, tree

FORM = (EXAMPLES / "matrix-none.xlsx").read_bytes()
CASE = "CF104235"


def put(desk: Office, name: str, content: bytes = FORM) -> Path:
    path = desk.settings.inbox / name
    path.write_bytes(content)
    return path


def outcomes(desk: Office) -> list[tuple[str, str]]:
    """Work off the inbox once: each form's file and how it ended."""
    return [(r.file, r.outcome) for r in run(desk)]


def actions(desk: Office) -> dict[str, str]:
    """What a program that has just come would do with each file."""
    return {a.name: a.reason or a.kind for a in Desk(desk).look()[1].actions}


def meanwhile(desk: Office, deed: Callable[[], object]) -> Office:
    """The office, in which something happens once while a form is being worked off."""
    left = [deed]

    def agencies() -> object:
        if left:
            left.pop()()
        return desk.agencies()

    return dataclasses.replace(desk, agencies=agencies)


class Reads(Workers):
    """The office's workers, with an event for each file that they have read."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self.read_one = threading.Event()

    def read(self, path: Path, name: str) -> tuple[Form, ...]:
        try:
            return self._workers.read(path, name)
        finally:
            self.read_one.set()


@contextmanager
def writing(desk: Office, *steps: Callable[[], object]) -> Iterator[Office]:
    """A slow writer does one step whenever the office has read what is there so far, and was patient with it."""
    reads = Reads(desk.workers)
    patient = msgspec.structs.replace(desk.settings, damaged_after_seconds=30.0, patience_seconds=30.0)

    def write() -> None:
        for step in steps:
            reads.read_one.wait(20)
            reads.read_one.clear()
            step()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield dataclasses.replace(desk, workers=reads, settings=patient)
    finally:
        writer.join()


def inbox_of(desk: Office) -> dict[str, bytes]:
    """Files that people see in the inbox, without receipts."""
    return {k: v for k, v in tree(desk.settings.inbox).items() if not k.startswith("receipts/")}


def packs(desk: Office) -> list[str]:
    return sorted(p.relative_to(desk.settings.outbox).as_posix() for p in desk.settings.outbox.glob("CF*/*"))


def nothing_half_done(desk: Office) -> bool:
    """No temporary file, and no claim, is left anywhere."""
    places = (desk.settings.inbox, desk.settings.outbox, desk.settings.records)
    names = {p.name for place in places for p in place.rglob("*")}
    held = [*(desk.settings.inbox / ".pipeline" / "claims").glob("*/*/*")]
    return not held and not [n for n in names if n.endswith(".part")]
