"""The sections of a form's layout come in; the Word tables in which people answer them go out, in the house style."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import msgspec
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from pipeline.rules.layout import Field, WordLayout, WordSection
from tests.templates.controls import date_picker, drop_down, tick_box
from tests.templates.house_style import PARTS
from tests.templates.page import Page, _look, _mark, _write

FORMS = Path(__file__).parents[2] / "templates" / "forms"
WIDTH = 17.0
# Of a table filled row by row: width, what the program fills in, and what may be chosen.
Column = tuple[float, str, Sequence[str] | None]


class FormPage(Page):
    """A form being written from top to bottom. Its labels are those of its layout, so that it is read back by them.

    ``known``: the keys whose answers the program fills in, each printed by ``{{ known.<key> }}``.
    """

    def __init__(self, layout: str, known: Sequence[str]) -> None:
        self.layout = msgspec.convert(tomllib.loads((FORMS / f"{layout}.toml").read_text("utf-8")), WordLayout)
        super().__init__(self.layout.title, "OFFICIAL-SENSITIVE")
        self.known = known
        for style in parse_xml((PARTS / "form_styles.xml").read_bytes()):
            self.word.styles.element.append(style)

    def guide(self, text: str, style: str = "Form Guidance") -> None:
        """Words of the form itself: the layout must know them, else they come back as a remark."""
        if text not in self.layout.guidance:
            raise ValueError(f"{self.layout.name}.toml does not list: {text}")
        self.text(text, style)

    def heading(self, key: str, guidance: str = "") -> WordSection:
        section = self.layout.section(key)
        self.text(section.title, "Form Heading")
        if guidance:
            self.guide(guidance)
        return section

    def fields(self, fields: Sequence[Field], widths: Sequence[float]) -> None:
        """Labels with their answers beside them, as many pairs in a row as ``widths`` has pairs."""
        pairs = len(widths) // 2
        rows = [fields[i : i + pairs] for i in range(0, len(fields), pairs)]
        table = self._form_table(len(rows), widths, bands="V")
        for row, asked in zip(table.rows, rows, strict=True):
            row.height = Cm(0.7)
            for n, one in enumerate(asked):
                # A row stays with the next, so that the answers to one question stand on one page.
                _write(row.cells[2 * n], one.label, "Form Label" if asked is rows[-1] else "Table Heading")
                self._answer(row.cells[2 * n + 1], one)

    def boxes(self, boxes: Sequence[Field], height: float = 1.3) -> None:
        """Labels with their answers below them."""
        table = self._form_table(2 * len(boxes), [WIDTH], bands="H")
        for n, box in enumerate(boxes):
            _write(table.rows[2 * n].cells[0], box.label, "Table Heading")
            self._answer(table.rows[2 * n + 1].cells[0], box)
            table.rows[2 * n + 1].height = Cm(height)

    def questions(self, questions: Sequence[Field]) -> None:
        table = self._form_table(len(questions), [13.0, 4.0], bands="V")
        for row, asked in zip(table.rows, questions, strict=True):
            _write(row.cells[0], asked.label, "Form Label")
            paragraph = row.cells[1].paragraphs[0]
            paragraph.style = "Form Answer"
            for word in ("Yes", "No"):
                paragraph.add_run(f"{word} " if word == "Yes" else f"     {word} ")
                paragraph._p.append(tick_box(f"{asked.label} {word}"))

    def gap(self) -> None:
        """Word would make one table of two that touch."""
        self.text("", "Form Gap")

    def rows(self, section: WordSection, columns: Sequence[Column], blank: int) -> None:
        """A table filled row by row. ``columns``: width, what the program fills in, and what may be chosen.

        What is filled in names the row's item: ``{{ row.owner }}``; the rows come from ``known.<key>``, where any
        column has them. What may be chosen: choices, ``()`` for a date, None for any words. ``blank``: further rows.
        """
        table = self._form_table(1, [width for width, _, _ in columns], first_row=True)
        for cell, heading in zip(table.rows[0].cells, section.columns, strict=True):
            _write(cell, heading, "Table Heading")
        _mark(table.rows[0], "w:tblHeader")
        if any(value for _, value, _ in columns):
            self._loop_row(table, f"{{%tr for row in known.{section.key} %}}")
            self._row_to_fill(table, section, columns, filled=True)
            self._loop_row(table, "{%tr endfor %}")
        for left in range(blank, 0, -1):
            self._row_to_fill(table, section, columns, filled=False)
            if left > 1:
                for cell in table.rows[-1].cells:
                    cell.paragraphs[0].style = "Form Answer Kept"
        self._finish(table, [width for width, _, _ in columns])

    def _loop_row(self, table: Table, tag: str) -> None:
        _write(table.add_row().cells[0], tag, "Form Answer")

    def _row_to_fill(
        self,
        table: Table,
        section: WordSection,
        columns: Sequence[Column],
        filled: bool,
    ) -> None:
        row = table.add_row()
        row.height = Cm(0.85)
        for cell, heading, (_, value, choices) in zip(row.cells, section.columns, columns, strict=True):
            self._place(cell, heading, value if filled else "", choices)

    def _answer(self, cell: _Cell, asked: Field) -> None:
        value = f"{{{{ known.{asked.key} }}}}" if asked.key in self.known else ""
        self._place(cell, asked.label, value, {"date": (), "choice": asked.choices}.get(asked.answer))

    def _place(self, cell: _Cell, title: str, value: str, choices: Sequence[str] | None) -> None:
        """The place of one answer: words, or a control, which shows its prompt where the value is blank."""
        if choices is None:
            _write(cell, value, "Form Answer")
        elif not value:
            _control(cell.paragraphs[0], title, "", choices)
        else:
            _write(cell, f"{{%p if {value.strip('{} ')} %}}", "Form Answer")
            _control(cell.add_paragraph(), title, value, choices)
            cell.add_paragraph("{%p else %}", "Form Answer")
            _control(cell.add_paragraph(), title, "", choices)
            cell.add_paragraph("{%p endif %}", "Form Answer")

    def _form_table(self, rows: int, widths: Sequence[float], bands: str = "", first_row: bool = False) -> Table:
        table = self.word.add_table(rows=rows, cols=len(widths), style="Form Table")
        table.autofit = False
        _look(table)
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        look.set(qn("w:firstRow"), str(int(first_row)))
        if bands:
            look.set(qn(f"w:no{bands}Band"), "0")
        shown = {"firstRow": 0x20, "noHBand": 0x200, "noVBand": 0x400}
        bits = sum(bit for name, bit in shown.items() if look.get(qn(f"w:{name}")) == "1")
        look.set(qn("w:val"), f"{bits:04X}")
        if not first_row:
            self._finish(table, widths)
        return table

    @staticmethod
    def _finish(table: Table, widths: Sequence[float]) -> None:
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for row in table.rows:
            _mark(row, "w:cantSplit", first=True)
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Cm(width)
                if cell.paragraphs[0].style.name == "Normal":  # nothing was written there
                    cell.paragraphs[0].style = "Form Answer"


def _control(paragraph: Paragraph, title: str, value: str, choices: Sequence[str]) -> None:
    paragraph.style = "Form Answer"
    paragraph._p.append(drop_down(title, choices, value) if choices else date_picker(title, value))
