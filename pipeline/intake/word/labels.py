"""A Word form's layout comes in; its headings and labels go out, each findable in whatever way it was typed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.intake.word.passage import Passage, label_key
from pipeline.rules.layout import Field, WordLayout, WordSection

Kind = Literal["field", "tick", "question"]

_BRACKETS_AT_END = re.compile(r"\s*\([^()]*\)\s*$")
# A tick may stand before the label in its own cell: "☒ Out of county placement", "x Out of county placement".
_MARKS = ("xx", "x", "yes", "y", "no", "n", "true", "false")
_BEFORE = rf"(?P<before>[\W_]*(?:(?:{'|'.join(_MARKS)})(?![^\W_])[\W_]*)?)"


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """One label of a section. ``words``: whether it asks for words behind its tick."""

    kind: Kind
    section: WordSection
    text: str
    name: str  # "<section>/<label>"
    where: str
    pattern: re.Pattern[str]
    words: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A label in a cell, and what else the cell says."""

    label: Label
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """Every heading and label of one form, by its key."""

    headings: Mapping[str, WordSection]
    titles: Mapping[str, WordSection]  # the whole headings alone
    sections: Mapping[str, Mapping[str, Label]]
    stems: Mapping[str, tuple[Label, ...]]
    unique: Mapping[str, Label]
    starts: Mapping[str, tuple[tuple[str, Label], ...]]  # by the first two letters of their keys
    columns: tuple[tuple[WordSection, Mapping[str, str]], ...]
    guidance: frozenset[str]
    prompts: re.Pattern[str]
    prompt_starts: tuple[str, ...]

    def heading(self, passage: Passage, in_table: bool) -> WordSection | None:
        if not passage.printed or len(passage.printed) > 200:
            return None
        known = self.titles if in_table else self.headings
        return known.get(passage.key) or known.get(label_key(_BRACKETS_AT_END.sub("", passage.printed)))

    def find(self, passage: Passage, section: WordSection | None, lost: Collection[str] | None) -> Found | None:
        """The label that the passage is, or starts with.

        ``lost``: the sections whose heading is gone, so that their labels alone say where they begin. None where the
        passage stands in the place of an answer: then the labels of the section alone count, for an answer may well
        begin with the words of another section's.
        """
        key = passage.key
        if not key:
            return None
        here = self.sections[section.title] if section else {}
        label = here.get(key) or (self.unique.get(key) if lost is not None else None)
        if label:
            return Found(label) if label.kind == "field" else _split(label, passage.printed)
        for label in self._beginnings(key, section, lost or ()):
            found = _split(label, passage.printed)
            if found and (label.kind != "field" or re.match(r"[:\n\t–—-]", found.after.lstrip(" \xa0"))):
                return Found(label, found.before, found.after.lstrip(" \xa0\t\n:–—-"))
        for label in self.stems[section.title] if section else ():
            if m := _stem(label.text).match(passage.printed):
                return Found(label, m["before"], m["after"].strip(" :–—-=()\n\t") if m["after"] else "")
        return None

    def _beginnings(self, key: str, section: WordSection | None, lost: Collection[str]) -> list[Label]:
        """The labels that ``key`` may start with, the longest first."""
        starts = [key, *(key[len(mark) :] for mark in _MARKS if key.startswith(mark))]
        near = [(k, label) for start in starts for k, label in self.starts.get(start[:2], ()) if start.startswith(k)]
        near.sort(key=lambda one: -len(one[0]))
        return [
            label for k, label in near if label.section is section or (label.section.title in lost and k in self.unique)
        ]

    def most_in(self, keys: str) -> int:
        """How many labels can be found at most in passages with these ``keys``."""
        # What a label that asks for words ends in may be typed over.
        labels = {
            (title, label.text)
            for title, known in self.sections.items()
            for key, label in known.items()
            if label.words or key in keys
        }
        return len(labels) + sum(key in keys for _, columns in self.columns for key in columns)

    def without_prompts(self, text: str) -> str:
        # The first words are looked for first: the pattern takes its time over a long answer.
        for start in self.prompt_starts:
            if start in text:
                return self.prompts.sub("", text).strip()
        return text


