"""Cost against the size of the document: badges that tell more and more results."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.diplomas import World, of_size
from benchmarks.measuring import Contender, timed
from benchmarks.own import AT
from benchmarks.pyld_path import NAME as PYLD
from benchmarks.pyld_path import warm_normalize
from testamur.jsonld import canonize
from testamur.jsontext import Json, write_json
from testamur.proofs import DataIntegrity, Format, VcJwt, decode, open_document

SIZES = (1, 2, 4, 8, 16, 32)  # kB
WAYS: dict[str, Format] = {
    "eddsa-rdfc-2022": DataIntegrity(),
    "eddsa-jcs-2022": DataIntegrity("eddsa-jcs-2022"),
    "vc+jwt EdDSA": VcJwt(),
}


def size_ways(world: World) -> Iterator[Contender]:
    """For each size: create and verify by three ways, and PyLD's canonical form of it."""
    normalize = warm_normalize()
    for size in SIZES:
        document = of_size(size * 1000)
        text = write_json(document)
        block = f"{size} kB"
        for name, how in WAYS.items():
            yield from _both(world, block, name, how, text)
        if normalize(document) != canonize(document):
            raise AssertionError("PyLD and testamur do not agree")
        yield Contender(block, PYLD, "create", timed(partial(_normalize, normalize, text)))


def _normalize(normalize: Callable[[Json], bytes], text: str, _: int) -> None:
    normalize(json.loads(text))


def _both(world: World, block: str, name: str, how: Format, text: str) -> Iterator[Contender]:
    signer = world.signers["Ed25519"]
    secured = how.secure(text, signer, at=AT).text

    def verify(_: int) -> None:
        if not open_document(decode(secured), world.resolver.method).signatures[0].holds:
            raise AssertionError("it does not hold")

    yield Contender(block, name, "create", timed(lambda _: how.secure(text, signer, at=AT)))
    yield Contender(block, name, "verify", timed(verify))
