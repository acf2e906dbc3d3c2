"""Alembic's door: runs the migrations inside the transaction that ``engine.open_engine`` has begun."""

from __future__ import annotations

from alembic import context

from testamur.store.engine import VERSION_TABLE
from testamur.store.every_table import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
