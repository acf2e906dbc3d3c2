"""testamur's own ways: the proof alone, the public acts with everything they check, and the floor under both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from benchmarks.diplomas import World
from benchmarks.measuring import Contender, timed
from testamur.canonical import jcs
from testamur.checks import Headline
from testamur.encoding import decode_base64url, encode_base64url
from testamur.issuing import Draft, Issuer
from testamur.jsonld import canonize, check_plain
from testamur.jsonld.door import canonize_by_plans
from testamur.jsontext import Json, write_json
from testamur.keys import Signer
from testamur.proofs import FORMATS, SUITES, DataIntegrity, Format, VcJwt, decode, open_document, sign_jws
from testamur.store import Ledger

AT = datetime(2026, 7, 1, tzinfo=UTC)
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
PROOF = "testamur, proof alone"
PLANS = "testamur, proof, new template"
PUBLIC = "testamur, every check"
FLOOR = "floor"
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Way:
    """A format or suite with a kind of key."""

    block: str
    how: Format
    kind: str
    hash_name: str = "sha256"


WAYS = (
    Way("eddsa-rdfc-2022", DataIntegrity("eddsa-rdfc-2022"), "Ed25519"),
    Way("eddsa-jcs-2022", DataIntegrity("eddsa-jcs-2022"), "Ed25519"),
    Way("ecdsa-rdfc-2019 P-256", DataIntegrity("ecdsa-rdfc-2019"), "P-256"),
    Way("ecdsa-rdfc-2019 P-384", DataIntegrity("ecdsa-rdfc-2019"), "P-384", "sha384"),
    Way("ecdsa-jcs-2019 P-256", DataIntegrity("ecdsa-jcs-2019"), "P-256"),
    Way("ecdsa-jcs-2019 P-384", DataIntegrity("ecdsa-jcs-2019"), "P-384", "sha384"),
    Way("vc+jwt EdDSA", VcJwt(), "Ed25519"),
    Way("vc+jwt ES256", VcJwt(), "P-256"),
)
OB_JWT = "ob_jwt EdDSA"


def own_ways(world: World, folder: Path) -> Iterator[Contender]:
    """Every contender of ours, for each suite and format; the ledgers are made in the folder."""
    for way in WAYS:
        signer = world.signers[way.kind]
        secured = [way.how.secure(text, signer, at=AT).text for text in world.texts]
        floors = _token_floor if way.block.startswith("vc+jwt") else _proof_floor
        yield from floors(world, way, secured)
        yield from _proof_alone(world, way, secured, PROOF)
        if way.block == "eddsa-rdfc-2022":
            by_plans = replace(SUITES[way.block], canonize=_canonize_unlike_any_before)
            how = DataIntegrity(suites=SUITES | {way.block: by_plans})
            yield from _proof_alone(world, replace(way, how=how), secured, PLANS)
        yield Contender(way.block, PUBLIC, "create", _issue(world, way, folder, 1), "a commit for each")
        yield Contender(way.block, f"{PUBLIC}, by {_BATCH}", "create", _issue(world, way, folder, _BATCH))
        yield Contender(way.block, PUBLIC, "verify", timed(_verify_with(world, secured)))
    tokens = [badge_token(document, world.signers["Ed25519"]) for document in world.documents]
    yield Contender(OB_JWT, PROOF, "verify", timed(_open_with(world, tokens)))
    yield Contender(OB_JWT, PUBLIC, "verify", timed(_verify_with(world, tokens)))


def badge_token(document: Json, signer: Signer) -> str:
    """An Open Badges 3.0 token, which testamur reads and does not issue."""
    claims = {
        "iss": document["issuer"]["id"],
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": int(datetime.fromisoformat(document["validFrom"]).timestamp()),
    }
    return sign_jws({"typ": "JWT"}, write_json(document | claims).encode(), signer)


def _canonize_unlike_any_before(document: Json, hash_name: str, text: str = "") -> bytes:
    """What the suite does with a document whose template it has not seen: no shape is learnt of it."""
    check_plain(document)
    return canonize_by_plans(document, digest=hash_name)


def _proof_alone(world: World, way: Way, secured: list[str], name: str) -> Iterator[Contender]:
    signer, texts = world.signers[way.kind], world.texts

    def create(number: int) -> str:
        return way.how.secure(texts[number % len(texts)], signer, at=AT).text

    formats = FORMATS | {way.how.name: way.how}
    yield Contender(way.block, name, "create", timed(create))
    yield Contender(way.block, name, "verify", timed(_open_with(world, secured, formats)))


def _open_with(
    world: World, secured: list[str], formats: Mapping[str, Format] = FORMATS
) -> Callable[[int], None]:
    def verify(number: int) -> None:
        opened = open_document(decode(secured[number % len(secured)]), world.resolver.method, formats)
        if not opened.signatures[0].holds:
            raise AssertionError(opened.signatures[0].error)

    return verify


def _verify_with(world: World, secured: list[str]) -> Callable[[int], None]:
    def verify(number: int) -> None:
        report = world.employer.verify(decode(secured[number % len(secured)]), at=NOW)
        if report.headline is not Headline.GENUINE:
            raise AssertionError(report.to_text())

    return verify


def _issue(world: World, way: Way, folder: Path, batch: int) -> Callable[[int], list[float]]:
    """A turn of ``Issuer.issue`` or ``issue_batch`` with a ledger in a SQLite file; the seconds are of one record."""
    ledger = Ledger.open(f"sqlite:///{folder}/{way.block.replace(' ', '-')}-{batch}.sqlite")
    status_url = f"https://{world.school.host}/status"
    issuer = Issuer(world.signers[way.kind], ledger, "valdoria", status_url, full_format=way.how)
    unissued = [
        {name: value for name, value in document.items() if name not in ("id", "credentialStatus")}
        for document in world.documents
    ]
    waiting = cycle(unissued)

    def issue(_: int) -> None:
        if batch == 1:
            issuer.issue(next(waiting), at=AT)
        else:
            issuer.issue_batch([Draft(document=next(waiting), at=AT) for _ in range(batch)])

    turn = timed(issue)
    return lambda calls: [each / batch for each in turn(max(2, calls // batch))]


def _proof_floor(world: World, way: Way, secured: list[str]) -> Iterator[Contender]:
    """Parse, two hashes of the canonical forms, one signature: nothing that makes a proof can do with less."""
    signer, hashed = world.signers[way.kind], getattr(hashlib, way.hash_name)
    canonical, options, signatures = [], [], []
    for document, text in zip(world.documents, secured, strict=True):
        proof = {name: value for name, value in json.loads(text)["proof"].items() if name != "proofValue"}
        proof |= {"@context": document["@context"]}
        both = [_canonical(way, each) for each in (document, proof)]
        canonical.append(both[0])
        options.append(both[1])
        signatures.append(signer.sign(hashed(both[1]).digest() + hashed(both[0]).digest()))

    def create(number: int) -> None:
        number %= len(secured)
        json.loads(world.texts[number])
        signer.sign(hashed(options[number]).digest() + hashed(canonical[number]).digest())

    def verify(number: int) -> None:
        number %= len(secured)
        json.loads(secured[number])
        data = hashed(options[number]).digest() + hashed(canonical[number]).digest()
        signer.public_key.verify(signatures[number], data)

    yield Contender(way.block, FLOOR, "create", timed(create))
    yield Contender(way.block, FLOOR, "verify", timed(verify))


def _canonical(way: Way, document: Json) -> bytes:
    return jcs(document) if "jcs" in way.block else canonize(document, digest=way.hash_name)


def _token_floor(world: World, way: Way, secured: list[str]) -> Iterator[Contender]:
    """Parse, base64url, one signature over the whole token."""
    signer = world.signers[way.kind]

    def create(number: int) -> None:
        text = world.texts[number % len(secured)]
        json.loads(text)
        signer.sign(encode_base64url(text.encode()).encode())

    def verify(number: int) -> None:
        signed, _, signature = secured[number % len(secured)].rpartition(".")
        json.loads(decode_base64url(signed.partition(".")[2]))
        signer.public_key.verify(decode_base64url(signature), signed.encode())

    yield Contender(way.block, FLOOR, "create", timed(create))
    yield Contender(way.block, FLOOR, "verify", timed(verify))
