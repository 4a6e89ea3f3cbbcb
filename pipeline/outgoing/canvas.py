"""Lines, boxes and words come in; the bytes of a PNG in four greys go out: the same drawing gives the same bytes."""

from __future__ import annotations

import struct
import unicodedata
import zlib
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
        self._image = Image.new("P", (width, height), WHITE)
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

    def png(self) -> bytes:
        """The file: greyscale, two bits a dot (RFC 2083). Pillow's own writer takes three times as long.

        A row like the one above is written as "no change" (filter 2): most are.
        """
        row = (self.width * 2 + 7) // 8
        dots = self._image.tobytes("raw", "P;2")
        lines = [dots[at : at + row] for at in range(0, len(dots), row)]
        same = b"\2" + bytes(row)
        pairs = zip([b"", *lines[:-1]], lines, strict=True)
        rows = b"".join([same if line == above else b"\0" + line for above, line in pairs])
        resolution = round(DOTS_PER_CM * 100)
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">L4s", len(content), kind) + content + struct.pack(">L", zlib.crc32(kind + content))
            for kind, content in (
                (b"IHDR", struct.pack(">2L5B", self.width, self.height, 2, 0, 0, 0, 0)),
                (b"pHYs", struct.pack(">2LB", resolution, resolution, 1)),
                (b"IDAT", zlib.compress(rows, 1)),
                (b"IEND", b""),
            )
        )


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
