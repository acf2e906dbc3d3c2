"""Keeping drafts and moving them on; each step is one transaction with its entry in the audit log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from testamur.errors import OperatorError, Refused
from testamur.store.audit import Note, append
from testamur.store.drafts.settings import setting
from testamur.store.drafts.tables import draft_parts, drafts
from testamur.store.drafts.values import (
    APPROVED,
    PREPARED,
    RETURNED,
    SIGNED,
    TWO_PERSONS,
    WITHDRAWN,
    Draft,
    NewDraft,
)
from testamur.store.rows import find_organisation, instant, organisation_number, seconds
from testamur.store.tables import batches, organisations, plans, shards
from testamur.store.values import DONE

Access = Callable[[], AbstractContextManager[Connection]]

_COLUMNS = (
    "id", "token", "kind", "template", "batch", "rows", "part_rows", "digest", "state", "note",
    "prepared_by", "approved_by",
)  # fmt: skip


class Drafts:
    """The drafts of a ledger, for the account ``who``."""

    def __init__(self, reading: Access, writing: Access, who: str) -> None:
        self._reading, self._writing, self._who = reading, writing, who

    def keep(self, organisation: str, new: NewDraft, *, at: datetime) -> int:
        """Keep a draft; gives its number."""
        with self._writing() as connection:
            owner = organisation_number(connection, organisation)
            values = {name: getattr(new, name) for name in _COLUMNS if hasattr(new, name)}
            number: int = connection.execute(
                insert(drafts)
                .values(
                    **values, organisation=owner, state=PREPARED, note="", task=new.task, approved_by="",
                    prepared_by=self._who, prepared_at=seconds(at),
                )
                .returning(drafts.c.id)
            ).scalar_one()  # fmt: skip
            for place, data in enumerate(new.parts, 1):
                connection.execute(insert(draft_parts).values(draft=number, number=place, data=data))
            detail = {"kind": new.kind, "rows": new.rows, "batch": new.batch, "template": new.template}
            self._told(connection, owner, Note("draft_prepared", str(number), "", detail), at)
            return number

    def get(self, organisation: str, number: int) -> Draft:
        """A draft of an organisation; raises OperatorError where it has none of this number."""
        with self._reading() as connection:
            return _draft(connection, _of(connection, organisation, number))

    def listed(
        self, organisation: str, *, states: Sequence[str] = (), limit: int = 200, before: int = 0
    ) -> list[Draft]:
        """The drafts of an organisation, the newest first, those before a number."""
        with self._reading() as connection:
            query = _drafts().where(drafts.c.organisation == find_organisation(connection, organisation))
            if states:
                query = query.where(drafts.c.state.in_(states))
            if before:
                query = query.where(drafts.c.id < before)
            rows = connection.execute(query.order_by(drafts.c.id.desc()).limit(limit)).all()
            return [_draft(connection, row) for row in rows]

    def waiting(self) -> list[Draft]:
        """The approved drafts of all organisations that are not signed yet: what a server goes on with when it starts."""
        with self._reading() as connection:
            rows = connection.execute(_drafts().where(drafts.c.state == APPROVED).order_by(drafts.c.id))
            return [_draft(connection, row) for row in rows.all()]

    def approve(self, organisation: str, number: int, *, at: datetime) -> Draft:
        """Approve a draft: from now on it is carried out. Raises Refused for whoever may not.

        Where the organisation's settings ask for two persons, nobody approves what they prepared.
        """
        with self._writing() as connection:
            row = _of(connection, organisation, number, lock=True)
            if row.state != PREPARED:
                raise Refused(f"the draft {number} is {row.state} and waits for no approval")
            needed = setting(connection, row.organisation, TWO_PERSONS).split()
            if row.kind in needed and row.prepared_by == self._who:
                raise Refused(
                    f"the draft {number} was prepared by the same person; another one has to approve it"
                )
            self._set(connection, row, "draft_approved", "", at, state=APPROVED, note="",
                      approved_by=self._who, approved_at=seconds(at))  # fmt: skip
            return _draft(connection, _of(connection, organisation, number))

    def send_back(self, organisation: str, number: int, why: str, *, at: datetime) -> None:
        """Return a draft that was not signed to whoever prepared it, with the reason; it is at its end."""
        self._end(organisation, number, "draft_returned", RETURNED, why, at, (PREPARED, APPROVED))

    def withdraw(self, organisation: str, number: int, why: str = "", *, at: datetime) -> None:
        """Give a draft up before it is approved."""
        self._end(organisation, number, "draft_withdrawn", WITHDRAWN, why, at, (PREPARED,))

    def note(self, organisation: str, number: int, text: str) -> None:
        """Write what keeps an approved draft from being signed."""
        with self._writing() as connection:
            row = _of(connection, organisation, number, lock=True)
            connection.execute(
                update(drafts)
                .where(drafts.c.id == row.id, drafts.c.state == APPROVED)
                .values(note=text.replace("\0", "")[:1000])
            )

    def finish(self, organisation: str, number: int, *, at: datetime) -> bool:
        """Write that an approved draft is carried out; what it held is gone. False where it is so already."""
        with self._writing() as connection:
            row = _of(connection, organisation, number, lock=True)
            if row.state == SIGNED:
                return False
            if row.state != APPROVED:
                raise Refused(f"the draft {number} is {row.state}, not approved")
            self._finish(connection, row, at)
            return True

    def hold(self, connection: Connection, number: int) -> None:
        """Lock an approved draft at the beginning of the transaction that carries it out; raises Refused where it is at its end."""
        state = connection.scalar(select(drafts.c.state).where(drafts.c.id == number).with_for_update())
        if state != APPROVED:
            raise Refused(f"the draft {number} is {state or 'gone'}, not approved")

    def carried_out(self, connection: Connection, number: int, *, at: datetime) -> None:
        """The same within the transaction of the act itself; raises Refused where it was done already."""
        row = connection.execute(_drafts().where(drafts.c.id == number).with_for_update(of=drafts)).one()
        if row.state != APPROVED:
            raise Refused(f"the draft {number} is {row.state}, not approved")
        self._finish(connection, row, at)

    def _finish(self, connection: Connection, row: Row[Any], at: datetime) -> None:
        _empty(connection, row.id)
        self._set(connection, row, "draft_signed", "", at, state=SIGNED, note="", ended_at=seconds(at))

    def task(self, draft: Draft) -> bytes:
        """The sealed task of a draft, b"" where it is at its end."""
        with self._reading() as connection:
            return bytes(connection.scalar(select(drafts.c.task).where(drafts.c.id == draft.id)) or b"")

    def part(self, draft: Draft, number: int) -> bytes:
        """A sealed part of the rows, counted from 1; raises OperatorError where it is gone."""
        with self._reading() as connection:
            data = connection.scalar(
                select(draft_parts.c.data).where(
                    draft_parts.c.draft == draft.id, draft_parts.c.number == number
                )
            )
        if data is None:
            raise OperatorError(f"the rows of draft {draft.id} are gone", hint="it was carried out or ended")
        return bytes(data)

    def _end(
        self, organisation: str, number: int, act: str, state: str, why: str, at: datetime, of: Sequence[str]
    ) -> None:
        with self._writing() as connection:
            row = _of(connection, organisation, number, lock=True)
            if row.state not in of:
                raise Refused(f"the draft {number} is {row.state}")
            _empty(connection, row.id)
            note = why.replace("\0", "")[:1000]
            self._set(connection, row, act, note, at, state=state, note=note, ended_at=seconds(at))

    def _set(
        self, connection: Connection, row: Row[Any], act: str, why: str, at: datetime, **values: Any
    ) -> None:
        connection.execute(update(drafts).where(drafts.c.id == row.id).values(**values))
        detail = {"kind": row.kind, "rows": row.rows, "prepared_by": row.prepared_by}
        self._told(connection, row.organisation, Note(act, str(row.id), why, detail), at)

    def _told(self, connection: Connection, owner: int, note: Note, at: datetime) -> None:
        append(connection, owner, [note], who=self._who, at=at)


def _empty(connection: Connection, number: int) -> None:
    """Forget what a draft would have issued."""
    connection.execute(delete(draft_parts).where(draft_parts.c.draft == number))
    connection.execute(update(drafts).where(drafts.c.id == number).values(task=b""))


def _drafts() -> Select[Any]:
    """Every column but the task, and the name of the organisation."""
    own = [column for column in drafts.columns if column.name != "task"]
    return select(*own, organisations.c.name.label("owner")).join(
        organisations, organisations.c.id == drafts.c.organisation
    )


def _of(connection: Connection, organisation: str, number: int, *, lock: bool = False) -> Row[Any]:
    query = _drafts().where(
        drafts.c.id == number, drafts.c.organisation == find_organisation(connection, organisation)
    )
    if lock:
        query = query.with_for_update(of=drafts)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise OperatorError(f"there is no draft {number}", hint="`testamur draft list` shows them")
    return row


def _draft(connection: Connection, row: Row[Any]) -> Draft:
    return Draft(
        **{name: getattr(row, name) for name in _COLUMNS},
        organisation=row.owner,
        prepared_at=instant(row.prepared_at),
        approved_at=None if row.approved_at is None else instant(row.approved_at),
        ended_at=None if row.ended_at is None else instant(row.ended_at),
        done=_done(connection, row),
    )


def _done(connection: Connection, row: Row[Any]) -> int:
    """How many rows of an approved draft are in shards that are done."""
    if row.state == SIGNED:
        return int(row.rows)
    if row.state != APPROVED or row.kind != "issue":
        return 0
    return int(
        connection.scalar(
            select(func.coalesce(func.sum(shards.c.rows), 0))
            .join(plans, plans.c.id == shards.c.plan)
            .join(batches, batches.c.id == plans.c.batch)
            .where(
                batches.c.organisation == row.organisation,
                batches.c.name == row.batch,
                plans.c.digest == row.digest,
                shards.c.state == DONE,
            )
        )
        or 0
    )
