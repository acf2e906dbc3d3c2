"""SD-JWT VCs and W3C SD-JWTs: testamur's proof alone and the floor under it, and the claims that a peer is given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from hashlib import sha256

from benchmarks.copies import finding
from benchmarks.diplomas import World
from benchmarks.measuring import Contender, timed
from benchmarks.own import AT, FLOOR, PROOF
from testamur.credentials import PERSONAL, record_claims
from testamur.encoding import decode_base64url, encode_base64url
from testamur.forming import Terms, further_form
from testamur.jsontext import Json
from testamur.keys import LocalSigner
from testamur.proofs import decode, open_document

FORMS = ("dc+sd-jwt", "vc+sd-jwt")
KINDS = {"Ed25519": "EdDSA", "P-256": "ES256"}
_MANY = 20


def block(form: str, kind: str) -> str:
    """The name of a block: "dc+sd-jwt ES256"."""
    return f"{form} {KINDS[kind]}"


def sd_jwt_material(world: World) -> Json:
    """For each diploma the claims of its SD-JWT VC, and those that the holder may keep back."""
    claims = {
        document["id"]: record_claims(document, vct="urn:testamur:diploma", iss=world.school.did)
        for document in world.documents
    }
    return {"claims": claims, "disclosable": list(PERSONAL)}


def sd_jwt_ways(world: World) -> Iterator[Contender]:
    """Each form with each kind of key, created and verified, and the same with nothing but digests and signature."""
    for form in FORMS:
        for kind in KINDS:
            signer, how = world.signers[kind], further_form(form).make(Terms(kind="diploma"))

            def create(number: int, how=how, signer=signer) -> str:
                return how.secure(world.texts[number % len(world.texts)], signer, at=AT).text

            made = [create(number) for number in range(_MANY)]
            name = block(form, kind)
            note = f"{made[0].count('~') - 1} disclosures"
            yield Contender(name, FLOOR, "verify", timed(partial(_bare, signer, made)), note)
            yield Contender(name, PROOF, "create", timed(create))
            yield Contender(name, PROOF, "verify", timed(partial(_verify, signer, made)), note)


def _verify(signer: LocalSigner, texts: list[str], number: int) -> None:
    for each in open_document(decode(texts[number % len(texts)]), finding(signer)).signatures:
        if not each.holds:
            raise AssertionError(each.error)


def _bare(signer: LocalSigner, texts: list[str], number: int) -> None:
    """Every part decoded and parsed, a digest of each disclosure, one signature."""
    token, *disclosures = texts[number % len(texts)].split("~")
    for text in disclosures[:-1]:
        json.loads(decode_base64url(text))
        encode_base64url(sha256(text.encode()).digest())
    signed, _, signature = token.rpartition(".")
    json.loads(decode_base64url(signed.partition(".")[2]))
    signer.public_key.verify(decode_base64url(signature), signed.encode())
