"""Ed25519 (RFC 8032) by libsodium, which refuses non-canonical S and keys of low order."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from testamur.errors import Malformed, ProofInvalid
from testamur.words import say


class Ed25519:
    """Pure Ed25519; a public key is 32 bytes, a secret the 32 bytes of the seed."""

    def check(self, raw: bytes) -> None:
        """Raise Malformed unless the key has its 32 bytes; its order is looked at on verifying."""
        if len(raw) != 32:
            raise Malformed(
                "", f"an Ed25519 public key has 32 bytes, not {len(raw)}", clause="RFC 8032 §5.1.5"
            )

    def verify(self, raw: bytes, signature: bytes, data: bytes) -> None:
        """Raise ProofInvalid unless the signature holds (RFC 8032 §5.1.7)."""
        open_signed, refused = _opening()
        if len(signature) != 64:
            raise ProofInvalid(f"an Ed25519 signature has 64 bytes, not {len(signature)}")
        try:
            open_signed(signature + data, raw)
        except refused:
            raise ProofInvalid(say("the {algorithm} signature does not hold", algorithm="Ed25519")) from None

    def generate(self) -> bytes:
        """A fresh seed."""
        from nacl.utils import random

        return bytes(random(32))

    def load(self, secret: bytes) -> tuple[bytes, bytes]:
        """The public key and the expanded secret of a seed; raises Malformed."""
        from nacl.bindings import crypto_sign_seed_keypair

        if len(secret) != 32:
            raise Malformed("", "an Ed25519 secret has 32 bytes")
        public, expanded = crypto_sign_seed_keypair(secret)
        return public, expanded

    def public(self, handle: tuple[bytes, bytes]) -> bytes:
        """The 32 bytes of the public key."""
        return handle[0]

    def sign(self, handle: tuple[bytes, bytes], data: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return _signing()(data, handle[1])[:64]


@cache
def _opening() -> tuple[Callable[[bytes, bytes], bytes], type[Exception]]:
    from nacl.bindings import crypto_sign_open
    from nacl.exceptions import CryptoError

    return crypto_sign_open, CryptoError


@cache
def _signing() -> Callable[[bytes, bytes], bytes]:
    from nacl.bindings import crypto_sign

    return crypto_sign


ED25519 = Ed25519()
