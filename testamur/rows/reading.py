"""A line of a sheet read by a template: its key, its digest and its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from testamur.credentials import Template, Value, normal
from testamur.errors import RowMismatch
from testamur.spreadsheets import ERROR_COLUMN, Line, Positions, Row, named_row, row_digest

FREE = frozenset(
    {
        "holder.name", "holder.latin_name", "holder.birth_date", "holder.student_number", "holder.email",
        "award.description", "awarded", "started", "ended", "valid_until", "number", "narrative",
    }
)  # fmt: skip
"""Places that hold any text once its column's type is right; rows that differ only there are of one kind."""


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row fit to issue: ``key`` names it within its template, ``digest`` tells whether it changed.

    ``values`` is what its cells say by place, where the template has read them already.
    """

    line: int
    key: str
    digest: bytes
    cells: dict[str, str]
    values: Mapping[str, Value] | None = field(default=None, compare=False, repr=False)


class Seen(NamedTuple):
    """A row and what it says by place; ``wrong`` is every reason why it does not fit the template."""

    row: Row
    values: Mapping[str, Value]
    wrong: list[RowMismatch]
    key: str

    @property
    def digest(self) -> bytes:
        """The digest of what the row means; made when it is asked for, which is seldom while rows are checked."""
        return _digest(self.row, self.values, self.wrong)

    @property
    def checked(self) -> CheckedRow:
        """The row as it is issued."""
        return CheckedRow(
            self.row.line, self.key, self.digest, self.row.cells, None if self.wrong else self.values
        )

    @property
    def kind(self) -> tuple[object, ...]:
        """What decides whether the credential of a row keeps the rules: the places it fills, and what stands there.

        Any name and any number keep them; a language tag or a grade may not.
        """
        return tuple(
            place if place in FREE else (place, value)
            for place, value in self.values.items()
            if not place.startswith("nothing")
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """How the lines of a sheet become rows: its columns, the template, and the column that names rows.

    ``key`` is None where each whole row names itself.
    """

    positions: Positions
    template: Template
    key: str | None

    def see(self, line: Line) -> Seen:
        """A line with everything that is known of it."""
        row = named_row(self.positions, line)
        values, wrong = self.template.read(row.cells, row.line)
        if self.key is None:
            return Seen(row, values, wrong, _digest(row, values, wrong).hex())
        return Seen(row, values, wrong, normal(row.cells.get(self.key) or ""))

    def read(self, lines: Iterable[Line]) -> list[CheckedRow]:
        """The rows of these lines as they are issued."""
        return [self.see(line).checked for line in lines]


def _digest(row: Row, values: Mapping[str, object], wrong: list[RowMismatch]) -> bytes:
    """The digest of what a row means: 46206 and 2026-07-03 in a date column are one; else of its text."""
    if wrong:
        return row_digest({name: cell for name, cell in row.cells.items() if name != ERROR_COLUMN})
    return row_digest({place: str(value) for place, value in values.items()})
