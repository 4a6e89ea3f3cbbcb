"""The council's logo, as the settings name it, comes in; the picture that letters and documents show goes out."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import SettingsError
from pipeline.settings import Sender

LOGO = "logo"
LOGO_CM = (5.0, 1.2)  # the placeholder in the templates has this size
_LARGEST = 1_000_000  # bytes: it is in every file of every pack
_LONGEST = 4000  # dots


def logo_of(sender: Sender) -> Mapping[str, bytes]:
    """The picture "logo"; nothing where no logo is set.

    It is never distorted: what its shape leaves free of the placeholder is transparent.

    Raises:
        SettingsError: the file is missing, no PNG, or too big.
    """
    if not sender.logo:
        return {}
    try:
        return {LOGO: _fitted(Path(sender.logo).read_bytes())}
    except _Unfit as e:
        raise SettingsError(f"pipeline.toml: sender.logo: {sender.logo} {e}") from e
    except OSError as e:
        raise SettingsError(f"pipeline.toml: sender.logo: {sender.logo} cannot be read: {e.strerror}.") from e


class _Unfit(Exception):
    """What is wrong with the file, as the end of a sentence."""


def _fitted(png: bytes) -> bytes:
    from PIL import Image  # only whoever has a logo pays for it

    if len(png) > _LARGEST:
        raise _Unfit("is larger than 1 MB. Save it smaller: it is in every letter.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a picture that would unpack to more than memory holds
            with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
                if max(opened.size) > _LONGEST:
                    raise _Unfit(f"is wider or higher than {_LONGEST} dots. Save it smaller.")
                logo = opened.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError) as e:
        raise _Unfit("is no PNG picture. Save the logo as PNG.") from e
    width, height = LOGO_CM
    room = (max(logo.width, round(logo.height * width / height)), max(logo.height, round(logo.width * height / width)))
    whole = Image.new("RGBA", room, (255, 255, 255, 0))
    whole.paste(logo, (0, (room[1] - logo.height) // 2))
    saved = io.BytesIO()
    whole.save(saved, "PNG")
    return saved.getvalue()
