"""A OneRoster that was read, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LINE = ""
"""Under this name a record has the number of its row."""

Record = Mapping[str, str]
"""A row by the names of its columns."""


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """What is wrong: in which file, row (the header is row 1) and column; 0 and "" where it is the whole of it."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        """``users.csv, row 3, givenName: this must not be empty``."""
        where = [self.file] if self.file else []
        where += [f"row {self.line}"] if self.line else []
        where += [self.column] if self.column else []
        return f"{', '.join(where)}: {self.reason}" if where else self.reason


@dataclass(frozen=True, slots=True)
class Roster:
    """The records of each file by their sourcedId, in the order of the file; passwords are not among them."""

    path: Path
    digest: bytes
    files: Mapping[str, Mapping[str, Record]]
    system: str = ""  # source.systemName of the manifest
    problems: tuple[RosterProblem, ...] = field(default=())

    def rows(self, name: str) -> Mapping[str, Record]:
        """The records of a file, none where it is absent."""
        return self.files.get(name, {})
