"""A part of a Word template comes in and is compiled; with values it goes out as it lies in the finished document."""

from __future__ import annotations

import difflib
import re
import traceback
from collections.abc import Mapping, Sequence

import jinja2
from jinja2 import Environment, nodes

from pipeline.errors import TemplateError
from pipeline.outgoing.archive import Entry, beginning, written
from pipeline.outgoing.template_source import Source

_STATEMENTS = ("Output", "If", "For", "Assign")
_ELEMENT = re.compile(r"<(/?)([\w:.-]+)[^>]*?(/?)>")
_PICTURE = "<wp:docPr "
_ID = re.compile(r'^((?:[^>]*? )?id=")[^"]*')
_TEXT_ENDS = "</w:t>"
_LINE_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Part:
    """One XML part of a template, compiled by Jinja."""

    def __init__(self, source: Source, environment: Environment) -> None:
        self.source = source
        if refused := list(source.unsupported()):
            raise TemplateError("\n".join(map(str, refused)))
        # docxtpl's fix_docpr_ids: a picture in a loop would repeat its number.
        self._numbers_pictures = source.main and _PICTURE in source.text
        self.tagged = re.search(r"\{[{%#_]", source.text) is not None
        try:
            tree = environment.parse(source.text)
            self._refuse_unsupported(tree, environment)
            if self._left_open(tree.body):
                raise source.error("a tag takes half a row or paragraph away", 1)
            texts = list(tree.find_all(nodes.TemplateData))
            for text in texts:
                text.data = re.sub(r"(?<=\{)_(?=[{%])|(?<=[}%])_(?=\})", "", text.data)  # docxtpl's {_{ prints as {{
            # The root's tag with its many namespaces is most of a header or footer, and always the same.
            root, end, texts[0].data = texts[0].data.partition(">")
            self._beginning = beginning(f"{_DECLARATION}{root}{end}".encode())
            self._template = environment.from_string(tree)
            self._last = "", written(source.name, b"", self._beginning)
        except jinja2.TemplateSyntaxError as e:
            raise source.error(e.message or "wrong tag", e.lineno) from e

    def render(self, values: dict[str, object]) -> Entry:
        """``values``: those of the document and Jinja's own, for example ``range``."""
        template = self._template
        try:
            # Template.render would copy all values for each part.
            context = template.environment.context_class(template.environment, values, None, {})
            xml = "".join(template.root_render_func(context))
        except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as e:
            raise self._error(e, values) from None
        known, entry = self._last
        if xml == known:
            return entry
        entry = written(self.source.name, self._as_docxtpl_leaves_it(xml).encode(), self._beginning)
        if not self.source.main:  # a letterhead is the same in every letter; what the letter says is not kept
            self._last = xml, entry
        return entry

    def _as_docxtpl_leaves_it(self, xml: str) -> str:
        if "\n" in xml:  # the template itself has no line ends and tabs: they stand in values
            *texts, rest = xml.split(_TEXT_ENDS)
            xml = _TEXT_ENDS.join([*(_broken(text) if "\n" in text else text for text in texts), rest])
        if "\t" in xml:
            pieces = xml.split("</w:p>")  # where each match of docxtpl's own pattern for a paragraph ends
            xml = "</w:p>".join(self._break_tabs(piece) if "\t" in piece else piece for piece in pieces)
        if self._numbers_pictures:
            before, *pictures = xml.split(_PICTURE)
            numbered = (_ID.sub(rf"\g<1>{n}", picture, count=1) for n, picture in enumerate(pictures, start=1001))
            xml = _PICTURE.join([before, *numbered])
        return xml

    def _break_tabs(self, paragraph: str) -> str:
        resolved: str = self.source.resolve_listing(paragraph + "</w:p>")
        return resolved.removesuffix("</w:p>")

    def _error(self, e: Exception, values: Mapping[str, object]) -> TemplateError:
        frames = traceback.walk_tb(e.__traceback__)
        lines = [line for frame, line in frames if frame.f_code.co_filename == "<template>"]
        if isinstance(e, jinja2.UndefinedError):
            told, own = e.message or "", self._template.environment.globals
            missing = re.fullmatch(r"'(\w+)' is undefined|.* has no attribute '(\w+)'", told)
            what = no_such_name(missing[1] or missing[2], sorted(_keys(values).difference(own))) if missing else told
        elif isinstance(e, jinja2.TemplateError):
            what = e.message or "wrong tag"
        else:  # Python's own errors may quote what somebody wrote on a form: neither their words nor trace go on
            what = f"cannot be worked out ({type(e).__name__})"
        return self.source.error(what, self._template.get_corresponding_lineno(lines[-1]))

    def _refuse_unsupported(self, tree: nodes.Template, environment: Environment) -> None:
        for node in tree.find_all((nodes.Stmt, nodes.Filter)):
            name = node.name if isinstance(node, nodes.Filter) else type(node).__name__
            recursive = isinstance(node, nodes.For) and node.recursive
            if recursive or name not in (environment.filters if isinstance(node, nodes.Filter) else _STATEMENTS):
                raise self.source.error(f"{name.lower()} is not supported", node.lineno or 1)

    def _left_open(self, body: Sequence[nodes.Node], before: Sequence[str] = ()) -> list[str]:
        """The elements that stand open after ``body``. Each block must leave open what it found open: then whichever
        way the values go, the file is one that Word opens."""
        opened = [*before]
        for node in body:
            if isinstance(node, nodes.Output):
                xml = "".join(n.data for n in node.nodes if isinstance(n, nodes.TemplateData))
                for closing, element, empty in _ELEMENT.findall(xml):
                    if closing and opened[-1:] == [element]:
                        opened.pop()
                    elif not empty:
                        opened.append(closing + element)
            elif isinstance(node, nodes.If | nodes.For):
                others: Sequence[nodes.Node] = node.elif_ if isinstance(node, nodes.If) else ()
                if any(self._left_open(branch, opened) != opened for branch in (node.body, others, node.else_)):
                    raise self.source.error("begins and ends in different places of the document", node.lineno)
        return opened


def _broken(xml: str) -> str:
    """XML that ends in a text, with a line break for each line end in the text."""
    before, tag, text = xml.rpartition(">")
    return before + tag + text.replace("\n", _LINE_BREAK)


def no_such_name(name: str, known: Sequence[str]) -> str:
    """What is said of a name that a template may not use; ``known``: those that it may."""
    alike = difflib.get_close_matches(name, known, n=1)
    return f'there is no name "{name}" here' + (f'; did you mean "{alike[0]}"?' if alike else "")


def _keys(value: object) -> set[str]:
    if isinstance(value, Mapping):
        return {str(key) for key in value}.union(*map(_keys, value.values()))
    return set().union(*map(_keys, value)) if isinstance(value, list | tuple) else set()
