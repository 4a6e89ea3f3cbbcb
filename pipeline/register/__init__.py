"""What arrived, what was decided and what was published goes in; what is known of a file or a case comes out.

The only package that knows which database it is: SQLAlchemy Core on SQLite, with nothing that PostgreSQL lacks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.register.due import due_in

if TYPE_CHECKING:
    from pipeline.register.held import CaseFile, Entry, Erasure, HeldForm
    from pipeline.register.register import Register
    from pipeline.register.schema import tables

__all__ = ["CaseFile", "Entry", "Erasure", "HeldForm", "Register", "due_in", "tables"]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """SQLAlchemy takes longer to import than all that `pipeline due` does: it is imported on first use."""
        if name == "Register":
            from pipeline.register.register import Register

            return Register
        if name in ("CaseFile", "Entry", "Erasure", "HeldForm"):
            from pipeline.register import held

            return getattr(held, name)
        if name == "tables":
            from pipeline.register.schema import tables

            return tables
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
