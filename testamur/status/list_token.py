"""The status list token: a list signed as a JWT or CWT, named by the address it is served at (TSL §5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from testamur.cbor import parse_cbor, write_cbor
from testamur.credentials import StatusEntry
from testamur.errors import EvidenceUnusable, Malformed, Refused, Undecided
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import Signer, VerificationMethod
from testamur.proofs import FindKey, Jws, parse_cose, parse_jws, sign_cose, sign_jws, verify_jws
from testamur.status.bitstring import LIST_SIZE
from testamur.status.list_credential import KEEP_FOR, VALID_FOR
from testamur.status.packed import json_list, pack
from testamur.status.values import UNUSABLE
from testamur.times import from_epoch, to_epoch
from testamur.words import because

LIST_TYPE = "statuslist+jwt"
LIST_CWT = "application/statuslist+cwt"
_NUMBERS = {"sub": 2, "exp": 4, "iat": 6, "ttl": 65534, "status_list": 65533}  # TSL §5.2
_TAG_18 = b"\xd2"  # how a tagged COSE_Sign1 begins
_MAX_TOKEN = 4_000_000


def list_claims(url: str, *, at: datetime, valid_for: timedelta, keep_for: timedelta) -> Json:
    """Return the claims of a token beside its list: whose address, from when, until when, how long to keep."""
    return {
        "sub": url,
        "iat": to_epoch(at),
        "exp": to_epoch(at + valid_for),
        "ttl": int(keep_for.total_seconds()),
    }


def sign_list_token(
    url: str,
    values: Mapping[int, int],
    signer: Signer,
    *,
    bits: int = 2,
    size: int = LIST_SIZE,
    at: datetime,
    valid_for: timedelta = VALID_FOR,
    keep_for: timedelta = KEEP_FOR,
) -> str:
    """Return the list as a ``statuslist+jwt``; values that are not named are 0, VALID (TSL §7.1)."""
    claims = list_claims(url, at=at, valid_for=valid_for, keep_for=keep_for)
    claims["status_list"] = json_list(pack(values, bits, size), bits)
    return sign_jws({"typ": LIST_TYPE}, write_json(claims).encode(), signer)


def sign_list_cwt(
    url: str,
    values: Mapping[int, int],
    signer: Signer,
    *,
    bits: int = 2,
    size: int = LIST_SIZE,
    at: datetime,
    valid_for: timedelta = VALID_FOR,
    keep_for: timedelta = KEEP_FOR,
) -> bytes:
    """Return the list as a ``statuslist+cwt``, a tagged COSE_Sign1 (TSL §5.2)."""
    claims = list_claims(url, at=at, valid_for=valid_for, keep_for=keep_for)
    numbered = {_NUMBERS[name]: value for name, value in claims.items()}
    numbered[_NUMBERS["status_list"]] = {"bits": bits, "lst": pack(values, bits, size)}
    return sign_cose(LIST_CWT, "", {}, write_cbor(numbered), signer)


def open_list_token(body: bytes, entry: StatusEntry, find_key: FindKey, issuer: str) -> Json:
    """Return the claims of a token by this issuer for the address of an entry (TSL §8.3).

    Raises EvidenceUnusable for anything else. A compromised key proves nothing here: it could have
    made the token today.
    """
    try:
        jws, claims = _read_cwt(body) if body[:1] == _TAG_18 else _read_jwt(body)
        check_claims(claims, entry.list_url)
        _check_signature(jws, find_key, issuer, from_epoch(claims["iat"], "iat"))
    except (Malformed, Refused, Undecided) as error:
        raise EvidenceUnusable(because(UNUSABLE, error.message), clause="TSL §8.3") from None
    return claims


def _read_jwt(body: bytes) -> tuple[Jws, Json]:
    jws = parse_jws(body.decode("ascii", "replace").strip())
    _check_kind(jws, LIST_TYPE)
    return jws, parse_object(jws.payload, max_bytes=_MAX_TOKEN, max_depth=8)


def _read_cwt(body: bytes) -> tuple[Jws, Json]:
    """The parts of a CWT, its claims under the names they have in a JWT."""
    jws, _ = parse_cose(body)
    _check_kind(jws, LIST_CWT)
    claims = parse_cbor(jws.payload, max_items=100)
    if not isinstance(claims, dict):
        raise Malformed("", "the payload is no map of claims", clause="RFC 8392 §3")
    return jws, {name: claims[number] for name, number in _NUMBERS.items() if number in claims}


def _check_kind(jws: Jws, kind: str) -> None:
    if jws.header.get("typ") not in (kind, f"application/{kind}"):
        raise Malformed("typ", f"{jws.header.get('typ')!r:.60} is not {kind}")


def check_claims(claims: Json, url: str) -> None:
    """Raise Malformed unless the token speaks of this address and of real moments (TSL §5.1)."""
    if claims.get("sub") != url:
        raise Malformed("sub", f"{claims.get('sub')!r:.80} is not the address that was asked")
    from_epoch(claims.get("iat"), "iat")
    if "exp" in claims:
        from_epoch(claims["exp"], "exp")
    ttl = claims.get("ttl", 1)
    if isinstance(ttl, bool) or not isinstance(ttl, int | float) or not ttl > 0:
        raise Malformed("ttl", f"{ttl!r:.40} is no time in seconds")


def check_method(method: VerificationMethod, issuer: str) -> None:
    """Raise Malformed for a key that is not the issuer's, or that is in foreign hands."""
    if method.controller != issuer:
        raise Malformed("kid", f"{method.id!r:.80} is no key of the issuer of the record")
    if method.revoked is not None:
        raise Malformed("kid", f"{method.id!r:.80} is compromised")


def _check_signature(jws: Jws, find_key: FindKey, issuer: str, issued: datetime) -> None:
    name = jws.key_id if ":" in jws.key_id else f"{issuer}#{jws.key_id.removeprefix('#')}"
    method = find_key(name, "assertionMethod", issued)
    check_method(method, issuer)
    verify_jws(jws, method.public_key)
