"""The register of one installation: what arrived, how it ended, and what follows from it."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.audit import Event, Line
from pipeline.errors import SettingsError
from pipeline.register import awaited, erasure, forms, held_packs, letters, limits, trail
from pipeline.register.case_file import case_file
from pipeline.register.due import limits_of
from pipeline.register.held import CaseFile, Entry, Erasure, HeldForm, HeldPack, Rewritten
from pipeline.register.migrations import LaterRelease, bring_up
from pipeline.register.sqlite import Database
from pipeline.rules.case import Assessment, Believed, Letter
from pipeline.rules.limit import TimeLimit

_RECEIVED = "SELECT received_at FROM arrivals WHERE sha256 = :sha256"
_ARRIVED = """
    INSERT INTO arrivals (sha256, received_at, told) VALUES (:sha256, :received_at, 0) ON CONFLICT (sha256) DO NOTHING
"""
_RECORDED = (
    "SELECT received_at, told, sheet, outcome FROM arrivals LEFT JOIN forms USING (sha256) WHERE sha256 = :sha256"
)
_TOLD = "UPDATE arrivals SET told = 1 WHERE sha256 = :sha256"
_ACCEPTED_BEFORE = """
    SELECT sheet FROM forms JOIN arrivals USING (sha256) WHERE sha256 = :sha256 AND outcome = 'accepted' AND told = 1
"""
_UNRECORDED = """
    SELECT folder FROM packs JOIN arrivals USING (sha256)
    WHERE case_ref = :ref AND sha256 != :besides AND told = 0 AND NOT EXISTS (
        SELECT 1 FROM forms
        WHERE forms.sha256 = packs.sha256 AND forms.case_ref = packs.case_ref AND forms.outcome = 'accepted'
    )
