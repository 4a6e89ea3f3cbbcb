"""A case that is no longer to be kept comes in; what goes and what stays is said, then it is erased everywhere.

Every step may be repeated. The register, which says what there is to erase, forgets last: after a crash anywhere the
same command goes on.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.files import alone, flush_folder, staged
from pipeline.intake.claims import in_hand
from pipeline.intake.inbox import read_mark
from pipeline.outgoing.receipts import is_receipt_of
from pipeline.process import ShareGone, hold_cases
from pipeline.publish import RECEIPTS, RETURNED
from pipeline.register import Register
from pipeline.settings import Settings

# A form is worked off within seconds; whoever holds one for longer hangs.
_PATIENCE = 30.0


class NotErased(PipelineError):
    """Something stands in the way; once it is out of it, the same command goes on."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """All that lies in folders on one case, and what of it stays.

    ``originals``: the kept files, by their hash. ``shared``: hashes of files that also hold another case.
    ``strange``: what lies in the case's folder in the outbox and is not the program's.
    """

    ref: str
    packs: tuple[Path, ...]
    returned: tuple[Path, ...]
    receipts: tuple[Path, ...]
    originals: tuple[Path, ...]
    staged: tuple[Path, ...]
    shared: tuple[str, ...]
    strange: tuple[Path, ...]
    letters: int


def find(ref: str, register: Register, settings: Settings) -> Holdings | None:
    """All that is held on a case; None where nothing is.

    Raises:
        ShareGone: inbox or outbox is not there as it was: what lies in it could not be erased.
    """
    for name, folder in (("inbox", settings.inbox), ("outbox", settings.outbox)):
        if register.mark_of(folder) and not read_mark(folder):
            raise ShareGone(name)
    erasure = register.erasure(ref)
    if erasure is None:
        return None
    returned, receipts = settings.inbox / RETURNED, settings.inbox / RECEIPTS
    packs = tuple(settings.outbox / folder for folder in erasure.packs)
    return Holdings(
        ref=ref,
        packs=packs,
        returned=tuple(returned / folder for folder in erasure.returns),
        receipts=tuple(
            path for path in _listed(receipts) if any(is_receipt_of(path.name, s) for s in erasure.originals)
        ),
        originals=tuple(_original(settings, sha256) for sha256 in erasure.originals),
        staged=(
            *(staged(settings.outbox, folder) for folder in erasure.packs),
            *(staged(returned, folder) for folder in erasure.returns),
        ),
        shared=tuple(erasure.shared),
        strange=tuple(path for path in _listed(settings.outbox / ref) if path not in packs),
        letters=len(register.letters(ref)),
    )


def _original(settings: Settings, sha256: str) -> Path:
    return settings.records / "originals" / sha256[:2] / sha256


def erased_on(ref: str, register: Register) -> dt.date | None:
    """The day on which a case was last erased; None where it never was."""
    days = [line.at for line in register.audit() if (line.what, line.case) == ("forgotten", ref)]
    return dt.datetime.fromisoformat(days[-1]).date() if days else None


def inventory(holdings: Holdings) -> Iterator[str]:
    """What will be erased, and what cannot be."""
    yield f"Of {holdings.ref} this will be erased:"
    yield "  in the register: forms, letters, decisions and time limits"
    yield f"  {_counted(len(holdings.originals), 'form as it was dropped', 'forms as they were dropped')}"
    for path in (*holdings.packs, *holdings.returned):
        yield f"  {path}" + ("" if path.exists() else " (not there: if somebody moved it, erase it there)")
    if holdings.receipts:
        yield f"  {_counted(len(holdings.receipts), 'receipt', 'receipts')}"
    yield "This cannot be erased from here:"
    for sha256 in holdings.shared:
        yield f"  the dropped file {sha256[:8]} and its receipt: it also holds a form of another case, or of none"
    for path in holdings.strange:
        yield f"  {path}, which somebody else has put there: erase it by hand"
    if holdings.letters:
        yield f"  {_counted(holdings.letters, 'letter', 'letters')}, where they were sent or copied"
    yield "  backups: see to it that they are not kept for longer than they may be"
    yield f"  the audit record, which keeps {holdings.ref}, times, figures, hashes and the names of documents"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def erase(holdings: Holdings, register: Register, settings: Settings, now: dt.datetime) -> None:
    """Erase all of ``holdings``, then the register's own.

    Raises:
        NotErased: a form of the case is being worked off, lies in the inbox, or came meanwhile; or a file cannot be
            removed.
    """
    if waiting := _in_inbox(holdings, settings.inbox):
        raise NotErased(
            f"A form of {holdings.ref} still lies in the inbox ({waiting}), and would come back as a new one. Let "
            f"`pipeline run` work it off, or take it out. Then run the same command again."
        )
    with _nobody_at_work(holdings, settings.records):
        for path in (*holdings.staged, *holdings.packs, *holdings.returned, *holdings.receipts):
            _remove(path)
    for path in holdings.originals:  # Windows removes no file that is held
        _remove(path)
    with suppress(OSError):  # what somebody else has put there stays
        (settings.outbox / holdings.ref).rmdir()
    register.forget(holdings.ref, now)
    _look_again(holdings.ref, register, settings.inbox)


def _look_again(ref: str, register: Register, inbox: Path) -> None:
    """A form that was in hand while the case was erased may have drawn on what was known of it."""
    held = in_hand(inbox)
    until = time.monotonic() + _PATIENCE
    while any(path.exists() for path in held) and time.monotonic() < until:
        time.sleep(0.1)
    if register.erasure(ref):
        raise NotErased(
            f"Another form of {ref} was worked off meanwhile. Its documents may draw on what was erased. Run the same "
            f"command again to erase them too."
        )


def _in_inbox(holdings: Holdings, inbox: Path) -> str:
    """The name of a file that lies in the inbox, or in a claim on it, and is one of the case's forms."""
    wanted = {path.name for path in holdings.originals}
    for path in (*_listed(inbox), *in_hand(inbox)):
        try:
            if path.is_file() and _sha256(path) in wanted:
                return path.name
        except OSError:
            continue  # it has just been taken, or somebody is writing it: it is new
    return ""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _nobody_at_work(holdings: Holdings, records: Path) -> Iterator[None]:
    """Hold the case and every form of it, as a program does that works on it; wait for those that do."""
    until = time.monotonic() + _PATIENCE
    with ExitStack() as held:
        while not held.enter_context(hold_cases([holdings.ref], records)):
            _wait(until, holdings.ref)
        for path in holdings.originals:
            while path.exists() and not held.enter_context(alone(path)):
                _wait(until, holdings.ref)
        yield


def _wait(until: float, ref: str) -> None:
    if time.monotonic() > until:
        raise NotErased(f"A form of {ref} is being worked off. Run the same command again later.")
    time.sleep(0.1)


def _remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it. What is gone already is gone."""
    try:
        if path.is_dir() and not path.is_symlink():
            for inner in _listed(path):
                _remove(inner)
            path.rmdir()
        else:
            _unlink(path)
        if path.parent.is_dir():
            flush_folder(path.parent)
    except FileNotFoundError:
        return
    except OSError as e:
        raise NotErased(
            f"{path} cannot be erased: {e.strerror}. Close it wherever it is open, or see to its rights. Then run the "
            f"same command again: it goes on where it stopped."
        ) from e


def _unlink(path: Path) -> None:
    try:
        path.unlink()
    except PermissionError:
        path.chmod(0o600)  # Windows removes no file that is read-only
        path.unlink()


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
