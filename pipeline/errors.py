"""The faults this program names; each message is written to the person who can act on it."""

from __future__ import annotations


class PipelineError(Exception):
    """Base of every error that this program raises on purpose."""


class UnreadableFile(PipelineError):
    """The dropped file cannot be read as one of the forms; the sender can mend that.

    Args:
        code: a short, stable name of the fault, for example ``password``.
        what: what is wrong, as a sentence for the sender.
        remedy: how to put it right, as a sentence for the sender.
    """

    def __init__(self, code: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[UnreadableFile], tuple[str, str, str]]:
        # Exception would be made again from its message alone on the way back from a worker process.
        return type(self), (self.code, self.what, self.remedy)


class SettingsError(PipelineError):
    """pipeline.toml, a form layout, a template or the address book is wrong; an administrator can mend that."""


class TemplateError(SettingsError):
    """A Word template cannot be filled.

    The message names the file, the paragraph and the tag; where there are several faults, one a line.
    """
