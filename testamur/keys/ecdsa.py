"""ECDSA on the NIST curves (FIPS 186-5); keys as compressed points, signatures as raw r‖s."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from testamur.errors import Malformed, ProofInvalid
from testamur.words import say

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        ECDSA,
        EllipticCurve,
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )


@dataclass(frozen=True, slots=True)
class Ecdsa:
    """One curve with the hash that JOSE and Data Integrity pair it with."""

    name: str
    size: int  # bytes of a coordinate and of a secret
    order: int

    def check(self, raw: bytes) -> None:
        """Raise Malformed unless these bytes are a compressed point of the curve."""
        _load_point(self, raw)

    def verify(self, raw: bytes, signature: bytes, data: bytes) -> None:
        """Raise ProofInvalid unless the raw signature r‖s holds; its length is exact."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

        if len(signature) != 2 * self.size:
            raise ProofInvalid(f"a {self.name} signature has {2 * self.size} bytes, not {len(signature)}")
        r, s = self._halves(signature)
        if not (0 < r < self.order and 0 < s < self.order):
            raise ProofInvalid(f"the {self.name} signature is out of range")
        try:
            _load_point(self, raw).verify(encode_dss_signature(r, s), data, _scheme(self.size))
        except InvalidSignature:
            raise ProofInvalid(say("the {algorithm} signature does not hold", algorithm=self.name)) from None

    def generate(self) -> bytes:
        """A fresh secret scalar."""
        from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key

        scalar = generate_private_key(self.curve()).private_numbers().private_value
        return scalar.to_bytes(self.size, "big")

    def load(self, secret: bytes) -> EllipticCurvePrivateKey:
        """The private key of a scalar; raises Malformed."""
        from cryptography.hazmat.primitives.asymmetric.ec import derive_private_key

        scalar = int.from_bytes(secret, "big")
        if len(secret) != self.size or not 0 < scalar < self.order:
            raise Malformed("", f"this is not a {self.name} secret")
        return derive_private_key(scalar, self.curve())

    def public(self, handle: EllipticCurvePrivateKey) -> bytes:
        """The compressed point that belongs to a private key."""
        return compress(handle.public_key())

    def sign(self, handle: EllipticCurvePrivateKey, data: bytes) -> bytes:
        """The signature r‖s; each half has the full length of the curve."""
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        r, s = decode_dss_signature(handle.sign(data, _scheme(self.size)))
        return r.to_bytes(self.size, "big") + s.to_bytes(self.size, "big")

    def coordinates(self, raw: bytes) -> tuple[bytes, bytes]:
        """The x and y of a compressed point, as a JWK carries them (RFC 7518 §6.2.1)."""
        numbers = _load_point(self, raw).public_numbers()
        return numbers.x.to_bytes(self.size, "big"), numbers.y.to_bytes(self.size, "big")

    def from_coordinates(self, x: bytes, y: bytes) -> bytes:
        """The compressed point of two coordinates of full length; raises Malformed when off the curve."""
        raw = bytes([2 + (y[-1:] > b"" and y[-1] & 1)]) + x
        if len(x) != self.size or len(y) != self.size or self.coordinates(raw) != (x, y):
            raise Malformed("", f"x and y are not a point of {self.name}", clause="RFC 7518 §6.2.1")
        return raw

    def curve(self) -> EllipticCurve:
        """The curve as the library names it."""
        from cryptography.hazmat.primitives.asymmetric import ec

        return {32: ec.SECP256R1(), 48: ec.SECP384R1(), 66: ec.SECP521R1()}[self.size]

    def _halves(self, signature: bytes) -> tuple[int, int]:
        return int.from_bytes(signature[: self.size], "big"), int.from_bytes(signature[self.size :], "big")


@lru_cache(maxsize=8)
def _scheme(size: int) -> ECDSA:
    """The hash that goes with coordinates of so many bytes."""
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512

    return ECDSA({32: SHA256(), 48: SHA384(), 66: SHA512()}[size])


def compress(key: EllipticCurvePublicKey) -> bytes:
    """The compressed point of a public key (SEC 1 §2.3.3)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


@lru_cache(maxsize=256)
def _load_point(curve: Ecdsa, raw: bytes) -> EllipticCurvePublicKey:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

    if len(raw) != curve.size + 1 or raw[0] not in (2, 3):
        raise Malformed("", f"a {curve.name} public key is a compressed point of {curve.size + 1} bytes")
    try:
        return EllipticCurvePublicKey.from_encoded_point(curve.curve(), raw)
    except ValueError:
        raise Malformed("", f"these bytes are not a point of {curve.name}") from None


P256 = Ecdsa("P-256", 32, 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551)
P384 = Ecdsa(
    "P-384",
    48,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
)
P521 = Ecdsa(
    "P-521",
    66,
    2**521 - 0x5AE79787C40D069948033FEB708F65A2FC44A36477663B851449048E16EC79BF7,
)
