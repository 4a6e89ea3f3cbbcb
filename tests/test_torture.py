"""Short forms of `make torture` and `make burst`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.torture import burst, torture

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc, and needs SIGKILL")

# Twice what the watcher needs for one form; it has as much after thousands.
MEGABYTES = 200


def test_forms_survive_watchers_that_are_killed_over_and_over(tmp_path: Path) -> None:
    assert torture(tmp_path, forms=20, kills=12, seed=1) == []


def test_36_a_burst_of_files_with_bounded_memory(tmp_path: Path) -> None:
    found, peak = burst(tmp_path, 60)
    assert found == []
    assert peak < MEGABYTES
