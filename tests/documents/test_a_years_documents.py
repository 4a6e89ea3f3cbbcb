"""A year of one case, from the files that people drop: every Word file that lies in the outbox then is sound."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.a_year import YEAR
from tests.documents import accessible, least, schema
from tests.documents.produced import KINDS
from tests.offices import close, office, work


def test_every_document_of_a_year_is_valid_accessible_and_signed_by_nobody(tmp_path: Path) -> None:
    now = [dt.datetime(2026, 11, 4, 12)]
    desk = office(tmp_path, clock=lambda: now[0])
    try:
        for drop in YEAR:
            now[0] = dt.datetime.combine(drop.day, dt.time(12))
            path = desk.settings.inbox / drop.name
            path.write_bytes(drop.make(desk))
            [result] = work(path, desk)
            assert result.outcome == "accepted", result.problems
        files = sorted(desk.settings.outbox.rglob("*.docx"))
        newest = {path.stem.partition(" - ")[0]: path for path in files}
        assert set(newest) == set(KINDS) - {"What to put right"}
        told = {}
        for path in files:
            content = path.read_bytes()
            found = [*accessible.faults(content), *least.faults(content)]
            if path in newest.values():  # the slowest check: the newest draw on all that came before
                found += schema.faults(content)
            if found:
                told[f"{path.parent.name}/{path.name}"] = found
        assert told == {}
    finally:
        close(desk)
