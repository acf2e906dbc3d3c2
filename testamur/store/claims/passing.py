"""What is good for minutes and counts once: codes, tokens, nonces. Each is taken by exactly one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from testamur.jsontext import Json, parse_object, write_json
from testamur.store.claims.tables import offer_codes, offer_tokens, offer_waiting, seen
from testamur.store.claims.values import OVER, REPLAYED, SPENT, Grant, NotNow, digest_of
from testamur.store.desk.tables import installation
from testamur.store.engine import is_sqlite
from testamur.store.rows import insert_once, instant, seconds

_KEPT = 3600  # seconds that a spent code is remembered, so that a second use is known as one


def make_code(connection: Connection, offer: int, kind: str, said: Json, until: datetime) -> str:
    """A fresh code for an offer; it is told once and kept as its digest."""
    code = secrets.token_urlsafe(32)
    connection.execute(
        insert(offer_codes).values(
            digest=digest_of(code), offer=offer, kind=kind, said=write_json(said), spent=False, until=seconds(until)
        )
    )  # fmt: skip
    return code


def peek_code(connection: Connection, kind: str, code: str, at: datetime) -> tuple[int, Json]:
    """The offer of a code and what was said with it; raises NotNow where it is not good any more."""
    mine = (offer_codes.c.digest == digest_of(code), offer_codes.c.kind == kind)
    row = connection.execute(select(offer_codes).where(*mine)).first()
    if row is None:
        raise NotNow(OVER)
    if row.spent:
        raise NotNow(SPENT)
    if seconds(at) >= row.until:
        raise NotNow(OVER)
    return row.offer, parse_object(row.said)


def spend_code(connection: Connection, kind: str, code: str, at: datetime) -> tuple[int, Json]:
    """The same, and from now on it is spent; of two who try at once one raises NotNow."""
    found = peek_code(connection, kind, code, at)
    mine = (offer_codes.c.digest == digest_of(code), offer_codes.c.spent.is_(False))
    if connection.execute(update(offer_codes).where(*mine).values(spent=True)).rowcount != 1:
        raise NotNow(SPENT)
    return found


def end_tokens(connection: Connection, *, offer: int = 0, code: str = "") -> None:
    """End the tokens of an offer, or those that were given for a code."""
    mine = offer_tokens.c.code == digest_of(code) if code else offer_tokens.c.offer == offer
    connection.execute(update(offer_tokens).where(mine).values(ended=True))


def make_token(connection: Connection, offer: int, code: str, said: Json, until: datetime) -> str:
    """A fresh access token for an offer; it is told once."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(offer_tokens).values(
            digest=digest_of(token), offer=offer, code=digest_of(code), said=write_json(said), ended=False,
            until=seconds(until),
        )
    )  # fmt: skip
    return token


def grant_of(connection: Connection, digest: bytes, at: datetime) -> Grant:
    """What a token allows; raises NotNow where it is none, or none any more."""
    row = connection.execute(select(offer_tokens).where(offer_tokens.c.digest == digest)).first()
    if row is None or row.ended or seconds(at) >= row.until:
        raise NotNow(OVER)
    return Grant(row.offer, bytes(row.digest), parse_object(row.said), instant(row.until))


def prolong_token(connection: Connection, digest: bytes, until: datetime) -> None:
    """Let a token live as long as what it waits for."""
    mine = (offer_tokens.c.digest == digest, offer_tokens.c.until < seconds(until))
    connection.execute(update(offer_tokens).where(*mine).values(until=seconds(until)))


def see_once(connection: Connection, names: Iterable[str], until: datetime) -> None:
    """Remember nonces and identifiers that count once; raises NotNow where one was seen before."""
    make = sqlite.insert if is_sqlite(connection) else postgresql.insert
    for name in names:
        row = {"digest": digest_of(name), "until": seconds(until)}
        new = make(seen).values(row).on_conflict_do_nothing().returning(seen.c.digest)
        if connection.execute(new).first() is None:
            raise NotNow(REPLAYED)


def sweep(connection: Connection, at: datetime) -> None:
    """Forget what ended long enough ago."""
    for table in (seen, offer_codes, offer_tokens, offer_waiting):
        connection.execute(delete(table).where(table.c.until < seconds(at) - _KEPT))


def kept_once(connection: Connection, name: str, size: int) -> bytes:
    """Random bytes of this name, made when first asked for and the same in every process."""
    insert_once(connection, installation, [{"name": name, "value": secrets.token_bytes(size)}])
    return bytes(connection.scalar(select(installation.c.value).where(installation.c.name == name)) or b"")
