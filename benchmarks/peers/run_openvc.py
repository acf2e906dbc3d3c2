"""openvc-core: its suites with the contexts of the document and the key given, so that nothing is resolved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from openvc.keys import Ed25519SigningKey, P256SigningKey, P384SigningKey
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_ecdsa_rdfc import EcdsaRdfcProofSuite
from openvc.proof.di_jcs import EcdsaJcsProofSuite, EddsaJcsProofSuite
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from openvc.proof.vc_jwt import VcJwtProofSuite
from serving import Json, Offer, serve

_NOW = datetime(2026, 9, 1, tzinfo=UTC)
_KEYS = {"Ed25519": Ed25519SigningKey, "P-256": P256SigningKey, "P-384": P384SigningKey}


def offers(material: Json) -> list[Offer]:
    contexts = {"extra_contexts": material["contexts"]}
    made = [
        _proof(
            "eddsa-rdfc-2022", DataIntegrityProofSuite(), material["keys"]["Ed25519"], "Ed25519", contexts
        ),
        _proof("eddsa-jcs-2022", EddsaJcsProofSuite(), material["keys"]["Ed25519"], "Ed25519", {}),
    ]
    for kind in ("P-256", "P-384"):
        key = material["keys"][kind]
        made.append(_proof(f"ecdsa-rdfc-2019 {kind}", EcdsaRdfcProofSuite(), key, kind, contexts))
        made.append(_proof(f"ecdsa-jcs-2019 {kind}", EcdsaJcsProofSuite(), key, kind, {}))
    for name, kind in (("EdDSA", "Ed25519"), ("ES256", "P-256")):
        made.append(_token(f"vc+jwt {name}", material["keys"][kind], kind))
        made.append(_sd_jwt(f"dc+sd-jwt {name}", material, kind))
    return made


def _proof(block: str, suite: Any, key: Json, kind: str, contexts: Json) -> Offer:
    signing, public = _signing(key, kind), key["jwk"]
    return Offer(
        block,
        lambda document: suite.add_proof(
            document, signing_key=signing, verification_method=key["id"], **contexts
        ),
        lambda secured: suite.verify(secured, public_key_jwk=public, now=_NOW, **contexts),
    )


def _token(block: str, key: Json, kind: str) -> Offer:
    suite, signing, public = VcJwtProofSuite(), _signing(key, kind), key["jwk"]
    return Offer(
        block,
        lambda document: suite.sign(document, signing_key=signing),
        lambda token: suite.verify(token, public_key_jwk=public),
    )


def _sd_jwt(block: str, material: Json, kind: str) -> Offer:
    suite, key, given = SdJwtVcProofSuite(), material["keys"][kind], material["sd_jwt"]
    signing, public = _signing(key, kind), key["jwk"]

    def create(document: Json) -> str:
        claims = given["claims"][document["id"]]
        hidden = [name for name in given["disclosable"] if name in claims]
        return suite.issue(claims, signing_key=signing, disclosable=hidden, vct=claims["vct"])

    return Offer(block, create, lambda token: suite.verify(token, public_key_jwk=public, now=_NOW))


def _signing(key: Json, kind: str) -> Any:
    import base64

    secret = base64.urlsafe_b64encode(bytes.fromhex(key["secret"])).rstrip(b"=").decode()
    return _KEYS[kind].from_jwk(key["jwk"] | {"d": secret}, key["id"])


serve(offers)
