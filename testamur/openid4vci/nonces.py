"""Nonces that need no row in a table until they are used: signed by the server, good for some minutes."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed
from testamur.times import to_epoch

_RANDOM, _TIME, _MAC = 12, 5, 16


@dataclass(frozen=True, slots=True)
class Nonces:
    """Made and known again by every process that has the same secret."""

    secret: bytes = field(repr=False)
    lifetime: timedelta = timedelta(minutes=5)

    def make(self, purpose: str, at: datetime) -> str:
        """A fresh nonce for a purpose."""
        body = to_epoch(at).to_bytes(_TIME, "big") + secrets.token_bytes(_RANDOM)
        return encode_base64url(body + self._mac(purpose, body))

    def knows(self, purpose: str, nonce: str, at: datetime) -> bool:
        """Whether a nonce is one of ours for this purpose and still good; that it is new is for a table to say."""
        try:
            raw = decode_base64url(nonce) if len(nonce) <= 100 else b""
        except Malformed:
            return False
        body, mac = raw[:-_MAC], raw[-_MAC:]
        if len(body) != _TIME + _RANDOM or not hmac.compare_digest(mac, self._mac(purpose, body)):
            return False
        age = to_epoch(at) - int.from_bytes(body[:_TIME], "big")
        return -60 <= age <= self.lifetime.total_seconds()

    def _mac(self, purpose: str, body: bytes) -> bytes:
        return hmac.digest(self.secret, purpose.encode() + b"\0" + body, "sha256")[:_MAC]
