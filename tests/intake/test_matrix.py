from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.intake.layouts import load_layouts
from pipeline.intake.matrix import read_matrices
from pipeline.rules.form import Answer, MatrixForm

FORMS = Path(__file__).parents[1] / "forms"
LAYOUTS = load_layouts(Path(__file__).parents[2] / "templates" / "forms").matrices
GOLDEN = sorted(p for p in (FORMS / "matrices").iterdir() if p.suffix != ".json")


def expected_of(path: Path) -> dict[str, Any]:
    """A copy that LibreOffice saved must read as the form that it was made from, or as its own file says."""
    own = path.parent / f"{path.name}.json"
    made_from = path.with_name(path.name.split(".")[0] + ".json")
    told: dict[str, Any] = json.loads((own if own.exists() else made_from).read_text("utf-8"))
    return told


def told(form: MatrixForm) -> dict[str, Any]:
    return {
        "fields": {label: value(answer) for label, answer in form.fields.items()},
        "rows": {
            row.item: {" | ".join(c.columns): "(coloured)" if c.coloured else c.text for c in row.cells}
            for row in form.rows
        },
        "notes": sorted(f"{n.severity} {n.code} {n.where}" for n in form.notes),
        "remarks": sorted(f"{r.where} {r.text}" for r in form.remarks),
    }


def value(answer: Answer) -> str:
    return f"{answer.text} =" if answer.formula else answer.text


def places(form: MatrixForm) -> dict[str, str]:
    rows = {row.item: f"{row.where} {row.span}" for row in form.rows}
    return rows | {label: answer.where for label, answer in form.fields.items()}


@pytest.mark.parametrize("path", GOLDEN, ids=[p.name for p in GOLDEN])
def test_a_filled_matrix_reads_as_the_file_beside_it_says(path: Path) -> None:
    forms = {form.sheet: form for form in read_matrices(path.read_bytes(), LAYOUTS)}
    expected = expected_of(path)
    assert list(forms) == list(expected)
    for sheet, want in expected.items():
        read = told(forms[sheet])
        assert {label: read["fields"][label] for label in want["fields"]} == want["fields"]
        assert read["rows"] == want["rows"]
        assert read["notes"] == sorted(want.get("notes", []))
        assert read["remarks"] == sorted(want.get("remarks", []))
        at = places(forms[sheet])
        assert {name: at[name] for name in want.get("at", {})} == want.get("at", {})
