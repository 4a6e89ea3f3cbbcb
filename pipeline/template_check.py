"""A folder of templates comes in; every fault in it goes out, and what an administrator may like to know."""

from __future__ import annotations

import filecmp
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import SettingsError, UnreadableFile
from pipeline.intake.layouts import load_layouts, missing_kinds
from pipeline.intake.readers import read_forms
from pipeline.outgoing.agencies import read_agencies
from pipeline.outgoing.documents import Document
from pipeline.outgoing.examples import examples
from pipeline.outgoing.logo import logo_of
from pipeline.outgoing.places import paragraphs
from pipeline.outgoing.template_faults import template_faults
from pipeline.outgoing.template_source import MAIN, take_apart
from pipeline.outgoing.templates import Template
from pipeline.rules.folding import folded
from pipeline.rules.form import WordForm, WordKind
from pipeline.rules.layout import Layouts, WordLayout
from pipeline.settings import Sender

# The templates that are forms: they come back, and are read by their layouts.
FORMS: Mapping[str, WordKind] = {
    "Meeting record": "meeting-record",
    "Contact report": "contact-report",
    "Acknowledgement slip": "acknowledgement",
}
_INIT = "Run `pipeline init` on the working folder: it adds what is missing and changes nothing else."


@dataclass(frozen=True, slots=True)
class Checked:
    """``faults`` keep forms waiting until they are put right; ``notes`` do not."""

    faults: tuple[str, ...]
    notes: tuple[str, ...]


def check_templates(folder: Path, shipped: Path, sender: Sender | None = None) -> Checked:
    """Print every template of ``folder`` with the fullest and the emptiest case; read address book and layouts.

    ``shipped``: the templates as they came with this version. ``sender``: whose logo they show.
    """
    faults: list[str] = []
    notes: list[str] = []
    try:
        layouts = load_layouts(folder / "forms")
        faults += [f'forms: there is no layout with kind = "{kind}". {_INIT}' for kind in missing_kinds(layouts)]
    except SettingsError as e:
        faults += str(e).splitlines()
        layouts = load_layouts(shipped / "forms")
    try:
        logo = logo_of(sender or Sender())
    except SettingsError as e:
        faults.append(str(e))
        logo = {}
    for name, printed in documents_by_template(shipped).items():
        path = folder / f"{name}.docx"
        documents = [replace(document, pictures={**logo, **document.pictures}) for document in printed]
        found = template_faults(path, documents)
        if not found:
            notes += _pictures_gone(path, shipped / path.name, documents)
            if name in FORMS:
                found = list(_form_faults(path, FORMS[name], documents, layouts))
        faults += found
        if path.is_file() and not filecmp.cmp(path, shipped / path.name, shallow=False):
            notes.append(f"{path.name}: is not the one that came with this version: changed here, or an older one.")
    try:
        read_agencies(folder / "agencies.xlsx", layouts.invitation_labels)
    except SettingsError as e:
        faults += str(e).splitlines()
    return Checked(tuple(dict.fromkeys(faults)), tuple(notes))


def documents_by_template(shipped: Path) -> dict[str, list[Document]]:
    """Each template's name → what it must be able to print, the fullest case first."""
    documents: dict[str, list[Document]] = {}
    for example in examples(load_layouts(shipped / "forms")):
        documents.setdefault(example.document.template, []).append(example.document)
    return documents


def _pictures_gone(path: Path, shipped: Path, documents: Sequence[Document]) -> Iterator[str]:
    """An administrator may delete a picture: that is no fault."""
    gone = Template(shipped).pictures - Template(path).pictures
    for name in dict.fromkeys(name for document in documents for name in document.pictures):
        if name in gone:
            yield f'{path.name}: has no picture "{name}", which the program would fill.'


def _form_faults(path: Path, kind: WordKind, documents: Sequence[Document], layouts: Layouts) -> Iterator[str]:
    """Whether the form that this template makes is read again by its layout, to the letter."""
    layout = next((x for x in layouts.word_forms if x.kind == kind), None)
    if layout is None:
        return  # said already
    body = next(content for _, kind, content in take_apart(path) if kind == MAIN)
    template, there = Template(path), {folded(text) for text in paragraphs(body)}
    for label in _labels(layout):
        if folded(label) not in there:
            yield f'{path.name}: does not have the words "{label}", by which forms/{layout.name}.toml reads it.'
    for document in documents:
        try:
            [form] = read_forms(template.render(document.context), path.name, layouts)
        except UnreadableFile as e:
            yield f"{path.name}: would not be read when it comes back. {e.what}"
            return
        assert isinstance(form, WordForm)
        yield from (f"{path.name}: {fault}" for fault in _lost(form, layout, document))


def _labels(layout: WordLayout) -> Iterator[str]:
    for section in layout.sections:
        yield section.title
        yield from (field.label for field in (*section.fields, *section.boxes, *section.questions))
        yield from (*section.ticks, *section.columns)


def _lost(form: WordForm, layout: WordLayout, document: Document) -> Iterator[str]:
    """What the program wrote on the form and would not find there again."""
    known = document.context["known"]
    assert isinstance(known, Mapping)
    for section in layout.sections:
        for field in (*section.fields, *section.boxes):
            said = known.get(field.key)
            if isinstance(said, str) and form.fields[f"{section.title}/{field.label}"].text != said:
                yield f'what it prints under "{field.label}" would not be read there when it comes back.'
        rows = known.get(section.key)
        if isinstance(rows, list) and len(form.tables[section.title]) != len(rows):
            yield f'the rows that it prints under "{section.title}" would not be read when it comes back.'
