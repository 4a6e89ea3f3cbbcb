"""A number of cases comes in; how long the register of so many takes for what is asked of it goes out.

    python -m tests.benchmarks.due [CASES]

Each case has a year of forms: a referral, four assessments, six meetings; and four letters that nobody acknowledged.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.register import Register, due_in
from pipeline.rules.case import Believed
from tests import factories
from tests.register.given import accept, letter

_CASES = 2000
_ROUNDS = 15
_ROOT = Path(__file__).parents[2]
_START = dt.date(2026, 1, 5)
_COMMANDS = {
    "an empty process": ["-c", ""],
    "pipeline due": ["-m", "pipeline", "due", "--records", "."],
    "pipeline due --json": ["-m", "pipeline", "due", "--json", "--records", "."],
    "pipeline due --case CF000000": ["-m", "pipeline", "due", "--case", "CF000000", "--records", "."],
}


def main(cases: int = _CASES) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.sqlite"
        register = Register.open(path)
        spent = [_timed(time.process_time, lambda n=n: fill(register, f"CF{n:06}")) for n in range(cases)]  # type: ignore[misc]
        register.close()
        tenth = max(1, cases // 10)
        early, late = (statistics.median(part) / 11 for part in (spent[:tenth], spent[-tenth:]))
        print(f"{cases} cases, {path.stat().st_size / 1e6:.0f} MB")
        print(f"recording a form: {early:.1f} ms of CPU in the first tenth, {late:.1f} ms in the last")
        print(f"{len(due_in(path))} time limits")
        for name, arguments in _COMMANDS.items():
            spent = [
                _timed(time.perf_counter, lambda a=arguments: _run(a, Path(folder)))  # type: ignore[misc]
                for _ in range(_ROUNDS)
            ]
            print(f"{name}: {statistics.median(spent):.0f} ms ({min(spent):.0f} to {max(spent):.0f})")


def _run(arguments: Sequence[str], folder: Path) -> None:
    """A whole process, as somebody who types the command waits for it."""
    environment = os.environ | {"PYTHONPATH": str(_ROOT)}
    subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def fill(register: Register, ref: str) -> None:
    """A year of one case."""
    for number, (day, believed) in enumerate(_year(ref)):
        sha256 = f"{ref}-{number}"
        letters = [letter(f"{sha256}-{n}", f"Agency {n}") for n in range(4)] if number == 3 else []
        accept(register, sha256, believed, letters, now=dt.datetime.combine(day, dt.time(9)))


def _year(ref: str) -> list[tuple[dt.date, Believed]]:
    forms: list[Believed] = [factories.referral(case=ref, date=_START)]
    forms += [factories.assessment(case=ref, date=_START + dt.timedelta(days=n)) for n in (2, 90, 180, 270)]
    forms += [_meeting(ref, _START + dt.timedelta(days=28 * n)) for n in range(1, 7)]
    return sorted(((form.date or _START, form) for form in forms), key=lambda dated: dated[0])


def _meeting(ref: str, day: dt.date) -> Believed:
    return factories.meeting_record(case=ref, date=day, core_group="continue", matrix_considered=day)


def _timed(clock: Callable[[], float], do: Callable[[], object]) -> float:
    start = clock()
    do()
    return (clock() - start) * 1000


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
