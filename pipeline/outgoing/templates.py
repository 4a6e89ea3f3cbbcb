"""A Word template and its values come in; the bytes of a .docx go out. Each template is taken apart only once."""

from __future__ import annotations

import difflib
import itertools
import posixpath
import re
import traceback
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.errors import SettingsError
from pipeline.outgoing.archive import Entry, archive, entry

# docxtpl, jinja2 and lxml take 0.2 s to import: only who compiles a template pays for them.
if TYPE_CHECKING:
    from jinja2 import Environment, nodes

# The parts that are filled, by their content type: names will not do, Word on the web saves word/document2.xml.
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
FILLED = (
    MAIN,
    *(MAIN.replace("document.main", part) for part in ("header", "footer", "footnotes", "endnotes")),
    "application/vnd.openxmlformats-package.core-properties+xml",
)
# Formatted text, sub-documents and columns need more of docxtpl than its clean-up; for {% raw %} it has {_{ and {_%.
UNSUPPORTED = re.compile(r"\{\{(r|p|tr|tc)\s.*?\}\}|\{%tc\s.*?%\}|\{%\s*(colspan|hm|raw|autoescape)\b.*?%\}", re.DOTALL)
STATEMENTS = ("Output", "If", "For", "Assign")
# "safe" and its like would let a value through as XML; "random" prints something else each time.
REFUSED_FILTERS = ("forceescape", "random", "safe", "striptags", "tojson", "urlize", "xmlattr")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML 1.0 forbids, production 2
ELEMENT = re.compile(r"<(/?)([\w:.-]+)[^>]*?(/?)>")
EMBEDDED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
PICTURE_ID = re.compile(r'(<wp:docPr (?:[^>]*? )?id=")[^"]*')
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class TemplateError(SettingsError):
    """A Word template cannot be filled.

    The message names the file, the paragraph and the tag; where there are several faults, one a line.
    """


class Templates:
    """The Word templates of one folder, each compiled when first asked for and again when its file has changed.

    ``pictures``: those that any document may show, by their names.
    """

    def __init__(self, folder: Path, pictures: Mapping[str, bytes] | None = None) -> None:
        self.folder = folder
        self._pictures = pictures or {}
        self._compiled: dict[str, tuple[tuple[int, int], Template]] = {}

    def render(self, name: str, context: Mapping[str, object], pictures: Mapping[str, bytes] | None = None) -> bytes:
        """Fill ``<name>.docx`` with ``context``; ``pictures`` replace the template's own of these names.

        Raises:
            TemplateError: there is no such template, or it cannot be filled.
        """
        path = self.folder / f"{name}.docx"
        try:
            found = path.stat()  # before reading: what is saved while we read shows the next time
        except OSError as e:
            what = "is missing" if isinstance(e, FileNotFoundError) else f"cannot be opened ({e.strerror})"
            remedy = "Run `pipeline init` on the working folder: it adds what is missing and changes nothing else."
            raise TemplateError(f"{path.name}: {what} in {self.folder}. {remedy}") from e
        stamp = (found.st_mtime_ns, found.st_size)
        if name not in self._compiled or self._compiled[name][0] != stamp:
            self._compiled[name] = (stamp, Template(path))
        return self._compiled[name][1].render(context, {**self._pictures, **(pictures or {})})


