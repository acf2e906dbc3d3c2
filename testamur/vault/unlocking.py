"""What opens a vault: a passphrase, or a key of random bytes kept somewhere else; each has a slot of its own.

The vault's content is under one random key. A slot holds that key, sealed with what opens it, so a
passphrase is changed, or a lost device shut out, without anybody else noticing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Any, Protocol

from testamur.canonical import jcs
from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed, OperatorError
from testamur.jsontext import Json
from testamur.keys import stretch

KEY_BYTES = 32
KINDS = ("passphrase", "device", "passkey", "recovery", "guardians")
PASSES, MEMORY = 3, 64 * 2**20
"""RFC 9106 §4, the second recommendation; libsodium computes its lanes one after the other (p = 1)."""

_MAX_PASSES, _MAX_MEMORY = 16, 2**30
_SALT, _NONCE, _TAG = 16, 24, 16
_LEAST_KEY, _MOST_KEY = 16, 64


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to open a vault, as the file has it; it tells which kind, not what opens it."""

    id: str
    kind: str
    label: str  # "Anna's phone"; anybody who has the file reads it
    made: str
    kdf: Json
    nonce: bytes
    sealed: bytes

    def to_json(self) -> Json:
        """Its members in the header."""
        return self.named() | {
            "nonce": encode_base64url(self.nonce),
            "key": encode_base64url(self.sealed),
        }

    def named(self) -> Json:
        """What its seal covers beside the key."""
        return {"id": self.id, "kind": self.kind, "label": self.label, "made": self.made, "kdf": self.kdf}


class Unlock(Protocol):
    """What somebody has that opens a slot."""

    @property
    def kind(self) -> str:
        """The kind of slot it opens, one of KINDS."""
        ...

    def parameters(self) -> Json:
        """How a new slot turns it into a key."""
        ...

    def key(self, kdf: Json) -> bytes:
        """32 bytes that open the slot with these parameters."""
        ...


@dataclass(frozen=True, slots=True)
class Passphrase:
    """A passphrase, which costs argon2id at every attempt."""

    text: str = field(repr=False)
    passes: int = PASSES
    memory: int = MEMORY  # in bytes

    @property
    def kind(self) -> str:
        """``passphrase``."""
        return "passphrase"

    def parameters(self) -> Json:
        """argon2id with a fresh salt."""
        return {
            "name": "argon2id",
            "passes": self.passes,
            "memory": self.memory,
            "salt": encode_base64url(token_bytes(_SALT)),
        }

    def key(self, kdf: Json) -> bytes:
        """The stretched passphrase; raises OperatorError where the memory for it is not to be had."""
        return stretch(self.text, decode_base64url(kdf["salt"]), kdf["passes"], kdf["memory"])


@dataclass(frozen=True, slots=True)
class RandomKey:
    """Random bytes that a device, a passkey (PRF), a recovery sheet or guardians keep."""

    kind: str
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS[1:] or not _LEAST_KEY <= len(self.secret) <= _MOST_KEY:
            raise Malformed("", f"{self.kind!r:.40} is no kind of key, or it has not the right length")

    def parameters(self) -> Json:
        """A fresh salt; random bytes need no stretching."""
        return {"name": "blake2b", "salt": encode_base64url(token_bytes(_SALT))}

    def key(self, kdf: Json) -> bytes:
        """The bytes under this salt, for this kind of slot only."""
        from nacl.encoding import RawEncoder
        from nacl.hash import blake2b

        salt, person = decode_base64url(kdf["salt"]), self.kind.encode().ljust(16, b"\0")
        return bytes(blake2b(b"testamur vault", KEY_BYTES, self.secret, salt, person, encoder=RawEncoder))


def make_slot(unlock: Unlock, key: bytes, vault_id: str, *, made: str, label: str = "") -> Slot:
    """A slot that opens with this from now on."""
    kdf, nonce = unlock.parameters(), token_bytes(_NONCE)
    slot = Slot(token_bytes(8).hex(), unlock.kind, label[:120], made, kdf, nonce, b"")
    sealed = encrypt(key, _about(slot, vault_id), nonce, unlock.key(kdf))
    return Slot(slot.id, slot.kind, slot.label, made, kdf, nonce, sealed)


def open_slot(slot: Slot, unlock: Unlock, vault_id: str) -> bytes | None:
    """The vault's key, or None where this does not open the slot."""
    if slot.kind != unlock.kind:
        return None
    return decrypt(slot.sealed, _about(slot, vault_id), slot.nonce, unlock.key(slot.kdf))


def read_slot(members: Any) -> Slot:
    """The slot of a header, with the work it asks for bounded; raises Malformed."""
    if not isinstance(members, dict):
        raise Malformed("slots", "a slot is an object")
    texts = [members.get(name) for name in ("id", "kind", "label", "made", "nonce", "key")]
    if not all(isinstance(text, str) and len(text) <= 200 for text in texts):
        raise Malformed("slots", "a slot has id, kind, label, made, nonce and key as texts")
    name, kind, label, made, nonce, sealed = map(str, texts)
    kdf = read_kdf(members.get("kdf"), "argon2id" if kind == "passphrase" else "blake2b")
    slot = Slot(name, kind, label, made, kdf, decode_base64url(nonce), decode_base64url(sealed))
    if kind not in KINDS or len(slot.nonce) != _NONCE or len(slot.sealed) != KEY_BYTES + _TAG:
        raise Malformed("slots", f"a slot of the kind {kind!r:.40} is not known or has not the right length")
    return slot


def encrypt(data: bytes, about: bytes, nonce: bytes, key: bytes) -> bytes:
    """XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03)."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as seal

    return bytes(seal(data, about, nonce, key))


def decrypt(sealed: bytes, about: bytes, nonce: bytes, key: bytes) -> bytes | None:
    """What was sealed so, or None where the key is another one or a bit was changed."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as unseal
    from nacl.exceptions import CryptoError

    try:
        return bytes(unseal(sealed, about, nonce, key))
    except CryptoError:
        return None


def wrong(kinds: str) -> OperatorError:
    """The error for whoever has not what opens the vault."""
    return OperatorError(
        f"the wallet does not open with this {kinds}", hint="try it again; nothing was changed"
    )


def _about(slot: Slot, vault_id: str) -> bytes:
    return jcs({"vault": vault_id, "slot": slot.named()})


def read_kdf(kdf: Any, expected: str) -> Json:
    """How a key is made, with the work it costs bounded; raises Malformed."""
    if not isinstance(kdf, dict) or kdf.get("name") != expected:
        raise Malformed("kdf", f"such a slot has a key by {expected}")
    salt = kdf.get("salt")
    if not isinstance(salt, str) or len(decode_base64url(salt)) != _SALT:
        raise Malformed("kdf", "its salt has not the right length")
    if expected == "argon2id":
        passes, memory = kdf.get("passes"), kdf.get("memory")
        if type(passes) is not int or not 1 <= passes <= _MAX_PASSES:
            raise Malformed("kdf", f"its passes are not 1 to {_MAX_PASSES}")
        if type(memory) is not int or not 8192 <= memory <= _MAX_MEMORY:
            raise Malformed("kdf", "it asks for an unusual amount of memory")
    return kdf
