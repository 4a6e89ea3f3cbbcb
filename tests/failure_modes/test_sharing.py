"""Files that others hold, folders that are not what they were, and names that not every system can write."""

from __future__ import annotations

import dataclasses
import datetime as dt
import errno
import json
import os
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.health import WATCHING, Status, ailments
from pipeline.intake.worker import Workers
from pipeline.publish import Office
from pipeline.register import Register
from pipeline.watch import run
from tests.failure_modes.deeds import CASE, FORM, actions, inbox_of, meanwhile, nothing_half_done, outcomes, packs, put
from tests.failure_modes.faulty_fs import FaultyFs
from tests.intake.test_worker import Hostile
from tests.offices import EXAMPLES, NOON, close, office, tree
from tests.test_cli import pipeline
from tests.test_hostile import CANARY, HOSTILE
from tests.test_watch import PATIENCE, wait_for, waiting, watching
from tests.torture import form_of_its_own

PACK = f"{CASE}/2026-10-30 Assessment matrix"


@pytest.mark.parametrize("code", [errno.EBUSY, errno.EACCES], ids=["EBUSY", "EACCES"])
@pytest.mark.parametrize("call", ["rename", "open", "unlink"])
def test_11_a_sharing_violation_some_times_then_clear(desk: Office, fs: FaultyFs, call: str, code: int) -> None:
    def held(path: Path) -> bool:
        return path.name == "form.xlsx" and (call == "rename" or ".pipeline" in path.parts)

    put(desk, "form.xlsx")
    fs.fail(call, code, held, times=3)
    with watching(desk):
        assert wait_for(lambda: packs(desk) and not inbox_of(desk) and nothing_half_done(desk), PATIENCE)
    assert fs.failed == 3
    assert packs(desk) == [PACK] and inbox_of(desk) == {}


def test_11_a_file_that_cannot_be_put_back_yet_is_not_forgotten(desk: Office, fs: FaultyFs) -> None:
    (desk.settings.outbox / CASE).write_bytes(b"no folder")  # so that the form has to wait
    fs.fail("rename", errno.EACCES, lambda path: ".pipeline" in path.parts, times=2)
    put(desk, "form.xlsx")
    with watching(desk):
        assert wait_for(lambda: fs.failed == 2, PATIENCE)
        (desk.settings.outbox / CASE).unlink()
        assert wait_for(lambda: packs(desk) and not inbox_of(desk), PATIENCE)


def read_only(path: Path) -> bool:
    return "inbox" in path.parts


def test_24_the_inbox_is_read_only(desk: Office, fs: FaultyFs) -> None:
    for call in ("rename", "mkdir", "unlink", "rmdir", "replace"):
        fs.fail(call, errno.EROFS, read_only)
    put(desk, "form.xlsx")
    with watching(desk):
        assert wait_for(lambda: fs.failed, PATIENCE)
        assert inbox_of(desk) == {"form.xlsx": FORM} and packs(desk) == []
        fs.heal()
        assert wait_for(lambda: packs(desk) and not inbox_of(desk), PATIENCE)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def test_25_inbox_outbox_and_records_on_different_file_systems(tmp_path: Path, elsewhere: Path) -> None:
    for name in ("inbox", "outbox"):
        (elsewhere / name).mkdir()
    (tmp_path / "outbox").symlink_to(elsewhere / "outbox", target_is_directory=True)
    (tmp_path / "records").symlink_to(elsewhere / "records", target_is_directory=True)
    (elsewhere / "records").mkdir()
    desk = office(tmp_path)
    put(desk, "form.xlsx")
    put(desk, "garbage.xlsx", b"call me")
    assert sorted(outcomes(desk)) == [("form.xlsx", "accepted"), ("garbage.xlsx", "returned")]
    assert packs(desk) == [PACK] and nothing_half_done(desk)
    close(desk)


def test_26_the_destination_exists(desk: Office) -> None:
    there = desk.settings.outbox / PACK
    there.mkdir(parents=True)
    (there / "Action plan.docx").write_bytes(b"of somebody")
    (desk.settings.inbox / "returned" / "garbage.xlsx").mkdir(parents=True)
    put(desk, "form.xlsx")
    put(desk, "garbage.xlsx", b"call me")
    outcomes(desk)
    assert packs(desk) == [PACK, f"{PACK} (2)"]
    assert [p.read_bytes() for p in there.iterdir()] == [b"of somebody"]
    assert inbox_of(desk)["returned/garbage.xlsx (2)/garbage.xlsx"] == b"call me"


def test_26_a_form_that_goes_back_to_the_inbox_overwrites_no_newer_one(desk: Office) -> None:
    def fail() -> None:
        put(desk, "form.xlsx", (EXAMPLES / "matrix-consider.xlsx").read_bytes())
        raise OSError(errno.EIO, "the address book is away")

    put(desk, "form.xlsx")
    accepted = [r.case for r in (*run(meanwhile(desk, fail)), *run(desk)) if r.outcome == "accepted"]
    assert sorted(accepted) == ["CF104234", CASE]
    assert inbox_of(desk) == {}


