"""A vault: one run of bytes, for a file or a database row, of which only the header is readable.

Layout: the line ``testamur vault 1``, the length of the header as four bytes (big-endian), the header
(JSON: id, version, slots, nonce), then the content under XChaCha20-Poly1305 with everything before it
as associated data. Each writing has a new nonce and the next version.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from secrets import token_bytes
from uuid import uuid4

from testamur.canonical import jcs
from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed, OperatorError
from testamur.jsontext import parse_object
from testamur.times import write_instant
from testamur.vault.contents import MAX_CONTENT, read_contents, write_contents
from testamur.vault.unlocking import (
    KEY_BYTES,
    Slot,
    Unlock,
    decrypt,
    encrypt,
    make_slot,
    open_slot,
    read_slot,
    wrong,
)
from testamur.vault.values import Contents

MAGIC = b"testamur vault 1\n"
MAX_VAULT = MAX_CONTENT + 100_000
MAX_SLOTS = 32
_MAX_HEADER = 65_536
_MAX_WORK = 8 * 2**30  # bytes times passes: 32 passphrases at the cost of ours are three quarters of it
_NONCE = 24
_DAMAGED = "the wallet is damaged: a part of it was changed"


@dataclass(frozen=True, slots=True)
class SealedVault:
    """A vault as it lies there; ``unlock`` alone proves any of what its header says."""

    id: str
    version: int
    slots: tuple[Slot, ...]
    _nonce: bytes = field(repr=False)
    _head: bytes = field(repr=False)
    _sealed: bytes = field(repr=False)

    @classmethod
    def parse(cls, data: bytes) -> SealedVault:
        """The vault in these bytes, still closed; raises Malformed."""
        start = len(MAGIC) + 4
        if len(data) > MAX_VAULT or len(data) < start or not data.startswith(MAGIC):
            raise Malformed("", "this is no wallet of testamur, or one of a newer kind")
        (length,) = struct.unpack(">I", data[len(MAGIC) : start])
        if length > _MAX_HEADER or len(data) < start + length + 16:
            raise Malformed("", "the wallet is cut short")
        header = parse_object(data[start : start + length], max_bytes=_MAX_HEADER, max_depth=5)
        version, slots, nonce = header.get("version"), header.get("slots"), header.get("nonce")
        if type(version) is not int or not isinstance(slots, list) or not 0 < len(slots) <= MAX_SLOTS:
            raise Malformed("", "the header of the wallet has no version, or not 1 to 32 slots")
        if not isinstance(header.get("id"), str) or not isinstance(nonce, str):
            raise Malformed("", "the header of the wallet has no id or no nonce")
        read = tuple(map(read_slot, slots))
        if len(raw := decode_base64url(nonce)) != _NONCE:
            raise Malformed("nonce", "it has not the right length")
        vault = cls(header["id"], version, read, raw, data[: start + length], data[start + length :])
        if vault.work > _MAX_WORK:
            raise Malformed("slots", "trying a passphrase on all of them would take too long")
        return vault

    @property
    def work(self) -> int:
        """What trying one passphrase costs at most, in bytes times passes: its slots are whoever's wrote the file."""
        return sum(
            slot.kdf["memory"] * slot.kdf["passes"] for slot in self.slots if slot.kind == "passphrase"
        )

    def unlock(self, unlock: Unlock) -> Vault:
        """The open vault; raises OperatorError where this opens no slot of it, Malformed for damage."""
        for slot in self.slots:
            key = open_slot(slot, unlock, self.id)
            if key is not None:
                return self.open(key)
        raise wrong(unlock.kind)

    def open(self, key: bytes) -> Vault:
        """The open vault, by the vault's own key, as an unlocked session has it; raises Malformed."""
        data = decrypt(self._sealed, self._head, self._nonce, key) if len(key) == KEY_BYTES else None
        if data is None:
            raise Malformed("", _DAMAGED)
        return Vault(self.id, self.version, self.slots, read_contents(data), key)


@dataclass(frozen=True, slots=True)
class Vault:
    """An open vault; ``seal`` gives the bytes to keep."""

    id: str
    version: int  # of the bytes it was read from; 0 before it is first kept
    slots: tuple[Slot, ...]
    contents: Contents
    key: bytes = field(repr=False)

    @classmethod
    def make(cls, unlocks: Sequence[Unlock], *, at: datetime) -> Vault:
        """A new, empty vault that each of these opens."""
        vault = cls(f"urn:uuid:{uuid4()}", 0, (), Contents(), token_bytes(KEY_BYTES))
        for unlock in unlocks:
            vault = vault.opened_by(unlock, at=at)
        return vault

    def opened_by(self, unlock: Unlock, *, at: datetime, label: str = "") -> Vault:
        """The vault with one more slot."""
        if len(self.slots) == MAX_SLOTS:
            raise OperatorError(f"a wallet has no more than {MAX_SLOTS} ways to open it")
        slot = make_slot(unlock, self.key, self.id, made=write_instant(at), label=label)
        return replace(self, slots=(*self.slots, slot))

    def without(self, *slot_ids: str) -> Vault:
        """The vault without these slots; raises OperatorError where nothing would open it any more.

        Whoever has an older copy and what opened it still opens that copy; ``rekeyed`` is for a stolen device.
        """
        left = tuple(slot for slot in self.slots if slot.id not in slot_ids)
        if not left:
            raise OperatorError("nothing would open the wallet any more")
        return replace(self, slots=left)

    def rekeyed(self, unlocks: Sequence[Unlock], *, at: datetime) -> Vault:
        """The vault under a new key, which these and nothing else open."""
        fresh = replace(self, slots=(), key=token_bytes(KEY_BYTES))
        for unlock in unlocks:
            fresh = fresh.opened_by(unlock, at=at)
        return fresh

    def holding(self, contents: Contents) -> Vault:
        """The vault with another content."""
        return replace(self, contents=contents)

    def seal(self) -> bytes:
        """The bytes of the next version."""
        nonce = token_bytes(_NONCE)
        header = jcs(
            {
                "id": self.id,
                "version": self.version + 1,
                "slots": [slot.to_json() for slot in self.slots],
                "nonce": encode_base64url(nonce),
            }
        )
        head = MAGIC + struct.pack(">I", len(header)) + header
        data = write_contents(self.contents)
        if len(data) > MAX_CONTENT:
            raise OperatorError("the wallet is full", hint="export old records and take them out")
        return head + encrypt(data, head, nonce, self.key)
