"""Commands that people wait for come in; how long each takes from nothing to its first line goes out."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.figures import interleaved, print_table, spread
from tests.benchmarks.growth import filled
from tests.benchmarks.job import as_installed, cost_of
from tests.offices import EXAMPLES, TEMPLATES

_ROUNDS = 10
_CASES = 2000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        records = filled(Path(folder), _CASES)
        form = str(EXAMPLES / "matrix-must.xlsx")
        nowhere = ["--records", str(records / "none"), "--templates", str(TEMPLATES)]
        commands = {
            "python, with nothing to do": [sys.executable, "-c", "print()"],
            "pipeline --help": _pipeline("--help"),
            "pipeline check, one matrix": _pipeline("check", form, *nowhere),
            f"pipeline due, {_CASES:,} cases": _pipeline("due", "--records", folder),
        }
        spent = interleaved({name: _first_line(command) for name, command in commands.items()}, _ROUNDS, 1)
        cpu = {name: [cost_of(command, records).cpu * 1000 for _ in range(3)] for name, command in commands.items()}
    rows = [[name, spread(taken, 0), spread(cpu[name], 0)] for name, taken in spent.items()]
    headings = ("command", "ms by the clock to its first line", "ms of CPU in all")
    print_table("From nothing to the first line: median (least to most)", headings, rows)


def _pipeline(*arguments: str) -> Sequence[str]:
    return [sys.executable, "-m", "pipeline", *arguments]


def _first_line(command: Sequence[str]) -> Callable[[int], float]:
    environment = {**as_installed(), "PYTHONUNBUFFERED": "1"}

    def turn(times: int) -> float:
        spent = 0.0
        for _ in range(times):
            start = time.perf_counter()
            with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
                assert program.stdout
                said = program.stdout.readline()
                spent += time.perf_counter() - start
                if not said:
                    raise RuntimeError(program.communicate()[1].decode()[-2000:])
                program.communicate()
        return spent * 1000

    return turn
