"""An office at a real inbox, and a file system that can be made to fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import watch
from pipeline.publish import Office
from tests.failure_modes.faulty_fs import FaultyFs
from tests.offices import close, office


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that has to wait is tried again at once."""
    monkeypatch.setattr(watch, "_FIRST_PAUSE", 0.05)
    monkeypatch.setattr(watch, "_LONGEST_PAUSE", 0.05)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    made = office(tmp_path)
    yield made
    close(made)


@pytest.fixture
def fs(monkeypatch: pytest.MonkeyPatch) -> FaultyFs:
    return FaultyFs(monkeypatch)
