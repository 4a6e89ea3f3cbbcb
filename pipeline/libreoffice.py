"""Documents come in; what LibreOffice makes of them goes out. It trusts nothing in them and reaches no network."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_MACHINE = "soffice.com" if sys.platform == "win32" else "soffice"
# By default LibreOffice fetches linked pictures from wherever the document says, as soon as it opens one. It has no
# switch that stops that without a window; a proxy where nothing listens does.
_PROFILE = (
    """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>1</value></prop>
<prop oor:name="ooInetNoProxy" oor:op="fuse"><value></value></prop>
"""
    + "".join(
        f"""<prop oor:name="ooInet{protocol}ProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInet{protocol}ProxyPort" oor:op="fuse"><value>9</value></prop>
"""
        for protocol in ("HTTP", "HTTPS", "FTP")
    )
    + "</item></oor:items>"
)


def installed() -> bool:
    """Whether LibreOffice is on the PATH."""
    return shutil.which(_MACHINE) is not None


def convert(documents: Sequence[Path], to: str, folder: Path, seconds: float) -> Path:
    """The folder that holds what was made of the documents, each by its own name; one that failed is not in it.

    ``to``: ending and filter, for example ``docx:MS Word 2007 XML``. ``folder``: an empty one, of which the profile
    and the result take up a part each.

    Raises:
        FileNotFoundError: LibreOffice is not on the PATH.
        TimeoutError: it took longer than ``seconds``, and was ended with all that it had started.
    """
    machine = shutil.which(_MACHINE)
    if machine is None:
        raise FileNotFoundError(_MACHINE)
    settings, made = folder / "profile" / "user" / "registrymodifications.xcu", folder / "out"
    settings.parent.mkdir(parents=True)
    settings.write_text(_PROFILE, encoding="utf-8")
    command = [machine, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    _run([*command, "--convert-to", to, "--outdir", str(made), *map(str, documents)], seconds)
    return made


def _run(command: Sequence[str], seconds: float) -> None:
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Windows knows no sessions, and takes no notice
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as e:
        raise TimeoutError from e
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started: soffice is a script, and the program behind it would go on without it.

    Windows has no process groups to end; its own taskkill ends whatever a process started, as far as that can be told.
    """
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
