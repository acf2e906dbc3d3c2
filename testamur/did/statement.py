"""A statement: claims that the controller of a DID signs about its own records, as a compact JWS (RFC 7519)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from testamur.errors import EvidenceUnusable, Malformed, Refused, Undecided
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import Signer
from testamur.proofs import FindKey, Jws, parse_jws, sign_jws, verify_jws
from testamur.times import from_epoch, to_epoch
from testamur.words import because, say

_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Statement:
    """The claims of a statement that holds, and when it was made."""

    claims: Json
    issued: datetime
    expires: datetime


def sign_statement(
    kind: str, issuer: str, claims: Json, signer: Signer, *, at: datetime, valid_for: timedelta
) -> str:
    """Return the signed statement; ``kind`` is its ``typ`` ("testamur-notices+jwt")."""
    members = {"iss": issuer, "iat": to_epoch(at), "exp": to_epoch(at + valid_for)} | claims
    return sign_jws({"typ": kind}, write_json(members).encode(), signer)


def open_statement(token: str, kind: str, find_key: FindKey, *, issuer: str, at: datetime) -> Statement:
    """Return the statement of this kind by this issuer; raises EvidenceUnusable for anything else.

    A compromised key proves nothing here, whatever ``iat`` says: it could have made the statement today.
    """
    try:
        jws = parse_jws(token)
        claims = parse_object(jws.payload)
        issued, expires = from_epoch(claims.get("iat"), "iat"), from_epoch(claims.get("exp"), "exp")
        _check_claims(jws, claims, kind, issuer)
        _check_signature(jws, find_key, issuer, issued)
    except (Malformed, Refused, Undecided) as error:
        raise _unusable(kind, error.message) from None
    if issued - at > _SKEW:
        raise _unusable(kind, say("it is from {day}, which has not come yet", day=issued))
    if expires <= at:
        raise _unusable(kind, say("it is from {day} and ended on {until}", day=issued, until=expires))
    return Statement(claims, issued, expires)


def _check_claims(jws: Jws, claims: Json, kind: str, issuer: str) -> None:
    if jws.header.get("typ") != kind:
        raise Malformed("typ", f"{jws.header.get('typ')!r:.60} is not {kind}")
    if claims.get("iss") != issuer:
        raise Malformed("iss", f"{claims.get('iss')!r:.80} is not {issuer:.80}")


def _check_signature(jws: Jws, find_key: FindKey, issuer: str, issued: datetime) -> None:
    method = find_key(jws.key_id, "assertionMethod", issued)
    if method.controller != issuer:
        raise Malformed("kid", f"{jws.key_id!r:.80} is no key of the issuer")
    if method.revoked is not None:
        raise Malformed("kid", f"{jws.key_id!r:.80} is compromised")
    verify_jws(jws, method.public_key)


def _unusable(kind: str, why: str) -> EvidenceUnusable:
    name = kind.removesuffix("+jwt").removeprefix("testamur-")
    said = (
        say("the signed list of digests is not usable")
        if name == "digests"
        else say("the signed list of {name} is not usable", name=name)
    )
    return EvidenceUnusable(because(said, why))
