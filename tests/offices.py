"""Sets up real working folders with the shipped templates, for tests that go from inbox to outbox."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

from pipeline.intake.inbox import look
from pipeline.outgoing.agencies import AddressBook
from pipeline.outgoing.templates import Templates
from pipeline.process import work_off
from pipeline.publish import Office
from pipeline.register import Register
from pipeline.results import Result
from pipeline.settings import Sender, Settings
from tests.matrix_forms import LAYOUTS

TESTS = Path(__file__).parent
TEMPLATES = TESTS.parent / "templates"
EXAMPLES = TESTS / "forms" / "examples"
NOON = dt.datetime(2026, 11, 21, 12, 0)


def office(folder: Path, clock: Callable[[], dt.datetime] = lambda: NOON, templates: Path = TEMPLATES) -> Office:
    """An office in ``folder``; opening it again goes on where the last one stopped."""
    settings = Settings(
        inbox=folder / "inbox",
        outbox=folder / "outbox",
        records=folder / "records",
        settle_seconds=0.05,
        sweep_seconds=0.05,
        patience_seconds=5.0,
        sender=Sender(council="Exampleton Council", telephone="01632 960000"),
    )
    for path in (settings.inbox, settings.outbox):
        path.mkdir(parents=True, exist_ok=True)
    return Office(
        settings=settings,
        register=Register.open(settings.records / "register.sqlite"),
        layouts=LAYOUTS,
        templates=Templates(templates),
        agencies=AddressBook(templates / "agencies.xlsx", LAYOUTS.invitation_labels),
        clock=clock,
    )


def drop(source: Path, office: Office, name: str = "") -> Path:
    target = office.settings.inbox / (name or source.name)
    shutil.copyfile(source, target)
    return target


def work(path: Path, office: Office) -> list[Result]:
    seen = look(path)
    assert seen is not None
    return work_off(path, seen, office)


def tree(root: Path) -> dict[str, bytes]:
    """Every file below ``root`` with its content."""
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}
