"""Who works at the desk: people, roles, credentials, sessions, invitations and counters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _instant(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _person(*, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(
        "person",
        sa.Integer,
        sa.ForeignKey("people.id"),
        nullable=False,
        primary_key=primary_key,
        autoincrement=False,
    )


def _organisation(*, nullable: bool = False) -> sa.Column[int]:
    return sa.Column("organisation", sa.Integer, sa.ForeignKey("organisations.id"), nullable=nullable)


def upgrade() -> None:
    """Nobody worked at a desk before this."""
    _make_people()
    _make_credentials()
    _make_passing()


def _make_people() -> None:
    op.create_table("installation", sa.Column("name", sa.Text, primary_key=True), _bytes("value"))
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        _text("email"),
        _text("name"),
        _text("language"),
        sa.Column("is_operator", sa.Boolean, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        _instant("created"),
        sa.UniqueConstraint("email", name="people_email"),
    )
    op.create_table(
        "memberships",
        _person(),
        _organisation(),
        _text("role"),
        sa.PrimaryKeyConstraint("person", "organisation", "role"),
    )
    op.create_index("memberships_organisation", "memberships", ["organisation"])


def _make_credentials() -> None:
    op.create_table("passwords", _person(primary_key=True), _text("hash"), _instant("changed"))
    op.create_table(
        "totps",
        _person(primary_key=True),
        _bytes("secret"),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "recovery_codes", _person(), _bytes("digest"), sa.PrimaryKeyConstraint("person", "digest")
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Text, primary_key=True),
        _person(),
        _bytes("public_key"),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        _text("name"),
        _instant("created"),
        _instant("used"),
    )
    op.create_index("passkeys_person", "passkeys", ["person"])
    op.create_table(
        "identities",
        _text("issuer"),
        _text("subject"),
        _person(),
        _instant("created"),
        sa.PrimaryKeyConstraint("issuer", "subject"),
    )


def _make_passing() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        _person(),
        _text("stage"),
        _instant("began"),
        _instant("seen"),
        _instant("proved"),
    )
    op.create_index("sessions_person", "sessions", ["person"])
    op.create_table(
        "invitations",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        _text("email"),
        _organisation(nullable=True),
        _text("roles"),
        sa.Column("is_operator", sa.Boolean, nullable=False),
        sa.Column("by", sa.Integer, sa.ForeignKey("people.id")),
        _instant("created"),
        _instant("until"),
    )
    op.create_index("invitations_organisation", "invitations", ["organisation"])
    op.create_table(
        "pending",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        _text("kind"),
        _text("value"),
        _instant("until"),
    )
    op.create_table(
        "tries",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        _instant("since"),
    )
