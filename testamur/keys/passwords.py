"""Passwords as they are kept: argon2id in PHC form (RFC 9106), compared in constant time, a few at once."""

from __future__ import annotations

import unicodedata
from functools import cache
from threading import BoundedSemaphore

_PASSES, _MEMORY = 2, 64 * 2**20
_AT_ONCE = BoundedSemaphore(2)  # each takes 64 MB while it works
MAX_PASSWORD = 1000


def hash_password(password: str) -> str:
    """What is kept of a password."""
    from nacl.pwhash import argon2id

    with _AT_ONCE:
        return argon2id.str(_secret(password), opslimit=_PASSES, memlimit=_MEMORY).decode("ascii")


def is_password(kept: str, password: str) -> bool:
    """Whether this is the password; where nothing is kept it takes as long to say no."""
    from nacl.exceptions import InvalidkeyError
    from nacl.pwhash import argon2id

    with _AT_ONCE:
        try:
            right = argon2id.verify((kept or _nobody()).encode("ascii"), _secret(password))
        except InvalidkeyError:
            return False
    return bool(right and kept)


@cache
def _nobody() -> str:
    from nacl.pwhash import argon2id

    return argon2id.str(b"nobody", opslimit=_PASSES, memlimit=_MEMORY).decode("ascii")


def _secret(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password[:MAX_PASSWORD]).encode("utf-8", "surrogatepass")
