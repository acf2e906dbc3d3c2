"""Undoing a batch: every record of it revoked, and its rows free to be issued again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, literal, select, update

from testamur.errors import OperatorError
from testamur.store.batches import find_batch
from testamur.store.rows import chunks, seconds
from testamur.store.tables import records, status_events, status_lists, status_slots
from testamur.store.values import REVOCATION, REVOKED, SUSPENDED, VALID

_MOST = 500


def undo(connection: Connection, owner: int | None, batch: str, reason: str, at: datetime) -> list[str]:
    """Revoke every record of a batch that is good, in few statements; gives their ids.

    The rows no longer count as issued: the same sheet, put right, is issued as if for the first time.
    What the batch replaced stays revoked, since a revocation is for good.
    """
    number = find_batch(connection, owner, batch)
    if number is None:
        raise OperatorError(f"there is no batch {batch!r:.80}", hint="`testamur list` shows the records")
    mine = (records.c.batch == number, records.c.state.in_((VALID, SUSPENDED)))
    found = connection.execute(
        select(records.c.serial, records.c.id).where(*mine).order_by(records.c.serial).with_for_update()
    ).all()
    for some in chunks([row.serial for row in found], _MOST):
        _revoke(connection, some, reason, at)
    connection.execute(
        update(records).where(records.c.batch == number, records.c.replaced_by.is_(None)).values(row_key="")
    )
    return [row.id for row in found]


def _revoke(connection: Connection, serials: Sequence[int], reason: str, at: datetime) -> None:
    wanted = select(
        records.c.serial, literal(REVOCATION), literal(True), literal(reason), literal(seconds(at))
    ).where(records.c.serial.in_(serials))
    connection.execute(
        insert(status_events).from_select(["record", "purpose", "value", "reason", "at"], wanted)
    )
    event = (
        select(status_events.c.id)
        .where(status_events.c.record == status_slots.c.record, status_events.c.purpose == REVOCATION)
        .order_by(status_events.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    lists = select(status_lists.c.id).where(status_lists.c.purpose == REVOCATION)
    connection.execute(
        update(status_slots)
        .where(status_slots.c.record.in_(serials), status_slots.c.list.in_(lists))
        .values(event=event)
    )
    connection.execute(update(records).where(records.c.serial.in_(serials)).values(state=REVOKED))
