"""The commands as a user calls them: what they print, what they leave, how they end."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.offices import EXAMPLES, TEMPLATES, tree
from tests.templates.pictures import placeholder

ROOT = TEMPLATES.parent


def pipeline(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


def lines(completed: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in completed.stdout.splitlines()]


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    assert pipeline("init", "work", cwd=tmp_path).returncode == 0
    return tmp_path / "work"


def test_init_makes_a_working_folder_and_never_overwrites(workplace: Path) -> None:
    assert sorted(p.name for p in workplace.iterdir()) == ["inbox", "outbox", "pipeline.toml", "records", "templates"]
    assert set(tree(workplace / "templates")) >= {"Action plan.docx", "agencies.xlsx", "forms/matrix.toml"}
    changed = workplace / "templates" / "Action plan.docx"
    changed.write_bytes(b"ours")
    (workplace / "pipeline.toml").write_text("reply_days = 3\n")
    assert pipeline("init", "work", cwd=workplace.parent).returncode == 0
    assert changed.read_bytes() == b"ours"
    assert (workplace / "pipeline.toml").read_text() == "reply_days = 3\n"


def test_the_settings_that_init_writes_are_valid_and_so_are_its_examples(workplace: Path) -> None:
    settings = workplace / "pipeline.toml"
    uncommented = "\n".join(
        line.removeprefix("# ") if " = " in line else line for line in settings.read_text("utf-8").splitlines()
    )
    (workplace / "logo.png").write_bytes(placeholder("logo"))
    for text in (settings.read_text("utf-8"), uncommented):
        settings.write_text(text, encoding="utf-8")
        completed = pipeline("run", cwd=workplace)
        assert (completed.returncode, completed.stdout.strip()) == (0, "Nothing in the inbox.")


def test_run_prints_a_table_of_what_came_in_and_where_each_document_lies(workplace: Path) -> None:
    (workplace / "inbox" / "form.xlsx").write_bytes((EXAMPLES / "matrix-must.xlsx").read_bytes())
    completed = pipeline("run", cwd=workplace)
    assert completed.returncode == 0
    for wanted in ("form.xlsx", "CF104233", "51", "Core Group MUST be established", "Action plan.docx"):
        assert wanted in completed.stdout


def test_run_json_prints_one_object_for_each_form_and_nothing_else(workplace: Path) -> None:
    (workplace / "inbox" / "three.xlsx").write_bytes((EXAMPLES / "matrix-three-reviews.xlsx").read_bytes())
    (workplace / "inbox" / "notes.txt").write_text("call me")
    no_form, *reviews = lines(pipeline("run", "--json", cwd=workplace))
    assert (no_form["file"], no_form["form"], no_form["outcome"]) == ("notes.txt", None, "returned")
    assert [r["sheet"] for r in reviews] == ["Sept 26", "Oct 26", "Nov 26"]
    assert [r["band"] for r in reviews] == ["must", "must", "consider"]


def test_check_says_what_would_happen_and_writes_nothing(workplace: Path) -> None:
    form = EXAMPLES / "matrix-unanswered-but-certain.xlsx"
    before = tree(workplace)
    [line] = lines(pipeline("check", "--json", form, cwd=workplace))
    assert tree(workplace) == before
    assert line["outcome"] == "accepted"
    assert line["documents"] == []
    assert line["score"] == {"low": 48, "high": 57, "behaviour": [52, 61], "protective": [-4, -4]}
    assert line["rows"]["Criminal activity"] == {"frequency": [1, 1], "timescale": [0, 3], "where": "Sheet1!A12"}  # type: ignore[index]
    assert line["factors"]["Strong positive peer group"] == {"score": [0, 0], "where": "Sheet1!L9"}  # type: ignore[index]
    assert line["fields"]["Young person Name"] == {"value": "Kim Placeholder", "where": "Sheet1!B2"}  # type: ignore[index]
    [criminal, contact] = line["problems"]  # type: ignore[misc]
    assert (criminal["severity"], criminal["code"], criminal["where"]) == ("note", "unanswered", "Sheet1!B12:J12")
    assert (contact["severity"], contact["code"], contact["where"]) == ("note", "unanswered", "Sheet1!B18:J18")


def test_check_knows_what_was_accepted_before(workplace: Path) -> None:
    (workplace / "inbox" / "form.xlsx").write_bytes((EXAMPLES / "matrix-must.xlsx").read_bytes())
    pipeline("run", cwd=workplace)
    [line] = lines(pipeline("check", "--json", EXAMPLES / "matrix-must.xlsx", cwd=workplace))
    assert line["outcome"] == "duplicate"


def test_check_takes_the_templates_and_records_that_it_is_given(workplace: Path) -> None:
    (workplace / "inbox" / "form.xlsx").write_bytes((EXAMPLES / "matrix-must.xlsx").read_bytes())
    pipeline("run", "--records", "kept", cwd=workplace)
    (workplace / "templates").rename(workplace / "ours")
    layout = workplace / "ours" / "forms" / "matrix.toml"
    layout.write_text(layout.read_text("utf-8").replace("at_least = 36", "at_least = 60"), encoding="utf-8")
    form = EXAMPLES / "matrix-must.xlsx"
    [line] = lines(pipeline("check", "--json", form, "--templates", "ours", cwd=workplace))
    assert (line["outcome"], line["band"]) == ("accepted", "consider")
    [line] = lines(pipeline("check", "--json", form, "--records", "kept", cwd=workplace))
    assert (line["outcome"], line["band"]) == ("duplicate", "must")


def test_check_for_a_person_names_the_cells(workplace: Path) -> None:
    said = pipeline("check", EXAMPLES / "matrix-unanswered-and-uncertain.xlsx", cwd=workplace).stdout
    for wanted in ("returned", "21 to 36", "Do not wait", "B14:J14"):
        assert wanted in said


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (["dance"], "", "invalid choice"),
        (["check", "gone.xlsx"], "", "gone.xlsx"),
        (["run", "--inbox", "nowhere"], "", "nowhere"),
        (["run"], "reply_days = 'soon'\n", "reply_days"),
        (["run"], "repply_days = 3\n", "repply_days"),
        (["run"], "reply_days = \n", "pipeline.toml"),
    ],
)
def test_wrong_usage_and_settings_end_with_2(workplace: Path, arguments: list[str], settings: str, said: str) -> None:
    (workplace / "pipeline.toml").write_text(settings)
    completed = pipeline(*arguments, cwd=workplace)
    assert (completed.returncode, said in completed.stderr) == (2, True), completed.stderr


def test_bare_empty_folders_work_with_the_packaged_templates(tmp_path: Path) -> None:
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    (tmp_path / "in" / "form.xlsx").write_bytes((EXAMPLES / "matrix-none.xlsx").read_bytes())
    completed = pipeline("run", "--json", "--inbox", "in", "--outbox", "out", "--records", "rec", cwd=tmp_path)
    [line] = lines(completed)
    [document] = line["documents"]  # type: ignore[misc]
    assert (tmp_path / "out" / document["path"]).is_file()


def test_the_wheel_carries_templates_and_layouts(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    [wheel] = tmp_path.glob("*.whl")
    carried = {n.removeprefix("pipeline/templates/") for n in zipfile.ZipFile(wheel).namelist()}
    assert set(tree(TEMPLATES)) <= carried
