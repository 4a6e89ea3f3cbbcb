"""A few seconds of what `make fuzz` does for hours, by the same choices every time; and all that it ever found."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz.mutations import FORMS, SEEDS, mutated
from tests.fuzz.readers import read

FOUND = sorted(
    p for p in (Path(__file__).parent / "found").iterdir() if p.suffix in (".xlsx", ".xlsm", ".ods", ".docx")
)
TIMES = 4


@pytest.mark.parametrize("seed", SEEDS, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_a_damaged_form_is_read_or_given_back(seed: Path) -> None:
    for number in range(TIMES):
        read(mutated(seed, random.Random(f"{seed.name} {number}").randrange), seed.name)


def test_damage_leaves_enough_forms_to_read() -> None:
    seed = FORMS / "examples" / "referral-controls.docx"
    forms = [read(mutated(seed, random.Random(number).randrange), seed.name) for number in range(40)]
    assert 10 < sum(map(bool, forms)) < 40


@pytest.mark.parametrize("path", FOUND, ids=lambda p: p.name)
def test_what_was_found_once_is_read_or_given_back(path: Path) -> None:
    read(path.read_bytes(), path.name)
