"""An inbox comes in; whatever settles in it is worked off, once or for ever."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from pipeline import __version__
from pipeline.errors import PipelineError
from pipeline.files import shown
from pipeline.health import STOPPED, WATCHING, Status, say, tell_systemd
from pipeline.intake.claims import Claim
from pipeline.intake.inbox import NOT_HERE, Inbox, make_mark, read_mark
from pipeline.intake.plan import Action, Found, Known, Listing, Plan, plan
from pipeline.process import ARRIVING, TO_PUT_RIGHT, ShareGone, share_gone, waiting, work_off
from pipeline.publish import Office
from pipeline.results import Result
from pipeline.to_put_right import ToPutRight

log = logging.getLogger(__name__)

# A file that could not be worked off is tried again after so many seconds, then twice as many, and so on.
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
# While many files are worked off, a sign of life is given this often. Seconds.
_BEAT = 1.0


class Desk:
    """One program at one inbox: what it saw at the last look, and which files it will try again, and when."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._inbox = Inbox(office.settings.inbox)
        self._pauses: dict[str, tuple[float, float]] = {}  # the pause, and when it is over
        self._faults: dict[str, str] = {}  # what keeps a file waiting until an administrator puts it right
        self._to_put_right = ToPutRight(office.settings.outbox)
        self._greeted = False

    def look(self) -> tuple[Listing, Plan]:
        """List the inbox and plan; nothing is changed.

        Raises:
            OSError: the inbox cannot be listed.
        """
        office, now = self._office, time.monotonic()
        listing = self._inbox.look(now, office.clock().timestamp())
        there = {found.name for found in listing.files}
        self._pauses = {n: p for n, p in self._pauses.items() if n in there}
        self._faults = {n: f for n, f in self._faults.items() if n in there}
        known = Known(office.register.mark_of(self._inbox.folder), {n: at for n, (_, at) in self._pauses.items()})
        return listing, plan(listing, known, now, office.settings.settle_seconds)

    def _greet(self) -> None:
        """Mark folders that are new, and remember the marks of those that were made elsewhere."""
        for folder in (self._inbox.folder, self._office.settings.outbox):
            self._office.register.know(folder, read_mark(folder) or make_mark(folder))
        self._greeted = True

    def gone(self) -> str:
        """Which of inbox and outbox is not there as it was, because its share is gone; ``""`` where both are."""
        return share_gone(self._office)

    def turn(self, stop: threading.Event) -> Iterator[tuple[str, list[Result]]]:
        """Work off all that can be now: files of programs that died first, then what has settled.

        Raises:
            OSError: the inbox cannot be listed, or the register cannot be reached.
        """
        if self.gone():
            return
        if not self._greeted:
            self._greet()
        listing, planned = self.look()
        for claim in self._office.claims.take_over(time.monotonic()):
            yield claim.name, self._work_off(claim, self._office.settings.damaged_after_seconds)
        found = {f.name: f for f in listing.files}
        for action in planned.actions:
            if action.kind == "take" and not stop.is_set():
                file = found[action.name]
                yield file.name, self._take(file)
        if not self.gone():
            self._to_put_right.tell(self._faults.values(), waits=bool(listing.files))

    def _take(self, file: Found) -> list[Result]:
        """No result where another program was first, or the file is gone or changed."""
        try:
            claim = self._office.claims.claim(self._inbox.folder / file.name, file.seen)
        except OSError as e:
            log.warning("a file in the inbox is busy: %s", e.strerror)
            self._pause(file.name)
            return [waiting(file.name, "busy", "Somebody has it open, or it cannot be moved.")]
        return self._work_off(claim, time.monotonic() - file.still_since) if claim else []

    def others_at_work(self) -> bool:
        """Whether other programs hold files of this inbox, alive or not yet known to be dead."""
        return self._office.claims.held_by_others()

    @property
    def faults(self) -> tuple[str, ...]:
        """What keeps files waiting until an administrator puts it right."""
        return tuple(dict.fromkeys(line for fault in self._faults.values() for line in fault.splitlines()))

    def _work_off(self, claim: Claim, still_for: float) -> list[Result]:
        results = work_off(claim, still_for, self._office)
        self._faults.pop(claim.name, None)
        for fault in (p.what for r in results for p in r.problems if p.code == TO_PUT_RIGHT):
            self._faults[claim.name] = fault
        if any(r.outcome == "waiting" for r in results):
            self._pause(claim.name)
        else:
            self._pauses.pop(claim.name, None)
        return results

    def _pause(self, name: str) -> None:
        pause = min(2 * self._pauses[name][0], _LONGEST_PAUSE) if name in self._pauses else _FIRST_PAUSE
        self._pauses[name] = pause, time.monotonic() + pause


