"""The letters of a case come in; what each agency was told last about a flag goes out.

Buckinghamshire 2.5.14 to 2.5.16. What stands on an agency's systems follows from what it was told, not from what the
records say now: a record may arrive late, or be corrected after its letters have gone.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.rules.actions import folded
from pipeline.rules.case import Letter


def told_last(letters: Sequence[Letter]) -> tuple[Letter, ...]:
    """The last letter about a flag to each agency, in the order in which they were first told.

    ``letters``: in the order of their drafting. As the letters do, it tells addressees apart by role and agency, not by
    the person or the address of the day.
    """
    last = {
        (folded(letter.recipient), *map(folded, letter.who[-1:])): letter
        for letter in letters
        if letter.purpose in ("flag", "removal")
    }
    return tuple(last.values())


def holding_a_flag(letters: Sequence[Letter]) -> tuple[Letter, ...]:
    """The letters to those who were asked for a flag and have not been asked to take it down since."""
    return tuple(letter for letter in told_last(letters) if letter.purpose == "flag")
