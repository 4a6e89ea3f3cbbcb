"""The bytes of an Excel 97 to 2003 workbook come in; what calamine does not tell of each sheet goes out.

The file is a container ([MS-CFB]) with a stream of records ([MS-XLS] 2.3, whose names the constants bear).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pipeline.errors import UnreadableFile
from pipeline.intake.excel.sheet_facts import Floating, Look, Place, SheetFacts, number_format, protected

_FORMULA, _EOF, _NOTE, _FONT, _FILEPASS, _CONTINUE, _OBJ, _BOUNDSHEET = 0x06, 0x0A, 0x1C, 0x31, 0x2F, 0x3C, 0x5D, 0x85
_MULRK, _MULBLANK, _XF, _LABELSST, _TXO = 0xBD, 0xBE, 0xE0, 0xFD, 0x1B6
_SST, _DIMENSIONS = 0xFC, 0x200
_BLANK, _NUMBER, _LABEL, _BOOLERR, _RK, _FORMAT = 0x201, 0x203, 0x204, 0x205, 0x27E, 0x41E
_CELLS = {_FORMULA, _LABELSST, _BLANK, _NUMBER, _LABEL, _BOOLERR, _RK}
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_WHITE = (1, 9, 65)
_TICK_BOXES = (11, 12)  # check box, option button

_END = 0xFFFFFFFA  # sector numbers from here up are no sectors


def xls_facts(content: bytes) -> dict[str, SheetFacts]:
    """Facts by sheet name.

    It also stands guard before calamine, which takes a damaged file at its word: asked for more memory than there is,
    it takes the whole program down with it.

    Raises:
        UnreadableFile: it is closed with a password, or older than Excel 97.
        ValueError, IndexError, struct.error: the file is damaged.
    """
    stream = _stream(content, "Workbook")
    if stream is None:
        raise UnreadableFile(
            "old-excel",
            "This workbook was saved by a very old Excel, or is damaged, so it cannot be read.",
            "Open it in Excel, save it as an Excel workbook (.xlsx) and drop that.",
        )
    fonts: list[tuple[str, bool]] = []
    formats: dict[int, str] = {}
    styles: list[tuple[int, int, bool]] = []
    sheets: list[tuple[str, int]] = []
    for kind, body in _records(stream, 0):
        if kind == _FONT:
            fonts.append((_text(body[14], body[15:]), bool(body[2] & 8)))
        elif kind == _FILEPASS:
            raise protected()  # all that follows is ciphered
        elif kind == _SST and struct.unpack_from("<I", body, 4)[0] > len(stream):
            raise ValueError("more texts than the file can hold")
        elif kind == _FORMAT:
            formats[_short(body, 0)] = _text(_short(body, 2), body[4:])
        elif kind == _XF:
            styles.append((_short(body, 0), _short(body, 2), _is_coloured(body)))
        elif kind == _BOUNDSHEET:
            sheets.append((_text(body[6], body[7:]), struct.unpack_from("<I", body)[0]))
    looks = []
    for font, format_, coloured in styles:
        # There is no font 4: 5 is the fifth in the list ([MS-XLS] 2.5.129).
        name, struck = fonts[font - (font > 4)] if font - (font > 4) < len(fonts) else ("", False)
        looks.append(Look.of(name, struck, coloured, *number_format(formats.get(format_, ""))))
    return {name: _sheet(stream, start, looks) for name, start in sheets}


def _sheet(stream: bytes, start: int, looks: list[Look | None]) -> SheetFacts:
    facts = SheetFacts()
    said: dict[int, str] = {}  # the text of the sheet's objects, by number
    notes: list[tuple[Place, int, str]] = []
    number = letters = 0
    for kind, body in _records(stream, start):
        if kind == _DIMENSIONS:
            top, bottom, left, right = struct.unpack_from("<IIHH", body)
            if bottom > 65_536 or right > 256 or top > bottom or left > right:
                raise ValueError("a sheet larger than this kind of file can hold")
        elif kind in _CELLS:
            place = _short(body, 0), _short(body, 2)
            facts.look(place, looks[_short(body, 4)], holds=kind != _BLANK)
            if kind == _FORMULA:
                facts.formulas.add(place)
            # A formula's value that is no number ends in FFFF and begins with its kind: 2 is an error.
            if (kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2) or (kind == _BOOLERR and body[7]):
                facts.texts[place] = _ERRORS.get(body[8] if kind == _FORMULA else body[6], "#ERROR!")
        elif kind in (_MULBLANK, _MULRK):
            row, column = _short(body, 0), _short(body, 2)
            step = 2 if kind == _MULBLANK else 6
            for i, at in enumerate(range(4, len(body) - 2, step)):
                facts.look((row, column + i), looks[_short(body, at)], holds=kind == _MULRK)
        elif kind == _OBJ:
            number = _short(body, 6)
            if _short(body, 4) in _TICK_BOXES:
                facts.floating.append(Floating(None, True))
        elif kind == _TXO:
            letters = _short(body, 10)
        elif kind == _CONTINUE and letters:
            text = _text(letters, body)
            said[number] = said.get(number, "") + text
            letters -= len(text)
        elif kind == _NOTE:
            notes.append(((_short(body, 0), _short(body, 2)), _short(body, 6), _text(_short(body, 8), body[10:])))
    for place, number, author in notes:
        facts.comment(place, author, said.get(number, ""))
    return facts


def _is_coloured(style: bytes) -> bool:
    pattern = struct.unpack_from("<I", style, 14)[0] >> 26
    return pattern > 1 or (pattern == 1 and _short(style, 18) & 0x7F not in _WHITE)


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records from one beginning-of-file record to its end-of-file record."""
    at = start
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _EOF:
            return
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _short(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 2], "little")


def _text(letters: int, body: bytes) -> str:
    """A string of so many letters: a byte that tells whether they take two bytes each, then they."""
    return (
        body[1 : 1 + 2 * letters].decode("utf-16-le") if body[:1] == b"\1" else body[1 : 1 + letters].decode("latin-1")
    )


def _stream(content: bytes, name: str) -> bytes | None:
    """One stream of the container; None where it is not there, or so small (under 4 KB) that it lies elsewhere."""
    size = 1 << _short(content, 30)

    def sector(number: int) -> bytes:
        return content[size * (number + 1) : size * (number + 2)]

    def longs(body: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(body) // 4}I", body)

    # The first 109 sectors of the table reach over 7 MB; in a larger file what lies beyond raises IndexError.
    index = longs(content[76:512])
    follows = [number for at in index if at < _END for number in longs(sector(at))]

    def chain(number: int) -> bytes:
        found: list[bytes] = []
        while number < _END and len(found) <= len(follows):  # a chain that bites its tail ends too
            found.append(sector(number))
            number = follows[number]
        return b"".join(found)

    directory = chain(struct.unpack_from("<I", content, 48)[0])
    for at in range(0, len(directory), 128):
        entry = directory[at : at + 128]
        if entry[: max(_short(entry, 64) - 2, 0)].decode("utf-16-le", "replace") == name:
            first, length = struct.unpack_from("<II", entry, 116)
            return chain(first)[:length] if length >= 4096 else None
    return None
