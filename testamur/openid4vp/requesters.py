"""Who asks: each prefix of a client identifier, and what it proves (OpenID4VP §5.9.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from testamur.did import Resolver, is_did
from testamur.encoding import encode_base64url
from testamur.errors import EvidenceUnusable, Malformed, TestamurError
from testamur.jsontext import parse_object
from testamur.keys import Certified, PublicKey, check_chain, leaf_of, read_certificate
from testamur.openid4vp.refusing import RequestRefused
from testamur.openid4vp.request import Request, prefix_of
from testamur.proofs import Jws, parse_jws, verify_jws
from testamur.times import from_epoch
from testamur.trust import TrustSource, first_vouch


@dataclass(frozen=True, slots=True)
class Known:
    """What a wallet knows of the world when it looks at who asks."""

    resolver: Resolver
    trust: Sequence[TrustSource] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks, as far as it is proved."""

    client_id: str
    is_proved: bool  # the request is signed by whoever the client id names
    listed_as: str = ""  # the name under which somebody the holder trusts knows them
    host: str = ""  # the site that gets the answer
    called: str = ""  # what they call themselves; nothing proves it
    doubt: str = ""  # why it is not certain who asks; "" where it is

    @property
    def is_trusted(self) -> bool:
        """Whether somebody the holder trusts vouches for them."""
        return bool(self.listed_as) and not self.doubt


Look = Callable[[Jws | None, Request, Known], Requester]


def look_at_requester(jws: Jws | None, request: Request, known: Known) -> Requester:
    """Who asks; raises RequestRefused where the request is not theirs, or was changed."""
    prefix, _ = prefix_of(request.client_id)
    look = PREFIXES.get(prefix)
    if look is None:
        raise RequestRefused(
            "invalid_client",
            f"clients named {request.client_id:.80} are not known here",
            clause="OpenID4VP §5.9",
        )
    found = look(jws, request, known)
    return replace(found, host=request.answer_host, called=request.client_name)


def _by_address(jws: Jws | None, request: Request, known: Known) -> Requester:
    """``redirect_uri``: whoever gets the answer, and nobody proves who that is."""
    if jws is not None:
        raise RequestRefused(
            "invalid_client", "a request of a redirect_uri client is not signed", clause="OpenID4VP §5.9.3"
        )
    return Requester(
        request.client_id,
        is_proved=False,
        doubt=f"nothing proves who asks; the answer goes to {request.answer_host}",
    )


def _by_did(jws: Jws | None, request: Request, known: Known) -> Requester:
    """``decentralized_identifier``: signed by a key of the DID."""
    did = prefix_of(request.client_id)[1]
    signed = _signed(jws)
    if not is_did(did) or signed.key_id.partition("#")[0] != did or "#" not in signed.key_id:
        raise RequestRefused(
            "invalid_client", "the key is not one of the DID that asks", clause="OpenID4VP §5.9.3"
        )
    _verify(signed, lambda: known.resolver.method(signed.key_id, "authentication", known.at).public_key)
    vouch = first_vouch(known.trust, did, at=known.at)
    doubt = "" if vouch else f"nobody you trust vouches for {did:.120}"
    return Requester(request.client_id, is_proved=True, listed_as=vouch.name if vouch else "", doubt=doubt)


def _by_certificate(jws: Jws | None, request: Request, known: Known) -> Requester:
    """``x509_san_dns`` and ``x509_hash``: signed by the key of a certificate that names them, or whose digest does."""
    prefix, rest = prefix_of(request.client_id)
    signed = _signed(jws)
    x5c = signed.header.get("x5c")
    if not isinstance(x5c, list) or not all(isinstance(each, str) for each in x5c) or not x5c:
        raise RequestRefused(
            "invalid_client", "the certificates are missing (x5c)", clause="OpenID4VP §5.9.3"
        )
    at = known.at
    if at is None:
        raise RequestRefused("invalid_client", "it is not known what time it is")
    leaf = _or_refuse(lambda: leaf_of(x5c, at))
    if prefix == "x509_hash" and encode_base64url(sha256(read_certificate(x5c[0])).digest()) != rest:
        raise RequestRefused(
            "invalid_client", "the certificate is not the one named", clause="OpenID4VP §5.9.3"
        )
    if prefix == "x509_san_dns" and rest.lower() not in leaf.hosts:
        raise RequestRefused(
            "invalid_client", f"the certificate does not name {rest:.80}", clause="OpenID4VP §5.9.3"
        )
    if prefix == "x509_san_dns" and request.answer_host != rest.lower():
        raise RequestRefused(
            "invalid_client", "the answer would go to another host", clause="OpenID4VP §5.9.3"
        )
    _verify(signed, lambda: leaf.public_key)
    name, doubt = _certified(x5c, known, at, leaf)
    return Requester(request.client_id, is_proved=True, listed_as=name, doubt=doubt)


