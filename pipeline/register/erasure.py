"""A connection and a case come in; what is held on it alone goes out, and is taken out of every table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from pipeline.register.held import Erasure
from pipeline.register.held_packs import pack_folders

# Every case that a content of this case belongs to; NULL for a form that did not say whose it is. A pack whose form is
# not recorded is one that a crash interrupted.
_CASES_OF_CONTENTS = """
    WITH mine AS (
        SELECT sha256 FROM forms WHERE case_ref = :ref
        UNION SELECT sha256 FROM packs WHERE case_ref = :ref
        UNION SELECT sha256 FROM letters WHERE case_ref = :ref
    )
    SELECT sha256, case_ref FROM forms JOIN mine USING (sha256)
    UNION SELECT sha256, case_ref FROM packs JOIN mine USING (sha256)
    UNION SELECT sha256, case_ref FROM letters JOIN mine USING (sha256)
"""
_RETURNS = "SELECT folder FROM returns WHERE sha256 = :sha256"


def erasure(connection: sqlite3.Connection, ref: str) -> Erasure | None:
    """What goes when a case is forgotten; None where nothing is held on it."""
    cases: dict[str, set[str | None]] = {}
    for sha256, case in connection.execute(_CASES_OF_CONTENTS, {"ref": ref}):
        cases.setdefault(sha256, set()).add(case)
    if not cases:
        return None
    originals = tuple(sorted(sha256 for sha256, of in cases.items() if of == {ref}))
    return Erasure(
        ref=ref,
        originals=originals,
        shared=tuple(sorted(cases.keys() - set(originals))),
        packs=pack_folders(connection, ref),
        returns=tuple(sorted(_given_back(connection, originals))),
    )


def erase(connection: sqlite3.Connection, what: Erasure) -> dict[str, int]:
    """Delete every row of a case; how many of each table, where any were."""
    counts = {
        table: connection.execute(f"DELETE FROM {table} WHERE case_ref = :ref", {"ref": what.ref}).rowcount
        for table in ("letters", "limits", "awaited", "packs", "forms")
    }
    for table in ("returns", "arrivals"):
        own = [{"sha256": sha256} for sha256 in what.originals]
        counts[table] = connection.executemany(f"DELETE FROM {table} WHERE sha256 = :sha256", own).rowcount
    return {table: count for table, count in counts.items() if count}


def _given_back(connection: sqlite3.Connection, originals: Iterable[str]) -> Iterator[str]:
    for sha256 in originals:
        for (folder,) in connection.execute(_RETURNS, {"sha256": sha256}):
            yield folder
