"""Small secrets sealed for the database they lie in: XChaCha20-Poly1305 under a key that the passphrase gives."""

from __future__ import annotations

from secrets import token_bytes

from testamur.errors import OperatorError
from testamur.keys.passphrase import stretch

SALT_BYTES = 16
_PASSES, _MEMORY = 3, 64 * 2**20
_NONCE = 24


class Box:
    """Seals and opens; what is sealed for one place does not open in another."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, passphrase: str, salt: bytes) -> Box:
        """The box of an installation, whose salt stays with it."""
        return cls(stretch(passphrase, salt, _PASSES, _MEMORY))

    def seal(self, data: bytes, place: str) -> bytes:
        """The data under a fresh nonce; ``place`` names what it is and whose."""
        from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

        nonce = token_bytes(_NONCE)
        return nonce + bytes(encrypt(data, place.encode(), nonce, self._key))

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed; raises OperatorError under another passphrase and where anything was changed."""
        from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
        from nacl.exceptions import CryptoError

        try:
            return bytes(decrypt(sealed[_NONCE:], place.encode(), sealed[:_NONCE], self._key))
        except (CryptoError, ValueError):
            raise OperatorError(
                "what is sealed in the database does not open",
                hint="give the passphrase of this installation: TESTAMUR_PASSPHRASE",
            ) from None
