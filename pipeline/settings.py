"""pipeline.toml comes in; one frozen Settings goes out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from pipeline.errors import SettingsError


class Sender(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who the letters come from. What is blank prints as a labelled blank."""

    council: str = ""
    service: str = ""
    address: tuple[str, ...] = ()
    telephone: str = ""  # whom to call about a letter
    email: str = ""
    logo: str = ""  # a PNG file, at the top of letters and documents
    panel_name: str = "Complex Case Panel"
    panel_chair: str = "Service Director, Children and Families"
    panel_deputy: str = "Director of Children's Services, Health"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that is set once for an installation. Folders are relative to the folder of pipeline.toml."""

    inbox: Path = Path("inbox")
    outbox: Path = Path("outbox")
    records: Path = Path("records")
    templates: Path = Path("templates")
    settle_seconds: float = 1.0  # a file is taken once its size and time have stood still for so long
    sweep_seconds: float = 1.0  # the inbox is listed this often, also where no file event ever comes
    damaged_after_seconds: float = 5.0  # a file that is not whole is given back once it has lain still for so long
    lease_seconds: float = (
        5.0  # a program that gives no sign for so long is dead; its files are taken over (at most 10)
    )
    patience_seconds: float = 60.0  # `run` waits so long for a file that keeps growing, then says that it is waiting
    group: str = ""  # a group of this machine that may read records and outbox, besides their owner
    events: bool = True  # listen for file events, which only bring the next sweep forward
    reply_days: int = 7  # letters ask for a reply within so many days of their date
    keep_years: Annotated[int, msgspec.Meta(ge=0, le=150)] = 0  # `due` asks about cases silent for so long; 0: never
    legal_hold: tuple[str, ...] = ()  # cases that `forget` must not erase
    sender: Sender = Sender()

    def with_folders(self, folders: Mapping[str, Path]) -> Settings:
        """The same settings with some of the folders given on the command line."""
        return msgspec.structs.replace(self, **folders)


def packaged_templates() -> Path:
    """The templates as shipped: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    return next(p for p in (package / "templates", package.parent / "templates") if p.is_dir())


def load_settings(path: Path) -> Settings:
    """Read ``path``; where it is not there, the defaults.

    Raises:
        SettingsError: the file is not TOML, or has an unknown or wrong setting, which the message names.
    """
    if not path.is_file():
        return Settings()
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8-sig")), Settings, dec_hook=_convert)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as e:
        raise SettingsError(f"{path.name}: {e}") from e


def _convert(kind: type, value: object) -> object:
    """Folders are written as text."""
    return kind(value)
