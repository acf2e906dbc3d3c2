"""Keeping records: all of them or none, in one transaction, with few and large statements."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from testamur.crashpoints import reached
from testamur.errors import OperatorError
from testamur.store.audit import Note, append
from testamur.store.audit.issued import note_issued
from testamur.store.batches import batch_number
from testamur.store.engine import is_sqlite
from testamur.store.looks import find_look
from testamur.store.rows import insert_many, organisation_number, seconds
from testamur.store.standing import change, replace
from testamur.store.tables import forms, records, status_slots
from testamur.store.values import REVOCATION, VALID, Form, NewRecord

REPLACED_REASON = "replaced by a corrected copy"
_MAX_FORMS = 1000
_NULL = "\0"  # PostgreSQL keeps no NUL in text


def record(
    connection: Connection, new: Sequence[NewRecord], *, who: str = "", why: str = ""
) -> Sequence[int]:
    """Keep the records and give their serials; older ones that they replace are revoked with them.

    The audit log is told last of all.
    """
    if not new:
        return []
    serials = _serials(connection, len(new))
    numbers = _Numbers(connection)
    for item in new:
        if item.replaces:
            replace(connection, item.replaces, item.id)  # the new one may then take its row
    insert_many(connection, records, [_row(item, n, numbers) for item, n in zip(new, serials, strict=True)])
    texts = _form_rows(new, serials)
    insert_many(connection, forms, texts)
    insert_many(connection, status_slots, _slot_rows(new, serials))
    revoked = frozenset(
        item.replaces
        for item in new
        if item.replaces
        and change(connection, item.replaces, REVOCATION, True, REPLACED_REASON, item.issued_at)
    )
    note_issued(connection, new, serials, texts, revoked, who=who, why=why)
    reached("recording")
    return serials


def searchable(*parts: str) -> str:
    """Names folded so that a search finds them without their case and accents."""
    folded = " ".join(part for part in parts if part).casefold()
    return folded if folded.isascii() else unicodedata.normalize("NFKD", folded).translate(_WITHOUT_MARKS)


class _WithoutMarks(dict[int, int | None]):
    """A table for ``translate`` that drops marks; it learns each character when it first comes."""

    def __missing__(self, character: int) -> int | None:
        self[character] = None if unicodedata.category(chr(character)) == "Mn" else character
        return self[character]


_WITHOUT_MARKS = _WithoutMarks()


class _Numbers:
    """The integers that stand for the names in these records, each looked up once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._organisations: dict[str, int] = {}
        self._named: dict[tuple[str, int, str], int] = {}

    def organisation(self, name: str) -> int:
        if name not in self._organisations:
            self._organisations[name] = organisation_number(self._connection, name)
        return self._organisations[name]

    def batch(self, owner: int, name: str) -> int | None:
        if not name:
            return None
        key = ("batch", owner, name)
        if key not in self._named:
            self._named[key] = batch_number(self._connection, owner, name)
        return self._named[key]

    def look(self, owner: int, digest: str) -> int | None:
        if not digest:
            return None
        key = ("look", owner, digest)
        if key not in self._named:
            found = find_look(self._connection, owner, digest)
            if found is None:
                raise OperatorError(f"the look {digest:.60} is not in the ledger")
            self._named[key] = found
        return self._named[key]


def _serials(connection: Connection, count: int) -> Sequence[int]:
    if is_sqlite(connection):  # the write lock is ours: nobody else can take these
        last: int = connection.scalar(select(func.coalesce(func.max(records.c.serial), 0))) or 0
        return range(last + 1, last + 1 + count)
    rows = connection.execute(
        text("SELECT nextval(pg_get_serial_sequence('records', 'serial')) FROM generate_series(1, :count)"),
        {"count": count},
    )
    return list(rows.scalars())


def _row(item: NewRecord, serial: int, numbers: _Numbers) -> tuple[Any, ...]:
    """The values of a record in the order of the table's columns."""
    owner = numbers.organisation(item.organisation)
    shown = [text.replace(_NULL, "") for text in (item.holder, item.holder_latin, item.award, item.number)]
    return (
        serial,
        item.id,
        owner,
        item.template,
        item.template_version,
        item.row_key,
        item.row_digest,
        numbers.batch(owner, item.batch),
        numbers.look(owner, item.look),
        seconds(item.issued_at),
        seconds(item.valid_from),
        *shown,
        searchable(*shown),
        VALID,
        None,
    )


def _form_rows(new: Sequence[NewRecord], serials: Sequence[int]) -> list[tuple[Any, ...]]:
    return [
        (serial, form.name, form.format, form.digest, form.text)
        for item, serial in zip(new, serials, strict=True)
        for form in item.forms
    ]


def _slot_rows(new: Sequence[NewRecord], serials: Sequence[int]) -> list[tuple[Any, ...]]:
    return [
        (slot.list_id, slot.index, serial, None)
        for item, serial in zip(new, serials, strict=True)
        for slot in item.slots
    ]


def add_form(
    connection: Connection, record_id: str, form: Form, *, at: datetime, who: str, why: str = ""
) -> str:
    """Write one more form of a record under a name of its own, which is returned; the audit log is told."""
    found = connection.execute(
        select(records.c.serial, records.c.organisation)
        .where(records.c.id == record_id)
        .with_for_update(key_share=True)
    ).one_or_none()
    if found is None:
        raise OperatorError(f"there is no record {record_id} in the ledger")
    serial = found.serial
    taken = set(connection.scalars(select(forms.c.name).where(forms.c.record == serial)))
    names = (form.name, *(f"{form.name} {number}" for number in range(2, _MAX_FORMS)))
    name = next((name for name in names if name not in taken), None)
    if name is None:
        raise OperatorError(f"{record_id} has {_MAX_FORMS} forms of the kind {form.name}, which is enough")
    row = (serial, name, form.format, form.digest, form.text)
    insert_many(connection, forms, [row])
    note = Note("form_added", record_id, why, {"name": name, "format": form.format})
    append(connection, found.organisation, [note], who=who, at=at)
    return name
