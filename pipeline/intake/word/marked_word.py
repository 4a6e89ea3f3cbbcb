"""A returned Word form and its problems come in; a copy with a Word comment at each queried answer goes out.

The parts of the file are edited, not rewritten: whatever stands in them besides the comments stays as it came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise

from lxml import etree

from pipeline.intake.office_parts import NOT_AS_EXPECTED, Parts
from pipeline.intake.word.passage import Passage
from pipeline.intake.word.word_comments import Comments
from pipeline.intake.word.word_form import read_word_form, recognise
from pipeline.intake.word.word_tags import SDT_CONTENT, P
from pipeline.intake.word.word_text import read_word
from pipeline.rules.form import QUERY_AUTHOR, Problem
from pipeline.rules.layout import WordLayout
from pipeline.unexpected import log_unexpected

_Span = tuple[str, str]
"""The first and the last paragraph of what is queried, by their paths in the document."""


def mark_word(
    data: bytes, problems: Sequence[Problem], layouts: Sequence[WordLayout], asked_at: dt.datetime
) -> bytes | None:
    """A copy of a .docx or .docm form, to be completed and dropped again: the same copy for the same form and time.

    Only what the form goes back for is marked. None where none of that has a place on the form, and where the copy
    might lose something: signed forms, "Strict" ones, those that are not built as expected, and whatever would not
    read as the form itself does.
    """
    try:
        parts = Parts(data)
        asked = {} if parts.signed else _asked(data, problems, layouts)
        if not asked:
            return None
        _comment(parts, asked, asked_at)
        copy = parts.whole()
        return copy if read_word_form(copy, layouts) == read_word_form(data, layouts) else None
    except NOT_AS_EXPECTED:
        return None
    except Exception as e:  # noqa: BLE001  the note goes back without a copy, and the program goes on
        log_unexpected("a form could not be marked", e)
        return None


def _comment(parts: Parts, asked: Mapping[_Span, Sequence[str]], asked_at: dt.datetime) -> None:
    main = parts.named("", "officeDocument")
    root = parts.edit(main)
    spans = [(_element(root, first), _element(root, last), words) for (first, last), words in asked.items()]
    comments = Comments(parts, main)
    comments.take_back()
    for first, last, words in spans:
        comments.write(first, last, words, asked_at)


def _element(root: etree._Element, path: str) -> etree._Element:
    found = root.find(path)
    if found is None:
        raise KeyError(path)
    return found


def _asked(data: bytes, problems: Sequence[Problem], layouts: Sequence[WordLayout]) -> dict[_Span, list[str]]:
    """What is asked at each place, found by the reader itself: the place of an answer is where it looks for it."""
    found = recognise(read_word(data), layouts)
    if found is None:
        return {}
    layout, findings = found
    asked: dict[_Span, list[str]] = {}
    for problem in problems:
        if problem.severity != "return":
            continue
        if span := _span(_passages(problem.where, layout, findings.places)):
            words = " ".join(f"{QUERY_AUTHOR}: {problem.what} {problem.remedy}".split())
            if words not in asked.setdefault(span, []):
                asked[span].append(words)
    return asked


def _passages(where: str, layout: WordLayout, places: Mapping[str, Sequence[Passage]]) -> Sequence[Passage]:
    """The label and its answer; for a section, or where the label is gone, the heading, or what else is left of it."""
    place = next((s.place for s in layout.sections if _is_in(where, s.place)), None)
    if place is None:
        return ()
    if where != place and where in places:
        return places[where]
    left = (found for w, found in places.items() if _is_in(w, place))
    return (places.get(place) or next(left, ()))[:1]


def _is_in(where: str, place: str) -> bool:
    return where == place or where.startswith(f"{place}, ")


def _span(passages: Sequence[Passage]) -> _Span | None:
    """The paragraphs of an answer; of a blank one or a box, from its label to it or from it to its label."""
    if not passages:
        return None
    label, *answers = passages
    answer = next((a for a in answers if any(c.isalnum() for c in a.text) and _lasting(a)), None)
    if answer is not None:
        chosen = _lasting(answer)
    else:
        of_label = [] if label.element is None else list(label.element.iter(P))
        chosen = of_label and sorted([*of_label, *next((_lasting(a) for a in answers), [])], key=_order)
    return (_path(chosen[0]), _path(chosen[-1])) if chosen else None


def _order(el: etree._Element) -> list[int]:
    """Where an element stands in the document, to sort by."""
    line = [el, *el.iterancestors()][::-1]
    return [outer.index(inner) for outer, inner in pairwise(line)]


def _lasting(passage: Passage) -> list[etree._Element]:
    """The paragraphs of a passage but those in a content control round them: who fills that, exchanges all of it."""
    el = passage.element
    parent = el.getparent() if el is not None else None
    if el is None or (parent is not None and parent.tag == SDT_CONTENT):
        return []
    return [el] if el.tag == P else list(el.iterchildren(P))


def _path(el: etree._Element) -> str:
    return el.getroottree().getelementpath(el)
