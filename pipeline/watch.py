"""A settling inbox comes in; each file that has settled is worked off, once or for ever."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

from pipeline.intake.inbox import Seen, Settling
from pipeline.process import waiting, work_off
from pipeline.publish import Office
from pipeline.results import Result

log = logging.getLogger(__name__)

# A file that could not be worked off is tried again after so many seconds, then twice as many, and so on.
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 60.0


def run(office: Office) -> Iterator[Result]:
    """Work off everything in the inbox, once; waits until it has settled, within the patience of the settings."""
    settings = office.settings
    settling = Settling(settings.inbox, settings.settle_seconds)
    until = time.monotonic() + settings.patience_seconds
    done: dict[Path, Seen] = {}
    while True:
        settled, unsettled = settling.sweep(time.monotonic())
        for path, seen in settled.items():
            if done.get(path) != seen:
                yield from work_off(path, seen, office)
                done[path] = seen
        if not unsettled or time.monotonic() >= until:
            break
        time.sleep(min(settings.settle_seconds, 0.25))
    yield from (waiting(path, "arriving", "The file is still being written.") for path in unsettled)


def watch(office: Office, stop: threading.Event) -> None:
    """Work off whatever arrives until ``stop`` is set; file events only bring the next sweep forward."""
    settings = office.settings
    settling = Settling(settings.inbox, settings.settle_seconds)
    pauses = _Pauses()
    wake = threading.Event()
    with _file_events(settings.inbox, wake) if settings.events else nullcontext():
        while not stop.is_set():
            wake.clear()
            for path, seen in _settled(settling).items():
                if pauses.over(path, time.monotonic()) and not stop.is_set():
                    waits = any(r.outcome == "waiting" for r in work_off(path, seen, office))
                    pauses.note(path, waits, time.monotonic())
            wake.wait(settings.sweep_seconds)


class _Pauses:
    """When each file that could not be worked off is tried again: after pauses that grow."""

    def __init__(self) -> None:
        self._next: dict[Path, tuple[float, float]] = {}  # the pause, and the time at which it is over

    def over(self, path: Path, now: float) -> bool:
        return path not in self._next or now >= self._next[path][1]

    def note(self, path: Path, waits: bool, now: float) -> None:
        if not waits:
            self._next.pop(path, None)
            return
        pause = min(2 * self._next[path][0], _LONGEST_PAUSE) if path in self._next else _FIRST_PAUSE
        self._next[path] = pause, now + pause


def _settled(settling: Settling) -> Mapping[Path, Seen]:
    try:
        return settling.sweep(time.monotonic())[0]
    except OSError as e:
        log.error("the inbox cannot be listed: %s", e.strerror)
        return {}


@contextmanager
def _file_events(inbox: Path, wake: threading.Event) -> Iterator[None]:
    """Set ``wake`` whenever something happens in the inbox; where the system has no events, the sweep is enough."""
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
