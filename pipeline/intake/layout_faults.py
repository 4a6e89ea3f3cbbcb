"""A form layout as an administrator wrote it comes in; every fault in it goes out, each with its place."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from difflib import get_close_matches
from functools import cache
from typing import Any, get_args, get_type_hints

import msgspec

from pipeline.intake.excel.labels import same
from pipeline.rules import acknowledgement, contact_report, meeting_record, referral
from pipeline.rules.form import WordKind
from pipeline.rules.layout import DATED, Block, Field, MatrixLayout, Override, Section, WordLayout
from pipeline.rules.word_answers import Asks, fields_of

_ASKS: dict[WordKind, Asks] = {
    "referral": referral.ASKS,
    "meeting-record": meeting_record.ASKS,
    "contact-report": contact_report.ASKS,
    "acknowledgement": acknowledgement.ASKS,
}


def written_faults(raw: object, kind: type[Any], place: str = "") -> Iterator[str]:
    """What is wrong with the keys and the kinds of their values; ``kind`` is the dataclass that it is to become."""
    at = f"{place}: " if place else ""
    if not isinstance(raw, dict):
        yield f"{at}this must be a table of keys and values."
        return
    hints = _hints(kind)  # type: ignore[arg-type]  # mypy does not know that a type is hashable
    known = {f.name: f for f in dataclasses.fields(kind)}
    for key in sorted(raw.keys() - known.keys()):
        like = get_close_matches(key, known, 1)
        yield f"{at}“{key}” is not known here" + (f"; did you mean “{like[0]}”?" if like else ".")
    for name, field in known.items():
        if name not in raw:
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                yield f"{at}“{name}” is missing."
            continue
        part = next((t for t in get_args(hints[name]) if dataclasses.is_dataclass(t)), None)
        if isinstance(part, type) and isinstance(raw[name], list):
            for number, inner in enumerate(raw[name], start=1):
                own = _called(name, number, inner)
                yield from written_faults(inner, part, f"{place}, {own}" if place else own)
            continue
        try:
            msgspec.convert(raw[name], hints[name])
        except msgspec.ValidationError as e:
            yield f"{at}{name}: {_in_plain_words(str(e))}."


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


_WORDS = {"int": "a whole number", "str": "text in quotes", "bool": "true or false", "array": "a list in brackets"}


def _in_plain_words(told: str) -> str:
    """What msgspec says, without the names of Python's types: ``Expected `int | null`, got `str```."""
    return re.sub(r"`(\w+)(?: \| null)?`", lambda m: _WORDS.get(m[1], m[0]), told)


def _called(name: str, number: int, raw: object) -> str:
    """``sections 2 (protective)``: the number is what an administrator can count, the name what they look for."""
    own = next((raw[k] for k in ("key", "label") if isinstance(raw.get(k), str)), "") if isinstance(raw, dict) else ""
    return f"{name} {number}" + (f" ({own})" if own else "")


def matrix_faults(layout: MatrixLayout) -> Iterator[str]:
    """What is wrong with a matrix layout of which every key and value is of the right kind."""
    keys = [f.key for f in layout.fields if f.key]
    yield from _twice("fields: the key", keys)
    yield from _twice("fields: the label", (name for f in layout.fields for name in (f.label, *f.aliases)))
    for key in {"name", "case"} - set(keys):
        yield f"fields: a field with the key “{key}” is missing."
    dated = {f.key for f in layout.fields if f.answer == "date"}
    if not dated.intersection(DATED):
        yield f'fields: a field with the key “{DATED[0]}” or “{DATED[1]}” and answer = "date" is missing.'
    for key in (*DATED, "date_of_birth"):
        if key in keys and key not in dated:
            yield f'fields: “{key}” needs answer = "date".'
    if not layout.sections:
        yield "sections: there is none."
    yield from _twice("sections: the key", (s.key for s in layout.sections))
    yield from _twice("sections: the item", (n for s in layout.sections for i in s.items for n in s.names(i)))
    for number, section in enumerate(layout.sections, start=1):
        for fault in _section_faults(section):
            yield f"sections {number} ({section.key}), {fault}"
    yield from _band_faults(layout)
    for number, override in enumerate(layout.overrides, start=1):
        for fault in _override_faults(override, layout):
            yield f"overrides {number} ({override.label}): {fault}"


def word_faults(layout: WordLayout) -> Iterator[str]:
    """What is wrong with the layout of a Word form of which every key and value is of the right kind."""
    asks = _ASKS[layout.kind]
    fields = {field.key: field for _, field in fields_of(layout)}
    yield from _twice("sections: the key", (s.key for s in layout.sections))
    yield from _twice("sections: the title", (s.title for s in layout.sections))
    questions = [q.key for s in layout.sections for q in s.questions]
    yield from _twice("fields: the key", [*(field.key for _, field in fields_of(layout)), *questions])
    for section in layout.sections:
        asked = section.fields + section.boxes + section.questions
        yield from _twice(f"{section.title}: the label", (field.label for field in asked))
        for field in asked:
            for fault in _field_faults(field):
                yield f"{section.title}, {field.label}: {fault}"
    for key in sorted(asks.fields.keys() - fields.keys()):
        yield f"fields: a field with the key “{key}” is missing."
    for key in sorted(asks.fields.keys() & fields.keys()):
        for fault in _kind_faults(fields[key], asks):
            yield f"fields: “{key}” {fault}"
    for key in sorted(asks.questions - set(questions)):
        yield f"questions: a question with the key “{key}” is missing."
    yield from _part_faults(layout, asks)


