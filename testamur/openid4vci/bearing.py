"""Who asks, and what: the access token, the key it is bound to, and a body that may be encrypted."""

from __future__ import annotations

from dataclasses import dataclass

from testamur.errors import TestamurError
from testamur.openid4vci.counter import CredentialIssuer, sent_once
from testamur.openid4vci.refusing import (
    INVALID_CREDENTIAL_REQUEST,
    INVALID_DPOP,
    INVALID_ENCRYPTION,
    INVALID_TOKEN,
    Denial,
    bearer_denial,
)
from testamur.openid4vci.requests import MAX_REQUEST, Asked
from testamur.store.claims import OVER, Grant, NotNow, digest_of, passing


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that was shown, and what the request is remembered by."""

    grant: Grant
    record_id: str
    once: list[str]


def bearer_of(issuer: CredentialIssuer, asked: Asked) -> Bearer:
    """Who asks: the token, and the key it is bound to; raises a Denial of 401."""
    scheme, _, token = asked.header("Authorization").partition(" ")
    if not token or scheme.lower() not in ("bearer", "dpop") or len(token) > 200:
        raise Denial(
            INVALID_TOKEN, "an access token is needed", status=401, headers={"WWW-Authenticate": "DPoP"}
        )
    sent_by = "DPoP" if scheme.lower() == "dpop" else "Bearer"
    try:
        with issuer.claims.reading() as connection:
            grant = passing.grant_of(connection, digest_of(token), asked.at)
            entry = issuer.entry(connection, grant.offer)
            if entry is None:
                raise NotNow(OVER)
    except NotNow:
        raise bearer_denial(INVALID_TOKEN, "the token is not good, or not any more", scheme=sent_by) from None
    try:
        sender = issuer.sender(asked, token) if sent_by == "DPoP" else None
    except Denial as denial:
        fresh = denial.headers.get("DPoP-Nonce", "")
        raise bearer_denial(denial.error, str(denial), nonce=fresh) from None
    if grant.jkt != (sender.thumbprint if sender else ""):
        error = INVALID_DPOP if sent_by == "DPoP" and sender is None else INVALID_TOKEN
        raise bearer_denial(error, "the token is bound to another key, or to none", scheme="DPoP")
    return Bearer(grant, entry.record_id, sent_once(sender))


def opened(issuer: CredentialIssuer, asked: Asked) -> tuple[bytes, bool]:
    """The body of a request, decrypted where it is encrypted; raises Denial."""
    if asked.media_type == "application/jwt":
        if issuer.request_key is None:
            raise Denial(INVALID_ENCRYPTION, "requests are not encrypted here")
        try:
            token = asked.body.decode("ascii")
            return issuer.request_key.decrypt(token, max_bytes=MAX_REQUEST).plaintext, True
        except (TestamurError, UnicodeDecodeError):
            raise Denial(INVALID_ENCRYPTION, "the request could not be decrypted") from None
    if asked.media_type != "application/json":
        raise Denial(INVALID_CREDENTIAL_REQUEST, "a request is application/json or application/jwt")
    return asked.body, False
