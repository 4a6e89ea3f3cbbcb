"""A connection and a case come in; its packs go out, each with what was known of the case when it was drafted.

Forms and slips that came later are told apart by the audit record, whose lines stand in the order in which things were
recorded.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.audit import Line
from pipeline.register import letters, trail
from pipeline.register.forms import believed_from
from pipeline.register.held import HeldForm, HeldPack
from pipeline.rules.case import Acknowledgement, Letter

_PACKS = "SELECT sha256, folder, received_at FROM packs JOIN arrivals USING (sha256) WHERE case_ref = :ref"
_FORMS = """
    SELECT sha256, sheet, kind, believed, received_at FROM forms JOIN arrivals USING (sha256)
    WHERE case_ref = :ref AND outcome = 'accepted' ORDER BY id
"""
_ACCEPTED = "SELECT 1 FROM forms WHERE sha256 = :sha256 AND outcome = 'accepted' LIMIT 1"
_FOLDERS = "SELECT folder FROM packs WHERE case_ref = :ref"
_CASES = "SELECT DISTINCT case_ref FROM packs WHERE case_ref > :after ORDER BY case_ref LIMIT :most"
_COUNT = "SELECT count(DISTINCT case_ref) FROM packs"


@dataclass(slots=True)
class _Course:
    """What the audit record says of a case: the number of the line that first says so."""

    accepted: dict[str, int] = field(default_factory=dict)  # content → its line
    published: dict[str, int] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)  # path → the hash last written
    acknowledged: list[tuple[int, str, dt.date]] = field(default_factory=list)  # line, key of the letter, day


def cases_with_packs(connection: sqlite3.Connection, after: str, most: int) -> list[str]:
    """The next cases behind ``after``, in the order of their IDs, ``most`` at a time."""
    return [ref for (ref,) in connection.execute(_CASES, {"after": after, "most": most})]


def count_of_cases(connection: sqlite3.Connection) -> int:
    return int(connection.execute(_COUNT).fetchone()[0])


def pack_folders(connection: sqlite3.Connection, ref: str) -> tuple[str, ...]:
    """Every folder reserved for a pack of the case, also of one that a crash interrupted."""
    return tuple(sorted(folder for (folder,) in connection.execute(_FOLDERS, {"ref": ref})))


def is_accepted(connection: sqlite3.Connection, sha256: str) -> bool:
    """Whether any form of this content is: only then it may have a pack that is recorded."""
    return connection.execute(_ACCEPTED, {"sha256": sha256}).fetchone() is not None


def pack_of(connection: sqlite3.Connection, ref: str, sha256: str) -> HeldPack | None:
    """The pack that this content has in the case, where it is recorded already."""
    return next((pack for pack in packs_of(connection, ref) if pack.sha256 == sha256), None)


def packs_of(connection: sqlite3.Connection, ref: str) -> tuple[HeldPack, ...]:
    """Every pack of the case that was published, in the order in which they were."""
    course = _course(trail.lines_of(connection, ref))
    held = [
        HeldForm(sha256, sheet, kind, "accepted", dt.datetime.fromisoformat(received), believed_from(kind, text))
        for sha256, sheet, kind, text, received in connection.execute(_FORMS, {"ref": ref}).fetchall()
    ]
    drafted = list(letters.with_contents(connection, ref))
    found = [
        _pack(sha256, folder, dt.datetime.fromisoformat(received), held, drafted, course)
        for sha256, folder, received in connection.execute(_PACKS, {"ref": ref})
        if sha256 in course.published
    ]
    return tuple(sorted(found, key=lambda pack: course.published[pack.sha256]))


def _pack(
    sha256: str,
    folder: str,
    received: dt.datetime,
    held: Sequence[HeldForm],
    drafted: Sequence[tuple[str, Letter]],
    course: _Course,
) -> HeldPack:
    line = course.published[sha256]

    def known(content: str) -> bool:
        return content != sha256 and course.accepted.get(content, line) < line

    before = tuple(form for form in held if known(form.sha256))
    said = [(letters.key_of(reference), day) for reference, day in _slips(before)]
    said += [(key, day) for number, key, day in course.acknowledged if number < line]
    return HeldPack(
        sha256=sha256,
        folder=folder,
        received_at=received,
        arrived=tuple(form for form in held if form.sha256 == sha256),
        before=before,
        letters=tuple(_as_of_then(letter, said) for content, letter in drafted if known(content)),
        own=tuple(letter for content, letter in drafted if content == sha256),
        published={path: digest for path, digest in course.documents.items() if path.startswith(f"{folder}/")},
    )


def _slips(held: Iterable[HeldForm]) -> Iterator[tuple[str, dt.date]]:
    for form in held:
        slip = form.believed
        if isinstance(slip, Acknowledgement) and slip.done is not False:
            yield slip.reference, slip.date or form.received_at.date()


def _as_of_then(letter: Letter, said: Iterable[tuple[str, dt.date]]) -> Letter:
    key = letters.key_of(letter.reference)
    return replace(letter, acknowledged=min((day for about, day in said if about == key), default=None))


def _course(lines: Iterable[Line]) -> _Course:
    course = _Course()
    for line in lines:
        details: Mapping[str, object] = json.loads(line.details)
        match line.what, details:
            case "accepted", _:
                course.accepted.setdefault(line.sha256, line.number)
            case "published" | "rebuilt", {"documents": {**documents}}:
                course.published.setdefault(line.sha256, line.number)
                course.documents |= {str(path): str(digest) for path, digest in documents.items()}
            case "acknowledged", {"letter": str(reference), "on": str(day)}:
                course.acknowledged.append((line.number, letters.key_of(reference), dt.date.fromisoformat(day)))
            case "forgotten", _:
                course = _Course()  # what is held has come since
    return course
