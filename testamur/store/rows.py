"""Small things that every room of the ledger needs: names to integers and back, instants, quiet inserts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from testamur.store.engine import is_sqlite
from testamur.store.tables import organisations

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_T = TypeVar("_T")


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970, negative before."""
    return (moment - _EPOCH) // _SECOND


def instant(count: int) -> datetime:
    """The instant of a number of seconds since 1970."""
    return _EPOCH + count * _SECOND


def chunks(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """The items in lists of at most this many."""
    chunk: list[_T] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def insert_once(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows; those that are there already stay as they are."""
    insert = sqlite.insert if is_sqlite(connection) else postgresql.insert
    connection.execute(insert(table).on_conflict_do_nothing(), list(rows))


def insert_many(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows whose values stand in the order of the table's columns, past SQLAlchemy's work for each row."""
    if not rows:
        return
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    if is_sqlite(connection):
        places = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({places})", list(rows))  # noqa: S608
    else:
        _copy(connection, f"COPY {table.name} ({names}) FROM STDIN", rows)


def _copy(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """PostgreSQL takes rows fastest by COPY, which SQLAlchemy does not speak; what goes wrong is its error all the same."""
    errors: Any = connection.dialect.loaded_dbapi.Error
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except errors as error:
        raise DBAPIError.instance(statement, None, error, errors) from None


def find_organisation(connection: Connection, name: str) -> int | None:
    """The integer that stands for an organisation, None where the ledger does not know it."""
    return connection.scalar(select(organisations.c.id).where(organisations.c.name == name))


def organisation_number(connection: Connection, name: str) -> int:
    """The integer that stands for an organisation, given now if there is none."""
    found = find_organisation(connection, name)
    if found is None:
        insert_once(connection, organisations, [{"name": name, "next_list": 1}])
        found = find_organisation(connection, name)
    if found is None:
        raise LookupError(name)
    return found


def rename_organisation(connection: Connection, organisation: str, name: str) -> None:
    """Give an organisation another name."""
    connection.execute(update(organisations).where(organisations.c.name == organisation).values(name=name))
