"""A skeleton: all that the records of like rows have in common, as texts with holes.

What a row puts into its record is its *sources*: the record's UUID, the numbers of its status slots, the
values of its cells. Every string and number of the document is constant, a source, *composed* of sources
(an address of a status list), or *computed* from some of them by the template (an identifier, a digest,
a last day). ``learning`` finds out which is which.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from testamur.credentials import in_order, is_url
from testamur.jsonld import Path, Shape, Value
from testamur.jsontext import Json, write_json
from testamur.stencils import Stencil

_ORDINARY = re.compile(r'[^"\\\x00-\x1f]*').fullmatch
_MAX_REMEMBERED = 4_000
RECORD = 0
"""The source that is new in each record: its UUID."""

Document = Callable[[Sequence[Value]], Json]
"""Makes the document of a row's sources the ordinary way."""


class Printed(NamedTuple):
    """What is signed and kept of one row, before it is signed."""

    full: str
    canonical: bytes
    paper: str
    columns: tuple[str, str, str, str]  # holder, holder_latin, award, number


@dataclass(frozen=True, slots=True)
class Computed:
    """Strings that the template computes from the same sources: looked up, or taken from a document made for it."""

    needs: tuple[int, ...]
    paths: tuple[Path, ...]
    known: dict[tuple[Value, ...], list[str]] = field(default_factory=dict, repr=False)

    def texts(self, sources: Sequence[Value], document: Document) -> list[str]:
        """The strings of a row."""
        key = tuple([sources[source] for source in self.needs])
        found = self.known.get(key)
        if found is None:
            made = document(sources)
            found = [at_path(made, path) for path in self.paths]
            if RECORD not in self.needs:
                if len(self.known) >= _MAX_REMEMBERED:
                    self.known.clear()
                self.known[key] = found
        return found


@dataclass(frozen=True, slots=True)
class Proven:
    """A string or number that the rules do not leave free: the values of it that they were seen to accept."""

    value: int
    accepted: set[str] = field(default_factory=set, repr=False)

    def accept(self, texts: Sequence[str]) -> None:
        """Remember what stands in a record that was made the ordinary way."""
        if len(self.accepted) >= _MAX_REMEMBERED:
            self.accepted.clear()
        self.accepted.add(texts[self.value])


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What like rows have in common. Values are numbered: the sources, the composed, then the computed ones."""

    composed: tuple[Stencil, ...]
    computed: tuple[Computed, ...]
    full: Stencil
    paper: Stencil
    shape: Shape
    slots: tuple[int, ...]  # the value in each slot of the shape
    numbers: tuple[tuple[int, int], ...]  # the slots for numbers, and the source of each
    columns: tuple[Stencil, ...]  # award, number, and the one or two names of the holder
    urls: tuple[int, ...]  # the values of which the rules want only that they are URLs
    proven: tuple[Proven, ...]
    pick: Callable[[Sequence[str]], tuple[str, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        picked = itemgetter(*self.slots, *self.slots[:1])  # one more, so that it is a tuple even for one
        object.__setattr__(self, "pick", picked)

    def texts(self, sources: Sequence[Value], document: Document) -> list[str]:
        """Every value of a row as text."""
        found = [*map(str, sources)]
        found += [stencil.fill(sources) for stencil in self.composed]
        for computed in self.computed:
            found += computed.texts(sources, document)
        return found

    def allows(self, texts: Sequence[str]) -> bool:
        """Whether the rules for records accept these values, as far as that was seen before."""
        return all(texts[one.value] in one.accepted for one in self.proven) and all(
            is_url(texts[value]) for value in self.urls
        )

    def accept(self, texts: Sequence[str]) -> None:
        """Remember that a record with these values was made the ordinary way."""
        for one in self.proven:
            one.accept(texts)

    def print(self, sources: Sequence[Value], texts: list[str]) -> Printed | None:
        """What is signed and kept of a row, or None where its canonical form has to be made the ordinary way."""
        values: list[Any] = list(self.pick(texts)[:-1])
        for slot, source in self.numbers:
            values[slot] = sources[source]
        canonical = self.shape.fill(values)
        if canonical is None:
            return None
        written = texts if _ORDINARY("".join(texts)) else [write_json(text)[1:-1] for text in texts]
        award, number, *names = [column.fill(texts) for column in self.columns]
        columns = (*in_order(names), award, number)
        return Printed(self.full.fill(written), canonical, self.paper.fill(written), columns)


def at_path(document: Json, path: Path) -> Any:
    """What stands at a path."""
    found: Any = document
    for step in path:
        found = found[step]
    return found
