"""The tables of a year: counts by one and by two dimensions, with their totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from testamur.errors import OperatorError
from testamur.issuer.figures.counting import Fact

DIMENSIONS = ("programme", "level", "sex", "district")
PAIRS = (
    ("programme", "sex"), ("level", "sex"), ("district", "sex"), ("programme", "district"),
    ("level", "district"),
)  # fmt: skip
MOST = 40_000
"""Combinations of all categories of a year that are looked at together."""

Cell = tuple[tuple[str, str], ...]
"""A cell by its categories: () is the total, (("sex", "female"),) a margin."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The counts of a year, and of which combinations of categories each of them is the sum."""

    year: int
    dimensions: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    base: tuple[tuple[str, ...], ...]  # a category for each dimension
    counts: dict[Cell, int]
    parts: dict[Cell, tuple[int, ...]]  # the numbers of the combinations in ``base``

    @property
    def cells(self) -> Sequence[Cell]:
        """Every cell that could be told, totals first."""
        return sorted(self.counts, key=lambda cell: (len(cell), cell))


@dataclass(frozen=True, slots=True)
class Figures:
    """What of a year's tables is told; ``hidden`` cells are suppressed, the small ones and those that would tell of them."""

    tables: Tables
    hidden: frozenset[Cell]
    threshold: int

    def told(self, cell: Cell) -> int | None:
        """The count of a cell, None where it is suppressed."""
        return None if cell in self.hidden else self.tables.counts[cell]


def tables_of(facts: Iterable[Fact], year: int) -> Tables:
    """The tables of one year; dimensions of which only one category is known are left out.

    Raises OperatorError where there are too many categories to be looked at together.
    """
    mine = [fact for fact in facts if fact.year == year]
    values = {name: sorted({getattr(fact, name) for fact in mine}) for name in DIMENSIONS}
    names = tuple(name for name in DIMENSIONS if len(values[name]) > 1)
    base = _base(mine, names, values)
    if len(base) > MOST:
        raise OperatorError(
            f"{len(base):,} combinations of categories are more than {MOST:,}",
            hint="tell less at a time: leave out a column, or bring programmes together",
        )
    number = {combination: at for at, combination in enumerate(base)}
    held = Counter(number[tuple(getattr(fact, name) for name in names)] for fact in mine)
    pairs = tuple(pair for pair in PAIRS if set(pair) <= set(names))
    parts = _parts(names, pairs, base)
    counts = {cell: sum(held[at] for at in inside) for cell, inside in parts.items()}
    return Tables(year, names, pairs, base, counts, parts)


def _base(
    mine: Sequence[Fact], names: tuple[str, ...], values: dict[str, list[str]]
) -> tuple[tuple[str, ...], ...]:
    """Every combination of categories that could be; where a programme has one level only, everybody knows which."""
    levels: dict[str, set[str]] = {}
    for fact in mine:
        levels.setdefault(fact.programme, set()).add(fact.level)
    fixed = {"programme", "level"} <= set(names) and all(len(found) == 1 for found in levels.values())
    combinations = product(*(values[name] for name in names))
    if not fixed:
        return tuple(combinations)
    p, q = names.index("programme"), names.index("level")
    return tuple(one for one in combinations if one[q] in levels[one[p]])


def _parts(
    names: tuple[str, ...], pairs: tuple[tuple[str, str], ...], base: tuple[tuple[str, ...], ...]
) -> dict[Cell, tuple[int, ...]]:
    inside: dict[Cell, list[int]] = {(): list(range(len(base)))}
    for at, combination in enumerate(base):
        said = dict(zip(names, combination, strict=True))
        for group in (*((name,) for name in names), *pairs):
            inside.setdefault(tuple((name, said[name]) for name in group), []).append(at)
    return {cell: tuple(numbers) for cell, numbers in inside.items()}
