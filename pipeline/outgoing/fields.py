"""A template's name comes in; every name that it may use goes out, with what it is and an example."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Those that say nothing of the young person; those with the working of the score.
_WITHOUT_PERSON = ("What to put right", "Acknowledgement slip")
_WITH_ASSESSMENT = ("Assessment summary", "Action plan", "Core-group report")


@dataclass(frozen=True, slots=True)
class Field:
    """One name: ``risks[].evidence`` is the evidence of each item of the list ``risks``."""

    name: str
    what: str
    example: str


def fields(template: str, contexts: Sequence[Mapping[str, object]]) -> Iterator[Field]:
    """Every name that ``template`` may use; the examples are the first in ``contexts`` that are not blank."""
    described = described_names()
    for block in _blocks(template):
        for names, what in described.get(block, {}).items():
            for name in names.split(", "):
                found = (text for context in contexts for text in _printed(context, name) if text)
                yield Field(name, what, next(found, ""))


def described_names() -> Mapping[str, Mapping[str, str]]:
    """Block → names, separated by commas → what they are."""
    return tomllib.loads(Path(__file__).with_name("fields.toml").read_text("utf-8"))


def _blocks(template: str) -> tuple[str, ...]:
    person = () if template in _WITHOUT_PERSON else ("person",)
    letters = ("letters",) if template.endswith(" letter") else ()
    assessment = ("assessment",) if template in _WITH_ASSESSMENT else ()
    return ("every", *person, *letters, *assessment, template)


def _printed(value: object, path: str) -> Iterator[str]:
    """What stands in a context under ``path``."""
    key, _, rest = path.partition(".")
    inner = value.get(key.removesuffix("[]")) if isinstance(value, Mapping) else None
    for item in inner if isinstance(inner, list | tuple) else (inner,):
        if rest:
            yield from _printed(item, rest)
        elif item is not None:
            yield "yes" if item is True else "no" if item is False else str(item)
