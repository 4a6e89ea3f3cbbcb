import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.intake.layouts import load_layouts
from pipeline.intake.referral import read_referral
from pipeline.rules.form import ReferralForm
from tests.referral_forms import BLANK, FORMS

LAYOUTS = load_layouts(Path(__file__).parents[2] / "templates" / "forms").referrals
LAYOUT = LAYOUTS[0]
GOLDEN = sorted((FORMS / "referrals").glob("*.docx"))
EXPECTED = json.loads((FORMS / "examples" / "expected.json").read_text("utf-8"))


def read(data: bytes | Path) -> ReferralForm:
    form = read_referral(data.read_bytes() if isinstance(data, Path) else data, LAYOUTS)
    assert form is not None
    return form


def example(name: str) -> dict[str, Any]:
    """What expected.json says of an example, keyed and filled up as read_referral gives it."""
    fields = {
        f"{s.title}/{label}": ""
        for s in LAYOUT.sections
        for label in (*(f.label for f in s.fields + s.boxes), *s.specify)
    }
    questions: dict[str, bool | None] = {f"{s.title}/{q.label}": None for s in LAYOUT.sections for q in s.questions}
    tables: dict[str, list[list[str]]] = {s.title: [] for s in LAYOUT.sections if s.columns}
    if name == "blank":
        return {"fields": fields, "questions": questions, "ticked": [], "tables": tables, "remarks": [], "notes": []}
    values = EXPECTED[f"{name}.docx"]["values"]

    def keyed(given: dict[str, Any], known: dict[str, Any]) -> None:
        for label, value in given.items():
            (key,) = (k for k in known if k == label or k.endswith(f"/{label}"))
            known[key] = value

    keyed(values["pairs"] | values["boxes"], fields)
    keyed(values["yesno"], questions)
    ticked = [label for s in LAYOUT.sections for label in s.ticks if label in values["ticks"]]
    return {
        "fields": fields,
        "questions": questions,
        "ticked": ticked,
        "tables": tables | values["tables"],
        "remarks": [],
        "notes": [],
    }


def plain(form: ReferralForm) -> dict[str, Any]:
    return {
        "fields": {key: answer.text for key, answer in form.fields.items()},
        "questions": {key: choice.value for key, choice in form.questions.items()},
        "ticked": [tick.label for tick in form.ticked],
        "tables": {key: [list(row.values()) for row in rows] for key, rows in form.tables.items()},
        "remarks": [[remark.where, remark.text] for remark in form.remarks],
        "notes": [[note.code, note.where] for note in form.notes],
    }


@pytest.mark.parametrize("name", ["referral-controls", "referral-glyph", "referral-legacy"])
def test_reads_each_generation_of_the_form_exactly(name: str) -> None:
    assert plain(read(FORMS / "examples" / f"{name}.docx")) == example(name)


def test_reads_nothing_in_the_blank_form() -> None:
    assert plain(read(BLANK)) == example("blank")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_reads_what_the_golden_pair_says_and_nothing_else(path: Path) -> None:
    said = json.loads(path.with_suffix(".json").read_text("utf-8"))
    want = example(said["as"])
    for part in ("fields", "questions", "tables"):
        assert said.get(part, {}).keys() <= want[part].keys()
        want[part] |= said.get(part, {})
    for part in ("ticked", "remarks", "notes"):
        want[part] = said.get(part, want[part])
    form = read(path)
    assert plain(form) == want
    assert {key: str(a.date) for key, a in form.fields.items() if a.date} == said.get("dates", {})