def test_31_files_that_cannot_or_must_not_be_opened(desk: Office) -> None:
    made = ("encrypted.docx", "biff8-raw.xls", "macro.xlsm", "bomb-nested.xlsx", "billion-laughs-core.xlsx")
    for name in made:
        put(desk, name, (HOSTILE / "made" / name).read_bytes())
    put(desk, "renamed.xlsx", (HOSTILE / "made" / "biff8-raw.xls").read_bytes())
    put(desk, "good.xlsx")
    results = {r.file: r for r in run(desk)}
    assert {name: r.outcome for name, r in results.items()} == {
        "good.xlsx": "accepted",
        **dict.fromkeys([*made, "renamed.xlsx"], "returned"),
    }
    for name in (*made, "renamed.xlsx"):
        assert all(p.what and p.remedy for p in results[name].problems) and results[name].problems
    assert not [path for path, content in tree(desk.settings.outbox).items() if CANARY.encode() in content]


NAMES = {
    "255 bytes": "é" * 125 + ".xlsx",
    "composed": unicodedata.normalize("NFC", "Société.xlsx"),
    "decomposed": unicodedata.normalize("NFD", "Société.xlsx"),
    "small": "form.xlsx",
    "capital": "Form.xlsx",
    "trailing dot": "form.xlsx.",
    "trailing space": "form.xlsx ",
    "device": "CON.xlsx",
    "not UTF-8": os.fsdecode(b"caf\xe9.xlsx"),
    "not for Windows": 'a:b*c?"<d>|.xlsx',
    "control characters": "a\nb\x1b[2J.xlsx",
    "formula": "=1+1.xlsx",
    "hidden ending": "form.xlsx" + "\u202e" + "xslx.exe",
}


def test_32_names_that_not_every_system_can_write(tmp_path: Path) -> None:
    assert len(os.fsencode(NAMES["255 bytes"])) == 255
    for folder in ("inbox", "outbox"):
        (tmp_path / folder).mkdir()
    contents = {
        form_of_its_own("matrix-unanswered-and-uncertain.xlsx", n): name for n, name in enumerate(NAMES.values())
    }
    for content, name in contents.items():
        (tmp_path / "inbox" / name).write_bytes(content)
    completed = pipeline("run", "--json", cwd=tmp_path)
    assert completed.returncode == 0, completed.stderr
    lines = [json.loads(line) for line in completed.stdout.splitlines()]
    assert len(lines) == len(NAMES) and {line["outcome"] for line in lines} == {"returned"}
    assert {"form.xlsx", "Form.xlsx", "CON.xlsx", "caf\ufffd.xlsx", NAMES["decomposed"]} <= {x["file"] for x in lines}
    returned = [*(tmp_path / "inbox" / "returned").iterdir()]
    assert len(returned) == len(NAMES)
    assert len({unicodedata.normalize("NFC", p.name).casefold() for p in returned}) == len(NAMES)
    for folder in returned:
        assert sum(p.read_bytes() in contents for p in folder.iterdir()) == 1
        for path in (folder, *folder.iterdir()):
            assert path.name.isprintable() or "\u202e" in path.name
            assert not set(path.name) & set('<>:"/\\|?*') and path.name[-1] not in ". "
            assert path.stem.casefold() != "con"
    assert not [p for p in (tmp_path / "inbox").iterdir() if p.is_file()]


def test_32_status_and_dry_run_say_such_names(tmp_path: Path) -> None:
    for folder in ("inbox", "outbox"):
        (tmp_path / folder).mkdir()
    for name in NAMES.values():
        (tmp_path / "inbox" / name).write_bytes(FORM)
    said = pipeline("run", "--dry-run", cwd=tmp_path)
    assert said.returncode == 0 and said.stdout.count("take: ") == len(NAMES), said.stderr


def test_32_twins_of_other_case_have_folders_of_their_own(tmp_path: Path) -> None:
    register = Register.open(tmp_path / "register.sqlite")
    for content in ("a", "b"):
        register.arrived(content, 9, NOON)
    assert register.return_folder("a", "Form.xlsx", lambda _: False) == "Form.xlsx"
    assert register.return_folder("b", "form.xlsx", lambda _: False) == "form.xlsx (2)"
    register.close()


