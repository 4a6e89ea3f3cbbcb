"""The form layouts in a templates folder come in; typed Layouts go out."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import msgspec

from pipeline.errors import SettingsError
from pipeline.rules.form import WordKind
from pipeline.rules.layout import Layout, Layouts, MatrixLayout, WordLayout

_KINDS: dict[object, type[MatrixLayout] | type[WordLayout]] = {
    "matrix": MatrixLayout,
    **dict.fromkeys(get_args(WordKind), WordLayout),
}


def load_layouts(folder: Path) -> Layouts:
    """Read every ``*.toml`` in ``folder``.

    Raises:
        SettingsError: a layout cannot be read; the message names every fault with its file and place, one a line.
    """
    layouts: list[Layout] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            layouts.append(_load(path))
        except SettingsError as e:
            faults.append(str(e))
    for name, count in Counter(layout.name for layout in layouts).items():
        if count > 1:
            faults.append(f"{count} form layouts have the name “{name}”. Each needs a name of its own.")
    if faults:
        raise SettingsError("\n".join(faults))
    if not layouts:
        raise SettingsError(f"There is no form layout in {folder}. Copy the folder templates/forms there again.")
    return Layouts(
        tuple(x for x in layouts if isinstance(x, MatrixLayout)),
        tuple(x for x in layouts if isinstance(x, WordLayout)),
    )


def missing_kinds(layouts: Layouts) -> tuple[str, ...]:
    """The kinds of form that no layout describes: in a folder of an earlier version, those that came later."""
    there = {*(layout.kind for layout in layouts.matrices), *(layout.kind for layout in layouts.word_forms)}
    return tuple(str(kind) for kind in _KINDS if kind not in there)


def _load(path: Path) -> Layout:
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise SettingsError(f"{path.name}: {e}") from e
    kind = _KINDS.get(str(raw.get("kind")))
    if kind is None:
        first, *others = (f'"{kind}"' for kind in _KINDS)
        raise SettingsError(f"{path.name}: write kind = {first} at the top, or {', '.join(others)}.")
    from pipeline.intake.layout_faults import matrix_faults, word_faults, written_faults

    _refuse(path, written_faults(raw, kind))
    layout: Layout = msgspec.convert(raw, kind)
    _refuse(path, matrix_faults(layout) if isinstance(layout, MatrixLayout) else word_faults(layout))
    return layout


def _refuse(path: Path, faults: Iterable[str]) -> None:
    if told := "\n".join(f"{path.name}: {fault}" for fault in faults):
        raise SettingsError(told)