class Template:
    """One Word template, ready to be filled; what cannot be filled is refused when it is made.

    Raises:
        TemplateError: the file is no Word document, or has a tag that is wrong or not supported.
    """

    def __init__(self, path: Path) -> None:
        from lxml import etree

        environment = environment_for_templates()
        self._file = path.name
        self._parts: list[Entry | Part] = []
        parts, faults = take_apart(path), []
        for name, kind, content in parts:
            try:
                self._parts.append(self._part(name, kind, content, environment))
            except TemplateError as e:
                faults.append(str(e))
        if faults:
            raise TemplateError("\n".join(faults))
        self._png = {name for name, kind, _ in parts if kind == "image/png"}
        try:
            self._pictures = _named_pictures(parts)
        except etree.XMLSyntaxError as e:
            raise TemplateError(f"{path.name}: is damaged ({e.msg}).") from e

    def _part(self, name: str, kind: str, content: bytes, environment: Environment) -> Entry | Part:
        source = source_of(self._file, name, kind, content)
        part = Part(source, environment) if source else None
        return part if part and part.tagged else entry(name, content)

    @property
    def pictures(self) -> frozenset[str]:
        """The names and titles of its pictures."""
        return frozenset(filter(None, self._pictures))

    def render(self, context: Mapping[str, object], pictures: Mapping[str, bytes] | None = None) -> bytes:
        """The finished .docx; the same values give the same bytes.

        ``pictures``: name → PNG. The picture of that name (in Word's Selection Pane) or title shows it, in the size it
        has there. A name that the template has not is left out: an administrator may take a picture away. A picture
        that is not given stays.

        Raises:
            TemplateError: a tag uses a name that ``context`` has not, or prints what is not text; a picture to be
                replaced is no PNG of the template's own, or two of them are one and the same file in it.
        """
        given = self._replaced(pictures or {})
        return archive([given.get(p.name, p) if isinstance(p, Entry) else p.render(context) for p in self._parts])

    def _replaced(self, pictures: Mapping[str, bytes]) -> dict[bytes, Entry]:
        """The name of each media part that changes, and what stands in its place."""
        given: dict[bytes, Entry] = {}
        for name, png in pictures.items():
            for part in self._pictures.get(name, ()):
                if part not in self._png:
                    raise TemplateError(f"{self._file}: the picture “{name}” is not a PNG file inside the template.")
                if given.setdefault(part.encode(), new := entry(part, png, level=0)) != new:
                    raise TemplateError(
                        f"{self._file}: the picture “{name}” is the same file as another that is filled in. Insert "
                        "it from a file of its own."
                    )
        return given


def take_apart(path: Path) -> list[tuple[str, str, bytes]]:
    """Name, content type and content of each part of the Word document ``path``."""
    from lxml import etree

    try:
        with zipfile.ZipFile(path) as docx:
            types = etree.fromstring(docx.read("[Content_Types].xml"))
            kinds = {t.get("PartName") or t.get("Extension", "").lower(): t.get("ContentType", "") for t in types}
            parts = [
                (name, kinds.get(f"/{name}") or kinds.get(name.rpartition(".")[2].lower(), ""), docx.read(name))
                for name in docx.namelist()
            ]
    # RuntimeError is zipfile's word for encryption, KeyError for a missing part, SyntaxError the base of lxml's faults.
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, SyntaxError) as e:
        raise TemplateError(f"{path.name}: cannot be read: it is damaged, has a password, or is no .docx file.") from e
    if MAIN not in kinds.values():
        raise TemplateError(f"{path.name}: is not a Word document (.docx).")
    return parts


def _named_pictures(parts: Sequence[tuple[str, str, bytes]]) -> dict[str, set[str]]:
    """Name or title of a picture → the parts that hold it, as in docxtpl's replace_pic; "" for one that lies elsewhere.

    Its name stands in two places: Word shows the one of the frame, docxtpl goes by the one inside.
    """
    from lxml import etree

    content = {name: data for name, _, data in parts}
    pictures: dict[str, set[str]] = {}
    for name in (name for name, kind, _ in parts if kind in FILLED):
        folder, _, file = name.rpartition("/")
        relations = etree.fromstring(content.get(f"{folder}/_rels/{file}.rels", b"<none/>"))
        targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
        for picture in etree.fromstring(content[name]).iter("{*}pic"):
            target = next((targets.get(blip.get(EMBEDDED)) for blip in picture.iter("{*}blip")), None)
            part = posixpath.normpath(posixpath.join("/", folder, target)).strip("/") if target else ""
            frames = (frame for around in picture.iterancestors() for frame in around.iterfind("{*}docPr"))
            for said in (*picture.iter("{*}cNvPr"), *frames):
                for called in (said.get("name"), said.get("title")):
                    pictures.setdefault(called or "", set()).add(part)
    return pictures


def source_of(file: str, name: str, kind: str, content: bytes) -> Source | None:
    """A part of the template ``file`` as it is filled; None where it is not.

    Raises:
        TemplateError: it is damaged, or has tags although it is not filled.
    """
    where = file if kind == MAIN else f"{file} ({PurePosixPath(name).stem})"
    if kind in FILLED:
        return Source(where, name, kind, content)
    if re.match(r"word/.*\.xml$", name) and re.search(rb"\{[{%]", content):
        raise TemplateError(f"{where}: tags are not filled here (in a comment, a chart); remove them.")
    return None


