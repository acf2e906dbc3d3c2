"""The audit log of the organisations of a ledger: read, added to, checked and exported."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from testamur.encoding import encode_base64url
from testamur.errors import OperatorError
from testamur.store.audit.chain import FORMAT, Entry, Head, Note
from testamur.store.audit.checking import Findings, check_chain, check_ledger
from testamur.store.audit.issued import ISSUED, read_spans
from testamur.store.audit.tables import audit
from testamur.store.audit.writing import append, head
from testamur.store.rows import find_organisation, instant, organisation_number
from testamur.store.tables import records

Access = Callable[[], AbstractContextManager[Connection]]

_PAGE = 1000
_NO_WORDS = b""


class AuditLog:
    """The logs of a ledger, one for each organisation; ``who`` is named for what is added here."""

    def __init__(self, reading: Access, writing: Access, snapshot: Access, who: str) -> None:
        self._reading, self._writing, self._snapshot, self._who = reading, writing, snapshot, who

    def note(
        self,
        organisation: str,
        act: str,
        *,
        at: datetime,
        subject: str = "",
        why: str = "",
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Add an act that changes nothing in the ledger: published, backed up, exported."""
        with self._writing() as connection:
            owner = organisation_number(connection, organisation)
            append(connection, owner, [Note(act, subject, why, detail or {})], who=self._who, at=at)

    def head(self, organisation: str) -> Head:
        """The newest entry: note it down elsewhere, and a log that was cut or written anew is found out."""
        with self._reading() as connection:
            return head(connection, find_organisation(connection, organisation))

    def entries(self, organisation: str) -> Iterator[Entry]:
        """Every entry, the oldest first, read as they are taken."""
        with self._snapshot() as connection:
            yield from _every(connection, find_organisation(connection, organisation))

    def page(
        self,
        organisation: str,
        *,
        after: int = 0,
        limit: int = _PAGE,
        subject: str | None = None,
        act: str = "",
    ) -> list[Entry]:
        """At most ``limit`` entries after a number."""
        with self._reading() as connection:
            owner = find_organisation(connection, organisation)
            query = select(audit).where(audit.c.organisation == owner, audit.c.number > after)
            if subject is not None:
                query = query.where(audit.c.subject == subject)
            if act:
                query = query.where(audit.c.act == act)
            return [_entry(row) for row in connection.execute(query.order_by(audit.c.number).limit(limit))]

    def of_record(self, record_id: str) -> list[Entry]:
        """Everything that the log tells of a record, beginning with how it was issued."""
        with self._reading() as connection:
            found = connection.execute(
                select(records.c.serial, records.c.organisation).where(records.c.id == record_id)
            ).one_or_none()
            if found is None:
                return []
            mine = select(audit).where(audit.c.organisation == found.organisation)
            own = list(map(_entry, connection.execute(mine.where(audit.c.subject == record_id))))
            if not any(entry.act == ISSUED for entry in own):
                issues = connection.execution_options(yield_per=_PAGE).execute(
                    mine.where(audit.c.act == ISSUED).order_by(audit.c.number)
                )
                own += [entry for entry in map(_entry, issues) if _holds(entry, found.serial)]
        return sorted(own, key=lambda entry: entry.number)

    def verify(self, organisation: str, *, noted: str = "", deep: bool = True) -> Findings:
        """Check the chain, that it still holds a head that was ``noted`` elsewhere, and what it tells against the ledger."""
        with self._snapshot() as connection:
            owner = find_organisation(connection, organisation)
            found = check_chain(_every(connection, owner), organisation, noted=noted)
            if deep and not found.problems:
                try:
                    told = list(check_ledger(connection, owner, _every(connection, owner)))
                except (KeyError, TypeError, ValueError):  # a chain that was written anew can say anything
                    told = ["an entry does not say what its act has to say: the log was written anew"]
                return found.with_problems(told)
        return found

    def export(self, organisation: str) -> Iterator[str]:
        """The log as lines of JSON: what it is, each entry, and how many there are with the head."""
        yield _line({"format": FORMAT, "organisation": organisation})
        newest = Head()
        for entry in self.entries(organisation):
            yield _line(entry.to_json())
            newest = Head(entry.number, entry.digest)
        yield _line({"entries": newest.number, "head": encode_base64url(newest.digest)})


def _every(connection: Connection, owner: int | None) -> Iterator[Entry]:
    rows = connection.execution_options(yield_per=_PAGE).execute(
        select(audit).where(audit.c.organisation == owner).order_by(audit.c.number)
    )
    return map(_entry, rows)


def take_out_reasons(connection: Connection, owner: int, subject: str) -> None:
    """Take the words of all reasons that were given about a subject out of the log; their digests stay."""
    connection.execute(
        update(audit)
        .where(audit.c.organisation == owner, audit.c.subject == subject, audit.c.why != "")
        .values(why="", why_salt=_NO_WORDS)
    )


def _holds(entry: Entry, serial: int) -> bool:
    return any(first <= serial <= last for first, last in read_spans(entry.detail["serials"]))


def _entry(row: Row[Any]) -> Entry:
    try:
        at, detail = instant(row.at), json.loads(row.detail)
    except (ValueError, TypeError, OverflowError, RecursionError, OSError):
        detail = None
    if not isinstance(detail, dict):
        raise OperatorError(f"entry {row.number} of the audit log was changed: it cannot be read")
    return Entry(
        number=row.number,
        at=at,
        who=row.who,
        act=row.act,
        subject=row.subject,
        detail=detail,
        why=row.why,
        why_salt=bytes(row.why_salt),
        why_digest=bytes(row.why_digest),
        digest=bytes(row.digest),
    )


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
