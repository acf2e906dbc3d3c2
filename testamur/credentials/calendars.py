"""Dates in four calendars: read from a sheet, kept as ISO 8601, printed in words.

Arithmetic is on Python's ordinals (day 1 is 0001-01-01 Gregorian). Hijri is the tabular civil
calendar (leap years 2 5 7 10 13 16 18 21 24 26 29 of 30): it can differ by a day or two from the
announced months and from Umm al-Qura, so a school that uses those gives Gregorian dates.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from testamur.credentials.languages import words
from testamur.errors import Malformed
from testamur.words import Sentence, say

FIRST, LAST = date(1850, 1, 1), date(2199, 12, 31)
"""A learning record has no dates outside these; a year that falls outside was mistyped or misread."""

ORDERS = {"ymd": "year-month-day", "dmy": "day-month-year", "mdy": "month-day-year"}
MONTHS = {"gregorian": 12, "ethiopian": 13, "hijri": 12, "buddhist": 12}

_ETHIOPIAN_EPOCH = date(8, 8, 27).toordinal()  # 1 Meskerem of year 1, Amete Mihret
_HIJRI_EPOCH = 227015  # 1 Muharram of year 1: 16 July 622 Julian
_BUDDHIST_OFFSET = 543
_NUMBERS = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})", re.ASCII)
_CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_SERIAL = re.compile(r"[1-9]\d{4}(\.\d+)?", re.ASCII)
_MAX_TEXT = 60


@lru_cache(maxsize=4096)
def parse_date(text: str, *, calendar: str = "gregorian", order: str = "", language: str = "en") -> str:
    """The ISO date that a cell means; raises Malformed with a sentence for whoever filled the sheet in.

    Year first is always understood; otherwise ``order`` decides, and without it a date that can be
    read in two ways is refused. Five digits in a Gregorian column are a spreadsheet's day number.
    """
    plain = western_digits(text[:_MAX_TEXT]).strip().rstrip(".")
    if match := _CLOCK.fullmatch(plain):
        plain = match[1]
    if calendar == "gregorian" and _SERIAL.fullmatch(plain):
        return _bounded(date(1899, 12, 30) + timedelta(days=int(float(plain))), text)
    if match := _NUMBERS.fullmatch(plain):
        return to_iso(*_in_order(match[1], match[2], match[3], order, text), calendar, text)
    return to_iso(*_in_words(plain, calendar, language, text), calendar, text)


def to_iso(year: int, month: int, day: int, calendar: str, shown: str = "") -> str:
    """The ISO date of a year, month and day of a calendar; raises Malformed where there is no such day."""
    shown = shown or f"{year}-{month}-{day}"
    try:
        found = date.fromordinal(_ordinal(year, month, day, calendar))
    except (ValueError, OverflowError):
        raise _no_date(
            shown, say("there is no such day in the {calendar} calendar", calendar=calendar.title())
        ) from None
    if calendar in ("ethiopian", "hijri") and from_iso(found.isoformat(), calendar) != (year, month, day):
        raise _no_date(
            shown, say("there is no such day in the {calendar} calendar", calendar=calendar.title())
        )
    return _bounded(found, shown)


def from_iso(iso: str, calendar: str) -> tuple[int, int, int]:
    """The year, month and day in a calendar of an ISO date."""
    day = date.fromisoformat(iso[:10])
    if calendar == "ethiopian":
        return _ethiopian(day.toordinal())
    if calendar == "hijri":
        return _hijri(day.toordinal())
    return day.year + (_BUDDHIST_OFFSET if calendar == "buddhist" else 0), day.month, day.day


def print_date(iso: str, language: str = "en", calendar: str = "gregorian") -> str:
    """The date in words of a language and calendar, in Western digits: the same text on every machine.

    Where a language has no names for a calendar's months, English ones stand in.
    """
    year, month, day = from_iso(iso, calendar)
    table, english = words(language), words("en")
    names = table.get(_month_table(calendar)) or english[_month_table(calendar)]
    parts = {
        "day": table.get("first_day", day) if day == 1 else day,
        "month": names[month - 1],
        "year": year,
    }
    written: str = table["date"].format(**parts)
    era = table.get("eras", {}).get(calendar) or english["eras"].get(calendar)
    return era.format(date=written, **parts) if era else written


def western_digits(text: str) -> str:
    """The text with every script's decimal digits, and Ethiopic numerals, in 0 to 9."""
    if text.isascii():
        return text
    text = re.sub(r"[፩-፼]+", lambda match: str(_ethiopic_number(match[0])), text)
    return "".join(str(unicodedata.decimal(character, character)) for character in text)


