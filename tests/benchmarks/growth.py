"""Registers of some sizes come in; what one more form costs with each of them goes out.

Each case has a referral, an assessment, a meeting, eight letters, time limits and lines of the audit record. One is
recorded by the register itself; its rows are then copied under other references, for to record so many takes hours.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
from contextlib import closing
from pathlib import Path

from pipeline.register import Register
from tests import factories
from tests.benchmarks.figures import print_table, spread
from tests.benchmarks.job import run_dropped
from tests.register.given import accept, letter

_CASES = (0, 1_000, 50_000)
_FORMS = 100
_ROUNDS = 3
_SAMPLE = "CF900000"
_TABLES = ("arrivals", "forms", "letters", "limits", "audit")
_FORMS_OF_A_CASE = (
    factories.referral(case=_SAMPLE),
    factories.assessment(case=_SAMPLE),
    factories.meeting_record(case=_SAMPLE, core_group="establish"),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        records = {cases: filled(Path(name, str(cases)), cases) for cases in _CASES}
        sizes = {cases: (folder / "register.sqlite").stat().st_size / 1e6 for cases, folder in records.items()}
        spent: dict[int, list[float]] = {cases: [] for cases in _CASES}
        for number in range(_ROUNDS):
            for cases, folder in records.items():
                cost = run_dropped(_FORMS, folder, number * _FORMS)
                spent[cases].append(cost.cpu * 1000 / _FORMS)
    none = statistics.median(spent[0])
    rows = [
        [f"{cases:,}", f"{sizes[cases]:,.0f}", spread(taken, 1), f"{statistics.median(taken) / none:.2f}"]
        for cases, taken in spent.items()
    ]
    print_table(
        f"What a form costs, in a run of {_FORMS}, by the size of the register: median (least to most)",
        ("cases", "MB", "ms of CPU a form, with the start", "to an empty register"),
        rows,
    )


def filled(folder: Path, cases: int) -> Path:
    """A folder with the register of so many cases."""
    register = Register.open(folder / "register.sqlite")
    if cases:
        for number, believed in enumerate(_FORMS_OF_A_CASE):
            letters = [letter(f"{_SAMPLE}-{n}", f"Agency {n}") for n in range(8)] if number == 1 else []
            accept(register, f"{_SAMPLE}-{number}", believed, letters)
            register.told(f"{_SAMPLE}-{number}")
    register.close()
    if cases > 1:
        with closing(sqlite3.connect(folder / "register.sqlite", isolation_level=None)) as connection:
            connection.execute("BEGIN")
            for table in _TABLES:
                _copy(connection, table, cases - 1)
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def _copy(connection: sqlite3.Connection, table: str, cases: int) -> None:
    """The sample's rows under other references, wherever its own stands in them. The audit's digests are made up."""
    columns = [f'"{row[1]}"' for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
    made_up = {'"number"': "row_number() OVER () + (SELECT max(number) FROM audit)", '"digest"': "hex(randomblob(32))"}
    other = "printf('%06d', i)"
    values = [made_up.get(c) or f"iif(typeof({c}) = 'text', replace({c}, '900000', {other}), {c})" for c in columns]
    connection.execute(
        f"WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ?) "
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table}, numbers",
        [cases],
    )
