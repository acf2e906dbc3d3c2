"""A cell's text becomes a value of the type its column declares, or a sentence says why not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from testamur.credentials.calendars import parse_date, western_digits
from testamur.credentials.names import hidden, normal
from testamur.errors import Malformed
from testamur.words import Sentence, say

Value = str | int | float
_MAX_KNOWN = 200
_MAX_KNOWN_CELL = 60


_NUMBERS = ("credits", "course.credits")
"""The places where a record has a number; elsewhere it has the digits as text."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: what it is called, where its cells go and what they must be like."""

    name: str
    goes_to: str
    type: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    calendar: str = "gregorian"
    order: str = ""
    language: str = "en"
    minimum: float | None = None
    maximum: float | None = None
    max_length: int = 200
    example: str = ""
    explanation: str = ""
    known: dict[str, Value] = field(
        default_factory=dict, compare=False, repr=False
    )  # short cells read lately

    @property
    def place(self) -> str:
        """Where its cells go, unlike any other column's place."""
        return f"nothing.{self.name}" if self.goes_to == "nothing" else self.goes_to

    def read(self, cell: str) -> Value:
        """The value of a filled cell, a number only where the record wants one; raises Malformed with the cell's text."""
        value = self.known.get(cell)
        if value is None:
            value = self._read(cell)
            if len(cell) <= _MAX_KNOWN_CELL:
                if len(self.known) >= _MAX_KNOWN:
                    self.known.clear()
                self.known[cell] = value
        return value

    def _read(self, cell: str) -> Value:
        text = normal(cell)
        if len(text) > self.max_length:
            raise Malformed(
                "",
                say(
                    "{text} is longer than {number} characters",
                    text=f"{text[:40]!r}...",
                    number=self.max_length,
                ),
            )
        if reason := hidden(text):
            raise Malformed("", say("{text}: {reason}; type it again", text=f"{text!r:.80}", reason=reason))
        value = TYPES[self.type].read(text, self)
        return value if self.goes_to in _NUMBERS or isinstance(value, str) else plain_number(text)


@dataclass(frozen=True, slots=True)
class CellType:
    """A type of cell: what it is for people, and how it is read."""

    meaning: str
    read: Callable[[str, Column], Value]


_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?", re.ASCII)
_COMMA_NUMBER = re.compile(r"[+-]?\d{1,15},\d{1,6}", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_URL = re.compile(r"https://[^\s/?#@\\<>\"{}|^`]+([/?#][^\s\\<>\"{}|^`]*)?")
_EMAIL = re.compile(r"[^\s@<>\"(),:;]{1,64}@[^\s@<>\"(),:;.]+(\.[^\s@<>\"(),:;.]+)+")
_DID = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._%-]", re.ASCII)


def plain_number(text: str) -> str:
    """A number in Western digits with a point; "3,71" is 3.71, and "1,250", which may be two things, stays."""
    plain = western_digits(text).replace("٫", ".").replace("−", "-")
    if _COMMA_NUMBER.fullmatch(plain) and not _THOUSANDS.fullmatch(plain):
        return plain.replace(",", ".")
    return plain


def _text(text: str, column: Column) -> Value:
    return text


def _date(text: str, column: Column) -> Value:
    return parse_date(text, calendar=column.calendar, order=column.order, language=column.language)


def _number(text: str, column: Column) -> Value:
    plain = plain_number(text)
    if _THOUSANDS.fullmatch(plain):
        raise Malformed(
            "",
            say("{text} can be read in two ways; write the number without the comma", text=f"{text!r:.60}"),
        )
    if not _NUMBER.fullmatch(plain):
        raise Malformed("", say("{text} is not a number", text=f"{text!r:.60}"))
    value = float(plain)
    return _within(int(value) if value.is_integer() else value, text, column)


def _integer(text: str, column: Column) -> Value:
    value = _number(text, column)
    if not isinstance(value, int):
        raise Malformed("", say("{text} is not a whole number", text=f"{text!r:.60}"))
    return value


def _within(value: Value, text: str, column: Column) -> Value:
    low, high = column.minimum, column.maximum
    if (low is not None and float(value) < low) or (high is not None and float(value) > high):
        between = _between(low, high)
        told = say("{text} is out of range; it should be {between}", text=f"{text!r:.60}", between=between)
        raise Malformed("", told)
    return value


def _between(low: float | None, high: float | None) -> Sentence:
    if low is not None and high is not None:
        return say("{low} to {high}", low=f"{low:g}", high=f"{high:g}")
    if low is not None:
        return say("{low} or more", low=f"{low:g}")
    return say("{high} or less", high=f"{high:g}")


def _choice(text: str, column: Column) -> Value:
    if text in column.choices:
        return text
    for choice in column.choices:
        if choice.casefold() == text.casefold():
            return choice
    raise Malformed(
        "", say("{text} is not one of {words}", text=f"{text!r:.60}", words=_listed(column.choices))
    )


def _url(text: str, column: Column) -> Value:
    told = say("{text} is not a web address that begins with https://", text=f"{text!r:.80}")
    return _fitting(_URL, text, told)


def _email(text: str, column: Column) -> Value:
    return _fitting(_EMAIL, text, say("{text} is not an e-mail address", text=f"{text!r:.80}"))


def _did(text: str, column: Column) -> Value:
    return _fitting(_DID, text, say("{text} is not a DID such as did:key:z6Mk...", text=f"{text!r:.80}"))


def _fitting(pattern: re.Pattern[str], text: str, reason: Sentence) -> str:
    if not pattern.fullmatch(text):
        raise Malformed("", reason)
    return text


def _listed(choices: tuple[str, ...]) -> str:
    shown = ", ".join(choices[:8])
    return shown if len(choices) <= 8 else f"{shown} and {len(choices) - 8} more"


TYPES = {
    "text": CellType("any text", _text),
    "date": CellType("a date", _date),
    "number": CellType("a number such as 3.71", _number),
    "integer": CellType("a whole number", _integer),
    "choice": CellType("one of the words that the template lists", _choice),
    "url": CellType("a web address that begins with https://", _url),
    "email": CellType("an e-mail address", _email),
    "did": CellType("a DID such as did:key:z6Mk...", _did),
}
