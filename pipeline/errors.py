"""The faults this program names; each message is written to the person who can act on it."""


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


class SettingsError(PipelineError):
    """pipeline.toml, a form layout, a template or the address book is wrong; an administrator can mend that."""
