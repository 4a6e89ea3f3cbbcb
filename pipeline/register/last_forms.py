"""The path of a register comes in; when each case's last form arrived goes out, without the library that writes it."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

_LAST = (
    "SELECT case_ref, max(received_at) FROM forms JOIN arrivals USING (sha256) "
    "WHERE case_ref IS NOT NULL GROUP BY case_ref"
)


def last_forms_in(path: Path) -> Mapping[str, dt.date]:
    """Case → the day on which its last form arrived, for every case in the register ``path``.

    Raises:
        OSError: it cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return {case: dt.datetime.fromisoformat(last).date() for case, last in connection.execute(_LAST)}
    except sqlite3.Error as e:
        raise OSError(f"the register: {e}") from e
