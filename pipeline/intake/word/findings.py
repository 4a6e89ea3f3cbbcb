"""What stands at each label of a Word form comes in, piece by piece; its answers, remarks and notes go out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.intake.word.labels import Label, Labels
from pipeline.intake.word.passage import Passage
from pipeline.intake.word.word_notes import NOTES
from pipeline.rules.form import Answer, Choice, Problem, Remark


class Findings:
    """Everything is kept by the label's name, ``"<section>/<label>"``; nothing that was written is lost."""

    def __init__(self, labels: Labels) -> None:
        self.answers: dict[str, Answer] = {}
        self.choices: dict[str, Choice] = {}
        self.ticked: set[str] = set()
        self.records: dict[str, list[dict[str, str]]] = {}
        self.labels: set[tuple[str, str]] = set()  # section and label of those that the form still has
        self.remarks: list[Remark] = []
        self.hanging: list[tuple[str, tuple[str, str]]] = []  # where a comment or a footnote hangs, and which
        self.places: dict[str, list[Passage]] = {}  # where → its label, then what stands beside or below it
        self.tracked: dict[str, None] = {}  # where changes are tracked
        self._seen: dict[tuple[str, str], None] = {}
        self._form = labels

    def notes(self) -> list[Problem]:
        return [Problem("note", code, where, *NOTES[code]) for code, where in self._seen]

    def answer(self, label: Label, text: str, date: dt.date | None = None) -> None:
        """Keep an answer. Where the label stands on the form twice, both are kept and said to be."""
        old = self.answers.get(label.name)
        if old is None or not old.text:
            self.answers[label.name] = Answer(text, label.where, date if text else None)
        elif text and text != old.text:
            self.see("answered-twice", label.where)
            self.answers[label.name] = Answer(f"{old.text}\n{text}", label.where)

    def answer_more(self, label: Label, text: str, date: dt.date | None) -> None:
        """Keep one more row of the answer that stands below its label."""
        old = self.answers[label.name]
        if not old.text:
            self.answers[label.name] = Answer(text, label.where, date if text else None)
        elif text:
            self.answers[label.name] = Answer(f"{old.text}\n{text}", label.where)

    def remark(self, where: str, text: str) -> None:
        self.remarks.append(Remark(where, text))

    def see(self, code: str, where: str) -> None:
        self._seen[code, where] = None

    def said(self, cells: Sequence[Passage], where: str, between: str = " ") -> str:
        """What cells say as an answer, prompts left out; their text boxes last."""
        texts: list[str] = []
        for cell in cells:
            self.look_at(cell, where)
            text = self._form.without_prompts(cell.text)
            if text or cell.aside:
                texts.append("\n".join(part for part in (text, cell.aside) if part))
        return between.join(texts)

    def look_at(self, cell: Passage, where: str, struck: bool = True) -> None:
        """Note what a cell has beside its text. ``struck``: whether it matters that something is struck out."""
        self.places.setdefault(where, []).append(cell)
        if not (cell.seen or cell.prompts or cell.remarks):
            return
        for code in ("picture", "contradiction", "joined", "clock"):
            if code in cell.seen:
                self.see(code, where)
        if struck and "struck" in cell.seen:
            self.see("struck-out", where)
        if "tracked" in cell.seen:
            self.tracked[where] = None
        if any(self._form.without_prompts(prompt) for prompt in cell.prompts):
            self.see("prompt", where)
        self.hanging += [(where, ref) for ref in cell.remarks]

    def stray(self, text: str, where: str) -> None:
        """Words that stand where no answer belongs."""
        if any(c.isalnum() for c in text):
            self.remark(where, text)
            self.see("outside", where)
