"""A backup of the whole ledger: gzipped JSON Lines, the same from SQLite and PostgreSQL.

The first line says what this is, then each table has a line with its name and columns and one line
for each row, and the last line counts the rows, so that a file cut short is noticed.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, LargeBinary, Table, func, insert, select, text, update
from sqlalchemy.exc import DataError, IntegrityError

from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import OperatorError, TestamurError
from testamur.store.engine import REVISION, is_sqlite
from testamur.store.every_table import kept
from testamur.store.tables import organisations, status_lists

FORMAT = "testamur ledger 1"
READABLE = tuple(f"{number:04}" for number in range(2, int(REVISION) + 1))
"""The revisions whose backups are restored; those after 0002 only added tables."""

SKIPPED_LISTS = 1000
"""List numbers left out after a restore: the lists opened after the backup was made may be in use."""

_MAX_LINE = 32_000_000
_ROWS = 1000


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees the ledger as it is at one moment, while others go on writing."""
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.execution_options(reading=True, **level).begin() as connection:
        yield connection


def write(connection: Connection, path: Path) -> None:
    """Write every table into a new file that only its owner may read."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as raw:
                with gzip.open(raw, "wt", compresslevel=1, encoding="utf-8", newline="\n") as stream:
                    _write_tables(connection, stream)
                raw.flush()
                os.fsync(raw.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OperatorError(f"the backup {path} could not be written: {error.strerror or error}") from None


def read(connection: Connection, path: Path) -> None:
    """Fill an empty ledger; raises OperatorError on a ledger in use and on a file that is damaged.

    What was issued after the backup is not in it, so its indexes must not be given out again: every
    open list is closed and the numbers of the next lists are skipped.
    """
    if connection.scalar(select(func.count()).select_from(organisations)):
        raise OperatorError("this ledger is not empty", hint="restore into a new one; nothing is overwritten")
    try:
        with gzip.open(path, "rb") as stream:
            _read_tables(connection, stream)
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError) as error:
        raise OperatorError(f"the backup {path} is damaged or is none: {error}") from None
    except TestamurError as error:
        raise OperatorError(f"the backup {path} is damaged or is none: {error.message}") from None
    except (IntegrityError, DataError):
        raise OperatorError(f"the backup {path} is damaged: its rows contradict one another") from None
    connection.execute(update(status_lists).values(next_position=status_lists.c.size))
    connection.execute(update(organisations).values(next_list=organisations.c.next_list + SKIPPED_LISTS))
    if not is_sqlite(connection):
        _advance_sequences(connection)


def _write_tables(connection: Connection, stream: IO[str]) -> None:
    count = 0
    _write_line(stream, {"format": FORMAT, "revision": REVISION})
    for table in kept:
        _write_line(stream, {"table": table.name, "columns": table.columns.keys()})
        binary = _binary(table)
        order = list(table.primary_key.columns)
        rows = connection.execution_options(yield_per=_ROWS).execute(select(table).order_by(*order))
        for row in rows:
            values = list(row)
            for place in binary:
                values[place] = encode_base64url(bytes(values[place]))
            _write_line(stream, values)
            count += 1
    _write_line(stream, {"rows": count})


def _write_line(stream: IO[str], value: Any) -> None:
    stream.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _read_tables(connection: Connection, stream: gzip.GzipFile) -> None:
    lines = _lines(stream)
    if next(lines, None) not in [{"format": FORMAT, "revision": revision} for revision in READABLE]:
        raise ValueError(f"it does not begin as a {FORMAT!r} of revision {REVISION}")
    waiting: list[dict[str, Any]] = []
    table: Table | None = None
    count = 0
    for line in lines:
        if isinstance(line, list) and table is not None:
            waiting.append(_row(table, line))
            count += 1
        if waiting and table is not None and (len(waiting) == _ROWS or isinstance(line, dict)):
            connection.execute(insert(table), waiting)
            waiting = []
        if isinstance(line, dict) and "table" in line:
            table = _table(line)
        elif isinstance(line, dict):
            if line != {"rows": count} or stream.read(1):  # reading to the end has the checksum checked
                raise ValueError(f"it does not end after its {count} rows")
            return
    raise ValueError("the last line is missing")


def _lines(stream: gzip.GzipFile) -> Iterator[Any]:
    while line := stream.readline(_MAX_LINE):
        if not line.endswith(b"\n"):
            raise ValueError("a line is too long or cut short")
        yield json.loads(line)


def _table(line: dict[str, Any]) -> Table:
    table = {table.name: table for table in kept}[line["table"]]
    if line["columns"] != table.columns.keys():
        raise ValueError(f"the table {table.name} has other columns")
    return table


def _row(table: Table, values: list[Any]) -> dict[str, Any]:
    for place in _binary(table):
        values[place] = decode_base64url(values[place])
    return dict(zip(table.columns.keys(), values, strict=True))


def _binary(table: Table) -> list[int]:
    return [place for place, column in enumerate(table.columns) if isinstance(column.type, LargeBinary)]


def _advance_sequences(connection: Connection) -> None:
    for table in kept:
        column = table.autoincrement_column
        if column is not None:
            last = connection.scalar(select(func.max(column)))
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"),
                {"table": table.name, "column": column.name, "last": last or 1},
            )
