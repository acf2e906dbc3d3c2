"""How a record stands: valid, suspended, revoked or replaced, and every event that made it so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from testamur.errors import OperatorError, Refused
from testamur.store.rows import find_organisation, instant, seconds
from testamur.store.tables import records, status_events, status_lists, status_slots
from testamur.store.values import REPLACED, REVOCATION, REVOKED, SUSPENDED, SUSPENSION, VALID, StatusEvent


@dataclass(frozen=True, slots=True)
class _Standing:
    serial: int
    state: str
    list: int
    index: int
    is_set: bool


def change(
    connection: Connection, record_id: str, purpose: str, value: bool, reason: str, at: datetime
) -> bool:
    """Set or clear the bit of a record and write the event; False where it stands so already.

    A revocation is for good (Bitstring Status List §2.2: the purpose is irreversible); only a
    record with a suspension entry can be suspended.
    """
    now = _look_up(connection, record_id, purpose)
    if now.is_set == value:
        return False
    if purpose == REVOCATION and not value:
        raise Refused(f"{record_id} is revoked; a revocation cannot be undone")
    if purpose == SUSPENSION and now.state in (REVOKED, REPLACED):
        raise Refused(f"{record_id} is {now.state} and can no longer be suspended or reinstated")
    added = connection.execute(
        insert(status_events)
        .values(record=now.serial, purpose=purpose, value=value, reason=reason, at=seconds(at))
        .returning(status_events.c.id)
    ).scalar_one()
    connection.execute(
        update(status_slots)
        .where(status_slots.c.list == now.list, status_slots.c.list_index == now.index)
        .values(event=added if value else None)
    )
    if now.state != REPLACED:
        state = _state(purpose, value)
        connection.execute(update(records).where(records.c.serial == now.serial).values(state=state))
    return True


def replace(connection: Connection, record_id: str, replaced_by: str) -> None:
    """Name the record that takes the place of this one, once; the new one must be there by the commit."""
    done = connection.execute(
        update(records)
        .where(records.c.id == record_id, records.c.replaced_by.is_(None), records.c.id != replaced_by)
        .values(replaced_by=replaced_by, state=REPLACED)
    )
    if done.rowcount != 1:
        raise Refused(f"{record_id} is not in the ledger or was replaced already")


def history(connection: Connection, record_id: str) -> list[StatusEvent]:
    """Every event of a record's status, the oldest first."""
    events = status_events.c
    rows = connection.execute(
        select(events.purpose, events.value, events.reason, events.at)
        .join(records, records.c.serial == events.record)
        .where(records.c.id == record_id)
        .order_by(events.id)
    )
    return [StatusEvent(row.purpose, row.value, row.reason, instant(row.at)) for row in rows]


def _look_up(connection: Connection, record_id: str, purpose: str) -> _Standing:
    """The record, locked against others who change it, and its slot of this purpose."""
    found = connection.execute(
        select(records.c.serial, records.c.state)
        .where(records.c.id == record_id)
        .with_for_update(key_share=True)
    ).one_or_none()
    if found is None:
        raise OperatorError(
            f"there is no record {record_id} in the ledger", hint="`testamur list` shows them"
        )
    slot = connection.execute(
        select(status_slots.c.list, status_slots.c.list_index, status_slots.c.event)
        .join(status_lists, status_lists.c.id == status_slots.c.list)
        .where(status_slots.c.record == found.serial, status_lists.c.purpose == purpose)
    ).first()
    if slot is None:
        raise OperatorError(
            f"{record_id} has no {purpose} entry",
            hint="only records of a template with `suspendable = true` can be suspended; revoke it instead"
            if purpose == SUSPENSION
            else "",
        )
    return _Standing(found.serial, found.state, slot.list, slot.list_index, slot.event is not None)


def _state(purpose: str, value: bool) -> str:
    if purpose == REVOCATION:
        return REVOKED
    return SUSPENDED if value else VALID


def last_change(connection: Connection, organisation: str) -> datetime | None:
    """The second of the latest event of an organisation, None where there was none."""
    latest = connection.scalar(
        select(func.max(status_events.c.at))
        .join(records, records.c.serial == status_events.c.record)
        .where(records.c.organisation == find_organisation(connection, organisation))
    )
    return None if latest is None else instant(latest)