def _ordinal(year: int, month: int, day: int, calendar: str) -> int:
    if not (1 <= month <= MONTHS[calendar] and 1 <= day <= 31 and 1 <= year <= 9999):
        raise ValueError
    if calendar == "ethiopian":
        return _ETHIOPIAN_EPOCH + 365 * (year - 1) + year // 4 + 30 * (month - 1) + day - 1
    if calendar == "hijri":
        before = 29 * (month - 1) + month // 2 + 354 * (year - 1) + (3 + 11 * year) // 30
        return _HIJRI_EPOCH + before + day - 1
    return date(year - (_BUDDHIST_OFFSET if calendar == "buddhist" else 0), month, day).toordinal()


def _ethiopian(ordinal: int) -> tuple[int, int, int]:
    year = (4 * (ordinal - _ETHIOPIAN_EPOCH) + 1463) // 1461
    rest = ordinal - _ordinal(year, 1, 1, "ethiopian")
    return year, rest // 30 + 1, rest % 30 + 1


def _hijri(ordinal: int) -> tuple[int, int, int]:
    year = (30 * (ordinal - _HIJRI_EPOCH) + 10646) // 10631
    month = (11 * (ordinal - _ordinal(year, 1, 1, "hijri")) + 330) // 325
    return year, month, ordinal - _ordinal(year, month, 1, "hijri") + 1


def _in_order(first: str, second: str, third: str, order: str, shown: str) -> tuple[int, int, int]:
    if len(first) == 4 and len(third) <= 2:
        return int(first), int(second), int(third)
    if len(first) > 2 or len(third) != 4:
        raise _no_date(shown, say("the year needs four digits; write it as 2026-07-01"))
    one, two, year = int(first), int(second), int(third)
    if order == "mdy" or (order != "dmy" and two > 13 >= one):
        return year, one, two
    if order == "dmy" or one > 13 or one == two:
        return year, two, one
    raise _no_date(
        shown,
        say("it can be read in two ways; write it as 2026-07-01, or give the column's order in the template"),
    )


def _in_words(plain: str, calendar: str, language: str, shown: str) -> tuple[int, int, int]:
    numbers = re.findall(r"\d+", plain)
    month = _month_named(plain, calendar, language)
    if not month or len(numbers) != 2 or sorted(map(len, numbers))[1] != 4 or len(min(numbers, key=len)) > 2:
        raise _no_date(shown, say("write it as 2026-07-01"))
    day, year = sorted(numbers, key=len)
    return int(year), month, int(day)


def _month_named(plain: str, calendar: str, language: str) -> int:
    tables = (words(language), words("en"))
    lowered = unicodedata.normalize("NFC", plain).casefold()
    found = [
        (len(name), index)
        for table in tables
        for index, name in enumerate(table.get(_month_table(calendar), ()), 1)
        if name.casefold() in lowered and not name[0].isdigit()
    ]
    return max(found, default=(0, 0))[1]


def _month_table(calendar: str) -> str:
    return "gregorian" if calendar == "buddhist" else calendar


def _ethiopic_number(digits: str) -> int:
    """Ethiopic numerals are additive within a hundred; ፻ multiplies by 100, ፼ by 10,000."""
    total = part = 0
    for sign in digits:
        value = int(unicodedata.numeric(sign))
        if value < 100:
            part += value
        elif value == 100:
            part = (part or 1) * 100
            total, part = total + part, 0
        else:
            total, part = (total + part or 1) * value, 0
    return total + part


def _bounded(day: date, shown: str) -> str:
    if not FIRST <= day <= LAST:
        raise _no_date(
            shown,
            say("that is the year {year} in the Gregorian calendar; was it mistyped?", year=str(day.year)),
        )
    return day.isoformat()


def _no_date(shown: str, reason: Sentence) -> Malformed:
    text = f"{shown[:_MAX_TEXT]!r}"
    return Malformed("", say("{text} is not usable as a date: {reason}", text=text, reason=reason))
