"""The forms that we write, at their fullest and at their emptiest, for tests that complete them and read them back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from pipeline.outgoing.forms_to_complete import acknowledgement_slip, contact_report, meeting_record
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.templates import Templates
from pipeline.outgoing.wording import heading
from pipeline.rules.actions import Action
from pipeline.rules.case import Letter
from pipeline.rules.standing import Exclusion, Spell
from pipeline.settings import Sender
from tests import factories as make

TEMPLATES = Path(__file__).parents[1] / "templates"
MEETING = dt.date(2026, 11, 24)
FORMS = ("Meeting record", "Contact report", "Acknowledgement slip")


def action(number: int, text: str, status: str = "", *, still_open: bool = True, by_when: str = "15/12/2026") -> Action:
    return Action(
        number=f"24/11/2026-{number}",
        text=text,
        owner="DC A. Officer, Police",
        by_when=by_when,
        by=None,
        risk="Missing",
        status=status,
        impact="Fewer nights away.",
        agreed_on=MEETING,
        updated_on=None,
        open=still_open,
    )


def letter(purpose: str = "flag") -> Letter:
    return Letter(
        reference="CF104240-0a1b2c3d-03",
        purpose=purpose,  # type: ignore[arg-type]
        recipient="Smith & <Sons> Care",
        who=("Dr B. Clinician", "Smith & <Sons> Care"),
        name="Dr B. Clinician",
        address=(),
        drafted=MEETING,
        reply_by=dt.date(2026, 12, 1),
    )


def fullest() -> Occasion:
    """A core group that has met once, with a referral and a matrix."""
    record = make.meeting_record(
        case="CF104240",
        date=MEETING,
        answers={
            "supervision": "The social worker",
            "supervision_by": "Pat Manager",
            "supervision_date": "20/11/2026",
            "lead_professional": 'B. "Bee" Clinician & team <CAMHS>',
            "advocate": "V. Voice\nYouth Advocacy",
            "reviewing_officer": "O. Newer",
        },
        attendance=[
            {"Agency": "Police", "Name and role": "DC A. Officer, Missing lead", "Attended?": "Yes"},
            {"Agency": "Choose College", "Name and role": "", "Attended?": "No", "Update from the agency": "None"},
        ],
        specialist_assessments=[
            {"Assessment": "Speech and language", "Agency asked": "NHS", "Date asked": "24/11/2026"},
            {"Assessment": "Dyslexia", "Agency asked": "School", "Date asked": "01/10/2026", "Done?": "Yes"},
        ],
    )
    case = make.case(
        ref="CF104240",
        assessment=make.assessment(case="CF104240"),
        referral=make.referral(),
        meetings=[record],
    )
    actions = (
        action(1, "Choose a mentor\nwith Jordan & Dana <mother>", "Under way"),
        action(2, "Close the case of shoplifting", "Done", still_open=False),
        action(3, "Ring every Friday", by_when="each Friday"),
    )
    exclusions = (Exclusion("Youth club", "31/01/2027", "Meet on 5 December", MEETING),)
    stands = replace(make.NOTHING, core_group=Spell(MEETING), actions=actions, exclusions=exclusions)
    return make.occasion(record, case, make.decision("meeting"), stands=stands, today=MEETING)


def emptiest() -> Occasion:
    """A matrix alone, and nobody in the address book."""
    assessment = make.assessment()
    case = make.case(assessment=assessment)
    return make.occasion(assessment, case, make.decision("must"), sender=Sender(), today=MEETING)


def rendered(occasion: Occasion) -> dict[str, bytes]:
    """The three forms by the name of their template."""
    templates = Templates(TEMPLATES)
    common = heading(occasion.reference, occasion.today, occasion.sender)
    says = {
        "Meeting record": {**common, **meeting_record(occasion)},
        "Contact report": {**common, **contact_report(occasion)},
        "Acknowledgement slip": acknowledgement_slip(occasion, letter()),
    }
    return {name: templates.render(name, context) for name, context in says.items()}
