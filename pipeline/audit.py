"""What happened comes in; lines that cannot be changed or taken away unnoticed go out. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# What stands before the first line.
BEGINNING = "0" * 64
# Made once: the digests are over what they write.
_DETAILS = json.JSONEncoder(sort_keys=True, ensure_ascii=False)
_PARTS = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one content or case: no name, no date of birth, no text of a form.

    ``what``: arrived, accepted, returned, duplicate, published; rescored (a form, by a scale that has changed), rebuilt
    (documents were written again); acknowledged (a letter), seen-to (a returned form),
    forgotten (a case, of which nothing else is held any more). ``details``: figures, codes and hashes.
    """

    what: str
    sha256: str
    case: str | None
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the record. ``digest`` covers everything else in it, and through ``previous`` all lines before."""

    number: int
    at: str
    version: str
    what: str
    sha256: str
    case: str
    details: str
    previous: str
    digest: str


def next_line(last: Line | None, event: Event, at: str, version: str) -> Line:
    """The line that follows ``last``."""
    details, case = _DETAILS.encode(event.details), event.case or ""
    number, previous = (last.number + 1, last.digest) if last else (1, BEGINNING)
    parts = (number, at, version, event.what, event.sha256, case, details, previous)
    return Line(*parts, _digest(parts))


def digest_of(line: Line) -> str:
    """SHA-256 over the line without its own digest, as a JSON list, so that no two lines read alike."""
    parts = (line.number, line.at, line.version, line.what, line.sha256, line.case, line.details, line.previous)
    return _digest(parts)


def _digest(parts: tuple[int | str, ...]) -> str:
    return hashlib.sha256(_PARTS.encode(parts).encode()).hexdigest()


def faults(lines: Iterable[Line]) -> list[str]:
    """Every line that was changed, put in or taken out, in the order of the lines."""
    found: list[str] = []
    number, previous = 0, BEGINNING
    for line in lines:
        if line.number != number + 1:
            missing = f"line {number + 1}" if line.number == number + 2 else f"lines {number + 1} to {line.number - 1}"
            found.append(f"{missing} missing")
        elif line.previous != previous:
            found.append(f"line {line.number} does not follow from the line before it")
        if digest_of(line) != line.digest:
            found.append(f"line {line.number} was changed")
        number, previous = line.number, line.digest
    return found
