"""Records that are no longer handed out: hidden, while status lists and the organisation still know them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from testamur.store.rows import seconds
from testamur.store.tables import hidden, records


def hide(connection: Connection, record_id: str, at: datetime) -> bool:
    """Hide a record; False where it is hidden already or there is none."""
    serial = connection.scalar(
        select(records.c.serial).where(records.c.id == record_id).with_for_update(key_share=True)
    )
    if serial is None or is_hidden(connection, record_id):
        return False
    connection.execute(insert(hidden).values(record=serial, at=seconds(at)))
    return True


def is_hidden(connection: Connection, record_id: str) -> bool:
    """Whether a record was hidden."""
    found = connection.scalar(
        select(hidden.c.record)
        .join(records, records.c.serial == hidden.c.record)
        .where(records.c.id == record_id)
    )
    return found is not None
