"""``check``, ``run`` and ``watch``: dropped forms are examined and worked off."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.given import (
    DONE,
    INTERRUPTED,
    UNEXPECTED,
    layouts_in,
    open_register,
    settings_of,
    templates_of,
)
from pipeline.errors import SettingsError

if TYPE_CHECKING:  # what a command needs is imported when it runs: `--help` answers at once
    import datetime as dt

    from pipeline.intake.worker import Workers
    from pipeline.publish import Office
    from pipeline.register import Register
    from pipeline.results import Result
    from pipeline.rules.form import Form
    from pipeline.rules.layout import Layouts


def check(arguments: argparse.Namespace) -> int:
    """Say what would happen to each file; write nothing."""
    from pipeline.intake.fork_server import context

    context()  # it imports the readers while this process does what comes now
    from pipeline.intake.worker import Workers

    settings = settings_of(arguments)
    layouts = layouts_in(templates_of(settings))
    missing = [path for path in arguments.files if not path.exists()]
    if missing:
        raise SettingsError(f"There is no file {', '.join(map(str, missing))}.")
    show = _print_json if arguments.json else _print_result
    register_file = settings.records / "register.sqlite"
    with Workers(layouts) as workers, ExitStack() as stack:
        # It asks the register what is known, and never makes one.
        register = stack.enter_context(open_register(register_file)) if register_file.is_file() else None
        for path in arguments.files:
            for result in _foresee(path, layouts, workers, register, arguments.clock().date()):
                show(result)
    return DONE


def _foresee(path: Path, layouts: Layouts, workers: Workers, register: Register | None, today: dt.date) -> list[Result]:
    """What would happen to the file if it were dropped now."""
    from pipeline.examine import examine_file, hold_against, on_record
    from pipeline.files import shown
    from pipeline.intake.word.old_word import readable

    def read() -> tuple[Form, ...]:
        with readable(path, path.name) as (readable_path, name):
            return workers.read(readable_path, name)

    known = on_record(register, _sha256(path) if register else "")
    return hold_against(examine_file(shown(path.name), read, layouts, today), known)


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def run(arguments: argparse.Namespace) -> int:
    """Work off the inbox, once; 1 where the program failed on a form."""
    from pipeline.libreoffice import installed
    from pipeline.watch import run as work_off_all

    if arguments.pdf and not installed():
        raise SettingsError("--pdf needs LibreOffice 7.4 or later, with its soffice on the PATH. Or run without --pdf.")
    if arguments.dry_run:
        return _dry_run(arguments)

    failed = False

    def worked_off(office: Office) -> Iterator[Result]:
        nonlocal failed
        for result in work_off_all(office):  # none is kept: there may be thousands
            failed = failed or any(p.code == "failed" for p in result.problems)
            yield result

    with _office(arguments, pdf=arguments.pdf) as office:
        if arguments.json:
            for result in worked_off(office):
                _print_json(result)
        else:
            from pipeline.table import print_table

            print_table(worked_off(office), office.settings.outbox)
    return UNEXPECTED if failed else DONE


def _dry_run(arguments: argparse.Namespace) -> int:
    """Two looks, as far apart as a file must lie still, and what would be done then."""
    from pipeline.files import shown
    from pipeline.watch import Desk

    with _office(arguments) as office:
        desk = Desk(office)
        desk.look()
        time.sleep(office.settings.settle_seconds)
        gone, actions = desk.gone(), desk.look()[1].actions
    if gone:
        print(f"nothing: the {gone} is not there as it was; its share may be gone")
    for action in actions if not gone else ():
        print(f"{action.kind}: {shown(action.name)}" + (f": {action.reason}" if action.reason else ""))
    return DONE


def watch(arguments: argparse.Namespace) -> int:
    """Work off whatever arrives, until stopped."""
    from pipeline.watch import watch as watch_inbox

    stop = threading.Event()
    interrupted = False

    def finish(number: int, _frame: object) -> None:
        """Finish the form in hand, then stop."""
        nonlocal interrupted
        interrupted = number == signal.SIGINT
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, finish)
    with _office(arguments) as office:
        logging.getLogger(__name__).info("watching the inbox")
        watch_inbox(office, stop)
    return INTERRUPTED if interrupted else DONE


@contextmanager
def _office(arguments: argparse.Namespace, *, pdf: bool = False) -> Iterator[Office]:
    from pipeline.intake.fork_server import context

    context()  # it imports the readers while this process does what comes now
    from pipeline.access import close_folder, keep_private
    from pipeline.garbage import collect_seldom
    from pipeline.intake.claims import Claims
    from pipeline.intake.layouts import missing_kinds
    from pipeline.intake.worker import Workers
    from pipeline.outgoing.agencies import AddressBook
    from pipeline.outgoing.logo import logo_of
    from pipeline.outgoing.templates import Templates
    from pipeline.publish import Office

    collect_seldom()
    settings = settings_of(arguments)
    for name, folder in (("inbox", settings.inbox), ("outbox", settings.outbox)):
        if not folder.is_dir():
            raise SettingsError(
                f"The {name} {folder} is not there. Make it with `pipeline init`, or name it with --{name}."
            )
    templates = templates_of(settings)
    layouts, logo = layouts_in(templates), logo_of(settings.sender)
    for kind in missing_kinds(layouts):
        logging.getLogger(__name__).warning(
            "no form layout has kind = %s: such a form is given back as unknown. Run `pipeline init` on this folder: "
            "it adds what is missing and changes nothing else",
            kind,
        )
    keep_private(settings.group)
    try:
        settings.records.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise SettingsError(f"The folder {settings.records} for the records cannot be made: {e.strerror}.") from e
    for folder in (settings.records, settings.outbox):
        close_folder(folder, settings.group)
    with (
        open_register(settings.records / "register.sqlite") as register,
        Claims(settings.inbox, settings.lease_seconds) as claims,
        Workers(layouts) as workers,
    ):
        yield Office(
            settings=settings,
            register=register,
            claims=claims,
            workers=workers,
            layouts=layouts,
            templates=Templates(templates, logo),
            agencies=AddressBook(templates / "agencies.xlsx", layouts.invitation_labels),
            clock=arguments.clock,
            pdf=pdf,
        )


def _print_json(result: Result) -> None:
    from pipeline.results import to_json

    print(json.dumps(to_json(result)), flush=True)  # in ASCII: whatever reads it need not know how it is encoded


def _print_result(result: Result) -> None:
    """One form for a person who reads it on a screen."""
    name = f"{result.file}, {result.sheet}" if result.sheet else result.file
    print(f"{name}: {result.outcome}")
    if result.examined and result.examined.score:
        print(f"  score {result.examined.score.total}: {result.examined.band or 'no band is certain'}")
    for sentence in result.examined.first if result.examined else ():
        print(f"  {sentence}")
    for problem in result.problems:
        print(f"  {problem.severity}: {problem.where}: {problem.what} {problem.remedy}")
