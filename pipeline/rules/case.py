"""What is believed of one young person: assessments, a referral, and the decision that they call for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.rules.form import MatrixForm, Problem, ReferralForm, Remark


@dataclass(frozen=True, slots=True)
class Range:
    """A score that is certain to lie between ``low`` and ``high``, both included."""

    low: int
    high: int

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def times(self, weight: int) -> Range:
        return Range(self.low * weight, self.high * weight)

    @property
    def certain(self) -> bool:
        return self.low == self.high

    def __str__(self) -> str:
        return str(self.low) if self.certain else f"{self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """One item with what was marked and what it counts.

    ``blocks``: block key → score range, with the item's weight. ``marked``: block key → the labels of the marked
    columns, joined by " or ", or by " and " where several may be marked; ``""`` where nothing clear was marked.
    """

    section: str
    item: str
    where: str
    span: str
    blocks: Mapping[str, Range]
    marked: Mapping[str, str]
    remark: str = ""

    @property
    def total(self) -> Range:
        return sum(self.blocks.values(), Range(0, 0))


@dataclass(frozen=True, slots=True)
class Score:
    """The score with its working. ``sections``: section key → its figure (``behaviour``, ``protective``)."""

    total: Range
    sections: Mapping[str, Range]
    rows: tuple[ScoredRow, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A believed matrix: it names the young person, the case, who completed it and when; its score lies in one band.

    ``date`` is the assessment date where the form has one, else the date completed.
    ``band``: which of the procedure's decisions its band takes; ``band_label``: what the form calls the band.
    ``band_without_protective``: the band that all else alone would give; None where that range spans several.
    ``lifted_by``: the overrides that lift the band above the one that the score gives, by their labels.
    ``notes``: every note on the form, for the documents.
    """

    case: str
    name: str
    completed_by: str
    date: dt.date
    assessment_date: dt.date | None
    date_completed: dt.date | None
    score: Score
    band: str
    band_label: str
    band_without_protective: str | None
    form: MatrixForm
    notes: tuple[Problem, ...] = ()
    lifted_by: tuple[str, ...] = ()
    date_of_birth: dt.date | None = None

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return self.form.remarks


@dataclass(frozen=True, slots=True)
class Referral:
    """A believed case referral form.

    ``answers``: the layout's key → the text as written (``""`` where blank), for every field and box.
    ``questions``: key → True, False or None. ``criteria``, ``invited``, ``barriers``: the labels ticked, as printed;
    words written behind "Other" are in ``specified`` by label. ``family``, ``agencies``: the tables' filled rows by
    column heading.
    """

    case: str
    date: dt.date | None  # date of referral, else of sign-off
    date_of_birth: dt.date
    answers: Mapping[str, str]
    questions: Mapping[str, bool | None]
    criteria: tuple[str, ...]
    invited: tuple[str, ...]
    barriers: tuple[str, ...]
    specified: Mapping[str, str]
    family: tuple[Mapping[str, str], ...]
    agencies: tuple[Mapping[str, str], ...]
    form: ReferralForm
    notes: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        return " ".join(p for p in (self.answers["forenames"], self.answers["surname"]) if p)


@dataclass(frozen=True, slots=True)
class Case:
    """One young person as the register knows them when a form has been accepted.

    ``assessment`` is the newest by its own date; ``history`` are the earlier ones, oldest first.
    """

    ref: str
    assessment: Assessment | None
    history: tuple[Assessment, ...]
    referral: Referral | None

    @property
    def name(self) -> str:
        """The name as the newest form writes it; the referral, which splits it, leads."""
        return self.referral.name if self.referral else self.assessment.name if self.assessment else ""

    @property
    def date_of_birth(self) -> dt.date | None:
        """As the referral says; else as the newest assessment does, where its form asks."""
        forms = (self.referral, self.assessment)
        return next((form.date_of_birth for form in forms if form and form.date_of_birth), None)


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that the procedure asks for now, with the clause that asks for it."""

    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the procedure asks for now. ``outcome``: a band of the matrix, or ``panel`` for a referral."""

    outcome: Literal["must", "consider", "none", "panel"]
    asks: tuple[Ask, ...]
