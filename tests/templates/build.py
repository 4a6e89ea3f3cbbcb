"""The wording of each Word template goes in here; templates/*.docx comes out (``python -m tests.templates.build``)."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.templates import contact_report, letters, meeting_record, plan, report, returned, slip, summary
from tests.templates.house_style import write

TEMPLATES = Path(__file__).parents[2] / "templates"

BUILDERS = {
    "Assessment summary": summary.build,
    "Action plan": plan.build,
    "Core-group report": report.build,
    "Notification letter": letters.build_notification,
    "Invitation letter": letters.build_invitation,
    "Flag letter": letters.build_flag,
    "Removal letter": letters.build_removal,
    "What to put right": returned.build,
    "Meeting record": meeting_record.build,
    "Contact report": contact_report.build,
    "Acknowledgement slip": slip.build,
}


def build(folder: Path) -> None:
    for name, builder in BUILDERS.items():
        write(builder(), folder / f"{name}.docx")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else TEMPLATES)
