"""One reader's language: its words, its direction, its dates and its digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from testamur.display import shown
from testamur.words.catalogues import LANGUAGES, catalogue
from testamur.words.sentences import BECAUSE, Day, Part, Sentence, fill

if TYPE_CHECKING:
    from babel import Locale

_RANGE = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,3})\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?"
)
_MAX_HEADER = 1000
_ISOLATE, _END = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language as one region writes it."""

    language: str  # of LANGUAGES
    region: str = ""  # "EG"; "" where the reader names none
    digits: str = field(init=False)

    def __post_init__(self) -> None:
        """Find the digits that are written there."""
        object.__setattr__(self, "digits", _digits(self._locale))

    @property
    def tag(self) -> str:
        """For ``lang`` attributes: "ar-EG"."""
        return f"{self.language}-{self.region}" if self.region else self.language

    @property
    def direction(self) -> str:
        """For ``dir`` attributes: "ltr" or "rtl"."""
        direction: str = self._locale.text_direction
        return direction

    @property
    def name(self) -> str:
        """What the language is called in itself."""
        name = str(self._locale.languages.get(self.language, self.language))
        return name[:1].upper() + name[1:]

    def say(self, message: str, /, **parts: Part | Day) -> str:
        """A message, or a sentence made of one, in this language; in English where there is no translation.

        Words of others that stand in its holes are made safe to show.
        """
        if isinstance(message, Sentence):
            return self._told(message.message, message.parts)
        return self._told(message, parts)

    def day(self, moment: datetime) -> str:
        """The day, spelled out: "1 July 2026", "١ يوليو ٢٠٢٦"."""
        from babel.dates import format_date

        return self._in_digits(format_date(moment, "long", self._locale))

    def moment(self, moment: datetime) -> str:
        """The day and the time of day, in UTC."""
        from babel.dates import format_time

        comma = "،" if self.language == "ar" else ","
        time = self._in_digits(format_time(moment, "short", locale=self._locale))
        return f"{self.day(moment)}{comma} {time} UTC"

    def number(self, number: int) -> str:
        """The number, grouped as it is there."""
        from babel.numbers import format_decimal

        told = format_decimal(number, locale=self._locale, numbering_system="default")
        return self._in_digits(told)

    def _told(self, message: str, parts: Mapping[str, Part | Day]) -> str:
        if message == BECAUSE and self.language != "en" and not isinstance(parts["why"], Sentence):
            return self._part(parts["said"])
        known = catalogue(self.language).get(message, message)
        return fill(known, parts, self._part)

    def _part(self, part: Part | Day) -> str:
        if isinstance(part, Sentence):
            return self._told(part.message, part.parts)
        if isinstance(part, Day):
            return self.day(part.moment)
        if isinstance(part, datetime):
            return self.day(part)
        return self.number(part) if isinstance(part, int) else self._apart(shown(part))

    def _apart(self, words: str) -> str:
        """Words of another direction, kept from turning those around them (UAX #9 §2.4)."""
        foreign = any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in words)
        return f"{_ISOLATE}{words}{_END}" if words and foreign is not (self.direction == "rtl") else words

    def _in_digits(self, text: str) -> str:
        return text.translate({ord("0") + n: digit for n, digit in enumerate(self.digits)})

    @property
    def _locale(self) -> Locale:
        return _locale(self.language, self.region)


@cache
def _locale(language: str, region: str) -> Locale:
    from babel import Locale

    return Locale(language, region or None)


def _digits(locale: Locale) -> str:
    """The ten digits of the numbering system that is usual there: Egypt writes ٠١٢, Morocco 012."""
    system = str(locale.default_numbering_system)
    return {"arab": "٠١٢٣٤٥٦٧٨٩", "arabext": "۰۱۲۳۴۵۶۷۸۹", "deva": "०१२३४५६७८९"}.get(system, "0123456789")


def choose(accepted: str = "", asked: str = "") -> Tongue:
    """The tongue a reader asked for ("pt-BR"), else the first of ``Accept-Language`` that there is, else English."""
    wanted = [asked] if asked else []
    for tag in (*wanted, *_ranges(accepted[:_MAX_HEADER])):
        language, _, rest = tag.partition("-")
        if language.lower() in LANGUAGES:
            return Tongue(language.lower(), _region(language.lower(), rest))
    return Tongue("en")


def _ranges(accepted: str) -> list[str]:
    """The language ranges, the most wanted first (RFC 9110 §12.5.4)."""
    found = []
    for position, text in enumerate(accepted.split(",")):
        match = _RANGE.fullmatch(text)
        if match and float(match[2] or 1) > 0:
            found.append((-float(match[2] or 1), position, match[1]))
    return [tag for _, _, tag in sorted(found)]


def _region(language: str, rest: str) -> str:
    """The region of a tag, where people there write this language; "" otherwise."""
    from babel import UnknownLocaleError

    for part in rest.upper().split("-"):
        if len(part) == 2 and part.isalpha():
            try:
                _locale(language, part)
            except UnknownLocaleError:
                continue
            return part
    return ""
