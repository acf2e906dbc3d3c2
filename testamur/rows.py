"""All rows of a sheet held against a template before any is signed.

Two passes over the file: the first keeps a digest for each row, the second gives the rows to issue,
so a million rows need some hundred megabytes and not their text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from testamur.credentials import Template, normal, remarks, script_of
from testamur.errors import OperatorError, RowMismatch
from testamur.spreadsheets import ERROR_COLUMN, Row, Sheet, row_digest

MAX_PROBLEMS = 100_000


class Severity(StrEnum):
    """An error keeps the whole sheet from being issued; a warning asks somebody to look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Something about one row: where, what, and how bad; ``column`` is "" for the row as a whole."""

    line: int
    column: str
    reason: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        where = f"row {self.line}, column {self.column}" if self.column else f"row {self.line}"
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row fit to issue: ``key`` names it within its template, ``digest`` tells whether it changed."""

    line: int
    key: str
    digest: bytes
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the first pass found: the problems, and which lines repeat an earlier one."""

    sheet: Sheet
    template: Template
    key: str | None
    problems: tuple[RowProblem, ...]
    repeated: Mapping[int, int]
    count: int

    @property
    def errors(self) -> tuple[RowProblem, ...]:
        """The problems that keep the sheet from being issued."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[RowProblem, ...]:
        """The problems that somebody should look at."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.WARNING)

    @property
    def error_column(self) -> dict[int, str]:
        """By line what to write beside the row when the sheet is given back."""
        said: dict[int, list[str]] = {}
        for problem in self.problems:
            where = f"{problem.column}: " if problem.column else ""
            mark = "" if problem.severity is Severity.ERROR else "(please look) "
            said.setdefault(problem.line, []).append(f"{mark}{where}{problem.reason}")
        return {line: "; ".join(reasons) for line, reasons in said.items()}

    def rows(self) -> Iterator[CheckedRow]:
        """The rows to issue, each once, in the order of the sheet; there are ``count`` of them."""
        for row in self.sheet.rows():
            if row.line not in self.repeated:
                digest = _digest(row, *self.template.read(row.cells, row.line))
                yield CheckedRow(row.line, _key(row, self.key, digest), digest, row.cells)


def check_rows(sheet: Sheet, template: Template, *, key: str | None) -> Checked:
    """Every problem of every row; ``key`` is the column that names rows, None where the row names itself.

    A row that repeats another is named once and issued once, except where rows name themselves; two
    different rows with one key are an error.
    """
    named = sheet.renamed(column.name for column in template.columns)
    if key is not None:
        key = _column_called(named, key)
    problems = _check_columns(named, template)
    seen: dict[bytes, bytes] = {}
    repeated: dict[int, int] = {}
    count = 0
    for row in named.rows():
        values, wrong = template.read(row.cells, row.line)
        problems += _check_row(row, wrong, template)
        problem = _note(row, key, _digest(row, values, wrong), seen, repeated)
        problems += [problem] if problem else []
        count += row.line not in repeated
        if len(problems) > MAX_PROBLEMS:
            problems.append(
                RowProblem(row.line, "", "there are too many problems; the rows below were not read")
            )
            break
    return Checked(named, template, key, tuple(problems), repeated, count)


def _column_called(sheet: Sheet, key: str) -> str:
    """The sheet's own spelling of the key column's name."""
    for own, asked in zip(sheet.columns, sheet.renamed([key]).columns, strict=True):
        if asked == key:
            return own
    raise OperatorError(f"the sheet has no column {key!r:.60}", hint=f"it has {', '.join(sheet.columns)}")


def _check_columns(sheet: Sheet, template: Template) -> list[RowProblem]:
    known = {column.name for column in template.columns}
    missing = [
        RowProblem(sheet.header_line, column.name, "the sheet has no such column")
        for column in template.columns
        if column.required and column.name not in sheet.columns
    ]
    return missing + [
        RowProblem(
            sheet.header_line, name, "the template has no such column; it is not used", Severity.WARNING
        )
        for name in sheet.columns
        if name not in known and name != ERROR_COLUMN
    ]


def _check_row(row: Row, wrong: list[RowMismatch], template: Template) -> list[RowProblem]:
    present = [error for error in wrong if not error.column or error.column in row.cells]
    found = [RowProblem(row.line, error.column, error.reason) for error in present]
    if row.stray:
        found.append(RowProblem(row.line, "", f"{row.stray!r:.40} stands under no heading"))
    for column in template.columns:
        if column.goes_to in ("holder.name", "holder.latin_name"):
            found += _remarks(row, column.name, latin=column.goes_to == "holder.latin_name")
    return found


def _remarks(row: Row, name: str, *, latin: bool) -> list[RowProblem]:
    text = row.cells.get(name) or ""
    said = remarks(text)
    strangers = {script_of(letter) for letter in text} - {"", "LATIN"} if latin and not said else set()
    if strangers:
        said.append(f"{text!r:.60} is not in Latin letters")
    return [RowProblem(row.line, name, reason, Severity.WARNING) for reason in said]


def _note(
    row: Row, key: str | None, digest: bytes, seen: dict[bytes, bytes], repeated: dict[int, int]
) -> RowProblem | None:
    """Remember a row by its key; say so where it has none, or where the key was there before."""
    name = _key(row, key, digest)
    if not name:
        return RowProblem(row.line, key or "", "this must not be empty: it is the key that names the row")
    place = sha256(name.encode("utf-8", "surrogatepass")).digest()[:16]
    mark = digest[:16] + row.line.to_bytes(4, "big")
    before = seen.setdefault(place, mark)
    if before is mark:
        return None
    first = int.from_bytes(before[16:], "big")
    if before[:16] != mark[:16]:
        return RowProblem(
            row.line, "", f"its key {name!r:.60} is also that of row {first}, which says something else"
        )
    if key is None:
        return RowProblem(row.line, "", f"it is the same as row {first}, and no column tells the two apart")
    repeated[row.line] = first
    return RowProblem(row.line, "", f"it is the same as row {first}; one record is issued", Severity.WARNING)


def _key(row: Row, key: str | None, digest: bytes) -> str:
    """What names a row: the normal text of its key column, or the digest of all it says."""
    return digest.hex() if key is None else normal(row.cells.get(key) or "")


def _digest(row: Row, values: Mapping[str, object], wrong: list[RowMismatch]) -> bytes:
    """The digest of what a row means: 46206 and 2026-07-03 in a date column are one; else of its text."""
    if wrong:
        return row_digest({name: cell for name, cell in row.cells.items() if name != ERROR_COLUMN})
    return row_digest({place: str(value) for place, value in values.items()})
