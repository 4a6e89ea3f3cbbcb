"""What LibreOffice makes of text controls when it saves a Word form comes in; what the person wrote goes out.

Seen with LibreOffice 7.4: text in several scripts comes out as one control for each stretch of it, every one of them
with the whole text once more; line breaks come out before the control, the lines run together.
"""

from __future__ import annotations

import re

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# A sentence that ends and another that begins without a space between them.
_SEAM = re.compile(r"(?<=[^\W\d_)\"”’][.!?])(?=[^\W\d_])")


def repeats(sdt: etree._Element, control: dict[str, etree._Element]) -> bool:
    """Whether a control only says again what the first control before it says whole."""
    if _W + "text" not in control:
        return False
    before = sdt.getprevious()
    if before is None or before.tag != sdt.tag:
        return False
    first = sdt
    while before is not None and before.tag == sdt.tag:
        first, before = before, before.getprevious()
    row = [first, *(el for el in first.itersiblings() if el.tag == sdt.tag)]
    said = [[t.text or "" for t in one.iter(_W + "t")] for one in row]
    whole = said[0][0] if len(said[0]) == 1 else ""
    # One of them shows the stretch and the whole side by side: nobody types that.
    twice = any(len(texts) == 2 and texts[1] == whole and texts[0] in whole for texts in said[1:])
    return bool(whole) and twice and all(texts[-1:] == [whole] for texts in said[1:])


def parted(text: str, breaks: int) -> str:
    """Text whose line breaks were lost, parted again where as many sentences meet without a space; else unchanged."""
    seams = [m.start() for m in _SEAM.finditer(text) if text[m.start()].isupper()]
    if len(seams) != breaks:
        return text
    starts = [0, *seams]
    return "\n".join(text[a:b] for a, b in zip(starts, [*seams, len(text)], strict=True))
