"""Spreadsheets read and given back: CSV as people save it, and XLSX."""

from testamur.spreadsheets.sheet import (
    ERROR_COLUMN,
    FileRows,
    Line,
    Positions,
    Row,
    Sheet,
    named_row,
    read_rows,
    row_digest,
    write_with_errors,
)

__all__ = [
    "ERROR_COLUMN",
    "FileRows",
    "Line",
    "Positions",
    "Row",
    "Sheet",
    "named_row",
    "read_rows",
    "row_digest",
    "write_with_errors",
]
