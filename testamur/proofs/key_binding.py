"""Key binding: the holder's signature over what is shown, for one audience and in answer to one nonce (RFC 9901 §4.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from testamur.errors import Malformed, ProofInvalid, TestamurError
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import PublicKey, Signer, VerificationMethod
from testamur.proofs.jws import ALGORITHMS, Jws, check_header, parse_jws, sign_jws, verify_jws
from testamur.proofs.sd_jwt import SdJwt, digest_text, hash_of
from testamur.proofs.token import media_name
from testamur.proofs.values import FindKey, Signature
from testamur.times import from_epoch, to_epoch

_CLAUSE = "RFC 9901 §4.3"
_PURPOSE = "authentication"


def bind(
    parts: SdJwt,
    claims: Json,
    signer: Signer,
    *,
    audience: str,
    nonce: str,
    at: datetime,
    more: Json | None = None,
) -> SdJwt:
    """The same SD-JWT with a key binding; ``claims`` are those of its token, for the hash they name.

    ``more`` are further claims, as transaction data need (OpenID4VP B.3.3).
    """
    said = {
        "iat": to_epoch(at),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": digest_text(parts.bound_text, hash_of(claims)),
    } | (more or {})
    token = sign_jws({"typ": "kb+jwt"}, write_json(said).encode(), signer)
    return replace(parts, key_binding=token)


def look_at_binding(parts: SdJwt, payload: Json, claims: Json, find_key: FindKey) -> Signature | None:
    """The holder's signature and whether it holds; None where the SD-JWT carries none.

    ``payload`` is that of the token as signed, ``claims`` what it says; the key is the one in ``cnf``.
    """
    if not parts.key_binding:
        return None
    said = Signature("", "", _PURPOSE)
    try:
        jws = parse_jws(parts.key_binding)
        said = replace(said, algorithm=jws.algorithm)
        bound = parse_object(jws.payload, max_depth=8)
        said = replace(
            said,
            created=from_epoch(bound.get("iat"), "iat"),
            domain=(_text(bound, "aud"),),
            challenge=_text(bound, "nonce"),
        )
        _check_shape(jws)
        if bound.get("sd_hash") != digest_text(parts.bound_text, hash_of(payload)):
            raise ProofInvalid("the holder's signature is over something else (sd_hash)", clause=_CLAUSE)
        method = confirmed_key(claims, find_key, said.created)
        verify_jws(jws, method.public_key)
        return replace(said, verification_method=method.id, method=method)
    except TestamurError as error:
        return replace(said, error=error)


def confirmed_key(claims: Json, find_key: FindKey, at: datetime | None) -> VerificationMethod:
    """The holder's key that the issuer named in ``cnf`` (RFC 7800); raises Malformed where it named none."""
    confirmation = claims.get("cnf")
    if not isinstance(confirmation, dict):
        raise Malformed("cnf", "the issuer names no key of the holder", clause="RFC 7800 §3.1")
    if "jwk" in confirmation:
        key = PublicKey.from_jwk(confirmation["jwk"])
        name = f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{key.thumbprint}"  # RFC 9278
        return VerificationMethod(name, name, key)
    if isinstance(confirmation.get("kid"), str) and ":" in confirmation["kid"]:
        return find_key(confirmation["kid"], _PURPOSE, at)
    raise Malformed(
        "cnf", "the holder's key is named neither by jwk nor by the URL kid", clause="RFC 7800 §3.1"
    )


def _check_shape(jws: Jws) -> None:
    check_header(jws, ALGORITHMS)
    if media_name(jws.header, "typ") != "kb+jwt":
        raise Malformed("typ", "the holder's signature must be a kb+jwt", clause=_CLAUSE)


def _text(members: Json, name: str) -> str:
    value: Any = members.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed(name, "a key binding has this claim as one text", clause=_CLAUSE)
    return value
