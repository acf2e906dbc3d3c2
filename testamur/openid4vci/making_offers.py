"""Making an offer of a record: the secret of its link, and the code that is told by another way."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from testamur.store.claims import Transaction, offers

CODE_LENGTH = 6
LIFETIME = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class MadeOffer:
    """What is told once, to be sent to the learner: link and code by two different ways."""

    record_id: str
    link: str = field(repr=False)  # the last part of the address
    code: str = field(repr=False)  # "" where the link alone opens it
    until: datetime


def make_offer(
    connection: Transaction,
    record_id: str,
    *,
    with_code: bool,
    at: datetime,
    label: str = "",
    lifetime: timedelta = LIFETIME,
    who: str = "",
) -> MadeOffer:
    """A fresh offer of a record in an open transaction; raises OperatorError where there is no such record."""
    link = secrets.token_urlsafe(24)
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_LENGTH)) if with_code else ""
    kept = offers.hash_code(code) if code else b""
    until = at + lifetime
    offers.add(connection, record_id, link, kept, len(code), label=label, at=at, until=until, who=who)
    return MadeOffer(record_id, link, code, until)
