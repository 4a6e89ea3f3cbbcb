"""A contact report comes in; whether the contact was told and written in time goes out."""

from __future__ import annotations

import datetime as dt

from pipeline.rules.case import ContactReport, Moment

_LIMIT = dt.timedelta(hours=24)


def told_in_time(report: ContactReport) -> bool | None:
    """Whether a contact was told and written within 24 hours (Buckinghamshire 2.5.14), by the times on the form.

    A blank was never done, as far as anybody knows. None where nobody can tell: a time is missing that would settle
    it, or the contact comes after the telling, which is a slip of the pen.
    """
    steps = [_in_time(report.contact, done) for done in (report.told, report.written)]
    if False in steps:
        return False
    return None if None in steps else True


def _in_time(contact: Moment, done: Moment | None) -> bool | None:
    if done is None or _earliest(done) - _latest(contact) > _LIMIT:
        return False
    if _latest(done) < _earliest(contact) or _latest(done) - _earliest(contact) > _LIMIT:
        return None
    return True


def _earliest(moment: Moment) -> dt.datetime:
    return dt.datetime.combine(moment.day, moment.time or dt.time.min)


def _latest(moment: Moment) -> dt.datetime:
    return dt.datetime.combine(moment.day, moment.time or dt.time.max)
