"""Learning the skeleton of like rows: the template is tried with marks in the place of a row's sources.

Two documents with different marks show where each source goes and what is the same in both. A string that
differs and shows no mark is computed by the template; changing one source at a time tells from which.
"""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from testamur.cohort.making import Making
from testamur.cohort.proving import prove, with_values
from testamur.cohort.skeleton import RECORD, Computed, Skeleton
from testamur.credentials import facts
from testamur.errors import Unsupported
from testamur.jsonld import Path, Value, shape_of
from testamur.jsontext import Json, write_json
from testamur.stencils import Piece, Stencil, pieces

_FIRST_DAY = date(1860, 1, 1)
_DAYS = 60_000

Pieces = tuple[Piece, ...]


def learn(making: Making, sources: Sequence[Value], digest: str) -> Skeleton:
    """The skeleton of the rows like the one with these sources, of which a record was made the ordinary way.

    Raises Unsupported where they have none, and what ``shape_of`` raises.
    """
    sample = making.document(sources)
    places = _Learning(making, sources).places(sample)
    full, paper = places.stencils(making, sample)
    urls, proven = prove(making, sample, places.checked())
    return Skeleton(
        composed=tuple(map(Stencil, places.composed)),
        computed=places.computed,
        full=full,
        paper=paper,
        shape=shape_of(sample, list(places.paths.values()), digest=digest),
        slots=tuple(places.paths),
        numbers=tuple((slot, value) for slot, value in enumerate(places.paths) if value in places.numbers),
        columns=places.columns,
        urls=urls,
        proven=proven,
    )


class Marks:
    """Values of the kinds of a row's sources that stand in no document by chance; equal ones stay equal."""

    def __init__(self, making: Making, sources: Sequence[Value]) -> None:
        days = {column.place for column in making.template.columns if column.type == "date"}
        self.values: list[Value] = []
        for number, (value, place) in enumerate(zip(sources, making.named, strict=True)):
            before = sources.index(value, making.first_value) if place else number
            self.values.append(self.values[before] if before < number else _mark(value, day=place in days))
        self.first = {str(mark): self.values.index(mark) for mark in self.values if mark}
        self.pattern = re.compile("|".join(sorted(map(re.escape, self.first), key=len, reverse=True)))

    def cut(self, text: str) -> Pieces:
        """The text cut where sources stand in it."""
        return pieces(text, self.pattern, lambda mark: self.first[mark[0]])

    def with_one_of(self, number: int, other: Marks) -> list[Value]:
        """These marks with one, and those equal to it, from other ones."""
        mark = self.values[number]
        return [new if old == mark else old for old, new in zip(self.values, other.values, strict=True)]


def _mark(value: Value, *, day: bool) -> Value:
    if not value:
        return value  # templates leave out a zero in places, so a zero is like no other number
    if type(value) is int:
        return secrets.randbelow(9 * 10**9) + 10**9
    if type(value) is float:
        return secrets.randbelow(9 * 10**9) + 10**9 + 0.5
    if day:
        return (_FIRST_DAY + timedelta(days=secrets.randbelow(_DAYS))).isoformat()
    return f"m{secrets.token_hex(8)}m"


@dataclass(frozen=True, slots=True)
class Places:
    """Where each value stands. Values are numbered: the sources, the composed, then the computed ones."""

    paths: dict[int, list[Path]]
    composed: tuple[Pieces, ...]
    computed: tuple[Computed, ...]
    numbers: frozenset[int]
    columns: tuple[Stencil, ...]
    own: frozenset[int]  # values of our own making: UUIDs, slots, digests salted with the UUID

    def checked(self) -> dict[int, list[Path]]:
        """The places of what cells say."""
        return {value: paths for value, paths in self.paths.items() if value not in self.own}

    def stencils(self, making: Making, document: Json) -> tuple[Stencil, Stencil]:
        """The compact JSON of a document, and of its extract for paper, with holes for values."""
        name = f"m{secrets.token_hex(8)}"
        marks = {value: f"{name}{'n' if value in self.numbers else 't'}{value}m" for value in self.paths}
        marked = with_values(
            document, {path: marks[value] for value, paths in self.paths.items() for path in paths}
        )
        mark = re.compile(rf'"{name}n(\d+)m"|{name}t(\d+)m')  # strings keep their quotes
        texts = write_json(marked), write_json(making.paper(marked))
        full, paper = (Stencil(pieces(text, mark, lambda m: int(m[1] or m[2]))) for text in texts)
        return full, paper


