"""A case comes in; those of its current documents that would now read otherwise are written again.

A document is current until a later pack of its case holds one of the same name; a letter until its agency has
acknowledged it or the day for the reply has passed: after that nobody must send it again. Each pack is drafted from
what was known when it was published, and bears the same date and references, so that it changes where a template, a
scale, the address book or the settings have changed and nowhere else.

The program drafts, people decide: a document that somebody has changed, has open or has taken away is not touched; a
scale that would put a form into another band changes nothing; nobody is written to who was not written to before. All
this is said.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from pipeline.drafting import Stationery, content_of, occasion_of
from pipeline.errors import PipelineError, SettingsError
from pipeline.files import replace_documents
from pipeline.intake.inbox import read_mark
from pipeline.outgoing.archive import says_the_same
from pipeline.outgoing.documents import SLIP, Document, documents_for
from pipeline.process import ShareGone, hold_cases
from pipeline.register import HeldForm, HeldPack, Register, Rewritten
from pipeline.rules.assessment import examine_matrix
from pipeline.rules.case import Assessment, Believed, Letter
from pipeline.rules.course import OLDER_THAN_HELD, newest
from pipeline.rules.form import MatrixForm
from pipeline.rules.layout import MatrixLayout
from pipeline.unexpected import log_unexpected

SUPERSEDED = "Superseded on"
# A form is worked off within a second or two; nobody who stops the command waits for longer than this.
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How one case fared. ``written``, ``unchanged``: so many documents. ``said``: what people should know of it.

    ``failed``: something has to be put right, and nothing of the case was written.
    """

    ref: str
    written: int = 0
    unchanged: int = 0
    said: tuple[str, ...] = ()
    failed: bool = False


class NotRebuilt(PipelineError):
    """People have to decide first; the case's documents stay as they are."""


@dataclass(slots=True)
class _Work:
    """What is found out about one pack: the documents to write with their bytes, and what is to be recorded."""

    pack: HeldPack
    there: Set[str]  # the names in its folder, as `alike` writes them
    write: dict[str, bytes] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)  # path → SHA-256
    letters: list[Letter] = field(default_factory=list)
    unchanged: int = 0


def rebuild_case(ref: str, stationery: Stationery, register: Register, now: dt.datetime) -> Rebuilt:
    """Write the case's current documents again where they would read otherwise. Doing it again changes nothing.

    Whatever goes wrong with it, the others go on.

    Raises:
        ShareGone: the outbox is not there as it was.
    """
    try:
        with _held(ref, stationery.settings.records):
            return _rebuilt(ref, stationery, register, now)
    except ShareGone:
        raise
    except NotRebuilt as e:
        return Rebuilt(ref, said=(str(e),))
    except PipelineError as e:
        return Rebuilt(ref, said=(str(e),), failed=True)
    except OSError as e:
        _refuse_if_gone(stationery, register)
        return Rebuilt(ref, said=(f"A file or folder could not be reached or written ({e.strerror}).",), failed=True)
    except Exception as e:  # noqa: BLE001  the boundary for each case
        log_unexpected("a case was not rebuilt", e)
        return Rebuilt(ref, said=("The program failed on this case.",), failed=True)


@contextmanager
def _held(ref: str, records: Path) -> Iterator[None]:
    """Hold the case against other programs; wait for one that works on it."""
    until = time.monotonic() + _PATIENCE
    while True:
        with hold_cases([ref], records) as mine:
            if mine:
                yield
                return
        if time.monotonic() > until:
            raise PipelineError("A form of this case is being worked on. Run the same command again later.")
        time.sleep(0.05)


def _rebuilt(ref: str, stationery: Stationery, register: Register, now: dt.datetime) -> Rebuilt:
    packs = register.packs(ref)
    forms = {_key(form): form for pack in packs for form in (*pack.before, *pack.arrived)}
    scored = {key: _by_scale(form, stationery.layouts.matrices) for key, form in forms.items()}
    said: list[str] = []
    works = list(_compared(packs, scored, stationery, now.date(), said))
    if any(sentence.endswith(_TAKEN) for sentence in said):
        _refuse_if_gone(stationery, register)
    for work in works:
        if work.write:
            _replace(work, stationery.settings.outbox, now.date(), said)
    rewritten = [Rewritten(work.pack.sha256, work.hashes, tuple(work.letters)) for work in works if work.hashes]
    rescored = [replace(forms[key], believed=b) for key, b in scored.items() if b != forms[key].believed]
    if rewritten or rescored:
        register.rebuilt(ref, rewritten, rescored, now)
    return Rebuilt(ref, sum(len(w.hashes) for w in works), sum(w.unchanged for w in works), tuple(said))


