"""Records and outbox are closed to others; what the sender gets is for those who see the inbox."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.access import close_folder, everybody_in
from pipeline.errors import SettingsError
from tests.offices import EXAMPLES

posix = pytest.mark.skipif(os.name == "nt", reason="Windows inherits rights from the folder")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
@pytest.mark.parametrize("group", ["", str(os.getgid()) if os.name != "nt" else ""])
def test_records_and_outbox_are_for_their_owner_and_the_group(tmp_path: Path, group: str) -> None:
    if group:
        import grp

        group = grp.getgrgid(int(group)).gr_name
    for name in ("inbox", "outbox"):
        (tmp_path / name).mkdir()
    (tmp_path / "inbox").chmod(0o775)
    (tmp_path / "pipeline.toml").write_text(f'group = "{group}"\n')
    for name in ("matrix-must.xlsx", "matrix-unanswered-and-uncertain.xlsx"):
        (tmp_path / "inbox" / name).write_bytes((EXAMPLES / name).read_bytes())
    command = [sys.executable, "-m", "pipeline", "run"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, umask=0o000)
    for root in ("records", "outbox"):
        paths = [tmp_path / root, *(tmp_path / root).rglob("*")]
        allowed = 0o770 if group else 0o700
        assert not [(p, oct(mode(p))) for p in paths if mode(p) & 0o777 & ~allowed]
        assert len(paths) > 5
    given = [*(tmp_path / "inbox" / "receipts").rglob("*"), *(tmp_path / "inbox" / "returned").rglob("*")]
    assert {mode(p) for p in given if p.is_file()} == {0o664}
    assert {mode(p) for p in given if p.is_dir()} == {0o775}
    assert len(given) == 5


@posix
def test_a_group_that_is_not_there_is_the_administrators_to_mend(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no-such-group"):
        close_folder(tmp_path, "no-such-group")


def test_groups_that_everybody_belongs_to_are_found_in_what_windows_prints() -> None:
    listed = r"""C:\core-group\records BUILTIN\Users:(OI)(CI)(RX)
                      NT AUTHORITY\Authenticated Users:(I)(M)
                      Everyone:(I)(R)
                      EXAMPLE\core-group:(OI)(CI)(F)
Successfully processed 1 files; Failed processing 0 files"""
    assert everybody_in(listed) == ["Authenticated Users", "Everyone", "Users"]
    assert everybody_in("C:\\records EXAMPLE\\core-group:(OI)(CI)(F)") == []
