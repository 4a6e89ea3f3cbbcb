"""The bytes of a dropped file come in; the forms in it go out, by the one reader that recognises them."""

from __future__ import annotations

from pipeline.errors import UnreadableFile
from pipeline.intake.container import USE_THE_FORM, Container, opened
from pipeline.rules.form import Form
from pipeline.rules.layout import Layouts


def read_forms(data: bytes, name: str, layouts: Layouts) -> tuple[Form, ...]:
    """Read every form in the file; a workbook may hold several matrices, one a sheet.

    Raises:
        UnreadableFile: it is none of the forms, or damaged, closed by a password, or built to do harm.
    """
    container = opened(data, name)
    return (_word_forms if container.kind == "word" else _matrices)(data, container, layouts)


def _matrices(data: bytes, container: Container, layouts: Layouts) -> tuple[Form, ...]:
    from pipeline.intake.excel.matrix import describe_nearest, read_matrices

    forms = read_matrices(data, layouts.matrices, container.parts)
    if not forms:
        what = f"This workbook has no sheet that is the assessment matrix. {describe_nearest(data, layouts.matrices)}"
        raise UnreadableFile("not-a-form", what.strip(), USE_THE_FORM)
    return forms


def _word_forms(data: bytes, container: Container, layouts: Layouts) -> tuple[Form, ...]:
    from pipeline.intake.word.word_form import describe_nearest, read_word_form

    form = read_word_form(data, layouts.word_forms, container.parts)
    if form is None:
        what = f"This Word document is none of the forms. {describe_nearest(data, layouts.word_forms)}"
        raise UnreadableFile("not-a-form", what.strip(), USE_THE_FORM)
    return (form,)