def _refuse_if_gone(stationery: Stationery, register: Register) -> None:
    outbox = stationery.settings.outbox
    if register.mark_of(outbox) and not read_mark(outbox):
        raise ShareGone("outbox")


def _key(form: HeldForm) -> tuple[str, str]:
    return form.sha256, form.sheet


def _by_scale(form: HeldForm, layouts: Sequence[MatrixLayout]) -> Believed:
    """The form as it counts by its layout as that is now.

    Raises:
        NotRebuilt: it would fall into another band or go back, or the layout asks other questions.
        SettingsError: the layout is not there any more.
    """
    held = form.believed
    assert held is not None
    if not isinstance(held, Assessment):
        return held
    which = f"The assessment of {held.date:%d/%m/%Y} ({form.sha256[:8]})"
    layout = next((x for x in layouts if x.name == held.form.layout), None)
    if layout is None:
        raise SettingsError(f"templates/forms: the layout {held.form.layout} is missing; put its file back.")
    if not _fits(held.form, layout):
        raise NotRebuilt(_OTHER_QUESTIONS.format(which))
    believed = examine_matrix(held.form, layout, form.received_at.date()).believed
    if not isinstance(believed, Assessment):
        raise NotRebuilt(f"{which} would go back by its layout as it is now. Nothing was written again.")
    if believed.band != held.band:
        raise NotRebuilt(
            f"{which} would say “{believed.band}” by the scale as it is now; its documents say “{held.band}”. Nothing "
            "was written again: decide in supervision what follows, and ask for a new assessment."
        )
    again = replace(believed, notes=(*believed.notes, *(n for n in held.notes if n.code == OLDER_THAN_HELD)))
    if again != held and len(held.form.rows) != sum(len(section.items) for section in layout.sections):
        raise NotRebuilt(_OTHER_QUESTIONS.format(which))
    return again


_OTHER_QUESTIONS = (
    "{} was made by a form with other questions than its layout has now. Nothing was written again: give the changed "
    "layout a name of its own, and put the old one back beside it."
)


def _fits(form: MatrixForm, layout: MatrixLayout) -> bool:
    """Whether the layout knows all that the form says: only what it counts may have changed since."""
    items = {(section.key, item) for section in layout.sections for item in section.items}
    columns = {
        (section.key, block.key, column.label)
        for section in layout.sections
        for block in section.blocks
        for column in block.columns
    }
    return (
        all(field.label in form.fields for field in layout.fields)
        and all((row.section, row.item) in items for row in form.rows)
        and all(
            (row.section, cell.block, label) in columns
            for row in form.rows
            for cell in row.cells
            for label in cell.columns
        )
    )


def _compared(
    packs: Sequence[HeldPack],
    scored: Mapping[tuple[str, str], Believed],
    stationery: Stationery,
    today: dt.date,
    said: list[str],
) -> Iterator[_Work]:
    """What is to be done about each pack, the newest first; ``said`` is added to."""
    later: set[str] = set()
    for pack in reversed(packs):
        work = _Work(pack, _names_in(stationery.settings.outbox / pack.folder))
        drafted = draft_again(pack, scored, stationery)
        for document in _current(drafted, pack, later, today):
            path = f"{pack.folder}/{document.file_name}"
            if path in pack.published:
                _compare(document, path, work, stationery, said)
            else:
                said.append(f"{path} would be written today, and was not: write it by hand if it is needed.")
        wanted = {document.letter.reference for document in drafted if document.letter}
        for letter in pack.own:
            if _awaits_reply(letter, today) and letter.reference not in wanted:
                said.append(f"{letter.reference} would not be written today: do not send it if it is not needed.")
        later |= {path.rpartition("/")[2] for path in pack.published}
        yield work


def draft_again(
    pack: HeldPack, scored: Mapping[tuple[str, str], Believed], stationery: Stationery
) -> tuple[Document, ...]:
    """The pack's documents, from what was known of the case when it was published."""
    arrived = [scored[_key(form)] for form in pack.arrived]
    sheets = [believed for believed in arrived if isinstance(believed, Assessment)]
    known = [*(scored[_key(form)] for form in pack.before), *arrived]
    leading = newest(sheets) if sheets else arrived[0]
    content = pack.sha256, pack.received_at
    return documents_for(occasion_of(leading, known, pack.letters, content, stationery, pack.own))


