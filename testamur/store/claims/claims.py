"""The door to offers and claims: every act is one transaction, in the database of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from testamur.store.claims.passing import kept_once
from testamur.store.engine import open_engine
from testamur.store.failures import explained

Transaction = Connection
"""What the acts are handed: a transaction that is open."""


class Claims:
    """What was offered and taken; what happens in one ``writing`` happens whole or not at all."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._readers = engine.execution_options(reading=True)

    @classmethod
    def open(cls, url: str) -> Claims:
        """The claims of the ledger at this address, which is made or brought up to date where needed."""
        return cls(open_engine(url))

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def __enter__(self) -> Claims:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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

    def secret(self, name: str) -> bytes:
        """32 random bytes that every process of this database shares."""
        with self.writing() as connection:
            return kept_once(connection, name, 32)
