"""Everything held on a case is given out, and whoever sent what first does not show."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from pathlib import Path

from pipeline.register import HeldForm, Register
from pipeline.rules.case import Believed
from tests import factories
from tests.register.given import EVENING, MORNING, accept, letter, send_back, slip

FORMS: dict[str, Believed] = {
    "e": factories.referral(case="CF104233", date=None),
    "d": factories.assessment(date=dt.date(2026, 10, 1)),
    "c": factories.assessment(),
    "b": factories.contact_report(),
    "a": factories.meeting_record(date=dt.date(2026, 11, 24)),
}
LETTERS = [letter("CF104233-a-2", "Health"), letter("CF104233-a-1")]


def fill(register: Register, order: str) -> None:
    for sha256 in order:
        if sha256 == "r":
            send_back(register, "r", "matrix", "CF104233")
        else:
            accept(register, sha256, FORMS[sha256], LETTERS if sha256 == "a" else ())


def test_everything_held_on_a_case_is_given_out(register: Register) -> None:
    fill(register, "abcder")
    accept(register, "f", factories.assessment(case="CF104234"), [letter("CF104234-f-1")])
    register.pack_folder("a", "CF104233", "CF104233/2026-11-24 Meeting record", lambda _: False)
    register.pack_folder("f", "CF104234", "CF104234/2026-11-24 Assessment matrix", lambda _: False)
    register.return_folder("r", "form.xlsx", lambda _: False)
    register.acknowledge("CF104233-a-1", dt.date(2026, 12, 1), EVENING)
    held = register.case_file("CF104233")
    assert held is not None
    assert held.forms[0] == HeldForm("r", "", "matrix", "returned", MORNING, None)
    assert [(f.sha256, f.kind, f.outcome, f.received_at, f.believed) for f in held.forms[1:]] == [
        ("e", "referral", "accepted", MORNING, FORMS["e"]),
        ("d", "matrix", "accepted", MORNING, FORMS["d"]),
        ("c", "matrix", "accepted", MORNING, FORMS["c"]),
        ("b", "contact-report", "accepted", MORNING, FORMS["b"]),
        ("a", "meeting-record", "accepted", MORNING, FORMS["a"]),
    ]
    assert [(x.reference, x.acknowledged) for x in held.letters] == [
        ("CF104233-a-1", dt.date(2026, 12, 1)),
        ("CF104233-a-2", None),
    ]
    assert (held.packs, held.returns) == (("CF104233/2026-11-24 Meeting record",), ("form.xlsx",))
    assert held.limits == register.limits("CF104233") and len(held.limits) > 1
    assert [line.what for line in held.audit] == ["accepted"] * 5 + ["returned", "acknowledged"]


def test_every_order_of_arrival_ends_in_the_same(tmp_path: Path) -> None:
    found = []
    for order in list(permutations("abcdr"))[::20]:
        register = Register.open(tmp_path / f"{''.join(order)}.sqlite")
        fill(register, "".join(order))
        held = register.case_file("CF104233")
        assert held is not None
        found.append((held.forms, held.letters, [x for x in held.limits if x.kind != "returned-form"]))
        register.close()
    assert all(one == found[0] for one in found)


def test_every_kind_of_form_is_believed_as_it_was_accepted(register: Register) -> None:
    believed = [*FORMS.values(), slip("CF104233-a-1", dt.date(2026, 12, 1), None)]
    for number, form in enumerate(believed):
        accept(register, f"{number}", form)
    assert register.case("CF104233", besides="") == tuple(believed)


def test_of_a_case_that_nobody_knows_nothing_is_held(register: Register) -> None:
    fill(register, "a")
    assert register.case_file("CF104234") is None
