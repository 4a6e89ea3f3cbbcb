"""Which files in the inbox are taken, and when."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.intake.inbox import Inbox, keep, look, make_mark, read_mark
from pipeline.intake.plan import Listing


def drop(path: Path, content: bytes = b"form") -> Path:
    path.write_bytes(content)
    return path


NOW = 1_800_000_000.0  # seconds since 1970, some day in 2027


def listing(folder: Path) -> Listing:
    return Inbox(folder).look(0.0, NOW)


def names(folder: Path) -> list[str]:
    return [found.name for found in listing(folder).files]


@pytest.mark.parametrize(
    "name",
    ["~$form.xlsx", "~WRL0001.tmp", "._form.docx", ".DS_Store", "Thumbs.db", "THUMBS.DB", "desktop.ini", "x.tmp"],
)
def test_owner_files_and_system_litter_are_ignored(tmp_path: Path, name: str) -> None:
    drop(tmp_path / name)
    assert names(tmp_path) == []


def test_folders_links_and_pipes_are_no_forms(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "link.xlsx").symlink_to(drop(tmp_path / "form.xlsx"))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.xlsx")
    assert names(tmp_path) == ["form.xlsx"]


def test_a_file_is_still_since_it_last_changed(tmp_path: Path) -> None:
    form, inbox = drop(tmp_path / "form.xlsx", b"half"), Inbox(tmp_path)
    assert [f.still_since for f in inbox.look(0.0, NOW).files] == [0.0]
    assert [f.still_since for f in inbox.look(1.0, NOW).files] == [0.0]
    drop(form, b"half and half")
    assert [f.still_since for f in inbox.look(2.0, NOW).files] == [2.0]
    drop(tmp_path / "new", b"HALF AND HALF").replace(form)  # another file of the same size
    assert [f.still_since for f in inbox.look(3.0, NOW).files] == [3.0]


@pytest.mark.parametrize(
    "owner_file", ["~$Annual form.xlsx", "~$nual form.xlsx", "~$nnual form.xlsx", "~$ANNUAL FORM.xlsx"]
)
def test_a_live_owner_file_says_who_has_the_form_open(tmp_path: Path, owner_file: str) -> None:
    drop(tmp_path / "Annual form.xlsx")
    owner = drop(tmp_path / owner_file, b"\x0bPat Manager" + b" " * 43)
    os.utime(owner, (NOW - 60, NOW - 60))
    assert [(f.name, f.open_by) for f in listing(tmp_path).files] == [("Annual form.xlsx", "Pat Manager")]


def test_an_owner_file_left_behind_a_week_ago_does_not_count(tmp_path: Path) -> None:
    drop(tmp_path / "form.xlsx")
    owner = drop(tmp_path / "~$form.xlsx", b"\x03Pat")
    os.utime(owner, (NOW - 7 * 86400, NOW - 7 * 86400))
    assert [f.open_by for f in listing(tmp_path).files] == [""]


def test_an_inbox_is_told_by_its_mark(tmp_path: Path) -> None:
    assert read_mark(tmp_path) == ""
    mark = make_mark(tmp_path)
    assert len(mark) == 32 and read_mark(tmp_path) == mark == listing(tmp_path).sentinel
    assert names(tmp_path) == []


def test_the_original_is_kept_by_its_hash(tmp_path: Path) -> None:
    form = drop(tmp_path / "form.xlsx", b"abc")
    seen = look(form)
    assert seen is not None
    kept = keep(form, seen, tmp_path / "originals")
    assert kept is not None
    # SHA-256 of "abc": FIPS 180-2, appendix B.1
    assert kept.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert kept.original.read_bytes() == b"abc"
    assert form.exists()
    assert [p.name for p in (tmp_path / "originals").rglob("*") if p.is_file()] == [kept.sha256]


def test_a_file_that_changed_since_it_was_looked_at_is_not_kept(tmp_path: Path) -> None:
    form = drop(tmp_path / "form.xlsx")
    seen = look(form)
    assert seen is not None
    drop(form, b"another form")
    assert keep(form, seen, tmp_path / "originals") is None
    form.unlink()
    assert keep(form, seen, tmp_path / "originals") is None
    assert not [p for p in (tmp_path / "originals").rglob("*") if p.is_file()]
