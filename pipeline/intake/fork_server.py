"""Nothing comes in; how worker processes come to be goes out: never as copies of this process.

Its threads would leave their locks behind in a copy. A fork server copies itself instead: it has no threads, and what
most workers need is imported already (measured: 7 ms a worker, against 300 ms by spawn). Windows has none.
"""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.context import ForkServerContext, SpawnContext

# What a worker needs before the first file; the fork server imports it once, while the program itself still starts.
# The reader of Word forms is not among them: who checks a workbook would wait for it, and a worker reads hundreds.
_READERS = ["pipeline.intake.worker", "pipeline.intake.readers", "pipeline.intake.excel.matrix"]


def context() -> ForkServerContext | SpawnContext:
    """What starts a worker; its fork server is already on its way."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    from multiprocessing.forkserver import ensure_running

    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(_READERS)
    ensure_running()
    return forking
