"""The digest list: every form a school's ledger holds, so that a stolen key cannot add one (docs/trust-file.md)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from testamur.did import Statement, open_statement, sign_statement
from testamur.encoding import encode_base64url
from testamur.errors import EvidenceUnusable, Malformed
from testamur.keys import Signer
from testamur.proofs import FindKey
from testamur.words import because, say

DIGESTS_TYPE = "testamur-digests+jwt"
SIZE = 32
MAX_BYTES = 256_000_000  # eight million forms
VALID_FOR = timedelta(days=90)
_MAX_TOKEN = 16_000


@dataclass(frozen=True, slots=True)
class DigestList:
    """The sorted digests of a school's forms, checked against its signature."""

    raw: bytes
    issuer: str
    issued: datetime

    def __len__(self) -> int:
        return len(self.raw) // SIZE

    def contains(self, digest: bytes) -> bool:
        """Whether the SHA-256 of a form's exact text is in the list."""
        digests = _Rows(self.raw)
        place = bisect_left(digests, digest)
        return place < len(digests) and digests[place] == digest


class _Rows:
    """A view of concatenated digests that bisect can search without copying them."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def __len__(self) -> int:
        return len(self._raw) // SIZE

    def __getitem__(self, place: int) -> bytes:
        return self._raw[place * SIZE : (place + 1) * SIZE]


def sign_digest_list(
    digests: Iterable[bytes],
    issuer: str,
    url: str,
    signer: Signer,
    *,
    at: datetime,
    valid_for: timedelta = VALID_FOR,
) -> tuple[str, bytes]:
    """Return the signed statement (``digests.jwt``) and the list it speaks of, which lies at ``url``."""
    rows = sorted(set(digests))
    if any(len(row) != SIZE for row in rows):
        raise Malformed("digests", f"a SHA-256 digest has {SIZE} bytes")
    raw = b"".join(rows)
    claims = {"count": len(rows), "sha256": encode_base64url(sha256(raw).digest()), "url": url}
    return sign_statement(DIGESTS_TYPE, issuer, claims, signer, at=at, valid_for=valid_for), raw


def digests_location(token: str, find_key: FindKey, *, issuer: str, at: datetime) -> str:
    """Return where the list of a statement lies; raises EvidenceUnusable."""
    url = _open(token, find_key, issuer, at).claims.get("url")
    if not isinstance(url, str):
        raise _unusable("it does not say where it lies")
    return url


def open_digest_list(token: str, raw: bytes, find_key: FindKey, *, issuer: str, at: datetime) -> DigestList:
    """Return the list if the statement about it holds; raises EvidenceUnusable for anything else."""
    statement = _open(token, find_key, issuer, at)
    if len(raw) > MAX_BYTES or len(raw) % SIZE:
        raise _unusable("it is not a list of digests")
    if statement.claims.get("sha256") != encode_base64url(sha256(raw).digest()):
        raise _unusable("it is not the list that was signed")
    if statement.claims.get("count") != len(raw) // SIZE or not _sorted(raw):
        raise _unusable("it is not counted or sorted as it says")
    return DigestList(raw, issuer, statement.issued)


def _open(token: str, find_key: FindKey, issuer: str, at: datetime) -> Statement:
    if len(token) > _MAX_TOKEN:
        raise _unusable("its statement is too long")
    return open_statement(token, DIGESTS_TYPE, find_key, issuer=issuer, at=at)


def _sorted(raw: bytes) -> bool:
    """Whether the digests rise strictly, so that none is there twice and a search finds every one."""
    return all(
        raw[place : place + SIZE] < raw[place + SIZE : place + 2 * SIZE]
        for place in range(0, len(raw) - SIZE, SIZE)
    )


def _unusable(why: str) -> EvidenceUnusable:
    return EvidenceUnusable(because(say("the signed list of digests is not usable"), why))
