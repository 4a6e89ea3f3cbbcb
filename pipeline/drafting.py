"""What is known of a case and the form that leads come in; the documents that follow go out, and their bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.errors import SettingsError
from pipeline.outgoing.agencies import Agency
from pipeline.outgoing.documents import Document
from pipeline.outgoing.occasion import Occasion
from pipeline.outgoing.templates import Templates
from pipeline.rules.case import Believed, Case, Letter
from pipeline.rules.course import assemble
from pipeline.rules.decision import decide
from pipeline.rules.layout import Layouts, MatrixLayout
from pipeline.rules.standing import standing
from pipeline.rules.time_limits import time_limits
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Stationery:
    """What documents are written with: all that administrators may change."""

    settings: Settings
    layouts: Layouts
    templates: Templates
    agencies: Callable[[], Sequence[Agency]]


def occasion_of(
    believed: Believed,
    forms: Sequence[Believed],
    letters: Sequence[Letter],
    content: tuple[str, dt.datetime],
    stationery: Stationery,
    own: Sequence[Letter] = (),
) -> Occasion:
    """Why a pack is drafted when ``believed`` has arrived, one of the ``forms`` that are known of its case.

    ``content``: its SHA-256 and when it first arrived. ``letters``: those drafted for the case before; ``own``: those
    that were drafted for this very pack, which is then written again.
    """
    sha256, received = content
    case = assemble(believed.case, forms, believed)
    stands = standing(case)
    return Occasion(
        arrived=believed,
        case=case,
        stands=stands,
        decision=decide(believed, case, stands, letters),
        letters=letters,
        limits=time_limits(case, stands, letters),
        agencies=stationery.agencies(),
        sender=stationery.settings.sender,
        reference=f"{believed.case}-{sha256[:8]}",
        today=received.date(),
        reply_days=stationery.settings.reply_days,
        layout=_matrix_layout(case, stationery.layouts),
        own=own,
    )


def content_of(document: Document, templates: Templates) -> bytes:
    if document.content is not None:
        return document.content
    return templates.render(document.template, document.context, document.pictures)


def _matrix_layout(case: Case, layouts: Layouts) -> MatrixLayout:
    """The layout that the case's matrix was read by; for a case without a matrix the first, whose words are blanks.

    Raises:
        SettingsError: the layout is not there any more.
    """
    wanted = case.assessment.form.layout if case.assessment else None
    for layout in layouts.matrices:
        if wanted in (None, layout.name):
            return layout
    raise SettingsError(f"templates/forms: the layout {wanted or 'of the matrix'} is missing; put its file back.")
