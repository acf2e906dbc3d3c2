"""Which cells are not told: small ones, and as many others as keep anybody from working the small ones out.

Primary suppression hides counts from 1 to below the threshold. Then whoever knows all that is told is
played: for each small cell, the least and the most it can be (linear programming over every combination
of categories). Where that leaves less room than the threshold, one more cell beside it is hidden, and
the whole is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable

from testamur.errors import OperatorError
from testamur.issuer.figures.bounds import Bounds
from testamur.issuer.figures.tables import Cell, Figures, Tables

THRESHOLD = 5
_ROUNDS = 10_000


def publishable(tables: Tables, *, threshold: int = THRESHOLD) -> Figures:
    """What of these tables can be told; with fewer records in all than the threshold, nothing."""
    if threshold < 2:
        raise OperatorError("a threshold below 2 hides nobody", hint="5 and 10 are usual")
    small = {cell for cell, count in tables.counts.items() if 0 < count < threshold}
    if tables.counts[()] < threshold:
        return Figures(tables, frozenset(tables.counts), threshold)
    hidden, bounds = set(small), Bounds(tables)
    bounds.hide(hidden)
    for _ in range(_ROUNDS):
        open_ones = [cell for cell in sorted(small) if not is_safe(bounds.of(cell), threshold)]
        if not open_ones:
            return Figures(tables, frozenset(hidden), threshold)
        more = {found for cell in open_ones if (found := _beside(tables, hidden, cell)) is not None}
        if not more:
            break
        hidden |= more
        bounds.hide(more)
    return Figures(tables, frozenset(tables.counts), threshold)


def is_safe(bounds: tuple[int, int], threshold: int) -> bool:
    """Whether a small cell could as well be one that is not small, and its bounds are as far apart as the threshold."""
    low, high = bounds
    return high >= threshold and high - low >= threshold


def _beside(tables: Tables, hidden: set[Cell], cell: Cell) -> Cell | None:
    """The cell to hide next: the smallest that shares a category, in the same table before totals and other tables."""
    best: tuple[tuple[int, int, Cell], Cell] | None = None
    for other in _candidates(tables, cell):
        count = tables.counts[other]
        if other in hidden or not count:
            continue
        rank = (_distance(cell, other), count, other)
        if best is None or rank < best[0]:
            best = (rank, other)
    return best[1] if best else None


def _candidates(tables: Tables, cell: Cell) -> Iterable[Cell]:
    """Every cell but the total of all, which is always told."""
    return (other for other in tables.counts if other and other != cell)


def _distance(cell: Cell, other: Cell) -> int:
    same_table = [name for name, _ in cell] == [name for name, _ in other]
    shared = bool(set(cell) & set(other))
    if same_table and (shared or len(cell) == 1):
        return 0
    if shared:
        return 1 if len(other) == len(cell) else 2
    return 3 if same_table else 4
