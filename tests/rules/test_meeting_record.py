"""What a meeting decided is believed as it was written, or the record goes back: never guessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rules.case import MeetingRecord
from pipeline.rules.examined import Examined
from pipeline.rules.form import Answer, Problem
from pipeline.rules.meeting_record import examine_meeting_record
from tests.factories import MEETING_RECORD
from tests.word_forms import noted, returned, word_form

TODAY = dt.date(2026, 11, 25)
CORE_GROUP = {
    "meeting": "Core Group", "date": "24/11/2026", "chair": "A. Practitioner", "name": "Jordan Testcase",
    "case": "cf 104233", "supervision": "The social worker", "lead_professional": "B. Clinician",
    "lead_agency": "Social care", "senior_manager": "C. Manager", "level_of_risk": "High",
    "direction_of_risk": "Increasing", "matrix_considered": "20/11/2026", "core_group": "Continue",
    "young_person_views": "Fewer people in the room.",
}  # fmt: skip
PANEL = CORE_GROUP | {"meeting": "Panel", "core_group": "", "accepted": "Accepted", "flag": "Raise"}
PANEL |= {"review_flag_by": "24/12/2026"}
HERE = {
    "attendance": [{"Agency": "Police", "Name and role": "DC A. Officer", "Attended?": "Yes"}],
}
DATE, MEETING = 'section A, "Date of meeting"', 'section A, "Type of meeting"'
DECISION, FLAG, REVIEW = (
    'section F, "Core Group decision"',
    'section F, "High-risk flag"',
    'section F, "Review the flag by"',
)
ACCEPTED, NEXT = 'section F, "Referral to the panel"', 'section P, "Date of next meeting"'
MATRIX, LEAD = 'section E, "Date of the matrix considered"', 'section D, "Lead professional"'


def examine(
    base: Mapping[str, str],
    tables: Mapping[str, Sequence[Mapping[str, str]]] = HERE,
    notes: Sequence[Problem] = (),
    **answers: str | Answer,
) -> Examined:
    form = word_form(MEETING_RECORD, {**base, **answers}, tables=tables, notes=notes)
    return examine_meeting_record(form, MEETING_RECORD, TODAY)


def believed(examined: Examined) -> MeetingRecord:
    assert isinstance(examined.believed, MeetingRecord), examined.problems
    return examined.believed


def test_a_core_group_is_believed_as_it_was_written() -> None:
    examined = examine(CORE_GROUP, next_meeting="22/12/2026", date_of_birth="14/02/2010")
    assert examined.problems == ()
    record = believed(examined)
    assert (record.case, record.name, record.chair) == ("CF104233", "Jordan Testcase", "A. Practitioner")
    assert (record.meeting, record.core_group, record.flag, record.accepted) == ("core group", "continue", None, None)
    assert (record.date, record.next_meeting) == (dt.date(2026, 11, 24), dt.date(2026, 12, 22))
    assert (record.matrix_considered, record.review_flag_by) == (dt.date(2026, 11, 20), None)
    assert record.date_of_birth == dt.date(2010, 2, 14)
    assert record.questions == {"earlier_review": None, "officer_told": None}
    assert record.answers["lead_professional"] == "B. Clinician" and record.answers["gaps"] == ""
    assert [row["Agency"] for row in record.attendance] == ["Police"]
    assert record.notes == examined.problems


def test_a_panel_is_believed_with_its_tables() -> None:
    tables = {
        "actions": [{"No.": "24/10/2026-1", "Status": "Done"}],
        "new_actions": [{"New action": "Ring daily"}],
        "specialist_assessments": [{"Assessment": "Speech and language"}],
        "exclusions": [{"Service": "Youth club", "Plan for return": "Meet on 1 December"}],
        "also_tell": [{"Service to be told": "Out of hours"}],
    }
    examined = examine(PANEL, tables | HERE)
    assert examined.problems == ()
    record = believed(examined)
    assert (record.meeting, record.flag, record.accepted) == ("panel", "raise", True)
    assert record.review_flag_by == dt.date(2026, 12, 24)
    assert record.actions[0]["Status"] == "Done" and record.actions[0]["Action"] == ""
    assert record.new_actions[0]["New action"] == "Ring daily"
    assert record.specialist_assessments[0]["Assessment"] == "Speech and language"
    assert record.exclusions[0]["Service"] == "Youth club"
    assert record.also_tell[0]["Service to be told"] == "Out of hours"


@pytest.mark.parametrize("text", ["CORE GROUP", " core\ngroup ", "Core Group.", "CoreGroup"])
def test_a_choice_is_read_whatever_its_case_and_white_space(text: str) -> None:
    assert believed(examine(CORE_GROUP, meeting=text)).meeting == "core group"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (
            "core_group",
            {"Establish": "establish", "Continue": "continue", "End": "end", "No Core Group": "no core group"},
        ),
        ("flag", {"Raise": "raise", "Keep": "keep", "Remove": "remove", "No flag": "no flag", "": None}),
        ("meeting", {"Core Group": "core group", "Panel": "panel", "Statutory review": "statutory review"}),
    ],
)
def test_every_choice_has_its_meaning(key: str, words: Mapping[str, str | None]) -> None:
    for text, meaning in words.items():
        assert getattr(believed(examine(CORE_GROUP, **{key: text})), key) == meaning


def test_not_accepted_is_no_blank() -> None:
    without = PANEL | {"flag": "", "review_flag_by": ""}
    assert believed(examine(without, accepted="Not accepted")).accepted is False
    assert believed(examine(without, accepted="")).accepted is None


@pytest.mark.parametrize(
    ("key", "place", "choices"),
    [
        ("meeting", MEETING, "Core Group, Panel, Statutory review"),
        ("core_group", DECISION, "Establish, Continue, End, No Core Group"),
        ("flag", FLAG, "Raise, Keep, Remove, No flag"),
        ("accepted", ACCEPTED, "Accepted, Not accepted"),
    ],
)
@pytest.mark.parametrize("text", ["Raised", "Raise / Keep", "Establish\nEnd", "Core Group Panel", "yes", "N/A"])
def test_a_decision_that_is_unclear_goes_back(key: str, place: str, choices: str, text: str) -> None:
    examined = examine(PANEL, **{key: text})
    assert returned(examined) == [("unclear-answer", place)]
    assert choices in examined.problems[0].remedy and text not in examined.problems[0].what
    assert examined.believed is None and examined.case == "CF104233"


@given(st.text(min_size=1))
def test_no_words_but_the_choices_decide_a_flag(text: str) -> None:
    record = examine(PANEL | {"review_flag_by": ""}, flag=text).believed
    if isinstance(record, MeetingRecord):
        assert "".join(text.split()).casefold().rstrip(".") in ("", "raise", "keep", "remove", "noflag")


def test_another_choice_that_is_unclear_is_a_note() -> None:
    examined = examine(CORE_GROUP, level_of_risk="High to medium", supervision="Both")
    assert returned(examined) == []
    assert noted(examined) == [
        ("unclear-answer", 'section A, "Who chairs, as agreed in supervision"'),
        ("unclear-answer", 'section E, "Level of risk agreed"'),
    ]
    assert believed(examined).answers["level_of_risk"] == "High to medium"


@pytest.mark.parametrize("code", ["prompt", "picture"])
def test_a_decision_of_which_the_reader_could_not_read_all_goes_back(code: str) -> None:
    seen = Problem("note", code, FLAG, "what", "remedy")
    assert returned(examine(CORE_GROUP, notes=[seen])) == [("unclear-answer", FLAG)]
    elsewhere = Problem("note", code, 'section D, "Lead agency"', "what", "remedy")
    assert returned(examine(CORE_GROUP, notes=[elsewhere])) == []


def test_a_form_that_no_longer_asks_for_a_decision_goes_back() -> None:
    gone = Problem("note", "missing-label", "section F", 'no longer: "High-risk flag", "Review the flag by".', "remedy")
    assert returned(examine(CORE_GROUP, notes=[gone])) == [("missing-label", FLAG)]


@pytest.mark.parametrize("key", ["meeting", "date", "chair", "name", "case"])
def test_goes_back_for_want_of_each_required_answer(key: str) -> None:
    examined = examine(CORE_GROUP, **{key: ""})
    assert [code for code, _ in returned(examined)] == ["missing"]
    assert examined.case == (None if key == "case" else "CF104233")


@pytest.mark.parametrize(
    ("text", "code"),
    [("26/11/2026", "future-date"), ("November", "unreadable-date"), ("31/11/2026", "unreadable-date")],
)
def test_a_day_of_the_meeting_that_cannot_be_right_goes_back(text: str, code: str) -> None:
    assert returned(examine(CORE_GROUP, date=text)) == [(code, DATE)]


def test_a_meeting_of_today_is_believed() -> None:
    assert believed(examine(CORE_GROUP, date="25/11/2026")).date == TODAY


def test_a_picker_that_holds_another_day_than_it_shows_goes_back() -> None:
    answer = Answer("24/11/2026", DATE, dt.date(2026, 10, 24))
    assert returned(examine(CORE_GROUP, date=answer)) == [("unreadable-date", DATE)]


def test_another_date_that_cannot_be_read_is_a_note() -> None:
    examined = examine(PANEL, next_meeting="in December", review_flag_by="soon", next_time="10")
    assert returned(examined) == []
    assert noted(examined) == [
        ("unreadable-date", REVIEW), ("unreadable-date", NEXT),
        ("unreadable-time", 'section P, "Time of next meeting"'),
    ]  # fmt: skip
    assert (believed(examined).next_meeting, believed(examined).review_flag_by) == (None, None)


def test_a_date_of_birth_that_cannot_be_read_goes_back_and_a_blank_does_not() -> None:
    assert returned(examine(CORE_GROUP, date_of_birth="14 Feb")) == [("unreadable-date", 'section B, "Date of birth"')]
    assert believed(examine(CORE_GROUP)).date_of_birth is None


def test_two_names_may_be_two_children_and_go_back() -> None:
    where = 'section B, "Name"'
    note = Problem("note", "answered-twice", where, "what", "remedy")
    assert returned(examine(CORE_GROUP, notes=[note], name="Jordan\nSam")) == [("two-people", where)]


@pytest.mark.parametrize(
    ("base", "answers", "where", "other"),
    [
        (CORE_GROUP, {"accepted": "Accepted"}, ACCEPTED, MEETING),
        (CORE_GROUP, {"accepted": "Not accepted"}, ACCEPTED, MEETING),
        (PANEL, {"accepted": "Not accepted"}, FLAG, ACCEPTED),
        (PANEL, {"accepted": "Not accepted", "flag": "Keep"}, FLAG, ACCEPTED),
        (PANEL, {"flag": "Remove"}, REVIEW, FLAG),
        (PANEL, {"flag": "No flag"}, REVIEW, FLAG),
        (CORE_GROUP, {"next_meeting": "24/11/2026"}, NEXT, DATE),
        (CORE_GROUP, {"next_meeting": "24/12/2025"}, NEXT, DATE),
        (PANEL, {"review_flag_by": "23/11/2026"}, REVIEW, DATE),
        (CORE_GROUP, {"matrix_considered": "25/11/2026"}, MATRIX, DATE),
    ],
)
def test_what_contradicts_itself_goes_back_with_both_places(
    base: Mapping[str, str], answers: dict[str, str], where: str, other: str
) -> None:
    examined = examine(base, **answers)
    assert returned(examined) == [("contradiction", where)]
    assert other in examined.problems[0].remedy


def test_all_that_is_wrong_is_said_at_once() -> None:
    examined = examine(PANEL, name="", flag="Raised", next_meeting="1/1/2020", accepted="")
    assert returned(examined) == [
        ("missing", 'section B, "Name"'), ("unclear-answer", FLAG), ("contradiction", NEXT),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "answers", "note"),
    [
        (CORE_GROUP, {"supervision": ""}, ("unanswered", 'section A, "Who chairs, as agreed in supervision"')),
        (CORE_GROUP, {"matrix_considered": ""}, ("unanswered", MATRIX)),
        (CORE_GROUP, {"lead_professional": ""}, ("unanswered", LEAD)),
        (CORE_GROUP, {"core_group": "Establish", "lead_professional": ""}, ("unanswered", LEAD)),
        (CORE_GROUP, {"young_person_views": ""}, ("unanswered", 'section J, "Young person\'s views"')),
        (CORE_GROUP, {"level_of_risk": "Not agreed"}, ("unanswered", 'section E, "Who does not agree, and why"')),
        (CORE_GROUP, {"core_group": ""}, ("no-decision", DECISION)),
        (CORE_GROUP, {"next_meeting": "23/12/2026"}, ("interval", NEXT)),
        (CORE_GROUP, {"flag": "Raise", "review_flag_by": "24/12/2026"}, ("unusual", FLAG)),
        (CORE_GROUP, {"meeting": "Statutory review", "flag": "Remove", "level_of_risk": "Low"}, ("unusual", FLAG)),
        (CORE_GROUP, {"completed_on": "26/11/2026"}, ("future-date", 'section Q, "Date completed"')),
        (CORE_GROUP, {"core_group": "No Core Group"}, ("unusual", DECISION)),
        (CORE_GROUP, {"core_group": "End"}, ("unusual", DECISION)),
        (CORE_GROUP, {"core_group": "End", "level_of_risk": "Low", "next_meeting": "30/1/2027"}, ("unusual", NEXT)),
        (PANEL, {"lead_agency": ""}, ("unanswered", 'section D, "Lead agency"')),
        (PANEL, {"senior_manager": "", "accepted": ""}, ("unanswered", 'section D, "Named senior manager"')),
        (PANEL, {"review_flag_by": ""}, ("unanswered", REVIEW)),
        (PANEL, {"flag": "", "accepted": "", "review_flag_by": ""}, ("no-decision", FLAG)),
        (PANEL, {"next_meeting": "25/12/2026"}, ("interval", NEXT)),
        (PANEL, {"flag": "Remove", "review_flag_by": ""}, ("unusual", FLAG)),
    ],
)  # fmt: skip
def test_what_is_wanting_or_unusual_is_one_note(
    base: Mapping[str, str], answers: dict[str, str], note: tuple[str, str]
) -> None:
    examined = examine(base, **answers)
    assert returned(examined) == []
    assert noted(examined) == [note]
    assert believed(examined).notes == examined.problems


@pytest.mark.parametrize(
    ("base", "answers"),
    [
        (CORE_GROUP, {"next_meeting": "22/12/2026"}),
        (PANEL, {"next_meeting": "24/12/2026"}),
        (PANEL, {"flag": "Keep", "review_flag_by": "", "accepted": ""}),
        (PANEL, {"flag": "", "review_flag_by": "", "accepted": "Not accepted", "next_meeting": "30/1/2027"}),
        (PANEL, {"meeting": "Statutory review", "accepted": "", "flag": "", "review_flag_by": ""}),
    ],
)
def test_what_is_usual_is_not_mentioned(base: Mapping[str, str], answers: dict[str, str]) -> None:
    assert examine(base, **answers).problems == ()


@pytest.mark.parametrize(
    ("base", "key", "clause"),
    [
        (CORE_GROUP, "supervision", "(3.1)"),
        (CORE_GROUP, "lead_professional", "(3.2)"),
        (CORE_GROUP, "matrix_considered", "(3.3)"),
        (PANEL, "lead_agency", "(2.5.14)"),
        (PANEL, "senior_manager", "(2.5.14)"),
        (PANEL | {"accepted": "", "flag": "Keep"}, "lead_agency", "(2.5.14)"),
    ],
)
def test_what_the_procedure_asks_for_is_said_with_its_clause(base: Mapping[str, str], key: str, clause: str) -> None:
    (note,) = examine(base, **{key: ""}).problems
    assert clause in note.what


def test_an_exclusion_without_a_plan_for_return_is_a_note() -> None:
    exclusions = [{"Service": "Youth club", "Plan for return": "Meet on 1 December"}, {"Service": "College"}]
    examined = examine(CORE_GROUP, {**HERE, "exclusions": exclusions})
    assert noted(examined) == [("no-plan", "section M")]
    assert "2.5.39" in examined.problems[0].remedy and "College" not in examined.problems[0].what


def test_nobody_at_the_meeting_is_a_note() -> None:
    assert noted(examine(CORE_GROUP, {})) == [("unanswered", "section C")]


def test_both_boxes_of_a_question_of_the_officer_are_a_note_and_blanks_are_not() -> None:
    form = word_form(MEETING_RECORD, CORE_GROUP, tables=HERE, both=["officer_told"])
    examined = examine_meeting_record(form, MEETING_RECORD, TODAY)
    assert noted(examined) == [("two-marks", 'section N, "Was the reviewing officer told of the Core Group?"')]


def test_no_problem_repeats_what_was_written() -> None:
    secret = "Zebedee/99"
    keys = [f.key for s in MEETING_RECORD.sections for f in s.fields + s.boxes]
    examined = examine(dict.fromkeys(keys, secret))
    assert len(returned(examined)) == 7  # four decisions, the day, the ID, the date of birth
    assert not any(secret in p.what + p.remedy + p.where for p in examined.problems)
