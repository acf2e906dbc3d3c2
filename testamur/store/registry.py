"""What a registrar does with many records at once, and what an organisation has decided for itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Connection

from testamur.store import rows, standing, undoing
from testamur.store.audit import Note, append
from testamur.store.drafts import Drafts
from testamur.store.drafts.settings import all_settings, set_setting
from testamur.store.finding import record_owner
from testamur.store.values import REVOCATION

Access = Callable[[], AbstractContextManager[Connection]]


class Registry:
    """Acts of a registrar, each one transaction, told to the audit log by the account ``who``."""

    def __init__(self, reading: Access, writing: Access, who: str, why: str) -> None:
        self._reading, self._writing, self._who, self._why = reading, writing, who, why

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
            ids = undoing.undo(connection, owner, batch, reason, at)
            if owner is not None:
                notes = [Note("revoked", record_id, reason) for record_id in ids]
                notes.append(Note("batch_undone", batch, reason, {"records": len(ids)}))
                append(connection, owner, notes, who=self._who, at=at, events_before=len(ids))
            if draft:
                Drafts(self._reading, self._writing, self._who).carried_out(connection, draft, at=at)
            return ids

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
