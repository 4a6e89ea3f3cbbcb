import pytest

from pipeline.intake.word.ticks import Ticked, YesNo, read_tick, read_yes_no


@pytest.mark.parametrize(
    "text", ["☒", "☑", "x", "X", "✓", "✔", "√", "✗", "Yes", "y", "☐ x", "x ☐", "☐✓", "✔\ufe0f", "xx"]
)
def test_reads_a_tick(text: str) -> None:
    assert read_tick(text) == Ticked(True)


@pytest.mark.parametrize("text", ["", "☐", "□", "No", "n", "-", "☐ No", "☐ ☐"])
def test_reads_no_tick(text: str) -> None:
    assert read_tick(text).value is False
    assert read_tick(text).said_no == ("n" in text.lower())


@pytest.mark.parametrize("text", ["?", "☒ ☐", "☒?", "maybe", "☒ no", "x not sure", "2"])
def test_never_guesses_a_tick(text: str) -> None:
    assert read_tick(text).value is None


def test_keeps_the_words_behind_a_tick() -> None:
    assert read_tick("x – since January") == Ticked(True, "since January")


@pytest.mark.parametrize(
    "text",
    [
        "Yes ☒  No ☐", "Yes ☐x  No ☐", "Yes x  No ☐", "Yes ✓ No", "☒ Yes ☐ No", "x Yes ☐  No ☐", "Yes", "y", "YES.",
        "Yes ☐  No ☐  Yes", "No ☐  Yes ☒", "Yes ☒", "Yes ☑ / No □", "Yes ☒  No",
    ],
)  # fmt: skip
def test_reads_yes(text: str) -> None:
    assert read_yes_no(text) == YesNo(True)


@pytest.mark.parametrize(
    "text", ["Yes ☐  No ☒", "Yes ☐  No ☐x", "No", "n", "☐ Yes ☑ No", "Yes ☐ No x", "Yes  No ✔", "Yes ☐ No ☐ No"]
)
def test_reads_no(text: str) -> None:
    assert read_yes_no(text) == YesNo(False)


@pytest.mark.parametrize("text", ["", "Yes ☐  No ☐", "Yes  No", "Yes / No", "Yes ☐", "☐ Yes  ☐ No", "☐ ☐"])
def test_reads_no_answer(text: str) -> None:
    assert read_yes_no(text) == YesNo(None)


@pytest.mark.parametrize("text", ["Yes ☒  No ☒", "☒ Yes ☒ No", "Yes x No x", "Yes ☒ No ☒ told by mum"])
def test_both_ticked_is_no_answer(text: str) -> None:
    assert read_yes_no(text).value is None
    assert read_yes_no(text).both


@pytest.mark.parametrize(
    "text",
    [
        "Yes ☐ x No ☐", "Yes ☐  xNo ☐", "Yes ☐ told on Monday",
        "?", "Yes ☒ ? No ☐", "Yes ☒ No ☐ No", "☒ Yes ☐ No ☐", "perhaps", "✓", "☒",
        "Yes ☐ No ☐ not yet told", "Yes?", "He said yes but means no", "Yes ☒ ☐ x No x ☐ no", "No ☒ No ☐",
    ],
)  # fmt: skip
def test_never_guesses_between_yes_and_no(text: str) -> None:
    said = read_yes_no(text)
    assert said.value is None
    assert said.unclear or said.both


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("Yes ☒ (told by mum)  No ☐", True, "told by mum"),
        ("Yes ☐  No ☒ – she has no phone", False, "she has no phone"),
        ("Yes – told on Monday", True, "told on Monday"),
        ("No: not safe to tell", False, "not safe to tell"),
        ("Yes ☒ – told by mum", True, "told by mum"),
        ("Yes ☒  No ☐ no contact with dad", True, "no contact with dad"),
    ],
)
def test_keeps_the_words_beside_an_answer(text: str, value: bool, words: str) -> None:
    said = read_yes_no(text)
    assert (said.value, said.words, said.unclear) == (value, words, False)


@pytest.mark.parametrize(("text", "value"), [("Yes", True), ("Yes ☐", True), ("  No ☐", False), ("/ No", False)])
def test_the_alternative_that_is_left_is_the_answer(text: str, value: bool) -> None:
    assert read_yes_no(text, struck=True) == YesNo(value)


@pytest.mark.parametrize("text", ["(X)", "( x )", "[✓]", "_x_"])
def test_reads_a_tick_in_brackets(text: str) -> None:
    assert read_tick(text) == Ticked(True)


@pytest.mark.parametrize("text", ["Yes / No", "Y / N", "no / yes"])
def test_both_words_left_to_choose_from_are_no_tick(text: str) -> None:
    assert read_tick(text).value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Yes yes  No ☐", True), ("Yes Y  No n", True), ("Yes x  No n", True), ("Yes yes  No", True),
        ("Yes ☐  No yes", False), ("Yes no  No yes", False), ("Yes ☐  No Y", False), ("Yes  No  Yes", None),
        ("Yes yes  No yes", None), ("Y / N", None),
    ],
)  # fmt: skip
def test_words_typed_over_the_boxes_of_yes_and_no_are_ticks_in_their_places(text: str, value: bool | None) -> None:
    assert read_yes_no(text).value is value
