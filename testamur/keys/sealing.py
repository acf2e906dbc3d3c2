"""A stream sealed with a passphrase: argon2id for the key, XChaCha20-Poly1305 in chunks for the content.

Layout: the line ``testamur-sealed-1``, 16 bytes of salt, the argon2id cost as two big-endian 32-bit
numbers (operations, memory in KiB), the 24-byte header of libsodium's secretstream, then chunks of
at most 64 KiB + 17 bytes, the last one marked as last. A cut, reordered or changed file is refused.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.utils import random

from testamur.errors import Malformed, OperatorError
from testamur.keys.passphrase import stretch

MAGIC = b"testamur-sealed-1\n"
CHUNK = 65536

_OPERATIONS, _MEMORY_KIB = 3, 262_144
_MAX_OPERATIONS, _MAX_MEMORY_KIB = 12, 1_048_576
_OVERHEAD = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_HEAD = len(MAGIC) + 24 + _HEADER


class SealedWriter:
    """Seals what is written to it; without ``close`` the file is not whole and does not open."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        salt = random(16)
        self._target = target
        self._waiting = bytearray()
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(
            self._state, stretch(passphrase, salt, _OPERATIONS, _MEMORY_KIB * 1024)
        )
        target.write(MAGIC + salt + struct.pack(">II", _OPERATIONS, _MEMORY_KIB) + header)

    def write(self, data: bytes) -> int:
        """Take these bytes; returns how many."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._push(bytes(self._waiting[:CHUNK]), _MORE)
            del self._waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        """Write the last chunk; the target stays open."""
        self._push(bytes(self._waiting), _LAST)
        self._waiting.clear()

    def _push(self, chunk: bytes, tag: int) -> None:
        self._target.write(bindings.crypto_secretstream_xchacha20poly1305_push(self._state, chunk, tag=tag))


class SealedReader:
    """Reads what was sealed; raises OperatorError for a wrong passphrase, Malformed for damage.

    What is read before ``finish`` has come back may be a part of the whole: keep it aside until then.
    """

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        head = source.read(_HEAD)
        if len(head) < _HEAD or not head.startswith(MAGIC):
            raise Malformed("", "this is not a sealed testamur file")
        salt, costs = head[len(MAGIC) :][:16], head[len(MAGIC) + 16 :][:8]
        operations, memory = struct.unpack(">II", costs)
        if not 1 <= operations <= _MAX_OPERATIONS or not 8192 <= memory <= _MAX_MEMORY_KIB:
            raise Malformed("", "the sealed file asks for an unusual amount of work")
        self._source = source
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        self._ready = bytearray()
        self._ended = False
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(
            self._state, head[-_HEADER:], stretch(passphrase, salt, operations, memory * 1024)
        )
        try:
            self._pull()
        except Malformed:
            raise OperatorError(
                "the passphrase does not open this file, or its beginning is damaged"
            ) from None

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, b"" at the end."""
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._pull()
        data = bytes(self._ready if size < 0 else self._ready[:size])
        del self._ready[: len(data)]
        return data

    def finish(self) -> None:
        """Read to the end: only now it is certain that nothing is missing."""
        while not self._ended:
            self._ready.clear()
            self._pull()

    def _pull(self) -> None:
        chunk = self._source.read(CHUNK + _OVERHEAD)
        try:
            data, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self._state, chunk)
        except (CryptoError, ValueError, RuntimeError):
            raise Malformed("", "the sealed file is damaged or cut short") from None
        self._ready += data
        self._ended = tag == _LAST
        if self._ended and self._source.read(1):
            raise Malformed("", "something follows the end of the sealed file")
