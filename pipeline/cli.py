"""A command line comes in; the command that it names is run, and an exit code goes out."""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from pipeline import __version__
from pipeline.commands import cases, forms, rebuild, templates, upkeep
from pipeline.commands.given import FOLDERS, INTERRUPTED, UNEXPECTED, WRONG_USAGE
from pipeline.errors import PipelineError, SettingsError


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
    except BrokenPipeError:  # whoever read along has seen enough; the end of the program would write the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNEXPECTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pipeline", description="Completed forms in, draft Word documents out.")
    parser.add_argument("--version", action="version", version=f"pipeline {__version__}")
    parser.set_defaults(clock=dt.datetime.now)  # the one clock: documents are dated by it
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_upkeep(commands)
    _add_forms(commands)
    _add_cases(commands)
    _add_templates(commands)
    return parser


_Commands = argparse._SubParsersAction  # the type has no other name


def _add_upkeep(commands: _Commands[argparse.ArgumentParser]) -> None:
    init = commands.add_parser("init", help="make a working folder: inbox, outbox, templates, pipeline.toml")
    init.add_argument("folder", type=Path, metavar="DIR")
    init.set_defaults(command=upkeep.init)

    status = commands.add_parser("status", help="how the watcher is doing; exit code 1 where something is wrong")
    status.set_defaults(command=upkeep.status)
    audit = commands.add_parser("audit", help="the record of what arrived, was decided, published and returned")
    audit.add_argument("action", choices=["verify"], help="find lines that were changed or are missing")
    audit.set_defaults(command=upkeep.audit)
    for command in (status, audit):
        _add_folders(command, ["records"])


def _add_forms(commands: _Commands[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="read, validate and score files; write nothing")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE")
    check.set_defaults(command=forms.check)
    _add_folders(check, ["records", "templates"])

    run = commands.add_parser("run", help="work off everything in the inbox, once")
    run.add_argument("--dry-run", action="store_true", help="say what would be done with each file; change nothing")
    run.add_argument("--pdf", action="store_true", help="put a PDF copy beside each document; needs LibreOffice")
    run.set_defaults(command=forms.run)
    watch = commands.add_parser("watch", help="work off whatever arrives, until stopped")
    watch.set_defaults(command=forms.watch)

    for command in (check, run):
        command.add_argument("--json", action="store_true", help="one JSON object a line for each form found")
    for command in (run, watch):
        _add_folders(command, FOLDERS)


def _add_cases(commands: _Commands[argparse.ArgumentParser]) -> None:
    due = commands.add_parser("due", help="what is due and overdue, soonest first")
    due.add_argument("--on", metavar="DATE", help="as of this day; default: today")
    due.add_argument("--case", metavar="REF", help="of this case alone")
    due.add_argument("--json", action="store_true", help="one JSON object a line for each")
    due.set_defaults(command=cases.due)

    case = commands.add_parser("case", help="one case as it stands and why; with --json everything held on it")
    case.add_argument("ref", metavar="REF", help="the social care ID")
    case.add_argument("--json", action="store_true", help="everything held on it, as one JSON object")
    case.set_defaults(command=cases.case)

    acknowledge = commands.add_parser(
        "acknowledge", help="record that a letter was answered, or a returned form seen to"
    )
    acknowledge.add_argument(
        "references",
        nargs="+",
        metavar="REFERENCE",
        help="of the letter, or of the returned form",
    )
    acknowledge.add_argument("--on", metavar="DATE", help="the day on which they said so; default: today")
    acknowledge.set_defaults(command=cases.acknowledge)

    forget = commands.add_parser("forget", help="erase a case everywhere, after confirmation")
    forget.add_argument("ref", metavar="REF", help="the social care ID")
    forget.add_argument("--yes", action="store_true", help="do not ask for confirmation")
    forget.set_defaults(command=cases.forget)

    for command in (due, acknowledge):
        _add_folders(command, ["records"])
    for command in (case, forget):
        _add_folders(command, ["inbox", "outbox", "records"])


def _add_templates(commands: _Commands[argparse.ArgumentParser]) -> None:
    about = commands.add_parser("templates", help="check the templates, or list the names that they may use")
    actions = about.add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser("check", help="name every fault of templates, form layouts and address book")
    check.set_defaults(command=templates.check)
    _add_folders(check, ["templates"])
    fields = actions.add_parser("fields", help="every name that a template may use, with an example")
    fields.add_argument("template", nargs="?", metavar="TEMPLATE", help="of this one alone, for example 'Flag letter'")
    fields.set_defaults(command=templates.fields)

    again = commands.add_parser("rebuild", help="write again what a changed template, scale or address book changes")
    again.add_argument("--case", metavar="REF", help="of this case alone")
    again.set_defaults(command=rebuild.rebuild)
    _add_folders(again, ["outbox", "records", "templates"])


def _add_folders(command: argparse.ArgumentParser, names: Sequence[str]) -> None:
    for name in names:
        command.add_argument(f"--{name}", type=Path, metavar="DIR", help=f"default: from pipeline.toml, else ./{name}")


if __name__ == "__main__":
    sys.exit(main())
