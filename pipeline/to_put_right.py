"""What is wrong with templates, layouts and address book comes in; a note in the outbox, for administrators, goes out.

It says what keeps forms waiting, and is gone when nothing does any more. Programs that share an outbox share the note:
each adds and takes away its own lines alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Set
from pathlib import Path

from pipeline.files import write_durably

log = logging.getLogger(__name__)

NOTE = "TEMPLATES TO PUT RIGHT.txt"
_ABOVE = """\
Forms wait in the inbox because of what is listed here. Put it right and save the file: they then go on by themselves.
`pipeline templates check` names every fault of every template.

"""


class ToPutRight:
    """The note in one outbox, as one program keeps it."""

    def __init__(self, outbox: Path) -> None:
        self._path = outbox / NOTE
        self._mine: frozenset[str] | None = None  # None: not looked yet; a program that has ended may have left a note

    def tell(self, faults: Iterable[str], *, waits: bool) -> None:
        """Say what keeps forms waiting now. ``waits``: whether anything lies in the inbox at all."""
        mine = frozenset(line for fault in faults for line in fault.splitlines())
        if waits and not mine and self._mine == frozenset():
            return
        try:
            listed = self._listed()
            others = listed - self._mine if self._mine is not None and waits else set()
            if (wanted := others | mine) != listed:
                self._write(wanted)
            self._mine = mine
        except OSError as e:  # told again at the next look
            log.warning("the note %s cannot be written: %s", NOTE, e.strerror)

    def _listed(self) -> set[str]:
        try:
            text = self._path.read_text("utf-8-sig")
        except FileNotFoundError:
            return set()
        return {line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")}

    def _write(self, lines: Set[str]) -> None:
        if lines:
            text = _ABOVE + "".join(f"- {line}\n" for line in sorted(lines))
            shown = text.replace("\n", "\r\n").encode("utf-8-sig")  # as Windows Notepad shows it
            write_durably(self._path, shown, self._path.parent)
        else:
            self._path.unlink(missing_ok=True)
