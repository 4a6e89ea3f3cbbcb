"""Files that hang, grow or kill whoever opens them, opened for real in a worker process."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.errors import UnreadableFile
from pipeline.intake import worker
from pipeline.intake.readers import read_forms
from pipeline.intake.worker import Workers
from pipeline.rules.layout import MatrixLayout
from tests.matrix_forms import LAYOUTS
from tests.offices import EXAMPLES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")

MATRIX = EXAMPLES / "matrix-must.xlsx"
CANARY = "XXE-CANARY-7f3a9c"
_kept: list[bytearray] = []


class Broken(Exception):
    """A read was broken off."""


@dataclass(frozen=True)
class Hostile:
    """Layouts that do what is written in a file at the moment when a reader asks for them, inside the worker."""

    deed: Path

    @property
    def matrices(self) -> tuple[MatrixLayout, ...]:
        deed, _, number = self.deed.read_text().partition(" ")
        match deed:
            case "sleep":
                time.sleep(60)
            case "doze":
                time.sleep(0.8)
            case "count":
                sum(range(10**12))  # one call into C, which hears no signal
            case "take":
                bytearray(int(number) * 2**20)
            case "keep":
                _kept.append(bytearray(int(number) * 2**20))
            case "grow":
                while True:
                    _kept.append(bytearray(2**24))
            case "abort":
                os.abort()
            case "signal":
                os.kill(os.getpid(), int(number))
            case "once":  # as when somebody stops the whole service
                self.deed.write_text("")
                os.kill(os.getpid(), int(number))
            case "raise":
                raise ValueError(CANARY)
            case "panic":
                raise BaseException(CANARY)
            case "exit":
                sys.exit(CANARY)
            case "recur":
                return self.matrices
            case "print":
                os.write(1, CANARY.encode())
                os.write(2, CANARY.encode())
                print(CANARY)
        return LAYOUTS.matrices


@pytest.fixture
def deed(tmp_path: Path) -> Path:
    path = tmp_path / "deed"
    path.write_text("")
    return path


@pytest.fixture
def workers(deed: Path) -> Iterator[Workers]:
    with Workers(Hostile(deed), seconds=2) as made:  # type: ignore[arg-type]
        yield made


def code_of(workers: Workers, path: Path = MATRIX) -> str:
    with pytest.raises(UnreadableFile) as caught:
        workers.read(path, path.name)
    assert caught.value.what and caught.value.remedy
    assert CANARY not in f"{caught.value!r}{caught.value.what}{caught.value.__cause__}{caught.value.__context__}"
    return caught.value.code


def pid_of(workers: Workers, deed: Path) -> int:
    assert workers._worker is not None and workers._worker.process.pid
    return workers._worker.process.pid


def test_a_worker_reads_what_the_readers_read() -> None:
    with Workers(LAYOUTS) as workers:
        for path in sorted(p for p in EXAMPLES.iterdir() if p.suffix != ".json"):
            assert workers.read(path, path.name) == read_forms(path.read_bytes(), path.name, LAYOUTS)


def test_the_guards_stand_before_the_readers(workers: Workers, tmp_path: Path) -> None:
    path = tmp_path / "twice.xlsx"
    path.write_bytes(MATRIX.read_bytes() * 2)
    assert code_of(workers, path) == "damaged"


@pytest.mark.parametrize("deed_", ["sleep", "count"])
def test_a_file_that_hangs_goes_back_in_time(workers: Workers, deed: Path, deed_: str) -> None:
    deed.write_text(deed_)
    begun = time.monotonic()
    assert code_of(workers) == "too-slow"
    assert 2 <= time.monotonic() - begun < 5
    deed.write_text("")
    assert workers.read(MATRIX, MATRIX.name)


@pytest.mark.parametrize(
    "deed_", ["abort", "grow", "take 700", "raise", "panic", "exit", "recur", "signal 9", "signal 11"]
)
def test_a_file_that_breaks_its_reader_goes_back_and_the_next_is_read(
    workers: Workers, deed: Path, deed_: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    deed.write_text(deed_)
    for _ in range(2):
        assert code_of(workers) == "breaks-reader"
    deed.write_text("")
    assert workers.read(MATRIX, MATRIX.name)
    assert CANARY not in caplog.text
    if deed_ == "raise":
        assert "ValueError" in caplog.text and "matrices" in caplog.text


def test_memory_within_the_limit_may_be_used(workers: Workers, deed: Path) -> None:
    deed.write_text("take 450")
    assert workers.read(MATRIX, MATRIX.name)


def test_what_one_file_leaves_in_memory_is_not_laid_to_the_next(workers: Workers, deed: Path) -> None:
    for _ in range(5):
        deed.write_text("keep 250")
        assert workers.read(MATRIX, MATRIX.name)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_a_worker_that_was_ended_from_outside_is_not_laid_to_the_file(deed: Path, number: int) -> None:
    deed.write_text(f"once {int(number)}")
    with Workers(Hostile(deed), seconds=30) as workers:  # type: ignore[arg-type]  # time for a second try, if slow
        assert workers.read(MATRIX, MATRIX.name)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_that_was_ended_between_two_files_is_replaced(workers: Workers, deed: Path, number: int) -> None:
    assert workers.read(MATRIX, MATRIX.name)
    for pause in (0, 0.5):
        os.kill(pid_of(workers, deed), number)
        time.sleep(pause)
        assert workers.read(MATRIX, MATRIX.name)


def test_the_answer_to_a_read_that_was_broken_off_is_not_taken_for_the_next_files(deed: Path) -> None:
    def broken_off(*_: object) -> None:
        raise Broken

    other = EXAMPLES / "matrix-none.xlsx"
    with Workers(Hostile(deed), seconds=20) as workers:  # type: ignore[arg-type]
        assert workers.read(MATRIX, MATRIX.name)
        deed.write_text("doze")
        before = signal.signal(signal.SIGALRM, broken_off)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(Broken):
                workers.read(MATRIX, MATRIX.name)
        finally:
            signal.signal(signal.SIGALRM, before)
        deed.write_text("")
        time.sleep(1)
        assert workers.read(other, other.name) == read_forms(other.read_bytes(), other.name, LAYOUTS)


def test_a_worker_that_is_ended_while_it_starts_is_no_fault_of_the_file(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(_: object) -> None:
        raise EOFError("unexpected EOF")  # what the fork server's end makes of it

    with monkeypatch.context() as patched:
        patched.setattr("multiprocessing.context.ForkServerProcess.start", dying)
        with pytest.raises(OSError, match="ended while it started"):
            workers.read(MATRIX, MATRIX.name)
    assert workers.read(MATRIX, MATRIX.name)


class SlowToCome:
    """Layouts that take a second to arrive in the worker."""

    def __reduce__(self) -> tuple[object, ...]:
        return _slowly, ()


def _slowly() -> object:
    time.sleep(1)
    return LAYOUTS


def test_what_a_worker_takes_to_start_is_not_laid_to_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_GRACE", 0)  # as on Windows
    with Workers(SlowToCome(), seconds=0.7) as workers:  # type: ignore[arg-type]
        assert workers.read(MATRIX, MATRIX.name)


def test_nothing_that_a_library_prints_comes_out(deed: Path) -> None:
    deed.write_text("print")
    done = program(
        "from tests.intake.test_worker import Hostile\n"
        f"with Workers(Hostile(pathlib.Path({str(deed)!r}))) as workers:\n"
        f"    print(len(workers.read(pathlib.Path({str(MATRIX)!r}), 'form.xlsx')))\n"
    )
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_a_worker_is_replaced_after_some_hundred_files(deed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_FILES_A_WORKER", 3)
    with Workers(Hostile(deed)) as workers:  # type: ignore[arg-type]
        pids = set()
        for _ in range(7):
            assert workers.read(MATRIX, MATRIX.name)
            pids.add(pid_of(workers, deed))
    assert len(pids) >= 3


def test_several_threads_may_read(workers: Workers) -> None:
    read: list[int] = []
    threads = [
        threading.Thread(target=lambda: read.extend(len(workers.read(MATRIX, MATRIX.name)) for _ in range(10)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == [1] * 40


def test_what_is_no_ordinary_file_goes_back(workers: Workers, tmp_path: Path) -> None:
    pipe, folder, large = tmp_path / "pipe.xlsx", tmp_path / "folder.xlsx", tmp_path / "large.xlsx"
    os.mkfifo(pipe)
    folder.mkdir()
    with large.open("wb") as file:
        file.truncate(worker.LARGEST + 1)
    assert [code_of(workers, path) for path in (pipe, folder, large)] == ["not-a-file", "not-a-file", "too-large"]


def test_a_file_that_cannot_be_reached_is_not_given_back(workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        workers.read(tmp_path / f"{CANARY}.xlsx", "form.xlsx")
    assert CANARY not in str(caught.value)


def test_a_fault_survives_the_way_out_of_a_process() -> None:
    fault = UnreadableFile("code", "what", "remedy")
    same = pickle.loads(pickle.dumps(fault))
    assert (same.code, same.what, same.remedy, str(same)) == ("code", "what", "remedy", "what")


def program(text: str) -> subprocess.CompletedProcess[str]:
    """Run a program of its own. What it starts inherits where it prints to."""
    begin = "import os, pathlib\nfrom pipeline.intake.worker import Workers\nfrom tests.matrix_forms import LAYOUTS\n"
    return subprocess.run(
        [sys.executable, "-c", begin + text], capture_output=True, text=True, cwd=EXAMPLES.parents[2], check=False
    )


def test_a_program_that_is_killed_leaves_no_worker_behind() -> None:
    done = program(
        f"workers = Workers(LAYOUTS); workers.read(pathlib.Path({str(MATRIX)!r}), 'form.xlsx')\n"
        "print(workers._worker.process.pid, flush=True); os.kill(os.getpid(), 9)\n"
    )
    pid = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("the worker outlives the program")