class Source:
    """One XML part of a template: its tags cleaned up by docxtpl, not yet compiled."""

    def __init__(self, where: str, name: str, kind: str, content: bytes) -> None:
        from docxtpl import DocxTemplate
        from lxml import etree

        self.where, self.name, self.main = where, name, kind == MAIN
        try:
            # python-docx's way of reading: white space between elements is dropped.
            root = etree.fromstring(content, etree.XMLParser(remove_blank_text=True, resolve_entities=False))
        except etree.XMLSyntaxError as e:
            raise TemplateError(f"{where}: is damaged ({e.msg}).") from e
        self.xml = etree.tostring(root, encoding="unicode")
        docxtpl = DocxTemplate(name)  # opens nothing yet
        self.resolve_listing = docxtpl.resolve_listing
        # A line for each tag, broken inside it where it does not print: Jinja's line numbers then tell the tag.
        self.text = re.sub(r"\{[{%][-+]?", "\\g<0>\n", docxtpl.patch_xml(self.xml))

    def unsupported(self) -> Iterator[TemplateError]:
        from pipeline.outgoing.places import place

        seen: list[str] = []
        for tag in (found[0] for found in UNSUPPORTED.finditer(re.sub("<[^>]*>", "", self.xml))):
            yield TemplateError(f"{self.where}{place(self.xml, tag, seen.count(tag))}: {tag} is not supported.")
            seen.append(tag)

    def without(self, words: str) -> Source:
        """The same with the paragraphs emptied that say ``words``; the others keep their numbers."""
        from lxml import etree

        from pipeline.outgoing.places import emptied

        kind = MAIN if self.main else ""
        return Source(self.where, self.name, kind, etree.tostring(emptied(self.xml, words)))

    def error(self, what: str, line: int) -> TemplateError:
        """``what`` is wrong with the tag that begins in ``line``, counted from 1."""
        from pipeline.outgoing.places import place

        tags = _tags(self.text)
        tag = tags[line - 1]
        found = place(self.xml, tag, tags[: line - 1].count(tag)) if line > 1 else ""
        words = tag.strip("{}%-+ ") or tag
        return TemplateError(f'{self.where}{found}: "{words}": {what}{"" if what[-1] in ".?" else "."}')


def _tags(text: str) -> list[str]:
    """The tag that begins in each line; the first has none."""
    lines = [re.sub("<[^>]*>", "", line) for line in text.split("\n")]
    openings = [re.search(r"(\{[{%])[-+]?$", line) for line in lines]
    closings = [re.search(r"[%}]\}", line) for line in lines]
    return [
        (opening[1] if opening else "") + (line[: closing.end()] if closing else line).strip()
        for opening, line, closing in zip([None, *openings], lines, closings, strict=False)
    ]


