"""AES-256-GCM, which browsers have too (WebCrypto): what is sealed here opens there."""

from __future__ import annotations

from secrets import token_bytes

KEY_BYTES = 32
_NONCE = 12


def seal_aes_gcm(data: bytes, key: bytes, about: bytes) -> bytes:
    """A fresh nonce and what is sealed under it; a key seals few things, so that nonces never meet."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, about)
