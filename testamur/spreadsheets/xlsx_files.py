"""XLSX within bounds: what the archive would unpack to is counted before anything is parsed.

Reading keeps every cell of a sheet's rectangle in memory, so a file with one cell in the far corner
is refused by what its cells claim to be, not by the size of the file.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

from testamur.errors import OperatorError
from testamur.spreadsheets.digest import digest_of

MAX_UNPACKED = 400_000_000
MAX_PARTS = 2_000
MAX_CELLS = 20_000_000
MAX_CELL_TEXT = 32_767  # what a cell of a spreadsheet can hold

_CHUNK = 1 << 18
_OVERLAP = 200
_REFERENCE = re.compile(rb"""[\s:]r\s*=\s*["']([^"']*)["']""")
_CELL = re.compile(rb"([A-Z]{0,3})(\d{1,7})")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class XlsxFile:
    """An XLSX file; its first sheet is the one that counts."""

    path: Path

    @classmethod
    def recognise(cls, path: Path) -> XlsxFile:
        """The file, if it is an XLSX of bearable size; raises OperatorError."""
        try:
            with zipfile.ZipFile(path) as archive:
                _check_archive(archive, path)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
            raise _unreadable(path) from None
        except OSError as error:
            raise OperatorError(f"cannot read {path}: {error.strerror}") from None
        return cls(path)

    def rows(self) -> Iterator[list[str]]:
        """Every row of the first sheet as text, blank ones too; formulas as the values they had."""
        for values in self.values():
            yield [_text(value) for value in values]

    def values(self) -> Iterator[list[Any]]:
        """Every row of the first sheet with the values its cells have."""
        import python_calamine

        try:
            book = python_calamine.CalamineWorkbook.from_path(str(self.path))
            rows = book.get_sheet_by_index(0).iter_rows()
        except BaseException as error:
            if isinstance(error, python_calamine.CalamineError) or type(error).__name__ == "PanicException":
                raise _unreadable(self.path) from None
            raise
        for values in rows:
            yield list(values)

    def digest(self) -> bytes:
        """The SHA-256 of the file as it is now."""
        return digest_of(self.path)

    def write(self, target: Path, rows: Iterator[Sequence[Any]]) -> None:
        """A file with one sheet of these values; text stays text, whatever it begins with."""
        import openpyxl
        from openpyxl.cell import WriteOnlyCell

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Sheet1")
        for values in rows:
            cells = []
            for value in values:
                if isinstance(value, str):
                    cell = WriteOnlyCell(sheet, value=_UNPRINTABLE.sub("\ufffd", value)[:MAX_CELL_TEXT])
                    cell.data_type = "s"
                    cells.append(cell)
                else:
                    cells.append(value)
            sheet.append(cells)
        book.save(target)


def _check_archive(archive: zipfile.ZipFile, path: Path) -> None:
    parts = archive.infolist()
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise OperatorError(
            f"{path} is a ZIP archive but no XLSX spreadsheet", hint="save it as .xlsx or CSV"
        )
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise OperatorError(f"{path} unpacks to more than {MAX_UNPACKED} bytes", hint="save it as CSV")
    for part in parts:
        with archive.open(part) as file:
            _check_extent(file, path, is_sheet=part.filename.startswith("xl/worksheets/"))


def _check_extent(file: IO[bytes], path: Path, *, is_sheet: bool) -> None:
    """Read a part to its end, so that a wrong size shows, and hold a sheet's cells to their bounds."""
    rows = columns = 1
    rest = b""
    while chunk := file.read(_CHUNK):
        if not is_sheet:
            continue
        if b"\0" in chunk:
            raise _unreadable(path)
        for reference in _REFERENCE.findall(rest + chunk):
            row, column = _extent(reference, path)
            rows, columns = max(rows, row), max(columns, column)
        rest = chunk[-_OVERLAP:]
    if rows * columns > MAX_CELLS:
        raise OperatorError(
            f"{path} spreads over {rows} rows and {columns} columns",
            hint="delete stray cells, or save it as CSV",
        )


def _extent(reference: bytes, path: Path) -> tuple[int, int]:
    match = _CELL.fullmatch(reference)
    if match is None:
        raise _unreadable(path)
    column = 0
    for letter in match[1]:
        column = column * 26 + letter - 64
    return int(match[2]), column


def _text(value: Any) -> str:
    """A cell as people read it: 12345.0 is 12345, a day has no clock."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _unreadable(path: Path) -> OperatorError:
    return OperatorError(
        f"{path} cannot be read as a spreadsheet", hint="open it and save it again as .xlsx or CSV"
    )
