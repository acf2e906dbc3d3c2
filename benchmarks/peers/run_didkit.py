"""openedx-didkit: DIDKit's Rust code; its suite is the draft before eddsa-rdfc-2022."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import didkit
from serving import Json, Offer, serve

_LOOP = asyncio.new_event_loop()


def offers(material: Json) -> list[Offer]:
    key = material["keys"]["Ed25519"]
    secret = base64.urlsafe_b64encode(bytes.fromhex(key["secret"])).rstrip(b"=").decode()
    jwk = json.dumps(key["jwk"] | {"d": secret})
    fragment = key["multikey"]
    proof = {"verificationMethod": f"did:key:{fragment}#{fragment}", "proofPurpose": "assertionMethod"}
    draft = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-2022"}
    return [
        _offer("eddsa-rdfc-2022", jwk, proof | draft, {"proofPurpose": "assertionMethod"}),
        _offer("vc+jwt EdDSA", jwk, proof | {"proofFormat": "jwt"}, {"proofFormat": "jwt"}),
    ]


def _offer(block: str, jwk: str, making: Json, checking: Json) -> Offer:
    how, expected = json.dumps(making), json.dumps(checking)

    def create(document: Json) -> Any:
        return _wait(didkit.issue_credential, json.dumps(document), how, jwk)

    def verify(secured: str) -> None:
        answer = json.loads(_wait(didkit.verify_credential, secured, expected))
        if answer["errors"]:
            raise ValueError(answer["errors"][0])

    return Offer(block, create, verify)


def _wait(act: Any, *arguments: str) -> Any:
    async def waiting() -> Any:
        return await act(*arguments)

    return _LOOP.run_until_complete(waiting())


serve(offers)
