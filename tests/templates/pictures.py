"""A name, words and a size come in; a placeholder picture in a template goes out.

In a template (plan.py, report.py, summary.py)::

    picture(page.word, "course", "{{ course_in_words }}", *COURSE_CM)

puts a picture of that size where the page stands. When the document is written, the picture of the same name in
``Document.pictures`` stands in its place, for example ``{"course": course_chart(points, thresholds)}``, and the tag is
filled with what a person hears who cannot see it, for example ``describe_course(points, thresholds)``. A picture that
is not given stays as it is here, blank: where there may be none, put it inside ``page.when(...)``.
"""

from __future__ import annotations

import io
import struct
import zlib

from docx.blkcntnr import BlockItemContainer
from docx.document import Document as WordDocument
from docx.shared import Cm
from docx.text.paragraph import Paragraph


def picture(
    where: WordDocument | BlockItemContainer,
    name: str,
    alt: str,
    width_cm: float,
    height_cm: float,
    style: str = "Normal",
) -> Paragraph:
    """A paragraph with nothing in it but the picture ``name``, in line with the text. ``alt``: its words, with tags."""
    paragraph = where.add_paragraph(style=style)
    paragraph.add_run().add_picture(io.BytesIO(placeholder(name)), Cm(width_cm), Cm(height_cm))
    for inline in paragraph._p.iter("{*}inline"):
        for side in "TBLR":  # where they are not given LibreOffice leaves 3 mm free
            inline.set(f"dist{side}", "0")
    for properties in paragraph._p.iter("{*}docPr", "{*}cNvPr"):  # Word goes by the first, docxtpl by the second
        properties.set("name", name)
        properties.set("descr", alt)
    return paragraph


def placeholder(name: str) -> bytes:
    """One white dot. It says its name: two pictures of the same bytes would be saved as one."""
    chunks = (
        (b"IHDR", struct.pack(">2L5B", 1, 1, 8, 0, 0, 0, 0)),
        (b"tEXt", b"Title\0" + name.encode("latin-1")),
        (b"IDAT", zlib.compress(b"\0\xff")),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L4s", len(content), kind) + content + struct.pack(">L", zlib.crc32(kind + content))
        for kind, content in chunks
    )
