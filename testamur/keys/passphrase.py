"""A passphrase as key bytes: the same on every keyboard, and dear to guess (argon2id, RFC 9106)."""

from __future__ import annotations

import unicodedata

from testamur.errors import OperatorError

KEY_BYTES = 32


def stretch(passphrase: str, salt: bytes, passes: int, memory: int) -> bytes:
    """32 bytes of key out of the passphrase in NFKC; ``memory`` is in bytes.

    Raises OperatorError for an empty passphrase, and where the memory is not to be had.
    """
    from nacl.exceptions import RuntimeError as SodiumError
    from nacl.pwhash.argon2id import kdf

    if not passphrase:
        raise OperatorError("the passphrase is empty", hint="give one with --passphrase-file")
    secret = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    try:
        return bytes(kdf(KEY_BYTES, secret, salt, opslimit=passes, memlimit=memory))
    except (MemoryError, SodiumError):
        raise OperatorError(
            f"there are no {memory // 2**20:,} MB of memory free to turn the passphrase into a key",
            hint="close other programs and run the same command again",
        ) from None
