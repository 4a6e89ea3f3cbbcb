"""The properties of a run of text come in; whether it is struck out or hidden, and its font, go out."""

from __future__ import annotations

from lxml import etree

from pipeline.intake.word.word_file import WordFile
from pipeline.intake.word.word_tags import FONTS, RPR, STRIKE, STRIKE_TWICE, STYLE, VAL, VANISH, W, is_on

# Character styles that Word itself brings along, none of which hides or strikes out.
_PLAIN_STYLES = {"Hyperlink", "InternetLink", "PlaceholderText", "CommentReference", "FootnoteReference", "Strong"}


class Looks:
    """How runs look. The styles are read when the first run has one that Word does not bring along."""

    def __init__(self, file: WordFile) -> None:
        self._file = file
        self._styles: dict[str, tuple[bool, bool]] | None = None
        # Most forms have none of these, and a form has a thousand runs.
        self.matter = file.may_have(b"strike", b"vanish", b"rStyle", b"ingdings", b"ebdings", b"ymbol")

    def of(self, properties: etree._Element) -> tuple[bool, bool, str]:
        """Whether a run is struck out, whether it is hidden, and its font."""
        struck = hidden = False
        font = ""
        for el in properties:
            tag = el.tag
            if tag in (STRIKE, STRIKE_TWICE):
                struck = is_on(el)
            elif tag == VANISH:
                hidden = is_on(el)
            elif tag == FONTS:
                font = el.get(W + "ascii") or el.get(W + "hAnsi") or ""
            elif tag == STYLE and el.get(VAL) not in _PLAIN_STYLES:
                struck, hidden = self._style(el.get(VAL, ""))
        return struck, hidden, font

    def _style(self, name: str) -> tuple[bool, bool]:
        if self._styles is None:
            self._styles = {}
            root = self._file.related("styles")
            for style in root.iterchildren(W + "style") if root is not None else ():
                looks = style.find(RPR)
                base = style.find(W + "basedOn")
                struck, hidden = (
                    self._styles.get(base.get(VAL, ""), (False, False)) if base is not None else (False, False)
                )
                for el in looks if looks is not None else ():
                    struck = is_on(el) if el.tag in (STRIKE, STRIKE_TWICE) else struck
                    hidden = is_on(el) if el.tag == VANISH else hidden
                self._styles[style.get(W + "styleId", "")] = (struck, hidden)
        return self._styles.get(name, (False, False))
