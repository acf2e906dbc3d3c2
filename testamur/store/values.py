"""What the ledger knows, as frozen values; none of them holds anything of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from testamur.encoding import signed_text

LIST_SIZE = 131_072
"""Indexes in a status list: 16 kB uncompressed, the least that hides a holder (Bitstring Status List §6.1)."""

REVOCATION = "revocation"
SUSPENSION = "suspension"

OPEN, DONE, FAILED = "open", "done", "failed"
VALID, SUSPENDED, REVOKED, REPLACED = "valid", "suspended", "revoked", "replaced"
ASSERTION, FORMS, STATUS = "assertion", "forms", "status"
ACTIVE, RETIRED, COMPROMISED = "active", "retired", "compromised"


@dataclass(frozen=True, slots=True)
class StatusSlot:
    """One index of one status list, given out once and never again."""

    list_id: int
    list_number: int
    index: int
    purpose: str = REVOCATION


@dataclass(frozen=True, slots=True)
class StatusList:
    """A status list of an organisation: what stands at ``status/NUMBER.json``."""

    id: int
    number: int
    purpose: str
    size: int


@dataclass(frozen=True, slots=True)
class SetBit:
    """Why the bit of an index is set, and since when: "revoked", "replaced" or "suspended"."""

    state: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """One change of a record's status; events are only ever added."""

    purpose: str
    value: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Form:
    """One way a record is signed: "full" (Data Integrity) or "paper" (vc+jwt), as exact text."""

    name: str
    format: str  # a key of the proofs' FORMATS: "ldp_vc", "vc+jwt"
    text: str

    @property
    def digest(self) -> bytes:
        """The SHA-256 of what its issuer signed of the text, as the published digest list carries it."""
        return sha256(signed_text(self.text).encode("utf-8")).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """A record about to be kept; ``replaces`` revokes an older one in the same transaction."""

    id: str
    organisation: str
    forms: tuple[Form, ...]
    slots: tuple[StatusSlot, ...]
    issued_at: datetime
    valid_from: datetime
    template: str = ""
    template_version: str = ""
    row_key: str = ""
    row_digest: str = ""
    batch: str = ""
    look: str = ""
    holder: str = ""
    holder_latin: str = ""
    award: str = ""
    number: str = ""
    replaces: str = ""

    def kept(self, serial: int) -> Record:
        """The record as the ledger has it, once it is in there."""
        members = {name: getattr(self, name) for name in self.__slots__ if name != "replaces"}
        return Record(serial=serial, state=VALID, replaced_by="", **members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as the ledger has it; ``serial`` grows with every one kept and is the cursor of ``find``."""

    serial: int
    id: str
    organisation: str
    template: str
    template_version: str
    row_key: str
    row_digest: str
    batch: str
    look: str
    issued_at: datetime
    valid_from: datetime
    holder: str
    holder_latin: str
    award: str
    number: str
    state: str  # "valid", "suspended", "revoked", "replaced"
    replaced_by: str  # the id of the new record, "" where there is none
    slots: tuple[StatusSlot, ...]
    forms: tuple[Form, ...]

    def form(self, name: str) -> Form | None:
        """The form of that name, None where the record is not signed that way."""
        return next((form for form in self.forms if form.name == name), None)


@dataclass(frozen=True, slots=True)
class KnownRow:
    """What the ledger knows of a row of a spreadsheet: its live record and the digest it was made from."""

    record_id: str
    row_digest: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """A key of an organisation and its window; the secret stays in the file that ``uri`` names."""

    id: str  # the fragment: "key-1"
    multikey: str
    algorithm: str
    created: datetime
    use: str = ASSERTION  # FORMS: further proofs and forms; STATUS: lists, notices and digests only
    state: str = ACTIVE
    expires: datetime | None = None  # retired: good for what it signed before
    revoked: datetime | None = None  # compromised: it can back-date
    uri: str = ""

    @property
    def number(self) -> int:
        """The number that its id ends in, 0 where it ends in none; later keys have higher ones."""
        return int("0" + self.id[len(self.id.rstrip("0123456789")) :])


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that were issued under one name: how many, how many of them are valid, and when."""

    name: str
    count: int
    valid: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Shard:
    """A numbered part of a plan; "done" is written in the transaction that keeps its records."""

    number: int
    rows: int
    state: str  # "open", "done" or "failed"
    note: str = ""  # why it failed


@dataclass(frozen=True, slots=True)
class Plan:
    """How the rows of a batch are cut into shards; ``task`` tells workers elsewhere what to make of them."""

    id: int
    organisation: str
    batch: str
    task: str
