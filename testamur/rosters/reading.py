"""Reading a OneRoster 1.2 CSV ZIP, strictly and within bounds (OneRoster CSV §3, §4)."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from testamur.errors import OperatorError
from testamur.files import read_bounded
from testamur.rosters.columns import FILES, HISTORIC, Field
from testamur.rosters.kinds import wrong_value
from testamur.rosters.values import LINE, Record, Roster, RosterProblem

MAX_ZIP = 200_000_000
MAX_FILE = 400_000_000
MAX_TOTAL = 600_000_000
MAX_ROWS = 2_000_000
MAX_PROBLEMS = 1000
_MAX_CELL = 20_000
_MAX_MEMBERS = 64
_MANIFEST = "manifest.csv"
_MODES = ("absent", "bulk", "delta")
_DROPPED = ("password",)


class _TooMany(Exception):
    """There are more problems than anybody reads."""


class _Problems(list[RosterProblem]):
    def add(self, file: str, line: int, column: str, reason: str) -> None:
        self.append(RosterProblem(file, line, column, reason))
        if len(self) >= MAX_PROBLEMS:
            raise _TooMany


def read_roster(path: Path) -> Roster:
    """The roster with everything that is wrong with it; raises OperatorError where the file is no ZIP that can be read.

    A roster with problems is not to be used. Passwords are dropped as they are read.
    """
    data = read_bounded(path, MAX_ZIP)
    problems = _Problems()
    files: dict[str, Mapping[str, Record]] = {}
    system = ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive, problems)
            modes, system = _manifest(archive, members, problems)
            _compare(modes, members, problems)
            budget = MAX_TOTAL
            for name, fields in FILES.items():
                if f"{name}.csv" in members and modes.get(name, "bulk") != "absent":
                    text = _text(archive, members[f"{name}.csv"], budget)
                    budget -= len(text)
                    files[name] = _records(name, fields, text, modes.get(name, "bulk"), problems)
            _check_references(files, modes, problems)
    except _TooMany:
        problems.append(RosterProblem("", 0, "", "there are more problems than these; the rest was not read"))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise OperatorError(f"{path} is no ZIP file that can be read: {error}") from None
    except Exception as error:
        if isinstance(error, OperatorError):
            raise OperatorError(f"{path}: {error.message}", hint=error.hint) from None
        if type(error).__module__ == "zlib" or isinstance(error, (ValueError, OSError, OverflowError)):
            raise OperatorError(f"{path} is no ZIP file that can be read: {type(error).__name__}") from None
        raise
    return Roster(path, sha256(data).digest(), files, system, tuple(problems))


def _members(archive: zipfile.ZipFile, problems: _Problems) -> dict[str, zipfile.ZipInfo]:
    """The files at the root of the archive by name."""
    entries = archive.infolist()
    if len(entries) > _MAX_MEMBERS:
        raise OperatorError(f"it holds {len(entries)} files; OneRoster has at most {len(FILES) + 1}")
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename
        if entry.flag_bits & 1:
            raise OperatorError(f"{name!r:.80} is locked by a password")
        if entry.is_dir() or "/" in name or "\\" in name:
            problems.add("", 0, "", f"{name!r:.80} lies in a folder; the files belong at the root of the ZIP")
        elif name in found:
            problems.add(name, 0, "", "the ZIP holds this file twice")
        else:
            found[name] = entry
    return found


def _text(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: int = MAX_FILE) -> str:
    """A file as text, unpacked only as far as it may be long."""
    limit = min(MAX_FILE, budget)
    with archive.open(entry) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise OperatorError(f"{entry.filename} unpacks to more than {limit:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OperatorError(f"{entry.filename} is not UTF-8 text, near byte {error.start:,}") from None


def _manifest(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], problems: _Problems
) -> tuple[dict[str, str], str]:
    """How each file comes (absent, bulk, delta), and the system that wrote it (OneRoster CSV §3.2)."""
    if _MANIFEST not in members:
        raise OperatorError(
            "there is no manifest.csv", hint="this is OneRoster 1.0 or something else; export OneRoster 1.2"
        )
    rows = _rows(_MANIFEST, _text(archive, members[_MANIFEST], 1_000_000))
    if next(rows, (0, []))[1] != ["propertyName", "value"]:
        raise OperatorError("manifest.csv does not begin with propertyName,value")
    said: dict[str, str] = {}
    for line, cells in rows:
        if len(cells) != 2 or cells[0] in said:
            problems.add(_MANIFEST, line, "", "every line is a property, said once, and its value")
        else:
            said[cells[0]] = cells[1]
    version = said.get("oneroster.version", "")
    if version != "1.2" or said.get("manifest.version") != "1.0":
        raise OperatorError(
            f"the manifest says OneRoster {version or '(nothing)'!s:.20}; only 1.2 is read",
            hint="choose OneRoster 1.2 CSV when you export",
        )
    modes: dict[str, str] = {}
    for name in FILES:
        mode = said.get(f"file.{name}", "")
        if mode not in _MODES:
            problems.add(_MANIFEST, 0, f"file.{name}", f"it is {mode!r:.20}, not absent, bulk or delta")
        modes[name] = mode if mode in _MODES else "bulk"
    return modes, said.get("source.systemName", "")


def _compare(modes: Mapping[str, str], members: Mapping[str, object], problems: _Problems) -> None:
    """Hold the files that are there against those that the manifest names."""
    for name, mode in modes.items():
        if mode == "delta":
            problems.add(f"{name}.csv", 0, "", "a delta only tells changes; export everything (bulk)")
        if mode != "absent" and f"{name}.csv" not in members:
            problems.add(f"{name}.csv", 0, "", "the manifest names this file and the ZIP does not hold it")
        if mode == "absent" and f"{name}.csv" in members:
            problems.add(f"{name}.csv", 0, "", "the manifest says that this file is absent")
    for member in members:
        if member != _MANIFEST and member.removesuffix(".csv") not in FILES:
            problems.add(member[:80], 0, "", "OneRoster 1.2 has no such file")


def _rows(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with their line numbers as a spreadsheet shows them (RFC 4180)."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for line, cells in enumerate(reader, 1):
            if line > MAX_ROWS:
                raise OperatorError(f"{name} has more than {MAX_ROWS:,} rows")
            yield line, cells
    except csv.Error as error:
        raise OperatorError(f"{name}, line {reader.line_num}: {error}") from None


def _records(
    name: str, fields: tuple[Field, ...], text: str, mode: str, problems: _Problems
) -> dict[str, Record]:
    """The records of a file, each held against its columns."""
    file = f"{name}.csv"
    rows = _rows(file, text)
    columns = next(rows, (1, []))[1]
    if not _check_header(name, fields, columns, problems):
        return {}
    found: dict[str, Record] = {}
    kept = [(at, field) for at, field in enumerate(fields) if field.name not in _DROPPED]
    for line, cells in rows:
        if len(cells) != len(columns):
            problems.add(file, line, "", f"it has {len(cells)} cells and the header {len(columns)}")
            continue
        if any(len(cell) > _MAX_CELL for cell in cells):
            problems.add(file, line, "", f"a cell is longer than {_MAX_CELL:,} characters")
            continue
        for at, field in kept:
            if reason := wrong_value(field, cells[at], mode):
                problems.add(file, line, field.name, reason)
        _check_dates(file, line, {field.name: cells[at] for at, field in kept}, problems)
        if cells[0] in found:
            problems.add(file, line, "sourcedId", f"{cells[0]!r:.60} stands in an earlier row too")
        found[cells[0]] = {field.name: cells[at].strip() for at, field in kept} | {LINE: str(line)}
    if not found:
        problems.add(file, 0, "", "it has no rows; a file without any is to be absent")
    return found


def _check_header(name: str, fields: tuple[Field, ...], columns: list[str], problems: _Problems) -> bool:
    """Whether the columns are those of OneRoster 1.2 in their order, with only metadata.* to their right."""
    expected, file = [field.name for field in fields], f"{name}.csv"
    own, more = columns[: len(expected)], columns[len(expected) :]
    if own != expected:
        if set(HISTORIC.get(name, ())) & set(columns):
            problems.add(file, 1, "", "these are the columns of OneRoster 1.1, and the manifest says 1.2")
            return False
        at = next(
            (n for n, pair in enumerate(zip(own, expected, strict=False)) if pair[0] != pair[1]), len(own)
        )
        there = repr(own[at])[:60] if at < len(own) else "nothing"
        problems.add(file, 1, "", f"column {at + 1} should be {expected[at]} and is {there}")
        return False
    if bad := [column for column in more if not column.startswith("metadata.")]:
        problems.add(file, 1, "", f"{bad[0]!r:.60} is no column of OneRoster 1.2")
        return False
    if len(set(columns)) != len(columns):
        problems.add(file, 1, "", "two columns have one name")
        return False
    return True


def _check_dates(file: str, line: int, cells: Mapping[str, str], problems: _Problems) -> None:
    """An end is exclusive: it comes after the start (OneRoster CSV §4)."""
    for first, last in (("startDate", "endDate"), ("beginDate", "endDate")):
        start, end = cells.get(first, ""), cells.get(last, "")
        if start and end and end <= start:
            problems.add(file, line, last, f"it ends on {end}, before or on the day it begins ({start})")


def _check_references(
    files: Mapping[str, Mapping[str, Record]], modes: Mapping[str, str], problems: _Problems
) -> None:
    """Every reference leads to a record of the same ZIP, where its file is there as a whole."""
    for name, records in files.items():
        for field in FILES[name]:
            if field.kind not in ("ref", "refs") or modes.get(field.target) == "delta":
                continue
            known = files.get(field.target, {})
            for record in records.values():
                for value in _named(field, record.get(field.name, "")):
                    if value not in known:
                        reason = f"{value!r:.60} is not in {field.target}.csv"
                        problems.add(f"{name}.csv", int(record[LINE]), field.name, reason)


def _named(field: Field, cell: str) -> list[str]:
    if field.kind == "ref":
        return [cell] if cell else []
    return [part for item in cell.split(",") if (part := item.strip())]
