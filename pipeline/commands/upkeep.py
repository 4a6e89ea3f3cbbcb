"""``init``, ``status`` and ``audit``: an installation is made and looked after."""

from __future__ import annotations

import argparse

from pipeline.commands.given import DONE, UNEXPECTED, open_register, register_file, settings_of


def init(arguments: argparse.Namespace) -> int:
    """Make a working folder."""
    from pipeline.settings import packaged_templates
    from pipeline.workplace import make_workplace

    for line in make_workplace(arguments.folder, packaged_templates()):
        print(line)
    return DONE


def status(arguments: argparse.Namespace) -> int:
    """Say how the watcher is doing; 1 where something is wrong."""
    from pipeline.health import ailments, last_said

    said = last_said(settings_of(arguments).records)
    wrong = ailments(said, arguments.clock().astimezone())
    for sentence in wrong or ["All is well."]:
        print(sentence)
    if said:
        print(f"Last sign of life: {said.at:%d/%m/%Y %H:%M:%S}, version {said.version}")
        for outcome, count in sorted(said.counts.items()):
            print(f"{outcome}: {count}")
        for name, reason in sorted(said.waiting.items()):
            print(f"waits: {name}: {reason}")
    return UNEXPECTED if wrong else DONE


def audit(arguments: argparse.Namespace) -> int:
    """Go through the audit record; 1 where lines were changed or are missing."""
    from pipeline.audit import faults

    with open_register(register_file(settings_of(arguments))) as register:
        lines = list(register.audit())
        found = faults(lines)
        if unaudited := register.unaudited():
            found.append(f"the last lines are missing: {unaudited} recorded forms stand in no line")
    print(f"{len(lines)} lines" + (": all whole" if not found else ""))
    for fault in found:
        print(fault)
    return UNEXPECTED if found else DONE
