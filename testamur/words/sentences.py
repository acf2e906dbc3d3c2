"""A sentence with named parts: English as a text, and any language as soon as a catalogue has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

_HOLE = re.compile(r"\{(\w+)\}", re.ASCII)
_ADDRESS = re.compile(r"[a-z]+:\S", re.ASCII)  # a name that is written as it is
BECAUSE = "{said}: {why}"
_MAX_REMEMBERED = 200  # characters of a part

Part = str | int | datetime
"""What stands in a hole: words of somebody else, a number, a moment, a :class:`Day`, another sentence."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that English spells out: "1 July 2026"; a plain moment is written 2026-07-01 there."""

    moment: datetime

    def __str__(self) -> str:
        return _spelled(self.moment)


class Sentence(str):
    """The English sentence, which remembers its message and its parts so that it can be said otherwise."""

    message: str
    parts: Mapping[str, Part | Day]

    def __new__(
        cls, message: str, parts: Mapping[str, Part | Day], english_text: str | None = None
    ) -> Sentence:
        """Say the message in English with its holes filled, unless it is given how it reads there."""
        text = fill(message, parts, english) if english_text is None else english_text
        sentence = super().__new__(cls, text)
        sentence.message = message
        sentence.parts = MappingProxyType(dict(parts))
        return sentence

    def __reduce__(self) -> tuple[Any, ...]:
        """A sentence goes from one process to another with its parts."""
        return Sentence, (self.message, dict(self.parts), str(self))


def say(message: str, /, **parts: Part | Day) -> Sentence:
    """The sentence of a message with ``{holes}``; every message said somewhere is in the catalogues."""
    if not parts:
        return _whole(message)
    if all(map(_is_short, parts.values())):
        return _known(message, **parts)
    return Sentence(message, parts)


@lru_cache(maxsize=512)
def _whole(message: str) -> Sentence:
    return Sentence(message, {})


def _is_short(part: Part | Day) -> bool:
    """Whether a part may be remembered: a short text that is no sentence, or a moment in UTC."""
    if isinstance(part, str):
        return len(part) <= _MAX_REMEMBERED and not isinstance(part, Sentence)
    moment = part.moment if isinstance(part, Day) else part
    return isinstance(moment, datetime) and moment.tzinfo is UTC


@lru_cache(maxsize=512)  # the records of a school differ in few of the sentences that are said of them
def _known(message: str, /, **parts: Part | Day) -> Sentence:
    return Sentence(message, parts)


def joined(separator: str, sentences: Iterable[str]) -> Sentence:
    """Several sentences in a row, each of them said in its turn."""
    found = list(sentences)
    if len(found) == 1 and isinstance(found[0], Sentence):
        return found[0]
    parts = {str(number): sentence for number, sentence in enumerate(found)}
    return Sentence(separator.join(f"{{{name}}}" for name in parts), parts)


def because(said: str, why: str) -> Sentence:
    """A sentence and what it rests on, "it cannot be read: the JSON ends early".

    Where ``why`` is English and no sentence of ours, other languages leave it out.
    """
    return Sentence(BECAUSE, {"said": said, "why": why})


def is_told_whole(sentence: str) -> bool:
    """Whether other languages than English can say all of it."""
    if not isinstance(sentence, Sentence):
        return False
    if sentence.message == BECAUSE and not isinstance(sentence.parts["why"], Sentence):
        return False
    return all(is_told_whole(part) for part in sentence.parts.values() if isinstance(part, Sentence))


def begun(sentence: str) -> str:
    """The sentence with a capital letter, in English; addresses stay as they are."""
    if _ADDRESS.match(sentence):
        return sentence
    capital = sentence[:1].upper() + sentence[1:]
    return Sentence(sentence.message, sentence.parts, capital) if isinstance(sentence, Sentence) else capital


def fill(message: str, parts: Mapping[str, Part | Day], tell: Callable[[Part | Day], str]) -> str:
    """The message with what ``tell`` makes of each part; a hole that has none stays as it is."""
    pieces = _cut(message)
    if len(pieces) == 1:
        return message
    told = [tell(parts[name]) if name in parts else f"{{{name}}}" for name in pieces[1::2]]
    return "".join([text for pair in zip(pieces[::2], [*told, ""], strict=True) for text in pair])


@lru_cache(maxsize=1024)
def _cut(message: str) -> tuple[str, ...]:
    """The texts of a message and, between them, the names of its holes."""
    return tuple(_HOLE.split(message))


def holes(message: str) -> frozenset[str]:
    """The names of the holes of a message."""
    return frozenset(_HOLE.findall(message))


def english(part: Part | Day) -> str:
    """A part as English sentences have it."""
    return part.date().isoformat() if isinstance(part, datetime) else str(part)


@lru_cache(maxsize=256)
def _spelled(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