"""
_MARK = "SELECT mark FROM folders WHERE path = :path"
_KNOW = "INSERT INTO folders (path, mark) VALUES (:path, :mark) ON CONFLICT (path) DO UPDATE SET mark = excluded.mark"


@dataclass(frozen=True, slots=True)
class _Reservation:
    """How a folder is reserved: ``find`` gives the one that is, ``make`` takes a new one."""

    find: str
    make: str


_OF_A_PACK = _Reservation(
    find="SELECT folder FROM packs WHERE sha256 = :sha256 AND case_ref = :case_ref",
    make="INSERT INTO packs (sha256, case_ref, folder) VALUES (:sha256, :case_ref, :folder)",
)
_OF_A_RETURNED_FORM = _Reservation(
    find="SELECT folder FROM returns WHERE sha256 = :sha256 AND name = :name",
    make="INSERT INTO returns (sha256, name, folder) VALUES (:sha256, :name, :folder)",
)


class Register:
    """The register of one installation. Every method is one transaction and may be repeated.

    Raises OSError where its disk is full or away, or another program holds it for too long.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, path: Path) -> Register:
        """Open the register in the file ``path``: made if it is not there, brought up to this release if it is older.

        Raises:
            SettingsError: a later release of this program made it, or it is no register.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with ExitStack() as failed:
                database = Database(path)
                failed.callback(database.close)
                with database.writing() as connection:  # one transaction: two programs may be the first at once
                    bring_up(connection)
                failed.pop_all()
        except sqlite3.DatabaseError as e:
            raise SettingsError(f"{path} cannot be opened as the register: {type(e).__name__}.") from e
        except LaterRelease as e:
            raise SettingsError(
                f"{path} was made by a later release. Install that release, or take a backup of before."
            ) from e
        return cls(database)

    def close(self) -> None:
        self._database.close()

    def arrived(self, sha256: str, size: int, now: dt.datetime) -> dt.datetime:
        """Record that this content arrived; returns when it first did. Dates on documents follow from it."""
        with self._database.noting() as connection:  # without it the content is worked off from its beginning
            row = {"sha256": sha256, "received_at": now.isoformat(" ", "microseconds")}
            if not connection.execute(_ARRIVED, row).rowcount:
                known = connection.execute(_RECEIVED, {"sha256": sha256}).fetchone()
                return dt.datetime.fromisoformat(known[0])
            trail.append(connection, [Event("arrived", sha256, None, {"bytes": size})], now)
            return now

    def accepted_before(self, sha256: str) -> frozenset[str]:
        """The sheets of this very content that were accepted before, as their sender was told."""
        with self._database.asking() as connection:
            return frozenset(sheet for (sheet,) in connection.execute(_ACCEPTED_BEFORE, {"sha256": sha256}))

    def case(self, ref: str, besides: str) -> tuple[Believed, ...]:
        """Everything accepted for a case, in the order of its arrival, ``besides`` this content."""
        with self._database.asking() as connection:
            return forms.accepted(connection, ref, besides)

    def pack_folder(self, sha256: str, case: str, wanted: str, taken: Callable[[str], bool]) -> str:
        """The folder of this content's pack for ``case``: ``wanted``, numbered where it is taken; always the same."""
        return self._reserve(_OF_A_PACK, {"sha256": sha256, "case_ref": case}, wanted, taken)

    def unrecorded(self, ref: str, besides: str) -> tuple[str, ...]:
        """The folders reserved for a case by forms that are not recorded yet, ``besides`` this content's."""
        with self._database.asking() as connection:
            return tuple(folder for (folder,) in connection.execute(_UNRECORDED, {"ref": ref, "besides": besides}))

    def return_folder(self, sha256: str, name: str, taken: Callable[[str], bool]) -> str:
        """The folder in which this content, dropped under ``name``, is given back; always the same."""
        return self._reserve(_OF_A_RETURNED_FORM, {"sha256": sha256, "name": name}, name, taken)

    def letters(self, ref: str, besides: str = "") -> tuple[Letter, ...]:
        """Every letter drafted for a case, in the order of their drafting, ``besides`` those of this content's pack."""
        with self._database.asking() as connection:
            return letters.drafted_for(connection, ref, besides)

    def record(
        self, sha256: str, entries: Sequence[Entry], drafted: Sequence[tuple[str, Letter]], now: dt.datetime
    ) -> None:
        """Record how each form of a file ended, and each letter ``drafted`` for a case; what was recorded stays so.

        The time limits of the cases that are touched are computed anew.
        """
        with self._database.writing() as connection:
            held = connection.execute(_RECORDED, {"sha256": sha256}).fetchall()
            received, told = held[0][:2]
            known = {sheet: outcome for _, _, sheet, outcome in held}
            anew = [e for e in entries if told or e.outcome != known.get(e.sheet)]
            said = forms.put(connection, sha256, entries)
            trail.append(connection, [event for entry in anew for event in entry.events], now)
            letters.draft(connection, sha256, drafted)
            letters.take_slips(connection, entries, dt.datetime.fromisoformat(received).date())
            awaited.follow_up(connection, sha256, anew, now.date())
            touched = {case for case, _ in drafted} | {e.case for e in entries if e.case and e.outcome == "accepted"}
            for ref in sorted(touched):
                limits.refresh(connection, ref, said)

    def letter(self, reference: str) -> Letter | None:
        """The letter of this reference, in capitals or not; None where there is none."""
        with self._database.asking() as connection:
            found = letters.find(connection, reference)
            return found[2] if found else None

    def acknowledge(self, reference: str, on: dt.date, now: dt.datetime) -> Letter | None:
        """Record that the agency of a letter said on this day that it was done; the first day that was said stays.

        Returns the letter as it then stands; None where there is none of this reference, in capitals or not.
        """
        with self._database.writing() as connection:
            before = letters.find(connection, reference)
            if before is None:
                return None
            case, sha256, letter = before
            letters.acknowledge(connection, reference, on)
            acknowledged = min(on, letter.acknowledged or on)
            if acknowledged != letter.acknowledged:
                details = {"letter": letter.reference, "on": on.isoformat()}
                trail.append(connection, [Event("acknowledged", sha256, case, details)], now)
                limits.refresh(connection, case)
            return replace(letter, acknowledged=acknowledged)

    def see_to(self, reference: str, now: dt.datetime) -> bool:
        """Record that somebody has seen to a returned form, known by the first 8 digits of its hash; False where none
        of this reference is awaited."""
        with self._database.writing() as connection:
            found = awaited.see_to(connection, reference)
            trail.append(connection, [Event("seen-to", sha256, case or None, {}) for sha256, case in found], now)
            return bool(found)

    def limits(self, ref: str) -> tuple[TimeLimit, ...]:
        """Every time limit that runs for a case, the soonest first."""
        with self._database.asking() as connection:
            return limits_of(connection, ref)

    def case_file(self, ref: str) -> CaseFile | None:
        """Everything held on a case; None where nothing is."""
        with self._database.reading() as connection:
            return case_file(connection, ref)

    def erasure(self, ref: str) -> Erasure | None:
        """What goes when a case is forgotten, and what stays because it is not this case's alone; None where nothing is
        held on it."""
        with self._database.reading() as connection:
            return erasure.erasure(connection, ref)

    def forget(self, ref: str, now: dt.datetime) -> None:
        """Delete all that is held on a case, so that no byte of it stays in the file; the audit record says that much.

        May be repeated, also where nothing is held any more: a crash may have come before the file was written anew.
        """
        with self._database.writing() as connection:
            if what := erasure.erasure(connection, ref):
                counts = erasure.erase(connection, what)
                trail.append(connection, [Event("forgotten", "", ref, counts)], now)
        self._database.scrub()

    def cases_with_packs(self, page: int = 200) -> Iterator[list[str]]:
        """Every case for which documents were written, in the order of their IDs, so many at a time."""
        after = ""
        while True:
            with self._database.asking() as connection:
                refs = held_packs.cases_with_packs(connection, after, page)
            if not refs:
                return
            yield refs
            after = refs[-1]

    def count_of_cases(self) -> int:
        """For how many cases documents were written."""
        with self._database.asking() as connection:
            return held_packs.count_of_cases(connection)

    def pack(self, ref: str, sha256: str) -> HeldPack | None:
        """The pack that this content has in a case, with what was known when it was drafted; None where none is
        recorded yet."""
        with self._database.asking() as connection:  # most contents are new
            if not held_packs.is_accepted(connection, sha256):
                return None
        with self._database.reading() as connection:
            return held_packs.pack_of(connection, ref, sha256)

    def packs(self, ref: str) -> tuple[HeldPack, ...]:
        """Every pack of a case, in the order of their publication, each with what was known when it was drafted."""
        with self._database.reading() as connection:
            return held_packs.packs_of(connection, ref)

    def rebuilt(self, ref: str, packs: Sequence[Rewritten], rescored: Sequence[HeldForm], now: dt.datetime) -> None:
        """Record which documents of a case were written again, and which of its forms count otherwise by a new scale.

        ``rescored``: the forms as they are believed now. The case's time limits are computed anew.
        """
        with self._database.writing() as connection:
            events = [Event("rescored", f.sha256, ref, {"form": f.kind, **_figures(f.believed)}) for f in rescored]
            events += [Event("rebuilt", p.sha256, ref, {"documents": p.documents}) for p in packs]
            for form in rescored:
                forms.rescore(connection, form)
            for letter in (letter for pack in packs for letter in pack.letters):
                letters.readdress(connection, letter)
            trail.append(connection, events, now)
            limits.refresh(connection, ref)

    def audit(self) -> Iterator[Line]:
        """The whole audit record, in its order."""
        with self._database.reading_on() as connection:
            yield from trail.lines(connection)

    def unaudited(self) -> int:
        """How many forms are recorded whose end stands nowhere in the audit record: its last lines were taken away."""
        with self._database.asking() as connection:
            return trail.unaudited(connection)

    def told(self, sha256: str) -> None:
        """Record that the sender of this content has a receipt, or has it back, and the inbox is rid of it."""
        with self._database.noting() as connection:  # without it the content counts as one whose journey was broken off
            connection.execute(_TOLD, {"sha256": sha256})

    def mark_of(self, folder: Path) -> str:
        """The mark by which ``folder`` is known; ``""`` where the register has never seen it."""
        with self._database.asking() as connection:
            found = connection.execute(_MARK, {"path": str(folder.resolve())}).fetchone()
            return str(found[0]) if found else ""

    def know(self, folder: Path, mark: str) -> None:
        """Remember the mark of a folder."""
        row = {"path": str(folder.resolve()), "mark": mark}
        with self._database.writing() as connection:
            connection.execute(_KNOW, row)

    def _reserve(self, how: _Reservation, key: dict[str, str], wanted: str, taken: Callable[[str], bool]) -> str:
        for number in range(1, 10_000):
            with self._database.asking() as connection:
                if mine := connection.execute(how.find, key).fetchone():
                    return str(mine[0])
            folder = wanted if number == 1 else f"{wanted} ({number})"
            if not taken(folder) and self._insert_once(how.make, {**key, "folder": folder}):
                return folder
        raise RuntimeError(f"no free folder name for {key['sha256'][:8]}")

    def _insert_once(self, insert: str, row: dict[str, str]) -> bool:
        """Insert a row; False where a constraint refuses it, because another run was first."""
        try:
            with self._database.writing() as connection:
                connection.execute(insert, row)
        except sqlite3.IntegrityError:
            return False
        return True


def _figures(believed: Believed | None) -> dict[str, object]:
    if not isinstance(believed, Assessment):
        return {}
    return {"band": believed.band, "low": believed.score.total.low, "high": believed.score.total.high}
