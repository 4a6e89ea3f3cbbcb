"""A Word file and what is asked in it come in; comments that ask it go out, and the sender's own comments stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from lxml import etree

from pipeline.intake.office_parts import Parts
from pipeline.intake.word.word_tags import CHARACTERS, ID, PPR, RPR, W14, P, R, T, W
from pipeline.rules.form import QUERY_AUTHOR

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_START, _END, _REFERENCE = (W + name for name in ("commentRangeStart", "commentRangeEnd", "commentReference"))
# Where replies and the state of a comment are kept, each year of Word in a part of its own.
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_W16 = "{http://schemas.microsoft.com/office/word/2016/wordml/cid}"
_W16_CEX = "{http://schemas.microsoft.com/office/word/2018/wordml/cex}"
_REPLY_TO = _W15 + "paraIdParent"
_NUMBERS = (W14 + "paraId", _W15 + "paraId", _W16 + "paraId", _W16 + "durableId", _W16_CEX + "durableId")


class Comments:
    """The comments of the document at ``main``."""

    def __init__(self, parts: Parts, main: str) -> None:
        self._parts = parts
        self._document = parts.edit(main)
        path = next(iter(parts.related(main, "comments").values()), None)
        if path is None:
            root = etree.Element(W + "comments", nsmap={"w": W[1:-1]})
            path = parts.add(f"{main.rpartition('/')[0]}/comments{{}}.xml".lstrip("/"), root, _COMMENTS_TYPE)
            parts.relate(main, "comments", path)
        self._path = path
        self._comments = parts.edit(path)

    def write(
        self, first: etree._Element, last: etree._Element, questions: Sequence[str], asked_at: dt.datetime
    ) -> None:
        """Ask ``questions`` in one comment, a paragraph each, round the paragraphs from ``first`` to ``last``."""
        # Also those of marks that have lost their comment.
        marks = self._document.iter(_START, _END, _REFERENCE)
        taken = {el.get(ID) for el in (*self._comments, *marks)}
        number = next(str(n) for n in range(100_000) if str(n) not in taken)
        # Never without a date: LibreOffice would save a comment that has none with one that does not exist.
        by = {W + "author": QUERY_AUTHOR, W + "initials": "?", W + "date": f"{asked_at:%Y-%m-%dT%H:%M:%S}Z"}
        comment = etree.SubElement(self._comments, W + "comment", {ID: number, **by})
        for question in questions:
            text = etree.SubElement(etree.SubElement(etree.SubElement(comment, P), R), T)
            text.text = question
        start = first.makeelement(_START, {ID: number})
        first.insert(1 if len(first) and first[0].tag == PPR else 0, start)
        etree.SubElement(last, _END, {ID: number})
        etree.SubElement(etree.SubElement(last, R), _REFERENCE, {ID: number})

    def take_back(self) -> None:
        """Take out what was asked the last time; what the sender wrote below it stays."""
        gone: set[str] = set()
        threads: set[str] = set()
        for comment in self._comments.findall(W + "comment"):
            paragraphs = comment.findall(P)
            ours = [p for p in paragraphs if _is_ours(p)]
            if not ours:
                continue
            if any(_said(p).strip() for p in paragraphs if p not in ours):
                for paragraph in ours:
                    comment.remove(paragraph)
            else:
                gone.add(comment.get(ID, ""))
                threads |= _numbers(*comment.iter(P))
                self._comments.remove(comment)
        if gone:
            self._unhang(gone)
            self._leave_threads(threads)

    def _unhang(self, gone: set[str]) -> None:
        for mark in [el for el in self._document.iter(_START, _END, _REFERENCE) if el.get(ID) in gone]:
            parent = mark.getparent()
            assert parent is not None
            parent.remove(mark)
            run, outer = parent, parent.getparent()
            if mark.tag == _REFERENCE and outer is not None and all(el.tag == RPR for el in run):
                outer.remove(run)

    def _leave_threads(self, gone: set[str]) -> None:
        """Word keeps beside the comments which is a reply to which, by the numbers of their paragraphs."""
        beside = [self._parts.edit(path) for path in self._parts.beside(self._path, "comments")]
        gone |= {number for root in beside for entry in root if _numbers(entry) & gone for number in _numbers(entry)}
        for root in beside:
            for entry in list(root):
                if _numbers(entry) & gone:
                    root.remove(entry)
                elif entry.get(_REPLY_TO) in gone:
                    del entry.attrib[_REPLY_TO]


def _numbers(*elements: etree._Element) -> set[str]:
    """The numbers by which the parts beside the comments know a paragraph or a comment."""
    return {el.get(name, "") for el in elements for name in _NUMBERS if el.get(name)}


def _said(paragraph: etree._Element) -> str:
    return "".join(el.text or "" if el.tag == T else CHARACTERS.get(el.tag, "") for el in paragraph.iter())


def _is_ours(paragraph: etree._Element) -> bool:
    lines = [line for line in _said(paragraph).split("\n") if line.strip()]
    return bool(lines) and all(line.lstrip().startswith(f"{QUERY_AUTHOR}:") for line in lines)
