"""The way most Python code takes: PyLD's own ``normalize`` of document and proof options, its contexts warm."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256

from cachetools import LRUCache
from pyld import jsonld
from pyld.context_resolver import ContextResolver

from benchmarks.diplomas import World
from benchmarks.measuring import Contender, timed
from testamur.contexts import SHIPPED
from testamur.encoding import decode_base58, encode_base58
from testamur.jsontext import Json
from testamur.proofs import decode, open_document

NAME = "PyLD's normalize"
BLOCK = "eddsa-rdfc-2022"


def pyld_ways(world: World) -> Iterator[Contender]:
    """PyLD with our signature: what is compared is the way from a document to its canonical form."""
    signer, canonical = world.signers["Ed25519"], warm_normalize()
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": BLOCK,
        "created": "2026-07-01T00:00:00Z",
        "verificationMethod": signer.verification_method,
        "proofPurpose": "assertionMethod",
    }

    def hashes(document: Json, proof: Json) -> bytes:
        configuration = proof | {"@context": document["@context"]}
        return sha256(canonical(configuration)).digest() + sha256(canonical(document)).digest()

    def create(number: int) -> str:
        document = json.loads(world.texts[number % len(world.texts)])
        value = "z" + encode_base58(signer.sign(hashes(document, options)))
        return json.dumps(document | {"proof": options | {"proofValue": value}}, ensure_ascii=False)

    secured = create(0)
    if not open_document(decode(secured), world.resolver.method).signatures[0].holds:
        raise AssertionError("PyLD and testamur do not agree on the diploma")

    def verify(_: int) -> None:
        document = json.loads(secured)
        proof = document.pop("proof")
        signature = decode_base58(proof.pop("proofValue")[1:])
        signer.public_key.verify(signature, hashes(document, proof))

    yield Contender(BLOCK, NAME, "create", timed(create))
    yield Contender(BLOCK, NAME, "verify", timed(verify))


def warm_normalize() -> Callable[[Json], bytes]:
    """PyLD's ``normalize`` whose loader says that contexts never change, so that it processes each once."""

    def load(url: str, _: object = None) -> Json:
        return {"contextUrl": None, "documentUrl": url, "document": SHIPPED.load(url), "tag": "static"}

    resolver = ContextResolver(LRUCache(maxsize=1000), load)

    def canonical(document: Json) -> bytes:
        options = {
            "algorithm": "URDNA2015",
            "format": "application/n-quads",
            "base": None,
            "documentLoader": load,
            "contextResolver": resolver,
        }
        return bytes(jsonld.normalize(document, options).encode())

    return canonical
