"""A folder comes in; what lies in it, and originals that are kept by their hash, go out."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import flush, flush_folder, same_content, shown, write_durably
from pipeline.intake.plan import Found, Listing, Seen

# Owner files of Word and Excel, Word's swap files, and what macOS and Windows strew about.
_OWNER = "~$"
_LITTER_STARTS = (_OWNER, "~wrl", ".")
_LITTER_ENDS = (".tmp", ".crdownload", ".part", ".partial")
_LITTER_NAMES = frozenset({"thumbs.db", "desktop.ini"})
# What Excel writes a workbook to before it gives it its name.
_NAMELESS = re.compile(r"[0-9A-F]{8}")

# OneDrive, and archives on tape, show files that are not on this disk: offline, recall on open, recall on data access.
_ELSEWHERE = 0x1000 | 0x40000 | 0x400000
NOT_HERE = "is not on this disk: open it once where it lies, or choose Always keep on this device"
_NOT_SEEN = Seen(-1, 0, 0)

# Folder of the program's own in the inbox, and the file in it that marks the inbox as this one.
FOLDER = ".pipeline"
_MARK = "mark"

# Nobody has a form open for longer; an older owner file was left behind when a program crashed. Seconds.
_ORPHANED_AFTER = 12 * 3600.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A dropped file whose content is safe: ``name`` as it can be shown; ``original``: the copy, named by its hash."""

    name: str
    sha256: str
    size: int
    original: Path


class Inbox:
    """One inbox, and how its files lay at the last look."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._since: dict[str, tuple[Seen, float]] = {}

    def look(self, now: float, wall_clock: float) -> Listing:
        """List the inbox. ``now`` is a monotonic clock's time; ``wall_clock`` tells an owner file's age.

        Raises:
            OSError: the folder cannot be listed.
        """
        found, owners = _entries(self.folder)
        live = {name: path for name, (path, at) in owners.items() if abs(wall_clock - at) < _ORPHANED_AFTER}
        self._since = {
            name: known if (known := self._since.get(name)) and known[0] == seen else (seen, now)
            for name, (seen, _) in found.items()
        }
        files = (
            Found(name, seen, since, _open_by(name, live), found[name][1])
            for name, (seen, since) in self._since.items()
        )
        return Listing(read_mark(self.folder), tuple(files))


def read_mark(folder: Path) -> str:
    """What tells this folder from any other that may be mounted in its place; ``""`` where it has no mark."""
    try:
        return (folder / FOLDER / _MARK).read_text("ascii", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def make_mark(folder: Path) -> str:
    """Mark a folder that is new, so that it is missed when its share is gone."""
    mark = uuid.uuid4().hex
    write_durably(folder / FOLDER / _MARK, mark.encode("ascii"))
    return mark


def look(path: Path) -> Seen | None:
    """How the file lies there now; None where it is gone, or is no ordinary file."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return _seen(status) if stat.S_ISREG(status.st_mode) else None


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
    if same_content(original, incoming):
        incoming.unlink()  # whoever works on the same content holds the original
    else:
        incoming.replace(original)
        flush_folder(original.parent)
    return Kept(shown(path.name), sha256, seen.size, original)


def _seen(status: os.stat_result) -> Seen:
    return Seen(status.st_size, status.st_mtime_ns, status.st_ino)


def _is_litter(name: str) -> bool:
    folded = name.casefold()
    return folded.startswith(_LITTER_STARTS) or folded.endswith(_LITTER_ENDS) or folded in _LITTER_NAMES


def _entries(folder: Path) -> tuple[Mapping[str, tuple[Seen, str]], Mapping[str, tuple[Path, float]]]:
    """Every file that could be a form, by name, and why one cannot look into it; and when each owner file was written.

    The rest is left out.
    """
    found: dict[str, tuple[Seen, str]] = {}
    owners: dict[str, tuple[Path, float]] = {}  # by what follows the ``~$``, in small letters
    for path in sorted(folder.iterdir(), key=lambda p: (p.name.casefold(), p.name)):
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue
        except OSError:
            if not _is_litter(path.name):
                found[path.name] = _NOT_SEEN, "cannot be looked at just now"
            continue
        if not stat.S_ISREG(status.st_mode):
            continue
        if path.name.startswith(_OWNER):
            owners[path.name.removeprefix(_OWNER).casefold()] = path, status.st_mtime
        elif not _is_litter(path.name):
            elsewhere = getattr(status, "st_file_attributes", 0) & _ELSEWHERE
            found[path.name] = _seen(status), NOT_HERE if elsewhere else ""
    return found, owners


def _open_by(name: str, owners: Mapping[str, Path]) -> str:
    """Who has the file open, as Word's or Excel's owner file says.

    Excel puts ``~$`` before the name; Word puts it in the place of the name's first letters, one or two.
    """
    for letters in (0, 1, 2):
        if owner_file := owners.get(name[letters:].casefold()):
            return _owner(owner_file)
    # Excel is saving under no name yet. Whose workbook that is, nobody can tell from it.
    return _owner(next(iter(owners.values()))) if owners and _NAMELESS.fullmatch(name) else ""


def _owner(owner_file: Path) -> str:
    """The user's name: its length in the first byte, then the name itself in the machine's code page."""
    try:
        content = owner_file.read_bytes()[:55]
    except OSError:
        content = b""
    user = content[1 : 1 + content[0]].decode("cp1252", errors="replace") if content else ""
    return " ".join("".join(c if c.isprintable() else " " for c in user).split()) or "somebody"
