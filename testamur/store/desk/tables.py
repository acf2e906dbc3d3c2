"""Who works at the desk: people, what they may do where, how they sign in, and what waits for them.

Tables marked ``passing`` hold nothing that a backup needs: sessions, invitations and counters end by themselves.
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

from testamur.store.tables import metadata

PASSING = {"passing": True}


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _instant(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _person(*, primary_key: bool = False) -> Column[int]:
    return Column(
        "person",
        Integer,
        ForeignKey("people.id"),
        nullable=False,
        primary_key=primary_key,
        autoincrement=False,
    )


installation = Table(
    "installation",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("email"),
    _text("name"),
    _text("language"),
    Column("is_operator", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    _instant("created"),
    UniqueConstraint("email", name="people_email"),
)

memberships = Table(
    "memberships",
    metadata,
    _person(),
    Column("organisation", Integer, ForeignKey("organisations.id"), nullable=False),
    _text("role"),
    PrimaryKeyConstraint("person", "organisation", "role"),
    Index("memberships_organisation", "organisation"),
)

passwords = Table(
    "passwords",
    metadata,
    _person(primary_key=True),
    _text("hash"),
    _instant("changed"),
)

totps = Table(
    "totps",
    metadata,
    _person(primary_key=True),
    Column("secret", LargeBinary, nullable=False),  # sealed
    Column("confirmed", Boolean, nullable=False),
    Column("last_step", BigInteger, nullable=False),  # a code counts once
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    _person(),
    Column("digest", LargeBinary, nullable=False),
    PrimaryKeyConstraint("person", "digest"),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Text, primary_key=True),  # base64url
    _person(),
    Column("public_key", LargeBinary, nullable=False),  # COSE
    Column("sign_count", BigInteger, nullable=False),
    _text("name"),
    _instant("created"),
    _instant("used"),
    Index("passkeys_person", "person"),
)

identities = Table(
    "identities",
    metadata,
    _text("issuer"),
    _text("subject"),
    _person(),
    _instant("created"),
    PrimaryKeyConstraint("issuer", "subject"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _person(),
    _text("stage"),
    _instant("began"),
    _instant("seen"),
    _instant("proved"),  # when the person last proved who they are
    Index("sessions_person", "person"),
    info=PASSING,
)

invitations = Table(
    "invitations",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _text("email"),
    Column("organisation", Integer, ForeignKey("organisations.id")),
    _text("roles"),  # by spaces
    Column("is_operator", Boolean, nullable=False),
    Column("by", Integer, ForeignKey("people.id")),
    _instant("created"),
    _instant("until"),
    Index("invitations_organisation", "organisation"),
    info=PASSING,
)

pending = Table(
    "pending",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _text("kind"),
    _text("value"),
    _instant("until"),
    info=PASSING,
)

tries = Table(
    "tries",
    metadata,
    Column("name", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    _instant("since"),
    info=PASSING,
)

sheets = Table(
    "sheets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("organisation", Integer, ForeignKey("organisations.id"), nullable=False),
    _person(),  # who prepared it
    _text("template"),
    _text("key"),  # the column that names rows; "" where each row names itself
    _text("batch"),
    _text("name"),  # of the file
    Column("data", LargeBinary, nullable=False),
    _text("courses_name"),
    Column("courses", LargeBinary, nullable=False),  # b"" where there are none
    Column("changed", Boolean, nullable=False),  # whether rows that changed get a new record
    _instant("created"),
    _instant("moved"),  # when it was last worked at
    Index("sheets_organisation", "organisation"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("organisation", Integer, ForeignKey("organisations.id"), nullable=False),
    _person(),
    _text("kind"),
    _text("subject"),
    _text("state"),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    _text("note"),
    _text("result"),
    _instant("created"),
    _instant("lease"),  # until when a worker has it alone
    Index("jobs_organisation", "organisation"),
    info=PASSING,
)

template_versions = Table(
    "template_versions",
    metadata,
    Column("organisation", Integer, ForeignKey("organisations.id"), nullable=False),
    _text("name"),
    Column("number", Integer, nullable=False),
    _text("text"),
    _person(),
    _instant("created"),
    PrimaryKeyConstraint("organisation", "name", "number"),
)
