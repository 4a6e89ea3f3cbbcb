"""A folder with personal data comes in; it is closed to everybody but its owner and one group."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
from pathlib import Path

from pipeline.errors import SettingsError

log = logging.getLogger(__name__)

# Windows groups that everybody, or every colleague, belongs to.
_EVERYBODY = re.compile(r"(Everyone|\\Users|\\Authenticated Users|\\Domain Users):", re.I)


def keep_private(group: str) -> None:
    """Whatever is written from now on is for its owner, and for ``group`` to read where there is one."""
    os.umask(0o027 if group else 0o077)


def close_folder(folder: Path, group: str) -> None:
    """Close ``folder`` to others; on Windows rights are inherited, so they are only looked at.

    Raises:
        SettingsError: there is no such group.
    """
    if os.name == "nt":
        _warn_of_everybody(folder)
        return
    try:
        if group:
            shutil.chown(folder, group=group)
        folder.chmod(0o2750 if group else 0o700)
    except LookupError as e:
        raise SettingsError(f"pipeline.toml: there is no group {group} on this machine.") from e
    except OSError as e:
        log.warning("a folder cannot be closed to others (%s); see to its rights on the file server", e.strerror)


def _warn_of_everybody(folder: Path) -> None:
    listed = subprocess.run(["icacls", str(folder)], capture_output=True, text=True, errors="replace", check=False)
    if open_to := everybody_in(listed.stdout):
        log.warning("a folder with personal data is open to %s; take that right away", ", ".join(open_to))


def everybody_in(listed: str) -> list[str]:
    """The groups in what `icacls` prints to which everybody belongs."""
    return sorted({match.strip("\\") for match in _EVERYBODY.findall(listed)})
