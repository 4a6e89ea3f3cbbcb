"""The paragraphs and table rows of a Word form come in; what stands beside, behind and below each label goes out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.intake.labels import Found, Label, Labels
from pipeline.intake.passage import Passage, Table
from pipeline.intake.referral_notes import NOTES
from pipeline.intake.ticks import read_tick, read_yes_no
from pipeline.intake.word_text import WordText
from pipeline.rules.form import Answer, Choice, Problem, Remark
from pipeline.rules.layout import ReferralSection


class Reading:
    """One form while it is being read. Everything found is kept by the label's name, ``"<section>/<label>"``."""

    def __init__(self, labels: Labels) -> None:
        self.answers: dict[str, Answer] = {}
        self.choices: dict[str, Choice] = {}
        self.ticked: set[str] = set()
        self.records: dict[str, list[dict[str, str]]] = {}
        self.found: set[tuple[str, str]] = set()
        self.remarks: list[Remark] = []
        self.hanging: list[tuple[str, tuple[str, str]]] = []  # where a comment or a footnote hangs, and which
        self.tracked: dict[str, None] = {}
        self._seen: dict[tuple[str, str], None] = {}
        self._labels = labels
        self._lost: Collection[str] = ()  # sections whose heading is gone
        self._section: ReferralSection | None = None
        self._open: Label | None = None  # its answer stands in the rows below
        self._columns: list[tuple[int, str]] = []  # of the table being read: where each starts, and its heading

    def read(self, word: WordText) -> None:
        headings = (self._labels.heading(b, in_table=False) for b in word.blocks if isinstance(b, Passage))
        headed = {heading.title for heading in headings if heading}
        self._lost = self._labels.sections.keys() - headed
        for block in word.blocks:
            if isinstance(block, Passage):
                self._paragraph(block)
            else:
                self._table(block)

    def notes(self) -> list[Problem]:
        return [Problem("note", code, where, *NOTES[code]) for code, where in self._seen]

    def _paragraph(self, passage: Passage) -> None:
        heading = self._labels.heading(passage, in_table=False)
        if heading:
            self._section = heading
            self._columns = []
            self._note_all(passage, heading.place)
            self._aside(passage, heading.place)
        elif passage.printed or passage.aside or passage.remarks:
            self._row((passage,))
        self._open = None

    def _table(self, table: Table) -> None:
        # A table torn in two goes on without its headings.
        if self._columns and table.rows and len(table.rows[0]) != len(self._columns):
            self._columns = []
        for row in table.rows:
            written = [cell for cell in row if cell.printed]
            # What stands directly below a label is its answer, even where it says the words of a heading.
            answer = self._open and not self._is_answered(self._open)
            alone = len(written) == 1 and (len(row) == 1 or not self._columns) and not answer
            if alone and (heading := self._labels.heading(written[0], in_table=True)):
                self._section, self._columns, self._open = heading, [], None
            elif self._is_header(row):
                self._open = None
            elif self._columns:
                self._record(row)
            else:
                self._row(row)
        self._open = None

    # Tables that are filled row by row

    def _is_header(self, row: Sequence[Passage]) -> bool:
        if len(row) < 2:
            return False
        for section, columns in self._labels.columns:
            hits = [columns[cell.key] for cell in row if len(cell.printed) < 80 and cell.key in columns]
            if len(hits) >= 2 and 2 * len(hits) > len(columns):
                self._section = section
                self._columns = [(cell.column, columns.get(cell.key, "")) for cell in row]
                self.found.update((section.title, column) for column in hits)
                for cell in row:
                    self._note_all(cell, f'{section.place}, "{columns.get(cell.key, cell.printed)}"')
                return True
        return False

    def _record(self, row: Sequence[Passage]) -> None:
        assert self._section is not None
        done = self.records.setdefault(self._section.title, [])
        record = dict.fromkeys(self._section.columns, "")
        for i, cell in enumerate(row):
            column = self._column(i, cell, len(row))
            where = f'{self._section.place}, row {len(done) + 1}, "{column}"'
            text = self._answer([cell], where)
            if text and column:
                record[column] = f"{record[column]} {text}".strip()
            elif text:
                self._stray(text, where)
        if any(record.values()):
            done.append(record)

    def _column(self, i: int, cell: Passage, width: int) -> str:
        if width == len(self._columns):
            return self._columns[i][1]
        return [name for start, name in self._columns if start <= cell.column or start == self._columns[0][0]][-1]

    # Labels with their answers

    def _row(self, row: Sequence[Passage]) -> None:
        hits: dict[int, Found] = {}
        for i, cell in enumerate(row):
            # The cell behind a label is its answer, even where it says the words of another label.
            if i - 1 in hits and hits[i - 1].label.kind == "field":
                continue
            if found := self._find(cell):
                hits[i] = found
                self._enter(found.label)
        if not hits:
            self._below(row)
            return
        self._open = None
        starts = sorted(hits)
        used: set[int] = set()
        for i, following in zip(starts, [*starts[1:], len(row)], strict=True):
            found = hits[i]
            used.add(i)
            self._aside(row[i], found.label.where)
            if found.label.kind == "tick":
                box = [i - 1] if i and i - 1 not in used else []
                boxed = bool(box or _has_box(found.before))
                behind = [
                    k for k in range(i + 1, following) if not (boxed and k == following - 1 and following < len(row))
                ]
                used.update(box, behind)
                self._tick(found, row[i], [row[k] for k in box], [row[k] for k in behind])
            else:
                behind = list(range(i + 1, following))
                used.update(behind)
                self._labelled(found, row[i], [row[k] for k in behind])
        for k, cell in enumerate(row):
            if k not in used:
                self._loose(cell)

    def _find(self, cell: Passage) -> Found | None:
        found = self._labels.find(cell, self._section, None if self._open else self._lost)
        if found and self._open and found.label.kind == "field" and found.after:
            return None  # a line of the answer below a label that begins like a label
        return found

    def _enter(self, label: Label) -> None:
        self.found.add((label.section.title, label.text))
        # Where a heading is gone, its labels say where the section begins.
        if label.section is not self._section and label.section.title in self._lost:
            self._section = label.section

    def _labelled(self, found: Found, cell: Passage, behind: Sequence[Passage]) -> None:
        label = found.label
        if label.kind == "question":
            self._question(label, found, [cell, *behind])
            return
        self._note_all(cell, label.where, struck=False)
        if "struck" in cell.seen:
            self._see("struck-label", label.where)
        text = self._answer(behind, label.where)
        inside = self._labels.without_prompts(found.after)
        if text and inside:
            self.remarks.append(Remark(label.where, inside))
        date = next((c.date for c in (*behind, cell) if c.date), None)
        self._put(label, text or inside, date)
        self._open = None if behind or inside else label

    def _below(self, row: Sequence[Passage]) -> None:
        label = self._open
        if label is None:
            for cell in row:
                self._loose(cell)
            return
        if label.kind == "question":
            self._question(label, Found(label), row)
            return
        self._put(label, self._answer(row, label.where, "\t"), next((c.date for c in row if c.date), None), more=True)

    def _is_answered(self, label: Label) -> bool:
        return label.name in self.answers and self.answers[label.name].text != ""

    def _put(self, label: Label, text: str, date: object = None, more: bool = False) -> None:
        old = self.answers.get(label.name)
        if old and old.text and text and old.text != text:
            if not more:
                self._see("answered-twice", label.where)
            text = f"{old.text}\n{text}"
            date = None
        elif old and old.text:
            return
        self.answers[label.name] = Answer(text, label.where, date if text else None)  # type: ignore[arg-type]

    def _question(self, label: Label, found: Found, cells: Sequence[Passage]) -> None:
        for cell in cells:
            self._note_all(cell, label.where)
        struck = any("struck" in cell.seen for cell in cells)
        after = found.after
        if struck and cells:
            kept = label.pattern.match(cells[0].text)
            after = kept["after"].lstrip("? ") if kept else cells[0].text
        behind = (
            [self._labels.without_prompts(cell.text) for cell in cells[1:]]
            if found.before or found.after or label.pattern.match(cells[0].printed)
            else [cell.text for cell in cells]
        )
        text = " ".join(part for part in (after, *behind) if part)
        said = read_yes_no(text, struck)
        self.choices[label.name] = Choice(said.value, label.where, said.both)
        if said.words:
            self.remarks.append(Remark(label.where, said.words))
        if said.unclear:
            self._see("unclear-answer", label.where)
        self._open = label if not text else None

    # Ticks

    def _tick(self, found: Found, cell: Passage, box: Sequence[Passage], behind: Sequence[Passage]) -> None:
        label = found.label
        self._note_all(cell, label.where, struck=False)
        for one in (*box, *behind):
            self._note_all(one, label.where)
        marks = [read_tick(found.before.strip()), *(read_tick(one.text) for one in box)]
        words = [mark.words for mark in marks if mark.words]
        for text in (found.after.strip(), *(self._labels.without_prompts(one.text) for one in behind)):
            if text and (mark := read_tick(text)).value is not None:
                marks.append(mark)
                words += [mark.words] if mark.words else []
            elif any(c.isalnum() for c in text):
                words.append(text)
        said = "\n".join(words)
        values = {mark.value for mark in marks}
        if "struck" in cell.seen and True in values:
            self._see("struck-tick", label.where)
        elif None in values:
            self._see("unclear-tick", label.where)
        elif True in values:
            self.ticked.add(label.name)
        if label.words:
            self._put(label, said)
        elif said and None not in values:
            self.remarks.append(Remark(label.where, said))

    # What every cell may carry

    def _answer(self, cells: Sequence[Passage], where: str, between: str = " ") -> str:
        texts: list[str] = []
        for cell in cells:
            self._note_all(cell, where)
            text = self._labels.without_prompts(cell.text)
            if text or cell.aside:
                texts.append("\n".join(part for part in (text, cell.aside) if part))
        return between.join(texts)

    def _note_all(self, cell: Passage, where: str, struck: bool = True) -> None:
        if not (cell.seen or cell.prompts or cell.remarks):
            return
        for code in ("picture", "contradiction", "joined"):
            if code in cell.seen:
                self._see(code, where)
        if struck and "struck" in cell.seen:
            self._see("struck-out", where)
        if "tracked" in cell.seen:
            self.tracked[where] = None
        if any(self._labels.without_prompts(prompt) for prompt in cell.prompts):
            self._see("prompt", where)
        self.hanging += [(where, ref) for ref in cell.remarks]

    def _see(self, code: str, where: str) -> None:
        self._seen[code, where] = None

    def _aside(self, cell: Passage, where: str) -> None:
        if cell.aside:
            self._stray(cell.aside, where)

    def _stray(self, text: str, where: str) -> None:
        self.remarks.append(Remark(where, text))
        self._see("outside", where)

    def _loose(self, cell: Passage) -> None:
        """Words that belong to no label: kept, unless the form itself prints them."""
        where = self._section.place if self._section else "above section A"
        self._note_all(cell, where)
        text = self._labels.without_prompts(cell.text)
        if text and cell.key not in self._labels.guidance:
            self._stray(text, where)
        self._aside(cell, where)


def _has_box(text: str) -> bool:
    return bool(text.strip())
