"""The inbox's listing comes in; files that have settled, their kept originals and emptied places go out."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UnreadableFile
from pipeline.files import flush, flush_folder

# Owner files of Word and Excel, Word's swap files, and what macOS and Windows strew about.
_LITTER_STARTS = ("~$", "~wrl", ".")
_LITTER_ENDS = (".tmp", ".crdownload", ".part", ".partial")
_LITTER_NAMES = frozenset({"thumbs.db", "desktop.ini"})

# An honest form has a few hundred kilobytes; scans pasted into one may make it some megabytes.
LARGEST = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Seen:
    """How a file lay in the inbox: two equal looks some time apart mean that nobody is writing it."""

    size: int
    modified_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A dropped file whose content is safe: ``original`` is the kept copy, named by its hash."""

    dropped: Path
    seen: Seen
    sha256: str
    original: Path

    @property
    def name(self) -> str:
        return self.dropped.name

    def read(self) -> bytes:
        """The bytes of the original.

        Raises:
            UnreadableFile: it is larger than any form, and stays out of memory.
        """
        if self.seen.size > LARGEST:
            raise UnreadableFile(
                "too-large",
                f"The file is larger than {LARGEST // 2**20} MB, which none of the forms is.",
                "Drop the form alone, without pictures or scans in it.",
            )
        return self.original.read_bytes()


class Settling:
    """Remembers how the files of one inbox lay: a file has settled once it has lain still for ``seconds``."""

    def __init__(self, inbox: Path, seconds: float) -> None:
        self._inbox = inbox
        self._seconds = seconds
        self._since: dict[Path, tuple[Seen, float]] = {}

    def sweep(self, now: float) -> tuple[Mapping[Path, Seen], tuple[Path, ...]]:
        """List the inbox: the files that have settled, and those that have not. ``now`` is a monotonic clock's time."""
        found = listing(self._inbox)
        self._since = {
            path: known if (known := self._since.get(path)) and known[0] == seen else (seen, now)
            for path, seen in found.items()
        }
        settled = {path: seen for path, (seen, since) in self._since.items() if now - since >= self._seconds}
        return settled, tuple(path for path in found if path not in settled)


def listing(inbox: Path) -> Mapping[Path, Seen]:
    """Every file in the inbox that could be a form, by name; folders, links and litter are left out."""
    found = {}
    for path in sorted(inbox.iterdir(), key=lambda p: (p.name.casefold(), p.name)):
        if not _is_litter(path.name) and (seen := look(path)):
            found[path] = seen
    return found


def look(path: Path) -> Seen | None:
    """How the file lies there now; None where it is gone, or is no ordinary file."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return Seen(status.st_size, status.st_mtime_ns, status.st_ino)


def keep(path: Path, seen: Seen, originals: Path) -> Kept | None:
    """Copy the file into ``originals`` under its hash; None where it is gone or changed meanwhile: it settles again."""
    incoming = originals / f".{seen.inode}-{seen.modified_ns}.part"
    originals.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as source, incoming.open("wb") as copy:
            while chunk := source.read(1 << 20):
                digest.update(chunk)
                copy.write(chunk)
            flush(copy)
    except FileNotFoundError:
        incoming.unlink(missing_ok=True)
        return None
    if look(path) != seen or incoming.stat().st_size != seen.size:
        incoming.unlink()
        return None
    sha256 = digest.hexdigest()
    original = originals / sha256[:2] / sha256
    original.parent.mkdir(exist_ok=True)
    incoming.replace(original)
    flush_folder(original.parent)
    return Kept(path, seen, sha256, original)


def leave(kept: Kept) -> None:
    """Take the file out of the inbox, last of all; a newer file of the same name stays."""
    if look(kept.dropped) == kept.seen:
        kept.dropped.unlink(missing_ok=True)


def _is_litter(name: str) -> bool:
    folded = name.casefold()
    return folded.startswith(_LITTER_STARTS) or folded.endswith(_LITTER_ENDS) or folded in _LITTER_NAMES
