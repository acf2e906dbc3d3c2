"""The key algorithms, by the name a ``PublicKey`` carries; the only way to the cryptographic libraries.

The libraries are imported on first use: a command that signs nothing does not pay for them.
"""

from __future__ import annotations

from typing import Any, Protocol

from testamur.errors import Unsupported
from testamur.keys.bls12_381 import BLS12_381
from testamur.keys.ecdsa import P256, P384, P521
from testamur.keys.ed25519 import ED25519
from testamur.keys.ml_dsa import ML_DSA_44
from testamur.keys.rsa import RSA


class Algorithm(Protocol):
    """What can be done with a kind of key; a private key is first loaded into a handle."""

    def check(self, raw: bytes) -> None:
        """Raise Malformed unless these bytes are a public key."""
        ...

    def verify(self, raw: bytes, signature: bytes, data: bytes) -> None:
        """Raise ProofInvalid unless the signature holds."""
        ...

    def generate(self) -> bytes:
        """A fresh secret."""
        ...

    def load(self, secret: bytes) -> Any:
        """The handle of a secret; raises Malformed without saying anything of it."""
        ...

    def public(self, handle: Any) -> bytes:
        """The public key that belongs to a handle."""
        ...

    def sign(self, handle: Any, data: bytes) -> bytes:
        """The signature over these bytes."""
        ...


ALGORITHMS: dict[str, Algorithm] = {
    "Ed25519": ED25519,
    "P-256": P256,
    "P-384": P384,
    "P-521": P521,
    "RSA": RSA,
    "ML-DSA-44": ML_DSA_44,
    "BLS12-381": BLS12_381,
}


def algorithm_named(name: str) -> Algorithm:
    """The algorithm of this name; raises Unsupported."""
    try:
        return ALGORITHMS[name]
    except KeyError:
        raise Unsupported(f"keys of the kind {name!r:.60} are not supported") from None
