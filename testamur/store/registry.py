"""What a registrar does with many records at once, and what an organisation has decided for itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Connection, Engine

from testamur.status import REASONS
from testamur.store import erasing, rows, standing, undoing
from testamur.store.audit import Note, append
from testamur.store.drafts import Drafts
from testamur.store.drafts.settings import all_settings, set_setting
from testamur.store.engine import is_sqlite
from testamur.store.failures import explained
from testamur.store.finding import record_owner
from testamur.store.recording import REPLACED_REASON
from testamur.store.values import REVOCATION

Access = Callable[[], AbstractContextManager[Connection]]


class Registry:
    """Acts of a registrar, each one transaction, told to the audit log by the account ``who``."""

    def __init__(self, engine: Engine, reading: Access, writing: Access, who: str, why: str) -> None:
        self._engine, self._reading, self._writing = engine, reading, writing
        self._who, self._why = who, why

    def _hold(self, connection: Connection, draft: int) -> None:
        if draft:
            Drafts(self._reading, self._writing, self._who).hold(connection, draft)

    def set_status(
        self, record_id: str, purpose: str, value: bool, *, reason: str, at: datetime, replaced_by: str
    ) -> bool:
        """Set or clear a bit and keep the event; ``replaced_by`` names the record that takes its place."""
        with self._writing() as connection:
            if replaced_by:
                standing.replace(connection, record_id, replaced_by)
            changed = standing.change(connection, record_id, purpose, value, reason, at)
            if changed or replaced_by:
                note = status_note(record_id, purpose, value, reason, replaced_by, changed)
                append(
                    connection,
                    record_owner(connection, record_id),
                    [note],
                    who=self._who,
                    at=at,
                    events_before=int(changed),
                )
            return changed

    def set_statuses(
        self,
        record_ids: Sequence[str],
        purpose: str,
        value: bool,
        *,
        reason: str,
        at: datetime,
        draft: int = 0,
    ) -> list[str]:
        """Set or clear the bits of many records, all or none; gives the ids of those that stood otherwise.

        A ``draft`` that asked for it is at its end with it.
        """
        with self._writing() as connection:
            self._hold(connection, draft)
            changed = [
                record_id
                for record_id in record_ids
                if standing.change(connection, record_id, purpose, value, reason, at)
            ]
            owners = [record_owner(connection, record_id) for record_id in changed]
            for owner in dict.fromkeys(owners):
                mine = [record_id for record_id, other in zip(changed, owners, strict=True) if other == owner]
                notes = [status_note(record_id, purpose, value, reason, "", True) for record_id in mine]
                append(connection, owner, notes, who=self._who, at=at, events_before=len(mine))
            if draft:
                Drafts(self._reading, self._writing, self._who).carried_out(connection, draft, at=at)
            return changed

    def undo_batch(
        self, organisation: str, batch: str, *, reason: str, at: datetime, draft: int = 0
    ) -> list[str]:
        """Revoke every good record of a batch and let its rows be issued again; gives the ids."""
        with self._writing() as connection:
            owner = rows.find_organisation(connection, organisation)
            self._hold(connection, draft)
            ids = undoing.undo(connection, owner, batch, reason, at)
            if owner is not None:
                notes = [Note("revoked", record_id, reason) for record_id in ids]
                notes.append(Note("batch_undone", batch, reason, {"records": len(ids)}))
                append(connection, owner, notes, who=self._who, at=at, events_before=len(ids))
            if draft:
                Drafts(self._reading, self._writing, self._who).carried_out(connection, draft, at=at)
            return ids

    def erase(self, record_id: str, *, why: str, at: datetime) -> bool:
        """Erase what is personal of a record, for good; False where that was done before."""
        with self._writing() as connection:
            return erasing.erase(
                connection, record_id, why, at, who=self._who, kept_reasons=(*REASONS, REPLACED_REASON)
            )

    def is_erased(self, record_id: str) -> bool:
        """Whether what was personal of a record is gone."""
        with self._reading() as connection:
            return erasing.is_erased(connection, record_id)

    def erased(self, organisation: str) -> list[str]:
        """The ids of the records of an organisation that were erased."""
        with self._reading() as connection:
            return erasing.erased_ids(connection, rows.find_organisation(connection, organisation))

    def due_for_erasure(self, organisation: str, before: datetime, limit: int) -> list[str]:
        """Records issued before a day that are not erased yet."""
        with self._reading() as connection:
            owner = rows.find_organisation(connection, organisation)
            return erasing.due_for_erasure(connection, owner, before, limit)

    def forget(
        self, organisation: str, letters_before: datetime | None, contacts_before: datetime | None
    ) -> tuple[int, int]:
        """Forget ended letters and addresses that are older; gives how many of each."""
        with self._writing() as connection:
            owner = rows.find_organisation(connection, organisation)
            letters = erasing.forget_letters(connection, owner, letters_before) if letters_before else 0
            contacts = erasing.forget_contacts(connection, owner, contacts_before) if contacts_before else 0
            return letters, contacts

    def settle(self) -> None:
        """Have SQLite write over what was erased in its journal too; PostgreSQL does so when it vacuums."""
        with explained(), self._engine.connect() as connection:
            if is_sqlite(connection):
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")

    def settings(self, organisation: str) -> dict[str, str]:
        """What an organisation has decided for itself."""
        with self._reading() as connection:
            return all_settings(connection, rows.find_organisation(connection, organisation))

    def set_setting(self, organisation: str, name: str, value: str, *, at: datetime) -> None:
        """Decide a setting; "" goes back to what is usual."""
        with self._writing() as connection:
            owner = rows.organisation_number(connection, organisation)
            if set_setting(connection, owner, name, value):
                note = Note("setting", name, self._why, {"value": value})
                append(connection, owner, [note], who=self._who, at=at)


def status_note(
    record_id: str, purpose: str, value: bool, reason: str, replaced_by: str, changed: bool
) -> Note:
    """What the audit log says of a change of status."""
    if replaced_by:
        return Note("replaced", record_id, reason, {"by": replaced_by, "revoked": changed})
    if purpose == REVOCATION:
        return Note("revoked", record_id, reason)
    return Note("suspended" if value else "reinstated", record_id, reason)
