"""A command line comes in; everything is wired here, and an exit code goes out."""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pipeline import __version__
from pipeline.errors import PipelineError, SettingsError
from pipeline.settings import Settings, load_settings, packaged_templates

if TYPE_CHECKING:  # what a command needs is imported when it runs: `--help` answers at once
    from pipeline.intake.worker import Workers
    from pipeline.publish import Office
    from pipeline.register import Register
    from pipeline.results import Result
    from pipeline.rules.case import Believed, Letter
    from pipeline.rules.form import Form
    from pipeline.rules.layout import Layouts

DONE, UNEXPECTED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
_SETTINGS = Path("pipeline.toml")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; docs/operations.md lists the exit codes."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%Y-%m-%d %H:%M:%S",
        stream=sys.stderr,
    )
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a screen of Windows lacks ticks
    command = cast(Callable[[argparse.Namespace], int], arguments.command)
    try:
        return command(arguments)
    except SettingsError as e:
        print(f"pipeline: {e}", file=sys.stderr)
        return WRONG_USAGE
    except PipelineError as e:
        print(f"pipeline: {e}", file=sys.stderr)
        return UNEXPECTED
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pipeline", description="Completed forms in, draft Word documents out.")
    parser.add_argument("--version", action="version", version=f"pipeline {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    init = commands.add_parser("init", help="make a working folder: inbox, outbox, templates, pipeline.toml")
    init.add_argument("folder", type=Path, metavar="DIR")
    init.set_defaults(command=_init)

    check = commands.add_parser("check", help="read, validate and score files; write nothing")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE")
    check.set_defaults(command=_check)

    run = commands.add_parser("run", help="work off everything in the inbox, once")
    run.set_defaults(command=_run)
    watch = commands.add_parser("watch", help="work off whatever arrives, until stopped")
    watch.set_defaults(command=_watch)

    run.add_argument("--dry-run", action="store_true", help="say what would be done with each file; change nothing")

    status = commands.add_parser("status", help="how the watcher is doing; exit code 1 where something is wrong")
    status.set_defaults(command=_status)
    audit = commands.add_parser("audit", help="the record of what arrived, was decided, published and returned")
    audit.add_argument("action", choices=["verify"], help="find lines that were changed or are missing")
    audit.set_defaults(command=_audit)
    for command in (status, audit):
        command.add_argument("--records", type=Path, metavar="DIR", help="default: from pipeline.toml, else ./records")

    for command in (check, run):
        command.add_argument("--json", action="store_true", help="one JSON object a line for each form found")
    for command in (run, watch):
        for folder in ("inbox", "outbox", "records", "templates"):
            command.add_argument(
                f"--{folder}", type=Path, metavar="DIR", help=f"default: from pipeline.toml, else ./{folder}"
            )
    return parser


def _init(arguments: argparse.Namespace) -> int:
    from pipeline.workplace import make_workplace

    for line in make_workplace(arguments.folder, packaged_templates()):
        print(line)
    return DONE


def _check(arguments: argparse.Namespace) -> int:
    settings = load_settings(_SETTINGS)
    layouts = _layouts(_templates(settings))
    missing = [path for path in arguments.files if not path.exists()]
    if missing:
        raise SettingsError(f"There is no file {', '.join(map(str, missing))}.")
    from pipeline.intake.worker import Workers

    show = _print_json if arguments.json else _print_result
    with Workers(layouts) as workers, _register_if_there(settings) as register:
        for path in arguments.files:
            for result in _foresee(path, layouts, workers, register):
                show(result)
    return DONE


def _foresee(path: Path, layouts: Layouts, workers: Workers, register: Register | None) -> list[Result]:
    """What would happen to the file if it were dropped now."""
    from pipeline.examine import OnRecord, examine_file
    from pipeline.files import shown
    from pipeline.intake.word.old_word import readable

    sha256 = _sha256(path) if register else ""

    def held(case: str) -> Sequence[Believed]:
        return register.case(case, besides=sha256) if register else ()

    def letters(case: str) -> Sequence[Letter]:
        return register.letters(case, besides=sha256) if register else ()

    def read() -> tuple[Form, ...]:
        with readable(path, path.name) as (readable_path, name):
            return workers.read(readable_path, name)

    before = register.accepted_before(sha256) if register else frozenset()
    return examine_file(shown(path.name), read, layouts, OnRecord(held, letters, before), dt.date.today())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(arguments: argparse.Namespace) -> int:
    from pipeline.watch import run

    if arguments.dry_run:
        return _dry_run(arguments)

    failed = False

    def worked_off(office: Office) -> Iterator[Result]:
        nonlocal failed
        for result in run(office):  # none is kept: there may be thousands
            failed = failed or any(p.code == "failed" for p in result.problems)
            yield result

    with _office(arguments) as office:
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


def _status(arguments: argparse.Namespace) -> int:
    from pipeline.health import ailments, last_said

    status = last_said(_records(arguments))
    wrong = ailments(status, dt.datetime.now().astimezone())
    for sentence in wrong or ["All is well."]:
        print(sentence)
    if status:
        print(f"Last sign of life: {status.at:%d/%m/%Y %H:%M:%S}, version {status.version}")
        for outcome, count in sorted(status.counts.items()):
            print(f"{outcome}: {count}")
        for name, reason in sorted(status.waiting.items()):
            print(f"waits: {name}: {reason}")
    return UNEXPECTED if wrong else DONE


def _audit(arguments: argparse.Namespace) -> int:
    from pipeline.audit import faults
    from pipeline.register import Register

    path = _records(arguments) / "register.sqlite"
    if not path.is_file():
        raise SettingsError(f"There is no register in {path.parent}.")
    register = Register.open(path)
    try:
        lines = list(register.audit())
        found = faults(lines)
        if unaudited := register.unaudited():
            found.append(f"the last lines are missing: {unaudited} recorded forms stand in no line")
    finally:
        register.close()
    print(f"{len(lines)} lines" + (": all whole" if not found else ""))
    for fault in found:
        print(fault)
    return UNEXPECTED if found else DONE


def _records(arguments: argparse.Namespace) -> Path:
    return arguments.records or load_settings(_SETTINGS).records


def _watch(arguments: argparse.Namespace) -> int:
    from pipeline.watch import watch

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
        watch(office, stop)
    return INTERRUPTED if interrupted else DONE


@contextmanager
def _office(arguments: argparse.Namespace) -> Iterator[Office]:
    from pipeline.access import close_folder, keep_private
    from pipeline.intake.claims import Claims
    from pipeline.intake.worker import Workers
    from pipeline.outgoing.agencies import AddressBook
    from pipeline.outgoing.templates import Templates
    from pipeline.publish import Office
    from pipeline.register import Register

    settings = load_settings(_SETTINGS)
    given = {k: v for k in ("inbox", "outbox", "records", "templates") if (v := getattr(arguments, k)) is not None}
    settings = settings.with_folders(given)
    for name, folder in (("inbox", settings.inbox), ("outbox", settings.outbox)):
        if not folder.is_dir():
            raise SettingsError(
                f"The {name} {folder} is not there. Make it with `pipeline init`, or name it with --{name}."
            )
    templates = _templates(settings)
    layouts = _layouts(templates)
    keep_private(settings.group)
    try:
        settings.records.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise SettingsError(f"The folder {settings.records} for the records cannot be made: {e.strerror}.") from e
    for folder in (settings.records, settings.outbox):
        close_folder(folder, settings.group)
    try:
        register = Register.open(settings.records / "register.sqlite")
    except OSError as e:
        raise PipelineError(f"The register in {settings.records} cannot be opened: {e.strerror}.") from e
    try:
        with Claims(settings.inbox, settings.lease_seconds) as claims, Workers(layouts) as workers:
            yield Office(
                settings=settings,
                register=register,
                claims=claims,
                workers=workers,
                layouts=layouts,
                templates=Templates(templates),
                agencies=AddressBook(templates / "agencies.xlsx", layouts.invitation_labels),
                clock=dt.datetime.now,
            )
    finally:
        register.close()


@contextmanager
def _register_if_there(settings: Settings) -> Iterator[Register | None]:
    """`check` asks the register what is known, and never makes one."""
    path = settings.records / "register.sqlite"
    if not path.is_file():
        yield None
        return
    from pipeline.register import Register

    register = Register.open(path)
    try:
        yield register
    finally:
        register.close()


def _templates(settings: Settings) -> Path:
    return settings.templates if settings.templates.is_dir() else packaged_templates()


def _layouts(templates: Path) -> Layouts:
    from pipeline.intake.layouts import load_layouts

    return load_layouts(templates / "forms")


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


if __name__ == "__main__":
    sys.exit(main())
