"""Writing tokens of the older kind: the claims that stand for members of a credential (OB §8.2, VCDM 1.1 §6.3.1)."""

from __future__ import annotations

from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.proofs.claims import id_of
from testamur.times import parse_instant, to_epoch


def badge_claims(badge: Json) -> Json:
    """The claims of an Open Badge, whose members stand beside them; raises Malformed where one cannot be had."""
    claims = _registered(badge)
    missing = [
        name for name, claim in (("id", "jti"), ("credentialSubject.id", "sub")) if claim not in claims
    ]
    if missing or "nbf" not in claims:
        raise Malformed((missing or ["validFrom"])[0], "a badge that is a JWT must have it", clause="OB §8.2")
    return claims | badge


def credential_claims(credential: Json) -> Json:
    """The claims of a credential that is a claim itself; members and claims say the same."""
    return _registered(credential) | {"vc": credential}


def _registered(document: Json) -> Json:
    first = document.get("validFrom", document.get("issuanceDate"))
    last = document.get("validUntil", document.get("expirationDate"))
    claims: Json = {
        "iss": id_of(document.get("issuer")),
        "jti": id_of(document),
        "sub": id_of(document.get("credentialSubject")),
    }
    claims |= {"nbf": to_epoch(parse_instant(first, "validFrom"))} if first else {}
    claims |= {"exp": to_epoch(parse_instant(last, "validUntil"))} if last else {}
    return {name: value for name, value in claims.items() if value != ""}
