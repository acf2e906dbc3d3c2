"""Questions that wait for an answer: short-lived, sealed by whoever keeps them, each answered once.

They have a database of their own, which an app makes new whenever it starts: nothing in it is worth a migration.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from testamur.errors import OperatorError
from testamur.store.engine import bare_engine
from testamur.store.failures import explained

ASKED, ANSWERED, DECLINED = "asked", "answered", "declined"
MAX_WAITING = 20_000

_metadata = MetaData()
_exchanges = Table(
    "exchanges",
    _metadata,
    Column("id", Text, primary_key=True),
    Column("handle", Text, nullable=False, unique=True),  # how the other side knows it
    Column("state", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("expires", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question as it is kept."""

    id: str
    handle: str
    state: str
    data: bytes
    expires: int


class Exchanges:
    """The questions of one app, shared by its processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Exchanges:
        """Open the database of this address, made where there is none; raises OperatorError."""
        engine = bare_engine(url)
        with explained():
            _metadata.create_all(engine, checkfirst=True)
        return cls(engine)

    def add(self, exchange: Exchange, *, now: int) -> None:
        """Keep a new question; those whose time is over go. Raises OperatorError where too many wait."""
        with explained(), self._engine.begin() as connection:
            connection.execute(delete(_exchanges).where(_exchanges.c.expires <= now))
            waiting = len(connection.execute(select(_exchanges.c.id).limit(MAX_WAITING)).all())
            if waiting >= MAX_WAITING:
                raise OperatorError("too many questions wait for an answer", hint="try again in some minutes")
            connection.execute(insert(_exchanges).values(**_members(exchange)))

    def get(self, name: str, *, now: int) -> Exchange | None:
        """The question of this id, while its time lasts."""
        return self._one(_exchanges.c.id == name, now)

    def by_handle(self, handle: str, *, now: int) -> Exchange | None:
        """The question that the other side knows by this name, while its time lasts."""
        return self._one(_exchanges.c.handle == handle, now)

    def settle(self, exchange: Exchange, state: str, data: bytes, *, now: int) -> bool:
        """Note the one answer; False where there was one already, or it is too late."""
        with explained(), self._engine.begin() as connection:
            done = connection.execute(
                update(_exchanges)
                .where(
                    _exchanges.c.id == exchange.id, _exchanges.c.state == ASKED, _exchanges.c.expires > now
                )
                .values(state=state, data=data)
            )
        return done.rowcount == 1

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _one(self, condition: ColumnElement[bool], now: int) -> Exchange | None:
        with explained(), self._engine.execution_options(reading=True).connect() as connection:
            row = connection.execute(
                select(_exchanges).where(condition, _exchanges.c.expires > now)
            ).one_or_none()
        return Exchange(*row) if row else None


def _members(exchange: Exchange) -> dict[str, object]:
    return {
        "id": exchange.id,
        "handle": exchange.handle,
        "state": exchange.state,
        "data": exchange.data,
        "expires": exchange.expires,
    }