def run(office: Office) -> Iterator[Result]:
    """Work off everything in the inbox, once.

    Waits until what lies there has settled, and until other programs have finished or are known to be dead; at most as
    long as the settings have patience. What then still waits is told last.
    """
    desk, stop = Desk(office), threading.Event()
    until = time.monotonic() + office.settings.patience_seconds
    waits: dict[str, list[Result]] = {}
    while True:
        try:
            for name, results in desk.turn(stop):
                waits.pop(name, None)
                if any(r.outcome == "waiting" for r in results):
                    waits[name] = results
                else:
                    yield from results
            if gone := desk.gone():
                raise ShareGone(gone)
            planned = desk.look()[1]
            if time.monotonic() >= until or not (_unfinished(planned, waits) or desk.others_at_work()):
                break
        except OSError as e:
            if time.monotonic() >= until:
                raise Unreachable(e) from e
            log.warning("%s", Unreachable(e))
        time.sleep(min(office.settings.settle_seconds, 0.1))
    for action in planned.actions:
        yield from waits.get(action.name) or [waiting(action.name, "open", f"It waits: {action.reason}.")]


class Unreachable(PipelineError):
    """The inbox, or the register, cannot be reached or written; that is tried again."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"the inbox or the register cannot be reached or written: {error.strerror}")


def _unfinished(planned: Plan, waits: dict[str, list[Result]]) -> bool:
    """Whether something can still change by itself soon. A file that waits for a person is not waited for."""
    return any(_may_change(action, waits.get(action.name)) for action in planned.actions)


def _may_change(action: Action, results: list[Result] | None) -> bool:
    if results is None:
        return not action.reason.endswith(("has it open", NOT_HERE))
    return any(p.code == ARRIVING for r in results for p in r.problems)


def watch(office: Office, stop: threading.Event) -> None:
    """Work off whatever arrives until ``stop`` is set; file events only bring the next look forward."""
    settings, desk, wake = office.settings, Desk(office), threading.Event()
    counts: Counter[str] = Counter()
    waiting: dict[str, str] = {}
    state, last_beat = WATCHING, time.monotonic()

    def beat() -> None:
        nonlocal last_beat
        if time.monotonic() - last_beat >= _BEAT:
            last_beat = time.monotonic()
            _say(office, WATCHING, counts, waiting, desk.faults)
            tell_systemd("WATCHDOG=1")

    tell_systemd("READY=1")
    with _file_events(settings.inbox, wake) if settings.events else nullcontext():
        while not stop.is_set():
            wake.clear()
            before, state = state, _turn(desk, stop, counts, waiting, beat)
            if state != before:
                log.log(logging.INFO if state == WATCHING else logging.ERROR, "%s", state)
            _say(office, state, counts, waiting, desk.faults)
            tell_systemd("WATCHDOG=1")
            wake.wait(settings.sweep_seconds)
    tell_systemd("STOPPING=1")
    _say(office, STOPPED, counts, waiting, desk.faults)


def _turn(
    desk: Desk, stop: threading.Event, counts: Counter[str], waiting: dict[str, str], beat: Callable[[], None]
) -> str:
    """One turn of the watcher, whatever happens to the folders; how it went, in words."""
    try:
        if gone := desk.gone():
            return f"the {gone} is not there: its share is gone, or another folder stands in its place"
        for name, results in desk.turn(stop):
            counts.update(r.outcome for r in results)
            if told := [p.what for r in results if r.outcome == "waiting" for p in r.problems]:
                waiting[name] = told[0]
            beat()
        planned = desk.look()[1]
    except OSError as e:
        return str(Unreachable(e))
    there = {a.name: a.reason for a in planned.actions if a.kind == "wait"}
    reasons = {name: waiting.get(name) or f"{reason[:1].upper()}{reason[1:]}." for name, reason in there.items()}
    waiting.clear()
    waiting.update(reasons)
    return WATCHING


def _say(
    office: Office, state: str, counts: Counter[str], waiting: dict[str, str], to_put_right: Sequence[str]
) -> None:
    status = Status(
        at=office.clock().astimezone(),
        version=__version__,
        program=os.getpid(),
        state=state,
        counts=dict(counts),
        waiting={shown(name): reason for name, reason in waiting.items()},
        to_put_right=tuple(to_put_right),
    )
    try:
        say(office.settings.records, status)
    except OSError as e:
        log.error("the sign of life cannot be written: %s", e.strerror)


@contextmanager
def _file_events(inbox: Path, wake: threading.Event) -> Iterator[None]:
    """Set ``wake`` whenever something happens in the inbox; where the system has no events, the timer is enough."""
    from watchdog.events import FileSystemEvent, FileSystemEventHandler
    from watchdog.observers import Observer

    class Wake(FileSystemEventHandler):
        def on_any_event(self, _event: FileSystemEvent) -> None:
            wake.set()

    observer = Observer()
    try:
        observer.schedule(Wake(), str(inbox), recursive=False)
        observer.start()
    except OSError as e:
        log.warning("no file events here (%s); the inbox is listed on a timer", e.strerror)
        yield
        return
    try:
        yield
    finally:
        observer.stop()
        observer.join()
