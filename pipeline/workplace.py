"""A folder's path comes in; a working folder with inbox, outbox, templates and settings goes out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import SettingsError
from pipeline.intake.inbox import make_mark, read_mark

_SETTINGS = """\
# Settings of the Core Group Pipeline. Folders are relative to the folder that the command is started in.
# inbox = "inbox"
# outbox = "outbox"
# records = "records"        # originals and register: on a disk of this machine, never on a network share
# templates = "templates"
# reply_days = 7             # letters ask for a reply within so many days
# keep_years = 0             # `pipeline due` asks about cases that had no form for so many years; 0: never
# legal_hold = ["CF104233"]  # cases that `pipeline forget` must not erase
# settle_seconds = 1.0       # a file is taken once it has lain still for so long
# sweep_seconds = 1.0        # the inbox is listed this often, also where no file event ever comes
# damaged_after_seconds = 5.0   # a file that is not whole is given back once it has lain still for so long
# lease_seconds = 5.0        # a program that gives no sign for so long is dead; its files are taken over
# patience_seconds = 60.0    # `pipeline run` waits so long for a file that keeps growing
# group = ""                 # a group of this machine that may read records and outbox, besides their owner
# events = true              # listen for file events, which only bring the next listing forward

# Who the letters come from. What is left out prints as a labelled blank.
[sender]
# council = "Exampleton Council"
# service = "Children's Services"
# address = ["1 Example Street", "Exampleton", "ZZ1 1ZZ"]
# telephone = "01632 960000"
# email = "core.groups@example.org"
# logo = "logo.png"          # a PNG file in this folder, printed at the top of letters and documents
# panel_name = "Complex Case Panel"
# panel_chair = "Service Director, Children and Families"
# panel_deputy = "Director of Children's Services, Health"
"""


def make_workplace(folder: Path, templates: Path) -> Iterator[str]:
    """Make what is not there yet; what is there stays as it is. Yields a line for each thing made.

    Raises:
        SettingsError: ``folder`` is a file, or cannot be written.
    """
    try:
        for name in ("inbox", "outbox", "records"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            yield f"{folder / name}"
        for shared in (folder / "inbox", folder / "outbox"):
            if not read_mark(shared):
                make_mark(shared)
        for source in sorted(p for p in templates.rglob("*") if p.is_file()):
            target = folder / "templates" / source.relative_to(templates)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
        yield f"{folder / 'templates'}"
        settings = folder / "pipeline.toml"
        if not settings.exists():
            settings.write_text(_SETTINGS, encoding="utf-8")
        yield f"{settings}"
    except OSError as e:
        raise SettingsError(f"{folder} cannot be made into a working folder: {e.strerror}.") from e
