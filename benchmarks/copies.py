"""Forms of which a part can be shown, and second proofs: testamur's ways, and the floor under them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha512

from benchmarks.diplomas import World
from benchmarks.measuring import Contender, timed
from benchmarks.own import AT, FLOOR, PROOF
from testamur.credentials import always_shown, pointers_to
from testamur.errors import KeyNotAuthorized
from testamur.forming import Terms, further_form
from testamur.jsontext import Json
from testamur.keys import (
    LocalSigner,
    PrivateKey,
    VerificationMethod,
    prove_messages,
    verify_shown_messages,
)
from testamur.proofs import (
    DataIntegrity,
    SecuredDocument,
    decode,
    derivation_of,
    open_document,
)
from testamur.proofs.bbs_2023 import Bbs2023
from testamur.proofs.ecdsa_sd import EcdsaSd
from testamur.proofs.suite import read_proof_value

SECOND = "eddsa-rdfc-2022 and mldsa44-rdfc-2024"
SHOWN = ("number", "Honours")
_MANY = 20
_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """Records in one form, and the copies that their holders make."""

    name: str
    signer: LocalSigner
    texts: Sequence[str]
    pointers: Sequence[str]

    def create(self, number: int) -> SecuredDocument:
        """The issuer's own file."""
        form = further_form(self.name).make(Terms())
        return form.secure(self.texts[number % len(self.texts)], self.signer, at=AT)


def signer_of(world: World, name: str, kind: str) -> LocalSigner:
    """The school's key for a form; the same in every run."""
    key = PrivateKey.from_secret(kind, b"\0" + sha512(name.encode()).digest()[:31])
    return LocalSigner(key, f"{world.school.did}#{name}")


def copies_material(world: World, contexts: Json) -> Json:
    """What a peer is given: the diplomas, the keys, what is always shown and what is chosen."""
    document = world.documents[0]
    keys = {}
    for name in BLOCKS:
        signer = signer_of(world, name, further_form(name).algorithm)
        public = signer.public_key
        keys[name] = {
            "id": signer.verification_method,
            "secret": signer.private_key.secret.hex(),
            "raw": public.raw.hex(),
            "multikey": public.multikey,
            "jwk": public.jwk if public.algorithm == "P-256" else {},
        }
    return {
        "contexts": contexts,
        "did": world.school.did,
        "keys": keys,
        "mandatory": always_shown(document),
        "selective": pointers_to(document, SHOWN),
        "documents": [
            {"note": "", "documents": world.documents},
            {
                "note": "given it without lists of allowed values, and no geo in an address",
                "documents": [_without_lists(each) for each in world.documents],
            },
        ],
    }


BLOCKS = ("ecdsa-sd-2023", "bbs-2023")


def copy_ways(world: World) -> Iterator[Contender]:
    """Each form created, derived from and verified, and the same with nothing but the signatures."""
    for name in BLOCKS:
        held = Held(
            name,
            signer_of(world, name, further_form(name).algorithm),
            world.texts,
            pointers_to(world.documents[0], SHOWN),
        )
        files = [held.create(number).text for number in range(_MANY)]
        copies = [_derive(held, files, number) for number in range(_MANY)]
        floor = _bare_ecdsa if name == "ecdsa-sd-2023" else _bare_bbs
        yield from floor(held, files, copies)
        yield Contender(name, PROOF, "create", timed(held.create))
        yield Contender(name, PROOF, "derive", timed(partial(_derive, held, files)))
        yield Contender(name, PROOF, "verify", timed(partial(_verify, held.signer, copies)))
    yield from _second_ways(world)


def _derive(held: Held, files: Sequence[str], number: int) -> str:
    document = decode(files[number % len(files)])
    return derivation_of(document).derive(document, held.pointers).text


def _verify(signer: LocalSigner, texts: Sequence[str], number: int) -> None:
    for each in open_document(decode(texts[number % len(texts)]), finding(signer)).signatures:
        if not each.holds:
            raise AssertionError(each.error)


def finding(*signers: LocalSigner) -> Callable[..., VerificationMethod]:
    """Finds the keys of these signers."""
    known = {each.verification_method: each.public_key for each in signers}

    def find(url: str, purpose: str, at: object) -> VerificationMethod:
        if url not in known:
            raise KeyNotAuthorized(url)
        return VerificationMethod(url, url.partition("#")[0], known[url])

    return find


