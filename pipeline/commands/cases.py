"""``due``, ``case``, ``acknowledge`` and ``forget``: the course of a case, from what the register holds."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.commands.given import (
    DONE,
    WRONG_USAGE,
    case_given,
    cases_on_hold,
    day_given,
    open_register,
    register_file,
    settings_of,
)
from pipeline.errors import PipelineError, SettingsError

if TYPE_CHECKING:  # what a command needs is imported when it runs: `due` answers at once
    import datetime as dt

    from pipeline.register import Register
    from pipeline.settings import Settings


def due(arguments: argparse.Namespace) -> int:
    """Say what is due and overdue, the soonest first; 0 also where something is overdue."""
    from pipeline.due import due_json, due_text, to_be_decided
    from pipeline.register.due import due_in, last_forms_in, soonest_first

    settings = settings_of(arguments)
    today = day_given(arguments.on, arguments.clock().date())
    path = register_file(settings)
    try:
        limits = due_in(path)
        last_forms = last_forms_in(path) if settings.keep_years or arguments.case else {}
    except OSError as e:
        raise PipelineError(f"The register in {settings.records} cannot be read: {e}.") from e
    if decide := list(to_be_decided(last_forms, settings.keep_years, cases_on_hold(settings), today)):
        limits = soonest_first([*limits, *decide])
    if arguments.case is not None:
        ref = case_given(arguments.case)
        if ref not in last_forms:
            raise _unknown(ref)
        limits = tuple(limit for limit in limits if limit.case == ref)
    lines: Iterable[str]
    if arguments.json:
        lines = (json.dumps(due_json(limit) | {"overdue": limit.overdue(today)}) for limit in limits)
    else:
        lines = due_text(limits, today)
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return DONE


def case(arguments: argparse.Namespace) -> int:
    """Say how one case stands and why, or print everything that is held on it."""
    from pipeline.casework import case_json, case_text

    settings, ref = settings_of(arguments), case_given(arguments.ref)
    with _register(settings) as register:
        held, accepted = register.case_file(ref), register.case(ref, besides="")
    if held is None:
        raise _unknown(ref)
    if arguments.json:
        print(json.dumps(case_json(held, accepted, settings), indent=1))
    else:
        for line in case_text(held, accepted, settings, arguments.clock().date()):
            print(line)
    return DONE


def acknowledge(arguments: argparse.Namespace) -> int:
    """Record that agencies have done what letters asked, and that returned forms were seen to.

    Ends with 2 where a reference is not known, after all the others.
    """
    settings, now = settings_of(arguments), arguments.clock()
    day = day_given(arguments.on, now.date())
    if day > now.date():
        raise SettingsError(f"{day:%d/%m/%Y} is still to come. Give the day on which the agency said so.")
    unknown, too_early = [], []
    with _register(settings) as register:
        for reference in arguments.references:
            before = register.letter(reference)
            if before and day < before.drafted:
                too_early.append(before)
                continue
            letter = register.acknowledge(reference, day, now)
            if letter is None and register.see_to(reference, now):
                print(f"{reference}: no longer asked for")
            elif letter is None:
                unknown.append(reference)
            else:
                known = "had already been " if before and before.acknowledged == letter.acknowledged else ""
                print(
                    f"{letter.reference}: {known}acknowledged on {letter.acknowledged:%d/%m/%Y} by {letter.recipient}"
                )
    for reference in unknown:
        print(
            f"pipeline: {reference} is the reference of no letter and of no returned form that is awaited.",
            file=sys.stderr,
        )
    for early in too_early:
        print(
            f"pipeline: {early.reference} was drafted on {early.drafted:%d/%m/%Y}, after the day that you gave.",
            file=sys.stderr,
        )
    return WRONG_USAGE if unknown or too_early else DONE


def forget(arguments: argparse.Namespace) -> int:
    """Erase a case everywhere, once somebody has confirmed it."""
    from pipeline.forget import erase, find, inventory

    settings, ref = settings_of(arguments), case_given(arguments.ref)
    if ref in cases_on_hold(settings):
        raise SettingsError(
            f"{ref} is under a legal hold: it stands in legal_hold in pipeline.toml. Nothing was erased."
        )
    with _register(settings) as register:
        holdings = find(ref, register, settings)
        if holdings is None:
            return _nothing_left(ref, register, arguments.clock())
        for line in inventory(holdings):
            print(line)
        if not arguments.yes and not _confirmed(ref):
            print("Nothing was erased.", file=sys.stderr)
            return WRONG_USAGE
        erase(holdings, register, settings, arguments.clock())
    print(f"{ref} was erased.")
    return DONE


@contextmanager
def _register(settings: Settings) -> Iterator[Register]:
    """The register; where it or a folder cannot be reached or written, the command may be repeated."""
    with open_register(register_file(settings)) as register:
        try:
            yield register
        except BrokenPipeError:
            raise
        except OSError as e:
            raise PipelineError(
                f"A file or folder cannot be reached or written ({e.strerror}). Run the same command again."
            ) from e


def _nothing_left(ref: str, register: Register, now: dt.datetime) -> int:
    """A crash may have come when all was erased but the file of the register not yet written anew."""
    from pipeline.forget import erased_on

    if (erased := erased_on(ref, register)) is None:
        raise _unknown(ref)
    register.forget(ref, now)
    print(f"{ref} was erased on {erased:%d/%m/%Y}. Nothing is held on it.")
    return DONE


def _confirmed(ref: str) -> bool:
    from pipeline.rules.identity import case_reference

    if not sys.stdin.isatty():
        print("pipeline: nobody can be asked here. Add --yes to erase it without being asked.", file=sys.stderr)
        return False
    try:
        typed = input("Type the social care ID again to erase all this: ")
    except EOFError:
        return False
    return case_reference(typed) == ref


def _unknown(ref: str) -> SettingsError:
    return SettingsError(f"Nothing is held on {ref}.")