def _certified(x5c: list[str], known: Known, at: datetime, leaf: Certified) -> tuple[str, str]:
    """The name an authority on the holder's list certifies, and what speaks against it."""
    authorities = [each.certificate for source in known.trust for each in source.authorities()]
    try:
        found = check_chain(x5c, authorities, at)
    except EvidenceUnusable as error:
        return "", str(error)
    except TestamurError as error:
        raise RequestRefused("invalid_client", str(error)) from None
    who = next(iter((*found.hosts, *found.urls)), found.subject)
    return f"{who} ({leaf.subject})" if leaf.subject else who, ""


def _by_attestation(jws: Jws | None, request: Request, known: Known) -> Requester:
    """``verifier_attestation``: somebody else vouches for them, and for the key that signs (§12)."""
    signed = _signed(jws)
    token = signed.header.get("jwt")
    attested = _or_refuse(lambda: parse_jws(token if isinstance(token, str) else ""))
    claims = _or_refuse(lambda: parse_object(attested.payload, max_bytes=20_000, max_depth=8))
    if (
        attested.header.get("typ") != "verifier-attestation+jwt"
        or claims.get("sub") != prefix_of(request.client_id)[1]
    ):
        raise RequestRefused("invalid_client", "the attestation is of somebody else", clause="OpenID4VP §12")
    if known.at is None or _or_refuse(lambda: from_epoch(claims.get("exp"), "exp")) <= known.at:
        raise RequestRefused("invalid_client", "the attestation has ended", clause="OpenID4VP §12")
    uris = claims.get("redirect_uris")
    if isinstance(uris, list) and request.answer_uri not in uris:
        raise RequestRefused(
            "invalid_client", "the attestation is for other addresses", clause="OpenID4VP §12"
        )
    issuer = claims.get("iss")
    vouch = first_vouch(known.trust, issuer, at=known.at) if isinstance(issuer, str) else None
    if vouch is None or attested.key_id.partition("#")[0] != issuer:
        raise RequestRefused("invalid_client", "nobody you trust attests them", clause="OpenID4VP §12")
    _verify(attested, lambda: known.resolver.method(attested.key_id, "assertionMethod", known.at).public_key)
    confirmed: Any = claims.get("cnf")
    jwk = confirmed.get("jwk") if isinstance(confirmed, dict) else None
    _verify(signed, lambda: PublicKey.from_jwk(jwk))
    return Requester(
        request.client_id, is_proved=True, listed_as=f"{claims['sub']}, attested by {vouch.name}"
    )


def _signed(jws: Jws | None) -> Jws:
    if jws is None:
        raise RequestRefused("invalid_request", "such a client signs its requests", clause="OpenID4VP §5.9.3")
    return jws


def _verify(jws: Jws, find: Callable[[], PublicKey]) -> None:
    _or_refuse(lambda: verify_jws(jws, find()))


def _or_refuse(act: Callable[[], Any]) -> Any:
    """What comes of it, or RequestRefused with the reason."""
    try:
        return act()
    except RequestRefused:
        raise
    except (TestamurError, Malformed) as error:
        raise RequestRefused("invalid_client", f"it is not certain who asks: {error}") from None


PREFIXES: Mapping[str, Look] = {
    "redirect_uri": _by_address,
    "decentralized_identifier": _by_did,
    "x509_san_dns": _by_certificate,
    "x509_hash": _by_certificate,
    "verifier_attestation": _by_attestation,
}
"""``openid_federation`` waits for trust chains, ``origin`` is never taken from a request (§5.9.3)."""
