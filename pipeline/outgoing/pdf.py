"""Word documents come in; a copy of each as PDF/UA goes out, which screen readers can read and nobody can change."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.libreoffice import convert

# Starting takes two seconds and a plan half a second; what takes far longer hangs.
_TO_START, _FOR_EACH = 20.0, 2.0
_FILTER = "pdf:writer_pdf_Export:" + json.dumps({"PDFUACompliance": {"type": "boolean", "value": "true"}})
# What a PDF that is made to be read aloud says of itself (ISO 14289-1, 5).
_ACCESSIBLE = b"<pdfuaid:part>1</pdfuaid:part>"


class NoPdf(PipelineError):
    """LibreOffice made no copies; the message says what to do."""


def pdf_copies(documents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The PDF/UA-1 copies of .docx files by their file names, all in one start of LibreOffice.

    Raises:
        NoPdf: not every one of them could be made.
    """
    if not documents:
        return {}
    with tempfile.TemporaryDirectory(prefix="pipeline-") as place:
        folder = Path(place)
        # LibreOffice names what it makes after what it reads; a recipient's name may hold anything.
        sources = {name: folder / f"{number}.docx" for number, name in enumerate(documents)}
        for name, source in sources.items():
            source.write_bytes(documents[name])
        try:
            made = convert(list(sources.values()), _FILTER, folder, _TO_START + _FOR_EACH * len(sources))
            return {
                Path(name).with_suffix(".pdf").name: _accessible((made / f"{source.stem}.pdf").read_bytes())
                for name, source in sources.items()
            }
        except TimeoutError as e:
            raise NoPdf("LibreOffice did not make the PDF copies in time.") from e
        except OSError as e:
            raise NoPdf("LibreOffice could not make the PDF copies.") from e


def _accessible(pdf: bytes) -> bytes:
    """Versions before 7.4 take no notice of what they are asked for, and write any PDF."""
    if _ACCESSIBLE not in pdf:
        raise NoPdf("This LibreOffice makes no PDF/UA copies; version 7.4 or later does.")
    return pdf
