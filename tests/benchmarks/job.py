"""So many matrices are dropped; what their whole journey costs goes out, beside the same job written plainly.

From the claim to the published pack, durable: every file and folder is flushed. Every process of a program counts.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from pipeline.drafting import content_of
from pipeline.outgoing.templates import Templates
from tests.benchmarks.figures import print_table, spread
from tests.benchmarks.packs import first_matrix
from tests.offices import TEMPLATES
from tests.torture import form_of_its_own

_ROUNDS = {1: 5, 100: 2, 2000: 1}  # forms → how often they are dropped
_MOST_PLAINLY = 100  # more would take a quarter of an hour
_SETTINGS = "settle_seconds = 0.1\nsweep_seconds = 0.1\n"
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU and by the clock; the megabytes of the largest process."""

    cpu: float
    wall: float
    megabytes: float


def main() -> None:
    rows: list[list[str]] = []
    ours: dict[int, list[Cost]] = {}
    plain: dict[int, list[Cost]] = {}
    for count, rounds in _ROUNDS.items():
        for _ in range(rounds):
            ours.setdefault(count, []).append(run_dropped(count))
            if count <= _MOST_PLAINLY:
                plain.setdefault(count, []).append(_plainly(count))
        rows.append(_row(f"{count:,}", count, ours[count], plain.get(count, [])))
    mine, theirs = _each_further(ours), _each_further(plain)
    most = max(ours)
    documents = first_matrix()
    letters = sum(d.letter is not None for d in documents)
    templates = Templates(TEMPLATES)
    least = [_only_written([content_of(document, templates) for document in documents]) for _ in range(50)]
    print_table(
        "The whole job for each matrix: median (least to most)",
        (
            *("forms", "ms of CPU a form", "written plainly", "times as fast"),
            *("ms by the clock a form", "written plainly", "peak MB", "written plainly"),
        ),
        rows,
        f"A pack has {len(documents)} documents, {letters} of them letters. One form pays for the start; each further "
        f"one takes {mine:.1f} ms of CPU, plainly {theirs:.1f}: {theirs / mine:.1f} times as long. It is not "
        f"given {most:,} forms.",
        f"Of this the system takes {spread(least, 1)} ms only to make, fill and flush the {len(documents)} files.",
    )


def _each_further(costs: Mapping[int, Sequence[Cost]]) -> float:
    """Milliseconds of CPU for a form beyond the first, from the two longest runs."""
    few, most = sorted(costs)[-2:]
    spent = {count: statistics.median(cost.cpu for cost in costs[count]) for count in (few, most)}
    return (spent[most] - spent[few]) / (most - few) * 1000


def _only_written(contents: Sequence[bytes]) -> float:
    """Milliseconds of CPU to write a pack and to flush it, and nothing else: no program can do with less."""
    folder = _new_folder()
    with ExitStack() as stack:
        start = time.process_time()
        files = [stack.enter_context((folder / str(n)).open("wb", 0)) for n in range(len(contents))]
        for file, content in zip(files, contents, strict=True):
            file.write(content)
        for file in files:
            os.fsync(file.fileno())
        return (time.process_time() - start) * 1000


def _row(name: str, count: int, ours: Sequence[Cost], plain: Sequence[Cost]) -> list[str]:
    def each(costs: Sequence[Cost], of: str) -> list[float]:
        return [getattr(cost, of) * 1000 / count for cost in costs]

    ratio = statistics.median(each(plain, "cpu")) / statistics.median(each(ours, "cpu")) if plain else 0
    return [
        name,
        spread(each(ours, "cpu"), 1),
        spread(each(plain, "cpu"), 1) if plain else "",
        f"{ratio:.1f}" if plain else "",
        spread(each(ours, "wall"), 1),
        spread(each(plain, "wall"), 1) if plain else "",
        f"{max(c.megabytes for c in ours):.0f}",
        f"{max(c.megabytes for c in plain):.0f}" if plain else "",
    ]


def run_dropped(count: int, records: Path | None = None, number: int = 0) -> Cost:
    """What `pipeline run` takes for so many matrices, each of a case of its own.

    ``records``: where a register is kept already; ``number``: of the first case.
    """
    folder = _new_folder()
    for inner in ("inbox", "outbox"):
        (folder / inner).mkdir()
    _drop(folder / "inbox", count, number)
    (folder / "pipeline.toml").write_text(_SETTINGS, "ascii")
    options = ["--templates", str(TEMPLATES), "--records", str(records or folder / "records"), "--json"]
    cost = cost_of([sys.executable, "-m", "pipeline", "run", *options], folder)
    _count_packs(folder / "outbox", count)
    return cost


def _plainly(count: int) -> Cost:
    folder = _new_folder()
    _drop(folder / "inbox", count, 0)
    says = [
        {
            "template": document.template,
            "file_name": document.file_name,
            "context": document.context,
            "pictures": {name: base64.b64encode(png).decode() for name, png in document.pictures.items()},
        }
        for document in first_matrix()
    ]
    (folder / "pack.json").write_text(json.dumps(says), "utf-8")
    arguments = [str(folder / inner) for inner in ("inbox", "outbox", "pack.json")]
    cost = cost_of([sys.executable, "-m", "tests.benchmarks.plain_job", *arguments], folder)
    _count_packs(folder / "outbox", count)
    return cost


def _new_folder() -> Path:
    """It stays until all is measured: after many files were deleted ext4 takes five times as long to make new ones."""
    return Path(tempfile.mkdtemp())


def _drop(inbox: Path, count: int, first: int) -> None:
    inbox.mkdir(exist_ok=True)
    for number in range(first, first + count):
        (inbox / f"{number:06}.xlsx").write_bytes(form_of_its_own("matrix-must.xlsx", number))


def _count_packs(outbox: Path, count: int) -> None:
    packs = [path.parent for path in outbox.glob("*/*/Action plan.docx")]
    if len(packs) != count:
        raise RuntimeError(f"{len(packs)} packs of {count} forms")


def as_installed() -> dict[str, str]:
    """The environment of a program whose modules lie compiled beside it, as pip leaves them."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def cost_of(command: Sequence[str], folder: Path) -> Cost:
    """Run a program; its cost with that of every process that it started, also of those that it did not wait for."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1)  # a worker's fork server becomes our own child when the program ends
    environment = {**as_installed(), "PYTHONPATH": str(Path(__file__).parents[2])}
    start = time.perf_counter()
    program = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert program.stderr
    said = program.stderr.read()
    spent, largest = 0.0, 0
    wall = 0.0
    while True:
        try:
            pid, status, used = os.wait4(-1, 0)
        except ChildProcessError:
            break
        if pid == program.pid:
            wall, program.returncode = time.perf_counter() - start, os.waitstatus_to_exitcode(status)
        spent += used.ru_utime + used.ru_stime
        largest = max(largest, used.ru_maxrss)
    if program.returncode:
        raise RuntimeError(said.decode()[-2000:])
    return Cost(spent, wall, largest / 1024)
