"""RSASSA-PKCS1-v1_5 with SHA-256 (RS256), to verify Open Badges JWTs; nothing here signs with RSA."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from testamur.errors import Malformed, ProofInvalid, Unsupported
from testamur.words import say

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_MIN_BITS, _MAX_BITS = 2048, 8192
_MIN_EXPONENT, _MAX_EXPONENT = 65537, 2**32
_MAX_DER = 1200


class Rsa:
    """A public key is the DER of its SubjectPublicKeyInfo; 2048 to 8192 bits."""

    def check(self, raw: bytes) -> None:
        """Raise Malformed unless these bytes are an RSA key of an acceptable size and exponent."""
        _load(raw)

    def verify(self, raw: bytes, signature: bytes, data: bytes) -> None:
        """Raise ProofInvalid unless the RS256 signature holds (RFC 7518 §3.3)."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            _load(raw).verify(signature, data, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise ProofInvalid(say("the {algorithm} signature does not hold", algorithm="RSA")) from None

    def numbers(self, raw: bytes) -> tuple[bytes, bytes]:
        """Modulus and exponent without leading zeros, as a JWK carries them (RFC 7518 §6.3.1)."""
        numbers = _load(raw).public_numbers()
        return _unsigned(numbers.n), _unsigned(numbers.e)

    def from_numbers(self, modulus: bytes, exponent: bytes) -> bytes:
        """The DER of a key from its modulus and exponent; raises Malformed."""
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        n, e = int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")
        _check_numbers(n, e)
        try:
            key = RSAPublicNumbers(e, n).public_key()
        except ValueError:
            raise Malformed("", "modulus and exponent are not an RSA key") from None
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def generate(self) -> bytes:
        """Refused: RSA keys are only verified with."""
        _never_signs()

    def load(self, secret: bytes) -> None:
        """Refused: RSA keys are only verified with."""
        _never_signs()

    def public(self, handle: None) -> bytes:
        """Refused: RSA keys are only verified with."""
        _never_signs()

    def sign(self, handle: None, data: bytes) -> bytes:
        """Refused: RSA keys are only verified with."""
        _never_signs()


def _never_signs() -> NoReturn:
    raise Unsupported("RSA keys are read to verify older badges; testamur does not sign with them")


def _unsigned(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _check_numbers(n: int, e: int) -> None:
    if not _MIN_BITS <= n.bit_length() <= _MAX_BITS:
        raise Malformed(
            "",
            f"an RSA key of {n.bit_length()} bits is outside {_MIN_BITS} to {_MAX_BITS}",
            clause="RFC 7518 §3.3",
        )
    if not (_MIN_EXPONENT <= e < _MAX_EXPONENT and e % 2):
        raise Malformed("", "the RSA exponent must be odd and from 65537 to 2^32", clause="FIPS 186-5 §5.1")


@lru_cache(maxsize=64)
def _load(raw: bytes) -> RSAPublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    if len(raw) > _MAX_DER:
        raise Malformed("", "the RSA key is too long")
    try:
        key = load_der_public_key(raw)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Malformed("", "these bytes are not an RSA public key") from None
    if not isinstance(key, RSAPublicKey):
        raise Malformed("", "these bytes are not an RSA public key")
    numbers = key.public_numbers()
    _check_numbers(numbers.n, numbers.e)
    return key


RSA = Rsa()