class _Learning:
    """Two documents with different marks, which tell what a sample is made of."""

    def __init__(self, making: Making, sources: Sequence[Value]) -> None:
        self.making = making
        self.count = len(sources)
        self.marks = Marks(making, sources), Marks(making, sources)
        self.documents = [making.document(marks.values) for marks in self.marks]
        one, other = (dict(leaves(document)) for document in self.documents)
        if list(one) != list(other):
            raise Unsupported("rows with the same cells filled make different documents")
        self.leaves = {path: (one[path], other[path]) for path in one}

    def places(self, sample: Json) -> Places:
        """Where each value stands; raises Unsupported where that cannot be told."""
        if [path for path, _ in leaves(sample)] != list(self.leaves):
            raise Unsupported("a document with marks is not like the sample")
        cut = {path: self.cut(*pair) for path, pair in self.leaves.items() if pair[0] != pair[1]}
        composed = tuple(dict.fromkeys(parts for parts in cut.values() if len(parts) > 1))
        computed = self.computed([path for path, parts in cut.items() if not parts])
        numbers: dict[Any, int] = {(source,): source for source in range(self.count)}
        for new in (*composed, *((path,) for one in computed for path in one.paths)):
            numbers[new] = len(numbers)
        paths: defaultdict[int, list[Path]] = defaultdict(list)
        for path, parts in cut.items():
            paths[numbers[parts or (self.alike(path, computed),)]].append(path)
        first = self.making.first_value
        return Places(
            paths=dict(paths),
            composed=composed,
            computed=computed,
            numbers=frozenset(number for number in paths if self.is_number(paths[number][0])),
            columns=self.columns(),
            own=frozenset(range(first))
            | {numbers[parts] for parts in composed if is_below(parts, first)}
            | {numbers[path,] for one in computed if RECORD in one.needs for path in one.paths},
        )

    def cut(self, one: Any, other: Any) -> Pieces:
        """What a leaf that differs is made of, nothing for what is computed; raises Unsupported."""
        if isinstance(one, str) and isinstance(other, str):
            parts = self.marks[0].cut(one)
            return parts if parts == self.marks[1].cut(other) else ()
        for source, marks in enumerate(zip(*(marks.values for marks in self.marks), strict=True)):
            if marks == (one, other):
                return (source,)
        raise Unsupported("a number that the template computes")

    def computed(self, paths: Sequence[Path]) -> tuple[Computed, ...]:
        """What is computed from which sources; of paths that always show the same, the first one."""
        distinct = {self.leaves[path]: path for path in reversed(paths)}.values()
        needs: dict[Path, list[int]] = {path: [] for path in paths if path in distinct}
        for source in sorted(set(self.marks[0].first.values())) if needs else ():
            changed = dict(leaves(self.making.document(self.marks[0].with_one_of(source, self.marks[1]))))
            for path, found in needs.items():
                if changed.get(path) != self.leaves[path][0]:
                    found.append(source)
        groups: defaultdict[tuple[int, ...], list[Path]] = defaultdict(list)
        for path, found in needs.items():
            groups[tuple(found)].append(path)
        return tuple(Computed(sources, tuple(found)) for sources, found in groups.items())

    def alike(self, path: Path, computed: Sequence[Computed]) -> Path:
        """The path among the computed ones that always shows the same."""
        known = [each for one in computed for each in one.paths]
        return next(each for each in known if self.leaves[each] == self.leaves[path])

    def columns(self) -> tuple[Stencil, ...]:
        """How the ledger's own columns are made of the sources; which name comes first depends on the names."""
        one, other = (facts(document) for document in self.documents)
        columns = [self.column(getattr(one, name), getattr(other, name)) for name in ("award", "number")]
        swapped = not self.column(one.holder, other.holder)
        names = (other.holder_latin, other.holder) if swapped else (other.holder, other.holder_latin)
        columns += [self.column(one.holder, names[0]), self.column(one.holder_latin, names[1])]
        if not all(columns):
            raise Unsupported("a fact that the template computes")
        return tuple(map(Stencil, columns))

    def column(self, one: str, other: str) -> Pieces:
        """What a fact is made of, nothing where the two documents do not tell."""
        return (one,) if one == other else self.cut(one, other)

    def is_number(self, path: Path) -> bool:
        """Whether a number stands there."""
        return not isinstance(self.leaves[path][0], str)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything in a document that is neither object nor list, with its path."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from leaves(item, (*path, place))
    else:
        yield path, value


def is_below(parts: Pieces, limit: int) -> bool:
    """Whether only the first sources stand in a text."""
    return all(part < limit for part in parts if isinstance(part, int))
