"""Example forms come in; how many milliseconds of CPU each reader takes for one goes out, side by side."""

from __future__ import annotations

from pipeline.intake.excel.matrix import read_matrices
from pipeline.intake.readers import read_forms
from pipeline.intake.word.word_form import read_word_form
from tests.benchmarks import plain
from tests.benchmarks.figures import here, interleaved, print_table, spread, times_as_fast
from tests.matrix_forms import LAYOUT, LAYOUTS
from tests.offices import EXAMPLES

_FORMS = (
    *("matrix-must.xlsx", "matrix-legacy.xls"),
    *("referral-controls.docx", "referral-glyph.docx", "referral-legacy.docx"),
)


def main() -> None:
    headings = ("form", "this program", "with its guards", "openpyxl, python-docx", "times as fast")
    print_table("Reading one form, ms of CPU: median (least to most)", headings, map(_row, _FORMS))


def _row(name: str) -> list[str]:
    data = (EXAMPLES / name).read_bytes()
    turns = {"ours": here(lambda: _read(data, name)), "guarded": here(lambda: read_forms(data, name, LAYOUTS))}
    if name.endswith(".docx"):
        turns["plain"] = here(lambda: plain.read_word_form(data))
    elif name.endswith(".xlsx"):
        turns["plain"] = here(lambda: plain.read_matrix(data, LAYOUT))
    spent = interleaved(turns, rounds=30)
    theirs = spent.get("plain")
    compared = [spread(theirs), times_as_fast(theirs, spent["ours"])] if theirs else ["cannot read it", ""]
    return [name, spread(spent["ours"]), spread(spent["guarded"]), *compared]


def _read(data: bytes, name: str) -> object:
    if name.endswith(".docx"):
        return read_word_form(data, LAYOUTS.word_forms)
    return read_matrices(data, LAYOUTS.matrices)
