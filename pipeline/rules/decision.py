"""A believed assessment or referral comes in; what the procedure asks for now goes out, each point with its clause.

Clauses 2.1 to 4.1 are Stockport's procedure 2.25; 2.5.x are Buckinghamshire's procedure 2.5.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.rules.case import Ask, Believed, Case, Decision, Letter
from pipeline.rules.standing import Standing

_GUIDE = Ask("The matrix guides and does not replace professional judgement.", "2.1")
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
    Ask("Hear the young person's views. Record any that are overridden because of the risk, and why.", "2.7"),
    Ask("Agree in supervision, and record, whether the social worker or the manager chairs the Core Group.", "3.1"),
    Ask(
        "Agree the lead professional at the meeting that recommends the Core Group and confirm it at the first Core "
        "Group meeting.",
        "3.2",
    ),
    _WEIGH,
    _GUIDE,
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
    _GUIDE,
)

_NONE = (
    Ask("The score does not indicate a Core Group. A manager may still decide that one is needed.", "2.1"),
    _WEIGH,
    _GUIDE,
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


def decide(arrived: Believed, case: Case, stands: Standing, letters: Sequence[Letter]) -> Decision:
    """What the procedure asks for when this form has been accepted; ``case`` and ``stands`` already hold it.

    People decide: flag letters follow a recorded decision alone, a ``consider`` waits for the meeting record, and a
    score that has fallen proposes an end or a removal and does neither.
    """
    raise NotImplementedError
