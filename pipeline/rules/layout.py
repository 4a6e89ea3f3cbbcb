"""How a form is laid out, as an administrator may write it in TOML: labels, columns, scale, bands, required answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One labelled answer. ``key`` is the program's name for it, where a rule or a document needs one.

    ``required``: the form goes back without it, saying ``remedy``. ``answer`` tells what kind of value it is.
    ``identity``: "not known" and the like do not answer it.
    """

    label: str
    key: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    identity: bool = False
    answer: Literal["text", "date"] = "text"
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a block and what a mark in it counts."""

    label: str
    value: int
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Columns of which each row has one mark: frequency, timescale, score."""

    key: str
    title: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Items that are scored alike: the risk behaviours, the protective factors.

    ``never``: where the first block's zero column alone is marked, a blank or a zero in the other blocks is 0.
    ``blank_is``: "open" (nothing in the row may be anything) with a problem ``unanswered``.
    """

    key: str
    title: str
    item: str  # what one is called: "behaviour"
    items: tuple[str, ...]
    blocks: tuple[Block, ...]
    ends_at: tuple[str, ...] = ()  # labels below the last item: "sub totals"
    never: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A band of the score. ``at_least`` is its lowest score; the lowest band has none."""

    key: str
    label: str
    at_least: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixLayout:
    """An Excel form with a scored table. Bands stand highest first."""

    name: str
    title: str
    version: str
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    bands: tuple[Band, ...]
    kind: Literal["matrix"] = "matrix"

    def field(self, key: str) -> Field:
        return next(f for f in self.fields if f.key == key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralSection:
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
    by_office: bool = False  # completed by the panel's office, not by the sender: a blank is nothing to mention

    @property
    def place(self) -> str:
        """How the sender is told where it is: ``section B``, or the heading where that has no letter."""
        letter = re.match(r"([A-Z])[.)]\s", self.title)
        return f"section {letter[1]}" if letter else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralLayout:
    """A Word form. ``prompts``: what the blank form prints where an answer belongs. ``guidance``: its other words."""

    name: str
    title: str
    version: str
    sections: tuple[ReferralSection, ...]
    prompts: tuple[str, ...] = ()
    guidance: tuple[str, ...] = ()
    kind: Literal["referral"] = "referral"

    def section(self, key: str) -> ReferralSection:
        return next(s for s in self.sections if s.key == key)


Layout = MatrixLayout | ReferralLayout


@dataclass(frozen=True, slots=True)
class Layouts:
    """Every form this program reads."""

    matrices: tuple[MatrixLayout, ...] = field(default=())
    referrals: tuple[ReferralLayout, ...] = field(default=())

    def of(self, name: str) -> Layout:
        """The layout called ``name``."""
        every: tuple[Layout, ...] = (*self.matrices, *self.referrals)
        return next(x for x in every if x.name == name)

    @property
    def invitation_labels(self) -> tuple[str, ...]:
        """The services that the referral forms list for invitation."""
        return tuple(label for referral in self.referrals for label in referral.section("invitations").ticks)
