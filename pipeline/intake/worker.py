"""The path of a dropped file comes in; the forms in it go out, read in a process that may hang, grow or die alone."""

from __future__ import annotations

import errno
import logging
import os
import signal
import stat
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import msgspec

from pipeline.errors import SettingsError, UnreadableFile
from pipeline.garbage import collect_seldom
from pipeline.intake.fork_server import context
from pipeline.rules.form import Form, MatrixForm, WordForm
from pipeline.rules.layout import Layouts

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

log = logging.getLogger(__name__)

# An honest form has a few hundred kilobytes; scans pasted into one may make it some megabytes.
LARGEST = 50 * 2**20
# Whatever a library keeps from file to file, it keeps only for so many.
_FILES_A_WORKER = 500
_OUT_OF_MEMORY = 71  # the exit code by which a worker says so
# Once a second's work is left, a second worker may try.
_WORTH_TRYING = 1.0
# A worker of POSIX ends itself in time. One that cannot even do that is ended so many seconds later; for as long one
# that was ended is waited for.
_GRACE = 5.0
# To start one, where Windows has it begin from nothing on a cold disk, is not laid to the file.
_TO_START = 60.0


@dataclass(slots=True)
class _Worker:
    """A process that reads, and how one speaks with it. ``read``: the files that it has read."""

    process: BaseProcess
    here: Connection
    read: int = 0


