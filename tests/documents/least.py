"""A Word file and what people wrote on the forms come in; what the file gives away beyond what it may goes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from lxml import etree

from tests.documents.word import CORE, CP, DC, DOCUMENT, W, Word, text

APP = "docProps/app.xml"
LAST_PAGE, MARK = "Heading1LastPage", "must not be shared with the family"
# Who made a file, when they were paid for it, and where it lay on their disk.
SIGNED = (f"{DC}creator", f"{CP}lastModifiedBy", f"{DC}description", f"{DC}subject", f"{CP}keywords", f"{CP}category")
PERSONAL = {"Company", "Manager", "Template", "HyperlinkBase", "TotalTime"}
# Parts that hold words which are not printed, or say who wrote them.
HIDDEN = ("customXml/", "docProps/custom.xml", "docProps/thumbnail", "word/comments", "word/people", "word/glossary")
IN_SETTINGS = ("attachedTemplate", "mailMerge", "docVars", "rsids", "saveThroughXslt")


def leaks(name: str, content: bytes, said: Mapping[str, str], may_say: Collection[str] = ()) -> list[str]:
    """The answers, by name, that stand anywhere in the file or in its ``name``, but for those that it may say."""
    word = Word(content)
    places = [name, *(_everything_in(tree) for tree in word.trees.values())]
    places += [part.decode("utf-8", "ignore") for part in word.parts.values()]
    return [answer for answer, value in said.items() if answer not in may_say and any(value in p for p in places)]


def _everything_in(tree: etree._Element) -> str:
    """All text of a part, however its runs divide it, and all attributes."""
    attributes = (str(value) for element in tree.iter(etree.Element) for value in element.values())
    return "\n".join(["".join(map(str, tree.itertext())), text(tree), *attributes])


def faults(content: bytes) -> list[str]:
    word = Word(content)
    return [fault for rule in RULES for fault in rule(word)]


def _signed(word: Word) -> Iterator[str]:
    for tag in SIGNED:
        if (word.trees[CORE].findtext(tag) or "").strip():
            yield f"the properties give the {etree.QName(tag).localname}"
    for element in word.trees[APP]:
        if (name := etree.QName(element).localname) in PERSONAL and (element.text or "").strip():
            yield f"the properties give the {name}"


def _hidden(word: Word) -> Iterator[str]:
    for name in word.names:
        if name.startswith(HIDDEN):
            yield f"{name}: the part is not printed"
    for tag in IN_SETTINGS:
        if word.trees["word/settings.xml"].find(f"{W}{tag}") is not None:
            yield f"the settings hold {tag}"
    for name, tree in word.pages:
        for tag in ("ins", "del", "vanish", "commentReference"):
            if next(tree.iter(f"{W}{tag}"), None) is not None:
                yield f"{name}: {tag} holds words that are not printed"


def _linked_outside(word: Word) -> Iterator[str]:
    for name, tree in word.trees.items():
        for relationship in tree.iter("{*}Relationship"):
            if relationship.get("TargetMode") == "External":
                yield f"{name}: {relationship.get('Target')} is outside the file"


RULES: tuple[Callable[[Word], Iterator[str]], ...] = (_signed, _hidden, _linked_outside)


def before_last_page(content: bytes) -> str:
    """What is printed before the page that comes off, in the whole file where there is no such page.

    Raises:
        AssertionError: what comes off does not begin a page, is not marked, or is not the end.
    """
    word = Word(content)
    blocks = list(word.body.iterchildren(f"{W}p", f"{W}tbl"))
    begins = [n for n, block in enumerate(blocks) if _style(block) == LAST_PAGE]
    headers = "".join(text(tree) for name, tree in word.pages if name != DOCUMENT)
    if not begins:
        return headers + "\n".join(map(text, blocks))
    heading = blocks[begins[0]]
    style = next(s for s in word.trees["word/styles.xml"].iter(f"{W}style") if s.get(f"{W}styleId") == LAST_PAGE)
    assert style.find(f"{W}pPr/{W}pageBreakBefore") is not None, "the last page does not begin on a page of its own"
    assert MARK in text(heading), "the last page is not marked"
    after = [_style(block) for block in blocks[begins[0] + 1 :]]
    assert not any(name.startswith("Heading1") for name in after), "the last page is not the last"
    return headers + "\n".join(map(text, blocks[: begins[0]]))


def _style(block: etree._Element) -> str:
    style = block.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val"))
