"""Erasing what is personal of a record; its status entry and the digests of its forms stay, so that its copies are answered honestly."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, ForeignKey, Table, delete, insert, select, update

from testamur.errors import OperatorError
from testamur.store.audit import Note, append
from testamur.store.audit.log import take_out_reasons
from testamur.store.claims.tables import offers
from testamur.store.claims.values import WITHDRAWN
from testamur.store.engine import is_sqlite
from testamur.store.mail.tables import contacts, letters
from testamur.store.mail.values import CANCELLED, QUEUED, SENDING
from testamur.store.rows import seconds
from testamur.store.tables import SERIAL, forms, metadata, records, status_events

erased = Table(
    "erased",
    metadata,
    Column("record", SERIAL, ForeignKey("records.serial"), primary_key=True),
    Column("at", BigInteger, nullable=False),
)


def erase(
    connection: Connection, record_id: str, why: str, at: datetime, *, who: str, kept_reasons: Collection[str]
) -> bool:
    """Erase a record's personal data, for good; False where that was done before.

    What is gone: names, number, row, the texts of all forms, the address, letters, links, and the words
    of reasons that are not among ``kept_reasons``. What stays: the id, award, batch, days, status with its
    index, and the digests.
    """
    found = connection.execute(
        select(records.c.serial, records.c.organisation, records.c.award)
        .where(records.c.id == record_id)
        .with_for_update(key_share=True)
    ).one_or_none()
    if found is None:
        raise OperatorError(f"there is no record {record_id:.80} in the ledger")
    if is_erased(connection, record_id):
        return False
    if is_sqlite(connection):
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # freed pages are written over
    serial = found.serial
    connection.execute(
        update(records)
        .where(records.c.serial == serial)
        .values(
            holder="", holder_latin="", number="", row_key="", row_digest="", search=found.award.casefold()
        )
    )
    connection.execute(update(forms).where(forms.c.record == serial).values(text=""))
    _forget_letters(connection, serial, at)
    connection.execute(
        update(offers).where(offers.c.record == serial).values(state=WITHDRAWN, label="", code=b"")
    )
    connection.execute(
        update(status_events)
        .where(status_events.c.record == serial, status_events.c.reason.not_in(kept_reasons))
        .values(reason="")
    )
    take_out_reasons(connection, found.organisation, record_id)
    connection.execute(insert(erased).values(record=serial, at=seconds(at)))
    append(connection, found.organisation, [Note("erased", record_id, why)], who=who, at=at)
    return True


def is_erased(connection: Connection, record_id: str) -> bool:
    """Whether the personal data of a record was erased."""
    found = connection.scalar(
        select(erased.c.record)
        .join(records, records.c.serial == erased.c.record)
        .where(records.c.id == record_id)
    )
    return found is not None


def erased_ids(connection: Connection, owner: int | None) -> list[str]:
    """The records of an organisation that were erased: what has to be erased again after an older backup is restored."""
    return list(
        connection.scalars(
            select(records.c.id)
            .join(erased, erased.c.record == records.c.serial)
            .where(records.c.organisation == owner)
            .order_by(erased.c.at, records.c.serial)
        )
    )


def due_for_erasure(connection: Connection, owner: int | None, before: datetime, limit: int) -> list[str]:
    """Records that were issued before a day and are not erased yet, the oldest first."""
    return list(
        connection.scalars(
            select(records.c.id)
            .outerjoin(erased, erased.c.record == records.c.serial)
            .where(
                records.c.organisation == owner,
                records.c.issued_at < seconds(before),
                erased.c.record.is_(None),
            )
            .order_by(records.c.serial)
            .limit(limit)
        )
    )


def forget_contacts(connection: Connection, owner: int | None, before: datetime) -> int:
    """Forget where learners of older records were written to; gives how many."""
    older = select(records.c.serial).where(
        records.c.organisation == owner, records.c.issued_at < seconds(before)
    )
    return connection.execute(delete(contacts).where(contacts.c.record.in_(older))).rowcount


def forget_letters(connection: Connection, owner: int | None, before: datetime) -> int:
    """Forget letters that came to their end before a day; gives how many."""
    return connection.execute(
        delete(letters).where(letters.c.organisation == owner, letters.c.ended_at < seconds(before))
    ).rowcount


def _forget_letters(connection: Connection, serial: int, at: datetime) -> None:
    connection.execute(delete(contacts).where(contacts.c.record == serial))
    connection.execute(
        update(letters)
        .where(letters.c.record == serial, letters.c.state.in_((QUEUED, SENDING)))
        .values(state=CANCELLED, ended_at=seconds(at))
    )
    connection.execute(update(letters).where(letters.c.record == serial).values(sealed=b"", note=""))
