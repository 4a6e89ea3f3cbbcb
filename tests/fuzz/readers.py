"""The bytes of a possibly damaged form come in; a fault goes out where the readers break one of their promises."""

from __future__ import annotations

import datetime as dt

import msgspec

from pipeline.errors import UnreadableFile
from pipeline.examine import EXAMINE
from pipeline.intake.readers import read_forms
from pipeline.register.forms import believed_from
from pipeline.rules.assessment import examine_matrix
from pipeline.rules.case import Believed
from pipeline.rules.course import assemble, course_notes, other_person
from pipeline.rules.form import Form, MatrixForm, Problem, Remark
from pipeline.rules.standing import standing
from pipeline.rules.time_limits import time_limits
from tests.matrix_forms import LAYOUTS

TODAY = dt.date(2026, 11, 25)


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
    if examined.believed is not None:
        takes_its_place(examined.believed, "matrix" if isinstance(form, MatrixForm) else form.kind)
    for problem in (*form.notes, *examined.problems):
        assert isinstance(problem, Problem) and problem.code and problem.what and problem.remedy
    for answer in form.fields.values():
        assert isinstance(answer.text, str)
    for remark in form.remarks:
        assert isinstance(remark, Remark) and remark.text


def takes_its_place(believed: Believed, kind: str) -> None:
    """What is believed is kept as it is, and its case follows from it."""
    kept = believed_from(kind, msgspec.json.encode(believed).decode())
    assert kept == believed
    case = assemble(believed.case, [kept], kept)
    assert case.ref == believed.case and other_person(believed, [kept]) is None and course_notes(believed, [kept]) == ()
    for limit in time_limits(case, standing(case), ()):
        assert limit.what and limit.case == believed.case
