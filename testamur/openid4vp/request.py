"""An authorization request: its parameters, checked for what every wallet must refuse (OpenID4VP §5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from testamur.encoding import decode_base64url
from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object
from testamur.openid4vp.dcql import Query, read_query
from testamur.openid4vp.refusing import RequestRefused

RESPONSE_MODES = ("fragment", "direct_post", "direct_post.jwt")
STATIC_AUDIENCE = "https://self-issued.me/v2"
MAX_URL = 4000
_TOKEN = re.compile(r"[A-Za-z0-9._~-]{1,1024}", re.ASCII)
_LEAST_NONCE = 16  # a nonce of fewer characters has not enough randomness, whatever it is made of
_MAX_DATA = 8
_PREFIXES = (
    "redirect_uri",
    "decentralized_identifier",
    "openid_federation",
    "verifier_attestation",
    "x509_san_dns",
    "x509_hash",
    "origin",
)


@dataclass(frozen=True, slots=True)
class TransactionData:
    """Something to be agreed to together with showing a record (§8.4)."""

    text: str  # base64url as received: what is hashed
    type: str
    credential_ids: tuple[str, ...]
    hashes: tuple[str, ...]  # ``transaction_data_hashes_alg``
    members: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks a wallet, once the parameters are in order; whether it is really they is another question."""

    client_id: str
    nonce: str
    response_mode: str
    query: Query
    response_uri: str = ""  # for direct_post
    redirect_uri: str = ""  # for fragment
    state: str = ""
    client_metadata: Json = field(default_factory=dict)
    transaction_data: tuple[TransactionData, ...] = ()
    verifier_info: tuple[Json, ...] = ()
    parameters: Json = field(default_factory=dict, repr=False)

    @property
    def prefix(self) -> str:
        """The client identifier prefix (§5.9); "" for a pre-registered client."""
        return prefix_of(self.client_id)[0]

    @property
    def client_name(self) -> str:
        """What the verifier calls itself; nothing proves it."""
        name = self.client_metadata.get("client_name", "")
        return name[:200] if isinstance(name, str) else ""

    @property
    def answer_uri(self) -> str:
        """Where the answer goes."""
        return self.response_uri or self.redirect_uri

    @property
    def answer_host(self) -> str:
        """The host that gets the answer."""
        return (urlsplit(self.answer_uri).hostname or "").lower()


def prefix_of(client_id: str) -> tuple[str, str]:
    """The prefix and the rest; ("", all of it) without a known prefix."""
    prefix, colon, rest = client_id.partition(":")
    return (prefix, rest) if colon and prefix in _PREFIXES else ("", client_id)


def read_parameters(parameters: Mapping[str, Any]) -> Request:
    """The request of its parameters, from a request object or an address; raises RequestRefused."""
    try:
        return _read(dict(parameters))
    except RequestRefused:
        raise
    except Malformed as error:
        raise RequestRefused("invalid_request", str(error), clause=error.clause) from None


def _read(members: Json) -> Request:
    client_id, mode = _text(members, "client_id"), _text(members, "response_mode")
    if members.get("response_type") != "vp_token":
        raise Malformed("response_type", "only vp_token is answered here", clause="OpenID4VP §5.6")
    if mode not in RESPONSE_MODES:
        raise Malformed("response_mode", f"{mode!r:.40} is not answered here", clause="OpenID4VP §5.6")
    nonce = _token(members, "nonce")
    if len(nonce) < _LEAST_NONCE:
        raise Malformed("nonce", "it is too short to be fresh", clause="OpenID4VP §5.2")
    response_uri, redirect_uri = _where(members, client_id, mode)
    query = _query(members)
    state = _token(members, "state") if "state" in members else ""
    if not state and not all(each.needs_holder for each in query.credentials):
        raise Malformed("state", "it is needed where no holder is bound", clause="OpenID4VP §5.3")
    return Request(
        client_id,
        nonce,
        mode,
        query,
        response_uri,
        redirect_uri,
        state,
        _metadata(members),
        _transaction_data(members, query),
        _verifier_info(members),
        members,
    )


