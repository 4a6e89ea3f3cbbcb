"""The paragraphs and table rows of a Word form come in; what stands beside, behind and below each label goes out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pipeline.intake.word.findings import Findings
from pipeline.intake.word.labels import Found, Label, Labels
from pipeline.intake.word.passage import Passage, Table
from pipeline.intake.word.ticks import read_tick, read_yes_no
from pipeline.intake.word.word_text import WordText
from pipeline.rules.form import Choice
from pipeline.rules.layout import WordSection


class Reading:
    """One form while it is being read: which section, which table, whose answer comes next."""

    def __init__(self, labels: Labels) -> None:
        self.findings = Findings(labels)
        self._labels = labels
        self._lost: Collection[str] = ()  # sections whose heading is gone
        self._section: WordSection | None = None
        self._open: Label | None = None  # its answer stands in the rows below
        self._columns: list[tuple[int, str]] = []  # of the table being read: where each starts, and its heading
        self._at_home: set[str] = set()  # the labels that stand in their own section
        self._away: set[str] = set()
        self._passed: frozenset[str] = frozenset()  # labels that count in their own section alone

    def read(self, word: WordText) -> None:
        headings = (self._labels.heading(b, in_table=False) for b in word.blocks if isinstance(b, Passage))
        self._lost = self._labels.sections.keys() - {heading.title for heading in headings if heading}
        self._walk(word)
        # A letterhead's "Name" is not the "Name" of the sign-off, where that stands in its place.
        if self._at_home & self._away:
            self._passed = frozenset(self._at_home & self._away)
            self.findings, self._section, self._columns = Findings(self._labels), None, []
            self._walk(word)

    def _walk(self, word: WordText) -> None:
        for block in word.blocks:
            if isinstance(block, Passage):
                self._paragraph(block)
            else:
                self._table(block)

    def _paragraph(self, passage: Passage) -> None:
        heading = self._labels.heading(passage, in_table=False)
        if heading:
            self._section, self._columns = heading, []
            self.findings.look_at(passage, heading.place)
            self.findings.stray(passage.aside, heading.place)
        else:
            self._row((passage,))
        self._open = None

    def _table(self, table: Table) -> None:
        # A table torn in two goes on without its headings.
        if self._columns and table.rows and len(table.rows[0]) != len(self._columns):
            self._columns = []
        for row in table.rows:
            if heading := self._heading(row):
                self._section, self._columns, self._open = heading, [], None
                for cell in row:
                    self.findings.look_at(cell, heading.place)
            elif self._is_header(row):
                self._open = None
            elif self._columns and not self._is_of_lost_section(row):
                self._record(row)
            else:
                self._row(row)
        self._open = None

    def _heading(self, row: Sequence[Passage]) -> WordSection | None:
        """The section that begins with a row of a table: a heading and nothing else."""
        written = [cell for cell in row if cell.printed]
        if len(written) != 1 or (self._columns and len(row) > 1):
            return None
        # What stands directly below a label is its answer, even where it says the words of a heading.
        if self._open and not self._is_answered(self._open):
            return None
        return self._labels.heading(written[0], in_table=True)

    # Tables that are filled row by row

    def _is_header(self, row: Sequence[Passage]) -> bool:
        for section, columns in self._labels.columns:
            if 2 * len(row) <= len(columns):
                continue
            # Each heading once: an answer may well be the word of a heading, and stand in many cells of a row.
            hits = {columns[cell.key] for cell in row if len(cell.printed) < 80 and cell.key in columns}
            if 2 * len(hits) > len(columns):
                self._section = section
                names = [columns.get(cell.key) or _begins(cell.key, columns, hits) for cell in row]
                hits.update(filter(None, names))
                self._columns = [(cell.column, name) for cell, name in zip(row, names, strict=True)]
                self.findings.labels.update((section.title, column) for column in hits)
                for cell, name in zip(row, names, strict=True):
                    self.findings.look_at(cell, f'{section.place}, "{name}"')
                return True
        return False

    def _is_of_lost_section(self, row: Sequence[Passage]) -> bool:
        """Without the heading between them Word makes one table of two: the next section's rows begin here."""
        known = self._labels.unique
        begins = len(row) <= 2 and any(c.key in known and known[c.key].section.title in self._lost for c in row)
        if begins:
            self._columns = []
        return begins

    def _record(self, row: Sequence[Passage]) -> None:
        assert self._section is not None
        done = self.findings.records.setdefault(self._section.title, [])
        record = dict.fromkeys(self._section.columns, "")
        for i, cell in enumerate(row):
            column = self._column(i, cell, len(row))
            where = f'{self._section.place}, row {len(done) + 1}, "{column}"'
            text = self.findings.said([cell], where)
            if column:
                record[column] = f"{record[column]} {text}".strip()
            else:
                self.findings.stray(text, f"{self._section.place}, row {len(done) + 1}")
        if any(record.values()):
            done.append(record)

    def _column(self, i: int, cell: Passage, width: int) -> str:
        """The heading above a cell; in a row with cells merged or split, the last that starts no later than it."""
        if width == len(self._columns):
            return self._columns[i][1]
        first = self._columns[0][0]
        return [name for start, name in self._columns if start <= max(cell.column, first)][-1]

    # Labels with their answers

    def _row(self, row: Sequence[Passage]) -> None:
        hits = self._hits(row)
        if not hits:
            self._below(row)
            return
        self._open = None
        starts = sorted(hits)
        used: set[int] = set()
        for i, following in zip(starts, [*starts[1:], len(row)], strict=True):
            found = hits[i]
            used.add(i)
            self.findings.stray(row[i].aside, found.label.where)
            if found.label.kind == "tick":
                box = [i - 1] if i and i - 1 not in used else []
                behind = list(range(i + 1, following))
                # With two ticks in a row of cells, the cell before the second label is the second's box.
                if behind and following < len(row) and (box or found.before.strip()):
                    behind.pop()
                used.update(box, behind)
                self._tick(found, row[i], [row[k] for k in box], [row[k] for k in behind])
            else:
                used.update(range(i + 1, following))
                self._labelled(found, row[i], row[i + 1 : following])
        if len(used) < len(row):
            self._loose([cell for k, cell in enumerate(row) if k not in used])

    def _hits(self, row: Sequence[Passage]) -> dict[int, Found]:
        """The labels in a row. The cell behind a label is its answer, even where it says the words of another."""
        hits: dict[int, Found] = {}
        for i, cell in enumerate(row):
            if i - 1 in hits and hits[i - 1].label.kind == "field":
                continue
            found = self._labels.find(cell, self._section, None if self._awaits(cell) else self._lost)
            if found is None or (self._open and found.label.kind == "field" and found.after):
                continue  # in the place of an answer, a line that begins like a label belongs to the answer
            label = found.label
            at_home = label.section is self._section or label.section.title in self._lost
            if not at_home and label.name in self._passed:
                continue
            (self._at_home if at_home else self._away).add(label.name)
            hits[i] = found
            self.findings.labels.add((label.section.title, label.text))
            # Where a heading is gone, its labels say where the section begins.
            if label.section.title in self._lost:
                self._section = label.section
        return hits

    def _awaits(self, cell: Passage) -> bool:
        """Whether a cell stands in the place of an answer, and is not the first label of a section without heading."""
        if self._open and self._is_answered(self._open) and (label := self._labels.unique.get(cell.key)):
            return label.section.title not in self._lost
        return self._open is not None

    def _labelled(self, found: Found, cell: Passage, behind: Sequence[Passage]) -> None:
        label = found.label
        if label.kind == "question":
            self._question(found, cell, behind)
            return
        self.findings.look_at(cell, label.where, struck=False)
        if "struck" in cell.seen:
            self.findings.see("struck-label", label.where)
        text = self.findings.said(behind, label.where)
        inside = self._labels.without_prompts(found.after)
        if text and inside:
            self.findings.remark(label.where, inside)
        date = next((c.date for c in (*behind, cell) if c.date), None)
        self.findings.answer(label, text or inside, date)
        self._open = None if behind or inside else label

    def _below(self, row: Sequence[Passage]) -> None:
        label = self._open
        if label is None:
            self._loose(row)
        elif label.kind == "question":
            self._yes_no(label, self.findings.said(row, label.where), any("struck" in cell.seen for cell in row))
        else:
            date = next((cell.date for cell in row if cell.date), None)
            self.findings.answer_more(label, self.findings.said(row, label.where, "\t"), date)

    def _is_answered(self, label: Label) -> bool:
        return label.name in self.findings.answers and self.findings.answers[label.name].text != ""

    def _question(self, found: Found, cell: Passage, behind: Sequence[Passage]) -> None:
        label = found.label
        self.findings.look_at(cell, label.where)
        after = found.after
        if "struck" in cell.seen:
            kept = label.pattern.match(cell.text)
            after = kept["after"].lstrip("? ") if kept else cell.text
        text = " ".join(part for part in (after, self.findings.said(behind, label.where)) if part)
        self._yes_no(label, text, any("struck" in one.seen for one in (cell, *behind)))

    def _yes_no(self, label: Label, text: str, struck: bool) -> None:
        said = read_yes_no(text, struck)
        self.findings.choices[label.name] = Choice(said.value, label.where, said.both)
        if said.words:
            self.findings.remark(label.where, said.words)
        if said.unclear:
            self.findings.see("unclear-answer", label.where)
        self._open = None if text else label

    def _tick(self, found: Found, cell: Passage, box: Sequence[Passage], behind: Sequence[Passage]) -> None:
        label = found.label
        self.findings.look_at(cell, label.where, struck=False)
        marks = [read_tick(found.before.strip()), read_tick(self.findings.said(box, label.where))]
        words = [mark.words for mark in marks]
        for text in (found.after.strip(), *(self.findings.said([one], label.where) for one in behind)):
            mark = read_tick(text)
            if mark.value is None:
                words.append(text)
            else:
                marks.append(mark)
                words.append(mark.words)
        said = "\n".join(text for text in words if any(c.isalnum() for c in text))
        values = {mark.value for mark in marks}
        if True in values and any(mark.value is False and mark.said_no for mark in marks):
            values.add(None)  # "☒", and "No" behind the label
        if "struck" in cell.seen and True in values:
            self.findings.see("struck-tick", label.where)
        elif None in values:
            self.findings.see("unclear-tick", label.where)
        elif True in values:
            self.findings.ticked.add(label.name)
        if label.words:
            self.findings.answer(label, said)
        elif said:
            self.findings.remark(label.where, said)

    def _loose(self, cells: Sequence[Passage]) -> None:
        """Words that belong to no label: kept, unless the form itself prints them."""
        where = self._section.place if self._section else "above the first section"
        cells = [cell for cell in cells if cell.key not in self._labels.guidance or cell.aside]
        self.findings.stray(self.findings.said(cells, where), where)


def _begins(key: str, columns: Mapping[str, str], taken: Collection[str]) -> str:
    """The heading that somebody made longer: "Contact details" for "Contact"; "" where it is none, or not clear."""
    free = [name for start, name in columns.items() if name not in taken and key.startswith(start)]
    return free[0] if len(free) == 1 else ""
