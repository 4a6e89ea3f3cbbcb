"""An inbox of matrices comes in; their packs go out: the same job as anybody would write it, with no guard or register.

    python -m tests.benchmarks.plain_job INBOX OUTBOX PACK

PACK: a JSON file with what each document says, for that is not compared: this job only reads, scores, fills and writes.
"""

from __future__ import annotations

import base64
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from docxtpl import DocxTemplate

from tests.offices import TEMPLATES

_FREQUENCY = {"B": 0, "C": 1, "D": 2, "F": 3}
_TIMESCALE = {"H": 0, "I": 1, "J": 3}
_PROTECTIVE = {"M": 0, "N": -1, "O": -2}


def main(inbox: Path, outbox: Path, pack: Path) -> None:
    documents = json.loads(pack.read_text("utf-8"))
    for form in sorted(inbox.iterdir()):
        case, _, score = read(form)
        assert score == 51  # as on the form; what follows from it is given
        folder = outbox / case / form.stem
        folder.mkdir(parents=True)
        for document in documents:
            _write(folder / document["file_name"], fill(document))
        _flush(folder)
        form.unlink()


def read(form: Path) -> tuple[str, str, int]:
    """Case, name and score, from the cells of the form as it is shipped."""
    sheet = openpyxl.load_workbook(form, data_only=True).worksheets[0]

    def marked(values: Mapping[str, int], row: int) -> int:
        return sum(value for column, value in values.items() if sheet[f"{column}{row}"].value)

    behaviours = sum(marked(_FREQUENCY, row) + marked(_TIMESCALE, row) for row in range(9, 20))
    return sheet["I2"].value, sheet["B2"].value, behaviours + sum(marked(_PROTECTIVE, row) for row in range(9, 18))


def fill(document: Mapping[str, object]) -> bytes:
    word = DocxTemplate(TEMPLATES / f"{document['template']}.docx")
    pictures: Mapping[str, str] = document["pictures"]  # type: ignore[assignment]
    for name, png in pictures.items():
        word.replace_pic(name, io.BytesIO(base64.b64decode(png)))
    word.render(document["context"], autoescape=True)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


if __name__ == "__main__":
    arguments: Sequence[Path] = [Path(argument) for argument in sys.argv[1:]]
    main(*arguments)
