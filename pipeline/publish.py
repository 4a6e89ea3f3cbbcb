"""Examined forms come in; packs in the outbox, receipts and forms given back go out."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.drafting import Stationery, content_of, occasion_of
from pipeline.examine import OnRecord
from pipeline.files import publish_folder, write_durably
from pipeline.intake.claims import Claims
from pipeline.intake.excel.marked_workbook import mark_workbook
from pipeline.intake.word.marked_word import mark_word
from pipeline.intake.worker import Workers
from pipeline.outgoing.documents import Document, documents_for, note_what_to_put_right, notes_for
from pipeline.outgoing.pdf import NoPdf, pdf_copies
from pipeline.outgoing.receipts import ReceiptLine, receipt_name, receipt_text
from pipeline.outgoing.returned import ReturnedForm, given_back_as
from pipeline.register import Register
from pipeline.results import Published, Result
from pipeline.rules.case import Assessment, Believed, Letter
from pipeline.rules.course import newest
from pipeline.rules.form import Problem, WordForm
from pipeline.rules.layout import Layouts

log = logging.getLogger(__name__)

RETURNED = "returned"
RECEIPTS = "receipts"
COMPLETED_IN_WORD = ("meeting-record", "contact-report", "acknowledgement-slip")


@dataclass(frozen=True, slots=True)
class Office(Stationery):
    """Where forms are worked off. Folders, register and time are passed in. ``pdf``: packs hold PDF copies too."""

    register: Register
    claims: Claims
    workers: Workers
    clock: Callable[[], dt.datetime]
    pdf: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that is being worked off: its name as dropped, its kept original, and when its content first arrived."""

    name: str
    sha256: str
    original: Path
    received: dt.datetime


def publish_packs(
    results: Sequence[Result], arrival: Arrival, on_record: OnRecord, office: Office
) -> tuple[list[Result], list[tuple[str, Letter]]]:
    """One pack for each case in the file; a sheet that is not its case's newest joins the history.

    Returns the results with their documents, and each letter that was drafted with its case.
    """
    published: list[Result] = []
    drafted: list[tuple[str, Letter]] = []
    for result in results:
        believed = result.believed
        if not (_leads(result, results) and believed):
            published.append(result)
            continue
        forms = [
            *on_record.forms(believed.case),
            *(b for r in results if (b := r.believed) and b.case == believed.case),
        ]
        content = arrival.sha256, arrival.received
        occasion = occasion_of(believed, forms, on_record.letters(believed.case), content, office)
        documents, notes = documents_for(occasion), notes_for(occasion)
        drafted += [(believed.case, document.letter) for document in documents if document.letter]
        papers, missing = _publish_pack(result, believed, documents, arrival, office)
        published.append(replace(result, problems=(*result.problems, *notes, *missing), documents=papers))
    return published, drafted


def _publish_pack(
    result: Result, believed: Believed, documents: Sequence[Document], arrival: Arrival, office: Office
) -> tuple[tuple[Published, ...], tuple[Problem, ...]]:
    """The pack's documents, and a note where it lacks its PDF copies.

    A form that is only joined to its case, a contact report for example, has no pack.
    """
    if not documents:
        return (), ()
    files = {d.file_name: content_of(d, office.templates) for d in documents}
    copies, missing = _copies(documents, files) if office.pdf else ({}, ())
    outbox = office.settings.outbox
    wanted = f"{believed.case}/{believed.date or arrival.received:%Y-%m-%d} {_title(result, office.layouts)}"
    folder = office.register.pack_folder(arrival.sha256, believed.case, wanted, lambda name: (outbox / name).exists())
    publish_folder(outbox, folder, files | copies)
    papers = tuple(
        Published(d.kind, d.recipient, f"{folder}/{d.file_name}", hashlib.sha256(files[d.file_name]).hexdigest())
        for d in documents
    )
    return papers, missing


