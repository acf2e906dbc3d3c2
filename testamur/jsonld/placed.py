"""The statements of a document with their places in it, so that some can be chosen by JSON pointer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from testamur.jsonld.nquads import Statement, Term
from testamur.jsonld.shapes import Path

Said = tuple[Term, str, Term, Path]
"""Subject, `` <predicate> ``, object, and the member (and place in a list) that says it; of a type, its node."""

Way = dict[str | int | None, Any]
"""Pointers step by step, each step with those after it; None where a pointer ends."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement by the labels its blank nodes were given, and every place that says it."""

    line: str
    statement: Statement
    places: tuple[Path, ...]

    def is_at(self, way: Way) -> bool:
        """Whether a selection shows it (VC-DI-ECDSA §3.4.11): all below its pointers, and the way there."""
        return any(_meets(place, way) for place in self.places)


@dataclass(frozen=True, slots=True)
class Traced:
    """What a document says, statement by statement."""

    labels: tuple[str, ...]  # the canonical label of each blank node, "c14n0"
    said: tuple[Said, ...]
    whole: frozenset[Path]  # ordered lists, JSON literals and value objects, which cannot be shown in part

    def placed(self, names: Sequence[str]) -> list[Placed]:
        """The distinct statements in the order of their lines, blank nodes under these names ("_:b0")."""
        found: dict[str, tuple[Statement, list[Path]]] = {}
        for subject, middle, target, path in self.said:
            head = names[subject] if type(subject) is int else subject
            tail = names[target] if type(target) is int else target
            statement: Statement = (subject, middle.strip(), target, "")
            found.setdefault(f"{head}{middle}{tail} .\n", (statement, []))[1].append(path)
        return [Placed(line, *found[line][:1], tuple(found[line][1])) for line in sorted(found)]


def way_of(pointers: Iterable[Path]) -> Way:
    """Where these pointers lead."""
    root: Way = {}
    for pointer in pointers:
        way = root
        for step in pointer:
            way = way.setdefault(step, {})
        way[None] = {}
    return root


def _meets(place: Path, way: Way) -> bool:
    """Whether a place is at the end of one of the pointers, below it, or on the way there."""
    for step in place:
        if None in way:
            return True
        found = way.get(step)
        if found is None:
            return False
        way = found
    return True
