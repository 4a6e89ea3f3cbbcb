"""One dropped file comes in; packs, a receipt or the form given back go out, and how each form in it ended."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pipeline.audit import Event
from pipeline.errors import PipelineError, SettingsError
from pipeline.examine import examine_file, hold_against, on_record
from pipeline.files import alone, shown
from pipeline.intake.claims import Claim
from pipeline.intake.inbox import Kept, keep, read_mark
from pipeline.intake.word.old_word import readable
from pipeline.publish import Arrival, Office, publish_packs, tell_sender
from pipeline.register import Entry
from pipeline.results import Result
from pipeline.rules.form import Form, Problem
from pipeline.unexpected import log_unexpected

log = logging.getLogger(__name__)

ARRIVING, TO_PUT_RIGHT = "arriving", "to-put-right"
_FINISH_FIRST = (
    "The form whose documents are in {} is finished first. If it is not in the inbox any more, drop it there again."
)


def work_off(claim: Claim, still_for: float, office: Office) -> list[Result]:
    """One claimed file's whole journey. Whatever goes wrong with it, it goes back to the inbox and the others go on.

    ``still_for``: the seconds that the file has lain still, which tell a damaged one from one that is still arriving.
    """
    try:
        kept = keep(claim.path, claim.seen, office.settings.records / "originals")
        results = _alone(claim, kept, still_for, office) if kept else _waits(claim, ARRIVING, "It is still changing.")
    except SettingsError as e:  # an administrator's template: it says nothing of what is on the form
        log.error("a file waits in the inbox: %s", e)
        results = _waits(claim, TO_PUT_RIGHT, str(e))
    except PipelineError as e:
        log.error("a file waits in the inbox: %s", e)
        results = _waits(claim, "waiting", "Something has to be put right by the administrator first.")
    except OSError as e:
        log.error("a file waits in the inbox: %s", e.strerror)
        results = _waits(claim, "waiting", "A file or folder could not be reached or written.")
    except Exception as e:  # noqa: BLE001  the boundary for each file
        log_unexpected("a file waits in the inbox", e)
        results = _waits(claim, "failed", "The program failed on this form.")
    if any(r.outcome == "waiting" for r in results):
        office.claims.put_back(claim)
    return results


def _alone(claim: Claim, kept: Kept, still_for: float, office: Office) -> list[Result]:
    """Two programs never work on the same content: it may lie here twice, or its first program may only be slow."""
    with alone(kept.original) as mine:
        if mine and kept.original.stat().st_size == kept.size:  # not forgotten with its case this very moment
            return _journey(claim, kept, still_for, office)
    return _waits(claim, ARRIVING, "Another program is working on the very same form.")


def _journey(claim: Claim, kept: Kept, still_for: float, office: Office) -> list[Result]:
    """Every step may be repeated; the file leaves the inbox last, so that a crash anywhere means: run again."""
    register = office.register
    arrival = Arrival(kept.name, kept.sha256, kept.original, register.arrived(kept.sha256, kept.size, office.clock()))

    def read() -> tuple[Form, ...]:
        with readable(kept.original, kept.name) as (path, name):
            return office.workers.read(path, name)

    results = examine_file(kept.name, read, office.layouts, arrival.received.date())
    if still_for < office.settings.damaged_after_seconds and _looks_cut_off(results):
        return _waits(claim, ARRIVING, "It is not complete yet.")
    cases = {r.case for r in results if r.case}
    with hold_cases(cases, office.settings.records) as mine:
        if not mine:
            return _waits(claim, ARRIVING, "Another form of the same young person is being worked on.")
        if left := _left_unrecorded(cases, kept.sha256, office):
            return _waits(claim, ARRIVING, _FINISH_FIRST.format(left))
        known = on_record(register, kept.sha256)
        results, drafted = publish_packs(hold_against(results, known), arrival, known, office)
        if gone := share_gone(office):
            raise ShareGone(gone)  # the pack lies where nobody will see it
        register.record(kept.sha256, [_entry(r, kept) for r in results], drafted, office.clock())
    tell_sender(results, arrival, office)
    office.claims.release(claim)
    register.told(kept.sha256)
    for result in results:
        log.info("%s %s %s", kept.sha256[:8], result.form or "no form", result.outcome)
    return results


def _left_unrecorded(cases: Iterable[str], besides: str, office: Office) -> str:
    """A pack of these cases that a program published and died before it was recorded; ``""`` where there is none.

    Nobody else may draft for its case before it is: the same letters would be written a second time.
    """
    folders = (folder for ref in sorted(cases) for folder in office.register.unrecorded(ref, besides))
    return next((folder for folder in folders if (office.settings.outbox / folder).exists()), "")


@contextmanager
def hold_cases(refs: Iterable[str], records: Path) -> Iterator[bool]:
    """Hold cases against other programs: two forms drafted for at once would each send the same letters.

    False where another program holds one of them.
    """
    folder = records / "cases"
    folder.mkdir(exist_ok=True)
    with ExitStack() as held:
        names = sorted({hashlib.sha256(ref.encode()).hexdigest()[:16] for ref in refs})
        yield all(held.enter_context(alone(folder / name)) for name in names)


def _looks_cut_off(results: Sequence[Result]) -> bool:
    """Whether the file may only not be whole yet: a slow copy, or space that Windows has set aside for one."""
    return any(p.code in ("empty", "damaged") for r in results if not r.examined for p in r.problems)


def _entry(result: Result, kept: Kept) -> Entry:
    return Entry(
        sheet=result.sheet or "",
        kind=result.form or "",
        case=result.case,
        outcome=result.outcome,
        believed=result.believed,
        name=kept.name,
        events=_events(result, kept.sha256),
    )


def _events(result: Result, sha256: str) -> tuple[Event, ...]:
    """What the audit record says of one form: figures, codes and hashes, nothing that anybody wrote."""
    details: dict[str, object] = {"form": result.form, "codes": sorted({p.code for p in result.problems})}
    if result.examined and result.examined.score:
        total = result.examined.score.total
        details |= {"band": result.examined.band, "low": total.low, "high": total.high}
    decided = Event(result.outcome, sha256, result.case, details)
    if not result.documents:
        return (decided,)
    documents = {d.path: d.sha256 for d in result.documents}
    return decided, Event("published", sha256, result.case, {"documents": documents})


class ShareGone(PipelineError):
    """A folder is not there as it was; whoever sees to the share can mend that."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The {name} is not there as it was: its share is gone, or another folder stands in its place. Nothing was "
            f"done. If the folder was made anew on purpose, run `pipeline init` on it."
        )


def share_gone(office: Office) -> str:
    """Which of inbox and outbox is not there as it was, because its share is gone; ``""`` where both are."""
    for name, folder in (("inbox", office.settings.inbox), ("outbox", office.settings.outbox)):
        if not read_mark(folder) and office.register.mark_of(folder):
            return name
    return ""


def waiting(name: str, code: str, what: str) -> Result:
    """A file that stays in the inbox for now, and why."""
    problem = Problem("note", code, "the file", what, "Leave it in the inbox: it is tried again.")
    return Result(shown(name), "waiting", problems=(problem,))


def _waits(claim: Claim, code: str, what: str) -> list[Result]:
    return [waiting(claim.name, code, what)]
