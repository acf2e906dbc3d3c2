"""What was measured, as a table to read in a terminal and as one for a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.measuring import Figure
from benchmarks.own import FLOOR, PROOF

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the heads of the columns, the lines, and what must be said below."""

    title: str
    heads: Line
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """The table in columns; the first column to the left, numbers to the right."""
        widths = [max(map(len, column)) for column in zip(self.heads, *self.lines, strict=True)]
        lines = [_aligned(each, widths) for each in (self.heads, *self.lines)]
        return "\n".join(
            [self.title, *(f"  {line}" for line in lines), *(f"  ({note})" for note in self.notes)]
        )

    def markdown(self) -> str:
        """The table for a page."""
        rule = ("---", *("---:" for _ in self.heads[1:]))
        rows = [f"| {' | '.join(line)} |" for line in (self.heads, rule, *self.lines)]
        notes = [f"\n{'. '.join(self.notes)}." if self.notes else ""]
        return "\n".join([f"**{self.title}**", "", *rows, *notes]).rstrip()


def block_tables(figures: Sequence[Figure]) -> Iterable[Table]:
    """For each suite and format, who needs how long, and how often testamur's proof alone goes into it."""
    for block in dict.fromkeys(figure.block for figure in figures):
        yield _block_table(block, [figure for figure in figures if figure.block == block])


def size_table(figures: Sequence[Figure]) -> Table:
    """Sizes down, ways across."""
    ways = list(dict.fromkeys((figure.name, figure.act) for figure in figures))
    heads = ("document", *(f"{name} {act}" if "PyLD" not in name else name for name, act in ways))
    lines = []
    for block in dict.fromkeys(figure.block for figure in figures):
        own = {(figure.name, figure.act): figure.median for figure in figures if figure.block == block}
        lines.append((block, *(_number(own[way]) for way in ways)))
    return Table("Cost against size, proof alone (median µs)", heads, tuple(lines))


def ratio(figures: Sequence[Figure], block: str, over: str, under: str, act: str) -> float | None:
    """How many times the median of one goes into that of another; None where one was not measured."""
    found = {figure.name: figure.median for figure in figures if (figure.block, figure.act) == (block, act)}
    return found[over] / found[under] if over in found and under in found else None


def _block_table(block: str, figures: Sequence[Figure]) -> Table:
    lines, notes = [], []
    derives = ("derive",) if any(figure.act == "derive" for figure in figures) else ()
    acts = ("create", *derives, "verify")
    for name in dict.fromkeys(figure.name for figure in figures):
        cells = [name]
        for act in acts:
            found = [figure for figure in figures if (figure.name, figure.act) == (name, act)]
            cells += _cells(found[0], ratio(figures, block, name, PROOF, act)) if found else ["–"] * 3
        lines.append(tuple(cells))
        said = {figure.note: None for figure in figures if figure.name == name and figure.note}
        notes += [f"{name}: {note}" for note in said]
    heads = ("median µs", *(head for act in acts for head in (act, "p95", "ratio")))
    return Table(f"{block}", heads, tuple(sorted(lines, key=_rank)), tuple(notes))


def _cells(figure: Figure, times: float | None) -> list[str]:
    return [_number(figure.median), _number(figure.p95), f"{times:.2f}" if times else "–"]


def _rank(line: Line) -> int:
    return 0 if line[0] == FLOOR else 1 if line[0].startswith("testamur") else 2


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _aligned(line: Line, widths: Sequence[int]) -> str:
    first, *others = line
    return "  ".join(
        [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
    )
