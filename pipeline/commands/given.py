"""What was typed behind a command comes in; its settings, its register and the exit codes go out."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import PipelineError, SettingsError

if TYPE_CHECKING:  # what a command needs is imported when it runs: `--help` answers at once
    from pipeline.register import Register
    from pipeline.rules.layout import Layouts
    from pipeline.settings import Settings

DONE, UNEXPECTED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
FOLDERS = ("inbox", "outbox", "records", "templates")
_SETTINGS = Path("pipeline.toml")


def settings_of(arguments: argparse.Namespace) -> Settings:
    """The settings, with those folders that were given on the command line."""
    from pipeline.settings import load_settings

    given = {name: folder for name in FOLDERS if (folder := getattr(arguments, name, None)) is not None}
    return load_settings(_SETTINGS).with_folders(given)


def case_given(text: str) -> str:
    """A social care ID as it was typed, as the register has it.

    Raises:
        SettingsError: it is none.
    """
    from pipeline.rules.identity import case_reference

    ref = case_reference(text)
    if ref is None:
        raise SettingsError(f"{text} is no social care ID.")
    return ref


def day_given(text: str | None, today: dt.date) -> dt.date:
    """A date as it was typed, in any way that people write dates; today where none was.

    Raises:
        SettingsError: it is none.
    """
    if text is None:
        return today
    from pipeline.rules.dates import parse_date

    day = parse_date(text)
    if day is None:
        raise SettingsError(f"{text} is no date. Write it day first, for example 03/11/2026.")
    return day


def cases_on_hold(settings: Settings) -> frozenset[str]:
    """The cases that must not be erased.

    Raises:
        SettingsError: one of them is no social care ID: nobody can tell which case it is to keep.
    """
    if not settings.legal_hold:
        return frozenset()
    from pipeline.rules.identity import case_reference

    refs = {text: case_reference(text) for text in settings.legal_hold}
    for text, ref in refs.items():
        if ref is None:
            raise SettingsError(f"{_SETTINGS}: legal_hold: {text} is no social care ID.")
    return frozenset(ref for ref in refs.values() if ref)


def register_file(settings: Settings) -> Path:
    """Where the register lies.

    Raises:
        SettingsError: it has not been made yet, or ``records`` is another folder.
    """
    path = settings.records / "register.sqlite"
    if not path.is_file():
        raise SettingsError(f"There is no register in {path.parent}.")
    return path


@contextmanager
def open_register(path: Path) -> Iterator[Register]:
    """The register in the file ``path``, closed afterwards."""
    from pipeline.register import Register

    try:
        register = Register.open(path)
    except OSError as e:
        raise PipelineError(f"The register in {path.parent} cannot be opened: {e.strerror}.") from e
    try:
        yield register
    finally:
        register.close()


def templates_of(settings: Settings) -> Path:
    """The administrators' templates; where there are none, those in the package."""
    from pipeline.settings import packaged_templates

    return settings.templates if settings.templates.is_dir() else packaged_templates()


def layouts_in(templates: Path) -> Layouts:
    """The layouts of all forms that are known."""
    from pipeline.intake.layouts import load_layouts

    return load_layouts(templates / "forms")
