"""Text forms: whether a JSON text is that of a known document with other words in some places, and which.

A text holds every member, type and value of its document, so one that is the same between the slots, letter by
letter, is of a document that differs in the slots only. It is compared in a few long pieces, which is much
faster than looking at each value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from testamur.jsonld.shapes import Path, Value
from testamur.jsonld.shapes_cutting import Marks, put, value_at
from testamur.jsontext import Json, write_json
from testamur.stencils import pieces

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?").match
_MAX_DIGITS = 40
_read = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class TextForm:
    """The text of a document cut at its slots; ``text_form`` makes it."""

    steps: tuple[
        tuple[str, int, int, bool], ...
    ]  # what stands before a slot, its length, the slot, if a text
    rest: str  # what stands after the last
    count: int  # of the slots

    def values(self, text: str) -> list[Value] | None:
        """Return what stands in the slots; ``text`` is well-formed JSON. Any other text gives None.

        So does a value that is not the same in all places of its slot.
        """
        found: list[Value | None] = [None] * self.count
        escaped = "\\" in text
        position = 0
        for before, length, slot, is_text in self.steps:
            if not text.startswith(before, position):
                return None
            position += length
            value: Value | None
            if is_text and escaped:
                value, end = _string(text, position)
            elif is_text:
                end = text.find('"', position)
                value = text[position:end]
            else:
                value, end = _number(text, position)
            if value is None:
                return None
            known = found[slot]
            if known is None:
                found[slot] = value
            elif known != value or type(known) is not type(value):
                return None
            position = end
        return [value for value in found if value is not None] if text[position:] == self.rest else None


def text_form(document: Json, slots: Sequence[Sequence[Path]]) -> TextForm:
    """Return the text form of a document; raises Unsupported, Malformed where it has none."""
    marks = Marks([value_at(document, places[0]) for places in slots])
    marked = document
    for places, mark in zip(slots, marks.values, strict=True):
        for path in places:
            marked = put(marked, path, mark)
    *parts, rest = pieces(write_json(marked), marks.pattern, marks.slot)
    steps: list[tuple[str, int, int, bool]] = []
    before = ""
    for part in parts:
        if isinstance(part, str):
            before = part
        else:
            steps.append((before, len(before), part, isinstance(marks.values[part], str)))
    return TextForm(tuple(steps), str(rest), len(slots))


def _string(text: str, position: int) -> tuple[Value | None, int]:
    """Return the string that begins there and where its closing quote stands."""
    try:
        value, after = _read(text, position - 1)
    except ValueError:
        return None, position
    return (value, after - 1) if type(value) is str else (None, position)


def _number(text: str, position: int) -> tuple[Value | None, int]:
    match = _NUMBER(text, position)
    if match is None or len(match[0]) > _MAX_DIGITS:
        return None, position
    return float(match[0]) if match[1] else int(match[0]), match.end()
