"""An unexpected exception comes in; a log line that says where it happened goes out, without what it says."""

from __future__ import annotations

import logging
import traceback

log = logging.getLogger(__name__)


def log_unexpected(what: str, error: BaseException) -> None:
    """Log the traceback without the message: an exception may quote the form."""
    log.error("%s: %s at\n%s", what, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
