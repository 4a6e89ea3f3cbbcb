"""How one form of a dropped file ended comes in; the JSON object of the outside contract goes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.rules.case import Believed, Range, Score
from pipeline.rules.examined import Examined
from pipeline.rules.form import MatrixForm, Problem, WordForm

Outcome = Literal["accepted", "returned", "duplicate", "waiting"]


@dataclass(frozen=True, slots=True)
class Published:
    """One document in the outbox; ``path`` is relative to it, with ``/``; ``sha256`` is of its content."""

    kind: str
    recipient: str | None
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Result:
    """How one form ended. ``examined`` is None where the file is none of the forms; ``problems`` then says why."""

    file: str
    outcome: Outcome
    examined: Examined | None = None
    problems: tuple[Problem, ...] = ()
    documents: tuple[Published, ...] = ()

    @property
    def form(self) -> str | None:
        match self.examined and self.examined.form:
            case MatrixForm():
                return "matrix"
            case WordForm(kind=kind):
                return kind
            case _:
                return None

    @property
    def sheet(self) -> str | None:
        form = self.examined and self.examined.form
        return form.sheet if isinstance(form, MatrixForm) else None

    @property
    def case(self) -> str | None:
        return self.examined.case if self.examined else None

    @property
    def believed(self) -> Believed | None:
        return self.examined.believed if self.examined else None


def to_json(result: Result) -> dict[str, object]:
    """The object that `--json` prints for one form (docs/json.md)."""
    examined = result.examined
    form = examined.form if examined else None
    line: dict[str, object] = {
        "file": result.file,
        "sheet": result.sheet,
        "form": result.form,
        "outcome": result.outcome,
        "case": result.case,
        "score": None,
        "band": examined.band if examined else None,
        "problems": [
            {"severity": p.severity, "code": p.code, "where": p.where, "what": p.what, "remedy": p.remedy}
            for p in result.problems
        ],
        "fields": {},
    }
    if examined and isinstance(form, MatrixForm):
        line |= _matrix(form, examined.score)
    elif isinstance(form, WordForm):
        line |= _referral(form)
    line["documents"] = [{"kind": d.kind, "recipient": d.recipient, "path": d.path} for d in result.documents]
    return line


def _matrix(form: MatrixForm, score: Score | None) -> dict[str, object]:
    line: dict[str, object] = {
        "fields": {label: {"value": answer.text, "where": answer.where} for label, answer in form.fields.items()},
        "rows": {},
        "factors": {},
    }
    if score is None:
        return line
    line["score"] = {"low": score.total.low, "high": score.total.high} | {
        key: _pair(total) for key, total in score.sections.items()
    }
    for name, wanted in (("factors", True), ("rows", False)):
        line[name] = {
            row.item: {key: _pair(span) for key, span in row.blocks.items()} | {"where": row.where}
            for row in score.rows
            if (row.section == "protective") is wanted
        }
    return line


def _pair(span: Range) -> list[int]:
    return [span.low, span.high]


def _referral(form: WordForm) -> dict[str, object]:
    fields: dict[str, object] = {k: {"value": a.text, "where": a.where} for k, a in form.fields.items()}
    fields |= {k: {"value": choice.value, "where": choice.where} for k, choice in form.questions.items()}
    return {
        "fields": fields,
        "ticked": [tick.label for tick in form.ticked],
        "tables": {section: [dict(row) for row in rows] for section, rows in form.tables.items()},
    }
