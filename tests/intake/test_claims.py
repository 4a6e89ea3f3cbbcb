"""A file belongs to one program at a time, to none that is dead, and is never overwritten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.intake.claims import Claim, Claims
from pipeline.intake.inbox import look
from tests.offices import tree

LEASE = 0.4


@pytest.fixture
def claims(tmp_path: Path) -> Iterator[Claims]:
    with Claims(tmp_path, LEASE) as claims:
        yield claims


def drop(path: Path, content: bytes = b"form") -> Path:
    path.write_bytes(content)
    return path


def take(claims: Claims, path: Path) -> Claim:
    seen = look(path)
    assert seen is not None
    claim = claims.claim(path, seen)
    assert claim is not None
    return claim


def test_a_claimed_file_is_out_of_sight_and_goes_when_it_is_released(tmp_path: Path, claims: Claims) -> None:
    claim = take(claims, drop(tmp_path / "form.xlsx"))
    assert tree(tmp_path) == {}
    assert claim.path.read_bytes() == b"form"
    claims.release(claim)
    assert not claim.path.exists()


def test_one_of_two_programs_gets_the_file(tmp_path: Path, claims: Claims) -> None:
    form = drop(tmp_path / "form.xlsx")
    seen = look(form)
    assert seen is not None
    with Claims(tmp_path, LEASE) as others:
        assert [c is not None for c in (claims.claim(form, seen), others.claim(form, seen))] == [True, False]


def test_a_file_that_changed_since_the_look_goes_back_to_settle(tmp_path: Path, claims: Claims) -> None:
    form = drop(tmp_path / "form.xlsx")
    seen = look(form)
    assert seen is not None
    drop(form, b"a longer form")
    assert claims.claim(form, seen) is None
    assert tree(tmp_path) == {"form.xlsx": b"a longer form"}


def test_a_writer_that_goes_on_writing_after_the_claim_is_noticed(tmp_path: Path, claims: Claims) -> None:
    form = tmp_path / "form.xlsx"
    with form.open("wb", buffering=0) as writer:
        writer.write(b"half")
        claim = take(claims, form)
        writer.write(b" and half")
    claims.release(claim)
    assert tree(tmp_path) == {"form.xlsx": b"half and half"}


def test_a_newer_file_of_the_same_name_is_not_overwritten(tmp_path: Path, claims: Claims) -> None:
    claim = take(claims, drop(tmp_path / "form.xlsx", b"first"))
    drop(tmp_path / "form.xlsx", b"second")
    claims.put_back(claim)
    assert tree(tmp_path) == {"form.xlsx": b"second", "form (2).xlsx": b"first"}


def test_claims_of_a_program_that_ends_go_back(tmp_path: Path) -> None:
    with Claims(tmp_path, LEASE) as claims:
        take(claims, drop(tmp_path / "form.xlsx"))
    assert tree(tmp_path) == {"form.xlsx": b"form"}
    assert not [*(tmp_path / ".pipeline" / "claims").iterdir()]


def dead(inbox: Path) -> Claims:
    """A program that was killed: it renews nothing and puts nothing back."""
    claims = Claims(inbox, LEASE)
    take(claims, drop(inbox / "form.xlsx"))
    claims._stop.set()
    return claims


def test_files_of_a_program_that_died_are_taken_over_once_its_lease_has_lapsed(tmp_path: Path, claims: Claims) -> None:
    dead(tmp_path)
    assert claims.take_over(10.0) == []
    assert claims.held_by_others()
    assert claims.take_over(10.0 + LEASE - 0.01) == []
    [ours] = claims.take_over(10.0 + LEASE)
    assert (ours.name, ours.path.read_bytes()) == ("form.xlsx", b"form")
    assert not claims.held_by_others()


def test_another_file_in_the_place_of_one_that_was_seen_is_not_taken_over(tmp_path: Path, claims: Claims) -> None:
    with Claims(tmp_path, LEASE) as others:
        claim = take(others, drop(tmp_path / "form.xlsx"))
        others.release(claim)
        newer = take(others, drop(tmp_path / "form.xlsx", b"a newer one"))
        assert newer.path == claim.path
        assert claims._take(claim) is None
        assert newer.path.read_bytes() == b"a newer one"


def test_a_program_that_is_alive_keeps_its_files(tmp_path: Path, claims: Claims) -> None:
    with Claims(tmp_path, LEASE) as others:
        claim = take(others, drop(tmp_path / "form.xlsx"))
        waiting = threading.Event()
        claims.take_over(0.0)
        waiting.wait(LEASE)  # it renews meanwhile
        assert claims.take_over(LEASE) == []
        assert claims.held_by_others()
        assert claim.path.exists()


def test_an_inbox_without_forms_is_left_as_it_is(tmp_path: Path, claims: Claims) -> None:
    assert claims.take_over(0.0) == []
    assert not claims.held_by_others()
    assert not [*tmp_path.iterdir()]