def _query(members: Json) -> Query:
    if "presentation_definition" in members or "presentation_definition_uri" in members:
        raise Malformed("presentation_definition", "only DCQL is answered", clause="OpenID4VP §5.1")
    if "scope" in members and "dcql_query" not in members:
        raise RequestRefused("invalid_scope", "no scope stands for a question here", clause="OpenID4VP §5.5")
    if "scope" in members:
        raise Malformed(
            "dcql_query", "a question is asked by scope or by DCQL, not by both", clause="OpenID4VP §5.1"
        )
    value = members.get("dcql_query")
    return read_query(
        parse_object(value, max_bytes=100_000, max_depth=16) if isinstance(value, str) else value
    )


def _where(members: Json, client_id: str, mode: str) -> tuple[str, str]:
    """Where the answer goes; raises Malformed for anything but one https address that fits the mode."""
    prefix, rest = prefix_of(client_id)
    response_uri, redirect_uri = members.get("response_uri", ""), members.get("redirect_uri", "")
    if mode.startswith("direct_post"):
        if "redirect_uri" in members:
            raise Malformed("redirect_uri", "it has no place beside direct_post", clause="OpenID4VP §8.2")
        response_uri = response_uri or (rest if prefix == "redirect_uri" else "")
        _check_address(response_uri, "response_uri")
    else:
        redirect_uri = redirect_uri or (rest if prefix == "redirect_uri" else "")
        _check_address(redirect_uri, "redirect_uri")
        response_uri = ""
    if prefix == "redirect_uri" and rest != (response_uri or redirect_uri):
        raise Malformed(
            "client_id", "the answer would go to another address than it names", clause="OpenID4VP §5.9.3"
        )
    return response_uri, redirect_uri


def _check_address(value: Any, name: str) -> None:
    if not isinstance(value, str) or len(value) > MAX_URL or not value.startswith(("https://", "http://")):
        raise Malformed(name, "it is no https address", clause="OpenID4VP §8.2")
    try:
        parts = urlsplit(value)
    except ValueError:
        raise Malformed(name, "it is no address", clause="OpenID4VP §8.2") from None
    if not parts.hostname or parts.fragment or parts.username or any(letter.isspace() for letter in value):
        raise Malformed(name, "it is no plain address", clause="OpenID4VP §8.2")


def _metadata(members: Json) -> Json:
    value = members.get("client_metadata", {})
    if isinstance(value, str):
        value = parse_object(value, max_bytes=100_000, max_depth=12)
    if not isinstance(value, dict):
        raise Malformed("client_metadata", "this must be an object", clause="OpenID4VP §5.1")
    return value


def _transaction_data(members: Json, query: Query) -> tuple[TransactionData, ...]:
    listed = members.get("transaction_data", [])
    if isinstance(listed, str):
        listed = parse_object('{"all":' + listed + "}", max_bytes=100_000, max_depth=4)["all"]
    if not isinstance(listed, list) or len(listed) > _MAX_DATA:
        raise RequestRefused("invalid_transaction_data", "transaction_data is a short list of texts")
    known = {each.id for each in query.credentials}
    return tuple(_one_data(each, known) for each in listed)


def _one_data(text: Any, known: set[str]) -> TransactionData:
    try:
        if not isinstance(text, str):
            raise Malformed("", "it is no text")
        read = parse_object(decode_base64url(text), max_bytes=50_000, max_depth=12)
    except Malformed as error:
        raise RequestRefused("invalid_transaction_data", f"transaction_data: {error}") from None
    ids, hashes = read.get("credential_ids"), read.get("transaction_data_hashes_alg", [])
    if not isinstance(read.get("type"), str) or not isinstance(ids, list) or not ids:
        raise RequestRefused("invalid_transaction_data", "it has a type and the ids of queries")
    if not all(isinstance(each, str) and each in known for each in ids) or not isinstance(hashes, list):
        raise RequestRefused("invalid_transaction_data", "it names a query that is not asked")
    return TransactionData(text, read["type"], tuple(ids), tuple(map(str, hashes)), read)


def _verifier_info(members: Json) -> tuple[Json, ...]:
    listed = members.get("verifier_info", [])
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Malformed("verifier_info", "this must be a list of objects", clause="OpenID4VP §5.1")
    return tuple(listed[:8])


def _text(members: Json, name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_URL:
        raise Malformed(name, "it is missing", clause="OpenID4VP §5.1")
    return value


def _token(members: Json, name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        raise Malformed(name, "it is letters, digits, and -._~", clause="OpenID4VP §5.2")
    return value
