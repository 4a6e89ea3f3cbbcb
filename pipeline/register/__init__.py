"""What arrived, what was decided and what was published goes in; what is known of a file or a case comes out.

The only package that knows which database it is: SQLite, by the standard library, in plain SQL.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.register.due import due_in
    from pipeline.register.held import CaseFile, Entry, Erasure, HeldForm, HeldPack, Rewritten
    from pipeline.register.register import Register

__all__ = ["CaseFile", "Entry", "Erasure", "HeldForm", "HeldPack", "Register", "Rewritten", "due_in"]

_HOME = dict.fromkeys(("CaseFile", "Entry", "Erasure", "HeldForm", "HeldPack", "Rewritten"), "held")
_HOME |= {"Register": "register", "due_in": "due"}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Each on first use: importing what writes a register takes longer than all that `pipeline due` does."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
