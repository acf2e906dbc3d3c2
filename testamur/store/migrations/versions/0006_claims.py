"""Offers and claims: links that learners are given, and what wallets take."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _digest() -> sa.Column[bytes]:
    return sa.Column("digest", sa.LargeBinary, primary_key=True)


def _serial() -> sa.Column[int]:
    return sa.Column("id", SERIAL, primary_key=True)


def _offer() -> sa.Column[int]:
    return sa.Column("offer", SERIAL, sa.ForeignKey("offers.id"), nullable=False)


def upgrade() -> None:
    """Nothing was offered before this."""
    _make_offers()
    _make_what_came_of_them()
    _make_passing()


def _make_offers() -> None:
    op.create_table(
        "offers",
        _serial(),
        sa.Column("organisation", sa.Integer, sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("record", SERIAL, sa.ForeignKey("records.serial"), nullable=False),
        sa.Column("link", sa.LargeBinary, nullable=False),
        sa.Column("code", sa.LargeBinary, nullable=False),
        sa.Column("code_length", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        *_text("label", "state"),
        _instant("created"),
        _instant("until"),
        _instant("opened", nullable=True),
        _instant("taken", nullable=True),
        sa.UniqueConstraint("link", name="offers_link"),
    )
    op.create_index("offers_record", "offers", ["record"])


def _make_what_came_of_them() -> None:
    op.create_table(
        "offered_forms",
        _offer(),
        *_text("configuration", "thumbprint", "form"),
        _instant("at"),
        sa.PrimaryKeyConstraint("offer", "configuration", "thumbprint"),
    )
    op.create_table("offer_notices", _digest(), _offer(), *_text("event"), _instant("at"), _instant("until"))
    op.create_index("offer_notices_offer", "offer_notices", ["offer"])
    op.create_table(
        "offer_wishes", _serial(), _offer(), *_text("text"), _instant("at"), _instant("done", nullable=True)
    )
    op.create_index("offer_wishes_offer", "offer_wishes", ["offer"])


def _make_passing() -> None:
    op.create_table(
        "offer_codes",
        _digest(),
        _offer(),
        *_text("kind", "said"),
        sa.Column("spent", sa.Boolean, nullable=False),
        _instant("until"),
    )
    op.create_index("offer_codes_until", "offer_codes", ["until"])
    op.create_table(
        "offer_tokens",
        _digest(),
        _offer(),
        sa.Column("code", sa.LargeBinary, nullable=False),
        *_text("said"),
        sa.Column("ended", sa.Boolean, nullable=False),
        _instant("until"),
    )
    op.create_index("offer_tokens_offer", "offer_tokens", ["offer"])
    op.create_table("offer_waiting", _digest(), _offer(), *_text("said"), _instant("until"))
    op.create_index("offer_waiting_offer", "offer_waiting", ["offer"])
    op.create_table("seen", _digest(), _instant("until"))
    op.create_index("seen_until", "seen", ["until"])
