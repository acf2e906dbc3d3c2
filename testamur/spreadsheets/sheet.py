"""A sheet: named columns and rows by line, whatever kind of file they stand in.

A sheet is read anew for each pass, so a million rows of CSV take no memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

from testamur.canonical import jcs
from testamur.credentials import normal
from testamur.errors import OperatorError
from testamur.spreadsheets.csv_files import CsvFile
from testamur.spreadsheets.xlsx_files import XlsxFile

MAX_BYTES = 2_000_000_000
MAX_COLUMNS = 500
ERROR_COLUMN = "error"

Line = tuple[int, list[str]]
"""A row as the file has it: its number as a spreadsheet shows it, and its cells from left to right."""

Positions = tuple[tuple[str, int], ...]
"""The named columns from left to right, each with its place among the cells of a line."""

_LOOSE = re.compile(r"[\s_\-]+")


class FileRows(Protocol):
    """Rows that can be read as often as needed."""

    @property
    def path(self) -> Path:
        """The file they stand in."""
        ...

    def rows(self) -> Iterator[list[str]]:
        """Every row as text, the blank ones too."""
        ...

    def digest(self) -> bytes:
        """A SHA-256 of what is read, as it is now."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it, its cells by column, and text beyond the columns."""

    line: int
    cells: dict[str, str]
    stray: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's columns, each with its position; the rows are read from the file when they are asked for."""

    file: FileRows
    positions: Positions
    header_line: int

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns from left to right."""
        return tuple(name for name, _ in self.positions)

    def rows(self) -> Iterator[Row]:
        """Every row that is not blank, from the file's beginning."""
        return (named_row(self.positions, line) for line in self.lines())

    def lines(self) -> Iterator[Line]:
        """The same rows as the file has them, which is little work."""
        for line, cells in enumerate(self.file.rows(), 1):
            if line > self.header_line and any(map(str.strip, cells)):
                yield line, cells

    def digest(self) -> bytes:
        """A SHA-256 of what is read, as it is now."""
        return self.file.digest()

    def renamed(self, names: Iterable[str]) -> Sheet:
        """The sheet with its columns called as ``names`` spell them: case, blanks, "-" and "_" do not matter."""
        known = {_loose(name): name for name in names}
        positions = tuple((known.get(_loose(name), name), at) for name, at in self.positions)
        return Sheet(self.file, positions, self.header_line)


def read_rows(path: Path | str) -> Sheet:
    """The sheet of a CSV or XLSX file; raises OperatorError where there is none."""
    path = Path(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise OperatorError(f"cannot read {path}: {error.strerror}") from None
    if size > MAX_BYTES:
        raise OperatorError(f"{path} is larger than {MAX_BYTES} bytes", hint="divide it into several files")
    zipped = head.startswith(b"PK\x03\x04")
    return _with_columns(XlsxFile.recognise(path) if zipped else CsvFile.recognise(path, head))


def named_row(positions: Positions, line: Line) -> Row:
    """The cells of a line under the names of their columns."""
    number, cells = line
    if len(cells) == len(positions) == positions[-1][1] + 1:  # as in most files: each cell has a column
        return Row(number, {name: cell for (name, _), cell in zip(positions, cells, strict=True)})
    named = {position for _, position in positions}
    found = {name: cells[at] if at < len(cells) else "" for name, at in positions}
    stray = next((cell for at, cell in enumerate(cells) if cell.strip() and at not in named), "")
    return Row(number, found, stray)


def row_digest(cells: Mapping[str, str]) -> bytes:
    """SHA-256 of what a row says: columns in any order, blanks at the ends and empty cells left out."""
    said = {name: text for name, cell in cells.items() if (text := normal(cell))}
    return sha256(jcs(said)).digest()


def write_with_errors(sheet: Sheet, target: Path, errors: Mapping[int, str]) -> None:
    """Give a spreadsheet back in its own kind with a column ``error``: by line, what is wrong with the row.

    An ``error`` column of an earlier time is written anew.
    """
    if isinstance(sheet.file, XlsxFile):
        sheet.file.write(target, _annotated(sheet, sheet.file.values(), errors))
    elif isinstance(sheet.file, CsvFile):
        sheet.file.write(target, _annotated(sheet, sheet.file.rows(), errors))


def _annotated(sheet: Sheet, rows: Iterator[list[Any]], errors: Mapping[int, str]) -> Iterator[list[Any]]:
    old = next((at for name, at in sheet.positions if _loose(name) == ERROR_COLUMN), None)
    place = old if old is not None else max((at for _, at in sheet.positions), default=-1) + 1
    for line, cells in enumerate(rows, 1):
        error = ERROR_COLUMN if line == sheet.header_line else errors.get(line, "")
        before = list(islice(chain(cells, [""] * place), place))
        yield [*before, error, *(cells[place + 1 :] if old is not None else cells[place:])]


def _with_columns(file: FileRows) -> Sheet:
    header = ((line, cells) for line, cells in enumerate(file.rows(), 1) if any(map(str.strip, cells)))
    line, cells = next(header, (0, []))
    if not line:
        raise OperatorError(f"{file.path} is empty", hint="the first row holds the names of the columns")
    if len(cells) > MAX_COLUMNS and any(cell.strip() for cell in cells[MAX_COLUMNS:]):
        raise OperatorError(f"{file.path} has more than {MAX_COLUMNS} columns")
    positions = tuple((name, at) for at, cell in enumerate(cells) if (name := normal(cell)))
    seen: set[str] = set()
    for name, _ in positions:
        if _loose(name) in seen:
            raise OperatorError(
                f"{file.path} has two columns {name!r:.60}", hint="rename or delete one of them"
            )
        seen.add(_loose(name))
    return Sheet(file, positions, line)


def _loose(name: str) -> str:
    return _LOOSE.sub("_", normal(name)).casefold()
