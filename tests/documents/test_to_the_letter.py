"""Whatever people write comes out as they wrote it, and the file stays one that Word opens."""

from __future__ import annotations

import pytest

from tests.documents.least import leaks
from tests.documents.marked_forms import Marks
from tests.documents.produced import Say, documents, forms
from tests.documents.round_trip import squeezed
from tests.documents.schema import faults
from tests.documents.word import Word, text
from tests.offices import SHIPPED

# The documents that print an answer whole; a letter shortens what would not fit on its page.
WHOLE = ("Assessment summary", "Action plan", "Core-group report", "Meeting record")
# Whom a letter goes to: shortened wherever it is named, with a word on where the rest stands.
ADDRESSEES = {
    "meeting-record/attendance/Agency",
    "meeting-record/also_tell/Service to be told",
    "referral/Other professional (name and contact)",
}
AWKWARD = {
    "signs of XML, Word and the templates": "Smith & <Sons> {{ x }} {% y %} ]]> &amp; ☒ 😀 \u202e\u200f {0}",
    "ten paragraphs": "\n".join(f"Paragraph {n}.\tAfter a tab." for n in range(10)),
    "right to left": "هذا نص طويل من اليمين إلى اليسار، ثم No. 12",
    "10,000 characters": "abcdefghi " * 1000,
}


def newest(say: Say) -> dict[str, bytes]:
    """The last of each kind to be drafted, which draws on all that came before."""
    drafted = {d.template: d for _, d in documents(forms(say)) if d.template in WHOLE}
    return {name: SHIPPED.render(d.template, d.context, d.pictures) for name, d in drafted.items()}


@pytest.mark.parametrize("kind", AWKWARD)
def test_answers_come_out_to_the_letter(kind: str) -> None:
    def say(name: str) -> str:
        return f"{name} {AWKWARD[kind]}"

    mark = Marks()
    printed = {name: leaks("", content, mark.said, ADDRESSEES) for name, content in newest(mark).items()}
    assert sum(map(len, printed.values())) > 80
    for name, content in newest(say).items():
        said = squeezed(text(Word(content).body))
        assert [answer for answer in printed[name] if squeezed(say(answer).strip()) not in said] == [], name
        assert faults(content) == [], name
