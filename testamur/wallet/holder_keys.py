"""The holder's keys: a new one for each relation, named as whoever gives or asks can read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from testamur.did import jwk_did
from testamur.errors import Malformed, TestamurError
from testamur.jsontext import Json
from testamur.keys import LocalSigner, PrivateKey, PublicKey
from testamur.proofs import SecuredDocument
from testamur.times import write_instant
from testamur.vault import Contents, HolderKey

METHODS = ("did:key", "did:jwk", "jwk")
"""How a key is named; a bare JWK has no name but itself."""

ALGORITHMS = ("P-256", "Ed25519")


def new_key(
    contents: Contents,
    relation: str,
    *,
    at: datetime,
    method: str = "did:key",
    algorithm: str = "Ed25519",
) -> tuple[Contents, HolderKey]:
    """A fresh key for this relation ("https://school.example"), and the content that has it."""
    if method not in METHODS or algorithm not in ALGORITHMS:
        raise Malformed("", f"no {algorithm!r:.20} keys named by {method!r:.20} are made here")
    private = PrivateKey.generate(algorithm)
    key = HolderKey(
        f"urn:uuid:{uuid4()}",
        algorithm,
        private.secret,
        _name(private.public_key, method),
        relation[:500],
        write_instant(at),
    )
    return replace(contents, keys=(*contents.keys, key)), key


def private_key(key: HolderKey) -> PrivateKey:
    """The key itself."""
    return PrivateKey.from_secret(key.algorithm, key.secret)


def holder_signer_of(key: HolderKey) -> LocalSigner:
    """What signs with it, under its name; a bare JWK signs under its thumbprint (RFC 9278)."""
    private = private_key(key)
    public = private.public_key
    if key.name.startswith("did:key:"):
        return LocalSigner(private, f"{key.name}#{key.name.removeprefix('did:key:')}")
    if key.name.startswith("did:jwk:"):
        return LocalSigner(private, f"{key.name}#0")
    return LocalSigner(private, f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{public.thumbprint}")


def key_of(contents: Contents, document: SecuredDocument) -> HolderKey | None:
    """The holder's key that a record is bound to: by ``cnf``, or by the DID it calls its subject."""
    bound = _bound_to(document.claims)
    for key in contents.keys:
        public = private_key(key).public_key
        if (key.name and key.name in bound) or public.thumbprint in bound:
            return key
    return None


def is_bound(document: SecuredDocument) -> bool:
    """Whether a record names a key or a DID of its holder at all."""
    return bool(_bound_to(document.claims))


def _bound_to(claims: Json) -> set[str]:
    found: set[str] = set()
    confirmation = claims.get("cnf")
    if isinstance(confirmation, dict):
        if isinstance(confirmation.get("kid"), str):
            found.add(confirmation["kid"].partition("#")[0])
        found |= _thumbprint(confirmation.get("jwk"))
    credential = claims.get("vc", claims)
    subjects = credential.get("credentialSubject") if isinstance(credential, dict) else None
    for subject in subjects if isinstance(subjects, list) else [subjects]:
        if isinstance(subject, dict) and str(subject.get("id", "")).startswith("did:"):
            found.add(str(subject["id"]))
    sub = claims.get("sub")
    return found | ({sub} if isinstance(sub, str) and sub.startswith("did:") else set())


def _thumbprint(jwk: object) -> set[str]:
    try:
        return {PublicKey.from_jwk(jwk).thumbprint}
    except TestamurError:
        return set()


def _name(public: PublicKey, method: str) -> str:
    if method == "did:key":
        return f"did:key:{public.multikey}"
    return jwk_did(public) if method == "did:jwk" else ""
