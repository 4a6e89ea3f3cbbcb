"""A slip is believed for the one letter that it names; what names none goes back."""

from __future__ import annotations

import datetime as dt
import tomllib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rules.acknowledgement import examine_acknowledgement, letter_reference, unknown_letter
from pipeline.rules.case import Acknowledgement, Letter
from pipeline.rules.examined import Examined
from pipeline.rules.layout import WordLayout
from tests import factories
from tests.word_forms import noted, returned, word_form

SLIP = msgspec.convert(tomllib.loads((factories.FORMS / "acknowledgement.toml").read_text("utf-8")), WordLayout)
TODAY = dt.date(2026, 11, 30)
FULL = {"reference": "CF104233-1a2b3c4d-03", "replied_by": "D. Sergeant", "date": "27/11/2026"}
REFERENCE, DONE = 'section A, "Letter reference"', 'section B, "Have you done what the letter asks?"'


def examine(done: bool | None = True, both: bool = False, **answers: str) -> Examined:
    form = word_form(SLIP, FULL | answers, questions={"done": done}, both=["done"] if both else [])
    return examine_acknowledgement(form, SLIP, TODAY)


def believed(examined: Examined) -> Acknowledgement:
    assert isinstance(examined.believed, Acknowledgement), examined.problems
    return examined.believed


def letter(reference: str) -> Letter:
    return Letter(reference, "flag", "police", (), "Police", (), dt.date(2026, 11, 24), dt.date(2026, 12, 1))


def test_a_slip_is_believed_for_its_letter() -> None:
    examined = examine()
    assert examined.problems == () and examined.case == "CF104233"
    slip = believed(examined)
    assert (slip.case, slip.reference) == ("CF104233", "CF104233-1a2b3c4d-03")
    assert (slip.done, slip.date, slip.answers["replied_by"]) == (True, dt.date(2026, 11, 27), "D. Sergeant")


@pytest.mark.parametrize(
    "text",
    [
        "cf104233-1A2B3C4D-03", " CF104233 - 1a2b3c4d - 03 ", "CF104233–1a2b3c4d–03", "CF 104 233‑1a2b 3c4d‑03.",
        "CF104233-1a2b3c4d-\n03",
    ],
)  # fmt: skip
def test_white_space_case_and_the_kind_of_dash_do_not_matter(text: str) -> None:
    assert believed(examine(reference=text)).reference == "CF104233-1a2b3c4d-03"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("p-104233-00000000-01", ("P-104233", "P-104233-00000000-01")),
        ("104233-12345678-100", ("104233", "104233-12345678-100")),
    ],
)
def test_a_case_may_have_a_dash_and_a_pack_a_hundred_letters(text: str, found: tuple[str, str]) -> None:
    assert letter_reference(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "CF104233", "CF104233-1a2b3c4d", "CF104233-1a2b3c4d-3", "CF104233-1a2b3c4-03", "CF104233-1a2b3c4g-03",
        "-1a2b3c4d-03", "CF104233-1a2b3c4d-03 CF104233-1a2b3c4d-04", "CF104233-1a2b3c4d-03\nCF104240-1a2b3c4d-03",
        "CF104233-1a2b3c4d-03 and 04", "CF104233-1a2b3c4d-03 04", "Ref: CF104233-1a2b3c4d-03", "see letter",
        "CF104233\nCF104240-1a2b3c4d-03", "CF104233-1a2b3c4d-03/04",
    ],
)  # fmt: skip
def test_what_is_not_clearly_one_reference_goes_back(text: str) -> None:
    examined = examine(reference=text)
    assert returned(examined) == [("unclear-reference", REFERENCE)]
    assert examined.believed is None and examined.case is None
    assert text not in examined.problems[0].what


@given(
    st.from_regex(r"[A-Z]{0,3}[0-9]{5,9}", fullmatch=True),
    st.from_regex(r"[0-9a-f]{8}", fullmatch=True),
    st.integers(1, 999),
    st.sampled_from([str.upper, str.lower, lambda text: text.replace("-", " – ")]),
)
def test_every_reference_is_read_back(case: str, pack: str, number: int, style: object) -> None:
    printed = f"{case}-{pack}-{number:02d}"
    assert callable(style) and letter_reference(style(printed)) == (case, printed)


@pytest.mark.parametrize("key", ["reference", "replied_by"])
def test_goes_back_for_want_of_each_required_answer(key: str) -> None:
    examined = examine(**{key: ""})
    assert [code for code, _ in returned(examined)] == ["missing"]
    assert examined.case == (None if key == "reference" else "CF104233")


def test_an_agency_that_has_not_done_it_is_believed_with_a_note() -> None:
    examined = examine(done=False)
    assert returned(examined) == [] and noted(examined) == [("not-done", DONE)]
    assert believed(examined).done is False and believed(examined).notes == examined.problems


def test_neither_box_is_a_note_and_both_go_back() -> None:
    assert noted(examine(done=None)) == [("unanswered", DONE)]
    assert believed(examine(done=None)).done is None
    assert returned(examine(done=None, both=True)) == [("two-marks", DONE)]


@pytest.mark.parametrize(("text", "code"), [("soon", "unreadable-date"), ("1/12/2026", "future-date")])
def test_a_date_of_reply_that_cannot_be_right_is_a_note(text: str, code: str) -> None:
    assert noted(examine(date=text)) == [(code, 'section B, "Date of reply"')]
    assert believed(examine(date=text)).date is None


def test_a_slip_for_a_letter_that_was_never_drafted_goes_back() -> None:
    slip = believed(examine(reference="cf104233 – 1A2B3C4D – 03"))
    assert unknown_letter(slip, [letter("CF104233-1a2b3c4d-02"), letter("CF104233-1a2b3c4d-03")]) is None
    problem = unknown_letter(slip, [letter("CF104233-1a2b3c4d-02")])
    assert problem and (problem.severity, problem.code, problem.where) == ("return", "unknown-letter", REFERENCE)
    assert unknown_letter(slip, []) is not None


def test_what_is_no_slip_names_no_letter() -> None:
    assert unknown_letter(factories.assessment(), []) is None