def _field_faults(field: Field) -> Iterator[str]:
    if not field.key:
        yield "“key” is missing."
    if field.answer == "choice" and not field.choices:
        yield 'answer = "choice" needs choices.'
    if field.choices and field.answer != "choice":
        yield 'choices belong to answer = "choice".'
    yield from _twice("the choice", field.choices)
    if field.required and not field.remedy:
        yield "what is required needs a remedy: what the sender is told to do."
    if field.required and field.optional:
        yield "it is either required or optional."


def _kind_faults(field: Field, asks: Asks) -> Iterator[str]:
    kind = asks.fields[field.key]
    if kind != "text" and field.answer != kind:
        yield f'needs answer = "{kind}".'
    if field.key in asks.required and not field.required:
        yield "needs required = true."
    known = asks.choices.get(field.key, set())
    for choice in field.choices:
        if known and choice.casefold() not in known:
            yield f"has the choice “{choice}”, which means nothing here; write {_one_of(known)}."


def _part_faults(layout: WordLayout, asks: Asks) -> Iterator[str]:
    ticks = {s.key for s in layout.sections if s.ticks}
    for key in sorted(asks.ticks - ticks):
        yield f"sections: one with the key “{key}” and ticks is missing."
    columns = {s.key: set(s.columns) for s in layout.sections if s.columns}
    for key, needed in asks.tables.items():
        if key not in columns:
            yield f"sections: one with the key “{key}” and columns is missing."
            continue
        for column in sorted(needed - columns[key]):
            yield f"sections, {key}: the column “{column}” is missing."


def _one_of(words: Set[str]) -> str:
    *first, last = (f"“{word}”" for word in sorted(words))
    return f"{', '.join(first)} or {last}"


def _section_faults(section: Section) -> Iterator[str]:
    if not section.items:
        yield "items: there is none."
    if not section.blocks:
        yield "blocks: there is none."
    for name, told in (("aliases", section.aliases), ("weights", section.weights)):
        for item in told.keys() - set(section.items):
            yield f"{name}: “{item}” is none of the items."
    if any(weight < 1 for weight in (section.weight, *section.weights.values())):
        yield "weights: a weight is a whole number from 1."
    if section.combine == "count" and (section.weight != 1 or section.weights):
        yield "weights: items that are counted have no weight."
    yield from _twice("blocks: the key", (b.key for b in section.blocks))
    columns = {b.key: {c.label for c in b.columns} for b in section.blocks}
    for number, block in enumerate(section.blocks, start=1):
        for fault in _block_faults(block):
            yield f"blocks {number} ({block.key}): {fault}"
    for number, rule in enumerate(section.rules, start=1):
        if rule.block not in columns:
            yield f"rules {number}: “{rule.block}” is no block of this section."
        elif rule.column not in columns[rule.block]:
            yield f"rules {number}: “{rule.column}” is no column of the block “{rule.block}”."


def _block_faults(block: Block) -> Iterator[str]:
    yield from _twice("the label", (name for c in block.columns for name in (c.label, *c.aliases)))
    if not block.columns:
        yield "columns: there is none."
    elif block.marks == "number":
        if len(block.columns) > 1:
            yield "a number is typed into one column."
        if len(block.numbers) < 2:
            yield "a number needs lowest and highest, or the allowed numbers."
    elif block.allowed or block.lowest or block.highest:
        yield 'allowed, lowest and highest belong to marks = "number".'
    elif block.marks == "one" and block.blank == "open" and len(block.columns) == 1:
        yield 'one column alone cannot say no: write marks = "many" or blank = "zero".'


def _band_faults(layout: MatrixLayout) -> Iterator[str]:
    yield from _twice("bands: the key", (b.key for b in layout.bands))
    yield from _twice("bands: the label", (b.label for b in layout.bands))
    if not layout.bands or layout.bands[-1].at_least is not None:
        yield "bands: the last band is the lowest and has no “at_least”; it is missing."
    starts = [b.at_least for b in layout.bands if b.at_least is not None]
    if starts != sorted(set(starts), reverse=True):
        yield "bands: they must stand highest first, each “at_least” lower than the one before."
    if any(b.at_least is None for b in layout.bands[:-1]):
        yield "bands: only the last band has no “at_least”."


def _override_faults(override: Override, layout: MatrixLayout) -> Iterator[str]:
    if override.not_below not in {b.key for b in layout.bands}:
        yield f"not_below: “{override.not_below}” is the key of no band."
    if override.section and override.section not in {s.key for s in layout.sections}:
        yield f"section: “{override.section}” is the key of no section."
    if (override.any_item is None) == (override.under_age is None):
        yield "write either any_item or under_age."
    if override.under_age is not None and not layout.field("date_of_birth"):
        yield 'under_age needs a field with the key “date_of_birth” and answer = "date".'


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    for name, count in Counter(map(same, names)).items():
        if count > 1:
            yield f"{what} “{name}” stands there {count} times."
