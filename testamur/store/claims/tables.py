"""The tables of claims: what was offered to whom, and the codes, tokens and nonces on the way to a wallet.

What is secret is kept as its SHA-256 only. Tables marked ``passing`` end by themselves and are in no backup:
a link that was given out still leads to its offer after a restore, and a wallet on its way begins again.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from testamur.store.tables import SERIAL, metadata

PASSING = {"passing": True}


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _instant(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def _digest() -> Column[bytes]:
    return Column("digest", LargeBinary, primary_key=True)


def _offer() -> Column[int]:
    return Column("offer", SERIAL, ForeignKey("offers.id"), nullable=False)


offers = Table(
    "offers",
    metadata,
    Column("id", SERIAL, primary_key=True),
    Column("organisation", Integer, ForeignKey("organisations.id"), nullable=False),
    Column("record", SERIAL, ForeignKey("records.serial"), nullable=False),
    Column("link", LargeBinary, nullable=False),  # digest of what stands in the address
    Column(
        "code", LargeBinary, nullable=False
    ),  # salt and hash of the one-time code, empty where there is none
    Column("code_length", Integer, nullable=False),
    Column("tries", Integer, nullable=False),  # wrong codes
    _text("label"),
    _text("state"),
    _instant("created"),
    _instant("until"),
    _instant("opened", nullable=True),
    _instant("taken", nullable=True),
    UniqueConstraint("link", name="offers_link"),
    Index("offers_record", "record"),
)

offered_forms = Table(
    "offered_forms",
    metadata,
    _offer(),
    _text("configuration"),
    _text("thumbprint"),  # of the holder's key
    _text("form"),  # the name the ledger keeps it under
    _instant("at"),
    PrimaryKeyConstraint("offer", "configuration", "thumbprint"),
)

offer_notices = Table(
    "offer_notices",
    metadata,
    _digest(),
    _offer(),
    _text("event"),  # "" until the wallet says something
    _instant("at"),
    _instant("until"),
    Index("offer_notices_offer", "offer"),
)

offer_wishes = Table(
    "offer_wishes",
    metadata,
    Column("id", SERIAL, primary_key=True),
    _offer(),
    _text("text"),  # what a learner asks to have corrected
    _instant("at"),
    _instant("done", nullable=True),
    Index("offer_wishes_offer", "offer"),
)

offer_codes = Table(
    "offer_codes",
    metadata,
    _digest(),
    _offer(),
    _text("kind"),
    _text("said"),  # JSON: what the request said that the next one is held to
    Column("spent", Boolean, nullable=False),
    _instant("until"),
    Index("offer_codes_until", "until"),
    info=PASSING,
)

offer_tokens = Table(
    "offer_tokens",
    metadata,
    _digest(),
    _offer(),
    Column("code", LargeBinary, nullable=False),  # digest of the code it was given for
    _text("said"),
    Column("ended", Boolean, nullable=False),
    _instant("until"),
    Index("offer_tokens_offer", "offer"),
    info=PASSING,
)

offer_waiting = Table(
    "offer_waiting",
    metadata,
    _digest(),
    _offer(),
    _text("said"),  # JSON: the configuration, the keys, how to answer
    _instant("until"),
    Index("offer_waiting_offer", "offer"),
    info=PASSING,
)

seen = Table(
    "seen",
    metadata,
    _digest(),  # of a nonce or a jti that counts once
    _instant("until"),
    Index("seen_until", "until"),
    info=PASSING,
)
