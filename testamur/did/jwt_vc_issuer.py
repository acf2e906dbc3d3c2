"""JWT VC Issuer Metadata: the keys of an issuer whose name is the address of its site (SD-JWT VC §3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from testamur.did.document import MAX_DOCUMENT, DidDocument
from testamur.did.resolution import Resolution
from testamur.errors import EvidenceUnusable, Malformed, Unsupported
from testamur.fetch import Fetching
from testamur.jsontext import Json, parse_object
from testamur.keys import VerificationMethod
from testamur.times import write_instant

WELL_KNOWN = "/.well-known/jwt-vc-issuer"
_CLAUSE = "SD-JWT VC §3"
_MAX_KEYS = 200
_OF_TOKENS = ("Ed25519", "P-256", "P-384", "P-521")
_OURS = ("expires", "revoked")  # members of a JWK that a school's site adds: the days of a key


def resolve_issuer(iss: str, fetch: Fetching) -> Resolution:
    """The issuer's keys as a document of its own; raises Unsupported for no such name, EvidenceUnusable."""
    url = metadata_url(iss)
    fetched = fetch.get(url, accept="application/json", max_bytes=MAX_DOCUMENT)
    try:
        metadata = parse_object(fetched.body, max_bytes=MAX_DOCUMENT)
        if metadata.get("issuer") != iss:
            raise Malformed("issuer", f"the metadata found is that of {metadata.get('issuer')!r:.80}")
        document = DidDocument.parse(_document(iss, _keys(metadata, fetch)), fetched=fetched.at)
    except Malformed as error:
        raise EvidenceUnusable(f"the keys of {iss:.80} are not usable: {error}", clause=_CLAUSE) from None
    return Resolution(document, "fetched", fetched.at)


def metadata_url(iss: str) -> str:
    """Where the metadata of an issuer lies: the well-known part goes before the path; raises Unsupported."""
    host, _, path = iss.removeprefix("https://").partition("/")
    if not iss.startswith("https://") or not host or any(mark in iss for mark in "?#"):
        raise Unsupported(f"{iss!r:.80} is not an https address without query and fragment", clause=_CLAUSE)
    path = path.rstrip("/")
    return f"https://{host}{WELL_KNOWN}{'/' + path if path else ''}"


def issuer_metadata(iss: str, entries: Iterable[VerificationMethod]) -> Json:
    """What a school publishes: every key it ever signed tokens with, and the days of each.

    A key that signs lists only says so; a reader that does not know that member believes it for more.
    """
    metadata_url(iss)
    return {
        "issuer": iss,
        "jwks": {
            "keys": [_written(method) for method in entries if method.public_key.algorithm in _OF_TOKENS]
        },
    }


def _written(method: VerificationMethod) -> Json:
    written: Json = {**method.public_key.jwk, "kid": method.id.partition("#")[2], "use": "sig"}
    for name, moment in (("expires", method.expires), ("revoked", method.revoked)):
        if isinstance(moment, datetime):
            written[name] = write_instant(moment)
    return written | ({"status_only": True} if method.use == "status" else {})


def _keys(metadata: Json, fetch: Fetching) -> list[Any]:
    """The keys, which stand there or at one further address."""
    if ("jwks" in metadata) is ("jwks_uri" in metadata):
        raise Malformed("jwks", "there must be either jwks or jwks_uri")
    found = metadata.get("jwks")
    if found is None:
        url = metadata["jwks_uri"]
        if not isinstance(url, str) or not url.startswith("https://"):
            raise Malformed("jwks_uri", f"{url!r:.80} is not an https address")
        body = fetch.get(
            url, accept="application/jwk-set+json, application/json", max_bytes=MAX_DOCUMENT
        ).body
        found = parse_object(body, max_bytes=MAX_DOCUMENT)
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list) or len(keys) > _MAX_KEYS:
        raise Malformed("jwks", f"this must be a set of at most {_MAX_KEYS} keys")
    return keys


def _document(iss: str, keys: list[Any]) -> Json:
    """One verification method for each key that has a name; a key that cannot be read spoils no other."""
    named = [key for key in keys if isinstance(key, dict) and isinstance(key.get("kid"), str) and key["kid"]]
    methods = [_method(iss, key) for key in named]
    return {"id": iss, "verificationMethod": methods, "assertionMethod": [method["id"] for method in methods]}


def _method(iss: str, key: Json) -> Json:
    method: Json = {"id": f"{iss}#{key['kid']}", "type": "JsonWebKey", "controller": iss}
    method["publicKeyJwk"] = {name: value for name, value in key.items() if name not in _OURS}
    method |= {name: key[name] for name in _OURS if name in key}
    return method | ({"use": "status"} if key.get("status_only") is True else {})
