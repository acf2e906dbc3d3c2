"""did:jwk: the document is made from the public JWK in the DID."""

from __future__ import annotations

from testamur.did.document import RELATIONSHIPS, DidDocument
from testamur.did.key import CONTEXT
from testamur.did.resolution import Resolution
from testamur.did.syntax import INVALID_DID
from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import Malformed, Unsupported
from testamur.fetch import Fetching
from testamur.jsontext import Json, compact_bytes, parse_object
from testamur.keys import PublicKey

_PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
_MAX_JWK = 3000


def resolve_jwk(did: str, fetch: Fetching) -> Resolution:
    """Return the document of a did:jwk; nothing is fetched. Private and symmetric keys are Malformed."""
    try:
        jwk = parse_object(decode_base64url(did.removeprefix("did:jwk:")), max_bytes=_MAX_JWK, max_depth=4)
        if _PRIVATE & jwk.keys():
            raise Malformed("", "it holds a private or symmetric key")
        if jwk.get("use") != "enc" and jwk.get("kty") in ("EC", "OKP", "RSA"):
            _check_key(jwk)
    except Malformed as error:
        raise Malformed(
            "", f"{did:.80} holds no key: {error}", clause="did:jwk", problem=INVALID_DID
        ) from None
    return Resolution(DidDocument.parse(_document(did, jwk)), "derived")


def jwk_did(key: PublicKey) -> str:
    """The did:jwk of a public key."""
    return "did:jwk:" + encode_base64url(compact_bytes(key.jwk))


def _check_key(jwk: Json) -> None:
    """Raise Malformed for a broken key; one of a kind we cannot use is told when it is used."""
    try:
        PublicKey.from_jwk(jwk)
    except Unsupported:
        return


def _document(did: str, jwk: Json) -> Json:
    """``use`` "sig" leaves key agreement out, "enc" leaves all else out (did:jwk, create)."""
    method = {"id": f"{did}#0", "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk}
    left_out = {"sig": ("keyAgreement",), "enc": tuple(set(RELATIONSHIPS) - {"keyAgreement"})}.get(
        str(jwk.get("use")), ()
    )
    listed = {name: [method["id"]] for name in RELATIONSHIPS if name not in left_out}
    return {"@context": [CONTEXT], "id": did, "verificationMethod": [method]} | listed
