"""A connection and a case come in; everything held on it goes out."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from pipeline.register import letters, limits, trail
from pipeline.register.forms import believed_from
from pipeline.register.held import CaseFile, HeldForm
from pipeline.register.schema import arrivals, forms, packs, returns


def case_file(connection: sa.Connection, ref: str) -> CaseFile | None:
    """Everything held on a case; None where that is nothing but, perhaps, the audit record."""
    held = CaseFile(
        ref=ref,
        forms=_forms(connection, ref),
        letters=tuple(sorted(letters.drafted_for(connection, ref), key=lambda x: (x.drafted, x.reference))),
        packs=_packs(connection, ref),
        returns=_returns(connection, ref),
        limits=limits.running(connection, ref),
        audit=tuple(trail.lines(connection, ref)),
    )
    return held if held.forms or held.letters or held.packs else None


def _forms(connection: sa.Connection, ref: str) -> tuple[HeldForm, ...]:
    columns = (*(forms.c[name] for name in ("sha256", "sheet", "kind", "outcome", "believed")), arrivals.c.received_at)
    found = [
        HeldForm(
            row.sha256,
            row.sheet,
            row.kind,
            row.outcome,
            row.received_at,
            believed_from(row.kind, row.believed) if row.believed else None,
        )
        for row in connection.execute(sa.select(*columns).join(arrivals).where(forms.c.case_ref == ref))
    ]
    return tuple(sorted(found, key=_own_order))


def _own_order(form: HeldForm) -> tuple[dt.date, str, str, str]:
    date = form.believed.date if form.believed else None
    return date or dt.date.min, form.kind, form.sha256, form.sheet


def _packs(connection: sa.Connection, ref: str) -> tuple[str, ...]:
    return tuple(sorted(connection.execute(sa.select(packs.c.folder).where(packs.c.case_ref == ref)).scalars()))


def _returns(connection: sa.Connection, ref: str) -> tuple[str, ...]:
    of_the_case = sa.select(forms.c.sha256).where(forms.c.case_ref == ref)
    query = sa.select(returns.c.folder).where(returns.c.sha256.in_(of_the_case))
    return tuple(sorted(connection.execute(query).scalars()))
