"""A private key in memory, which never shows itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from testamur.errors import Malformed, Unsupported
from testamur.keys import jwk, multikey
from testamur.keys.algorithms import algorithm_named
from testamur.keys.bls12_381 import Bls12381
from testamur.keys.public_key import PublicKey


class PrivateKey:
    """A key that signs. Its secret is in no repr, no error and no pickle."""

    __slots__ = ("_handle", "_secret", "algorithm", "public_key")

    algorithm: str
    public_key: PublicKey

    def __init__(self, algorithm: str, secret: bytes) -> None:
        kind = algorithm_named(algorithm)
        self.algorithm = algorithm
        self._secret = secret
        self._handle = kind.load(secret)
        self.public_key = PublicKey(algorithm, kind.public(self._handle))

    @classmethod
    def generate(cls, algorithm: str) -> PrivateKey:
        """A fresh key from the system's randomness."""
        return cls(algorithm, algorithm_named(algorithm).generate())

    @classmethod
    def from_secret(cls, algorithm: str, secret: bytes) -> PrivateKey:
        """The key of a raw secret: an Ed25519 seed or an elliptic curve scalar."""
        return cls(algorithm, secret)

    @classmethod
    def from_multikey(cls, text: object) -> PrivateKey:
        """The key of a ``secretKeyMultibase`` (CID §2.2.2)."""
        return cls(*multikey.read_secret(text))

    @classmethod
    def from_jwk(cls, members: object) -> PrivateKey:
        """The key of a private JWK; raises Malformed when its two halves do not belong together."""
        algorithm, secret, raw = jwk.read_secret(members)
        key = cls(algorithm, secret)
        if key.public_key.raw != raw:
            raise Malformed("", "the private and the public half of the JWK do not belong together")
        return key

    @property
    def secret(self) -> bytes:
        """The raw secret, to be encrypted and kept."""
        return self._secret

    def sign(self, data: bytes) -> bytes:
        """The signature over these bytes: 64 bytes of Ed25519, or raw r‖s."""
        return algorithm_named(self.algorithm).sign(self._handle, data)

    def sign_messages(self, header: bytes, messages: Sequence[bytes]) -> bytes:
        """The BBS signature over a header and messages, 80 bytes; raises Unsupported for a key of another kind."""
        kind = algorithm_named(self.algorithm)
        if not isinstance(kind, Bls12381):
            raise Unsupported(f"a key of the kind {self.algorithm} signs whole documents")
        return kind.sign_messages(self._handle, header, messages)

    def __repr__(self) -> str:
        return f"<PrivateKey {self.algorithm} {self.public_key.label}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not pickled")
