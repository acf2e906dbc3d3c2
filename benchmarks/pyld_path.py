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

NAME = "PyLD, contexts kept"
PLAIN = "PyLD, as it comes"
BLOCK = "eddsa-rdfc-2022"


def pyld_ways(world: World) -> Iterator[Contender]:
    """PyLD with our signature, both ways: what is compared is how a document comes to its canonical form."""
    yield from _ways(world, NAME, warm_normalize())
    yield from _ways(world, PLAIN, warm_normalize(keep=False))


def _ways(world: World, name: str, canonical: Callable[[Json], bytes]) -> Iterator[Contender]:
    signer = world.signers["Ed25519"]
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

    secured = [create(number) for number in range(10)]
    for each in secured:
        if not open_document(decode(each), world.resolver.method).signatures[0].holds:
            raise AssertionError("PyLD and testamur do not agree on the diploma")

    def verify(number: int) -> None:
        document = json.loads(secured[number % len(secured)])
        proof = document.pop("proof")
        signature = decode_base58(proof.pop("proofValue")[1:])
        signer.public_key.verify(signature, hashes(document, proof))

    yield Contender(BLOCK, name, "create", timed(create))
    yield Contender(BLOCK, name, "verify", timed(verify))


def warm_normalize(*, keep: bool = True) -> Callable[[Json], bytes]:
    """PyLD's ``normalize`` with every context in memory.

    To keep them, its loader says that they never change, which few know of: PyLD then processes each once.
    """
    contexts = {url: SHIPPED.load(url) for url in SHIPPED.urls}

    def load(url: str, _: object = None) -> Json:
        loaded = {"contextUrl": None, "documentUrl": url, "document": contexts[url]}
        return loaded | {"tag": "static"} if keep else loaded

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
