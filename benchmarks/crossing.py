"""Correctness beside speed: what one implementation issues, the other must verify, and a forgery neither."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.diplomas import World
from benchmarks.own import AT, NOW
from benchmarks.peers import Peer
from testamur.checks import Headline
from testamur.jsontext import Json
from testamur.proofs import DataIntegrity, decode


@dataclass(frozen=True, slots=True)
class Crossing:
    """A sentence about two implementations, and in how many of how many cases it held."""

    sentence: str
    held: int
    cases: int


def crossings(world: World, peer: Peer) -> Iterator[Crossing]:
    """Ours by theirs, theirs by ours, and both with a word changed."""
    name, cases = peer.kind.name, len(world.texts)
    signer = world.signers["Ed25519"]
    ours = [DataIntegrity().secure(text, signer, at=AT).text for text in world.texts]
    theirs = [peer.ask({"issue": text}) for text in world.texts]
    yield Crossing(f"{name} verifies what testamur issues", sum(_by_them(peer, each) for each in ours), cases)
    yield Crossing(
        f"testamur verifies what {name} issues", sum(_by_us(world, each) for each in theirs), cases
    )
    forged = [_forged(each) for each in ours]
    rejected = sum(not _by_them(peer, each) and not _by_us(world, each) for each in forged)
    yield Crossing("both reject it with one word changed", rejected, cases)


def _by_them(peer: Peer, text: str) -> bool:
    return bool(peer.ask({"verify": text})["verified"])


def _by_us(world: World, text: str) -> bool:
    return world.employer.verify(decode(text), at=NOW).headline is Headline.GENUINE


def _forged(text: str) -> str:
    document: Json = json.loads(text)
    document["credentialSubject"]["result"][0]["value"] += "1"
    return json.dumps(document, ensure_ascii=False)
