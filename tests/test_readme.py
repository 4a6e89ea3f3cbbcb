"""What README and docs say of commands, settings, names and files is held against the program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pipeline.cli import _parser
from pipeline.outgoing.fields import described_names, fields
from pipeline.outgoing.template_names import Shape, shape_of
from pipeline.settings import Sender, Settings
from pipeline.template_check import documents_by_template

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
TEXT = "\n".join(path.read_text("utf-8") for path in DOCS)
# It lifts no band, and no row has room for a remark.
NOT_ON_THE_SHIPPED_MATRIX = {
    "assessment.lifted_by",
    "assessment.sections[].rows[].remark",
    "assessment.behaviours[].remark",
    "assessment.factors[].remark",
    "factors[].remark",
}
ROW = r"^\| (`.*?) \| (.*?) \|$"
TEMPLATE_NAMES = (ROOT / "docs" / "templates.md").read_text("utf-8")


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([\w.]+)` \| (.*?) \|", readme, re.M))
    settings = [(name, getattr(Settings(), name)) for name in Settings.__struct_fields__ if name != "sender"]
    settings += [(f"sender.{name}", getattr(Sender(), name)) for name in Sender.__struct_fields__]
    shown = {name: default.strip("`") for name, default in rows.items() if name in dict(settings)}
    assert shown == {name: _as_shown(default) for name, default in settings}


def _as_shown(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) if default not in ("", ()) else "blank"


def test_every_command_that_is_shown_exists_and_every_command_is_shown() -> None:
    [commands] = [a for a in _parser()._actions if a.dest == "==SUPPRESS=="]
    assert commands.choices is not None
    shown = set(re.findall(r"(?:^|[`/\\ ])pipeline(?:\.exe)? ([a-z]+)\b(?=[ `\n])", _code(TEXT), re.M))
    assert shown == set(commands.choices)


def test_every_option_that_is_shown_exists() -> None:
    [commands] = [a for a in _parser()._actions if a.dest == "==SUPPRESS=="]
    assert commands.choices is not None
    for command, rest in re.findall(r"pipeline(?:\.exe)? (init|check|run|watch)([^\n`]*)", _code(TEXT)):
        known = commands.choices[command]._option_string_actions  # type: ignore[index]
        for option in re.findall(r"(?<=\s)--[a-z-]+", rest):
            assert option in known, (command, option)


def test_every_make_target_that_is_shown_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"\bmake ([a-z]+)", _code(TEXT))) <= targets


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8"))
    gone = [link for link in links if "://" not in link and not (path.parent / link.partition("#")[0]).exists()]
    assert gone == []


def test_every_picture_is_small_enough_for_a_slow_line() -> None:
    pictures = list((ROOT / "docs" / "pictures").glob("*.png"))
    assert pictures
    assert all(picture.stat().st_size < 200_000 for picture in pictures)


def test_every_picture_is_shown_and_says_what_it_shows() -> None:
    shown = dict(re.findall(r'<img src="(?:docs/)?pictures/([\w-]+\.png)" width="\d+" alt="([^"]+)">', TEXT))
    assert set(shown) == {picture.name for picture in (ROOT / "docs" / "pictures").iterdir()}
    assert all(len(said.split()) > 10 for said in shown.values())


def test_the_names_for_templates_are_those_that_the_templates_are_given() -> None:
    for template, documents in documents_by_template(ROOT / "templates").items():
        given = set(_names(shape_of([document.context for document in documents])))
        assert {field.name for field in fields(template, ())} == given, template


def test_every_name_for_templates_has_an_example() -> None:
    for template, documents in documents_by_template(ROOT / "templates").items():
        blank = {f.name for f in fields(template, [d.context for d in documents]) if not f.example}
        assert blank <= NOT_ON_THE_SHIPPED_MATRIX, template


def test_the_tables_of_names_are_those_that_the_command_prints() -> None:
    tables = re.findall(r"<!-- names: (.*?) -->(.*?)<!-- end -->", TEMPLATE_NAMES, re.S)
    listed = {
        block: {", ".join(re.findall(r"`([^`]+)`", names)): what for names, what in re.findall(ROW, table, re.M)}
        for block, table in tables
    }
    assert listed == described_names()


def _names(shape: Shape, name: str = "") -> Iterator[str]:
    if isinstance(shape, Mapping):
        for key, inner in shape.items():
            yield from _names(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(shape, list):
        yield from _names(shape[0], f"{name}[]")
    else:
        yield name


def _code(text: str) -> str:
    """What is printed as code: blocks, and words between backquotes."""
    blocks = re.findall(r"```.*?```", text, re.S)
    words = re.findall(r"`[^`\n]+`", re.sub(r"```.*?```", "", text, flags=re.S))
    return "\n".join([*blocks, *words])
