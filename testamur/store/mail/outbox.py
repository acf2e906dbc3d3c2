"""Queueing letters and noting what becomes of them; each step is committed before the next is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from testamur.errors import OperatorError, Refused
from testamur.store.audit import Note, append
from testamur.store.mail.tables import contacts, letters
from testamur.store.mail.values import (
    BOUNCED,
    CANCELLED,
    FAILED,
    HANDING,
    QUEUED,
    SENDING,
    SENT,
    Letter,
    NewLetter,
)
from testamur.store.rows import find_organisation, instant, seconds
from testamur.store.tables import organisations, records

Access = Callable[[], AbstractContextManager[Connection]]


class Outbox:
    """The letters of a ledger, for the account ``who``."""

    def __init__(self, reading: Access, writing: Access, who: str) -> None:
        self._reading, self._writing, self._who = reading, writing, who

    def queue(self, new: Sequence[NewLetter], *, at: datetime) -> list[int]:
        """Queue letters, all or none; gives their numbers."""
        with self._writing() as connection:
            return self.queue_in(connection, new, at=at)

    def queue_in(self, connection: Connection, new: Sequence[NewLetter], *, at: datetime) -> list[int]:
        """The same within the transaction of the act that is told."""
        numbers: list[int] = []
        told: dict[int, list[Note]] = {}
        for one in new:
            found = connection.execute(
                select(records.c.serial, records.c.organisation).where(records.c.id == one.record_id)
            ).one_or_none()
            if found is None:
                raise OperatorError(f"there is no record {one.record_id:.80} in the ledger")
            numbers.append(
                connection.execute(
                    insert(letters)
                    .values(
                        organisation=found.organisation, record=found.serial, token=one.token, kind=one.kind,
                        language=one.language, state=QUEUED, attempts=0, queued_at=seconds(at),
                        due_at=seconds(at), note="", sealed=one.sealed,
                    )
                    .returning(letters.c.id)
                ).scalar_one()
            )  # fmt: skip
            note = Note("letter_queued", one.record_id, "", {"letter": numbers[-1], "kind": one.kind})
            told.setdefault(found.organisation, []).append(note)
        for owner, notes in told.items():
            append(connection, owner, notes, who=self._who, at=at)
        return numbers

    def listed(
        self, organisation: str, *, state: str = "", record_id: str = "", after: int = 0, limit: int = 500
    ) -> list[Letter]:
        """The letters of an organisation, the oldest first, those after a number."""
        with self._reading() as connection:
            owner = find_organisation(connection, organisation)
            query = _letters().where(letters.c.organisation == owner, letters.c.id > after)
            if state:
                query = query.where(letters.c.state == state)
            if record_id:
                query = query.where(records.c.id == record_id)
            return [_letter(row) for row in connection.execute(query.order_by(letters.c.id).limit(limit))]

    def take(self, organisation: str, *, at: datetime) -> Letter | None:
        """The next letter that is due, ours from now on; None where there is none."""
        while True:
            with self._writing() as connection:
                owner = find_organisation(connection, organisation)
                row = connection.execute(
                    _letters()
                    .where(
                        letters.c.organisation == owner, letters.c.state == QUEUED,
                        letters.c.due_at <= seconds(at),
                    )
                    .order_by(letters.c.due_at, letters.c.id)
                    .limit(1)
                ).one_or_none()  # fmt: skip
                if row is None:
                    return None
                taken = connection.execute(
                    update(letters)
                    .where(letters.c.id == row.id, letters.c.state == QUEUED)
                    .values(state=SENDING, attempts=letters.c.attempts + 1, due_at=seconds(at))
                )
                if taken.rowcount == 1:
                    return _letter(row)

    def free(self, organisation: str, before: datetime) -> int:
        """Queue again what somebody took before this moment and never handed over; gives how many."""
        with self._writing() as connection:
            freed = connection.execute(
                update(letters)
                .where(
                    letters.c.organisation == find_organisation(connection, organisation),
                    letters.c.state == SENDING,
                    letters.c.due_at < seconds(before),
                )
                .values(state=QUEUED)
            )
            return freed.rowcount

    def handing(self, letter: Letter) -> None:
        """Write that a letter is about to be handed to the server; raises Refused where it is not ours any more."""
        with self._writing() as connection:
            _move(connection, letter.id, (SENDING,), state=HANDING)

    def sent(self, letter: Letter, *, at: datetime, note: str = "") -> None:
        """Write that the server has taken a letter; its content is gone, only that it went is kept."""
        with self._writing() as connection:
            _move(
                connection,
                letter.id,
                (HANDING,),
                state=SENT,
                ended_at=seconds(at),
                note=_short(note),
                sealed=b"",
            )
            self._told(connection, letter, "letter_sent", at)

    def later(self, letter: Letter, note: str, due_at: datetime) -> None:
        """Queue a letter again for later: the server was not there or asked to wait."""
        with self._writing() as connection:
            _move(
                connection,
                letter.id,
                (SENDING, HANDING),
                state=QUEUED,
                due_at=seconds(due_at),
                note=_short(note),
            )

    def failed(self, letter: Letter, note: str, *, at: datetime) -> None:
        """Write that the server will not take a letter."""
        with self._writing() as connection:
            _move(
                connection,
                letter.id,
                (SENDING, HANDING),
                state=FAILED,
                ended_at=seconds(at),
                note=_short(note),
            )
            self._told(connection, letter, "letter_failed", at)

    def bounced(self, token: str, note: str, *, at: datetime) -> Letter | None:
        """Write that a letter that was sent came back; None where this outbox never sent it."""
        with self._writing() as connection:
            row = connection.execute(_letters().where(letters.c.token == token)).one_or_none()
            if row is None or row.state not in (SENT, HANDING):
                return None
            _move(connection, row.id, (SENT, HANDING), state=BOUNCED, ended_at=seconds(at), note=_short(note))
            self._told(connection, _letter(row), "letter_bounced", at)
            return _letter(row)

    def again(self, organisation: str, number: int, *, at: datetime) -> None:
        """Queue once more what failed or was left while it was handed over; what was sent has no content any more."""
        with self._writing() as connection:
            row = self._mine(connection, organisation, number)
            _move(connection, row.id, (FAILED, HANDING, QUEUED), state=QUEUED, attempts=0, due_at=seconds(at), ended_at=None)  # fmt: skip
            self._told(connection, _letter(row), "letter_queued", at)

    def cancel(self, organisation: str, number: int, *, at: datetime) -> None:
        """Take a letter back that was not sent."""
        with self._writing() as connection:
            row = self._mine(connection, organisation, number)
            _move(
                connection,
                row.id,
                (QUEUED, FAILED, HANDING),
                state=CANCELLED,
                ended_at=seconds(at),
                sealed=b"",
            )
            self._told(connection, _letter(row), "letter_cancelled", at)

    def keep_contacts(self, sealed: Mapping[str, bytes]) -> None:
        """Keep, by record id, where learners are written to: each sealed for the place ``contact:ID``."""
        with self._writing() as connection:
            keep_contacts_in(connection, sealed)

    def contact(self, record_id: str) -> bytes:
        """The sealed address of a learner, b"" where none is kept."""
        with self._reading() as connection:
            data = connection.scalar(
                select(contacts.c.sealed)
                .join(records, records.c.serial == contacts.c.record)
                .where(records.c.id == record_id)
            )
        return bytes(data or b"")

    def _mine(self, connection: Connection, organisation: str, number: int) -> Row[Any]:
        owner = find_organisation(connection, organisation)
        row = connection.execute(
            _letters().where(letters.c.id == number, letters.c.organisation == owner)
        ).one_or_none()
        if row is None:
            raise OperatorError(f"there is no letter {number}", hint="`testamur mail list` shows them")
        return row

    def _told(self, connection: Connection, letter: Letter, act: str, at: datetime) -> None:
        owner = find_organisation(connection, letter.organisation)
        note = Note(act, letter.record_id, "", {"letter": letter.id, "kind": letter.kind})
        append(connection, owner or 0, [note], who=self._who, at=at)


def keep_contacts_in(connection: Connection, sealed: Mapping[str, bytes]) -> None:
    """Keep addresses within a transaction."""
    for record_id, data in sealed.items():
        serial = connection.scalar(select(records.c.serial).where(records.c.id == record_id))
        if serial is not None:
            connection.execute(delete(contacts).where(contacts.c.record == serial))
            connection.execute(insert(contacts).values(record=serial, sealed=data))


def _move(connection: Connection, number: int, states: Sequence[str], **values: Any) -> None:
    moved = connection.execute(
        update(letters).where(letters.c.id == number, letters.c.state.in_(states)).values(**values)
    )
    if moved.rowcount != 1:
        raise Refused(f"the letter {number} is not {' or '.join(states)} any more")


def _short(note: str) -> str:
    return note.replace("\0", "")[:500]


def _letters() -> Select[Any]:
    return (
        select(letters, records.c.id.label("record_id"), organisations.c.name.label("owner"))
        .join(records, records.c.serial == letters.c.record)
        .join(organisations, organisations.c.id == letters.c.organisation)
    )


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        id=row.id,
        token=row.token,
        record_id=row.record_id,
        organisation=row.owner,
        kind=row.kind,
        language=row.language,
        state=row.state,
        attempts=row.attempts,
        queued_at=instant(row.queued_at),
        due_at=instant(row.due_at),
        ended_at=None if row.ended_at is None else instant(row.ended_at),
        note=row.note,
        sealed=bytes(row.sealed),
    )