def _copies(documents: Sequence[Document], files: Mapping[str, bytes]) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """The PDF copies of what is read and not filled in; a pack never waits for LibreOffice to be mended."""
    wanted = {d.file_name: files[d.file_name] for d in documents if d.template and d.kind not in COMPLETED_IN_WORD}
    try:
        return pdf_copies(wanted), ()
    except NoPdf as e:
        log.warning("a pack has no PDF copies: %s", e)
        return {}, (Problem("note", "no-pdf", "the pack", str(e), "Where you need a PDF, save it from Word."),)


def tell_sender(results: Sequence[Result], arrival: Arrival, office: Office) -> None:
    """A receipt for what was accepted; the file given back, with what to put right, if any form in it was returned."""
    inbox = office.settings.inbox
    lines = [_receipt_line(r, n, office.layouts) for n, r in enumerate(results, start=1) if r.outcome != "returned"]
    if lines:
        write_durably(
            inbox / RECEIPTS / receipt_name(lines, arrival.sha256), receipt_text(lines, arrival.received), inbox
        )
    returned = [_returned_form(r, len(results) > 1, office.layouts) for r in results if r.outcome == "returned"]
    if returned:
        root = inbox / RETURNED
        files = _given_back(results, returned, arrival, office)
        name = given_back_as(arrival.name)
        folder = office.register.return_folder(arrival.sha256, name, lambda folder: (root / folder).exists())
        publish_folder(root, folder, files, inbox)


def _given_back(
    results: Sequence[Result], returned: Sequence[ReturnedForm], arrival: Arrival, office: Office
) -> dict[str, bytes | Path]:
    """The untouched original, the note "What to put right", and where it can be made a copy with the places marked."""
    own = given_back_as(arrival.name)
    files: dict[str, bytes | Path] = {own: arrival.original}
    marked = f"To complete - {own}"
    if copy := _marked_copy(results, arrival, office.layouts):
        files[marked] = copy
    note = note_what_to_put_right(
        own,
        marked if copy else "",
        returned,
        office.settings.sender,
        reference=arrival.sha256[:8],
        today=arrival.received.date(),
    )
    # Somebody may drop the note itself.
    name = note.file_name if note.file_name.casefold() != own.casefold() else f"Note - {note.file_name}"
    files[name] = office.templates.render(note.template, note.context)
    return files


def _marked_copy(results: Sequence[Result], arrival: Arrival, layouts: Layouts) -> bytes | None:
    """A copy of the form in which each queried place is marked; None where nothing in it can be."""
    returned = [r for r in results if r.outcome == "returned" and r.examined]
    asked = [p for r in returned for p in r.problems]
    if not asked:
        return None
    content = arrival.original.read_bytes()
    if any(isinstance(r.examined and r.examined.form, WordForm) for r in returned):
        return mark_word(content, asked, layouts.word_forms, arrival.received)
    return mark_workbook(content, asked)


def _leads(result: Result, results: Sequence[Result]) -> bool:
    """Whether this form gets a pack: it was accepted, and no sheet of the same case in the file is newer."""
    believed = result.believed
    if result.outcome != "accepted" or not isinstance(believed, Assessment):
        return result.outcome == "accepted"
    rivals = [b for r in results if isinstance(b := r.believed, Assessment) and b.case == believed.case]
    return believed is newest(rivals)


def _title(result: Result, layouts: Layouts) -> str:
    return layouts.of(result.examined.form.layout).title if result.examined else ""


def _receipt_line(result: Result, number: int, layouts: Layouts) -> ReceiptLine:
    return ReceiptLine(
        case=result.case or "",
        title=_title(result, layouts),
        sheet=result.sheet,
        number=number,
        outcome=result.outcome,
        decided=result.believed.band_label if isinstance(result.believed, Assessment) else "",
        problems=result.problems,
        documents=[d.path for d in result.documents],
    )


def _returned_form(result: Result, one_of_several: bool, layouts: Layouts) -> ReturnedForm:
    return ReturnedForm(
        title=_title(result, layouts),
        sheet=result.sheet if one_of_several else None,
        problems=result.problems,
        first=result.examined.first if result.examined else (),
    )
