"""The paragraphs, lists and tables of a template come in; the Word elements for them, in the house style, go out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from pipeline.outgoing.logo import LOGO, LOGO_CM
from pipeline.outgoing.pictures import COURSE_CM
from tests.templates.house_style import lean_document
from tests.templates.pictures import picture

CLAUSES = (
    "Numbers in brackets are paragraphs of the two procedures this document follows: 2.1 to 4.1 of Management of "
    "Looked After Young People at High Risk of Harm, and 2.5.1 to 2.5.39 of High Risk, Complex Cases."
)
# The members whom the procedure lists go by these names (Stockport 2.9).
NAMES = "CAMHS are the child and adolescent mental health services. KITE and MOSAIC are names of services."

_TELLING = "Told: {{ contact.told }}\nWritten: {{ contact.written }}\n{{ contact.late }}"


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
        with self.when("sender.logo"):
            picture(self.word, LOGO, "{{ sender.council }}", *LOGO_CM)
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
        self,
        columns: Sequence[tuple[str, float, str]],
        loop: str = "",
        rows: Sequence[Sequence[str]] = (),
        style: str = "Table Text",
    ) -> None:
        """A table. ``columns``: heading, width in centimetres, and what the cell says where ``loop`` is given.

        ``rows``: rows that always stand there, after those of the loop. ``style``: "Table Text Kept" keeps the whole
        table on one page with what follows it; for short tables.
        """
        table = self.word.add_table(rows=1, cols=len(columns), style="House Table")
        table.autofit = False
        for cell, (heading, _, _) in zip(table.rows[0].cells, columns, strict=True):
            _write(cell, heading, "Table Heading")
        _mark(table.rows[0], "w:tblHeader")
        if loop:
            _write(table.add_row().cells[0], f"{{%tr for {loop} %}}", "Table Text")
            self._row(table, [text for _, _, text in columns], style)
            _write(table.add_row().cells[0], "{%tr endfor %}", "Table Text")
        for row in rows:
            self._row(table, row, style)
        for column, (_, width, _) in zip(table.columns, columns, strict=True):
            column.width = Cm(width)
        for row in table.rows:
            _mark(row, "w:cantSplit", first=True)
            for cell, (_, width, _) in zip(row.cells, columns, strict=True):
                cell.width = Cm(width)
                cell.paragraphs[0].style = cell.paragraphs[0].style if cell.text else style
        _look(table)

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
            style="Table Text Kept",
        )
        with self.when("not assessment.certain"):
            self.text(
                "The score is a range because some answers are missing or unclear. The whole range lies in this band."
            )
        self.text("The matrix guides and does not replace professional judgement (2.1).", "Notice")

    def course(self) -> None:
        """The direction of the score: every matrix, the chart of them, and what has moved."""
        self.text("{{ assessment.direction }}")
        with self.when("assessment.later"):
            self.text("{{ assessment.later }}", "Notice")
        with self.when("assessment.has_course"):
            self.table(
                [
                    ("Assessment date", 5.4, "{{ point.date }}"),
                    ("Net score", 2.4, "{{ point.score }}"),
                    ("Band", 6.2, "{{ point.band }}"),
                    ("This document", 3, "{{ 'is about this one' if point.this else '' }}"),
                ],
                loop="point in assessment.course",
                style="Table Text Kept",
            )
            picture(self.word, "course", "{{ assessment.chart_says }}", *COURSE_CM)
        with self.when("assessment.has_history"):
            with self.when("assessment.moved"):
                self.text("Moved since the assessment before:", "Lead In")
                self.each("move in assessment.moved", "{{ move }}")
                self.otherwise()
                self.text("Nothing on the matrix has moved for certain since the assessment before.")
            with self.when("assessment.may_have_moved"):
                self.text("May have moved, because an answer was missing or unclear:", "Lead In")
                self.each("move in assessment.may_have_moved", "{{ move }}")

    def due(self) -> None:
        """The time limits that run, with what is overdue."""
        self.table(
            [
                ("What", 9, "{{ limit.what }}"),
                ("By", 5.2, "{{ limit.by }}"),
                ("Paragraph", 2.8, "{{ limit.clause }}"),
            ],
            loop="limit in due",
        )

    def contacts(self) -> None:
        """The contacts that agencies have reported, in full: never in a letter."""
        self.table(
            [
                ("When, where, seen by", 4, "{{ contact.when }}\n{{ contact.place }}\n{{ contact.seen_by }}"),
                ("Appearance and behaviour", 4.6, "{{ contact.appearance }}\n{{ contact.behaviour }}"),
                ("Help offered, immediate risk", 4, "{{ contact.help }}\n{{ contact.immediate_risk }}"),
                ("Telling the allocated worker", 4.4, _TELLING),
            ],
            loop="contact in contacts",
        )

    def specialist_assessments(self) -> None:
        """What was asked for and whether it is done."""
        self.text(
            "Each agency has a duty to co-operate with assessments and gives priority to this young person (4.1).",
            "Lead In",
        )
        with self.when("specialist_assessments"):
            self.table(
                [
                    ("Assessment asked for", 5.5, "{{ row.assessment }}"),
                    ("Agency asked", 4.5, "{{ row.agency }}"),
                    ("Date asked", 3.5, "{{ row.asked_on }}"),
                    ("Done", 3.5, "{{ row.done }}"),
                ],
                loop="row in specialist_assessments",
            )
            self.otherwise()
            self.detail("Assessments asked for", blank("assessment, agency asked and date, or none"))

    def officer(self) -> None:
        """What was asked of the reviewing officer (2.5, 2.6)."""
        self.detail("Earlier review asked for", "{{ officer.earlier_review }}")
        self.detail("Reviewing officer told", "{{ officer.told }}")
        self.detail("Parameters of the review", "{{ officer.parameters }}")

    def actions(self, loop: str) -> None:
        """The actions as they stand."""
        self.table(
            [
                ("No.", 2.3, "{{ row.number }}"),
                ("Action, and the risk it reduces", 4.5, "{{ row.action }}\nReduces: {{ row.risk }}"),
                ("Owner and agency", 2.8, "{{ row.owner }}"),
                ("By when", 2.2, "{{ row.by_when }}"),
                ("Status", 2, "{{ row.status }}"),
                ("What has changed for the young person", 3.2, "{{ row.impact }}"),
            ],
            loop=loop,
        )

    def approval(self) -> None:
        """The last lines of a document: the date never stands alone on a page."""
        kept = self.word.styles.add_style("Detail Kept", WD_STYLE_TYPE.PARAGRAPH)
        kept.base_style = self.word.styles["Detail"]
        kept.paragraph_format.keep_with_next = True
        self.text(f"|Approved by|\t{blank('name and job title')}", "Detail Kept")
        self.detail("Date approved", blank("date"))

    @staticmethod
    def _row(table: Table, texts: Sequence[str], style: str) -> None:
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            _write(cell, text, style)


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
