"""What the register is given to record, and what it gives back of a case, as values that need no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.audit import Event, Line
from pipeline.rules.case import Believed, Letter
from pipeline.rules.limit import TimeLimit


@dataclass(frozen=True, slots=True)
class Entry:
    """One form of a file as it is recorded; ``sheet`` and ``kind`` are ``""`` where the file is none of the forms.

    ``outcome``: accepted, returned or duplicate. ``believed`` is None where it went back. ``name``: the file's, as
    dropped; it is not kept. ``events`` go into the audit record, unless they stand there because the same step was done
    before a crash.
    """

    sheet: str
    kind: str
    case: str | None
    outcome: str
    believed: Believed | None
    name: str = ""
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldForm:
    """One form as it is held. ``sheet`` is ``""`` for a Word form, ``believed`` None where the form went back."""

    sha256: str
    sheet: str
    kind: str
    outcome: str
    received_at: dt.datetime
    believed: Believed | None


@dataclass(frozen=True, slots=True)
class HeldPack:
    """One pack as it was published, and what was known of its case then.

    ``arrived``: the forms of its own content. ``before``: those of the case that had been accepted before, in the order
    of their arrival. ``letters``: those drafted for the case before, acknowledged or not as of then. ``own``: the
    letters of this very pack as they stand now. ``published``: path in the outbox → SHA-256, as each was last written.
    """

    sha256: str
    folder: str
    received_at: dt.datetime
    arrived: tuple[HeldForm, ...]
    before: tuple[HeldForm, ...]
    letters: tuple[Letter, ...]
    own: tuple[Letter, ...]
    published: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What was written again of one pack: path in the outbox → SHA-256, and its letters as they now are addressed."""

    sha256: str
    documents: Mapping[str, str]
    letters: tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything held on one case, in an order that does not depend on the order of arrival.

    ``forms``: by their own dates, kind and content. ``packs``: folders in the outbox. ``returns``: folders among the
    forms given back. ``audit``: the lines that name the case.
    """

    ref: str
    forms: tuple[HeldForm, ...]
    letters: tuple[Letter, ...]
    packs: tuple[str, ...]
    returns: tuple[str, ...]
    limits: tuple[TimeLimit, ...]
    audit: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What goes when a case is forgotten, and what stays.

    ``originals``: contents, by their SHA-256, in which all forms are this case's. ``shared``: contents that hold
    another form too, of another case or of none that is known; they stay. ``packs``: folders in the outbox.
    ``returns``: folders among the forms given back, of ``originals`` alone.
    """

    ref: str
    originals: tuple[str, ...]
    shared: tuple[str, ...]
    packs: tuple[str, ...]
    returns: tuple[str, ...]
