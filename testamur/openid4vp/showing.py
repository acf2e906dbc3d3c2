"""One record as it is shown: the part that is asked for, in the form of its format, bound to the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import uuid4

from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import Signer
from testamur.openid4vp.matching import Match
from testamur.openid4vp.refusing import RequestRefused
from testamur.openid4vp.request import Request
from testamur.pointers import write_pointer
from testamur.presenting import Asked, present
from testamur.proofs import (
    SecuredDocument,
    bind,
    choose,
    derivation_of,
    digest_text,
    hash_of,
    parse_jws,
    parse_sd_jwt,
    sign_jws,
)
from testamur.times import to_epoch


def show(match: Match, request: Request, *, at: datetime) -> Json | str:
    """The presentation of a record, as it stands in ``vp_token``; raises RequestRefused, Malformed."""
    return SHOWN[match.query.format](match, request, at)


def part_of(match: Match) -> SecuredDocument:
    """The record with what is asked for and what it always shows, and no more where its form allows it."""
    document = match.candidate.document
    if document.format.endswith("+sd-jwt"):
        return choose(document, match.places)
    try:
        how = derivation_of(document)
        always = how.always_shown(document)
    except Malformed:
        return document  # signed as a whole
    if not match.places and not always:
        return how.derive(document, [f"/{name}" for name in how.read(document) if name != "@context"])
    return how.derive(document, [write_pointer(spot) for spot in match.places])


def _sd_jwt(match: Match, request: Request, at: datetime) -> str:
    shown = part_of(match)
    if not match.query.needs_holder:
        return shown.text
    parts = parse_sd_jwt(shown.text)
    payload = parse_object(parse_jws(parts.token).payload)
    more = _agreed(match, request)
    return bind(
        parts, payload, _signer(match), audience=request.client_id, nonce=request.nonce, at=at, more=more
    ).text


def _agreed(match: Match, request: Request) -> Json:
    """The hashes of the transaction data that go with this record (B.3.3)."""
    data = [each for each in request.transaction_data if match.query.id in each.credential_ids]
    if not data:
        return {}
    named = [each.hashes for each in data if each.hashes]
    algorithm = next(
        (name for name in ("sha-256", "sha-384", "sha-512") if all(name in each for each in named)), ""
    )
    if not algorithm:
        raise RequestRefused("invalid_transaction_data", "no one hash is allowed for all of it")
    hashes = [digest_text(each.text, hash_of({"_sd_alg": algorithm})) for each in data]
    more: Json = {"transaction_data_hashes": hashes}
    return more | ({"transaction_data_hashes_alg": algorithm} if named else {})


def _ldp(match: Match, request: Request, at: datetime) -> Json | str:
    _no_data(match, request)
    shown = part_of(match)
    if not match.query.needs_holder:
        return parse_object(shown.text)
    asked = Asked(request.client_id, request.nonce)
    return parse_object(present([shown], _signer(match), form="ldp_vp", asked=asked, at=at).text)


def _jwt(match: Match, request: Request, at: datetime) -> str:
    """A ``vp+jwt`` for records of VCDM 2.0, a JWT with the claim ``vp`` for older ones (B.1.3.1)."""
    _no_data(match, request)
    document = match.candidate.document
    if not match.query.needs_holder:
        return document.text
    signer = _signer(match)
    if document.format == "vc+jwt":
        return present(
            [document], signer, form="vp+jwt", asked=Asked(request.client_id, request.nonce), at=at
        ).text
    holder = signer.verification_method.partition("#")[0]
    claims: Json = {
        "iss": holder,
        "aud": request.client_id,
        "nonce": request.nonce,
        "iat": to_epoch(at),
        "nbf": to_epoch(at),
        "jti": f"urn:uuid:{uuid4()}",
        "vp": {
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "type": ["VerifiablePresentation"],
            "holder": holder,
            "verifiableCredential": [document.text],
        },
    }
    return sign_jws({"typ": "JWT"}, write_json(claims).encode(), signer)


def _signer(match: Match) -> Signer:
    if match.candidate.signer is None:
        raise RequestRefused("access_denied", "there is no key with which the record could be shown")
    return match.candidate.signer


def _no_data(match: Match, request: Request) -> None:
    """Only an SD-JWT has a place for transaction data (§8.4)."""
    if any(match.query.id in each.credential_ids for each in request.transaction_data):
        raise RequestRefused(
            "invalid_transaction_data", "a record in this form cannot be bound to an agreement"
        )


SHOWN: Mapping[str, Callable[[Match, Request, datetime], Json | str]] = {
    "dc+sd-jwt": _sd_jwt,
    "ldp_vc": _ldp,
    "jwt_vc_json": _jwt,
}
"""How a record is shown, by the name of its format."""
