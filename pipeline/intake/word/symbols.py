"""A character of a picture font (Wingdings and its like) comes in; the character that it looks like goes out."""

from __future__ import annotations

# By position in the font, which Word writes as F000 plus that number, or as the plain character.
_FONTS = {
    "wingdings": {
        0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x6C: "●", 0x6F: "☐", 0x71: "☐", 0x72: "☐", 0x78: "☒", 0xA7: "▪", 0xA8: "☐",
        0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xF3: "↔", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    },
    "wingdings 2": {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐"},
    "webdings": {0x61: "✓", 0x63: "☐", 0x72: "✗"},
    "symbol": {0xB7: "•", 0xD6: "√"},
}  # fmt: skip


def symbol(code: str, font: str) -> str:
    """One character by its hexadecimal number, as ``w:sym`` and tick-box controls name it; "" where that is none."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return symbol_text(chr(number), font) if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else ""


def symbol_text(text: str, font: str) -> str:
    """Text in any font; what is not set in a picture font comes back as it is."""
    known = _FONTS.get(font.lower())
    if known is None:
        if text.isascii() or not any("\uf000" <= c <= "\uf0ff" for c in text):
            return text
        return "".join(_FONTS["wingdings"].get(ord(c) - 0xF000, c) if "\uf000" <= c <= "\uf0ff" else c for c in text)
    return "".join(known.get(ord(c) & 0xFF, c) if ord(c) < 0x100 or "\uf000" <= c <= "\uf0ff" else c for c in text)
