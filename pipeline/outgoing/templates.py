"""A Word template and its values come in; the bytes of a .docx go out. Each template is taken apart only once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import TemplateError
from pipeline.outgoing.archive import Entry, archive, entry


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
        # docxtpl, jinja2 and lxml take 0.2 s to import: only who compiles a template pays for them.
        from pipeline.outgoing.template_environment import environment_for_templates
        from pipeline.outgoing.template_part import Part
        from pipeline.outgoing.template_pictures import Pictures
        from pipeline.outgoing.template_source import source_of, take_apart

        self._environment = environment_for_templates()
        self._parts: list[Entry | Part] = []
        parts, faults = take_apart(path), []
        for name, kind, content in parts:
            try:
                source = source_of(path.name, name, kind, content)
                part = Part(source, self._environment) if source else None
                self._parts.append(part if part and part.tagged else entry(name, content))
            except TemplateError as e:
                faults.append(str(e))
        if faults:
            raise TemplateError("\n".join(faults))
        self._pictures = Pictures(path.name, parts)

    @property
    def pictures(self) -> frozenset[str]:
        """The names and titles of its pictures."""
        return self._pictures.names

    def render(self, context: Mapping[str, object], pictures: Mapping[str, bytes] | None = None) -> bytes:
        """The finished .docx; the same values give the same bytes.

        ``pictures``: name → PNG. The picture of that name (in Word's Selection Pane) or title shows it, in the size it
        has there. A name that the template has not is left out: an administrator may take a picture away. A picture
        that is not given stays.

        Raises:
            TemplateError: a tag uses a name that ``context`` has not, or prints what is not text; a picture to be
                replaced is no PNG of the template's own, or two of them are one and the same file in it.
        """
        values = {**self._environment.globals, **context}
        given = self._pictures.replaced(pictures or {})
        return archive([given.get(p.name, p) if isinstance(p, Entry) else p.render(values) for p in self._parts])
