"""Shapes learnt from what passes by: a document like those before it goes straight to its canonical bytes.

Diplomas of one school have the same members in the same places, and differ in a few words. After some of
them their shape is cut (``shapes``), and it is used only once it wrote what plans write: for made-up values,
and for the next documents that come. It is used for documents with the same members and the same words
wherever a word decides what is said, and everything else is decided anew for each. So what others send can
make this slower, and never wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from threading import Lock
from typing import Any

from testamur.contexts import ContextSet
from testamur.errors import TestamurError
from testamur.jsonld.shapes import Path, Shape
from testamur.jsontext import Json

_SIGHTINGS = 4  # after so many documents a shape is cut
_TRIES = 4  # shapes cut for documents with the same members
_PROBATION = 3  # documents that are canonized both ways
_MAX_TEMPLATES = 64
_MAX_VALUES = 400
_MAX_TEXT = 16_000

Structure = tuple[Any, ...]
"""What a document is without its values: the members of its objects and what kind of value stands where."""


def outline(document: Any) -> tuple[Structure, list[Any]] | None:
    """Return the structure of a document and all its values level by level, or None for no object or a large one."""
    if type(document) is not dict:
        return None
    structure: list[Any] = []
    values: list[Any] = []
    level: list[Any] = [document]
    while level:
        inner: list[Any] = []
        for item in level:
            if type(item) is dict:
                structure.append(tuple(item))
                inner += item.values()
            else:
                structure.append(len(item))
                inner += item
        values += inner
        if len(values) > _MAX_VALUES:
            return None
        structure.append(tuple(map(type, inner)))
        level = [value for value in inner if type(value) is dict or type(value) is list]
    return tuple(structure), values


def paths(document: Json) -> list[Path]:
    """Return where each value stands, in the order of ``outline``."""
    found: list[Path] = []
    level: list[tuple[Path, Any]] = [((), document)]
    while level:
        inner = [
            ((*path, step), item)
            for path, value in level
            for step, item in (value.items() if type(value) is dict else enumerate(value))
        ]
        found += [path for path, _ in inner]
        level = [(path, value) for path, value in inner if type(value) is dict or type(value) is list]
    return found


@dataclass(slots=True, eq=False)
class _Form:
    """A shape and the documents it is for: those with these words, which differ in the slots only."""

    shape: Shape
    slots: list[bool]  # for each value, whether it is the first of a slot
    twins: list[tuple[int, int]]  # values that stand again in another place, as in all documents seen
    fixed: list[bool]
    words: tuple[Any, ...]
    proved: int = 0

    def fill(self, values: list[Any]) -> bytes | None:
        """Return the canonical bytes of a document with these values, None for one that has other words."""
        if tuple(compress(values, self.fixed)) != self.words:
            return None
        if any(values[first] != values[again] for first, again in self.twins):
            return None
        return self.shape.fill(tuple(compress(values, self.slots)))


@dataclass(slots=True, eq=False)
class _Template:
    """Documents of one structure: their forms, and the values of those that no form wrote."""

    forms: list[_Form] = field(default_factory=list)
    sightings: list[list[Any]] = field(default_factory=list)
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Sighting:
    """A document that came by, and what the form that fits it wrote."""

    structure: Structure
    values: list[Any]
    form: _Form | None = None
    data: bytes = b""

    @property
    def is_trusted(self) -> bool:
        """Whether ``data`` needs no other path beside it."""
        return self.form is not None and self.form.proved >= _PROBATION


class Learning:
    """The shapes learnt for one set of contexts and one hash; the oldest structure makes room for a new one."""

    def __init__(self, digest: str, contexts: ContextSet) -> None:
        self._digest = digest
        self._contexts = contexts
        self._templates: dict[Structure, _Template] = {}
        self._lock = Lock()

    def look(self, document: Json) -> Sighting | None:
        """Return what is known of a document before it is walked; None for one that nothing is learnt from."""
        found = outline(document)
        if found is None:
            return None
        structure, values = found
        template = self._templates.get(structure)
        for form in template.forms if template else ():
            data = form.fill(values)
            if data is not None:
                return Sighting(structure, values, form, data)
        return Sighting(structure, values)

    def learn(self, document: Json, sighting: Sighting, data: bytes) -> None:
        """Take in what plans wrote: it proves a form or disproves it, or is one more document to learn from.

        A form that wrote something else is never used again, nor any other of its structure.
        """
        if sighting.form is None:
            self._see(document, sighting)
        elif sighting.data == data:
            sighting.form.proved += 1
        else:
            self._templates[sighting.structure] = _Template(tries=_TRIES)

    def _see(self, document: Json, sighting: Sighting) -> None:
        """Remember a document, and cut a form once there are enough."""
        if sum(len(value) for value in sighting.values if type(value) is str) > _MAX_TEXT:
            return
        with self._lock:
            template = self._templates.get(sighting.structure)
            if template is None:
                if len(self._templates) >= _MAX_TEMPLATES:
                    del self._templates[next(iter(self._templates))]
                template = self._templates[sighting.structure] = _Template()
            if template.tries == _TRIES:
                return
            template.sightings.append(sighting.values)
            if len(template.sightings) % _SIGHTINGS == 0:
                template.tries += 1
                form = self._form_of(document, template.sightings)
                template.forms += [form] if form else []

    def _form_of(self, document: Json, sightings: Sequence[list[Any]]) -> _Form | None:
        """Return the form of the last document: what varied and can be a slot is one."""
        from testamur.jsonld.door import canonize_by_plans
        from testamur.jsonld.shapes_cutting import cut_shape
        from testamur.jsonld.shapes_trying import check_shape

        where = paths(document)
        groups: dict[Any, list[int]] = {}
        for place, column in enumerate(zip(*sightings, strict=True)):
            kind = type(column[0])
            if kind in (str, int, float) and len(set(column)) > 1:
                groups.setdefault((kind, column), []).append(place)
        slots = [places for places in groups.values() if self._can_vary(document, [where[p] for p in places])]
        at = [[where[place] for place in places] for places in slots]
        try:
            shape = cut_shape(document, at, self._digest, self._contexts)
            check_shape(shape, document, at, reference=canonize_by_plans)
        except TestamurError:
            return None
        return _form(shape, slots, sightings[-1])

    def _can_vary(self, document: Json, places: list[Path]) -> bool:
        """Whether the values at these places can be a slot: a type or a word of a vocabulary cannot."""
        from testamur.jsonld.shapes_cutting import cut_shape

        try:
            cut_shape(document, [places], self._digest, self._contexts)
        except TestamurError:
            return False
        return True


def _form(shape: Shape, slots: list[list[int]], values: list[Any]) -> _Form | None:
    """Return the form of documents that differ from these values in the slots; None where equal is not the same."""
    first = [False] * len(values)
    fixed = [type(value) is not dict and type(value) is not list for value in values]
    for places in slots:
        first[places[0]] = True
        for place in places:
            fixed[place] = False
    words = tuple(compress(values, fixed))
    if any(type(word) is float and word == 0 for word in words):  # 0.0 and -0.0 are equal
        return None
    twins = [(places[0], again) for places in slots for again in places[1:]]
    return _Form(shape, first, twins, fixed, words)
