"""A sentence with named parts: English as a text, and any language as soon as a catalogue has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

_HOLE = re.compile(r"\{(\w+)\}", re.ASCII)

Part = str | int | datetime
"""What stands in a hole: words of somebody else, a number, a moment, a :class:`Day`, another sentence."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that English spells out: "1 July 2026"; a plain moment is written 2026-07-01 there."""

    moment: datetime

    def __str__(self) -> str:
        return f"{self.moment.day} {self.moment:%B %Y}"


class Sentence(str):
    """The English sentence, which remembers its message and its parts so that it can be said otherwise."""

    message: str
    parts: Mapping[str, Part | Day]

    def __new__(cls, message: str, parts: Mapping[str, Part | Day]) -> Sentence:
        """Say the message in English with its holes filled."""
        sentence = super().__new__(cls, fill(message, parts, english))
        sentence.message = message
        sentence.parts = MappingProxyType(dict(parts))
        return sentence

    def __reduce__(self) -> tuple[Any, ...]:
        """A sentence goes from one process to another with its parts."""
        return Sentence, (self.message, dict(self.parts))


def say(message: str, /, **parts: Part | Day) -> Sentence:
    """The sentence of a message with ``{holes}``; every message said somewhere is in the catalogues."""
    return Sentence(message, parts)


def joined(separator: str, sentences: Iterable[str]) -> Sentence:
    """Several sentences in a row, each of them said in its turn."""
    parts = {str(number): sentence for number, sentence in enumerate(sentences)}
    return Sentence(separator.join(f"{{{name}}}" for name in parts), parts)


def fill(message: str, parts: Mapping[str, Part | Day], tell: Callable[[Part | Day], str]) -> str:
    """The message with what ``tell`` makes of each part; a hole that has none stays as it is."""
    return _HOLE.sub(lambda hole: tell(parts[hole[1]]) if hole[1] in parts else hole[0], message)


def holes(message: str) -> frozenset[str]:
    """The names of the holes of a message."""
    return frozenset(_HOLE.findall(message))


def english(part: Part | Day) -> str:
    """A part as English sentences have it."""
    return f"{part:%Y-%m-%d}" if isinstance(part, datetime) else str(part)