class Part:
    """One XML part of a template, compiled by Jinja."""

    def __init__(self, source: Source, environment: Environment) -> None:
        import jinja2

        self.source = source
        if refused := list(source.unsupported()):
            raise TemplateError("\n".join(map(str, refused)))
        self.tagged = re.search(r"\{[{%#_]", source.text) is not None
        try:
            tree = environment.parse(source.text)
            self._refuse_unsupported(tree, environment)
            if self._left_open(tree.body):
                raise source.error("a tag takes half a row or paragraph away", 1)
            for text in tree.find_all(jinja2.nodes.TemplateData):
                text.data = re.sub(r"(?<=\{)_(?=[{%])|(?<=[}%])_(?=\})", "", text.data)  # docxtpl's {_{ prints as {{
            self._template = environment.from_string(tree)
        except jinja2.TemplateSyntaxError as e:
            raise source.error(e.message or "wrong tag", e.lineno) from e

    def render(self, context: Mapping[str, object]) -> Entry:
        import jinja2

        try:
            xml = self._template.render(context)
        except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as e:
            frames = traceback.walk_tb(e.__traceback__)
            lines = [line for frame, line in frames if frame.f_code.co_filename == "<template>"]
            if isinstance(e, jinja2.UndefinedError):
                what = _no_such_name(e.message or "", context)
            elif isinstance(e, jinja2.TemplateError):
                what = e.message or "wrong tag"
            else:  # Python's own errors may quote what somebody wrote on a form: neither their words nor trace go on
                what = f"cannot be worked out ({type(e).__name__})"
            raise self.source.error(what, lines[-1]) from None
        if "\n" in xml or "\t" in xml:  # the template itself has none: they stand in values
            pieces = xml.split("</w:p>")  # where each match of docxtpl's own pattern for a paragraph ends
            xml = "</w:p>".join(self._break_lines(p) if "\n" in p or "\t" in p else p for p in pieces)
        if (
            self.source.main and "<wp:docPr " in xml
        ):  # docxtpl's fix_docpr_ids: a picture in a loop would repeat its number
            number = itertools.count(1001)
            xml = PICTURE_ID.sub(lambda m: f"{m[1]}{next(number)}", xml)
        # Level 6 takes four times as long, for a file that is a twentieth smaller.
        return entry(self.source.name, (DECLARATION + xml).encode(), level=3)

    def _break_lines(self, paragraph: str) -> str:
        resolved: str = self.source.resolve_listing(paragraph + "</w:p>")
        return resolved.removesuffix("</w:p>")

    def _refuse_unsupported(self, tree: nodes.Template, environment: Environment) -> None:
        from jinja2 import nodes

        for node in tree.find_all((nodes.Stmt, nodes.Filter)):
            name = node.name if isinstance(node, nodes.Filter) else type(node).__name__
            recursive = isinstance(node, nodes.For) and node.recursive
            if recursive or name not in (environment.filters if isinstance(node, nodes.Filter) else STATEMENTS):
                raise self.source.error(f"{name.lower()} is not supported", node.lineno or 1)

    def _left_open(self, body: Sequence[nodes.Node], before: Sequence[str] = ()) -> list[str]:
        """The elements that stand open after ``body``. Each block must leave open what it found open: then whichever
        way the values go, the file is one that Word opens."""
        from jinja2 import nodes

        opened = [*before]
        for node in body:
            if isinstance(node, nodes.Output):
                xml = "".join(n.data for n in node.nodes if isinstance(n, nodes.TemplateData))
                for closing, element, empty in ELEMENT.findall(xml):
                    if closing and opened[-1:] == [element]:
                        opened.pop()
                    elif not empty:
                        opened.append(closing + element)
            elif isinstance(node, nodes.If | nodes.For):
                others: Sequence[nodes.Node] = node.elif_ if isinstance(node, nodes.If) else ()
                if any(self._left_open(branch, opened) != opened for branch in (node.body, others, node.else_)):
                    raise self.source.error("begins and ends in different places of the document", node.lineno)
        return opened


def _no_such_name(told: str, context: Mapping[str, object]) -> str:
    """What Jinja says of a name that is not there, with the known one that is most like it."""
    if missing := re.fullmatch(r"'(\w+)' is undefined|.* has no attribute '(\w+)'", told):
        return no_such_name(missing[1] or missing[2], sorted(_keys(context)))
    return told


def no_such_name(name: str, known: Sequence[str]) -> str:
    """What is said of a name that a template may not use; ``known``: those that it may."""
    alike = difflib.get_close_matches(name, known, n=1)
    return f'there is no name "{name}" here' + (f'; did you mean "{alike[0]}"?' if alike else "")


def _keys(value: object) -> set[str]:
    if isinstance(value, Mapping):
        return {str(key) for key in value}.union(*map(_keys, value.values()))
    return set().union(*map(_keys, value)) if isinstance(value, list | tuple) else set()


def environment_for_templates() -> Environment:
    from jinja2 import StrictUndefined, pass_eval_context
    from jinja2.exceptions import TemplateRuntimeError
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    @pass_eval_context  # else Jinja would escape the constants of a template before they come here
    def printed(_: object, value: object) -> str:
        """The text of a value as XML can hold it: the one place that every value passes."""
        if type(value) is str and value.isprintable():  # nearly all are
            return value
        if isinstance(value, Markup):  # {{ x|e }}: what is printed is escaped anyway
            value = value.unescape()
        elif not isinstance(value, str):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number and type(value).__str__ is object.__str__:
                raise TemplateRuntimeError(f"prints {type(value).__name__}, which is not text")
            value = str(value)
        return NOT_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))

    class Sandbox(ImmutableSandboxedEnvironment):
        def getattr(self, obj: object, attribute: str) -> object:
            """Jinja asks for a method of the dict first: that takes longer, and hides a key like "items"."""
            return obj[attribute] if type(obj) is dict and attribute in obj else super().getattr(obj, attribute)

    environment = Sandbox(undefined=StrictUndefined, autoescape=True, finalize=printed)
    environment.globals.pop("lipsum")
    for name in REFUSED_FILTERS:
        environment.filters.pop(name)
    return environment
