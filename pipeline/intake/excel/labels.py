"""A label comes in; how labels are compared goes out."""

from __future__ import annotations

import re
from functools import lru_cache

_ALIKE = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "\u0336": "", "\u00ad": "", "\u200b": ""} | dict.fromkeys("‐‑‒–—―−", "-")
)


@lru_cache(maxsize=4096)
def same(label: str) -> str:
    """How labels are compared: case, white space, quotes, dashes, and stops at the end make no difference."""
    text = " ".join(label.translate(_ALIKE).casefold().replace("&", " and ").split())
    return re.sub(r"\s*([/-])\s*", r"\1", text).strip(" :.*")


def unhyphened(label: str) -> str:
    """``label``, as ``same`` writes it, with "self-harm" and "full-time" as two words each."""
    return label.replace("-", " ")
