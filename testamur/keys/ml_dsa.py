"""ML-DSA-44 (FIPS 204): signatures that a quantum computer does not forge, pure and with an empty context."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from testamur.errors import Malformed, ProofInvalid
from testamur.words import say

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

_PUBLIC, _SEED, _SIGNATURE = 1312, 32, 2420  # FIPS 204 §4, table 2


class MlDsa44:
    """ML-DSA-44; a public key is 1312 bytes, a secret the 32 bytes of the seed, a signature 2420 bytes."""

    def check(self, raw: bytes) -> None:
        """Raise Malformed unless the key has its 1312 bytes; any such bytes are a key (FIPS 204 §5.3)."""
        if len(raw) != _PUBLIC:
            raise Malformed("", f"an ML-DSA-44 public key has {_PUBLIC} bytes, not {len(raw)}")

    def verify(self, raw: bytes, signature: bytes, data: bytes) -> None:
        """Raise ProofInvalid unless the signature holds (FIPS 204 §5.3)."""
        from cryptography.exceptions import InvalidSignature

        if len(signature) != _SIGNATURE:
            raise ProofInvalid(f"an ML-DSA-44 signature has {_SIGNATURE} bytes, not {len(signature)}")
        try:
            _load(raw).verify(signature, data)
        except InvalidSignature:
            raise ProofInvalid(
                say("the {algorithm} signature does not hold", algorithm="ML-DSA-44")
            ) from None

    def generate(self) -> bytes:
        """A fresh seed."""
        from nacl.utils import random

        return bytes(random(_SEED))

    def load(self, secret: bytes) -> MLDSA44PrivateKey:
        """The private key of a seed; raises Malformed."""
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

        if len(secret) != _SEED:
            raise Malformed("", f"an ML-DSA-44 secret is a seed of {_SEED} bytes")
        return MLDSA44PrivateKey.from_seed_bytes(secret)

    def public(self, handle: MLDSA44PrivateKey) -> bytes:
        """The 1312 bytes of the public key."""
        return handle.public_key().public_bytes_raw()

    def sign(self, handle: MLDSA44PrivateKey, data: bytes) -> bytes:
        """The 2420 bytes of the signature; another one each time (FIPS 204 §3.4, hedged)."""
        return handle.sign(data)


@lru_cache(maxsize=64)
def _load(raw: bytes) -> MLDSA44PublicKey:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

    return MLDSA44PublicKey.from_public_bytes(raw)


ML_DSA_44 = MlDsa44()
