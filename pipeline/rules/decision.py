"""A believed form and how its case stands come in; what the procedure asks for now goes out, with its clauses.

Clauses 2.1 to 4.1 are Stockport's procedure 2.25; 2.5.x are Buckinghamshire's procedure 2.5.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.rules.case import Ask, Assessment, Believed, Case, Decision, Letter, MeetingRecord, Referral
from pipeline.rules.meeting_decision import HEAR_VIEWS, ONE_REPORT, after_meeting
from pipeline.rules.standing import Standing

_WEIGH = Ask(
    "Weigh beside the score: the chronology, whether contact arrangements are still safe, earlier meetings, peers, the "
    "stability of the care home, family events and changes of worker.",
    "2.2, 2.3",
)
_EARLIER_REVIEW = Ask(
    "If the next statutory review is not due for some time, the social worker and manager consider asking for an "
    "earlier one.",
    "2.5",
)

_MUST = (
    Ask(
        "A Core Group must be established. It meets at intervals of not more than 4 weeks, with the assured attendance "
        "of the key professionals.",
        "2.8",
    ),
    _EARLIER_REVIEW,
    Ask(
        "Tell the named Independent Reviewing Officer that the young person should become subject to a Core Group.",
        "2.5",
    ),
    Ask(
        "The review recommends to the case-holding social worker's manager that the young person is at high risk, and "
        "sets the parameters for Core Group meetings between reviews.",
        "2.6",
    ),
    HEAR_VIEWS,
    Ask("Agree in supervision, and record, whether the social worker or the manager chairs the Core Group.", "3.1"),
    Ask(
        "Agree the lead professional at the meeting that recommends the Core Group and confirm it at the first Core "
        "Group meeting.",
        "3.2",
    ),
    _WEIGH,
)

_CONSIDER = (
    Ask("The social worker and manager consider forming a Core Group, and record what they decide and why.", "2.5"),
    _EARLIER_REVIEW,
    Ask(
        "If they agree to a Core Group, they tell the named Independent Reviewing Officer and a recommendation goes to "
        "the case-holding social worker's manager.",
        "2.5, 2.6",
    ),
    _WEIGH,
)

_NONE = (
    Ask("The score does not indicate a Core Group. A manager may still decide that one is needed.", "2.1"),
    _WEIGH,
)

_PANEL = (
    Ask("Identify a lead agency and a named senior manager who own the joint plan.", "2.5.14"),
    Ask("Case responsibility stays where it is.", "2.5.8"),
    Ask("Aim for agreement about the level of risk, and record any dissent.", "2.5.14"),
    Ask("Agree one shared risk management plan, with “no wrong door” for the young person.", "2.5.14"),
    Ask("Hear the parents or carers, and find a way to bring in the young person's own views.", "2.5.12, 2.5.13"),
    Ask("Exclude the young person from a service only temporarily, and only with a plan.", "2.5.37 to 2.5.39"),
    Ask("Review within a month.", "2.5.14"),
)


_GOES_ON = (
    Ask(
        "The Core Group goes on. It meets at intervals of not more than 4 weeks, considers the matrix at each meeting, "
        "whether risk is increasing or subsiding, and amends its plans.",
        "2.8, 3.3",
    ),
    _EARLIER_REVIEW,
    HEAR_VIEWS,
    ONE_REPORT,
    _WEIGH,
)

_BELOW_MUST = (
    Ask(
        "The score by itself does not require the Core Group that stands. The next meeting weighs whether it goes on, "
        "and records what is decided and why.",
        "2.1, 3.3",
    ),
    _WEIGH,
)

_WEIGH_REMOVAL = Ask(
    "The score has fallen or is low. The next meeting considers whether the high-risk flag is still needed. The flag "
    "stands until a meeting decides to remove it.",
    "2.5.15",
)

_BANDS = ("none", "consider", "must")


def decide(arrived: Believed, case: Case, stands: Standing, letters: Sequence[Letter]) -> Decision:
    """What the procedure asks for when this form has been accepted; ``case`` and ``stands`` already hold it.

    People decide: flag letters follow a recorded decision alone, a ``consider`` waits for the meeting record, and a
    score that has fallen proposes an end or a removal and does neither.
    """
    if isinstance(arrived, Assessment):
        return _after_assessment(arrived, case, stands)
    if isinstance(arrived, Referral):
        return Decision("panel", _PANEL, invite=True, plan=True, record=True)
    if isinstance(arrived, MeetingRecord):
        return after_meeting(arrived, case, stands, letters)
    return Decision("", ())


def _after_assessment(assessment: Assessment, case: Case, stands: Standing) -> Decision:
    group = stands.core_group is not None
    removal = (_WEIGH_REMOVAL,) if stands.flag and _speaks_for_removal(assessment, case) else ()
    if assessment.band == "must":
        must = _GOES_ON if group else _MUST
        return Decision("must", must + removal, tell_members=not group, plan=True, report=True, record=True)
    if assessment.band == "consider":
        consider = _BELOW_MUST if group else _CONSIDER
        return Decision("consider", consider + removal, plan=True, report=group, record=True)
    none = _BELOW_MUST if group else _NONE
    return Decision("none", none + removal, plan=stands.active, report=group, record=stands.active)


def _speaks_for_removal(assessment: Assessment, case: Case) -> bool:
    """Whether the newest score is low, or wholly below the one before; scores of two forms do not compare."""
    if case.later:
        return False
    before = case.history[-1] if case.history else None
    if assessment.band == "none" or before is None or before.form.layout != assessment.form.layout:
        return assessment.band == "none"
    fallen = assessment.score.total.high < before.score.total.low
    return fallen or _BANDS.index(assessment.band) < _BANDS.index(before.band)
