"""A public key: what verifies a signature."""

from __future__ import annotations

from dataclasses import dataclass

from testamur.jsontext import Json
from testamur.keys import jwk, multikey
from testamur.keys.algorithms import algorithm_named

_LONG = 140  # characters that nobody compares


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key, checked when it is made: a point off its curve or a weak RSA key is Malformed."""

    algorithm: str  # "Ed25519" "P-256" "P-384" "P-521" "RSA" "ML-DSA-44"
    raw: bytes  # 32 bytes; 33, 49 or 67 of a compressed point; RSA: DER SubjectPublicKeyInfo; ML-DSA-44: 1312

    def __post_init__(self) -> None:
        algorithm_named(self.algorithm).check(self.raw)

    @classmethod
    def from_multikey(cls, text: object) -> PublicKey:
        """The key of a ``publicKeyMultibase`` (CID §2.2.2); raises Malformed, Unsupported."""
        return cls(*multikey.read_public(text))

    @classmethod
    def from_jwk(cls, members: object) -> PublicKey:
        """The key of a public JWK; raises Malformed (also for a private one), Unsupported."""
        return cls(*jwk.read_public(members))

    @property
    def multikey(self) -> str:
        """The key as ``publicKeyMultibase``; raises Unsupported for RSA."""
        return multikey.write_public(self.algorithm, self.raw)

    @property
    def jwk(self) -> Json:
        """The key as a JWK with its required members only."""
        return jwk.write_jwk(self.algorithm, self.raw)

    @property
    def thumbprint(self) -> str:
        """The JWK thumbprint (RFC 7638) as base64url."""
        return jwk.thumbprint(self.jwk)

    @property
    def label(self) -> str:
        """The key as people compare it: its Multikey, or of a long one the thumbprint."""
        text = self.multikey
        return text if len(text) <= _LONG else f"thumbprint {self.thumbprint}"

    def verify(self, signature: bytes, data: bytes) -> None:
        """Return if the signature over these bytes holds, else raise ProofInvalid.

        ECDSA signatures are raw r‖s over SHA-256, SHA-384 or SHA-512 by the curve; RSA is RS256.
        """
        algorithm_named(self.algorithm).verify(self.raw, signature, data)
