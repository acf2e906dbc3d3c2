"""Key proofs (OID4VCI App. F): a wallet shows that it has the key a record is to be bound to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from testamur.did import Resolver
from testamur.errors import Malformed, ProofInvalid
from testamur.jsontext import Json
from testamur.keys import PrivateKey, PublicKey, check_chain
from testamur.openid4vci.holder_keys import (
    ALGORITHMS,
    Claimed,
    HolderKey,
    check_age,
    key_in_header,
    sign_with,
    take_apart,
)
from testamur.times import to_epoch

PROOF = "openid4vci-proof+jwt"
ATTESTATION = "key-attestation+jwt"
LONGEST = timedelta(minutes=10)

_CLAUSE = "OID4VCI App. F.1"
_NAMES_OF_KEY = ("kid", "jwk", "x5c")


@dataclass(frozen=True, slots=True)
class Attesters:
    """Whose word about keys and wallets is taken: certificate authorities, as DER."""

    authorities: tuple[bytes, ...] = ()

    def check(self, claimed: Claimed, at: datetime) -> None:
        """Raise unless a statement is signed by somebody whom one of the authorities certified."""
        chain = claimed.header.get("x5c")
        if not isinstance(chain, list) or not chain or not all(isinstance(each, str) for each in chain):
            raise Malformed("x5c", "the statement names no certificates", clause="OID4VCI App. D.1")
        claimed.verify(check_chain(chain, self.authorities, at).public_key)


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof shows: the keys, the nonce it answers, and what was attested of the keys."""

    keys: tuple[HolderKey, ...]
    nonce: str
    key_storage: tuple[str, ...] = ()
    user_authentication: tuple[str, ...] = ()
    attested: bool = False


def make_proof(
    key: PrivateKey,
    *,
    audience: str,
    nonce: str,
    at: datetime,
    client_id: str = "",
    did: str = "",
    kid: str = "",
    attestation: str = "",
) -> str:
    """The proof of a wallet's key, named by the DID URL ``kid``, by ``did`` (did:key, did:jwk), else as a JWK."""
    header: Json = {"typ": PROOF}
    header |= {"kid": kid or _method_of(did)} if kid or did else {"jwk": key.public_key.jwk}
    header |= {"key_attestation": attestation} if attestation else {}
    claims: Json = {"iss": client_id} if client_id else {}
    claims |= {"aud": audience, "iat": to_epoch(at)}
    return sign_with(header, claims | ({"nonce": nonce} if nonce else {}), key)


def _method_of(did: str) -> str:
    return f"{did}#0" if did.startswith("did:jwk:") else f"{did}#{did.removeprefix('did:key:')}"


def check_proof(
    token: str,
    *,
    audience: str,
    at: datetime,
    resolver: Resolver,
    client_id: str = "",
    algorithms: Collection[str] = ALGORITHMS,
    attesters: Attesters | None = None,
) -> Proven:
    """What a proof of the type ``jwt`` shows; raises Malformed, ProofInvalid and what the resolver raises.

    Whether its nonce is one of ours and new is for the caller to see.
    """
    claimed = take_apart(token, PROOF)
    _check_claims(claimed, audience, client_id)
    check_age(claimed, at, LONGEST)
    holder = _key(claimed, at, resolver, attesters)
    claimed.verify(holder.public_key, algorithms)
    attestation = claimed.header.get("key_attestation")
    if attestation is None or attesters is None:
        return Proven((holder,), claimed.text("nonce"))
    return _attested(str(attestation), holder, claimed.text("nonce"), at, attesters)


def check_attestation(token: str, *, at: datetime, attesters: Attesters, needs_end: bool = False) -> Proven:
    """What a key attestation says (OID4VCI App. D.1), as a proof of its own or in the header of one."""
    claimed = take_apart(token, ATTESTATION)
    attesters.check(claimed, at)
    if needs_end and "exp" not in claimed.claims:
        raise Malformed("exp", "an attestation in a proof has an end", clause="OID4VCI App. D.1")
    check_age(claimed, at, timedelta(days=400))
    listed = claimed.claims.get("attested_keys")
    if not isinstance(listed, list) or not 0 < len(listed) <= 100:
        raise Malformed("attested_keys", "it attests no keys", clause="OID4VCI App. D.1")
    keys = tuple(HolderKey.of(PublicKey.from_jwk(each)) for each in listed)
    return Proven(
        keys,
        claimed.text("nonce"),
        _levels(claimed, "key_storage"),
        _levels(claimed, "user_authentication"),
        attested=True,
    )


def _attested(token: str, holder: HolderKey, nonce: str, at: datetime, attesters: Attesters) -> Proven:
    said = check_attestation(token, at=at, attesters=attesters, needs_end=True)
    if all(key.public_key != holder.public_key for key in said.keys):
        raise ProofInvalid(
            "the attestation is of other keys than the one that signs", clause="OID4VCI App. F.1"
        )
    others = tuple(key for key in said.keys if key.public_key != holder.public_key)
    return Proven((holder, *others), nonce, said.key_storage, said.user_authentication, attested=True)


def _check_claims(claimed: Claimed, audience: str, client_id: str) -> None:
    if claimed.claims.get("aud") not in (audience, [audience]):
        raise ProofInvalid("the proof is made for another issuer (aud)", clause=_CLAUSE)
    said = claimed.text("iss")
    if said and client_id and said != client_id:
        raise ProofInvalid("the proof is of another client (iss)", clause=_CLAUSE)
    if "trust_chain" in claimed.header:
        raise ProofInvalid("proofs with a trust chain are not accepted here", clause=_CLAUSE)


def _key(claimed: Claimed, at: datetime, resolver: Resolver, attesters: Attesters | None) -> HolderKey:
    """The key that the header names in exactly one way."""
    named = [name for name in _NAMES_OF_KEY if name in claimed.header]
    if len(named) != 1:
        raise Malformed("", "the header names the key by exactly one of kid, jwk and x5c", clause=_CLAUSE)
    if named == ["jwk"]:
        return HolderKey.of(key_in_header(claimed.header))
    if named == ["x5c"]:
        return HolderKey.of(_certified(claimed, at, attesters))
    url = claimed.jws.key_id
    if not url.startswith("did:"):
        raise Malformed("kid", "the key is named by a DID URL", clause=_CLAUSE)
    if "#" not in url:
        raise Malformed("kid", "it names a DID and not one of its keys", clause=_CLAUSE)
    method = resolver.method(url, "authentication", at)
    return HolderKey.of(method.public_key, method.controller)


def _certified(claimed: Claimed, at: datetime, attesters: Attesters | None) -> PublicKey:
    chain: Sequence[object] = claimed.header["x5c"] if isinstance(claimed.header["x5c"], list) else ()
    if attesters is None or not all(isinstance(each, str) for each in chain):
        raise ProofInvalid("certified keys are not accepted here", clause=_CLAUSE)
    return check_chain([str(each) for each in chain], attesters.authorities, at).public_key


def _levels(claimed: Claimed, name: str) -> tuple[str, ...]:
    value = claimed.claims.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Malformed(name, "it must be a list of texts", clause="OID4VCI App. D.1")
    return tuple(value)


__all__ = [
    "Attesters", "HolderKey", "Proven", "check_attestation", "check_proof", "make_proof",
]  # fmt: skip
