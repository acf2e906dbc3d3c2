"""What the wallet app keeps: vaults as sealed bytes, digests where names would be, and what ends by itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()


def _instant(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


def _keeper() -> Column[int]:
    return Column("keeper", Integer, ForeignKey("keepers.id"), nullable=False, index=True)


installation = Table(
    "wallet_installation",
    metadata,
    Column("name", Text, primary_key=True),
    _bytes("value"),
)

keepers = Table(
    "keepers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", LargeBinary, nullable=False, unique=True),  # a digest
    _bytes("vault"),
    Column("digest", Text, nullable=False),  # of the vault, which a writing brings back
    _instant("made"),
    _instant("written"),
)

sessions = Table(
    "wallet_sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _keeper(),
    _bytes("key"),  # the vault's, sealed under what the browser alone has
    _instant("began"),
    _instant("seen"),
)

wrongs = Table(
    "wallet_wrongs",
    metadata,
    Column("name", LargeBinary, primary_key=True),  # a digest, as above
    Column("count", Integer, nullable=False),
    _instant("until"),
)

links = Table(
    "wallet_links",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _keeper(),
    _bytes("sealed"),  # under a key that is in the link's fragment only; empty once withdrawn
    Column("is_withdrawn", Boolean, nullable=False),
    _instant("made"),
    _instant("until"),
    Column("opened", Integer, nullable=False),
)
