"""A Word file's styles and theme come in; the colours that its words are printed in, and on, go out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from lxml import etree

from tests.documents.word import SETTINGS, STYLES, A, W, Word

WHITE, BLACK = "FFFFFF", "000000"
# What clrSchemeMapping maps a theme colour from, and the theme's element of that name.
MAPPED = {"text1": "t1", "text2": "t2", "background1": "bg1", "background2": "bg2"}
THEME = {
    "dark1": "dk1",
    "dark2": "dk2",
    "light1": "lt1",
    "light2": "lt2",
    "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}


class Colours:
    """What the styles of a Word file make of a run's text and of what is behind it."""

    def __init__(self, word: Word) -> None:
        self._word = word

    @cached_property
    def styles(self) -> Mapping[str, etree._Element]:
        return {s.get(f"{W}styleId", ""): s for s in self._word.trees[STYLES].iter(f"{W}style")}

    @cached_property
    def default_paragraph(self) -> str:
        return next(s for s, e in self.styles.items() if e.get(f"{W}type") == "paragraph" and e.get(f"{W}default"))

    def chain(self, style: str) -> Iterator[etree._Element]:
        """The style and those that it is based on, the nearest first."""
        element = self.styles.get(style)
        while element is not None:
            yield element
            based = element.find(f"{W}basedOn")
            element = self.styles.get(based.get(f"{W}val", "")) if based is not None else None

    def of(self, run: etree._Element) -> tuple[str, list[str]]:
        """The colour of a run's text, and each colour that may lie behind it."""
        paragraph = next(run.iterancestors(f"{W}p"))
        own = [p for p in (run.find(f"{W}rPr"), paragraph.find(f"{W}pPr")) if p is not None]
        named = (_named(run, "rPr/{0}rStyle"), _named(paragraph, "pPr/{0}pStyle") or self.default_paragraph)
        styles = [*own, *(link for style in named for link in self.chain(style))]
        table = next(run.iterancestors(f"{W}tbl"), None)
        tables = list(self.chain(_named(table, "tblPr/{0}tblStyle"))) if table is not None else []
        colour = self._first(styles, "color") or self._first([*tables, *self._defaults], "color")
        behind = self._first(styles, "shd") or self._first(list(run.iterancestors(f"{W}tc"))[:1], "shd")
        # Which rows and columns a table style shades is for Word to say: the words must be read on each.
        return colour or BLACK, [behind] if behind else [WHITE, *self._shades(tables)]

    @property
    def _defaults(self) -> list[etree._Element]:
        return list(self._word.trees[STYLES].iter(f"{W}docDefaults"))

    def _shades(self, tables: list[etree._Element]) -> list[str]:
        shades = [self._resolved(e, "fill", "themeFill") for table in tables for e in table.iter(f"{W}shd")]
        return [shade for shade in shades if shade]

    def _first(self, elements: list[etree._Element], tag: str) -> str:
        """The colour that the first of the elements gives that gives one."""
        for element in elements:
            for found in element.iter(f"{W}{tag}"):
                names = ("val", "themeColor") if tag == "color" else ("fill", "themeFill")
                if colour := self._resolved(found, *names):
                    return colour
        return ""

    def _resolved(self, element: etree._Element, plain: str, theme: str) -> str:
        """Word goes by the theme where it is named; ``""`` for automatic."""
        named = element.get(f"{W}{theme}")
        if not named:
            value = element.get(f"{W}{plain}", "auto")
            return "" if value == "auto" else value
        colour = self._theme[self._mapping.get(MAPPED.get(named, named), named)]
        if tint := element.get(f"{W}{theme.replace('Color', '')}Tint"):
            part = int(tint, 16) / 255
            return "".join(f"{round(c * part + 255 * (1 - part)):02X}" for c in _channels(colour))
        if shade := element.get(f"{W}{theme.replace('Color', '')}Shade"):
            return "".join(f"{round(c * int(shade, 16) / 255):02X}" for c in _channels(colour))
        return colour

    @cached_property
    def _mapping(self) -> Mapping[str, str]:
        mapping = self._word.trees[SETTINGS].find(f"{W}clrSchemeMapping")
        return {} if mapping is None else {etree.QName(k).localname: str(v) for k, v in mapping.attrib.items()}

    @cached_property
    def _theme(self) -> Mapping[str, str]:
        scheme = next(self._word.trees["word/theme/theme1.xml"].iter(f"{A}clrScheme"))
        colours = {etree.QName(e).localname: e[0].get("lastClr") or e[0].get("val", "") for e in scheme}
        return colours | {long: colours[short] for long, short in THEME.items()}


def contrast(text: str, behind: str) -> float:
    """As WCAG 2.2 defines it: from 1 to 21."""
    light, dark = sorted((_luminance(text), _luminance(behind)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    shares = [c / 255 for c in _channels(colour)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour)
    return red, green, blue


def _named(element: etree._Element, path: str) -> str:
    found = element.find(f"{W}{path.format(W)}")
    return "" if found is None else str(found.get(f"{W}val"))
