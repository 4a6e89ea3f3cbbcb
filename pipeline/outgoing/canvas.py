"""Lines, boxes and words come in; the bytes of a PNG in four greys go out: the same drawing gives the same bytes."""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

# Pillow takes 0.03 s to import: only who draws a picture pays for it.
if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

DOTS_PER_CM = 200 / 2.54
BLACK, DARK, LIGHT, WHITE = range(4)
SMALL = 23  # dots: 8.3 points, the smallest that is read in print
Align = Literal["left", "centre", "right"]


class Canvas:
    """A white sheet of ``width`` by ``height`` dots; (0, 0) is its upper left corner."""

    def __init__(self, width: int, height: int) -> None:
        from PIL import Image, ImageDraw

        self.width, self.height = width, height
        self._image = Image.new("P", (-(-width // 4) * 4 + 4, height), WHITE)  # whole bytes, and one more: see ``band``
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self, x: float, y: float, text: str, align: Align = "left", ink: int = BLACK, paper: int = WHITE
    ) -> tuple[float, float]:
        """Write one line whose middle is at the height ``y``; its left and right end are returned."""
        tile = _tile(text, ink, paper)
        left = x - {"left": 0, "centre": tile.width / 2, "right": tile.width}[align]
        self._image.paste(tile, (round(left), round(y - tile.height / 2 + 2)))  # capitals in the middle
        return left, left + tile.width

    def line(self, x: float, y: float, x2: float, y2: float, width: int = 2, ink: int = BLACK) -> None:
        self._draw.line((x, y, x2, y2), ink, width)

    def dashes(self, x: float, x2: float, y: float) -> None:
        """A level line of dashes."""
        at = x
        while at < x2:
            self.line(at, y, min(at + 14, x2), y, 3)
            at += 26

    def box(
        self, left: float, top: float, right: float, bottom: float, fill: int = WHITE, edge: int = BLACK, width: int = 2
    ) -> None:
        self._draw.rectangle((left, top, right, bottom), fill, edge, width)

    def hatched(self, left: int, top: int, right: int, bottom: int) -> None:
        """A box full of slanting lines."""
        self._image.paste(_hatching(right - left, bottom - top), (left, top))
        self._draw.rectangle((left, top, right, bottom), None, BLACK, 2)

    def disc(self, x: float, y: float, radius: float, fill: int) -> None:
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill, BLACK, 4)

    def band(self) -> Band:
        """What was drawn, packed.

        Two bits a dot, each row in whole bytes behind a byte for its filter: 0, none. The sheet has four more dots at
        its right for that byte of the row below, so the rows need not be taken apart.
        """
        right = self._image.width - 4
        self._image.paste(BLACK, (right, 0, right + 4, self.height))
        rows = b"\0" + self._image.tobytes("raw", "P;2")[:-1]
        packer = zlib.compressobj(3, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(rows) + packer.flush(zlib.Z_FULL_FLUSH)
        return Band(self.width, self.height, packed, len(rows), zlib.adler32(rows))


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a picture from its left to its right edge: packed once, it stands in many.

    ``packed``: its rows, deflated to whole bytes; ``length`` and ``checksum`` (Adler-32) are those of the rows.
    """

    width: int
    height: int
    packed: bytes
    length: int
    checksum: int


def png(bands: Sequence[Band]) -> bytes:
    """Bands of one width, one below the other, as a file: greyscale, two bits a dot (RFC 2083)."""
    packed = b"".join([band.packed for band in bands])
    resolution = round(DOTS_PER_CM * 100)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L4s", len(content), kind) + content + struct.pack(">L", zlib.crc32(kind + content))
        for kind, content in (
            (b"IHDR", struct.pack(">2L5B", bands[0].width, sum(band.height for band in bands), 2, 0, 0, 0, 0)),
            (b"pHYs", struct.pack(">2LB", resolution, resolution, 1)),
            (b"IDAT", b"\x78\x01" + packed + b"\3\0" + struct.pack(">L", _checksum(bands))),
            (b"IEND", b""),
        )
    )


def _checksum(bands: Sequence[Band]) -> int:
    """The Adler-32 of all rows (RFC 1950), worked out from that of each band."""
    low, high = 1, 0
    for band in bands:
        high += (band.checksum >> 16) + (low - 1) * band.length
        low += (band.checksum & 0xFFFF) - 1
    return high % 65521 << 16 | low % 65521


@lru_cache(maxsize=1024)
def width_of(text: str) -> int:
    """How many dots ``text`` takes on one line."""
    return _tile(text, BLACK, WHITE).width


@lru_cache(maxsize=1024)
def wrapped(text: str, width: int, lines: int) -> tuple[str, ...]:
    """``text`` in at most so many lines of this width; what does not fit ends in three dots."""
    rows: list[str] = []
    for word in text.split():
        if rows and width_of(f"{rows[-1]} {word}") <= width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    kept = rows[:lines]
    if len(rows) > lines:
        kept[-1] += "..."
    return tuple(_cut(row, width) for row in kept)


def _cut(row: str, width: int) -> str:
    while width_of(row) > width and len(row) > 4:
        row = row.removesuffix("...")[:-1] + "..."
    return row


@lru_cache(maxsize=1024)
def _tile(text: str, ink: int, paper: int) -> Image:
    """One line of text, drawn once: letters are the dearest thing on a picture, and the same words come again."""
    from PIL import Image, ImageDraw

    font = _font()
    # The built-in font has neither accents nor dashes.
    plain = unicodedata.normalize("NFKD", text.replace("–", "-"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    size = (max(1, round(font.getlength(plain))), SMALL)
    shaded = Image.new("L", size, 0)
    ImageDraw.Draw(shaded).text((0, round(SMALL * 0.76)), plain, 255, font, anchor="ls")
    greys = [paper + round((ink - paper) * shade / 255) for shade in range(256)]
    return Image.frombytes("P", size, shaded.point(greys).tobytes())


@lru_cache(maxsize=1)
def _font() -> FreeTypeFont:
    """Pillow's own font and its plain way of setting it: no machine's fonts or libraries change the picture."""
    from PIL import ImageFont

    font = ImageFont.load_default(SMALL)
    if not isinstance(font, ImageFont.FreeTypeFont):  # pragma: no cover - only a Pillow built without FreeType
        raise RuntimeError("Pillow was built without FreeType.")
    return font.font_variant(layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=256)
def _hatching(width: int, height: int) -> Image:
    from PIL import Image, ImageDraw

    image = Image.new("P", (width, height), WHITE)
    draw = ImageDraw.Draw(image)
    for x in range(-height, width, 12):
        draw.line((x, height, x + height, 0), DARK, 2)
    return image
