"""A date or time as people write it in England comes in; it goes out, or None where it is not clearly one."""

from __future__ import annotations

import calendar
import datetime as dt
import re

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name} | {
    **{name.lower(): n for n, name in enumerate(calendar.month_abbr) if name},
    "sept": 9,
}
_WEEKDAYS = "|".join(f"{day}|{day[:3]}|{day[:4]}" for day in calendar.day_name)

# Day first, always: 2024-11-06 is read by its own pattern, so that a day-first parser never turns it round.
_NUMBERS = re.compile(r"(?P<day>\d{1,2})\s*([/.\- ])\s*(?P<month>\d{1,2})\s*\2\s*(?P<year>\d{4}|\d{2})")
_ISO = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(T?\s*00:00(:00(\.0+)?)?)?")
_DAY_MONTH = re.compile(
    r"(?P<day>\d{1,2})\s*(st|nd|rd|th)?\s*(of\s+)?[-/. ]*(?P<name>[a-z]+)\.?[-/., ]*(?P<year>\d{4}|'?\d{2})"
)
# What people write round a date of birth: "DOB: 14/02/2010", "14/02/2010 (age 16)", "14.2.10, 16 yrs old".
_BIRTH = re.compile(r"(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\s*:?\s*(?=\d)")
_YEARS = r"y(?:ears?|rs?|/?o)?\b\.?(?:,? ?(?:and|&)? ?\d{1,2} ?m(?:onths?|ths?|os?)?\b)?(?: old)?"
_AGE = re.compile(
    rf"[\s,;-]*(?:\(\s*(?P<bare>\d{{1,2}})\s*\)"
    rf"|\(?\s*(?:aged?:?\s*(?P<age>\d{{1,2}})(?:\s*{_YEARS})?|(?P<years>\d{{1,2}})\s*{_YEARS})\s*\)?)"
)
_SIGNS = str.maketrans("‐‑‒–—−·", "------.")
_MONTH_DAY = re.compile(r"(?P<name>[a-z]+)\.?\s*(?P<day>\d{1,2})\s*(st|nd|rd|th)?\s*,?\s+(?P<year>\d{4}|'?\d{2})")

_NOON = {"noon", "midday", "12 noon", "12 midday"}
_24_HOURS = re.compile(r"(?P<hour>\d{2})\s*[:.]?\s*(?P<minute>\d{2})(?:\s*h(?:rs?|ours?)?)?")
_12_HOURS = re.compile(r"(?P<hour>\d{1,2}?)(?:\s*[:. ]?\s*(?P<minute>\d{2}))?\s*(?P<half>[ap])\.?\s?m")


def parse_date(text: str) -> dt.date | None:
    """Read ``03/11/2026``, ``3.11.26``, ``3rd November 2026``, ``Tues 3 Nov 26``, ``2026-11-03``; never month first.

    An age behind it ("14/02/2010 (age 16)") is passed over.

    Two-digit years up to 49 are 20xx, the others 19xx. None for anything else, and for days that do not exist.
    """
    plain = _plain(text)
    if age := _age(plain):
        plain = plain[: age.start()].rstrip(".")
    plain = re.sub(rf"^({_WEEKDAYS.lower()})\.?,?\s+", "", plain)
    for pattern in (_ISO, _NUMBERS, _DAY_MONTH, _MONTH_DAY):
        if m := pattern.fullmatch(plain):
            parts = m.groupdict()
            month = int(parts["month"]) if parts.get("month") else _MONTHS.get(parts.get("name") or "")
            if month is None:
                return None
            return _date(parts["year"].lstrip("'"), month, int(parts["day"]))
    return None


def age_beside(text: str) -> int | None:
    """The age that somebody wrote behind a date of birth."""
    age = _age(_plain(text))
    return int(age["age"] or age["years"] or age["bare"]) if age else None


def _plain(text: str) -> str:
    plain = " ".join(text.split()).lower().translate(_SIGNS).rstrip(".")
    return _BIRTH.sub("", plain, count=1) if plain[:1] in "db" else plain


def _age(plain: str) -> re.Match[str] | None:
    return next((m for m in _AGE.finditer(plain) if m.end() == len(plain) and m.start()), None)


def _date(year: str, month: int, day: int) -> dt.date | None:
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)
    try:
        return dt.date(full, month, day)
    except ValueError:
        return None


def parse_time(text: str) -> dt.time | None:
    """Read ``22:40``, ``22.40``, ``2240 hrs``, ``10.40pm``, ``9 am``, ``noon``.

    None for anything else, and where half of the day is not certain: ``10``, ``9:05``, ``midnight``, ``12 pm``.
    """
    plain = _plain(text)
    if plain in _NOON:
        return dt.time(12)
    if m := _24_HOURS.fullmatch(plain):
        return _time(int(m["hour"]), int(m["minute"]))
    if m := _12_HOURS.fullmatch(plain):
        hour, minute = int(m["hour"]), int(m["minute"] or 0)
        if not 1 <= hour <= 12 or (hour, minute) == (12, 0):  # people write 12 pm for noon and for midnight
            return None
        return _time(hour % 12 + (12 if m["half"] == "p" else 0), minute)
    return None


def _time(hour: int, minute: int) -> dt.time | None:
    try:
        return dt.time(hour, minute)
    except ValueError:
        return None


def month_after(day: dt.date) -> dt.date:
    """The same day of the next month, else its last day ("within a month": Buckinghamshire 2.5.14)."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def four_weeks_after(day: dt.date) -> dt.date:
    """28 days on ("at intervals of not more than 4 weeks": Stockport 2.8, 3.3)."""
    return day + dt.timedelta(days=28)


def age_on(born: dt.date, day: dt.date) -> int:
    """Full years; below 0 for somebody who was not born yet."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
