"""The door to the database of wallets: one transaction at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_bytes

from sqlalchemy import Connection, Engine, select

from testamur.store.engine import Schema, open_engine
from testamur.store.failures import explained
from testamur.store.rows import insert_once
from testamur.store.wallets.tables import installation

SCHEMA = Schema("0001", "wallet_version", Path(__file__).parent / "migrations")


class Wallets:
    """Everybody's sealed wallet; what happens in one ``writing`` happens whole or not at all."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._readers = engine.execution_options(reading=True)

    @classmethod
    def open(cls, url: str) -> Wallets:
        """The wallets in this database, which is made or brought up to date where needed."""
        return cls(open_engine(url, SCHEMA))

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A moment at which nothing changes."""
        with explained(), self._readers.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction."""
        with explained(), self._engine.begin() as connection:
            yield connection

    def kept_once(self, name: str, size: int) -> bytes:
        """Random bytes of this name, made the first time anybody asks and the same ever after."""
        with self.writing() as connection:
            insert_once(connection, installation, [{"name": name, "value": token_bytes(size)}])
            value = connection.scalar(select(installation.c.value).where(installation.c.name == name))
        return bytes(value or b"")
