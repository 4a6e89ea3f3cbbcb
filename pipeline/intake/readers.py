"""The bytes of a dropped file come in; the forms in it go out, by the one reader that recognises them."""

from __future__ import annotations

from pipeline.errors import UnreadableFile
from pipeline.rules.form import Form
from pipeline.rules.layout import Layouts

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".xltx", ".xltm"})
_WORD = frozenset({".docx", ".docm"})

_USE_THE_FORM = (
    "Complete the Excel assessment matrix or the Word case referral form and drop that. "
    "If this was meant for somebody else, please take it out of the returned folder."
)


def read_forms(data: bytes, name: str, layouts: Layouts) -> tuple[Form, ...]:
    """Read every form in the file; a workbook may hold several matrices, one a sheet.

    Raises:
        UnreadableFile: it is none of the forms, or damaged, or closed by a password.
    """
    if not data[:8].strip(b"\0"):  # Windows sets space aside for a copy, then fills it
        raise UnreadableFile("empty", "The file is empty.", "Save the form again, then drop the saved copy.")
    ending = _ending(name)
    if data.startswith(_ZIP) and ending in _WORD:
        return _referrals(data, layouts)
    if (data.startswith(_ZIP) and ending in _WORKBOOKS) or (data.startswith(_OLE) and ending in _WORKBOOKS):
        return _matrices(data, layouts)
    raise _other_file(data, ending)


def _matrices(data: bytes, layouts: Layouts) -> tuple[Form, ...]:
    from pipeline.intake.matrix import describe_nearest, read_matrices

    forms = read_matrices(data, layouts.matrices)
    if not forms:
        what = f"This workbook has no sheet that is the assessment matrix. {describe_nearest(data, layouts.matrices)}"
        raise UnreadableFile("not-a-form", what.strip(), _USE_THE_FORM)
    return forms


def _referrals(data: bytes, layouts: Layouts) -> tuple[Form, ...]:
    from pipeline.intake.referral import read_referral

    form = read_referral(data, layouts.referrals)
    if form is None:
        raise UnreadableFile("not-a-form", "This Word document is not the case referral form.", _USE_THE_FORM)
    return (form,)


def _other_file(data: bytes, ending: str) -> UnreadableFile:
    if data.startswith(_OLE) and "E\0n\0c\0r\0y\0p\0t".encode("latin-1") in data:
        return UnreadableFile(
            "password",
            "The file is closed by a password or by rights management, so that it cannot be read.",
            "Open it, take the password off (File, Info, Protect), save it and drop the saved copy. The shared folder "
            "itself is protected.",
        )
    if data.startswith(_OLE) and ending in {".doc", ".dot"}:
        return UnreadableFile(
            "old-word", "This is a document of Word 97 to 2003.", "Open it in Word, save it as .docx and drop that."
        )
    if ending in _WORKBOOKS | _WORD | {".doc"}:
        return UnreadableFile(
            "wrong-type",
            f"The name ends in {ending}, but what is in the file is something else, or it is damaged.",
            "Open it in Excel or Word, save it there as .xlsx or .docx and drop the saved copy.",
        )
    return UnreadableFile("wrong-type", "This is neither an Excel workbook nor a Word document.", _USE_THE_FORM)


def _ending(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:].strip().lower() if dot > 0 else ""
