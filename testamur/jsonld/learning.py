"""Shapes learnt from what passes by: a document like those before it goes straight to its canonical bytes.

Diplomas of one school have the same members in the same places, and differ in a few words. After some of
them their shape is cut (``shapes``), and it is used only once it wrote what plans write: for made-up values,
and for the next documents that come. It is used for documents whose text is the same wherever it decides what
is said, and everything else is decided anew for each. So what others send can make this slower, and never
wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from testamur.contexts import ContextSet
from testamur.errors import Malformed, TestamurError
from testamur.jsonld.plain import stays_plain
from testamur.jsonld.shapes import Path, Shape
from testamur.jsonld.text_form import TextForm, text_form
from testamur.jsontext import Json, is_spaced, write_json

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
    """A shape and the documents it is for: those whose text differs from its sample's in the slots only."""

    shape: Shape
    outlines: TextForm
    structure: Structure
    is_plain: bool  # every document it is for is plain, whatever its ids are
    proved: int = 0

    def fill(self, text: str) -> bytes | None:
        """Return the canonical bytes of the document with this text, None for one that is not for this form."""
        values = self.outlines.values(text)
        return None if values is None else self.shape.fill(values)


@dataclass(slots=True, eq=False)
class _Template:
    """Documents of one structure: the values of those that no form wrote, and how often a form was cut of them."""

    sightings: list[list[Any]] = field(default_factory=list)
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Sighting:
    """A document that came by, and what the form that fits it wrote."""

    form: _Form | None = None
    data: bytes = b""

    @property
    def is_trusted(self) -> bool:
        """Whether ``data`` needs no other path beside it."""
        return self.form is not None and self.form.proved >= _PROBATION

    @property
    def is_plain(self) -> bool:
        """Whether the document is known to be plain without a look at it."""
        return self.form is not None and self.form.is_plain


_UNKNOWN = Sighting()


class Learning:
    """The shapes learnt for one set of contexts and one hash; the oldest structure makes room for a new one."""

    def __init__(self, digest: str, contexts: ContextSet) -> None:
        self._digest = digest
        self._contexts = contexts
        self._templates: dict[Structure, _Template] = {}
        self._forms: tuple[_Form, ...] = ()  # the one used last comes first
        self._lock = Lock()

    def look(self, document: Json, text: str = "") -> Sighting:
        """Return what is known of a document before it is walked; ``text`` is JSON that it was read from."""
        if not self._forms:
            return _UNKNOWN
        found = self._match(text) if text else _UNKNOWN
        if found.form is None and (not text or "\\" in text or is_spaced(text)):
            try:
                return self._match(write_json(document))
            except Malformed:
                return _UNKNOWN
        return found

    def learn(self, document: Json, sighting: Sighting, data: bytes) -> None:
        """Take in what plans wrote: it proves a form or disproves it, or is one more document to learn from.

        A form that wrote something else is never used again, nor any other of its structure.
        """
        if sighting.form is None:
            self._see(document)
        elif sighting.data == data:
            sighting.form.proved += 1
        else:
            with self._lock:
                self._forget(sighting.form.structure)
                self._templates[sighting.form.structure] = _Template(tries=_TRIES)

    def _match(self, text: str) -> Sighting:
        forms = self._forms
        for form in forms:
            data = form.fill(text)
            if data is not None:
                if form is not forms[0]:
                    self._bring_forward(form)
                return Sighting(form, data)
        return _UNKNOWN

    def _bring_forward(self, form: _Form) -> None:
        with self._lock:
            if form in self._forms:
                self._forms = (form, *(each for each in self._forms if each is not form))

    def _forget(self, structure: Structure) -> None:
        self._templates.pop(structure, None)
        self._forms = tuple(form for form in self._forms if form.structure != structure)

    def _see(self, document: Json) -> None:
        """Remember a document, and cut a form once there are enough."""
        found = outline(document)
        if found is None:
            return
        structure, values = found
        if sum(len(value) for value in values if type(value) is str) > _MAX_TEXT:
            return
        with self._lock:
            template = self._templates.get(structure)
            if template is None:
                if len(self._templates) >= _MAX_TEMPLATES:
                    self._forget(next(iter(self._templates)))
                template = self._templates[structure] = _Template()
            if template.tries == _TRIES:
                return
            template.sightings.append(values)
            if len(template.sightings) % _SIGHTINGS == 0:
                template.tries += 1
                form = self._form_of(document, structure, template.sightings)
                self._forms += (form,) if form else ()

    def _form_of(self, document: Json, structure: Structure, sightings: Sequence[list[Any]]) -> _Form | None:
        """Return the form of the last document: what varied and can be a slot is one."""
        from testamur.jsonld.door import canonize_by_plans
        from testamur.jsonld.shapes_cutting import cut_shape
        from testamur.jsonld.shapes_trying import check_shape

        where = paths(document)
        groups: dict[Any, list[Path]] = {}
        for path, column in zip(where, zip(*sightings, strict=True), strict=True):
            kind = type(column[0])
            if kind in (str, int, float) and len(set(column)) > 1:
                groups.setdefault((kind, column), []).append(path)
        slots = [places for places in groups.values() if self._can_vary(document, places)]
        try:
            shape = cut_shape(document, slots, self._digest, self._contexts)
            check_shape(shape, document, slots, reference=canonize_by_plans)
            return _Form(shape, text_form(document, slots), structure, stays_plain(document))
        except TestamurError:
            return None

    def _can_vary(self, document: Json, places: list[Path]) -> bool:
        """Whether the values at these places can be a slot: a type or a word of a vocabulary cannot."""
        from testamur.jsonld.shapes_cutting import cut_shape

        try:
            cut_shape(document, [places], self._digest, self._contexts)
        except TestamurError:
            return False
        return True
