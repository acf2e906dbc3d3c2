"""The ledger of one or many organisations: every act is one transaction, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from testamur.store import (
    backup,
    batches,
    finding,
    hiding,
    keyring,
    looks,
    recording,
    rows,
    shards,
    slots,
    standing,
)
from testamur.store.audit import Note, append
from testamur.store.audit.log import AuditLog
from testamur.store.drafts import Drafts
from testamur.store.engine import open_engine
from testamur.store.failures import explained
from testamur.store.finding import record_owner
from testamur.store.mail import Outbox
from testamur.store.registry import Registry
from testamur.store.values import (
    Batch,
    Form,
    KeyEntry,
    KnownRow,
    NewRecord,
    Plan,
    Record,
    SetBit,
    Shard,
    StatusEvent,
    StatusList,
    StatusSlot,
)

Also = Callable[[Connection], None]


class Ledger:
    """What was issued, how it stands and with which keys; safe under many processes at once.

    Raises OperatorError whenever the database cannot do what is asked.
    """

    def __init__(self, engine: Engine, *, who: str = "", why: str = "") -> None:
        self._engine, self._who, self._why = engine, who, why
        self._readers = engine.execution_options(reading=True)

    @classmethod
    def open(cls, url: str, *, by: str = "") -> Ledger:
        """The ledger at ``sqlite:///path`` or ``postgresql+psycopg://…``, made or migrated where needed."""
        return cls(open_engine(url), who=by)

    @classmethod
    def restore(cls, path: Path, url: str) -> Ledger:
        """A ledger that was empty, filled from a backup, all or nothing; its open status lists are closed."""
        ledger = cls.open(url)
        try:
            with ledger._writing() as connection:
                backup.read(connection, path)
        except BaseException:
            ledger.close()
            raise
        return ledger

    def by(self, who: str, *, why: str = "") -> Ledger:
        """The same ledger for an account (``person:7``), which the audit log names, with a reason where an act has none."""
        return Ledger(self._engine, who=who, why=why)

    @property
    def who(self) -> str:
        """The account that acts here."""
        return self._who

    @property
    def audit(self) -> AuditLog:
        """Who did what, when and why."""
        return AuditLog(self._reading, self._writing, self._snapshot, self._who)

    def _note(self, connection: Connection, owner: int, note: Note, at: datetime, *, events: int = 0) -> None:
        """Tell the audit log of an act, at the end of its transaction."""
        append(connection, owner, [note], who=self._who, at=at, events_before=events)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with explained(), self._readers.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with explained(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        with explained(), backup.snapshot(self._engine) as connection:
            yield connection

    def reserve(self, organisation: str, purpose: str, count: int) -> list[StatusSlot]:
        """That many status indexes, never given to anybody else: committed on return."""
        with self._writing() as connection:
            return slots.reserve(connection, organisation, purpose, count)

    @property
    def outbox(self) -> Outbox:
        """Letters to learners and what became of them."""
        return Outbox(self._reading, self._writing, self._who)

    def record(
        self, records: Sequence[NewRecord], *, draft: int = 0, also: Also | None = None
    ) -> list[Record]:
        """Keep the records, all or none, with the end of a ``draft`` that asked for them; ``also`` joins the transaction."""
        with self._writing() as connection:
            if draft:
                self.drafts.hold(connection, draft)
            serials = recording.record(connection, records, who=self._who, why=self._why)
            if also:
                also(connection)
            if draft:
                self.drafts.carried_out(connection, draft, at=records[0].issued_at)
        return [new.kept(serial) for new, serial in zip(records, serials, strict=True)]

    def record_shard(self, records: Sequence[NewRecord], plan: int, number: int) -> None:
        """Keep the records of a shard and write, in the same transaction, that it is done."""
        with self._writing() as connection:
            shards.finish(connection, plan, number)
            recording.record(connection, records, who=self._who, why=self._why)

    def get(self, record_id: str) -> Record | None:
        """The record of this id with its forms, None where there is none."""
        with self._reading() as connection:
            return finding.get(connection, record_id)

    def get_many(self, record_ids: Sequence[str]) -> list[Record]:
        """The records of these ids with their forms, in that order; unknown ones are left out."""
        with self._reading() as connection:
            return finding.get_many(connection, record_ids)

    def find(
        self,
        organisation: str,
        *,
        text: str = "",
        batch: str = "",
        state: str = "",
        after: int = 0,
        limit: int = 100,
        with_forms: bool = False,
    ) -> list[Record]:
        """Records by what is written on them (no case, no accents) or part of the id, the oldest first.

        The next page begins ``after`` the last one's ``serial``. ``forms`` is empty unless asked for.
        """
        with self._reading() as connection:
            return finding.find(
                connection, organisation, text=text, batch=batch, state=state,
                after=after, limit=limit, with_forms=with_forms,
            )  # fmt: skip

    def add_form(self, record_id: str, form: Form, *, at: datetime) -> str:
        """Keep one more form of a record, and the name it has: a second one of a name is numbered.

        Raises OperatorError where the record is not there.
        """
        with self._writing() as connection:
            return recording.add_form(connection, record_id, form, at=at, who=self._who, why=self._why)

    def each(
        self, organisation: str, *, batch: str = "", state: str = "", with_forms: bool = False
    ) -> Iterator[Record]:
        """Every record of an organisation or batch, read in pages as they are taken."""
        after = 0
        while page := self.find(organisation, batch=batch, state=state, after=after, with_forms=with_forms):
            yield from page
            after = page[-1].serial

    def batches(self, organisation: str, *, limit: int = 200) -> list[Batch]:
        """The batches of an organisation with what became of their records, the newest first."""
        with self._reading() as connection:
            return batches.listed(connection, organisation, limit)

    def rows(self, organisation: str, template: str, keys: Collection[str]) -> dict[str, KnownRow]:
        """Those of the row keys that have a live record (one that was not replaced)."""
        with self._reading() as connection:
            return finding.rows(connection, organisation, template, keys)

    def knows_rows(self, organisation: str, template: str) -> bool:
        """Whether any row of this template has a live record."""
        with self._reading() as connection:
            return finding.knows_rows(connection, organisation, template)

    def set_status(
        self, record_id: str, purpose: str, value: bool, *, reason: str, at: datetime, replaced_by: str = ""
    ) -> bool:
        """Set or clear a bit and keep the event; False where it stood so already.

        Revocation is for good. ``replaced_by`` names the record that takes its place.
        """
        return self.registry.set_status(
            record_id, purpose, value, reason=reason, at=at, replaced_by=replaced_by
        )

    @property
    def registry(self) -> Registry:
        """What a registrar does with many records at once, and what the organisation has decided."""
        return Registry(self._engine, self._reading, self._writing, self._who, self._why)

    @property
    def drafts(self) -> Drafts:
        """What was prepared and waits for approval or for being carried out."""
        return Drafts(self._reading, self._writing, self._who)

    def hide(self, record_id: str, at: datetime) -> bool:
        """Hand a record out no more, while its status is still told; False where it is so already."""
        with self._writing() as connection:
            done = hiding.hide(connection, record_id, at)
            if done:
                note = Note("hidden", record_id, self._why)
                self._note(connection, record_owner(connection, record_id), note, at)
            return done

    def is_hidden(self, record_id: str) -> bool:
        """Whether a record was hidden."""
        with self._reading() as connection:
            return hiding.is_hidden(connection, record_id)

    def history(self, record_id: str) -> list[StatusEvent]:
        """Every event of a record's status, the oldest first."""
        with self._reading() as connection:
            return standing.history(connection, record_id)

    def last_change(self, organisation: str) -> datetime | None:
        """When the status of any of its records was last changed, to the second."""
        with self._reading() as connection:
            return standing.last_change(connection, organisation)

    def lists(self, organisation: str) -> list[StatusList]:
        """Every status list of an organisation, by number."""
        with self._reading() as connection:
            return slots.lists(connection, organisation)

    def set_bits(self, list_id: int) -> dict[int, SetBit]:
        """The indexes of a list whose bit is set, each with why and since when."""
        with self._reading() as connection:
            return slots.set_bits(connection, list_id)

    def suspended(self, list_id: int) -> list[int]:
        """The indexes in a revocation list of the records that are suspended just now."""
        with self._reading() as connection:
            return slots.suspended(connection, list_id)

    def add_key(self, organisation: str, entry: KeyEntry) -> None:
        """Register a key."""
        with self._writing() as connection:
            keyring.add(connection, organisation, entry)
            note = Note("key_added", entry.id, self._why, {"use": entry.use, "key": entry.multikey})
            self._note(connection, rows.organisation_number(connection, organisation), note, entry.created)

    def rename(self, organisation: str, name: str, *, at: datetime) -> None:
        """Call an organisation by another name from now on; nothing where it was done before."""
        with self._writing() as connection:
            owner = rows.find_organisation(connection, organisation)
            rows.rename_organisation(connection, organisation, name)
            if owner is not None:
                note = Note("renamed", "", self._why, {"from": organisation, "to": name})
                self._note(connection, owner, note, at)

    def keys(self, organisation: str) -> list[KeyEntry]:
        """Every key of an organisation, the oldest first."""
        with self._reading() as connection:
            return keyring.listed(connection, organisation)

    def retire_key(self, organisation: str, key_id: str, at: datetime) -> None:
        """Close the window of an active key: what it signed before stays good."""
        with self._writing() as connection:
            keyring.retire(connection, organisation, key_id, at)
            owner = rows.organisation_number(connection, organisation)
            self._note(connection, owner, Note("key_retired", key_id, self._why), at)

    def compromise_key(self, organisation: str, key_id: str, at: datetime) -> None:
        """Mark a key as in foreign hands since ``at``."""
        with self._writing() as connection:
            keyring.compromise(connection, organisation, key_id, at)
            owner = rows.organisation_number(connection, organisation)
            self._note(connection, owner, Note("key_compromised", key_id, self._why), at)

    def digests(self, organisation: str) -> Iterator[bytes]:
        """The SHA-256 of every form of an organisation, sorted, 32 bytes each."""
        with self._reading() as connection:
            yield from finding.digests(connection, organisation)

    def keep_look(self, organisation: str, digest: str, text: str) -> None:
        """Keep how a page looks under its digest, before records name it."""
        with self._writing() as connection:
            looks.keep(connection, organisation, digest, text)

    def look(self, organisation: str, digest: str) -> str | None:
        """The text of a look, None where it was not kept."""
        with self._reading() as connection:
            return looks.text(connection, organisation, digest)

    def looks(self, organisation: str) -> list[str]:
        """The text of every look of an organisation, the oldest first."""
        with self._reading() as connection:
            return looks.listed(connection, organisation)

    def plan(
        self,
        organisation: str,
        batch: str,
        digest: str,
        sizes: Sequence[int],
        *,
        task: str = "",
        anew: bool = False,
    ) -> int:
        """Cut a batch into numbered shards of these sizes; a plan of this digest that is not finished is gone on with."""
        with self._writing() as connection:
            return shards.plan(connection, organisation, batch, digest, sizes, task=task, anew=anew)

    def find_plan(self, plan: int) -> Plan | None:
        """The plan of this number."""
        with self._reading() as connection:
            return shards.find_plan(connection, plan)

    def shards(self, plan: int) -> list[Shard]:
        """The shards of a plan, by number."""
        with self._reading() as connection:
            return shards.listed(connection, plan)

    def note_shard(self, plan: int, number: int, note: str) -> None:
        """Write why a worker could not do a shard, which stays open for another one."""
        with self._writing() as connection:
            shards.note(connection, plan, number, note)

    def fail_shard(self, plan: int, number: int, note: str) -> None:
        """Write why a shard cannot be done."""
        with self._writing() as connection:
            shards.fail(connection, plan, number, note)

    def hand_over(self, plan: int, number: int, data: bytes) -> None:
        """Keep the rows of a shard until it is done, where workers on other hosts can read them."""
        with self._writing() as connection:
            shards.hand_over(connection, plan, number, data)

    def handed_over(self, plan: int, number: int) -> bytes | None:
        """The rows of an open shard, None where it is done."""
        with self._reading() as connection:
            return shards.handed_over(connection, plan, number)

    def drop_rows(self, plan: int) -> None:
        """Forget the rows that were handed over."""
        with self._writing() as connection:
            shards.drop_rows(connection, plan)

    def unclaimed(self, organisation: str) -> list[tuple[int, int]]:
        """The shards (plan, number) that were handed over and wait for a worker."""
        with self._reading() as connection:
            return shards.unclaimed(connection, organisation)

    @contextmanager
    def claim(self, plan: int, number: int) -> Iterator[bool]:
        """Whether this process alone has the shard, until it lets go or ends; PostgreSQL only."""
        with explained(), shards.claim(self._engine, plan, number) as got:
            yield got

    @property
    def conninfo(self) -> str:
        """The address of the PostgreSQL database, password and all, as libpq takes it; "" with SQLite."""
        if self._engine.dialect.name != "postgresql":
            return ""
        return self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def backup(self, path: Path) -> None:
        """Write everything, as it stands at one moment, into a new file that any ledger can restore."""
        with self._snapshot() as connection:
            backup.write(connection, path)
