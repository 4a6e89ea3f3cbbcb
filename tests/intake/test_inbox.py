"""Which files in the inbox are taken, and when."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.errors import UnreadableFile
from pipeline.intake import inbox
from pipeline.intake.inbox import Settling, keep, leave, listing


def drop(path: Path, content: bytes = b"form") -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "name",
    ["~$form.xlsx", "~WRL0001.tmp", "._form.docx", ".DS_Store", "Thumbs.db", "THUMBS.DB", "desktop.ini", "x.tmp"],
)
def test_owner_files_and_system_litter_are_ignored(tmp_path: Path, name: str) -> None:
    drop(tmp_path / name)
    assert listing(tmp_path) == {}


def test_folders_links_and_pipes_are_no_forms(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "link.xlsx").symlink_to(drop(tmp_path / "form.xlsx"))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.xlsx")
    assert [p.name for p in listing(tmp_path)] == ["form.xlsx"]


def test_a_file_is_taken_once_it_has_lain_still(tmp_path: Path) -> None:
    form, settling = drop(tmp_path / "form.xlsx", b"half"), Settling(tmp_path, 2.0)
    assert settling.sweep(0.0) == ({}, (form,))
    drop(form, b"half and half")
    assert settling.sweep(2.0) == ({}, (form,))
    assert settling.sweep(3.9) == ({}, (form,))
    settled, unsettled = settling.sweep(4.0)
    assert list(settled) == [form] and unsettled == ()


def test_a_file_replaced_by_another_of_the_same_size_settles_again(tmp_path: Path) -> None:
    form, settling = drop(tmp_path / "form.xlsx", b"aaaa"), Settling(tmp_path, 2.0)
    settling.sweep(0.0)
    drop(tmp_path / "new", b"bbbb").replace(form)
    assert settling.sweep(2.0) == ({}, (form,))


def test_the_original_is_kept_by_its_hash_and_the_file_leaves_last(tmp_path: Path) -> None:
    form = drop(tmp_path / "form.xlsx", b"abc")
    kept = keep(form, listing(tmp_path)[form], tmp_path / "originals")
    assert kept is not None
    # SHA-256 of "abc": FIPS 180-2, appendix B.1
    assert kept.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert kept.original.read_bytes() == b"abc"
    assert form.exists()
    leave(kept)
    assert not form.exists()
    assert [p.name for p in (tmp_path / "originals").rglob("*") if p.is_file()] == [kept.sha256]


def test_a_file_that_changed_since_it_was_looked_at_is_not_taken(tmp_path: Path) -> None:
    form = drop(tmp_path / "form.xlsx")
    seen = listing(tmp_path)[form]
    drop(form, b"another form")
    assert keep(form, seen, tmp_path / "originals") is None
    form.unlink()
    assert keep(form, seen, tmp_path / "originals") is None
    assert not [p for p in (tmp_path / "originals").rglob("*") if p.is_file()]


def test_a_newer_file_of_the_same_name_stays(tmp_path: Path) -> None:
    form = drop(tmp_path / "form.xlsx")
    kept = keep(form, listing(tmp_path)[form], tmp_path / "originals")
    assert kept is not None
    drop(form, b"a newer form")
    leave(kept)
    assert form.read_bytes() == b"a newer form"


def test_a_file_larger_than_any_form_stays_out_of_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "LARGEST", 3)
    form = drop(tmp_path / "form.xlsx")
    kept = keep(form, listing(tmp_path)[form], tmp_path / "originals")
    assert kept is not None
    with pytest.raises(UnreadableFile, match="larger"):
        kept.read()