def test_33_a_symlink_a_fifo_and_a_directory_called_x_xlsx(desk: Office, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xlsx"
    secret.write_bytes(FORM)
    inbox = desk.settings.inbox
    (inbox / "link.xlsx").symlink_to(secret)
    os.mkfifo(inbox / "pipe.xlsx")
    (inbox / "folder.xlsx").mkdir()
    put(desk, "form.docx", (EXAMPLES / "referral-glyph.docx").read_bytes())
    assert outcomes(desk) == [("form.docx", "accepted")]
    assert {p.name for p in inbox.iterdir()} >= {"link.xlsx", "pipe.xlsx", "folder.xlsx"}
    assert FORM not in tree(desk.settings.records / "originals").values()


def test_34_the_clock_steps_back_an_hour_and_times_lie_in_the_future(tmp_path: Path) -> None:
    hours = iter([NOON, NOON - dt.timedelta(hours=1)])
    last = [NOON]

    def clock() -> dt.datetime:
        last[0] = next(hours, last[0])
        return last[0]

    desk = office(tmp_path, clock=clock)
    form = put(desk, "form.xlsx")
    future = NOON.timestamp() + 10 * 365 * 86_400
    os.utime(form, (future, future))
    os.utime(put(desk, "~$form.xlsx", b"\x03Pat"), (future, future))
    assert outcomes(desk) == [("form.xlsx", "accepted")]
    close(desk)
    said = Status(
        at=NOON.astimezone(), version="1", program=1, state=WATCHING, counts={}, waiting={}
    )  # and then it died
    assert ailments(said, (NOON - dt.timedelta(hours=1)).astimezone())
    assert not ailments(said, NOON.astimezone())


@pytest.mark.parametrize(
    ("what", "code"), [("sleep", "too-slow"), ("grow", "breaks-reader"), ("abort", "breaks-reader")]
)
def test_35_the_parser_hangs_eats_memory_or_aborts(desk: Office, tmp_path: Path, what: str, code: str) -> None:
    deed = tmp_path / "deed"
    deed.write_text(what)
    with Workers(Hostile(deed), seconds=1.5 if what == "sleep" else 20, megabytes=400) as workers:  # type: ignore[arg-type]
        hostile = dataclasses.replace(desk, workers=workers)
        put(desk, "form.xlsx")
        [result] = run(hostile)
        assert result.outcome == "returned" and code in [p.code for p in result.problems]
        deed.write_text("")
        put(desk, "other.xlsx", (EXAMPLES / "matrix-consider.xlsx").read_bytes())
        assert outcomes(hostile) == [("other.xlsx", "accepted")]


def test_37_a_onedrive_placeholder_that_is_not_on_this_disk(desk: Office, fs: FaultyFs) -> None:
    form = put(desk, "form.xlsx", b"")
    os.truncate(form, len(FORM))
    fs.place_elsewhere(lambda path: path.name == "form.xlsx")
    [result] = run(desk)
    assert result.outcome == "waiting" and "not on this disk" in result.problems[0].what
    assert fs.failed == 0 and form.stat().st_size == len(FORM)
    fs.heal()  # somebody opened it, and OneDrive fetched it
    form.write_bytes(FORM)
    assert outcomes(desk) == [("form.xlsx", "accepted")]


def test_39_an_admin_has_the_document_open_in_the_outbox(
    desk: Office, fs: FaultyFs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pack was published, the program died before it recorded that, and the administrator was quicker."""
    form = put(desk, "form.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(Register, "record", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "power cut")))
        [_] = run(desk)
    [document] = (desk.settings.outbox / PACK).iterdir()
    document.write_bytes(b"as the administrator has changed it")
    fs.fail("replace", errno.EBUSY, lambda path: "outbox" in path.parts)
    assert form.exists()
    assert outcomes(desk) == [("form.xlsx", "accepted")]
    assert document.read_bytes() == b"as the administrator has changed it"
    assert packs(desk) == [PACK] and nothing_half_done(desk)


def test_waiting_files_are_told_by_names_that_can_be_written(desk: Office) -> None:
    name = os.fsdecode(b"caf\xe9.xlsx")
    owner = put(desk, os.fsdecode(b"~$caf\xe9.xlsx"), b"\x03Pat")
    os.utime(owner, (NOON.timestamp(), NOON.timestamp()))
    put(desk, name)
    assert actions(desk) == {name: "Pat has it open"}
    with watching(desk):
        assert wait_for(lambda: waiting(desk) == {"caf\ufffd.xlsx": "Pat has it open."}, PATIENCE)


def test_27_the_same_bytes_under_two_names(desk: Office) -> None:
    put(desk, "one.xlsx")
    put(desk, "two.xlsx")
    put(desk, "one garbage.xlsx", b"call me")
    put(desk, "two garbage.xlsx", b"call me")
    assert sorted(outcomes(desk)) == [
        ("one garbage.xlsx", "returned"),
        ("one.xlsx", "accepted"),
        ("two garbage.xlsx", "returned"),
        ("two.xlsx", "duplicate"),
    ]
    assert packs(desk) == [PACK] and len(tree(desk.settings.records / "originals")) == 2
