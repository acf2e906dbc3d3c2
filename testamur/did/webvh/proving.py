"""The proofs on log entries and by witnesses: eddsa-jcs-2022 by a did:key, nothing else (did:webvh, Authorized Keys)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from testamur.errors import KeyNotAuthorized, Malformed, ProofInvalid
from testamur.jsontext import Json
from testamur.keys import PublicKey, Signer
from testamur.proofs import SUITES
from testamur.times import write_instant

SUITE = "eddsa-jcs-2022"
_WANTED = {"type": "DataIntegrityProof", "cryptosuite": SUITE, "proofPurpose": "assertionMethod"}
_MAX_PROOFS = 16


def check_proofs(signed: Json, proofs: Collection[object], multikeys: Collection[str]) -> None:
    """Return if there are proofs and each is by one of these keys and holds; raises Malformed, Refused."""
    if not 0 < len(proofs) <= _MAX_PROOFS:
        raise ProofInvalid(f"{len(proofs)} proofs are none or too many", clause="did:webvh, Authorized Keys")
    for proof in proofs:
        multikey = proof_key(proof)
        if multikey not in multikeys:
            raise KeyNotAuthorized(f"{multikey:.60} may not update it", clause="did:webvh, Authorized Keys")
        check_proof(signed, proof, multikey)


def proof_key(proof: object) -> str:
    """Return the multikey a proof names; raises Malformed for a proof of another kind."""
    if not isinstance(proof, dict):
        raise Malformed("proof", "it must be an object")
    for name, value in _WANTED.items():
        if proof.get(name) != value:
            raise Malformed(f"proof.{name}", f"{proof.get(name)!r:.60} is not {value}")
    url = str(proof.get("verificationMethod"))
    body = url.removeprefix("did:key:").partition("#")[0]
    if url != f"did:key:{body}#{body}":
        raise Malformed("proof.verificationMethod", f"{url!r:.120} is not a did:key and the same key again")
    return body


def check_proof(signed: Json, proof: object, multikey: str) -> None:
    """Return if a proof that names this key holds over a document; raises Malformed, Refused."""
    if not isinstance(proof, dict):
        raise Malformed("proof", "it must be an object")
    SUITES[SUITE].verify(signed, proof, PublicKey.from_multikey(multikey))


def prove(signed: Json, signer: Signer, *, at: datetime) -> Json:
    """Return the proof of an entry or of a witnessed version; raises KeyNotAuthorized unless the key is Ed25519."""
    multikey = signer.public_key.multikey
    options: Json = {
        **_WANTED,
        "created": write_instant(at),
        "verificationMethod": f"did:key:{multikey}#{multikey}",
    }
    return SUITES[SUITE].create(signed, options, signer)
