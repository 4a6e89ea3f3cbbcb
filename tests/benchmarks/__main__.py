"""Example forms come in; how many milliseconds of CPU each reader takes for one goes out, side by side.

    python -m tests.benchmarks

Readers take turns in one process that is warm, so that a machine whose speed drifts is fair to all of them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.table import Table

from pipeline.intake.excel.matrix import read_matrices
from pipeline.intake.readers import read_forms
from pipeline.intake.word.word_form import read_word_form
from tests.benchmarks import plain
from tests.matrix_forms import LAYOUT, LAYOUTS
from tests.offices import EXAMPLES

_ROUNDS = 40
_TIMES = 5  # so often in one round: a clock of CPU time is coarse


def main() -> None:
    table = Table(
        title="CPU for one form in a warm process, milliseconds: median (least to most)", title_justify="left"
    )
    for heading in ("form", "this program", "with its guards", "plainly", "times as fast"):
        table.add_column(heading)
    for name in ("matrix-must.xlsx", "matrix-legacy.xls"):
        _compare(table, name, ("openpyxl", plain.read_matrix, LAYOUT) if name.endswith("x") else None)
    for name in ("referral-controls.docx", "referral-glyph.docx", "referral-legacy.docx"):
        _compare(table, name, ("python-docx", plain.read_word_form))
    Console(width=130).print(table)


def _compare(table: Table, name: str, other: tuple[object, ...] | None) -> None:
    data = (EXAMPLES / name).read_bytes()
    readers: dict[str, Callable[[], object]] = {
        "ours": lambda: _read(data, name),
        "guarded": lambda: read_forms(data, name, LAYOUTS),
    }
    if other:
        library, read, *arguments = other
        readers[str(library)] = lambda: read(data, *arguments)  # type: ignore[operator]
    spent = _interleaved(readers)
    ours, guarded, *theirs = (f"{statistics.median(t):.2f} ({min(t):.2f} to {max(t):.2f})" for t in spent.values())
    ratio = f"{statistics.median(spent[str(other[0])]) / statistics.median(spent['ours']):.1f}" if other else ""
    table.add_row(name, ours, guarded, f"{other[0]} {theirs[0]}" if other else "cannot read it", ratio)


def _read(data: bytes, name: str) -> object:
    if name.endswith(".docx"):
        return read_word_form(data, LAYOUTS.word_forms)
    return read_matrices(data, LAYOUTS.matrices)


def _interleaved(readers: Mapping[str, Callable[[], object]]) -> dict[str, list[float]]:
    spent: dict[str, list[float]] = {name: [] for name in readers}
    for read in readers.values():
        read()  # imports, and whatever else only the first form pays for
    for _ in range(_ROUNDS):
        for name, read in readers.items():
            start = time.process_time()
            for _ in range(_TIMES):
                read()
            spent[name].append((time.process_time() - start) * 1000 / _TIMES)
    return spent


if __name__ == "__main__":
    main()
