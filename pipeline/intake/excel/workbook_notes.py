"""A sheet of a workbook and what is asked at its cells come in; a note at each of those cells goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from pipeline.intake.excel.note_boxes import NoteBoxes
from pipeline.intake.excel.sheet_facts import Place, cell_name, own_words, place_of
from pipeline.intake.office_parts import MAIN, Parts, child
from pipeline.rules.form import QUERY_AUTHOR

_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
# The font that Excel writes notes in.
_RUN = (
    f'<r xmlns="{MAIN[1:-1]}"><rPr><sz val="9"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/></rPr>'
    '<t xml:space="preserve"/></r>'
)


def write_notes(parts: Parts, sheet: str, asked: Mapping[Place, Sequence[str]]) -> None:
    """Write what is asked at each cell; the sender's own notes stay, and what was asked the last time goes.

    Nothing is added to a conversation (Excel's newer comments): Excel shows no note beside it.
    """
    path = next(iter(parts.related(sheet, "comments").values()), None)
    if not asked and (path is None or not any(_is_ours(note) for note in parts.look(path).iter(f"{MAIN}comment"))):
        return
    if path is None:
        path = _new_notes(parts, sheet)
    notes, boxes = parts.edit(path), NoteBoxes(parts, sheet)
    authors = child(notes, "authors")
    names = ["".join(str(words) for words in author.itertext()) for author in authors]
    standing = _theirs(notes, names, boxes)
    for place, questions in sorted(asked.items()):
        # Ends in an empty line: people answer here, and only the lines that begin as ours do are passed over.
        said = "".join(f"{QUERY_AUTHOR}: {question}\n\n" for question in questions)[:-1]
        if (note := standing.get(place)) is None:
            if QUERY_AUTHOR not in names:
                names.append(QUERY_AUTHOR)
                etree.SubElement(authors, f"{MAIN}author").text = QUERY_AUTHOR
            author = str(names.index(QUERY_AUTHOR))
            note = etree.SubElement(
                child(notes, "commentList"), f"{MAIN}comment", ref=cell_name(place), authorId=author
            )
            etree.SubElement(note, f"{MAIN}text")
        elif _is_conversation(note, names):
            continue
        else:
            said = f"\n\n{said}"
        _say(note, said)
        boxes.fit(place, _words(note))


def _theirs(notes: etree._Element, names: Sequence[str], boxes: NoteBoxes) -> dict[Place, etree._Element]:
    """The sender's notes, by cell, from which all that we ever asked is taken out."""
    standing = {}
    for note in child(notes, "commentList").findall(f"{MAIN}comment"):
        place = place_of(str(note.attrib["ref"]))
        if _is_ours(note) and not _is_conversation(note, names):
            own = own_words(_words(note))
            if not own:
                child(notes, "commentList").remove(note)
                boxes.remove(place)
                continue
            child(note, "text")[:] = []
            _say(note, own)
        standing[place] = note
    return standing


def _new_notes(parts: Parts, sheet: str) -> str:
    root = etree.fromstring(f'<comments xmlns="{MAIN[1:-1]}"><authors/><commentList/></comments>')
    path = parts.add("xl/comments{}.xml", root, _NOTES_TYPE)
    parts.relate(sheet, "comments", path)
    return path


def _words(note: etree._Element) -> str:
    return "".join(words.text or "" for words in note.iterfind(f"{MAIN}text//{MAIN}t")).replace("\r", "")


def _is_ours(note: etree._Element) -> bool:
    return f"{QUERY_AUTHOR}:" in _words(note) and own_words(_words(note)) != _words(note).strip()


def _is_conversation(note: etree._Element, names: Sequence[str]) -> bool:
    """Whether the note only stands in for a conversation, in programs that know no conversations."""
    return names[int(note.get("authorId", 0))].startswith("tc=")


def _say(note: etree._Element, words: str) -> None:
    """Add ``words`` to what a note says."""
    text = child(note, "text")
    plain = text.find(f"{MAIN}t")
    if plain is not None:  # a note is plain or made of runs
        run = etree.Element(f"{MAIN}r")
        text.replace(plain, run)
        run.append(plain)
    run = etree.fromstring(_RUN)
    run[-1].text = words
    text.insert(len(text.findall(f"{MAIN}r")), run)
