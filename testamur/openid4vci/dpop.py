"""Tokens bound to a key: DPoP (RFC 9449)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from testamur.encoding import encode_base64url
from testamur.errors import Malformed, ProofInvalid
from testamur.jsontext import Json
from testamur.keys import PrivateKey
from testamur.openid4vci.holder_keys import check_age, key_in_header, sign_with, take_apart
from testamur.times import to_epoch

KIND = "dpop+jwt"
LONGEST = timedelta(minutes=5)
_CLAUSE = "RFC 9449 §4.3"


@dataclass(frozen=True, slots=True)
class Sender:
    """The key that a request was sent with, and what tells this proof from any other."""

    thumbprint: str  # ``jkt``
    jti: str
    nonce: str


def make_dpop(
    key: PrivateKey, method: str, url: str, *, jti: str, at: datetime, access_token: str = "", nonce: str = ""
) -> str:
    """The value of the header ``DPoP`` for a request."""
    claims: Json = {"jti": jti, "htm": method, "htu": _bare(url), "iat": to_epoch(at)}
    if access_token:
        claims["ath"] = hash_of(access_token)
    if nonce:
        claims["nonce"] = nonce
    return sign_with({"typ": KIND, "jwk": key.public_key.jwk}, claims, key)


def check_dpop(token: str, method: str, url: str, *, at: datetime, access_token: str = "") -> Sender:
    """Who sent a request; raises Malformed or ProofInvalid where the proof is of another request or too old.

    Whether it was seen before, and its nonce, are for the caller to look at.
    """
    claimed = take_apart(token, KIND)
    key = key_in_header(claimed.header)
    claimed.verify(key)
    check_age(claimed, at, LONGEST)
    if claimed.text("htm") != method:
        raise ProofInvalid("the proof is for another method (htm)", clause=_CLAUSE)
    if _bare(claimed.text("htu")) != _bare(url):
        raise ProofInvalid("the proof is for another address (htu)", clause=_CLAUSE)
    if access_token and claimed.text("ath") != hash_of(access_token):
        raise ProofInvalid("the proof is for another token (ath)", clause=_CLAUSE)
    jti = claimed.text("jti")
    if not 8 <= len(jti) <= 200:
        raise Malformed("jti", "the proof has no identifier of its own", clause=_CLAUSE)
    return Sender(key.thumbprint, jti, claimed.text("nonce"))


def hash_of(text: str) -> str:
    """SHA-256 in base64url: ``ath`` of a token, ``code_challenge`` of a verifier (S256)."""
    return encode_base64url(sha256(text.encode("ascii", "replace")).digest())


def _bare(url: str) -> str:
    """An address without query and fragment, its scheme, host and default port written in one way (RFC 3986 §6.2)."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise Malformed("htu", "this is no address", clause=_CLAUSE) from None
    default = {"https": 443, "http": 80}.get(parts.scheme.lower())
    place = host if port in (None, default) else f"{host}:{port}"
    return f"{parts.scheme.lower()}://{place}{parts.path or '/'}"
