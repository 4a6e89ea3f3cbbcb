"""One dropped file comes in; packs, a receipt or the form given back go out, and how each form in it ended."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.examine import examine_file
from pipeline.intake.inbox import Kept, Seen, keep, leave
from pipeline.publish import Arrival, Office, publish_packs, tell_sender
from pipeline.register import Entry
from pipeline.results import Result
from pipeline.rules.course import Believed
from pipeline.rules.form import Problem
from pipeline.unexpected import log_unexpected

log = logging.getLogger(__name__)


def work_off(path: Path, seen: Seen, office: Office) -> list[Result]:
    """One file's whole journey. Whatever goes wrong with it, it stays in the inbox and the others go on."""
    try:
        kept = keep(path, seen, office.settings.records / "originals")
        return journey(kept, office) if kept else [waiting(path, "changed", "The file is still changing.")]
    except PipelineError as e:
        log.error("a file waits in the inbox: %s", e)
        return [waiting(path, "waiting", "Something has to be put right by the administrator first.")]
    except OSError as e:
        log.error("a file waits in the inbox: %s", e.strerror)
        return [waiting(path, "waiting", "A file or folder could not be reached or written.")]
    except Exception as e:  # noqa: BLE001  the boundary for each file
        log_unexpected("a file waits in the inbox", e)
        return [waiting(path, "failed", "The program failed on this form.")]


def journey(kept: Kept, office: Office) -> list[Result]:
    """Every step may be repeated; the file leaves the inbox last, so that a crash anywhere means: run again."""
    register = office.register
    arrival = Arrival(kept.name, kept.sha256, kept.original, register.arrived(kept.sha256, office.clock()))
    before = register.accepted_before(kept.sha256)

    def held(case: str) -> Sequence[Believed]:
        return register.case(case, besides=kept.sha256)

    results = examine_file(kept.name, kept.read, office.layouts, held, before, arrival.received.date())
    results = publish_packs(results, arrival, held, office)
    register.record(kept.sha256, [_entry(r) for r in results if r.examined])
    tell_sender(results, arrival, office)
    leave(kept)
    register.told(kept.sha256)
    for result in results:
        log.info("%s %s %s", kept.sha256[:8], result.form or "no form", result.outcome)
    return results


def _entry(result: Result) -> Entry:
    outcome = "accepted" if result.outcome == "duplicate" else result.outcome
    return Entry(result.sheet or "", result.form or "", result.case, outcome, result.believed)


def waiting(path: Path, code: str, what: str) -> Result:
    """A file that stays in the inbox for now, and why."""
    problem = Problem("note", code, "the file", what, "Leave it in the inbox: it is tried again.")
    return Result(path.name, "waiting", problems=(problem,))
