"""SD-JWT (RFC 9901): a token, its disclosures and a key binding, in their exact texts."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed, Unsupported
from testamur.jsontext import MAX_BYTES, Json, parse_json, parse_object, write_json

HASHES = {"sha-256": "sha256", "sha-384": "sha384", "sha-512": "sha512"}  # IANA names, RFC 9901 §4.1.1
_DIGESTS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
MAX_DISCLOSURES = 4096
RESERVED = ("_sd", "...")
_MAX_DISCLOSURE = 1_000_000
_MAX_SIGNATURES = 16

NewSalt = Callable[[], str]


@dataclass(frozen=True, slots=True)
class SdJwt:
    """The parts of an SD-JWT; nothing is said of their truth."""

    token: str  # the JWT that the issuer signed
    disclosures: tuple[str, ...] = ()
    key_binding: str = ""  # the JWT that the holder signed; "" where there is none
    others: tuple[str, ...] = ()  # in the JSON form: the same payload signed once more

    @property
    def bound_text(self) -> str:
        """What a key binding speaks of: all but itself, with the last ``~`` (RFC 9901 §4.3.1)."""
        return "~".join((self.token, *self.disclosures, ""))

    @property
    def text(self) -> str:
        """The compact serialization (RFC 9901 §4)."""
        return self.bound_text + self.key_binding


class Disclosure(NamedTuple):
    """One member or one entry of a list that the holder may keep back (RFC 9901 §4.2)."""

    text: str  # base64url exactly as it stands there: no canonical form exists
    name: str | None  # None: an entry of a list
    value: Any

    def digest(self, hash_name: str) -> str:
        """What stands in its place in the token (RFC 9901 §4.2.3)."""
        return digest_text(self.text, hash_name)


def parse_sd_jwt(text: str) -> SdJwt:
    """The parts of the compact or of the JSON form; raises Malformed."""
    if len(text) > MAX_BYTES:
        raise Malformed("", f"it is longer than {MAX_BYTES} bytes")
    if text.startswith("{"):
        return _from_json(parse_object(text))
    token, *rest = text.split("~")
    if not rest:
        raise Malformed("", "an SD-JWT without a key binding ends with ~", clause="RFC 9901 §4")
    return _checked(SdJwt(token, tuple(rest[:-1]), rest[-1]))


def is_sd_jwt_json(document: Json) -> bool:
    """Whether a JSON object is an SD-JWT in its JSON form (RFC 9901 §8)."""
    return isinstance(document.get("payload"), str) and ("signature" in document or "signatures" in document)


def read_disclosure(text: str) -> Disclosure:
    """The disclosure of its base64url text; raises Malformed."""
    if len(text) > _MAX_DISCLOSURE:
        raise Malformed("", f"a disclosure is longer than {_MAX_DISCLOSURE} bytes")
    parts = parse_json(decode_base64url(text))
    if not isinstance(parts, list) or len(parts) not in (2, 3) or not isinstance(parts[0], str):
        raise Malformed("", "a disclosure is a list of salt, name and value", clause="RFC 9901 §4.2")
    if len(parts) == 2:
        return Disclosure(text, None, parts[1])
    if not isinstance(parts[1], str) or parts[1] in RESERVED:
        raise Malformed("", f"a disclosure must not be named {parts[1]!r:.60}", clause="RFC 9901 §7.1")
    return Disclosure(text, parts[1], parts[2])


def make_disclosure(name: str | None, value: Any, salt: str) -> Disclosure:
    """A disclosure written here."""
    parts = [salt, value] if name is None else [salt, name, value]
    return Disclosure(encode_base64url(write_json(parts).encode()), name, value)


def new_salt() -> str:
    """128 bits of the system's randomness (RFC 9901 §9.3)."""
    return encode_base64url(secrets.token_bytes(16))


def digest_text(text: str, hash_name: str) -> str:
    """The base64url digest of an ASCII text."""
    return encode_base64url(_DIGESTS[hash_name](text.encode("ascii")).digest())


def hash_of(claims: Json) -> str:
    """The hash that ``_sd_alg`` names, SHA-256 where it names none; raises Unsupported."""
    name = claims.get("_sd_alg", "sha-256")
    if not isinstance(name, str) or name not in HASHES:
        raise Unsupported(f"digests by {name!r:.60} are not supported", clause="RFC 9901 §4.1.1")
    return HASHES[name]


def _checked(parts: SdJwt) -> SdJwt:
    if len(parts.disclosures) > MAX_DISCLOSURES:
        raise Malformed("", f"{len(parts.disclosures)} disclosures are more than {MAX_DISCLOSURES}")
    if not all(parts.disclosures):
        raise Malformed("", "a disclosure is empty", clause="RFC 9901 §4")
    if not parts.text.isascii():
        raise Malformed("", "an SD-JWT is ASCII text", clause="RFC 9901 §4")
    return parts


def _from_json(members: Json) -> SdJwt:
    """Flattened or general: disclosures and key binding stand in the first unprotected header (RFC 9901 §8)."""
    signed = members.get("signatures", [members])
    if not isinstance(signed, list) or not 0 < len(signed) <= _MAX_SIGNATURES:
        raise Malformed(
            "signatures", f"an SD-JWT has 1 to {_MAX_SIGNATURES} signatures", clause="RFC 9901 §8"
        )
    tokens = [_token(members.get("payload"), each) for each in signed]
    headers = [each.get("header", {}) for each in signed]
    if not all(isinstance(header, dict) for header in headers):
        raise _no_json()
    if any(name in header for header in headers[1:] for name in ("disclosures", "kb_jwt")):
        raise Malformed("header", "disclosures stand in the first header only", clause="RFC 9901 §8.1")
    disclosures, binding = headers[0].get("disclosures", []), headers[0].get("kb_jwt", "")
    if not isinstance(disclosures, list) or not all(
        isinstance(each, str) for each in (*disclosures, binding)
    ):
        raise _no_json()
    return _checked(SdJwt(tokens[0], tuple(disclosures), binding, tuple(tokens[1:])))


def _token(payload: Any, signed: Any) -> str:
    members = signed if isinstance(signed, dict) else {}
    parts = [
        part
        for part in (members.get("protected"), payload, members.get("signature"))
        if isinstance(part, str)
    ]
    if len(parts) != 3:
        raise _no_json()
    return ".".join(parts)


def _no_json() -> Malformed:
    return Malformed("", "this is no SD-JWT in its JSON form", clause="RFC 9901 §8")
