"""Status lists and the indexes in them: given out before signing, never given twice."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, insert, select, update

from testamur.store.permutation import SEED_BYTES, permuted
from testamur.store.rows import find_organisation, instant, organisation_number
from testamur.store.tables import organisations, records, status_events, status_lists, status_slots
from testamur.store.values import (
    LIST_SIZE,
    REPLACED,
    REVOKED,
    SUSPENDED,
    SUSPENSION,
    SetBit,
    StatusList,
    StatusSlot,
)


def reserve(connection: Connection, organisation: str, purpose: str, count: int) -> list[StatusSlot]:
    """That many fresh indexes, from as many lists as it takes; for good once the transaction is committed."""
    owner = organisation_number(connection, organisation)
    # everyone who reserves for this organisation passes here one after the other
    connection.execute(
        select(organisations.c.id).where(organisations.c.id == owner).with_for_update(key_share=True)
    )
    found: list[StatusSlot] = []
    while len(found) < count:
        found += _take(connection, owner, purpose, count - len(found))
    return found


def _take(connection: Connection, owner: int, purpose: str, count: int) -> list[StatusSlot]:
    lists = status_lists.c
    current = connection.execute(
        select(lists.id, lists.number, lists.seed, lists.next_position, lists.size)
        .where(lists.organisation == owner, lists.purpose == purpose, lists.next_position < lists.size)
        .order_by(lists.number)
        .limit(1)
    ).one_or_none()
    if current is None:
        _open_list(connection, owner, purpose)
        return []
    first = current.next_position
    end = min(first + count, current.size)
    connection.execute(update(status_lists).where(lists.id == current.id).values(next_position=end))
    return [
        StatusSlot(current.id, current.number, permuted(current.seed, position), purpose)
        for position in range(first, end)
    ]


def _open_list(connection: Connection, owner: int, purpose: str) -> None:
    numbers = organisations.c
    number = connection.scalar(select(numbers.next_list).where(numbers.id == owner))
    connection.execute(
        update(organisations).where(numbers.id == owner).values(next_list=numbers.next_list + 1)
    )
    connection.execute(
        insert(status_lists).values(
            organisation=owner,
            number=number,
            purpose=purpose,
            seed=secrets.token_bytes(SEED_BYTES),
            next_position=0,
            size=LIST_SIZE,
        )
    )


def lists(connection: Connection, organisation: str) -> list[StatusList]:
    """Every status list of an organisation, by number."""
    columns = status_lists.c
    rows = connection.execute(
        select(columns.id, columns.number, columns.purpose, columns.size)
        .where(columns.organisation == find_organisation(connection, organisation))
        .order_by(columns.number)
    )
    return [StatusList(*row) for row in rows]


def set_bits(connection: Connection, list_id: int) -> dict[int, SetBit]:
    """The indexes of a list whose bit is set, each with why and since when."""
    rows = connection.execute(
        select(
            status_slots.c.list_index,
            status_events.c.purpose,
            status_events.c.reason,
            status_events.c.at,
            records.c.replaced_by,
        )
        .join(status_events, status_events.c.id == status_slots.c.event)
        .join(records, records.c.serial == status_slots.c.record)
        .where(status_slots.c.list == list_id)
        .order_by(status_slots.c.list_index)
    )
    return {
        row.list_index: SetBit(_state(row.purpose, row.replaced_by), row.reason, instant(row.at))
        for row in rows
    }


def suspended(connection: Connection, list_id: int) -> list[int]:
    """The indexes in a revocation list of the records that are suspended just now."""
    own, other, lists_of = status_slots.alias(), status_slots.alias(), status_lists.alias()
    rows = connection.scalars(
        select(own.c.list_index)
        .join(other, other.c.record == own.c.record)
        .join(lists_of, lists_of.c.id == other.c.list)
        .where(own.c.list == list_id, lists_of.c.purpose == SUSPENSION, other.c.event.is_not(None))
        .order_by(own.c.list_index)
    )
    return list(rows)


def _state(purpose: str, replaced_by: str | None) -> str:
    if purpose == SUSPENSION:
        return SUSPENDED
    return REPLACED if replaced_by else REVOKED
