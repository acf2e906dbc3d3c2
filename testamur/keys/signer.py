"""Who signs: a key in memory, in a file or in a hardware module, under one small protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from testamur.keys.private_key import PrivateKey
from testamur.keys.public_key import PublicKey


class Signer(Protocol):
    """Signs with a key that may live in memory, in a file or in a hardware module."""

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what this signer signs."""
        ...

    @property
    def verification_method(self) -> str:
        """The DID URL under which that key is published."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The signature over these bytes; ECDSA as raw r‖s, never DER."""
        ...


@runtime_checkable
class MessageSigner(Signer, Protocol):
    """Signs a list of messages at once, of which some can be shown without the others (BBS)."""

    def sign_messages(self, header: bytes, messages: Sequence[bytes]) -> bytes:
        """The signature; raises Unsupported for a key of another kind."""
        ...


@dataclass(frozen=True, slots=True)
class Named:
    """A signer under another name of its key; "" keeps the one it has."""

    signer: Signer
    name: str

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what this signer signs."""
        return self.signer.public_key

    @property
    def verification_method(self) -> str:
        """The other name."""
        return self.name or self.signer.verification_method

    def sign(self, data: bytes) -> bytes:
        """The signature over these bytes."""
        return self.signer.sign(data)


@dataclass(frozen=True, slots=True)
class LocalSigner:
    """A signer whose private key is in this process."""

    private_key: PrivateKey
    verification_method: str

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what this signer signs."""
        return self.private_key.public_key

    def sign(self, data: bytes) -> bytes:
        """The signature over these bytes; ECDSA as raw r‖s."""
        return self.private_key.sign(data)

    def sign_messages(self, header: bytes, messages: Sequence[bytes]) -> bytes:
        """The BBS signature over a header and messages, 80 bytes; raises Unsupported for a key of another kind."""
        return self.private_key.sign_messages(header, messages)
