"""Words that people wrote come in; the same words as they are compared go out."""

from __future__ import annotations


def folded(text: str) -> str:
    """Without regard to capitals, white space and the curl of an apostrophe."""
    return " ".join(text.replace("’", "'").casefold().split())
