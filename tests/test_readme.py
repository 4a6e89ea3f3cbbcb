"""What README and docs say of commands, settings, names and files is held against the program."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pipeline.cli import _parser
from pipeline.outgoing.documents import documents_for, note_what_to_put_right
from pipeline.outgoing.returned import ReturnedForm
from pipeline.rules.form import Problem, Remark
from pipeline.settings import Sender, Settings
from tests import factories

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
TEXT = "\n".join(path.read_text("utf-8") for path in DOCS)
TEMPLATE_NAMES = (ROOT / "docs" / "templates.md").read_text("utf-8")


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([\w.]+)` \| (.*?) \|", TEXT, re.M))
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


def test_the_names_for_templates_are_those_that_the_templates_are_given() -> None:
    every, person, letters, assessment = map(_listed, ("every", "person", "letters", "assessment"))
    for template, given in _given().items():
        listed = every | _listed(template)
        if template != "What to put right":
            listed |= person
        listed |= letters if "letter" in template else set()
        listed |= assessment if template in ("Assessment summary", "Action plan", "Core-group report") else set()
        assert listed == given, template


def _listed(block: str) -> set[str]:
    [table] = re.findall(rf"<!-- names: {block} -->(.*?)<!-- end -->", TEMPLATE_NAMES, re.S)
    return {name for row in re.findall(r"^\| (`.*?) \|", table, re.M) for name in re.findall(r"`([^`]+)`", row)}


def _given() -> dict[str, set[str]]:
    """Template → every name that it is given, for a case with everything in it."""
    problem = Problem("note", "unanswered", "Sheet1!B9", "Nothing is marked.", "Mark it.")
    remark = Remark("Sheet1!P9", "Since May.")
    held = factories.assessment(notes=[problem], remarks=[remark])
    case = factories.case(
        assessment=held,
        history=[factories.assessment(date=dt.date(2026, 9, 1))],
        referral=_referral(problem, remark),
    )
    agencies = (factories.agency(core_group=True, standing=True, out_of_hours=True),)
    given: dict[str, set[str]] = {}
    for outcome in ("must", "panel"):
        for document in documents_for(
            case,
            factories.decision(outcome),
            agencies,
            Sender(),
            reference="CF104233-8e5fccb4",
            today=factories.NOVEMBER_3,
            reply_days=7,
            layout=factories.MATRIX,
        ):
            given.setdefault(document.template, set()).update(_names(document.context))
    returned = ReturnedForm("Assessment matrix", None, (problem, Problem("return", "missing", "", "", "")), ("First.",))
    note = note_what_to_put_right(
        "form.xlsx", "", [returned], Sender(), reference="8e5fccb4", today=factories.NOVEMBER_3
    )
    return given | {note.template: set(_names(note.context))}


def _referral(problem: Problem, remark: Remark) -> object:
    from dataclasses import replace

    family = ({"Name": "Dana Testcase", "Relationship": "Mother", "Safe to contact?": "No"},)
    referral = factories.referral(family=family)
    return replace(referral, notes=(problem,), form=replace(referral.form, remarks=(remark,)))


def _names(value: object, name: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _names(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list | tuple):
        assert value, f"{name} is empty: nothing shows what is in it"
        for inner in value:
            yield from _names(inner, f"{name}[]")
    else:
        yield name


def _code(text: str) -> str:
    """What is printed as code: blocks, and words between backquotes."""
    blocks = re.findall(r"```.*?```", text, re.S)
    words = re.findall(r"`[^`\n]+`", re.sub(r"```.*?```", "", text, flags=re.S))
    return "\n".join([*blocks, *words])
