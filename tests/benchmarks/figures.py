"""What takes turns comes in; how long each took for one turn goes out, as rows of a Markdown table.

Contestants take turns in one run, so that a machine whose speed drifts, or that others use, is fair to all of them.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

Turn = Callable[[int], float]
"""Does the work so many times; returns the CPU time that it took, in milliseconds."""


def here(work: Callable[[], object]) -> Turn:
    """Work that is done in this process."""

    def turn(times: int) -> float:
        start = time.process_time()
        for _ in range(times):
            work()
        return (time.process_time() - start) * 1000

    return turn


def interleaved(turns: Mapping[str, Turn], rounds: int, milliseconds: float = 40) -> dict[str, list[float]]:
    """Milliseconds for one piece of work, round by round. Each turn lasts about as long as any other: who works for
    longer has the machine's caches for longer. The first turns, which pay for imports, do not count.
    """
    times: dict[str, int] = {}
    for name, turn in turns.items():
        turn(1)
        times[name] = max(1, round(milliseconds / max(turn(2) / 2, 0.001)))
    spent: dict[str, list[float]] = {name: [] for name in turns}
    for _ in range(rounds):
        for name, turn in turns.items():
            spent[name].append(turn(times[name]) / times[name])
    return spent


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median (least to most)."""
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def times_as_fast(theirs: Sequence[float], ours: Sequence[float]) -> str:
    return f"{statistics.median(theirs) / statistics.median(ours):.1f}"


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], *notes: str) -> None:
    print(f"\n### {title}\n")
    print(f"| {' | '.join(headings)} |")
    print(f"|{' --- |' * len(headings)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)
    for note in notes:
        print(f"\n{note}")


def print_machine() -> None:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{dt.date.today()}: {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}{load}")  # noqa: DTZ011
