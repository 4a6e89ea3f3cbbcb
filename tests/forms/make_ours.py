"""Makes tests/forms/ours, the forms that the program writes, completed: ``python -m tests.forms.make_ours``."""

from __future__ import annotations

from pathlib import Path

from tests.fill_word import fill
from tests.our_forms import fullest, rendered

OUT = Path(__file__).parent / "ours"


def meeting_record(blank: bytes) -> bytes:
    """A panel raises the flag; every kind of answer is given: choices, days, ticks, boxes and tables."""
    return fill(
        blank,
        {
            "A. The meeting/Type of meeting": "Panel",
            "A. The meeting/Date of meeting": "24/11/2026",
            "A. The meeting/Chair": "Chris Director",
            "E. Level of risk/Level of risk agreed": "High",
            "E. Level of risk/Date of the matrix considered": "30/10/2026",
            "F. Decision/Referral to the panel": "Accepted",
            "F. Decision/High-risk flag": "Raise",
            "F. Decision/Review the flag by": "24/12/2026",
            "I. Disagreement and immediate issues/Disagreements and challenge": "School disagrees.\nSo does Dana.",
            "J. Views/Young person's views": "I want one person to talk to.",
            "P. Next meeting/Date of next meeting": "22/12/2026",
            "P. Next meeting/Time of next meeting": "14:00",
            "Q. Sign-off/Record completed by": "Chris Director",
            "Q. Sign-off/Date completed": "24/11/2026",
        },
        {
            "C. Attendance": [{"Attended?": "Yes"}, {"Attended?": "Apologies", "Update from the agency": "None"}],
            "G. Actions agreed before": [{"Status": "Done"}, {"Status": "Under way", "By when": "31/01/2027"}],
            "H. New actions": [
                {"New action": "Meet after school", "Owner and agency": "B. Clinician, MOSAIC", "By when": "15/12/2026"}
            ],
            "O. Services to be told of the flag that were not at the meeting": [
                {"Service to be told": "Exampleton Rail Police", "Address": "9 Platform Road, Exampleton, ZZ9 9ZZ"}
            ],
        },
    )


def contact_report(blank: bytes) -> bytes:
    return fill(
        blank,
        {
            "B. The contact/Date of contact": "19/11/2026",
            "B. The contact/Time of contact": "23:30",
            "B. The contact/Where, or how": "At the station",
            "B. The contact/Seen or spoken to by": "C. Constable",
            "B. The contact/Agency and telephone": "Exampleton Rail Police, 01632 960777",
            "C. What was seen and done/Appearance": "Cold and tired.",
            "D. Telling the allocated worker within 24 hours/Who was told": "A. Practitioner",
            "D. Telling the allocated worker within 24 hours/Date told": "20/11/2026",
            "D. Telling the allocated worker within 24 hours/Time told": "10:00",
        },
    )


def acknowledgement_slip(blank: bytes) -> bytes:
    return fill(
        blank,
        {
            "B. Our reply/Have you done what the letter asks?": True,
            "B. Our reply/Name and job title of who replies": "C. Sergeant",
            "B. Our reply/Date of reply": "20/11/2026",
        },
    )


MAKES = {
    "Meeting record": meeting_record,
    "Contact report": contact_report,
    "Acknowledgement slip": acknowledgement_slip,
}


def main() -> None:
    OUT.mkdir(exist_ok=True)
    for name, blank in rendered(fullest()).items():
        (OUT / f"{name.lower().replace(' ', '-')}.docx").write_bytes(MAKES[name](blank))


if __name__ == "__main__":
    main()
