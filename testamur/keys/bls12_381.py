"""Keys on BLS12-381: they sign many messages at once, so that some can be shown without the others (BBS)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from testamur.errors import Malformed, Unsupported

if TYPE_CHECKING:
    from py_arkworks_bls12381 import Scalar

_PUBLIC, _SECRET = 96, 32


class Handle(NamedTuple):
    """A secret, and the public key that belongs to it."""

    secret: Scalar
    public: bytes


class Bls12381:
    """A public key is a compressed point of G2, 96 bytes; a secret a scalar of 32 (draft-irtf-cfrg-bbs §3.4)."""

    def check(self, raw: bytes) -> None:
        """Raise Malformed unless these bytes are a point of the subgroup other than its identity."""
        from testamur.keys.bbs import read_public

        read_public(raw)

    def verify(self, raw: bytes, signature: bytes, data: bytes) -> NoReturn:
        """Raise Unsupported: such a key signs lists of messages."""
        raise Unsupported("a BLS12-381 key signs statements one by one, not a document")

    def generate(self) -> bytes:
        """A fresh secret."""
        from testamur.keys.bbs import random_scalar

        return bytes(random_scalar().to_be_bytes())

    def load(self, secret: bytes) -> Handle:
        """The scalar of a secret and its public key; raises Malformed."""
        from testamur.keys.bbs import public_of, read_scalar

        if len(secret) != _SECRET:
            raise Malformed("", f"a BLS12-381 secret has {_SECRET} bytes")
        scalar = read_scalar(secret)
        return Handle(scalar, public_of(scalar))

    def public(self, handle: Handle) -> bytes:
        """The 96 bytes of the public key."""
        return handle.public

    def sign(self, handle: Handle, data: bytes) -> NoReturn:
        """Raise Unsupported: such a key signs lists of messages."""
        raise Unsupported("a BLS12-381 key signs statements one by one, not a document")

    def sign_messages(self, handle: Handle, header: bytes, messages: Sequence[bytes]) -> bytes:
        """The 80 bytes of a BBS signature."""
        from testamur.keys.bbs import sign

        return sign(handle.secret, handle.public, header, messages)


BLS12_381 = Bls12381()
