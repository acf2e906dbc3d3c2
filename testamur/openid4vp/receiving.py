"""The wallet receives a request: by value, by reference, or by a POST that tells what the wallet can do (OpenID4VP §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from urllib.parse import parse_qsl, urlencode, urlsplit

from testamur.errors import Malformed, TestamurError
from testamur.fetch import Posting
from testamur.jsontext import Json, parse_object, write_json
from testamur.openid4vp.refusing import RequestRefused
from testamur.openid4vp.request import STATIC_AUDIENCE, Request, read_parameters
from testamur.openid4vp.requesters import Known, Requester, look_at_requester
from testamur.proofs import Jws, parse_jws
from testamur.times import from_epoch

SCHEMES = ("openid4vp", "haip-vp", "https")
REQUEST_TYPE = "application/oauth-authz-req+jwt"
WALLET_METADATA: Json = {
    "vp_formats_supported": {
        "dc+sd-jwt": {
            "sd-jwt_alg_values": ["ES256", "ES384", "EdDSA"],
            "kb-jwt_alg_values": ["ES256", "EdDSA"],
        },
        "jwt_vc_json": {"alg_values": ["ES256", "ES384", "EdDSA"]},
        "ldp_vc": {
            "proof_type_values": ["DataIntegrityProof"],
            "cryptosuite_values": ["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019"],
        },
    },
    "client_id_prefixes_supported": [
        "redirect_uri",
        "decentralized_identifier",
        "x509_san_dns",
        "x509_hash",
        "verifier_attestation",
    ],
    "request_object_signing_alg_values_supported": ["ES256", "ES384", "EdDSA"],
    "response_types_supported": ["vp_token"],
    "response_modes_supported": ["direct_post", "direct_post.jwt", "fragment"],
    "encrypted_response_enc_values_supported": ["A128GCM", "A256GCM"],
}
"""What this wallet can do, as a verifier asks to know it (§10)."""

_MAX_REQUEST = 200_000
_SKEW = timedelta(minutes=5)
_JWT_TYPES = (REQUEST_TYPE, "application/jwt")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was looked at, and who asks."""

    request: Request
    requester: Requester
    is_signed: bool = False


def receive_request(text: str, network: Posting, known: Known, *, at: datetime) -> Asked:
    """What a link or a scanned code asks; raises RequestRefused, EvidenceUnusable before anything is shown.

    No redirect is followed to a request (§5.7), and only what the signed object says counts.
    """
    outer = _outer(text)
    client_id = outer.get("client_id", "")
    if "request" in outer and "request_uri" in outer:
        raise RequestRefused("invalid_request", "a request comes by value or by reference, not both")
    if "request" in outer:
        jws, nonce = _parse(outer["request"]), ""
    elif "request_uri" in outer:
        jws, nonce = _fetched(outer, network)
    else:
        request = read_parameters(outer)
        return Asked(request, look_at_requester(None, request, known))
    request = _opened(jws, client_id, nonce, at)
    return Asked(request, look_at_requester(jws, request, known), is_signed=True)


def _outer(text: str) -> dict[str, str]:
    """The parameters of a link; raises RequestRefused for anything else, or where one is there twice."""
    try:
        parts = urlsplit(text.strip() if len(text) <= _MAX_REQUEST else "")
    except ValueError:
        raise RequestRefused("invalid_request", "this is no request to a wallet") from None
    if parts.scheme not in SCHEMES or not parts.query:
        raise RequestRefused("invalid_request", "this is no request to a wallet")
    try:
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True, max_num_fields=40)
    except ValueError:
        raise RequestRefused("invalid_request", "its parameters cannot be read") from None
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names) or "client_id" not in names:
        raise RequestRefused("invalid_request", "a parameter is there twice, or client_id is missing")
    return dict(pairs)


def _fetched(outer: Mapping[str, str], network: Posting) -> tuple[Jws, str]:
    """The request object that lies at ``request_uri``, and the nonce that it must carry (§5.10)."""
    url, method = outer["request_uri"], outer.get("request_uri_method", "get")
    if method not in ("get", "post"):
        raise RequestRefused("invalid_request_uri_method", f"{method!r:.40} is neither get nor post")
    if not url.startswith(("https://", "http://")):
        raise RequestRefused("invalid_request", "request_uri is no address")
    if method == "get":
        found = network.get(url, accept=REQUEST_TYPE, max_bytes=_MAX_REQUEST)
        _check_place(found.url, url)
        return _object_of(found.body, found.media_type), ""
    nonce = token_urlsafe(24)
    form = {"wallet_metadata": write_json(WALLET_METADATA), "wallet_nonce": nonce}
    answer = network.post(
        url,
        urlencode(form).encode(),
        "application/x-www-form-urlencoded",
        accept=REQUEST_TYPE,
        max_bytes=_MAX_REQUEST,
    )
    if answer.status != 200:
        raise RequestRefused("invalid_request", f"the request could not be had ({answer.status})")
    return _object_of(answer.body, answer.media_type), nonce


def _check_place(found: str, asked: str) -> None:
    if urlsplit(found)._replace(fragment="") != urlsplit(asked)._replace(fragment=""):
        raise RequestRefused("invalid_request", "the request was moved elsewhere", clause="OpenID4VP §5.7")


def _object_of(body: bytes, media_type: str) -> Jws:
    if media_type not in _JWT_TYPES:
        raise RequestRefused("invalid_request", f"what lies there is no request object ({media_type:.60})")
    return _parse(body.decode("ascii", "replace").strip())


def _parse(token: str) -> Jws:
    try:
        return parse_jws(token)
    except TestamurError as error:
        raise RequestRefused("invalid_request", f"the request object cannot be read: {error}") from None


def _opened(jws: Jws, client_id: str, nonce: str, at: datetime) -> Request:
    """What a request object says, not yet believed; raises RequestRefused where it is for another time or wallet."""
    try:
        claims = parse_object(jws.payload, max_bytes=_MAX_REQUEST, max_depth=24)
        _check_times(claims, at)
    except Malformed as error:
        raise RequestRefused("invalid_request", str(error)) from None
    kind = str(jws.header.get("typ", "")).lower().removeprefix("application/")
    if kind != REQUEST_TYPE.removeprefix("application/"):
        raise RequestRefused(
            "invalid_request", "the object is not typed as a request", clause="RFC 9101 §10.8"
        )
    if claims.get("client_id") != client_id:
        raise RequestRefused(
            "invalid_request", "link and object name different clients", clause="RFC 9101 §5"
        )
    if "request" in claims or "request_uri" in claims:
        raise RequestRefused("invalid_request", "a request in a request", clause="RFC 9101 §4")
    audience = claims.get("aud")
    if STATIC_AUDIENCE not in (audience if isinstance(audience, list) else [audience]):
        raise RequestRefused("invalid_request", "it is for another wallet (aud)", clause="OpenID4VP §5.8")
    if nonce and claims.get("wallet_nonce") != nonce:
        raise RequestRefused(
            "invalid_request", "it answers another wallet (wallet_nonce)", clause="OpenID4VP §5.10"
        )
    return read_parameters(claims)


def _check_times(claims: Json, at: datetime) -> None:
    if "exp" in claims and from_epoch(claims["exp"], "exp") <= at - _SKEW:
        raise Malformed("exp", "the request has ended", clause="RFC 7519 §4.1.4")
    for name in ("nbf", "iat"):
        if name in claims and from_epoch(claims[name], name) > at + _SKEW:
            raise Malformed(name, "the request is from the future", clause="RFC 7519 §4.1")
