"""Sets up real working folders with the shipped templates, for tests that go from inbox to outbox."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

from pipeline.intake.claims import Claims
from pipeline.intake.inbox import FOLDER, look
from pipeline.intake.readers import read_forms
from pipeline.intake.worker import Workers
from pipeline.outgoing.agencies import AddressBook
from pipeline.outgoing.templates import Templates
from pipeline.process import work_off
from pipeline.publish import Office
from pipeline.register import Register
from pipeline.results import Result
from pipeline.rules.form import Form
from pipeline.settings import Sender, Settings
from tests.matrix_forms import LAYOUTS

TESTS = Path(__file__).parent
TEMPLATES = TESTS.parent / "templates"
EXAMPLES = TESTS / "forms" / "examples"
# Taken apart once for all tests; a test that changes a template makes its own.
SHIPPED = Templates(TEMPLATES)
NOON = dt.datetime(2026, 11, 21, 12, 0)


def office(
    folder: Path,
    clock: Callable[[], dt.datetime] = lambda: NOON,
    templates: Path | None = None,
    workers: Workers | None = None,
) -> Office:
    """An office in ``folder``; opening it again goes on where the last one stopped."""
    settings = Settings(
        inbox=folder / "inbox",
        outbox=folder / "outbox",
        records=folder / "records",
        settle_seconds=0.05,
        sweep_seconds=0.05,
        patience_seconds=10.0,
        damaged_after_seconds=0.3,
        lease_seconds=0.2,
        sender=Sender(council="Exampleton Council", telephone="01632 960000"),
    )
    for path in (settings.inbox, settings.outbox):
        path.mkdir(parents=True, exist_ok=True)
    return Office(
        settings=settings,
        register=Register.open(settings.records / "register.sqlite"),
        claims=Claims(settings.inbox, settings.lease_seconds),
        workers=workers or Workers(LAYOUTS),
        layouts=LAYOUTS,
        templates=Templates(templates) if templates else SHIPPED,
        agencies=AddressBook((templates or TEMPLATES) / "agencies.xlsx", LAYOUTS.invitation_labels),
        clock=clock,
    )


class ReadHere(Workers):
    """Reads in this process: for tests that fork it, which a fork server does not survive."""

    def __init__(self) -> None:
        pass

    def read(self, path: Path, name: str) -> tuple[Form, ...]:
        return read_forms(path.read_bytes(), name, LAYOUTS)

    def close(self) -> None:
        pass


def drop(source: Path, office: Office, name: str = "") -> Path:
    target = office.settings.inbox / (name or source.name)
    shutil.copyfile(source, target)
    return target


def work(path: Path, office: Office) -> list[Result]:
    """Claim a file that has lain still for long, and work it off."""
    seen = look(path)
    assert seen is not None
    claim = office.claims.claim(path, seen)
    assert claim is not None
    return work_off(claim, 3600.0, office)


def close(office: Office) -> None:
    office.workers.close()
    office.claims.__exit__()
    office.register.close()


def tree(root: Path) -> dict[str, bytes]:
    """Every file below ``root`` with its content, without the program's own folders in inbox and outbox."""
    files = (p for p in sorted(root.rglob("*")) if p.is_file() and FOLDER not in p.parts)
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files}
