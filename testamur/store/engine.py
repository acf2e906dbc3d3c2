"""Opening the database: SQLite made durable and private, PostgreSQL by URL, both brought up to date."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from testamur.errors import OperatorError
from testamur.store.failures import explained

REVISION = "0010"
"""The newest migration, known here so that opening a ledger that is up to date does not import Alembic."""

VERSION_TABLE = "ledger_version"


@dataclass(frozen=True, slots=True)
class Schema:
    """What a database is brought up to: the newest migration, where it is noted, and the folder of all of them."""

    revision: str
    version_table: str
    migrations: Path


LEDGER = Schema(REVISION, VERSION_TABLE, Path(__file__).parent / "migrations")
_MIGRATION_LOCK = 0x7465_7374_616D  # "testam", for PostgreSQL's advisory lock
_EXAMPLES = "write sqlite:///ledger.sqlite or postgresql+psycopg://user@host/database in [store] url"

# A page of 8 kB holds a record's two texts with little left over: 5.8 kB on disk for 4.6 kB of text, where
# SQLite's usual 4 kB takes 8.5. WAL lets readers go on while one process writes. FULL costs a sync for each transaction and is needed:
# a reserved index that is forgotten in a power cut could be given out a second time.
_PRAGMAS = (
    "PRAGMA busy_timeout = 60000",
    "PRAGMA page_size = 8192",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",
    "PRAGMA wal_autocheckpoint = 8000",
)


def open_engine(address: str, schema: Schema = LEDGER) -> Engine:
    """An engine whose schema is the newest; raises OperatorError on a wrong address or an unusable database."""
    url = _checked(address)
    with explained():
        engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)
        try:
            _bring_up_to_date(engine, schema)
        except BaseException:
            engine.dispose()
            raise
    return engine


def bare_engine(address: str) -> Engine:
    """An engine without any schema of ours; raises OperatorError on a wrong address."""
    url = _checked(address)
    with explained():
        return _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(url)


def is_sqlite(connection: Connection | Engine) -> bool:
    """Whether this is SQLite; otherwise it is PostgreSQL."""
    return connection.dialect.name == "sqlite"


def _checked(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise OperatorError("the address of the ledger cannot be read", hint=_EXAMPLES) from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise OperatorError(f"a ledger cannot be kept in {url.drivername!r:.40}", hint=_EXAMPLES)
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise OperatorError("a ledger needs a file", hint=_EXAMPLES)
    return url


def _sqlite(url: URL) -> Engine:
    _create_private(Path(str(url.database)))
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _create_private(path: Path) -> None:
    """An empty file that only its owner may read; SQLite gives its journals the same mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise OperatorError(
            f"the ledger {path} cannot be opened: {error.strerror}",
            hint="check that its folder exists and belongs to you",
        ) from None


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    # a transaction that will write takes its lock at once: upgrading a read lock can fail without waiting
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    except (ModuleNotFoundError, NoSuchModuleError):
        raise OperatorError(
            "the PostgreSQL driver is not installed", hint="pip install 'testamur[postgres]'"
        ) from None


def _bring_up_to_date(engine: Engine, schema: Schema) -> None:
    with engine.execution_options(reading=True).connect() as connection:
        found = _revision(connection, schema)
    if found == schema.revision:
        return
    with engine.begin() as connection:
        if not is_sqlite(connection):
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        if _revision(connection, schema) != schema.revision:
            _migrate(connection, schema)


def _revision(connection: Connection, schema: Schema) -> str:
    if not inspect(connection).has_table(schema.version_table):
        return ""
    return str(connection.scalar(text(f"SELECT version_num FROM {schema.version_table}")) or "")  # noqa: S608


def _migrate(connection: Connection, schema: Schema) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(schema.migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise OperatorError(
            "this ledger was written by a newer testamur", hint="install the newest testamur and try again"
        ) from None