@lru_cache(maxsize=32)
def labels_of(layout: WordLayout) -> Labels:
    sections = {section.title: _of_section(section) for section in layout.sections}
    count = Counter(key for labels in sections.values() for key in labels)
    prompts = "|".join(r"\s+".join(map(re.escape, prompt.split())) for prompt in layout.prompts) or r"(?!)"
    unique = {k: label for labels in sections.values() for k, label in labels.items() if count[k] == 1}
    starts: dict[str, list[tuple[str, Label]]] = {}
    for labels in sections.values():
        for key, label in labels.items():
            starts.setdefault(key[:2], []).append((key, label))
    return Labels(
        headings=_headings(layout.sections, whole=False),
        titles=_headings(layout.sections, whole=True),
        sections=sections,
        stems={s.title: tuple(la for la in sections[s.title].values() if la.words) for s in layout.sections},
        unique=unique,
        starts={start: tuple(found) for start, found in starts.items()},
        columns=tuple((s, {label_key(column): column for column in s.columns}) for s in layout.sections if s.columns),
        guidance=frozenset(map(label_key, (layout.title, *layout.guidance))),
        # At the beginning or the end of a line: people type before or behind a prompt that has become plain text.
        prompts=re.compile(rf"^[^\S\n]*(?:{prompts})[^\S\n]*|[^\S\n]*(?:{prompts})[^\S\n]*$", re.M),
        prompt_starts=tuple({prompt.split()[0] for prompt in layout.prompts}),
    )


def _headings(sections: tuple[WordSection, ...], whole: bool) -> dict[str, WordSection]:
    found: dict[str, WordSection] = {}
    for section in sections:
        for title in (section.title, *section.aliases):
            ways = [title, _BRACKETS_AT_END.sub("", title), f"Section {title}"]
            if not whole:
                ways += [re.sub(r"^[A-Z][.)]\s+", "", way) for way in ways]
            found.update((label_key(way), section) for way in ways)
    return found


def _of_section(section: WordSection) -> dict[str, Label]:
    def label(kind: Kind, text: str, printed: str, words: bool = False) -> Label:
        where = f'{section.place}, "{text}"'
        return Label(kind, section, text, f"{section.title}/{text}", where, _pattern(printed), words)

    def fields(kind: Kind, asked: tuple[Field, ...]) -> dict[str, Label]:
        return {label_key(way): label(kind, f.label, way) for f in asked for way in (f.label, *f.aliases)}

    ticks = {label_key(text): label("tick", text, text, text in section.specify) for text in section.ticks}
    return fields("field", section.fields + section.boxes) | fields("question", section.questions) | ticks


def _pattern(label: str) -> re.Pattern[str]:
    words = r"[\W_]*".join(map(re.escape, re.findall(r"[^\W_]+", label)))
    return re.compile(rf"{_BEFORE}{words}(?![^\W_])(?P<after>.*)", re.I | re.S)


def _split(label: Label, text: str) -> Found | None:
    m = label.pattern.match(text)
    if m is None:
        return None
    # What the label itself ends in: "Forename(s)" leaves its bracket.
    tail = label.text[len(label.text.rstrip("()?.:")) :]
    return Found(label, m["before"], re.sub(rf"^[ \xa0]*[{re.escape(tail)}]+", "", m["after"]) if tail else m["after"])


@lru_cache(maxsize=64)
def _stem(label: str) -> re.Pattern[str]:
    """ "Other (please specify)" with the words typed over the brackets: "Other: …", "Other (…)"."""
    stem = r"[\W_]+".join(map(re.escape, re.findall(r"[^\W_]+", _BRACKETS_AT_END.sub("", label))))
    return re.compile(rf"{_BEFORE}{stem}(?:\s*(?P<after>[:(=\n\t–—-].*))?\s*$", re.I | re.S)
