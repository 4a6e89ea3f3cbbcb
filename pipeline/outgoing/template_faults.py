"""A Word template and the documents that it is to print come in; every fault in it goes out, by paragraph and tag."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

from pipeline.errors import TemplateError
from pipeline.outgoing.documents import Document
from pipeline.outgoing.places import paragraphs, place
from pipeline.outgoing.template_environment import environment_for_templates
from pipeline.outgoing.template_names import shape_of, unknown_names
from pipeline.outgoing.template_part import Part
from pipeline.outgoing.template_pictures import lost_pictures
from pipeline.outgoing.template_source import Source, source_of, take_apart
from pipeline.outgoing.templates import Template

_BRACES = re.compile(r"\{[{%#]|[}%#]\}")
_TAG = re.compile(r"\{[{%][-+]?\n.*?[%}]\}", re.DOTALL)
# A statement by itself is whole with these around it.
_AROUND = {"if": ("", "{% endif %}"), "elif": ("{% if a %}", "{% endif %}"), "for": ("", "{% endfor %}")}
_ENDS = ("else", "endif", "endfor")


def template_faults(path: Path, documents: Sequence[Document]) -> list[str]:
    """Every fault of one template, each once; ``documents``: those that it prints, of every kind of case."""
    if not path.is_file():
        return [
            f"{path.name}: is missing. Run `pipeline init` on the working folder: it adds what is missing and changes "
            "nothing else."
        ]
    try:
        parts = take_apart(path)
    except TemplateError as e:
        return [str(e)]
    environment, known = environment_for_templates(), shape_of([d.context for d in documents])
    faults = list(lost_pictures(path.name, parts))
    for name, kind, content in parts:
        try:
            if source := source_of(path.name, name, kind, content):
                faults += _part_faults(source, environment, known)
        except TemplateError as e:
            faults.append(str(e))
    if not faults:
        faults += _printing_faults(path, documents)
    return list(dict.fromkeys(line for fault in faults for line in fault.splitlines()))


def _part_faults(source: Source, environment: Environment, known: Mapping[str, object]) -> Iterator[str]:
    """What is wrong with one part. A tag that only prints is left aside once it was named, so that the others are too.

    A statement that is wrong hides what stands between it and its end: that is named when it has been put right.
    """
    broken = list(_broken_tags(source))
    yield from (fault for _, fault in broken)
    yield from map(str, unsupported := list(source.unsupported()))
    if unsupported or any("{%" in words or "%}" in words for words, _ in broken):
        return
    for words, _ in broken:
        source = source.without(words)
    for tag in reversed(list(_TAG.finditer(source.text))):
        line = source.text.count("\n", 0, tag.start()) + 2
        try:
            environment.parse(_alone(tag[0]))
        except TemplateSyntaxError as e:
            yield str(source.error(e.message or "wrong tag", line))
            if tag[0].startswith("{%"):
                return
            source.text = source.text[: tag.start()] + "\n" * tag[0].count("\n") + source.text[tag.end() :]
    try:
        Part(source, environment)
    except TemplateError as e:
        yield str(e)
        return
    for line, what in unknown_names(environment.parse(source.text), known):
        yield str(source.error(what, line))


def _broken_tags(source: Source) -> Iterator[tuple[str, str]]:
    """Paragraphs with a tag that does not begin and end there, however Word may have split it inside: text, fault."""
    seen: list[str] = []
    for text in paragraphs(source.xml):
        opened = ""
        for brace in (*_BRACES.findall(text), ""):
            closes = brace[:1] not in ("{", "")
            if closes != bool(opened):
                what = f"{opened or brace}: this tag does not begin and end in one paragraph; type it again in one go"
                yield text, f"{source.where}{place(source.xml, text, seen.count(text))}: {what}."
                break
            opened = "" if closes else brace
        seen.append(text)


def _alone(tag: str) -> str:
    words = tag[2:-2].strip("-+ \n").split()
    word = words[0] if tag.startswith("{%") and words else ""
    before, after = _AROUND.get(word, ("", ""))
    return "" if words == [word] and word in _ENDS else f"{before}{tag}{after}"


def _printing_faults(path: Path, documents: Sequence[Document]) -> Iterator[str]:
    try:
        template = Template(path)
    except TemplateError as e:
        yield str(e)
        return
    for document in documents:
        try:
            template.render(document.context, document.pictures)
        except TemplateError as e:
            yield str(e)
