"""What is believed of one young person: assessments, a referral, and the decision that they call for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.rules.form import MatrixForm, Problem, Remark, WordForm


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
        low = high = 0
        for block in self.blocks.values():
            low, high = low + block.low, high + block.high
        return Range(low, high)


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
    form: WordForm
    notes: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        return " ".join(p for p in (self.answers["forenames"], self.answers["surname"]) if p)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and the time of day where the form says one."""

    day: dt.date
    time: dt.time | None = None


MeetingKind = Literal["core group", "panel", "statutory review"]
MEETINGS: Mapping[MeetingKind, str] = {
    "core group": "Core Group",
    "panel": "Panel",
    "statutory review": "Statutory review",
}
CoreGroupDecision = Literal["establish", "continue", "end", "no core group"]
FlagDecision = Literal["raise", "keep", "remove", "no flag"]


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """A believed meeting record: what people decided, and what they agreed to do.

    ``core_group``, ``flag``: what was decided; None where the meeting decided nothing about it. ``accepted``: whether
    the panel takes the case; None where the record says nothing. ``review_flag_by``, ``matrix_considered``,
    ``next_meeting``: None where blank or not readable. ``answers``: the layout's key → the text as written, for every
    field and box. ``questions``: key → True, False or None. The tables' filled rows by column heading: ``attendance``,
    ``actions`` (those of earlier meetings), ``new_actions``, ``specialist_assessments``, ``exclusions``, ``also_tell``
    (services that were not at the meeting, named by the chair to be told of the flag).
    """

    case: str
    name: str
    date_of_birth: dt.date | None
    date: dt.date
    meeting: MeetingKind
    chair: str
    core_group: CoreGroupDecision | None
    flag: FlagDecision | None
    accepted: bool | None
    review_flag_by: dt.date | None
    matrix_considered: dt.date | None
    next_meeting: dt.date | None
    answers: Mapping[str, str]
    questions: Mapping[str, bool | None]
    attendance: tuple[Mapping[str, str], ...]
    actions: tuple[Mapping[str, str], ...]
    new_actions: tuple[Mapping[str, str], ...]
    specialist_assessments: tuple[Mapping[str, str], ...]
    exclusions: tuple[Mapping[str, str], ...]
    also_tell: tuple[Mapping[str, str], ...]
    form: WordForm
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactReport:
    """A believed contact report: who met the young person, when, and when the allocated worker was told.

    ``told``, ``written``: None where blank. ``answers``: the layout's key → the text as written.
    """

    case: str
    name: str
    date_of_birth: dt.date | None
    contact: Moment
    told: Moment | None
    written: Moment | None
    answers: Mapping[str, str]
    form: WordForm
    notes: tuple[Problem, ...] = ()

    @property
    def date(self) -> dt.date:
        return self.contact.day


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A believed acknowledgement slip: an agency says that it has done what a letter asked.

    ``reference`` is the letter's own; ``done``: whether the flag was set or removed as asked, None where not answered.
    """

    case: str
    reference: str
    date: dt.date | None
    done: bool | None
    answers: Mapping[str, str]
    form: WordForm
    notes: tuple[Problem, ...] = ()


Believed = Assessment | Referral | MeetingRecord | ContactReport | Acknowledgement


@dataclass(frozen=True, slots=True)
class Case:
    """One young person as the register knows them when a form has been accepted.

    ``assessment`` is the one that the documents are about: the one that has just arrived, else the newest by its own
    date; ``history`` are those dated before it, ``later`` those dated after it, both oldest first. ``referral``: the
    one that has just arrived, else the last to be made; ``other_referrals``: the others. ``meetings``, ``contacts``:
    all of them, oldest first, by their own dates.
    """

    ref: str
    assessment: Assessment | None
    history: tuple[Assessment, ...]
    referral: Referral | None
    later: tuple[Assessment, ...] = ()
    meetings: tuple[MeetingRecord, ...] = ()
    contacts: tuple[ContactReport, ...] = ()
    other_referrals: tuple[Referral, ...] = ()

    @property
    def assessments(self) -> tuple[Assessment, ...]:
        """All of them, oldest first."""
        return (*self.history, *([self.assessment] if self.assessment else []), *self.later)

    @property
    def referrals(self) -> tuple[Referral, ...]:
        """All of them, those without a date first, then the oldest first."""
        known = (*self.other_referrals, *([self.referral] if self.referral else []))
        return tuple(sorted(known, key=lambda r: r.date or dt.date.min))

    @property
    def name(self) -> str:
        """The name as the newest form writes it; the referral, which splits it, leads."""
        forms = (self.referral, self.assessment, *reversed(self.meetings), *reversed(self.contacts))
        return next((form.name for form in forms if form), "")

    @property
    def date_of_birth(self) -> dt.date | None:
        """As the referral says; else as the newest form does that asks."""
        forms = (self.referral, self.assessment, *reversed(self.meetings), *reversed(self.contacts))
        return next((form.date_of_birth for form in forms if form and form.date_of_birth), None)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was drafted for a case, as it is kept to follow it up.

    ``reference`` is its own, printed on it. ``purpose``: ``core group`` tells of a core group, ``flag`` asks for a
    flag, ``removal`` asks to take it down, ``invitation`` invites to a meeting. ``recipient``, ``who``, ``name``,
    ``address``: the addressee as the letter named it. ``flag_since``: the day of the meeting that raised the flag which
    the letter is about, else None. ``acknowledged``: the day on which the agency said that it was done.
    """

    reference: str
    purpose: Literal["core group", "flag", "removal", "invitation"]
    recipient: str
    who: tuple[str, ...]
    name: str
    address: tuple[str, ...]
    drafted: dt.date
    reply_by: dt.date
    flag_since: dt.date | None = None
    acknowledged: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that the procedure asks for now, with the clause that asks for it."""

    text: str
    clause: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the procedure asks for now, after the form that has just been accepted.

    ``outcome``: a band of the matrix, ``panel`` for a referral, ``meeting`` for a meeting record, ``""`` for a form
    that is only joined to the case. What follows from it: ``tell_members`` (that a core group is to be formed),
    ``raise_flag``, ``remove_flag`` (letters to agencies), ``invite`` (letters for the next meeting), ``plan``,
    ``report``, ``record`` (which documents the pack holds besides).
    """

    outcome: Literal["must", "consider", "none", "panel", "meeting", ""]
    asks: tuple[Ask, ...]
    tell_members: bool = False
    raise_flag: bool = False
    remove_flag: bool = False
    invite: bool = False
    plan: bool = False
    report: bool = False
    record: bool = False
