"""``rebuild``: documents are written again after a template, a scale, the address book or a setting has changed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from pipeline.commands.given import (
    DONE,
    UNEXPECTED,
    case_given,
    open_register,
    register_file,
    settings_of,
    templates_of,
)
from pipeline.errors import SettingsError

if TYPE_CHECKING:  # what a command needs is imported when it runs: `--help` answers at once
    from pipeline.rebuild import Rebuilt

# So many cases a process takes at a time; starting one takes as long as rebuilding some more.
_PAGE = 20


def rebuild(arguments: argparse.Namespace) -> int:
    """Write all current documents again that would read otherwise; 1 where a case failed."""
    from pipeline.access import keep_private
    from pipeline.rebuild import rebuild_case
    from pipeline.rebuild_all import Place, rebuild_all

    settings = settings_of(arguments)
    if not settings.outbox.is_dir():
        raise SettingsError(f"The outbox {settings.outbox} is not there. Name it with --outbox.")
    place = Place(settings, templates_of(settings))
    stationery, now = place.stationery(), arguments.clock()
    stationery.agencies()  # a fault in it would be told of every case
    keep_private(settings.group)
    with open_register(register_file(settings)) as register:
        if arguments.case is not None:
            ref = case_given(arguments.case)
            if not register.packs(ref):
                raise SettingsError(f"No documents were written for {ref}.")
            return _tell([rebuild_case(ref, stationery, register, now)], 1)
        count = register.count_of_cases()
        processes = min(_cores(), -(-count // _PAGE))
        with closing(rebuild_all(register.cases_with_packs(_PAGE), place, now, processes)) as rebuilt:
            return _tell(rebuilt, count)


def _cores() -> int:
    """Those that this program may use: a container has fewer than its machine."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _tell(cases: Iterable[Rebuilt], count: int) -> int:
    """Say of each case what people should know, and at the end how much was done."""
    done = written = unchanged = told = failed = 0
    with _progress(count) as advance:
        for case in cases:  # none is kept: there may be tens of thousands
            for sentence in case.said:
                print(f"{case.ref}: {sentence}")
            done, written, unchanged = done + 1, written + case.written, unchanged + case.unchanged
            told, failed = told + bool(case.said), failed + case.failed
            advance()
    print(f"cases: {done}; documents written again: {written}; unchanged: {unchanged}; cases to look at: {told}")
    return UNEXPECTED if failed else DONE


@contextmanager
def _progress(count: int) -> Iterator[Callable[[], None]]:
    """A bar with the rate and the time left, on a screen alone; what it gives is called after each case."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.finished_speed or task.speed or 0:.0f} cases/s")

    columns = (BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=count)
        yield lambda: bar.advance(task)