def _bare_ecdsa(held: Held, files: Sequence[str], copies: Sequence[str]) -> Iterator[Contender]:
    """As many P-256 operations, with nothing around them: a key, its signatures and the issuer's; and verifying."""
    own, line = PrivateKey.generate("P-256"), b"x" * 120
    made = len(EcdsaSd().read_base(_value(files[0])).signatures)
    shown = len(EcdsaSd().read_derived(_value(copies[0])).signatures)
    signature = own.sign(line)

    def create(_: int) -> None:
        key = PrivateKey.generate("P-256")
        held.signer.sign(line)
        for _ in range(made):
            key.sign(line)

    def verify(_: int) -> None:
        for _ in range(shown + 1):
            own.public_key.verify(signature, line)

    note = f"{made + 1} signatures and a key; {shown + 1} to verify"
    yield Contender(held.name, FLOOR, "create", timed(create), note)
    yield Contender(held.name, FLOOR, "verify", timed(verify))


def _bare_bbs(held: Held, files: Sequence[str], copies: Sequence[str]) -> Iterator[Contender]:
    """One BBS signature over as many messages, and one proof of as many to check."""
    derived = Bbs2023().read_derived(_value(copies[0]))
    hidden = (len(derived.proof) - 272) // 32
    shown = derived.selective_indexes
    messages = [b"%d" % number * 40 for number in range(len(shown) + hidden)]
    header, key = bytes(64), held.signer.public_key
    signature = held.signer.sign_messages(header, messages)
    told = [messages[number] for number in shown]

    def create(_: int) -> None:
        held.signer.sign_messages(header, messages)

    def derive(_: int) -> bytes:
        return prove_messages(key, signature, header, b"", messages, shown)

    proof = derive(0)

    def verify(_: int) -> None:
        verify_shown_messages(key, proof, header, b"", told, shown)

    yield Contender(
        held.name, FLOOR, "create", timed(create), f"{len(messages)} messages, {len(shown)} of them shown"
    )
    yield Contender(held.name, FLOOR, "derive", timed(derive))
    yield Contender(held.name, FLOOR, "verify", timed(verify))


def _second_ways(world: World) -> Iterator[Contender]:
    """A proof set for the age of quantum computers."""
    first, second = world.signers["Ed25519"], signer_of(world, "second", "ML-DSA-44")
    hows = (DataIntegrity(), DataIntegrity("mldsa44-rdfc-2024"))
    data = bytes(64)
    signatures = first.sign(data), second.sign(data)

    def create(number: int) -> str:
        once = hows[0].secure(world.texts[number % len(world.texts)], first, at=AT)
        return hows[1].secure(once.text, second, at=AT).text

    made = [create(number) for number in range(_MANY)]

    def verify(number: int) -> None:
        for each in open_document(decode(made[number % _MANY]), finding(first, second)).signatures:
            if not each.holds:
                raise AssertionError(each.error)

    def bare_create(_: int) -> None:
        first.sign(data)
        second.sign(data)

    def bare_verify(_: int) -> None:
        for signer, signature in zip((first, second), signatures, strict=True):
            signer.public_key.verify(signature, data)

    yield Contender(SECOND, FLOOR, "create", timed(bare_create))
    yield Contender(SECOND, FLOOR, "verify", timed(bare_verify))
    yield Contender(SECOND, PROOF, "create", timed(create))
    yield Contender(SECOND, PROOF, "verify", timed(verify))


def _value(text: str) -> bytes:
    return read_proof_value(decode(text).parsed["proof"]["proofValue"], "u", _LIMIT)


def _without_lists(document: Json) -> Json:
    subject = document["credentialSubject"]
    achievement = subject["achievement"]
    described = [
        {name: value for name, value in each.items() if name not in ("allowedValue", "rubricCriterionLevel")}
        for each in achievement["resultDescription"]
    ]
    changed = subject | {"achievement": achievement | {"resultDescription": described}}
    issuer = document["issuer"]
    address = {name: value for name, value in issuer["address"].items() if name != "geo"}
    return document | {"credentialSubject": changed, "issuer": issuer | {"address": address}}