def _current(documents: Sequence[Document], pack: HeldPack, later: set[str], today: dt.date) -> Iterator[Document]:
    """Those of the pack's documents that are current; a slip is when its letter is, behind which it stands."""
    done = {letter.reference for letter in pack.own if not _awaits_reply(letter, today)}
    letter: Letter | None = None
    for document in documents:
        letter = document.letter or (letter if document.kind == SLIP else None)
        if letter.reference not in done if letter else document.file_name not in later:
            yield document


def _awaits_reply(letter: Letter, today: dt.date) -> bool:
    return letter.acknowledged is None and letter.reply_by >= today


def _as_drafted(reference: str, own: Sequence[Letter]) -> Letter | None:
    """The letter as it was drafted, whether it was answered since or not."""
    return next((replace(letter, acknowledged=None) for letter in own if letter.reference == reference), None)


_TAKEN = "is not there any more: whoever took it has it as it was."


def _compare(document: Document, path: str, work: _Work, stationery: Stationery, said: list[str]) -> None:
    """Whether the document is to be written; what somebody has in hand is not."""
    content = content_of(document, stationery.templates)
    digest, was = hashlib.sha256(content).hexdigest(), work.pack.published[path]
    if digest == was:
        work.unchanged += 1
        return
    target = stationery.settings.outbox / path
    found = _sha256(target)
    if found is None and not _lies_aside(target, was):
        said.append(f"{path} {_TAKEN}")
        return
    if found == was and document.template and says_the_same(target.read_bytes(), content):
        work.unchanged += 1
        return
    if found not in (None, was, digest):
        said.append(f"{path} was changed by somebody and stays as it is.")
        return
    if is_open(document.file_name, work.there):
        said.append(f"{path} is open in Word. Close it, then run the same command again.")
        return
    if document.letter and goes_elsewhere(document.letter, work.pack.own):
        said.append(f"{path} asks another agency for a flag today, and stays as it is: write to that one by hand.")
        return
    if found != digest:  # else a run that was interrupted has written it, and not recorded it
        work.write[document.file_name] = content
    work.hashes[path] = digest
    if document.letter and document.letter != _as_drafted(document.letter.reference, work.pack.own):
        work.letters.append(document.letter)


def goes_elsewhere(letter: Letter, own: Sequence[Letter]) -> bool:
    """Whether a letter would ask another agency for a flag: the one that was asked must hear of its removal."""
    before = (x for x in own if x.reference == letter.reference and x.purpose == "flag")
    return any(x.who[-1:] != letter.who[-1:] for x in before)


def _names_in(folder: Path) -> Set[str]:
    try:
        return {alike(path.name) for path in folder.iterdir()}
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()


def alike(name: str) -> str:
    """As Windows and macOS compare names, however a share writes them."""
    return unicodedata.normalize("NFC", name).casefold()


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _lies_aside(path: Path, digest: str) -> bool:
    """Whether a run that was interrupted has moved the document aside, and not yet put the new one in its place."""
    return any(_sha256(aside / path.name) == digest for aside in path.parent.glob(f"{SUPERSEDED} *"))


def is_open(name: str, there: Set[str]) -> bool:
    """Word puts ``~$`` before a name or in the place of its first letters, one or two."""
    return any(alike(f"~${name[letters:]}") in there for letters in (0, 1, 2))


def _replace(work: _Work, outbox: Path, today: dt.date, said: list[str]) -> None:
    """Put what was written in its place. A PDF copy goes aside with what it is a copy of: it would say otherwise."""
    folder = outbox / work.pack.folder
    copies = [f"{Path(name).stem}.pdf" for name in work.write]
    copies = [name for name in copies if (folder / name).exists()]
    if copies:
        said.append(
            f"{work.pack.folder}: PDF copies of what was written again were put aside. Save new ones from Word."
        )
    moved = [*copies, *(name for name in work.write if (folder / name).exists())]
    replace_documents(outbox, work.pack.folder, work.write, copies, _aside(folder, moved, today))


def _aside(folder: Path, names: Sequence[str], today: dt.date) -> str:
    """Where what is superseded is kept: a folder of the day, in which none of the names is taken."""
    first = f"{SUPERSEDED} {today:%Y-%m-%d}"
    asides = (first if number == 1 else f"{first} ({number})" for number in count(1))
    return next(aside for aside in asides if not any((folder / aside / name).exists() for name in names))
