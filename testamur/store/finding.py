"""Looking records up: by id, by row, by what is written on them, and the digests of all forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from testamur.store.batches import find_batch
from testamur.store.recording import searchable
from testamur.store.rows import chunks, find_organisation, instant
from testamur.store.tables import (
    batches,
    forms,
    looks,
    organisations,
    records,
    status_lists,
    status_slots,
)
from testamur.store.values import Form, KnownRow, Record, StatusSlot

_MOST = 500  # keys in one statement

_RECORDS = (
    select(
        records,
        organisations.c.name.label("organisation_name"),
        batches.c.name.label("batch_name"),
        looks.c.digest.label("look_digest"),
    )
    .join(organisations, organisations.c.id == records.c.organisation)
    .outerjoin(batches, batches.c.id == records.c.batch)
    .outerjoin(looks, looks.c.id == records.c.look)
)


def get(connection: Connection, record_id: str) -> Record | None:
    """The record of this id with its forms, None where there is none."""
    found = _built(connection, _RECORDS.where(records.c.id == record_id), with_forms=True)
    return found[0] if found else None


def get_many(connection: Connection, record_ids: Sequence[str]) -> list[Record]:
    """The records of these ids with their forms, in that order."""
    found = {
        record.id: record
        for some in chunks(record_ids, _MOST)
        for record in _built(connection, _RECORDS.where(records.c.id.in_(some)), with_forms=True)
    }
    return [found[record_id] for record_id in record_ids if record_id in found]


def record_owner(connection: Connection, record_id: str) -> int:
    """The integer of the organisation that has a record; raises LookupError where there is no such record."""
    owner: int | None = connection.scalar(select(records.c.organisation).where(records.c.id == record_id))
    if owner is None:
        raise LookupError(record_id)
    return owner


def find(
    connection: Connection,
    organisation: str,
    *,
    text: str,
    batch: str,
    state: str,
    after: int,
    limit: int,
    with_forms: bool,
) -> list[Record]:
    """At most ``limit`` records whose serial is past ``after``, by serial."""
    owner = find_organisation(connection, organisation)
    query = _RECORDS.where(records.c.organisation == owner, records.c.serial > after)
    if text:
        written = records.c.search.contains(searchable(text), autoescape=True)
        query = query.where(written | records.c.id.contains(text, autoescape=True))
    if batch:
        query = query.where(records.c.batch == find_batch(connection, owner, batch))
    if state:
        query = query.where(records.c.state == state)
    return _built(connection, query.order_by(records.c.serial).limit(limit), with_forms=with_forms)


def rows(
    connection: Connection, organisation: str, template: str, keys: Collection[str]
) -> dict[str, KnownRow]:
    """Those of the row keys that have a live record, each with what it was made from."""
    owner = find_organisation(connection, organisation)
    query = select(records.c.row_key, records.c.id, records.c.row_digest, records.c.state).where(
        records.c.organisation == owner,
        records.c.template == template,
        records.c.replaced_by.is_(None),
        records.c.row_key != "",
        records.c.row_key.in_(bindparam("keys", expanding=True)),
    )
    return {
        row.row_key: KnownRow(row.id, row.row_digest, row.state)
        for some in chunks(keys, _MOST)
        for row in connection.execute(query, {"keys": some})
    }


def knows_rows(connection: Connection, organisation: str, template: str) -> bool:
    """Whether any row of a template has a live record."""
    query = select(records.c.serial).where(
        records.c.organisation == find_organisation(connection, organisation),
        records.c.template == template,
        records.c.replaced_by.is_(None),
        records.c.row_key != "",
    )
    return connection.scalar(query.limit(1)) is not None


def digests(connection: Connection, organisation: str) -> Iterator[bytes]:
    """The SHA-256 of every form of an organisation, sorted; read as they are taken."""
    found = connection.execution_options(yield_per=10_000).execute(
        select(forms.c.digest)
        .join(records, records.c.serial == forms.c.record)
        .where(records.c.organisation == find_organisation(connection, organisation))
        .order_by(forms.c.digest)
    )
    for row in found:
        yield bytes(row.digest)


def _built(connection: Connection, query: Select[Any], *, with_forms: bool) -> list[Record]:
    found = connection.execute(query).all()
    serials = [row.serial for row in found]
    slots = _slots(connection, serials)
    texts = _forms(connection, serials) if with_forms else {}
    return [_record(row, slots.get(row.serial, []), texts.get(row.serial, [])) for row in found]


def _record(row: Row[Any], slots: list[StatusSlot], texts: list[Form]) -> Record:
    return Record(
        serial=row.serial,
        id=row.id,
        organisation=row.organisation_name,
        template=row.template,
        template_version=row.template_version,
        row_key=row.row_key,
        row_digest=row.row_digest,
        batch=row.batch_name or "",
        look=row.look_digest or "",
        issued_at=instant(row.issued_at),
        valid_from=instant(row.valid_from),
        holder=row.holder,
        holder_latin=row.holder_latin,
        award=row.award,
        number=row.number,
        state=row.state,
        replaced_by=row.replaced_by or "",
        slots=tuple(slots),
        forms=tuple(texts),
    )


def _slots(connection: Connection, serials: Sequence[int]) -> dict[int, list[StatusSlot]]:
    query = (
        select(
            status_slots.c.record,
            status_lists.c.id,
            status_lists.c.number,
            status_slots.c.list_index,
            status_lists.c.purpose,
        )
        .join(status_lists, status_lists.c.id == status_slots.c.list)
        .where(status_slots.c.record.in_(bindparam("serials", expanding=True)))
        .order_by(status_slots.c.record, status_lists.c.purpose)
    )
    found: dict[int, list[StatusSlot]] = defaultdict(list)
    for some in chunks(serials, _MOST):
        for serial, *slot in connection.execute(query, {"serials": some}):
            found[serial].append(StatusSlot(*slot))
    return found


def _forms(connection: Connection, serials: Sequence[int]) -> dict[int, list[Form]]:
    query = (
        select(forms.c.record, forms.c.name, forms.c.format, forms.c.text)
        .where(forms.c.record.in_(bindparam("serials", expanding=True)))
        .order_by(forms.c.record, forms.c.name)
    )
    found: dict[int, list[Form]] = defaultdict(list)
    for some in chunks(serials, _MOST):
        for serial, *form in connection.execute(query, {"serials": some}):
            found[serial].append(Form(*form))
    return found
