"""A register of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.register import Register


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records" / "register.sqlite"


@pytest.fixture
def register(path: Path) -> Iterator[Register]:
    register = Register.open(path)
    yield register
    register.close()
