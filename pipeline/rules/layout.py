"""How a form is laid out, as an administrator may write it in TOML: labels, columns, scale, bands, required answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pipeline.rules.form import WordKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One labelled answer. ``key`` is the program's name for it, where a rule or a document needs one.

    ``required``: the form goes back without it, saying ``remedy``. ``optional``: a blank is nothing to mention.
    ``answer`` tells what kind of value it is; a "choice" is one of ``choices``, in any case of letters.
    ``identity``: "not known" and the like do not answer it.
    """

    label: str
    key: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    identity: bool = False
    optional: bool = False
    answer: Literal["text", "date", "time", "choice"] = "text"
    choices: tuple[str, ...] = ()
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a block and what a mark in it counts; under a number, what each point counts."""

    label: str
    value: int
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)  # no slots: it keeps what follows from it
class Block:
    """Columns that answer one question about a row: frequency, timescale, score.

    ``marks``: "one" mark in the row, "many" (tick all that apply: they add up), or a "number" typed into the one
    column, which must be one of ``allowed``, or from ``lowest`` to ``highest``.
    ``blank``: "open" (nothing in the row may be anything) with a problem ``unanswered``, or "zero" (it counts nothing).
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    marks: Literal["one", "many", "number"] = "one"
    blank: Literal["open", "zero"] = "open"
    allowed: tuple[int, ...] = ()
    lowest: int = 0
    highest: int = 0

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """The numbers that may be typed in, lowest first."""
        return tuple(sorted(self.allowed)) or tuple(range(self.lowest, self.highest + 1))

    @cached_property
    def value(self) -> Mapping[str, int]:
        """What a mark in each column counts."""
        return {column.label: column.value for column in self.columns}

    @cached_property
    def values(self) -> tuple[int, ...]:
        """All that one mark, or the number, may count."""
        if self.marks == "number":
            return tuple(number * self.columns[0].value for number in self.numbers)
        return tuple(column.value for column in self.columns)

    @cached_property
    def counts(self) -> tuple[int, int]:
        """The least and the most that the block can count."""
        least, most = min(self.values), max(self.values)
        if self.marks == "many":
            least, most = sum(v for v in self.values if v < 0), sum(v for v in self.values if v > 0)
        return (min(0, least), max(0, most)) if self.blank == "zero" else (least, most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What contradicts itself: where ``column`` alone is marked in ``block``, the row's other blocks count nothing.

    They may then be blank, which is an answer there, or have a mark that counts 0. ``remedy``: what the sender is told.
    """

    block: str
    column: str
    remedy: str


Combine = Literal["sum", "maximum", "count"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Items that are scored alike: the risk behaviours, the protective factors.

    What protects has the key ``protective``: it is told apart wherever the score is shown.
    ``aliases``: item → its other wordings. ``weight``: what each item's score is multiplied by; ``weights``: item → its
    own. ``combine``: the section's figure is the sum of its items, their maximum, or the count of those that reach
    ``count_from``. ``note``: what the documents say above the section's marks.
    """

    key: str
    title: str
    item: str  # what one is called: "behaviour"
    items: tuple[str, ...]
    blocks: tuple[Block, ...]
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ends_at: tuple[str, ...] = ()  # labels below the last item: "sub totals"
    weight: int = 1
    weights: Mapping[str, int] = field(default_factory=dict)
    combine: Combine = "sum"
    count_from: int = 1
    rules: tuple[Rule, ...] = ()
    note: str = ""

    def names(self, item: str) -> tuple[str, ...]:
        """Every wording of ``item``."""
        return (item, *self.aliases.get(item, ()))

    def weight_of(self, item: str) -> int:
        return self.weights.get(item, self.weight)


PROTECTIVE = "protective"
DATED = ("assessment_date", "date_completed")  # the fields that date an assessment; the first leads


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A band of the score. ``at_least`` is its lowest score; the lowest band has none.

    ``action``: which of the procedure's three decisions it takes; several bands may take the same.
    """

    key: str
    label: str
    action: Literal["must", "consider", "none"]
    at_least: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What lifts the outcome to the band ``not_below``, whatever the score. One of:

    ``any_item``: an item is scored this or more, before its weight, in ``section`` or, where that is blank, in any.
    ``under_age``: the young person is younger than this on the day of the assessment.
    """

    label: str
    not_below: str
    any_item: int | None = None
    section: str = ""
    under_age: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixLayout:
    """An Excel form with a scored table. Bands stand highest first. ``combine``: how sections make up the total."""

    name: str
    title: str
    version: str
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    bands: tuple[Band, ...]
    combine: Combine = "sum"
    count_from: int = 1
    overrides: tuple[Override, ...] = ()
    kind: Literal["matrix"] = "matrix"

    def field(self, key: str) -> Field | None:
        """The field that the rules call ``key``; None where this form does not ask."""
        return next((f for f in self.fields if f.key == key), None)

    def section(self, key: str) -> Section:
        return next(s for s in self.sections if s.key == key)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSection:
    """One section of a Word form, headed ``title``.

    ``fields``: a label with its answer in the next cell. ``boxes``: a label with its answer below. ``ticks``: labels
    with a tick box before them; ``specify`` those of them that ask for words. ``columns``: the headings of a table that
    is filled row by row. ``questions``: answered by a Yes and a No box behind the question.
    """

    title: str
    key: str
    aliases: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    boxes: tuple[Field, ...] = ()
    ticks: tuple[str, ...] = ()
    specify: tuple[str, ...] = ()
    questions: tuple[Field, ...] = ()
    columns: tuple[str, ...] = ()
    one_required: str = ""  # remedy where at least one tick is required
    optional: bool = False  # a blank in it is nothing to mention: the panel's office completes it, or few need it

    @property
    def place(self) -> str:
        """How the sender is told where it is: ``section B``, or the heading where that has no letter."""
        letter = re.match(r"([A-Z])[.)]\s", self.title)
        return f"section {letter[1]}" if letter else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLayout:
    """A Word form of one ``kind``.

    ``prompts``: what the blank form prints where an answer belongs. ``guidance``: its other words.
    """

    name: str
    title: str
    version: str
    sections: tuple[WordSection, ...]
    prompts: tuple[str, ...] = ()
    guidance: tuple[str, ...] = ()
    kind: WordKind = "referral"

    def section(self, key: str) -> WordSection:
        return next(s for s in self.sections if s.key == key)


Layout = MatrixLayout | WordLayout


@dataclass(frozen=True, slots=True)
class Layouts:
    """Every form this program reads."""

    matrices: tuple[MatrixLayout, ...] = field(default=())
    word_forms: tuple[WordLayout, ...] = field(default=())

    def of(self, name: str) -> Layout:
        """The layout called ``name``."""
        every: tuple[Layout, ...] = (*self.matrices, *self.word_forms)
        return next(x for x in every if x.name == name)

    @property
    def invitation_labels(self) -> tuple[str, ...]:
        """The services that the referral forms list for invitation."""
        referrals = [layout for layout in self.word_forms if layout.kind == "referral"]
        return tuple(label for referral in referrals for label in referral.section("invitations").ticks)
