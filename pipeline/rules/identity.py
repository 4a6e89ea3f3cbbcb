"""Social care IDs and names come in; whether they can be the same case goes out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pipeline.rules.dates import parse_date

# A case reference becomes the name of a folder in the outbox, on Windows too.
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM\d|LPT\d)(\..*)?")
_LONGEST = 40
# What people write before and behind an ID, and what is no part of it: "No. 104233", "104233 (LCS)", "CF104233 tbc".
_NAMED = {"id", "ids", "no", "nr", "num", "ref"}
_LONGEST_PREFIX = 3
# People write one ID in groups of up to so many digits.
_SHORT = 4
# What comes along unseen when an ID is copied from a mail or a web page, and the quote that keeps a number as text.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\ufeff"), None)

_NOT_KNOWN = {
    "n/a", "na", "n/k", "nk", "none", "not known", "unknown", "not applicable", "tbc", "tba", "to be confirmed",
    "to follow", "not yet known", "not available", "awaited", "awaiting", "dont know", "don't know",
    "unallocated", "not allocated", "not yet allocated", "not allocated yet", "to be allocated", "awaiting allocation",
    "no allocated worker", "?", "??", "???", "-", "--", "x", "xx", "xxx", ".",
}  # fmt: skip


def case_reference(text: str) -> str | None:
    """The social care ID with white space removed, in upper case; None where it is not clearly one, fit for a folder.

    A digit is required: every Care First number has one, and a word in its place is no number. Two lines or two long
    numbers are two IDs, or an ID and something else: one child's is not another's. A date is a date of birth.
    Words beside the number would make another case of the same child; letters that it begins with are a part of it.
    """
    text = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).strip().strip("'’‘`")
    if not text.replace(" ", "").isdigit() and parse_date(text):
        return None
    numbers = [part for part in text.split() if sum(c.isdigit() for c in part) > _SHORT]
    if len(numbers) > 1 or "\n" in text.strip() or _has_words(text):
        return None
    ref = "".join(text.split()).upper()
    unfit = (
        not any(c.isdigit() for c in ref)
        or len(ref) > _LONGEST
        or _UNFIT.search(ref)
        or _RESERVED.fullmatch(ref)
        or ref[-1] == "."
        or ref[0] in ".~"
        or any(unicodedata.category(c) in ("Cf", "Cs", "Co", "Cn") for c in ref)
    )
    return None if unfit else ref


def _has_words(text: str) -> bool:
    if any(c in "()[]{}–—" for c in text):
        return True
    words = [(i, part.strip(".,;-")) for i, part in enumerate(text.split())]
    return any(
        word.isalpha() and len(word) > 1 and (i > 0 or len(word) > _LONGEST_PREFIX or word.casefold() in _NAMED)
        for i, word in words
    )


def is_not_known(text: str) -> bool:
    """Whether an identity field says only that its answer is not known."""
    return " ".join(text.split()).casefold().rstrip(".") in _NOT_KNOWN or not any(c.isalnum() for c in text)


def name_parts(name: str) -> frozenset[str]:
    """The parts of a name without order, case, accents and punctuation: ``SMITH-Jones, Zoë`` → smith, jones, zoe."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’ʼ`")
    return frozenset(re.findall(r"[^\W_]+", plain))


def may_be_same_person(known: Iterable[str], written: Iterable[str]) -> bool:
    """Whether the names written on a form can belong to the person known by ``known``.

    One shared part is enough: word order, middle names, initials and case do not make another name.
    A name of initials alone must agree with the other name's initials. Where either side has no name, nothing speaks
    against it.
    """
    ours = frozenset().union(*map(name_parts, known))
    theirs = frozenset().union(*map(name_parts, written))
    if not ours or not theirs:
        return True
    if any(not is_initial(part) for part in ours & theirs):
        return True
    for few, many in ((ours, theirs), (theirs, ours)):
        if all(map(is_initial, few)):
            return few <= {part[0] for part in many}
    return False


def is_initial(part: str) -> bool:
    """One letter of a script that has capitals; in others one character can be a whole name."""
    return len(part) == 1 and part.upper() != part.lower()
