"""What is wrong with a row, or looks wrong: named by line and column for the person who can put it right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from testamur.credentials import COURSES, Template, remarks, script_of
from testamur.errors import RowMismatch
from testamur.spreadsheets import ERROR_COLUMN, Row, Sheet
from testamur.words import say


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


def check_columns(sheet: Sheet, template: Template) -> list[RowProblem]:
    """The columns that are missing, and those that are not used."""
    known = {column.name for column in template.columns} | ({COURSES} if template.courses else set())
    missing = [
        RowProblem(sheet.header_line, column.name, say("the sheet has no such column"))
        for column in template.columns
        if column.required and column.name not in sheet.columns
    ]
    return missing + [
        RowProblem(
            sheet.header_line, name, say("the template has no such column; it is not used"), Severity.WARNING
        )
        for name in sheet.columns
        if name not in known and name != ERROR_COLUMN
    ]


def check_row(row: Row, wrong: Sequence[RowMismatch], template: Template) -> list[RowProblem]:
    """What the template says is wrong with a row, text that stands under no heading, unusual names."""
    present = [error for error in wrong if not error.column or error.column in row.cells]
    found = [RowProblem(row.line, error.column, error.reason) for error in present]
    if row.stray:
        found.append(
            RowProblem(row.line, "", say("{text} stands under no heading", text=f"{row.stray!r:.40}"))
        )
    for column in template.columns:
        if column.goes_to in ("holder.name", "holder.latin_name") and (text := row.cells.get(column.name)):
            found += _remarks(row.line, column.name, text, latin=column.goes_to == "holder.latin_name")
    return found


def _remarks(line: int, name: str, text: str, *, latin: bool) -> list[RowProblem]:
    said = remarks(text)
    if latin and not said and not text.isascii() and {*map(script_of, text)} - {"", "LATIN"}:
        said.append(say("{text} is not in Latin letters", text=f"{text!r:.60}"))
    return [RowProblem(line, name, reason, Severity.WARNING) for reason in said]
