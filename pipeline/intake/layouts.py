"""The form layouts in a templates folder come in; typed Layouts go out."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from pipeline.errors import SettingsError
from pipeline.rules.layout import Layouts, MatrixLayout, ReferralLayout

_KINDS: dict[object, type[MatrixLayout] | type[ReferralLayout]] = {"matrix": MatrixLayout, "referral": ReferralLayout}


def load_layouts(folder: Path) -> Layouts:
    """Read every ``*.toml`` in ``folder``.

    Raises:
        SettingsError: a layout cannot be read; the message names the file and the place in it.
    """
    matrices: list[MatrixLayout] = []
    referrals: list[ReferralLayout] = []
    for path in sorted(folder.glob("*.toml")):
        match _load(path):
            case MatrixLayout() as matrix:
                matrices.append(matrix)
            case ReferralLayout() as referral:
                referrals.append(referral)
    if not matrices and not referrals:
        raise SettingsError(f"There is no form layout in {folder}. Copy the folder templates/forms there again.")
    return Layouts(tuple(matrices), tuple(referrals))


def _load(path: Path) -> MatrixLayout | ReferralLayout:
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
        kind = _KINDS.get(raw.get("kind"))
        if kind is None:
            raise SettingsError(f'{path.name}: write kind = "matrix" or kind = "referral" at the top.')
        return msgspec.convert(raw, kind)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as e:
        raise SettingsError(f"{path.name}: {e}") from e
