"""So many cases come in, each with a matrix and its whole pack; how fast all are written again, and with how much
memory, goes out.

All ten letters of a pack change, because the council's name does; its four other documents stay as they are.

python -m tests.benchmarks.rebuild [CASES]
"""

from __future__ import annotations

import datetime as dt
import hashlib
import multiprocessing
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import msgspec

from pipeline.audit import Event
from pipeline.drafting import content_of, occasion_of
from pipeline.intake.readers import read_forms
from pipeline.outgoing.documents import documents_for
from pipeline.rebuild_all import Place, rebuild_all
from pipeline.register import Entry, Register
from pipeline.rules.assessment import examine_matrix
from pipeline.rules.case import Believed
from pipeline.rules.layout import MatrixLayout
from pipeline.settings import Sender, Settings
from tests.benchmarks.figures import print_machine, print_table, spread, times_as_fast
from tests.matrix_forms import LAYOUTS
from tests.offices import EXAMPLES, TEMPLATES

_NOW = dt.datetime.now()  # noqa: DTZ005  letters are written again while their day for the reply has not passed
[_FORM] = read_forms((EXAMPLES / "matrix-must.xlsx").read_bytes(), "matrix-must.xlsx", LAYOUTS)
_ROUNDS = 3
_EACH = 3_000  # cases, where one process is compared with two: fewer would show how long a process takes to start


def main(cases: int = 10_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        _compare(Path(name, "few"))
        _all(Path(name, "many"), cases)


def _compare(folder: Path) -> None:
    place = _filled(folder, _EACH)
    spent: dict[int, list[float]] = {1: [], 2: []}
    counted: dict[int, list[float]] = {1: [], 2: []}
    for number in range(_ROUNDS):
        for processes, taken in spent.items():
            renamed = Place(_named(place.settings, f"Council {number}{processes}"), place.templates)
            register = Register.open(place.register)
            start = time.perf_counter()
            done = list(rebuild_all(register.cases_with_packs(20), renamed, _NOW, processes))
            taken.append((time.perf_counter() - start) * 1000 / _EACH)
            register.close()
            assert all(case.written == 10 and not case.said for case in done)
            counted[processes].append(_counting(processes))
    rows = [
        [
            str(n),
            spread(spent[n], 1),
            times_as_fast(spent[1], spent[n]),
            spread(counted[n], 0),
            times_as_fast(counted[1], counted[n]),
        ]
        for n in spent
    ]
    headings = ("processes", "ms a case, by the clock", "times", "only counting to 10 million, ms", "times")
    note = "Counting is what the machine itself gives to two processes, beside whatever else runs on its host."
    print_table(f"{_EACH} cases written again: median (least to most)", headings, rows, note)


def _counting(processes: int) -> float:
    """Milliseconds by the clock for one count, of as many as there are processes, all at once."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(_count, range(processes), chunksize=1)  # they are up and running
        start = time.perf_counter()
        pool.map(_count, range(4 * processes), chunksize=4)
        return (time.perf_counter() - start) * 1000 / (4 * processes)


def _count(_: int) -> None:
    for _ in range(10_000_000):
        pass


def _all(folder: Path, cases: int) -> None:
    place = _filled(folder, cases)
    (folder / "pipeline.toml").write_text('[sender]\ncouncil = "Another Council"\n', "utf-8")
    start = time.perf_counter()
    command = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "rebuild", f"--templates={place.templates}"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    peak = 0
    while command.poll() is None:
        peak = max(peak, sum(map(_resident, _family(command.pid))))
        time.sleep(0.1)
    taken = time.perf_counter() - start
    assert command.stdout is not None
    said = command.stdout.read().splitlines()[-1]
    print_table(
        f"{cases:,} cases written again by the command",
        ("seconds", "cases a second", "MB, all processes together, at their most"),
        [[f"{taken:.0f}", f"{cases / taken:.0f}", f"{peak / 1024:.0f}"]],
        said,
    )


def _filled(folder: Path, cases: int) -> Place:
    """A working folder in which so many cases have their pack."""
    settings = _named(Settings(outbox=folder / "outbox", records=folder / "records"), "A Council")
    place = Place(settings, TEMPLATES)
    settings.outbox.mkdir(parents=True)
    stationery = place.stationery()
    register = Register.open(place.register)
    for number in range(cases):
        believed = _believed(f"CF{number:06d}", stationery.layouts.matrices[0])
        sha256 = hashlib.sha256(believed.case.encode()).hexdigest()
        register.arrived(sha256, 1, _NOW)
        documents = documents_for(occasion_of(believed, [believed], [], (sha256, _NOW), stationery))
        wanted = f"{believed.case}/2026-10-30 Assessment matrix"
        pack = register.pack_folder(sha256, believed.case, wanted, lambda _: False)
        (settings.outbox / pack).mkdir(parents=True)
        hashes = {}
        for document in documents:
            content = content_of(document, stationery.templates)
            hashes[f"{pack}/{document.file_name}"] = hashlib.sha256(content).hexdigest()
            (settings.outbox / pack / document.file_name).write_bytes(content)
        events = (
            Event("accepted", sha256, believed.case, {}),
            Event("published", sha256, believed.case, {"documents": hashes}),
        )
        entry = Entry("Sheet1", "matrix", believed.case, "accepted", believed, events=events)
        register.record(sha256, [entry], [(believed.case, d.letter) for d in documents if d.letter], _NOW)
    register.close()
    return place


def _believed(case: str, layout: MatrixLayout) -> Believed:
    """The example of a matrix that calls for a core group, under another ID."""
    label = next(field.label for field in layout.fields if field.key == "case")
    fields = {**_FORM.fields, label: replace(_FORM.fields[label], text=case)}
    believed = examine_matrix(replace(_FORM, fields=fields), layout, _NOW.date()).believed
    assert believed is not None
    return believed


def _named(settings: Settings, council: str) -> Settings:
    return msgspec.structs.replace(settings, sender=Sender(council=council))


def _family(pid: int) -> list[int]:
    """A process and all that it started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in children for each in _family(int(child)))]


def _resident(pid: int) -> int:
    """Kilobytes."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


if __name__ == "__main__":
    print_machine()
    main(*map(int, sys.argv[1:]))
