"""The letters of a case come in; what each agency was told last about a flag goes out.

Buckinghamshire 2.5.14 to 2.5.16. What stands on an agency's systems follows from what it was told, not from what the
records say now: a record may arrive late, or be corrected after its letters have gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pipeline.rules.case import Letter
from pipeline.rules.folding import folded

ABOUT_A_FLAG = ("flag", "removal")  # the purposes of these letters


class Recipient(Protocol):
    """A letter, or whom one goes to: an agency or role, and ``who``: name, role and agency, the agency last."""

    @property
    def recipient(self) -> str: ...
    @property
    def who(self) -> tuple[str, ...]: ...


def identity(to: Recipient) -> tuple[str, ...]:
    """What tells two recipients apart: role and agency, not the person or the address of the day.

    A new school or home has the old one's role and is another agency.
    """
    return (folded(to.recipient), *map(folded, to.who[-1:]))


def told_last(letters: Sequence[Letter]) -> tuple[Letter, ...]:
    """The last letter about a flag to each agency, in the order in which they were first told.

    ``letters``: in the order of their drafting.
    """
    last = {identity(letter): letter for letter in letters if letter.purpose in ABOUT_A_FLAG}
    return tuple(last.values())


def holding_a_flag(letters: Sequence[Letter]) -> tuple[Letter, ...]:
    """The letters to those who were asked for a flag and have not been asked to take it down since."""
    return tuple(letter for letter in told_last(letters) if letter.purpose == "flag")
