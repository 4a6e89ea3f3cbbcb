"""A settled file in the inbox comes in; a file that is this program's alone to work off goes out.

Claiming is a rename inside the inbox, into a folder that belongs to one running program. That folder holds a lease,
which the program renews; a folder whose lease stands still belonged to a program that died, and its files are taken
over. Whoever loses a race for a file finds it gone. Clocks are never compared: machines disagree on the time.
"""

from __future__ import annotations

import itertools
import logging
import os
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import shortened
from pipeline.intake.inbox import FOLDER, look
from pipeline.intake.plan import Seen

log = logging.getLogger(__name__)

_CLAIMS = "claims"
_LEASE = "lease"
# How often a lease is renewed before it lapses: several renewals may be lost on a slow share.
_RENEWALS = 5


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that is this program's alone: ``path`` is where it lies now, ``name`` how it was dropped.

    ``changed_ns``: when it last changed in any way, which nobody can set back.
    """

    name: str
    path: Path
    seen: Seen
    changed_ns: int


class Claims:
    """The claims of one running program on one inbox."""

    def __init__(self, inbox: Path, lease_seconds: float) -> None:
        self._inbox = inbox
        self._lease_seconds = lease_seconds
        self._root = inbox / FOLDER / _CLAIMS
        self._home = self._root / uuid.uuid4().hex
        self._numbers = itertools.count(1)
        self._spot: Path | None = None  # where the last claim lay
        self._leases: dict[Path, tuple[str, float]] = {}  # of other programs: what it said, and since when
        self._stop = threading.Event()
        self._renewing: threading.Thread | None = None

    def __enter__(self) -> Claims:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._renewing:
            self._renewing.join(self._lease_seconds)
            self._put_all_back()
            _clear(self._home)

    def claim(self, path: Path, seen: Seen) -> Claim | None:
        """Take a file out of everybody's sight; None where it is gone, or is not as it was ``seen``.

        Raises:
            OSError: somebody has it open (Windows), or the inbox cannot be written.
        """
        if not self._renewing:
            self._move_in()
        self._spot = self._empty_spot()
        taken = self._spot / path.name
        try:
            path.rename(taken)
        except FileNotFoundError:
            return None
        claim = Claim(path.name, taken, seen, _changed_ns(taken))
        if look(taken) != seen:
            self.put_back(claim)
            return None
        return claim

    def release(self, claim: Claim) -> None:
        """The file has been worked off: remove it. One that was written to meanwhile goes back to settle again."""
        if look(claim.path) == claim.seen and _changed_ns(claim.path) == claim.changed_ns:
            claim.path.unlink()
            if claim.path.parent != self._spot:
                _clear(claim.path.parent)
        else:
            self.put_back(claim)

    def put_back(self, claim: Claim) -> None:
        """Put the file back where people see it; a newer one of the same name is never overwritten.

        Where that cannot be done now, it is tried again with the next `take_over`.
        """
        try:
            for place in _places(self._inbox, claim.name):
                if _move_if_free(claim.path, place):
                    break
        except FileNotFoundError:
            return
        except OSError as e:
            log.warning("a file cannot be put back into the inbox yet: %s", e.strerror)
        _clear(claim.path.parent)

    def take_over(self, now: float) -> list[Claim]:
        """Files of programs that died, now ours. ``now`` is a monotonic clock's time.

        To be called while no file is being worked off: what this program holds then could not be put back before.
        """
        self._put_all_back()
        ours: list[Claim] = []
        for home, lapsed in self._other_homes(now).items():
            if lapsed:
                ours += [taken for claim in self._files(home) if (taken := self._take(claim))]
                _clear(home)
        return ours

    def _put_all_back(self) -> None:
        for claim in self._files(self._home):
            self.put_back(claim)

    def held_by_others(self) -> bool:
        """Whether other programs hold files, alive or not yet known to be dead."""
        return any(True for home in self._homes() for _ in self._files(home))

    def _empty_spot(self) -> Path:
        """A folder for one claim: the last one's if it is empty, for to make and remove a folder takes as long as to
        write some letters."""
        with suppress(FileNotFoundError):  # others clear it away if this program was silent for too long
            if self._spot and not any(self._spot.iterdir()):
                return self._spot
        self._home.mkdir(exist_ok=True)
        spot = self._home / str(next(self._numbers))
        spot.mkdir()
        return spot

    def _move_in(self) -> None:
        """Only when there is something to claim: an inbox whose share is gone is left as it is."""
        self._home.mkdir(parents=True, exist_ok=True)
        self._renew(0)
        self._renewing = threading.Thread(target=self._keep_renewing, name="lease", daemon=True)
        self._renewing.start()

    def _take(self, claim: Claim) -> Claim | None:
        if look(claim.path) != claim.seen:  # it is alive, and has claimed another file of that name
            return None
        try:
            return self.claim(claim.path, claim.seen)
        except OSError as e:
            log.warning("a file of a program that died cannot be taken over yet: %s", e.strerror)
            return None

    def _other_homes(self, now: float) -> Mapping[Path, bool]:
        """The folders of other programs, and whether their leases have lapsed."""
        seen: dict[Path, tuple[str, float]] = {}
        for home in self._homes():
            said = _read(home / _LEASE)
            known = self._leases.get(home)
            seen[home] = known if known and known[0] == said else (said, now)
        self._leases = seen
        return {home: now - since >= self._lease_seconds for home, (_, since) in seen.items()}

    def _homes(self) -> list[Path]:
        return [home for home in _listed(self._root) if home != self._home]

    def _files(self, home: Path) -> Iterator[Claim]:
        for path in (path for spot in _listed(home) for path in _listed(spot)):
            if seen := look(path):
                yield Claim(path.name, path, seen, _changed_ns(path))

    def _renew(self, count: int) -> None:
        (self._home / _LEASE).write_text(str(count), encoding="ascii")

    def _keep_renewing(self) -> None:
        for count in itertools.count(1):
            if self._stop.wait(self._lease_seconds / _RENEWALS):
                return
            try:
                self._renew(count)
            except FileNotFoundError:
                continue  # it was cleared away while this program was silent; the next claim makes it again
            except OSError:
                # The share is away. If it stays so, others take our files over; every step may be repeated.
                log.warning("the lease could not be renewed")


def in_hand(inbox: Path) -> list[Path]:
    """Every file of this inbox that some program holds, alive or dead."""
    return [path for home in _listed(inbox / FOLDER / _CLAIMS) for spot in _listed(home) for path in _listed(spot)]


def _changed_ns(path: Path) -> int:
    try:
        return path.lstat().st_ctime_ns
    except FileNotFoundError:
        return 0


def _clear(folder: Path) -> None:
    """Remove what is left of a claim, or of a program's claims. A file that has come into it stays, and so does it."""
    with suppress(OSError):
        for spot in folder.iterdir():
            if spot.name != _LEASE:
                spot.rmdir()
        (folder / _LEASE).unlink(missing_ok=True)
        folder.rmdir()


def _listed(folder: Path) -> list[Path]:
    """What is in a folder that others may clear away at any moment."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _places(inbox: Path, name: str) -> Iterator[Path]:
    yield inbox / name
    stem, dot, ending = shortened(name, 240).rpartition(".")
    for number in itertools.count(2):
        yield inbox / (f"{stem} ({number}){dot}{ending}" if stem else f"{ending} ({number})")


def _move_if_free(path: Path, place: Path) -> bool:
    """Move without overwriting. POSIX renames over what is there; a hard link does not, where there are any."""
    if os.name != "nt":
        try:
            os.link(path, place)
        except FileExistsError:
            return False
        except OSError:
            if place.exists():
                return False
        else:
            path.unlink()
            return True
    try:
        path.rename(place)
    except FileExistsError:
        return False
    return True
