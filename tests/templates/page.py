"""The paragraphs, lists and tables of a template come in; the Word elements for them, in the house style, go out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from tests.templates.house_style import lean_document

CLAUSES = (
    "Numbers in brackets are paragraphs of the two procedures this document follows: 2.1 to 4.1 of Management of "
    "Looked After Young People at High Risk of Harm, and 2.5.1 to 2.5.39 of High Risk, Complex Cases."
)


class Page:
    """A template being written from top to bottom."""

    def __init__(self, title: str, running: str = "OFFICIAL-SENSITIVE · {{ status }}") -> None:
        self.word: WordDocument = lean_document(title)
        section = self.word.sections[0]
        section.header.paragraphs[0].add_run(running)
        footer = section.footer.paragraphs[0]
        footer.add_run("{{ reference }} · {{ date }} · page ")
        _field(footer, "PAGE")
        footer.add_run(" of ")
        _field(footer, "NUMPAGES")

    def text(self, text: str, style: str = "Normal") -> Paragraph:
        """One paragraph. What stands before a ``|`` at its start is set strong: ``|Label| the rest``."""
        paragraph = self.word.add_paragraph(style=style)
        _strong(paragraph, text)
        return paragraph

    def title(self, text: str, subtitle: str) -> None:
        self.text(text, "Title")
        self.text(subtitle, "Subtitle")

    def h1(self, text: str) -> None:
        self.text(text, "Heading 1")

    def h2(self, text: str) -> None:
        self.text(text, "Heading 2")

    def detail(self, label: str, value: str) -> None:
        self.text(f"|{label}|\t{value}", "Detail")

    def bullets(self, *texts: str) -> None:
        for text in texts:
            self.text(text, "List Bullet")

    def each(self, loop: str, text: str, style: str = "List Bullet") -> None:
        """One paragraph for each item of ``loop``, for example ``barrier in barriers``."""
        self.text(f"{{%p for {loop} %}}")
        self.text(text, style)
        self.text("{%p endfor %}")

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        self.text(f"{{%p if {condition} %}}")
        yield
        self.text("{%p endif %}")

    def otherwise(self) -> None:
        self.text("{%p else %}")

    @contextmanager
    def loop(self, loop: str) -> Iterator[None]:
        self.text(f"{{%p for {loop} %}}")
        yield
        self.text("{%p endfor %}")

    def table(
        self, columns: Sequence[tuple[str, float, str]], loop: str = "", rows: Sequence[Sequence[str]] = ()
    ) -> None:
        """A table. ``columns``: heading, width in centimetres, and what the cell says where ``loop`` is given.

        ``rows``: rows that always stand there, after those of the loop.
        """
        table = self.word.add_table(rows=1, cols=len(columns), style="House Table")
        table.autofit = False
        for cell, (heading, _, _) in zip(table.rows[0].cells, columns, strict=True):
            _write(cell, heading, "Table Heading")
        _mark(table.rows[0], "w:tblHeader")
        if loop:
            _write(table.add_row().cells[0], f"{{%tr for {loop} %}}", "Table Text")
            self._row(table, [text for _, _, text in columns])
            _write(table.add_row().cells[0], "{%tr endfor %}", "Table Text")
        for row in rows:
            self._row(table, row)
        for column, (_, width, _) in zip(table.columns, columns, strict=True):
            column.width = Cm(width)
        for row in table.rows:
            _mark(row, "w:cantSplit", first=True)
            for cell, (_, width, _) in zip(row.cells, columns, strict=True):
                cell.width = Cm(width)
                cell.paragraphs[0].style = cell.paragraphs[0].style if cell.text else "Table Text"
        _look(table)

    def turn(self) -> None:
        """End the pages that lie as they do now, after the paragraph last written, and go on turned by a quarter."""
        last = self.word.paragraphs[-1]
        section = self.word.sections[-1]
        ending = deepcopy(section._sectPr)
        last._p.get_or_add_pPr().append(ending)
        # Header and footer of the first pages go on: a later section names none of its own.
        for reference in section._sectPr.findall(qn("w:headerReference")) + section._sectPr.findall(
            qn("w:footerReference")
        ):
            section._sectPr.remove(reference)
        section.page_width, section.page_height = section.page_height, section.page_width
        turned = section.page_width > section.page_height
        section.orientation = WD_ORIENT.LANDSCAPE if turned else WD_ORIENT.PORTRAIT

    def person(self) -> None:
        self.detail("Young person", "{{ person.name }}")
        self.detail("Date of birth", "{{ person.date_of_birth }}")
        self.detail("Social care ID", "{{ person.case }}")
        self.detail("Allocated worker", "{{ person.allocated_worker }}")

    def working(self) -> None:
        """The score with its working, wherever a document shows it."""
        self.table(
            [("Part of the score", 11, "{{ part.part }}"), ("Score", 6, "{{ part.score }}")],
            loop="part in assessment.working",
            rows=[
                ("|Net score|", "|{{ assessment.net }}|"),
                ("|Band|", "|{{ assessment.band }}|"),
                ("{%tr if assessment.has_protective %}", ""),
                ("Band without protective factors", "{{ assessment.band_without_protective }}"),
                ("{%tr endif %}", ""),
                ("{%tr if assessment.lifted_by %}", ""),
                ("Not below this band, because", "{{ assessment.lifted_by }}"),
                ("{%tr endif %}", ""),
            ],
        )
        with self.when("not assessment.certain"):
            self.text(
                "The score is a range because some answers are missing or unclear. The whole range lies in this band."
            )
        self.text("The matrix guides and does not replace professional judgement (2.1).", "Notice")

    def course(self) -> None:
        """The direction of the score, with the earlier assessments where there are any."""
        self.text("{{ assessment.direction }}")
        with self.when("assessment.has_history"):
            self.table(
                [
                    ("Assessment date", 6.5, "{{ point.date }}"),
                    ("Net score", 3, "{{ point.score }}"),
                    ("Band", 7.5, "{{ point.band }}"),
                ],
                loop="point in assessment.course",
            )

    def approval(self) -> None:
        self.detail("Approved by", blank("name and job title"))
        self.detail("Date approved", blank("date"))

    @staticmethod
    def _row(table: Table, texts: Sequence[str]) -> None:
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            _write(cell, text, "Table Text")


def blank(what: str) -> str:
    """What every copy of the template leaves for a person to write."""
    return f"[to be completed: {what}]"


def _write(cell: _Cell, text: str, style: str) -> None:
    cell.paragraphs[0].style = style
    _strong(cell.paragraphs[0], text)


def _strong(paragraph: Paragraph, text: str) -> None:
    if text.startswith("|"):
        _, strong, text = text.split("|", 2)
        paragraph.add_run(strong, style="Strong")
    if text:
        paragraph.add_run(text)


def _field(paragraph: Paragraph, instruction: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    paragraph.add_run("1")
    field.append(paragraph.runs[-1]._r)
    paragraph._p.append(field)


def _mark(row: _Row, tag: str, *, first: bool = False) -> None:
    properties = row._tr.get_or_add_trPr()
    mark = OxmlElement(tag)
    properties.insert(0, mark) if first else properties.append(mark)


def _look(table: Table) -> None:
    """Only the first row is styled apart; nothing is banded."""
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    for name in list(look.attrib):
        del look.attrib[name]
    for name, value in {
        "val": "0020",
        "firstRow": "1",
        "lastRow": "0",
        "firstColumn": "0",
        "lastColumn": "0",
        "noHBand": "1",
        "noVBand": "1",
    }.items():
        look.set(qn(f"w:{name}"), value)
