"""Wallets that prove what they are: attestation-based client authentication (OID4VCI App. E, HAIP §4.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from testamur.errors import Malformed, ProofInvalid
from testamur.jsontext import Json
from testamur.keys import PrivateKey, PublicKey
from testamur.openid4vci.holder_keys import check_age, sign_with, take_apart
from testamur.openid4vci.key_proofs import Attesters
from testamur.times import to_epoch

ATTESTATION_HEADER = "OAuth-Client-Attestation"
POP_HEADER = "OAuth-Client-Attestation-PoP"
METHOD = "attest_jwt_client_auth"

_ATTESTATION = "oauth-client-attestation+jwt"
_POP = "oauth-client-attestation-pop+jwt"
_CLAUSE = "OID4VCI App. E"


@dataclass(frozen=True, slots=True)
class Client:
    """A wallet whose maker vouches for it; ``jti`` tells this proof of possession from any other."""

    id: str
    thumbprint: str
    jti: str


def make_attestation_pop(
    key: PrivateKey, *, client_id: str, audience: str, jti: str, at: datetime, challenge: str = ""
) -> str:
    """The header by which a wallet shows that it has the key its maker attested."""
    claims: Json = {"iss": client_id, "aud": audience, "jti": jti, "iat": to_epoch(at)}
    return sign_with({"typ": _POP}, claims | ({"challenge": challenge} if challenge else {}), key)


def check_client(attestation: str, pop: str, *, audience: str, at: datetime, attesters: Attesters) -> Client:
    """The wallet that sent a request; raises Malformed, ProofInvalid, EvidenceUnusable."""
    said = take_apart(attestation, _ATTESTATION)
    attesters.check(said, at)
    end = said.moment("exp")
    if end is None or at >= end:
        raise ProofInvalid("the attestation of the wallet has ended", clause=_CLAUSE)
    begin = said.moment("nbf")
    if begin is not None and at < begin:
        raise ProofInvalid("the attestation of the wallet has not begun", clause=_CLAUSE)
    confirmation = said.claims.get("cnf")
    jwk = confirmation.get("jwk") if isinstance(confirmation, dict) else None
    if not isinstance(jwk, dict):
        raise Malformed("cnf", "the attestation names no key of the wallet", clause=_CLAUSE)
    key = PublicKey.from_jwk({n: v for n, v in jwk.items() if n != "use"})
    client_id = said.text("sub")
    proof = take_apart(pop, _POP)
    proof.verify(key)
    check_age(proof, at, timedelta(minutes=5))
    if proof.claims.get("aud") not in (audience, [audience]):
        raise ProofInvalid("the proof of the wallet is made for another server (aud)", clause=_CLAUSE)
    if not client_id or proof.text("iss") not in ("", client_id):
        raise ProofInvalid("the attestation and its proof are of two wallets", clause=_CLAUSE)
    jti = proof.text("jti")
    if not 8 <= len(jti) <= 200:
        raise Malformed("jti", "the proof has no identifier of its own", clause=_CLAUSE)
    return Client(client_id, key.thumbprint, jti)
