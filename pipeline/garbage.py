"""Nothing comes in; a process that looks seldom for objects that refer to each other goes out."""

from __future__ import annotations

import gc

# What one form needs is some ten thousand objects, and nearly all are gone by themselves when it is done: to look after
# every 700 of them, as Python does, takes a twentieth of the time. So many may wait instead, some ten megabytes.
_YOUNG = 50_000


def collect_seldom() -> None:
    """For a process that works off one form after another."""
    gc.set_threshold(_YOUNG)
