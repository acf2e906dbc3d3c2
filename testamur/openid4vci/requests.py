"""What wallets ask of an issuer, taken apart within bounds: token requests, credential requests, notifications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from testamur.errors import Malformed, TestamurError, Unsupported
from testamur.jsontext import Json, parse_json, parse_object, write_json
from testamur.keys import ReaderKey
from testamur.keys.jwe import ALG, ENCS
from testamur.openid4vci.refusing import (
    INVALID_CREDENTIAL_REQUEST,
    INVALID_DETAILS,
    INVALID_ENCRYPTION,
    INVALID_PROOF,
    INVALID_REQUEST,
    Denial,
)

MAX_FORM = 65_536
MAX_REQUEST = 400_000
DETAILS_TYPE = "openid_credential"
_MAX_DETAILS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came over HTTP: where, with which headers (names in lower case), and when."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime

    def header(self, name: str) -> str:
        """The value of a header, "" where it is not there."""
        return self.headers.get(name.lower(), "")

    @property
    def media_type(self) -> str:
        """Its kind of content, without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int
    document: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str = ""  # a JWE or a JWS in place of the document

    @property
    def body(self) -> bytes:
        """The bytes to send."""
        if self.token:
            return self.token.encode("ascii")
        return b"" if self.document is None else write_json(self.document).encode("utf-8")

    @property
    def media_type(self) -> str:
        """What they are."""
        return "application/jwt" if self.token else "application/json"


def read_form(asked: Asked) -> dict[str, str]:
    """The parameters of a form; one that stands there twice is refused (RFC 6749 §3.2)."""
    if asked.media_type != "application/x-www-form-urlencoded" or len(asked.body) > MAX_FORM:
        raise Denial(INVALID_REQUEST, "the request must be a short form (application/x-www-form-urlencoded)")
    try:
        pairs = parse_qsl(asked.body.decode("utf-8"), keep_blank_values=False, max_num_fields=40)
    except (ValueError, UnicodeDecodeError):
        raise Denial(INVALID_REQUEST, "the form cannot be read") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise Denial(INVALID_REQUEST, "a parameter stands there twice")
    return dict(pairs)


def read_details(text: str) -> tuple[str, ...]:
    """The credential configurations that ``authorization_details`` ask for (OID4VCI §5.1.1)."""
    if not text:
        return ()
    try:
        listed = parse_json(text, max_bytes=MAX_FORM, max_depth=10)
    except Malformed:
        raise Denial(INVALID_DETAILS, "authorization_details is not JSON") from None
    if not isinstance(listed, list) or not 0 < len(listed) <= _MAX_DETAILS:
        raise Denial(INVALID_DETAILS, "authorization_details must be a list")
    found = []
    for each in listed:
        if not isinstance(each, dict) or each.get("type") != DETAILS_TYPE:
            raise Denial(INVALID_DETAILS, f"only the type {DETAILS_TYPE} is known")
        wanted = each.get("credential_configuration_id")
        if not isinstance(wanted, str):
            raise Denial(INVALID_DETAILS, "credential_configuration_id is missing")
        found.append(wanted)
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Encrypting:
    """How a wallet wants its answer encrypted."""

    key: ReaderKey
    enc: str
    jwk: Json

    @classmethod
    def parse(cls, value: Any) -> Encrypting:
        """From ``credential_response_encryption``; raises Denial."""
        said: Json = value if isinstance(value, dict) else {}
        jwk, enc = said.get("jwk"), said.get("enc")
        if not isinstance(jwk, dict) or not isinstance(enc, str):
            raise Denial(INVALID_ENCRYPTION, "credential_response_encryption has a jwk and an enc")
        if "zip" in said:
            raise Denial(INVALID_ENCRYPTION, "answers are not compressed")
        if jwk.get("alg", said.get("alg")) != ALG or enc not in ENCS:
            raise Denial(INVALID_ENCRYPTION, f"answers are encrypted with {ALG} and one of {', '.join(ENCS)}")
        try:
            jwk = {**jwk, "alg": ALG}
            return cls(ReaderKey.from_jwk(jwk), enc, jwk)
        except (Malformed, Unsupported) as error:
            raise Denial(INVALID_ENCRYPTION, f"the key cannot be encrypted to: {error}") from None

    @property
    def document(self) -> Json:
        """To be kept until an answer is ready."""
        return {"jwk": self.jwk, "enc": self.enc}


@dataclass(frozen=True, slots=True)
class CredentialRequest:
    """A credential request (OID4VCI §8.2); ``singular`` where it is written as older drafts had it."""

    configuration_id: str
    identifier: str
    proof_type: str
    proofs: tuple[str, ...]
    encrypting: Encrypting | None
    singular: bool
    format: str = ""  # how drafts before 14 named what they want
    types: tuple[str, ...] = ()
    vct: str = ""

    @classmethod
    def parse(cls, body: bytes) -> CredentialRequest:
        """From JSON; raises Denial."""
        try:
            members = parse_object(body, max_bytes=MAX_REQUEST, max_depth=16)
        except TestamurError as error:
            raise Denial(INVALID_CREDENTIAL_REQUEST, f"the request is not usable: {error}") from None
        wanted = [_text(members, name) for name in ("credential_configuration_id", "credential_identifier")]
        if all(wanted) or not (any(wanted) or "format" in members):
            raise Denial(
                INVALID_CREDENTIAL_REQUEST,
                "exactly one of credential_configuration_id and credential_identifier is needed",
            )
        proof_type, proofs, singular = _proofs(members)
        encrypting = members.get("credential_response_encryption")
        definition = members.get("credential_definition")
        types = definition.get("type", []) if isinstance(definition, dict) else members.get("types", [])
        return cls(
            wanted[0],
            wanted[1],
            proof_type,
            proofs,
            None if encrypting is None else Encrypting.parse(encrypting),
            singular or "format" in members,
            _text(members, "format"),
            tuple(each for each in types if isinstance(each, str)) if isinstance(types, list) else (),
            _text(members, "vct"),
        )


def _proofs(members: Json) -> tuple[str, tuple[str, ...], bool]:
    """The type of the proofs, the proofs, and whether the older ``proof`` was used."""
    if "proof" in members and "proofs" in members:
        raise Denial(INVALID_CREDENTIAL_REQUEST, "proof and proofs do not go together")
    if "proof" in members:
        single = members["proof"]
        kind = single.get("proof_type") if isinstance(single, dict) else None
        if not isinstance(kind, str) or not isinstance(single.get(kind), str):
            raise Denial(INVALID_PROOF, "proof has a proof_type, and a member of that name")
        return kind, (single[kind],), True
    said = members.get("proofs", {})
    if not isinstance(said, dict) or len(said) > 1:
        raise Denial(INVALID_PROOF, "proofs has one member, which names their type")
    for kind, listed in said.items():
        if not isinstance(listed, list) or not listed or not all(isinstance(each, str) for each in listed):
            raise Denial(INVALID_PROOF, "the proofs are a list of texts that is not empty")
        return kind, tuple(listed), False
    return "", (), False


def _text(members: Json, name: str) -> str:
    value = members.get(name, "")
    if not isinstance(value, str) or len(value) > 2048:
        raise Denial(INVALID_CREDENTIAL_REQUEST, f"{name} must be a text")
    return value
