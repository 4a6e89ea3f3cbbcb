"""What tests of many folders stand on: templates that they may change, and how many cases a property test tries."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from pipeline.publish import Office
from tests.offices import TEMPLATES, close, office

# 50 on every change, 500 where HYPOTHESIS_PROFILE=nightly.
# The first case of a session builds caches and strategies; a deadline would only measure that.
settings.register_profile("ci", max_examples=50, deadline=None)
settings.register_profile("nightly", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """The templates as shipped, in a copy that a test may change."""
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


@pytest.fixture
def desk(tmp_path: Path, templates: Path) -> Iterator[Office]:
    """An office that writes by this copy."""
    made = office(tmp_path, templates=templates)
    yield made
    close(made)
