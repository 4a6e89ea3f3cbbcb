"""Files and folders are whole or not there, and writing them may be repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.files import publish_folder, write_durably

PACK: dict[str, bytes | Path] = {"Action plan.docx": b"plan", "Letter.docx": b"letter"}


def tree(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def test_a_pack_is_published_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    publish_folder(tmp_path, "CF1/2026-10-30 Assessment matrix", PACK)
    assert tree(tmp_path) == {f"CF1/2026-10-30 Assessment matrix/{k}": v for k, v in PACK.items()}
    assert [p.name for p in tmp_path.iterdir()] == ["CF1"]


def test_publishing_again_changes_nothing(tmp_path: Path) -> None:
    publish_folder(tmp_path, "CF1/a", PACK)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    publish_folder(tmp_path, "CF1/a", PACK)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


def test_what_a_crash_left_in_staging_does_not_get_into_the_pack(tmp_path: Path) -> None:
    left = tmp_path / ".CF1 a.part"
    left.mkdir()
    (left / "half.docx").write_bytes(b"ha")
    publish_folder(tmp_path, "CF1/a", PACK)
    assert set(tree(tmp_path)) == {"CF1/a/Action plan.docx", "CF1/a/Letter.docx"}


def test_a_pack_that_lost_a_document_is_made_whole(tmp_path: Path) -> None:
    publish_folder(tmp_path, "CF1/a", PACK)
    (tmp_path / "CF1/a/Letter.docx").unlink()
    publish_folder(tmp_path, "CF1/a", PACK)
    assert tree(tmp_path) == {f"CF1/a/{k}": v for k, v in PACK.items()}


def test_a_file_can_be_published_from_another_file(tmp_path: Path) -> None:
    original = tmp_path / "original"
    original.write_bytes(b"x" * 3_000_000)
    publish_folder(tmp_path / "returned", "form.xlsx", {"form.xlsx": original})
    assert (tmp_path / "returned/form.xlsx/form.xlsx").read_bytes() == original.read_bytes()


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    write_durably(tmp_path / "a", b"before")
    with pytest.raises(OSError, match="No such file"):
        write_durably(tmp_path / "a", tmp_path / "gone")
    assert (tmp_path / "a").read_bytes() == b"before"
