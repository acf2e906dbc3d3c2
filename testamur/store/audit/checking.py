"""Checking a log: that no entry was changed, left out or cut off, and that the ledger agrees with what it tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select

from testamur.encoding import encode_base64url
from testamur.store.audit.chain import Entry, Head
from testamur.store.audit.issued import ISSUED, REPLACED, Sum, read_spans
from testamur.store.audit.writing import BEGUN
from testamur.store.tables import forms, records, status_events, status_lists, status_slots
from testamur.store.values import REVOCATION, SUSPENSION

_MAX_PROBLEMS = 100
_STATUS = {
    "revoked": (REVOCATION, True),
    "suspended": (SUSPENSION, True),
    "reinstated": (SUSPENSION, False),
    REPLACED: (REVOCATION, True),
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What checking a log came to; ``erased`` counts the reasons whose words were taken out."""

    organisation: str
    head: Head
    erased: int = 0
    problems: tuple[str, ...] = ()

    def with_problems(self, more: Iterable[str]) -> Findings:
        """The same with further problems, at most a hundred in all."""
        return replace(self, problems=(*self.problems, *more)[:_MAX_PROBLEMS])


def check_chain(entries: Iterable[Entry], organisation: str, *, noted: str = "") -> Findings:
    """Whether each entry follows the one before, the log is this organisation's, and holds the head that was noted."""
    number, _, digest = noted.partition(":")
    newest, erased, name, problems = Head(), 0, "", list[str]()
    seen = not noted
    for entry in entries:
        if entry.number != newest.number + 1:
            problems.append(f"entry {newest.number + 1} is missing: {entry.number} follows {newest.number}")
        elif not entry.follows(newest.digest):
            problems.append(f"entry {entry.number} ({entry.act}) was changed, or one before it")
        if problems:
            break
        if (entry.act == BEGUN) != (entry.number == 1):
            problems.append(f"entry {entry.number} begins the log a second time")
        name = str(entry.detail.get({BEGUN: "organisation", "renamed": "to"}.get(entry.act, ""), name))
        newest = Head(entry.number, entry.digest)
        erased += entry.is_erased
        if str(entry.number) == number:
            seen = encode_base64url(entry.digest) == digest
    if not problems and newest.number and name != organisation:
        problems.append(f"the log is that of {name:.200}, not of {organisation:.200}")
    if not problems and not seen:
        problems.append(
            f"the head that was noted, {noted:.100}, is not in the log: it was cut or written anew"
        )
    return Findings(organisation, newest, erased, tuple(problems))


def check_ledger(connection: Connection, owner: int | None, entries: Iterable[Entry]) -> Iterator[str]:
    """How the ledger differs from what its log tells of records and their status."""
    told = _Told()
    for entry in entries:
        told.take(entry)
    count = connection.scalar(select(func.count()).where(records.c.organisation == owner)) or 0
    if count != told.records:
        yield f"the ledger has {count:,} records, the log tells of {told.records:,}"
    for entry in told.issues:
        if problem := _differing(connection, owner, entry, told.added):
            yield problem
    events = connection.scalar(
        select(func.count(status_events.c.id))
        .join(records, records.c.serial == status_events.c.record)
        .where(records.c.organisation == owner)
    )
    if events != told.events:
        yield f"the ledger has {events:,} changes of status, the log tells of {told.events:,}"
    yield from _differing_status(connection, owner, told)


class _Told:
    """What a log tells, gathered."""

    def __init__(self) -> None:
        self.records = self.events = self.events_before = 0
        self.issues: list[Entry] = []
        self.added: dict[str, set[str]] = {}
        self.status: dict[tuple[str, str], bool] = {}

    def take(self, entry: Entry) -> None:
        """Add an entry."""
        if entry.act == BEGUN:
            self.records += int(entry.detail["records"])
            self.events_before = int(entry.detail["events"])
            self.events += self.events_before
        elif entry.act == ISSUED:
            self.records += int(entry.detail["records"])
            self.issues.append(entry)
        elif entry.act == "form_added":
            self.added.setdefault(entry.subject, set()).add(str(entry.detail["name"]))
        elif entry.act in _STATUS:
            purpose, value = _STATUS[entry.act]
            self.status[entry.subject, purpose] = value
            self.events += bool(entry.detail.get("revoked", True))


def _differing(connection: Connection, owner: int | None, entry: Entry, added: dict[str, set[str]]) -> str:
    """What differs in the records that an entry tells of, "" where nothing does."""
    total, count = Sum(), 0
    for first, last in read_spans(str(entry.detail["serials"])):
        for record_id, own in _records(connection, owner, first, last):
            later = added.get(record_id, set())
            total.add(record_id, [form for form in own if form[0] not in later])
            count += 1
    if count != entry.detail["records"]:
        return f"of the {entry.detail['records']:,} records of entry {entry.number} the ledger has {count:,}"
    if total.text != entry.detail["digest"]:
        return f"records of entry {entry.number} are not what was issued"
    return ""


def _records(
    connection: Connection, owner: int | None, first: int, last: int
) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """The records of a span of serials, each with the names and digests of its forms."""
    rows = connection.execute(
        select(records.c.serial, records.c.id, forms.c.name, forms.c.digest)
        .outerjoin(forms, forms.c.record == records.c.serial)
        .where(records.c.organisation == owner, records.c.serial.between(first, last))
        .order_by(records.c.serial, forms.c.name)
    )
    serial, record_id, own = -1, "", list[tuple[str, bytes]]()
    for row in rows:
        if row.serial != serial:
            if record_id:
                yield record_id, own
            serial, record_id, own = row.serial, row.id, []
        if row.name is not None:
            own.append((row.name, bytes(row.digest)))
    if record_id:
        yield record_id, own


def _differing_status(connection: Connection, owner: int | None, told: _Told) -> Iterator[str]:
    """The records whose bits stand otherwise than the log tells, and bits that nobody set."""
    rows = connection.execute(
        select(records.c.id, status_lists.c.purpose)
        .join(status_slots, status_slots.c.record == records.c.serial)
        .join(status_lists, status_lists.c.id == status_slots.c.list)
        .where(records.c.organisation == owner, status_slots.c.event.is_not(None))
    )
    held = {(row.id, row.purpose) for row in rows}
    for (record_id, purpose), value in told.status.items():
        if value != ((record_id, purpose) in held):
            stands = "is not set" if value else "is set"
            yield f"the {purpose} of {record_id} {stands} in the ledger, against the log"
    if not told.events_before:
        for record_id, purpose in sorted(held - set(told.status)):
            yield f"the {purpose} of {record_id} is set in the ledger, and the log tells nothing of it"
