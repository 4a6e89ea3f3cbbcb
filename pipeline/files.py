"""Bytes come in; files and folders that survive a power cut go out, whole or not at all."""

from __future__ import annotations

import filecmp
import hashlib
import os
import shutil
import stat
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO


def write_durably(path: Path, data: bytes | Path, like: Path | None = None) -> None:
    """Write ``data``, or a copy of the file it names, beside ``path``; flush; rename.

    Whoever looks at ``path`` sees all of it, or what was there before. ``like``: the folder whose readers may read it;
    None: whoever the process lets.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}.part")
    _write(beside, data)
    if like:
        let_in(path.parent, like)
        let_in(beside, like)
    beside.replace(path)
    flush_folder(path.parent)


def publish_folder(root: Path, folder: str, files: Mapping[str, bytes | Path], like: Path | None = None) -> None:
    """Make ``root/folder`` hold ``files``, by one rename. A folder that is already there is given what it lacks.

    ``folder`` uses ``/``; ``like`` as for `write_durably`. Repeating it changes nothing, so that it may be tried again
    after any crash; a document that is there may have been worked on meanwhile, and is never written over.
    """
    target = root / folder
    if target.exists():
        for name, data in files.items():
            if not (target / name).exists():
                write_durably(target / name, data, like)
        return
    staging = _staged_anew(root, folder)
    _write_together(staging, files)
    if like:
        for path in (staging, *staging.iterdir()):
            let_in(path, like)
    flush_folder(staging)
    target.parent.mkdir(parents=True, exist_ok=True)
    if like:
        let_in(target.parent, like)
    staging.rename(target)
    flush_folder(target.parent)


def replace_documents(
    root: Path, folder: str, files: Mapping[str, bytes], withdrawn: Iterable[str], aside: str
) -> None:
    """Put ``files`` into ``root/folder``; what stood in their places, and what is ``withdrawn``, is kept in its folder
    ``aside``.

    At a crash each name has what stood there before, or what is new, or nothing where the old already lies aside; doing
    the same again mends that.
    """
    target, staging = root / folder, _staged_anew(root, folder)
    _write_together(staging, files)
    flush_folder(staging)
    kept = target / aside
    kept.mkdir(exist_ok=True)
    let_in(kept, target)
    for name in withdrawn:
        (target / name).rename(kept / name)
    for name in files:
        if (target / name).exists():
            let_in(staging / name, target / name)
            (target / name).rename(kept / name)
        (staging / name).rename(target / name)
    for changed in (kept, target):
        flush_folder(changed)
    staging.rmdir()


def staged(root: Path, folder: str) -> Path:
    """Where ``root/folder`` is written before it is published: programs share nothing but ``root``."""
    return root / f".{folder.replace('/', ' ')}.part"


def _staged_anew(root: Path, folder: str) -> Path:
    """The folder, empty, whatever a crash has left in it."""
    staging = staged(root, folder)
    if staging.exists():
        shutil.rmtree(staging)
    staging.mkdir(parents=True)
    return staging


def let_in(path: Path, like: Path) -> None:
    """Let those read ``path`` who may read the folder ``like``. On Windows rights are inherited."""
    mode = stat.S_IMODE(like.stat().st_mode)
    if os.name != "nt":
        path.chmod(mode & ~stat.S_ISVTX if path.is_dir() else mode & 0o666)


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Hold the file ``path`` against other programs on this machine; False where one of them does.

    The system frees it when its holder ends, however that comes about.
    """
    with path.open("ab") as file:
        try:
            _lock(file.fileno())
        except OSError:
            yield False
            return
        yield True


def _lock(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(file, 2**30, os.SEEK_SET)  # behind every form, so that others can read it
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def same_content(one: Path, other: Path) -> bool:
    """Whether both are files that hold the same."""
    return one.is_file() and filecmp.cmp(one, other, shallow=False)


def shown(name: str) -> str:
    """A file's name as it can be printed and written anywhere: what is not UTF-8 in it, or controls a screen, is �."""
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in name)


def shortened(name: str, most: int) -> str:
    """The name cut to ``most`` bytes; its ending stays. File systems take 255."""
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending) if stem and len(ending) < 10 else (name, "")
    room = most - len(os.fsencode(ending))
    while len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return stem + ending


def flush(file: IO[bytes]) -> None:
    """Make what was written to ``file`` durable."""
    file.flush()
    os.fsync(file.fileno())


def _begin_to_flush(file: IO[bytes]) -> None:
    """Linux begins to write what need not stay in its cache, as PostgreSQL has it do before it flushes many files."""
    file.flush()
    if sys.platform == "linux":
        with suppress(OSError):  # it is advice: some file systems take none
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def flush_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable. Windows cannot open a folder, and writes its names through."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, data: bytes | Path) -> None:
    with ExitStack() as stack:
        flush(_written(path, data, stack))


def _write_together(folder: Path, files: Mapping[str, bytes | Path]) -> None:
    """All are on their way to the disk before the first is waited for: it then takes them together."""
    with ExitStack() as stack:
        written = [_written(folder / name, data, stack) for name, data in files.items()]
        for file in written:
            _begin_to_flush(file)
        for file in written:
            flush(file)


def _written(path: Path, data: bytes | Path, stack: ExitStack) -> IO[bytes]:
    """The file with ``data`` in it, not flushed yet, open until the ``stack`` is."""
    file = stack.enter_context(path.open("wb"))
    if isinstance(data, Path):
        with data.open("rb") as source:
            shutil.copyfileobj(source, file, 1 << 20)
    else:
        file.write(data)
    return file
