"""The bytes of a possibly damaged form come in; a fault goes out where the readers break one of their promises."""

from __future__ import annotations

import datetime as dt

from pipeline.errors import UnreadableFile
from pipeline.examine import EXAMINE
from pipeline.intake.readers import read_forms
from pipeline.rules.assessment import examine_matrix
from pipeline.rules.form import Form, MatrixForm, Problem, Remark
from tests.matrix_forms import LAYOUTS

TODAY = dt.date(2026, 11, 21)


def read(data: bytes, name: str) -> tuple[Form, ...]:
    """The forms in it, none where it goes back; whatever is raised besides is a finding."""
    try:
        forms = read_forms(data, name, LAYOUTS)
    except UnreadableFile as e:
        assert e.code and e.what and e.remedy
        return ()
    for form in forms:
        keeps_its_promises(form)
    return forms


def keeps_its_promises(form: Form) -> None:
    """Every field is there, every problem is worded, and the rules can judge what was read."""
    layout = LAYOUTS.of(form.layout)
    if isinstance(form, MatrixForm):
        assert set(form.fields) == {f.label for f in layout.fields}  # type: ignore[union-attr]
        examined = examine_matrix(form, layout, TODAY)  # type: ignore[arg-type]
        assert examined.believed is not None or any(p.severity == "return" for p in examined.problems)
        assert examined.score is None or all(
            m.low <= m.high for row in examined.score.rows for m in row.blocks.values()
        )
    else:
        examined = EXAMINE[form.kind](form, layout, TODAY)  # type: ignore[arg-type]
        assert examined.believed is not None or any(p.severity == "return" for p in examined.problems)
    for problem in (*form.notes, *examined.problems):
        assert isinstance(problem, Problem) and problem.code and problem.what and problem.remedy
    for answer in form.fields.values():
        assert isinstance(answer.text, str)
    for remark in form.remarks:
        assert isinstance(remark, Remark) and remark.text
