"""Cases come in, in pages; each goes out rebuilt, by as many processes as are asked for.

A process asks for the next page when it has worked off the last, and tells of each case when it is done with it. Where
nobody listens any more, because the command was stopped or killed, it ends after the case in hand.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import signal
from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

from pipeline.drafting import Stationery
from pipeline.errors import PipelineError, SettingsError
from pipeline.garbage import collect_seldom
from pipeline.intake.layouts import load_layouts
from pipeline.outgoing.agencies import AddressBook
from pipeline.outgoing.logo import logo_of
from pipeline.outgoing.templates import Templates
from pipeline.rebuild import Rebuilt, rebuild_case
from pipeline.register import Register
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """Where documents are rebuilt. ``templates``: the folder in use."""

    settings: Settings
    templates: Path

    @property
    def register(self) -> Path:
        return self.settings.records / "register.sqlite"

    def stationery(self) -> Stationery:
        """What the documents are written with, as it is now.

        Raises:
            SettingsError: a layout cannot be read.
        """
        layouts = load_layouts(self.templates / "forms")
        book = AddressBook(self.templates / "agencies.xlsx", layouts.invitation_labels)
        return Stationery(self.settings, layouts, Templates(self.templates, logo_of(self.settings.sender)), book)


class ProcessDied(PipelineError):
    """A process ended over a case, for example because the system has no memory left."""

    def __init__(self) -> None:
        super().__init__("A process that wrote documents was ended. Run the same command again: it goes on.")


def rebuild_all(
    pages: Iterable[Sequence[str]], place: Place, now: dt.datetime, processes: int
) -> Generator[Rebuilt, None, None]:
    """Rebuild the cases of all ``pages``, in no order. Closing it stops it after the cases in hand.

    Raises:
        ShareGone: the outbox is not there as it was.
        ProcessDied: a process was ended from outside.
    """
    left = iter(pages)
    context = multiprocessing.get_context("spawn")
    with ExitStack() as ended, ExitStack() as stack:
        listening: list[Connection] = []
        for _ in range(processes):
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(there, place, now))
            process.start()
            there.close()
            ended.callback(process.join)  # once nobody listens any more
            listening.append(stack.enter_context(here))
        while listening:
            for here in _speaking(listening):
                match _heard(here):
                    case Rebuilt() as rebuilt:
                        yield rebuilt
                    case Exception() as error:
                        raise error
                    case _:
                        page = next(left, None)
                        here.send(page)
                        if page is None:
                            listening.remove(here)


def _speaking(listening: Sequence[Connection]) -> list[Connection]:
    ready = wait(listening)
    return [here for here in listening if here in ready]


def _heard(here: Connection) -> object:
    try:
        return here.recv()
    except (EOFError, ConnectionError) as e:
        raise ProcessDied from e


def _work(there: Connection, place: Place, now: dt.datetime) -> None:
    """In a process of its own: work off page after page, until there is none or nobody listens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it decides
    collect_seldom()
    try:
        with closing(Register.open(place.register)) as register:
            stationery = place.stationery()
            there.send(None)
            while (page := there.recv()) is not None:
                for ref in page:
                    there.send(rebuild_case(ref, stationery, register, now))
                there.send(None)
    except (EOFError, ConnectionError):
        return
    except SettingsError as e:
        there.send(SettingsError(str(e)))  # others cannot be made anew from what they say
    except PipelineError as e:
        there.send(PipelineError(str(e)))
