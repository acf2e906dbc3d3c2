"""W3C vc-di-ecdsa: every stage of the examples of ecdsa-sd-2023, base, derived and verified."""

import json
from dataclasses import replace
from functools import cache

import pytest

from testamur.cbor import write_cbor
from testamur.encoding import encode_base64url
from testamur.errors import ProofInvalid, Unsupported
from testamur.keys import LocalSigner, PrivateKey, PublicKey
from testamur.proofs.ecdsa_sd import EcdsaSd
from testamur.proofs.selecting import hmac_labels, relabelled
from testamur.proofs.suite import read_proof_value
from tests.official.di_world import open_text, suites, text_of
from tests.official.selective_world import (
    grouped_of,
    lines_of,
    load,
    numbered,
    pointers_in,
    revealed_of,
    text_of_lines,
    without_proof,
)
from tests.vectors_home import vectors

pytestmark = pytest.mark.official

CHOSEN = {"employ": "employSelective.json", "prc": "prCredSelective.json"}
EXAMPLES = tuple(CHOSEN)
SCHEME = EcdsaSd()


@cache
def folder():
    return vectors("vc-di-ecdsa") / "TestVectors" / "ecdsa-sd-2023"


def material():
    return load(folder() / "SDKeyMaterial.json")


def hmac_key():
    return bytes.fromhex(material()["hmacKeyString"])


def key(name):
    return PrivateKey.from_multikey(material()[name]["secretKeyMultibase"])


def suite():
    own = key("proofKeyPair")
    return replace(suites()["ecdsa-sd-2023"], scheme=EcdsaSd(own_key=lambda: own))


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_stage_of_the_base_proof_gives_the_published_bytes(example):
    home = folder() / example
    signed = load(home / "addSignedSDBase.json")
    document, proof = without_proof(signed), signed["proof"]
    assert suites()["ecdsa-sd-2023"].hashing.canonize(document, "sha256").decode() == text_of_lines(
        home / "addBaseDocCanon.json"
    )
    grouped = grouped_of(document, hmac_key(), hmac_labels)
    assert [each.line for each in grouped.statements] == load(home / "addBaseDocHMACCanon.json")
    transform = load(home / "addBaseTransform.json")
    mandatory = grouped.matching(grouped.paths(transform["mandatoryPointers"]))
    assert lines_of(grouped, mandatory) == numbered(transform["mandatory"])
    others = set(range(len(grouped.statements))) - mandatory
    assert lines_of(grouped, others) == numbered(transform["nonMandatory"])
    config = suite().hashing.configuration(document, proof)
    assert config == load(home / "addProofConfig.json")
    assert suite().hashing.canonize(config, "sha256").decode() == text_of(home / "addProofConfigCanon.txt")
    what, _ = suite().signed(grouped, transform["mandatoryPointers"], suite().hash_options(document, proof))
    assert (what.options.hex(), what.mandatory.hex()) == tuple(load(home / "addHashData.json").values())
    raw = load(home / "addRawBaseSignatureInfo.json")
    base = SCHEME.read_base(read_proof_value(proof["proofValue"], "u", 100_000))
    assert base.base_signature.hex() == raw["baseSignature"]
    assert [each.hex() for each in base.signatures] == raw["signatures"]
    assert base.mandatory_pointers == raw["mandatoryPointers"] == pointers_in(home / "addPointerValues.json")
    SCHEME.check_base(base, what, key("baseKeyPair").public_key)
    assert "u" + encode_base64url(b"\xd9\x5d\x00" + write_cbor(list(base))) == proof["proofValue"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_stage_of_the_derived_proof_gives_the_published_bytes(example):
    home = folder() / example
    signed = load(home / "addSignedSDBase.json")
    document, proof = without_proof(signed), signed["proof"]
    base = SCHEME.read_base(read_proof_value(proof["proofValue"], "u", 100_000))
    shown = load(home / "derivedRevealDocument.json")
    selective = load(folder().parent / CHOSEN[example])
    grouped = grouped_of(document, hmac_key(), hmac_labels)
    indexes = load(home / "derivedGroupIndexes.json")
    assert sorted(grouped.matching(grouped.paths(selective))) == indexes["selectiveIndexes"]
    revealed = revealed_of(grouped, document, base.mandatory_pointers, selective)
    assert sorted(revealed.shown) == indexes["combinedIndexes"]
    assert sorted(revealed.mandatory) == indexes["mandatoryIndexes"]
    assert revealed.mandatory_indexes == load(home / "derivedAdjMandatoryIndexes.json")["adjMandatoryIndexes"]
    assert revealed.document == load(home / "derivedUnsignedReveal.json") == without_proof(shown)
    part, derived = suite().derive(document, proof, selective)
    assert part == without_proof(shown)
    assert derived == shown["proof"]
    data = SCHEME.read_derived(read_proof_value(derived["proofValue"], "u", 100_000))
    filtered = load(home / "derivedAdjSignatures.json")["filteredSignatures"]
    assert [each.hex() for each in data.signatures] == filtered


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_stage_of_verifying_gives_the_published_bytes(example):
    home = folder() / example
    shown = load(home / "derivedRevealDocument.json")
    document, proof = without_proof(shown), shown["proof"]
    data = SCHEME.read_derived(read_proof_value(proof["proofValue"], "u", 100_000))
    lines = relabelled(suite().hashing.canonize(document, "sha256"), SCHEME.labels(data))
    assert [line.decode() for line in lines] == load(home / "verifyNQuads.json")
    expected = load(home / "verifyCreateVerifyData.json")
    assert suite().hash_options(document, proof).hex() == expected["proofHash"]
    assert data.mandatory_indexes == load(home / "verifyDerivedProofValue.json")["mandatoryIndexes"]
    suite().verify(document, proof, key("baseKeyPair").public_key)
    opened = open_text(json.dumps(shown))
    assert [(each.algorithm, each.is_selective) for each in opened.signatures] == [("ecdsa-sd-2023", True)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_key_in_the_proof_is_not_the_issuers_and_a_base_proof_is_not_for_a_verifier(example):
    shown = load(folder() / example / "derivedRevealDocument.json")
    with pytest.raises(ProofInvalid):  # the text of one step of the specification has it so
        suite().verify(without_proof(shown), shown["proof"], key("proofKeyPair").public_key)
    signed = load(folder() / example / "addSignedSDBase.json")
    with pytest.raises(Unsupported, match="holder"):
        suite().verify(without_proof(signed), signed["proof"], key("baseKeyPair").public_key)


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_signed_here_with_the_published_keys_differs_in_the_signatures_alone(example):
    signed = load(folder() / example / "addSignedSDBase.json")
    document, proof = without_proof(signed), signed["proof"]
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    issuer = LocalSigner(key("baseKeyPair"), proof["verificationMethod"])
    pointers = pointers_in(folder() / example / "addPointerValues.json")
    made = suite().create_from(document, options, issuer, pointers, hmac_key())
    ours, theirs = (
        SCHEME.read_base(read_proof_value(each["proofValue"], "u", 100_000)) for each in (made, proof)
    )
    assert (ours.public_key, ours.hmac_key, ours.mandatory_pointers) == (
        theirs.public_key,
        theirs.hmac_key,
        theirs.mandatory_pointers,
    )
    replace(suite(), takes_base=True).verify(document, made, issuer.public_key)


def test_the_keys_are_the_published_ones():
    for pair in ("baseKeyPair", "proofKeyPair"):
        assert key(pair).public_key == PublicKey.from_multikey(material()[pair]["publicKeyMultibase"])
