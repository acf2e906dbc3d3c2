"""The statements of a document with their places in it, so that some can be chosen by JSON pointer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from testamur.jsonld.nquads import Statement, Term
from testamur.jsonld.shapes import Path

Said = tuple[Term, str, Term, Path]
"""Subject, `` <predicate> ``, object, and the member (and place in a list) that says it; of a type, its node."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement by the labels its blank nodes were given, and every place that says it."""

    line: str
    statement: Statement
    places: tuple[Path, ...]

    def is_at(self, pointers: Iterable[Path]) -> bool:
        """Whether a selection by these pointers shows it (VC-DI-ECDSA §3.4.11): all below, and the way there."""
        return any(_meet(place, pointer) for place in self.places for pointer in pointers)


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


def _meet(place: Path, pointer: Path) -> bool:
    """Whether one of two paths leads to the other."""
    length = min(len(place), len(pointer))
    return place[:length] == pointer[:length]
