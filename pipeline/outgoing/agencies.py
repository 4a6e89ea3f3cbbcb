"""The address book agencies.xlsx comes in; one Agency for each of its rows goes out, or every fault by its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

from pipeline.errors import SettingsError

SHEET = "Agencies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """One row of the address book. ``address``: its lines. ``section_h``: the label under which section H of the
    referral lists it, ``""`` if none. What is blank in the book is ``""`` or False.
    """

    agency: str
    role: str
    name: str
    address: tuple[str, ...]
    telephone: str
    email: str
    core_group: bool
    standing: bool
    out_of_hours: bool
    for_information: bool
    section_h: str


def read_agencies(path: Path, section_h_labels: Sequence[str]) -> tuple[Agency, ...]:
    """Read the sheet "Agencies" of ``path``; ``section_h_labels`` are the services that the referral form lists.

    Raises:
        SettingsError: the book is missing, damaged or wrong; the message names every faulty cell, one a line.
    """
    raise NotImplementedError
