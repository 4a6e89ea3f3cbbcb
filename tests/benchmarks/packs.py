"""Nothing comes in; the documents of a case, with what each of them says, go out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.outgoing.agencies import AddressBook
from pipeline.outgoing.documents import Document, documents_for
from pipeline.rules.case import Believed
from pipeline.rules.course import assemble
from pipeline.rules.decision import decide
from pipeline.rules.standing import standing
from pipeline.rules.time_limits import time_limits
from tests import factories
from tests.matrix_forms import LAYOUTS
from tests.offices import TEMPLATES


def first_matrix() -> Sequence[Document]:
    """The pack of matrix-must.xlsx where nothing else is held."""
    return _pack(factories.assessment())


def full_case() -> Sequence[Document]:
    """The pack of a matrix whose case has a referral and an earlier matrix: all that a plan can say."""
    return _pack(
        factories.assessment(),
        factories.referral(case="CF104233"),
        factories.assessment(date=dt.date(2026, 7, 30), date_completed=dt.date(2026, 7, 30)),
    )


def _pack(arrived: Believed, *held: Believed) -> Sequence[Document]:
    case = assemble(arrived.case, [*held, arrived], arrived)
    stands = standing(case)
    occasion = factories.occasion(
        arrived,
        case,
        decide(arrived, case, stands, ()),
        stands=stands,
        limits=time_limits(case, stands, ()),
        agencies=AddressBook(TEMPLATES / "agencies.xlsx", LAYOUTS.invitation_labels)(),
    )
    return documents_for(occasion)
