"""The ways a key is written in a document: Multikey, JWK and the older suites' own types (CID §2.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from testamur.did.syntax import INVALID_METHOD
from testamur.encoding import decode_base58
from testamur.errors import Malformed, Unsupported
from testamur.jsontext import Json
from testamur.keys import PublicKey, VerificationMethod
from testamur.times import parse_instant


def read_method(url: str, written: Json) -> VerificationMethod:
    """Return the verification method of a JSON object; raises Malformed, Unsupported."""
    controller = written.get("controller")
    if not isinstance(controller, str):
        raise Malformed(url, "the key names no controller", clause="CID §2.2", problem=INVALID_METHOD)
    use = written.get("use", "")
    if use not in ("", "status"):
        raise Unsupported(f"a key for the use {use!r:.40} is not supported")
    return VerificationMethod(
        id=url,
        controller=controller,
        public_key=_public_key(url, written),
        expires=_instant(written, "expires"),
        revoked=_instant(written, "revoked"),
        use=use,
    )


def _public_key(url: str, written: Json) -> PublicKey:
    kind = written.get("type")
    read = READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise Unsupported(f"keys of type {kind!r:.60} are not supported for signatures", clause="CID §2.2")
    forms = [name for name in ("publicKeyMultibase", "publicKeyJwk", "publicKeyBase58") if name in written]
    if len(forms) != 1:
        raise Malformed(
            url, "a key must be written once and in one way", clause="CID §2.2", problem=INVALID_METHOD
        )
    return read(written)


def _multikey(written: Json) -> PublicKey:
    return PublicKey.from_multikey(written.get("publicKeyMultibase"))


def _jwk(written: Json) -> PublicKey:
    return PublicKey.from_jwk(written.get("publicKeyJwk"))


def _ed25519_2020(written: Json) -> PublicKey:
    key = _jwk(written) if "publicKeyJwk" in written else _multikey(written)
    return _only_ed25519(key)


def _ed25519_2018(written: Json) -> PublicKey:
    if "publicKeyBase58" not in written:
        return _ed25519_2020(written)
    text = written["publicKeyBase58"]
    if not isinstance(text, str) or len(text) > 64:
        raise Malformed("publicKeyBase58", "this is not base58 text", problem=INVALID_METHOD)
    return PublicKey("Ed25519", decode_base58(text))


def _only_ed25519(key: PublicKey) -> PublicKey:
    if key.algorithm != "Ed25519":
        raise Malformed(
            "", f"an Ed25519 key is announced and the key is of {key.algorithm}", problem=INVALID_METHOD
        )
    return key


def _instant(written: Mapping[str, Any], name: str) -> datetime | None:
    return parse_instant(written[name], name) if name in written else None


READERS: Mapping[str, Callable[[Json], PublicKey]] = {
    "Multikey": _multikey,
    "JsonWebKey": _jwk,
    "JsonWebKey2020": _jwk,
    "Ed25519VerificationKey2020": _ed25519_2020,
    "Ed25519VerificationKey2018": _ed25519_2018,
}