class Workers:
    """Opens dropped files in a worker process, which is the only place where a library sees them.

    The worker is replaced after some hundred files, and when it was ended. ``seconds`` and ``megabytes`` limit what one
    file may take. Safe with threads: one file is read at a time.

    On Windows the memory is not limited. Job objects could do it, but are reached through pywin32 alone; a worker that
    grows without bounds is ended there by the time limit.
    """

    def __init__(self, layouts: Layouts, *, seconds: float = 10, megabytes: int = 600) -> None:
        self._layouts = layouts
        self._seconds = seconds
        self._megabytes = megabytes
        self._turn = threading.Lock()
        self._worker: _Worker | None = None
        self._context = context()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker, once it has read what it is reading."""
        with self._turn:
            self._stop()

    def read(self, path: Path, name: str) -> tuple[Form, ...]:
        """The forms in the file at ``path``, which was dropped as ``name``.

        Raises:
            UnreadableFile: it is none of the forms, or was found to harm whoever opens it.
            SettingsError: two layouts fit it equally well.
            OSError: the file could not be reached; that is not the file's fault.
        """
        with self._turn:
            self._ready()
            until = time.monotonic() + self._seconds
            found = self._try(path, name, self._seconds)
            # A worker can also be ended from outside, by the system or by somebody who stops the program: a file is
            # blamed for it only when a second worker, which no other file has used, ends over it too.
            if found is _ENDED and (left := until - time.monotonic()) > _WORTH_TRYING:
                found = self._try(path, name, left)
        match found:
            case bytes():
                return _unpacked(found)
            case UnreadableFile() | SettingsError() | OSError():
                raise found
            case _Broken(where):
                log.error("a file broke its reader: %s", where or "it ended the worker")
        raise UnreadableFile(
            "breaks-reader",
            "The program could not read this file: what is in it breaks the program that reads it.",
            "Open it in Excel or Word, save it under a new name and drop that. If it comes back again, tell IT.",
        )

    def _try(self, path: Path, name: str, seconds: float) -> _Read:
        worker = self._ready()
        worker.read += 1
        try:
            worker.here.send((os.fspath(path), name, seconds))
            if worker.here.poll(seconds if sys.platform == "win32" else seconds + _GRACE):
                found: _Read = worker.here.recv()
                return found
        except (EOFError, OSError):  # it was ended
            worker.process.join(_GRACE)
            alarmed = sys.platform != "win32" and worker.process.exitcode == -signal.SIGALRM
            self._stop()
            return _too_slow() if alarmed else _ENDED
        except BaseException:  # the answer on its way must never be taken for the next file's
            self._stop()
            raise
        self._stop()
        return _too_slow()

    def _ready(self) -> _Worker:
        """The worker; a new one where there is none, it has read enough, or it was ended while it had nothing to do."""
        if self._worker and (self._worker.read >= _FILES_A_WORKER or not self._worker.process.is_alive()):
            self._stop()
        if self._worker is None:
            here, there = self._context.Pipe()
            arguments = (there, self._layouts, self._megabytes)
            process = self._context.Process(target=_serve, args=arguments, name="reader", daemon=True)
            self._worker = _Worker(process, here)
            try:
                process.start()
                there.close()  # so that the worker's end is noticed
                if not here.poll(_TO_START):
                    raise TimeoutError(errno.ETIMEDOUT, "a worker does not start")
                here.recv()
            except EOFError as e:
                self._stop()
                raise OSError(errno.EAGAIN, "a worker was ended while it started") from e
            except BaseException:
                self._stop()
                raise
            finally:
                there.close()
        return self._worker

    def _stop(self) -> None:
        if worker := self._worker:
            self._worker = None
            worker.here.close()
            if worker.process.pid:
                worker.process.kill()
                worker.process.join(_GRACE)  # what hangs in the system cannot be ended; nothing speaks with it any more


@dataclass(frozen=True, slots=True)
class _Broken:
    """``where`` a reader failed, without what the exception says: it may quote the form."""

    where: str = ""


_ENDED = _Broken()
_Read = bytes | UnreadableFile | SettingsError | OSError | _Broken


@dataclass(frozen=True, slots=True)
class _Packet:
    """The forms of a file on their way here. Packed by msgspec they take a sixth of the time that pickle takes."""

    matrices: tuple[MatrixForm, ...]
    word_forms: tuple[WordForm, ...]


_packets = msgspec.msgpack.Decoder(_Packet)


def _packed(forms: tuple[Form, ...]) -> bytes:
    matrices = tuple(form for form in forms if isinstance(form, MatrixForm))
    return msgspec.msgpack.encode(_Packet(matrices, tuple(form for form in forms if isinstance(form, WordForm))))


def _unpacked(packet: bytes) -> tuple[Form, ...]:
    forms = _packets.decode(packet)
    return forms.matrices or forms.word_forms


def _too_slow() -> UnreadableFile:
    return UnreadableFile(
        "too-slow",
        "Reading this file takes far longer than any form does, so it was given up.",
        "Copy the answers into a blank form, without pictures or anything else pasted in, and drop that.",
    )


# In the worker

_layouts: Layouts | None = None


def _serve(there: Connection, layouts: Layouts, megabytes: int) -> None:
    """Read one file after another, until nobody asks any more: the program may have been killed."""
    _begin(layouts, megabytes)
    with suppress(EOFError, ConnectionError):
        there.send(None)  # from now on the file's time counts
        while True:
            path, name, seconds = there.recv()
            there.send(_read(path, name, seconds))


def _begin(layouts: Layouts, megabytes: int) -> None:
    global _layouts
    _layouts = layouts
    collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it decides
    # Libraries in other languages print what they find wrong, and may quote the form; stdout is `--json`'s alone.
    with Path(os.devnull).open("wb") as nowhere:
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the form


def _read(path: str, name: str, seconds: float) -> _Read:
    """Returns what went wrong, too: an exception that got away would end the worker."""
    from pipeline.intake.readers import read_forms

    assert _layouts is not None
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the worker wherever it is, also inside a library
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        data = _content(path)
        return _packed(read_forms(data, name, _layouts))
    except UnreadableFile as e:
        return UnreadableFile(e.code, e.what, e.remedy)  # without what caused it
    except SettingsError as e:
        return SettingsError(str(e))
    except OSError as e:
        return OSError(e.errno, os.strerror(e.errno or 0))
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)  # what is left of it in this worker must not starve the next file
    except BaseException as e:  # noqa: BLE001  a panic inside a library is no Exception
        return _Broken(f"{type(e).__name__} at\n{''.join(traceback.format_tb(e.__traceback__))}")
    finally:
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)


def _content(path: str) -> bytes:
    def unblocked(path: str, flags: int) -> int:
        return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe in its place would hang whoever opens it

    try:
        with open(path, "rb", opener=unblocked) as file:
            status = os.fstat(file.fileno())
            content = file.read(LARGEST + 1) if stat.S_ISREG(status.st_mode) else None
    except IsADirectoryError:
        content = None
    if content is None:
        raise UnreadableFile(
            "not-a-file", "This is no ordinary file.", "Drop the completed form itself, not a link or a folder."
        )
    if len(content) > LARGEST:
        raise UnreadableFile(
            "too-large",
            f"The file is larger than {LARGEST // 2**20} MB, which none of the forms is.",
            "Drop the form alone, without pictures or scans in it.",
        )
    return content
