"""Forms that are still being written, and what Excel, Word and systems strew about. Numbers of the failure modes."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import pytest

from pipeline.publish import Office
from pipeline.watch import Desk, run
from tests.failure_modes.deeds import (
    FORM,
    actions,
    inbox_of,
    meanwhile,
    nothing_half_done,
    outcomes,
    packs,
    put,
    writing,
)
from tests.offices import EXAMPLES, NOON, tree
from tests.test_watch import PATIENCE, wait_for, watching

WORD_FORM = (EXAMPLES / "referral-controls.docx").read_bytes()
YEAR_2019 = 1_550_000_000


def test_01_a_slow_copy_over_the_network(desk: Office) -> None:
    with (desk.settings.inbox / "form.docx").open("wb", buffering=0) as file:
        step = len(WORD_FORM) // 4 + 1
        pieces = [WORD_FORM[n : n + step] for n in range(0, len(WORD_FORM), step)]
        file.write(pieces[0])
        with writing(desk, *(lambda piece=piece: file.write(piece) for piece in pieces[1:])) as patient:
            assert outcomes(patient) == [("form.docx", "accepted")]
    assert inbox_of(desk) == {} and nothing_half_done(desk)


def test_02_windows_preallocates_the_final_size_then_fills_it(desk: Office) -> None:
    with (desk.settings.inbox / "form.xlsx").open("wb", buffering=0) as file:
        file.truncate(len(FORM))
        steps = [lambda end=end: os.pwrite(file.fileno(), FORM[:end], 0) for end in (4000, len(FORM))]
        with writing(desk, *steps) as patient:
            assert outcomes(patient) == [("form.xlsx", "accepted")]
    assert inbox_of(desk) == {}


def test_03_the_copy_keeps_an_old_modification_time(desk: Office) -> None:
    form = desk.settings.inbox / "form.xlsx"
    with form.open("wb", buffering=0) as file:

        def write(content: bytes) -> None:
            file.write(content)
            os.utime(file.fileno(), (YEAR_2019, YEAR_2019))

        write(FORM[:5000])
        assert actions(desk) == {"form.xlsx": "it is still being written"}
        with writing(desk, lambda: write(FORM[5000:])) as patient:
            assert outcomes(patient) == [("form.xlsx", "accepted")]


def holed(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes(1024) + content[middle + 1024 :]


def test_04_a_hole_in_the_middle_that_is_filled_later(desk: Office) -> None:
    form = put(desk, "form.docx", holed(WORD_FORM))
    assert zipfile.is_zipfile(form)
    with form.open("r+b", buffering=0) as file, writing(desk, lambda: file.write(WORD_FORM)) as patient:
        assert outcomes(patient) == [("form.docx", "accepted")]


@pytest.mark.parametrize("content", [b"", FORM[:5000], holed(WORD_FORM)], ids=["empty", "truncated", "a hole"])
def test_05_truncated_or_empty_for_ever(desk: Office, content: bytes) -> None:
    put(desk, "form.xlsx", content)
    begun = time.monotonic()
    assert outcomes(desk) == [("form.xlsx", "returned")]
    assert time.monotonic() - begun >= desk.settings.damaged_after_seconds
    assert inbox_of(desk)["returned/form.xlsx/form.xlsx"] == content


def own(name: str, desk: Office, age: float = 60.0) -> Path:
    """An owner file as Word and Excel write it."""
    owner = put(desk, name, b"\x0bPat Manager" + b" " * 43)
    os.utime(owner, (NOON.timestamp() - age, NOON.timestamp() - age))
    return owner


def test_06_excel_saves_to_a_nameless_file_deletes_and_renames(desk: Office) -> None:
    form, owner = put(desk, "form.xlsx", b"as it was"), own("~$form.xlsx", desk)
    nameless = put(desk, "7F3A1C00")
    assert outcomes(desk) == [("7F3A1C00", "waiting"), ("form.xlsx", "waiting")]
    form.unlink()
    assert outcomes(desk) == [("7F3A1C00", "waiting")]
    nameless.rename(form)
    owner.unlink()
    assert outcomes(desk) == [("form.xlsx", "accepted")]
    assert inbox_of(desk) == {}


def test_07_word_saves_through_wrl0001_tmp(desk: Office) -> None:
    form = put(desk, "form.docx", b"as it was")
    new = put(desk, "~WRD0000.tmp", WORD_FORM)
    old = form.rename(form.with_name("~WRL0001.tmp"))
    assert outcomes(desk) == []
    new.rename(form)
    assert actions(desk) == {"form.docx": "it is still being written"}
    assert outcomes(desk) == [("form.docx", "accepted")]
    assert old.read_bytes() == b"as it was"


def test_08_an_owner_file_that_is_live_and_one_orphaned_a_week_ago(desk: Office) -> None:
    put(desk, "open.xlsx")
    put(desk, "closed.docx", WORD_FORM)
    owner = own("~$open.xlsx", desk)
    own("~$closed.docx", desk, age=7 * 86_400)
    results = list(run(desk))
    assert [(r.file, r.outcome) for r in results] == [("closed.docx", "accepted"), ("open.xlsx", "waiting")]
    assert "Pat Manager has it open" in results[1].problems[0].what
    owner.unlink()
    assert outcomes(desk) == [("open.xlsx", "accepted")]


def test_09_words_shortened_owner_name(desk: Office) -> None:
    put(desk, "OfficeReport.docx", WORD_FORM)
    owner = own("~$ficeReport.docx", desk)
    assert outcomes(desk) == [("OfficeReport.docx", "waiting")]
    owner.unlink()
    assert outcomes(desk) == [("OfficeReport.docx", "accepted")]


def test_10_litter_of_macos_and_windows_is_left_alone(desk: Office) -> None:
    names = ["._x.docx", ".DS_Store", "Thumbs.db", "desktop.ini"]
    for name in names:
        put(desk, name)
    assert outcomes(desk) == []
    assert sorted(inbox_of(desk)) == sorted(names)


def test_12_the_writer_goes_on_writing_after_the_claim(desk: Office) -> None:
    form = put(desk, "form.xlsx")
    with form.open("ab", buffering=0) as writer:
        [*run(meanwhile(desk, lambda: writer.write(b"and more")))]
    # What was read first is worked off; what it became later is a content of its own, and is not lost.
    assert packs(desk)[0] == "CF104235/2026-10-30 Assessment matrix"
    assert sorted(tree(desk.settings.records / "originals").values()) == [FORM, FORM + b"and more"]


def test_28_the_same_name_with_new_bytes_while_the_first_is_processed(desk: Office) -> None:
    put(desk, "form.xlsx")
    other = (EXAMPLES / "matrix-consider.xlsx").read_bytes()
    busy = meanwhile(desk, lambda: put(desk, "form.xlsx", other))
    results = list(run(busy))
    assert [(r.file, r.outcome, r.case) for r in results] == [
        ("form.xlsx", "accepted", "CF104235"),
        ("form.xlsx", "accepted", "CF104234"),
    ]


def test_29_rewritten_with_the_same_size_and_time(desk: Office) -> None:
    first = (EXAMPLES / "matrix-legacy.xls").read_bytes()
    second = first.replace(b"CF104239", b"CF999999")
    form = put(desk, "form.xls", first)
    times = form.stat()
    with form.open("r+b", buffering=0) as file:

        def rewrite() -> None:
            file.write(second)
            os.utime(file.fileno(), ns=(times.st_atime_ns, times.st_mtime_ns))

        cases = [r.case for r in run(meanwhile(desk, rewrite))]
    assert cases == ["CF104239", "CF999999"]


def test_30_a_person_deletes_or_renames_a_file_between_two_steps(desk: Office) -> None:
    put(desk, "1.xlsx")
    put(desk, "2.xlsx", FORM + b"x")
    put(desk, "3.docx", WORD_FORM)
    inbox = desk.settings.inbox

    def tidy() -> None:
        (inbox / "2.xlsx").unlink()
        (inbox / "3.docx").rename(inbox / "renamed.docx")

    assert outcomes(meanwhile(desk, tidy)) == [("1.xlsx", "accepted"), ("renamed.docx", "accepted")]
    assert inbox_of(desk) == {} and nothing_half_done(desk)


def test_40_files_were_already_waiting_at_the_start(tmp_path: Path, desk: Office) -> None:
    for name in ("matrix-none.xlsx", "matrix-consider.xlsx", "referral-glyph.docx"):
        put(desk, name, (EXAMPLES / name).read_bytes())
    assert set(actions(desk).values()) == {"it is still being written"}
    with watching(desk):
        assert wait_for(lambda: len(packs(desk)) == 3 and not inbox_of(desk), PATIENCE)


def test_a_file_lies_still_from_the_first_look_not_from_its_time(desk: Office) -> None:
    os.utime(put(desk, "form.xlsx"), (YEAR_2019, YEAR_2019))
    one = Desk(desk)
    assert [a.kind for a in one.look()[1].actions] == ["wait"]
