"""CSV as people save it: with or without a byte order mark, with commas, semicolons, tabs or bars.

Text is UTF-8, or UTF-16 with its mark. Older encodings cannot be told apart, and a guess would
print somebody's name wrongly, so they are refused with the way to save the file again.
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from testamur.errors import OperatorError
from testamur.spreadsheets.digest import digest_of

DELIMITERS = (",", ";", "\t", "|")
MAX_LINE = 1_000_000

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)
_SAVE_AGAIN = 'in the spreadsheet program choose "Save as" and "CSV UTF-8", or save as .xlsx'


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file and how it is written, so that it can be given back in the same way."""

    path: Path
    encoding: str
    delimiter: str
    declared: bool = False  # the first line is Excel's "sep=;"

    @classmethod
    def recognise(cls, path: Path, head: bytes) -> CsvFile:
        """The file with its encoding and delimiter found out from its beginning."""
        if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            encoding = "utf-16"
        elif b"\0" in head:
            raise OperatorError(f"{path} is not a spreadsheet that can be read", hint=_SAVE_AGAIN)
        else:
            encoding = "utf-8-sig" if head.startswith(BOM_UTF8) else "utf-8"
        with _opened(path, encoding) as file:
            lines = _lines(file, path)
            first = next((line for line in lines if line.strip(" ,;\t|\r\n")), "")
        if match := re.fullmatch(r"sep=(.)\s*", first, re.IGNORECASE):
            return cls(path, encoding, match[1], declared=True)
        return cls(path, encoding, max(DELIMITERS, key=lambda mark: _columns(first, mark)))

    def rows(self) -> Iterator[list[str]]:
        """Every row as the file has it, blank ones too; a declaration of the delimiter counts as none."""
        with _opened(self.path, self.encoding) as file:
            rows = csv.reader(_lines(file, self.path), delimiter=self.delimiter)
            try:
                if self.declared:
                    next(rows, None)
                for cells in rows:
                    yield [_unguarded(cell) if cell[:1] == "'" else cell for cell in cells]
            except csv.Error as error:
                raise OperatorError(
                    f"{self.path}, line {rows.line_num}: {error}", hint="is a quotation mark left open?"
                ) from None

    def digest(self) -> bytes:
        """The SHA-256 of the file as it is now."""
        return digest_of(self.path)

    def write(self, target: Path, rows: Iterator[Sequence[str]]) -> None:
        """A file written in the same way; what a spreadsheet would run as a formula is kept as text."""
        with target.open("w", encoding=self.encoding, newline="") as file:
            writer = csv.writer(file, delimiter=self.delimiter, lineterminator="\r\n")
            for cells in rows:
                writer.writerow([_guarded(cell) for cell in cells])


def _opened(path: Path, encoding: str) -> TextIO:
    try:
        return path.open(encoding=encoding, newline="")
    except OSError as error:
        raise OperatorError(f"cannot read {path}: {error.strerror}") from None


def _lines(file: TextIO, path: Path) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        try:
            line = file.readline(MAX_LINE + 1)
        except UnicodeError:
            raise OperatorError(
                f"{path}, near line {number}: this is not UTF-8 text", hint=_SAVE_AGAIN
            ) from None
        if len(line) > MAX_LINE:
            raise OperatorError(f"{path}, line {number} is longer than {MAX_LINE} characters")
        if not line:
            return
        yield line


def _columns(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _guarded(cell: str) -> str:
    """A leading apostrophe makes every spreadsheet program take the rest as text."""
    harmless = not cell.startswith(_FORMULA_STARTS) or _NUMBER.fullmatch(cell)
    return cell if harmless and not _is_guarded(cell) else f"'{cell}"


def _unguarded(cell: str) -> str:
    return cell[1:] if _is_guarded(cell) else cell


def _is_guarded(cell: str) -> bool:
    return cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA_STARTS)
