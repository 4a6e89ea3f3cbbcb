"""A file system that fails as a share does, where that cannot be had for real: chosen calls of pathlib and os."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

Where = Callable[[Path], bool]


class FaultyFs:
    """Every fault is lifted by ``heal``, and at the end of the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.healed = False
        self.failed = 0

    def fail(self, call: str, code: int, where: Where, times: int = 10**6) -> None:
        """Let ``Path.<call>`` fail with ``code``, so often; ``os.link``, too, where ``call`` is "rename"."""
        left = [times]

        def broken(path: Path) -> bool:
            if self.healed or not left[0] or not where(path):
                return False
            left[0] -= 1
            self.failed += 1
            return True

        original = getattr(Path, call)

        def faulty(path: Path, *arguments: object, **options: object) -> object:
            if broken(path):
                raise OSError(code, os.strerror(code), os.fspath(path))
            return original(path, *arguments, **options)

        self._monkeypatch.setattr(Path, call, faulty)
        if call == "rename":
            link = os.link

            def faulty_link(source: Path, target: Path) -> None:
                if broken(source):
                    raise OSError(code, os.strerror(code), os.fspath(source))
                link(source, target)

            self._monkeypatch.setattr(os, "link", faulty_link)

    def hang(self, call: str, where: Where) -> threading.Event:
        """Let ``Path.<call>`` not come back until the event is set."""
        goes_on = threading.Event()
        original = getattr(Path, call)

        def slow(path: Path, *arguments: object) -> object:
            if where(path):
                self.failed += 1
                goes_on.wait(60)
            return original(path, *arguments)

        self._monkeypatch.setattr(Path, call, slow)
        return goes_on

    def place_elsewhere(self, where: Where) -> None:
        """Give files the attribute of OneDrive: recall on data access. Opening one fails as without a network."""
        original = Path.lstat

        def lstat(path: Path) -> object:
            status = original(path)
            if self.healed or not where(path):
                return status
            names = [n for n in dir(status) if n.startswith("st_")]
            return SimpleNamespace(st_file_attributes=0x400000, **{n: getattr(status, n) for n in names})

        self._monkeypatch.setattr(Path, "lstat", lstat)
        self.fail("open", errno.EIO, where)

    def heal(self) -> None:
        self.healed = True
