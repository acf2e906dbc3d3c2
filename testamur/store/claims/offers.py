"""Offers: made, found by the link, opened with the code, withdrawn."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from testamur.errors import OperatorError
from testamur.keys.passphrase import stretch
from testamur.store.audit import Note, append
from testamur.store.claims.tables import offers
from testamur.store.claims.values import MAX_TRIES, OPEN, TAKEN, WITHDRAWN, OfferEntry, digest_of
from testamur.store.rows import instant, seconds
from testamur.store.tables import organisations, records

_SALT = 16
_PASSES, _MEMORY = 1, 8 * 2**20  # some milliseconds: what keeps a code safe is that five tries end it


def hash_code(code: str) -> bytes:
    """What is kept of a one-time code: a salt and argon2id of the code."""
    salt = secrets.token_bytes(_SALT)
    return salt + stretch(code, salt, _PASSES, _MEMORY)


def is_code(kept: bytes, code: str) -> bool:
    """Whether this is the code of which this was kept; spaces are none of it, and its digits may be of any script."""
    code = "".join(str(unicodedata.digit(c, c)) for c in code[:200] if not c.isspace())
    if not code or len(code) > 100:
        return False
    return hmac.compare_digest(kept[_SALT:], stretch(code, kept[:_SALT], _PASSES, _MEMORY))


def add(
    connection: Connection,
    record_id: str,
    link: str,
    code: bytes,
    code_length: int,
    *,
    label: str,
    at: datetime,
    until: datetime,
    who: str,
) -> int:
    """Keep an offer of a record and tell the audit log; raises OperatorError where there is no such record."""
    found = connection.execute(
        select(records.c.serial, records.c.organisation).where(records.c.id == record_id)
    ).first()
    if found is None:
        raise OperatorError(f"there is no record {record_id:.200} in the ledger")
    done = connection.execute(
        insert(offers).values(
            organisation=found.organisation, record=found.serial, link=digest_of(link), code=code,
            code_length=code_length, tries=0, label=label, state=OPEN, created=seconds(at), until=seconds(until),
        )
    )  # fmt: skip
    key = done.inserted_primary_key
    assert key is not None  # of an INSERT there is one
    detail = {"offer": int(key[0]), "with_code": bool(code)}
    append(connection, found.organisation, [Note("offered", record_id, detail=detail)], who=who, at=at)
    return int(key[0])


def by_link(connection: Connection, link: str) -> OfferEntry | None:
    """The offer whose address holds this."""
    return _one(connection, offers.c.link == digest_of(link))


def by_id(connection: Connection, offer: int) -> OfferEntry | None:
    """The offer of this number."""
    return _one(connection, offers.c.id == offer)


def of_record(connection: Connection, record_id: str) -> list[OfferEntry]:
    """Every offer of a record, the oldest first."""
    return _found(connection, records.c.id == record_id)


def lock(connection: Connection, offer: int) -> None:
    """Let nobody else change an offer until the transaction ends."""
    connection.execute(select(offers.c.id).where(offers.c.id == offer).with_for_update())


def code_holds(connection: Connection, offer: int, code: str) -> bool:
    """Whether the code opens an offer; a wrong one is counted, and after some none opens it."""
    lock(connection, offer)
    row = connection.execute(select(offers.c.code, offers.c.tries).where(offers.c.id == offer)).one()
    if not row.code:
        return True
    if row.tries >= MAX_TRIES:
        return False
    holds = is_code(bytes(row.code), code)
    tries = 0 if holds else row.tries + 1
    if tries != row.tries:
        connection.execute(update(offers).where(offers.c.id == offer).values(tries=tries))
    return holds


def set_taken(connection: Connection, offer: int, at: datetime) -> None:
    """Write that a wallet has what was offered."""
    mine = (offers.c.id == offer, offers.c.state == OPEN)
    connection.execute(update(offers).where(*mine).values(state=TAKEN, taken=seconds(at)))


def withdraw(connection: Connection, which: Sequence[int], *, who: str, at: datetime) -> int:
    """End offers that nobody took yet and tell the audit log; how many these were."""
    mine = (offers.c.id.in_(which), offers.c.state == OPEN)
    question = (
        select(offers.c.id, offers.c.organisation, records.c.id.label("record_id"))
        .join(records, records.c.serial == offers.c.record)
        .where(*mine)
        .with_for_update(of=offers)
    )
    found = connection.execute(question).all()
    connection.execute(update(offers).where(*mine).values(state=WITHDRAWN))
    for row in found:
        note = Note("offer_withdrawn", row.record_id, detail={"offer": row.id})
        append(connection, row.organisation, [note], who=who, at=at)
    return len(found)


def _one(connection: Connection, which: ColumnElement[bool]) -> OfferEntry | None:
    found = _found(connection, which)
    return found[0] if found else None


def _found(connection: Connection, which: ColumnElement[bool]) -> list[OfferEntry]:
    question = (
        select(offers, records.c.id.label("record_id"), organisations.c.name.label("school"))
        .join(records, records.c.serial == offers.c.record)
        .join(organisations, organisations.c.id == offers.c.organisation)
        .where(which)
        .order_by(offers.c.id)
    )
    return [_entry(row) for row in connection.execute(question)]


def _entry(row: Row[Any]) -> OfferEntry:
    return OfferEntry(
        row.id, row.school, row.record_id, bool(row.code), row.code_length, row.tries, row.label, row.state,
        instant(row.created), instant(row.until), None if row.taken is None else instant(row.taken),
    )  # fmt: skip
