"""A function that reads a part of a file comes in; the same function, which reads the same bytes but once, goes out.

Only for parts that hold no answer, and are the same in every copy of a form: what is read of them is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, TypeVarTuple

_MOST_PARTS = 16
LONGEST = 2**19  # the styles of a Word form have 440 KB

_Rest = TypeVarTuple("_Rest")
_Found = TypeVar("_Found")


def remembered(read: Callable[[bytes, *_Rest], _Found]) -> Callable[[bytes, *_Rest], _Found]:
    """Long parts, which no blank form has, are read again each time: what is kept is bounded."""
    known = lru_cache(maxsize=_MOST_PARTS)(read)

    def once(content: bytes, *rest: *_Rest) -> _Found:
        return read(content, *rest) if len(content) > LONGEST else known(content, *rest)

    return once
