"""Alembic's door to the database of wallets, inside the transaction that ``engine.open_engine`` has begun."""

from __future__ import annotations

from alembic import context

from testamur.store.wallets.tables import metadata
from testamur.store.wallets.wallets import SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=SCHEMA.version_table,
)
with context.begin_transaction():
    context.run_migrations()
