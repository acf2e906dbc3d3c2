"""What a wallet reads of an issuer and of its authorization server (OID4VCI §12.2, RFC 8414)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from testamur.errors import Malformed, Unsupported
from testamur.jsontext import Json
from testamur.keys import ReaderKey
from testamur.keys.jwe import ALG, ENCS

_CLAUSE = "OID4VCI §12.2.4"
_MAX = 500


@dataclass(frozen=True, slots=True)
class Encryption:
    """How requests or responses are encrypted, if they are."""

    enc: str = ""  # "": not at all
    required: bool = False
    key: ReaderKey | None = None  # for requests


@dataclass(frozen=True, slots=True)
class Offered:
    """A credential configuration as a wallet sees it."""

    id: str
    format: str
    scope: str
    binding: tuple[str, ...]  # "jwk", "did:key", …; empty: bound to no key
    proof_types: Mapping[str, tuple[str, ...]]  # by type, the names of algorithms
    display: tuple[Json, ...]
    document: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class IssuerMetadata:
    """The metadata of a credential issuer, checked to be its own."""

    credential_issuer: str
    credential_endpoint: str
    nonce_endpoint: str
    deferred_endpoint: str
    notification_endpoint: str
    authorization_servers: tuple[str, ...]
    batch_size: int
    request_encryption: Encryption
    response_encryption: Encryption
    configurations: Mapping[str, Offered]
    display: tuple[Json, ...]

    @classmethod
    def parse(cls, document: Json, expected: str) -> IssuerMetadata:
        """The metadata that lies where an issuer's should; raises Malformed where they are another's."""
        if document.get("credential_issuer") != expected:
            raise _broken("credential_issuer", "the metadata are those of another issuer")
        listed = document.get("credential_configurations_supported")
        if not isinstance(listed, dict) or len(listed) > _MAX:
            raise _broken("credential_configurations_supported", "it must be an object of bearable size")
        batch = _object(document, "batch_credential_issuance").get("batch_size", 1)
        return cls(
            expected,
            _url(document, "credential_endpoint", needed=True),
            _url(document, "nonce_endpoint"),
            _url(document, "deferred_credential_endpoint"),
            _url(document, "notification_endpoint"),
            tuple(map(str, _list(document, "authorization_servers"))) or (expected,),
            batch if isinstance(batch, int) and not isinstance(batch, bool) and batch > 0 else 1,
            _request_encryption(_object(document, "credential_request_encryption")),
            _response_encryption(_object(document, "credential_response_encryption")),
            {name: _offered(name, each) for name, each in listed.items() if isinstance(each, dict)},
            _displays(document),
        )


@dataclass(frozen=True, slots=True)
class ServerMetadata:
    """The metadata of an authorization server."""

    issuer: str
    token_endpoint: str
    authorization_endpoint: str
    par_endpoint: str
    par_required: bool
    dpop: tuple[str, ...]  # the algorithms, empty where it takes no DPoP
    client_methods: tuple[str, ...]
    names_itself: bool  # in ``iss`` of its authorization responses

    @classmethod
    def parse(cls, document: Json, expected: str) -> ServerMetadata:
        """The metadata that lie where a server's should; raises Malformed where they are another's."""
        if document.get("issuer") != expected:
            raise _broken("issuer", "the metadata are those of another server")
        return cls(
            expected,
            _url(document, "token_endpoint", needed=True),
            _url(document, "authorization_endpoint"),
            _url(document, "pushed_authorization_request_endpoint"),
            document.get("require_pushed_authorization_requests") is True,
            tuple(map(str, _list(document, "dpop_signing_alg_values_supported"))),
            tuple(map(str, _list(document, "token_endpoint_auth_methods_supported"))),
            document.get("authorization_response_iss_parameter_supported") is True,
        )


def _offered(name: str, document: Json) -> Offered:
    metadata = document.get("credential_metadata")
    shown = metadata if isinstance(metadata, dict) else document  # drafts before 16 had it outside
    types = _object(document, "proof_types_supported")
    return Offered(
        name,
        str(document.get("format", "")),
        str(document.get("scope", "")),
        tuple(map(str, _list(document, "cryptographic_binding_methods_supported"))),
        {
            kind: tuple(map(str, _list(each, "proof_signing_alg_values_supported")))
            for kind, each in types.items()
            if isinstance(each, dict)
        },
        _displays(shown),
        document,
    )


def _displays(document: Json) -> tuple[Json, ...]:
    return tuple(each for each in _list(document, "display") if isinstance(each, dict))


def _request_encryption(said: Json) -> Encryption:
    if not said:
        return Encryption()
    keys = _list(_object(said, "jwks"), "keys")
    for jwk in keys:
        try:
            return Encryption(_enc(said), said.get("encryption_required") is True, ReaderKey.from_jwk(jwk))
        except (Malformed, Unsupported):
            continue
    raise Unsupported("the issuer encrypts requests in no way that is known here", clause=_CLAUSE)


def _response_encryption(said: Json) -> Encryption:
    if not said or ALG not in _list(said, "alg_values_supported"):
        if said.get("encryption_required") is True:
            raise Unsupported("the issuer encrypts its answers in no way that is known here", clause=_CLAUSE)
        return Encryption()
    return Encryption(_enc(said), said.get("encryption_required") is True)


def _enc(said: Json) -> str:
    listed = _list(said, "enc_values_supported")
    found = next((enc for enc in ("A256GCM", "A128GCM", *ENCS) if enc in listed), "")
    if not found:
        raise Unsupported("the issuer encrypts with no cipher that is known here", clause=_CLAUSE)
    return found


def _object(document: Json, name: str) -> Json:
    value = document.get(name, {})
    if not isinstance(value, dict):
        raise _broken(name, "it must be an object")
    return value


def _list(document: Json, name: str) -> list[Any]:
    value = document.get(name, [])
    if not isinstance(value, list) or len(value) > _MAX:
        raise _broken(name, "it must be a list of bearable length")
    return value


def _url(document: Json, name: str, *, needed: bool = False) -> str:
    value = document.get(name, "")
    if not isinstance(value, str) or (needed and not value):
        raise _broken(name, "it must be an address")
    if value and not value.startswith(("https://", "http://")):  # a browser is sent to one of them
        raise _broken(name, "it must be an address")
    return value


def _broken(path: str, message: str) -> Malformed:
    return Malformed(path, message, clause=_CLAUSE)
