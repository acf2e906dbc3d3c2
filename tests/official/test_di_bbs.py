"""W3C vc-di-bbs: every stage of the baseline examples of bbs-2023, base, derived and verified."""

from functools import cache

import pytest

from testamur.cbor import write_cbor
from testamur.encoding import encode_base64url
from testamur.errors import ProofInvalid, Unsupported
from testamur.keys import LocalSigner, PrivateKey, PublicKey
from testamur.keys.bbs import SIGNATURE, prove, verify_proof
from testamur.proofs.bbs_2023 import Bbs2023
from testamur.proofs.selecting import relabelled, shuffled_labels
from testamur.proofs.suite import read_proof_value
from testamur.proofs.suites import with_contexts
from tests.official.di_world import text_of
from tests.official.selective_world import (
    contexts_of,
    grouped_of,
    lines_of,
    load,
    numbered,
    plain,
    revealed_of,
    without_context,
    without_proof,
)
from tests.vectors_home import vectors

pytestmark = pytest.mark.official

CHOSEN = {"": "windSelective.json", "prc": "prCredSelective.json"}
EXAMPLES = list(CHOSEN)
SCHEME = Bbs2023()


@cache
def folder():
    return vectors("vc-di-bbs") / "TestVectors"


def material():
    return load(folder() / "BBSKeyMaterial.json")


def public_key():
    return PublicKey("BLS12-381", bytes.fromhex(material()["publicKeyHex"]))


def private_key():
    return PrivateKey.from_secret("BLS12-381", bytes.fromhex(material()["privateKeyHex"]))


def hmac_key():
    return bytes.fromhex(material()["hmacKeyString"])


def suite_for(document):
    return with_contexts(contexts_of(document))["bbs-2023"]


def data_of(proof):
    return read_proof_value(proof["proofValue"], "u", 100_000)


@pytest.mark.parametrize("example", EXAMPLES, ids=["wind", "prc"])
def test_each_stage_of_the_base_proof_gives_the_published_bytes(example):
    home = folder() / example
    signed = load(home / "addSignedSDBase.json")
    document, proof = without_proof(signed), signed["proof"]
    suite = suite_for(document)
    assert suite.hashing.canonize(plain(document), "sha256").decode() == "".join(
        load(home / "addBaseDocCanon.json")
    )
    grouped = grouped_of(document, hmac_key(), shuffled_labels)
    assert [each.line for each in grouped.statements] == load(home / "addBaseDocHMACCanon.json")
    transform = load(home / "addBaseTransform.json")
    mandatory = grouped.matching(grouped.paths(transform["mandatoryPointers"]))
    assert lines_of(grouped, mandatory) == numbered(transform["mandatory"])
    others = set(range(len(grouped.statements))) - mandatory
    assert lines_of(grouped, others) == numbered(transform["nonMandatory"])
    config = suite.hashing.configuration(document, proof)
    assert config == load(home / "addProofConfig.json")
    canon = suite.hashing.canonize(suite.hashing.configuration(plain(document), proof), "sha256")
    assert canon.decode() == text_of(home / "addProofConfigCanon.txt")
    what, _ = suite.signed(
        grouped, transform["mandatoryPointers"], suite.hash_options(plain(document), proof)
    )
    assert (what.options.hex(), what.mandatory.hex()) == tuple(load(home / "addHashData.json").values())
    base = SCHEME.read_base(data_of(proof))
    assert base.signature.hex() == load(home / "addRawBaseSignatureInfo.json")["bbsSignature"]
    assert base.mandatory_pointers == transform["mandatoryPointers"]
    signer = LocalSigner(private_key(), proof["verificationMethod"])
    assert signer.sign_messages(what.options + what.mandatory, what.others) == base.signature
    made = suite.create_from(
        plain(document), {**proof, "proofValue": ""}, signer, base.mandatory_pointers, hmac_key()
    )
    assert made == proof
    SCHEME.check_base(base, what, public_key())
    assert "u" + encode_base64url(b"\xd9\x5d\x02" + write_cbor(list(base))) == proof["proofValue"]


@pytest.mark.parametrize("example", EXAMPLES, ids=["wind", "prc"])
def test_each_stage_of_the_derived_proof_gives_the_published_bytes(example):
    home = folder() / example
    signed = load(home / "addSignedSDBase.json")
    document, proof = without_proof(signed), signed["proof"]
    selective = load(folder() / CHOSEN[example])
    grouped = grouped_of(document, hmac_key(), shuffled_labels)
    base = SCHEME.read_base(data_of(proof))
    indexes = load(home / "derivedGroupIndexes.json")
    assert sorted(grouped.matching(grouped.paths(selective))) == indexes["selectiveIndexes"]
    revealed = revealed_of(grouped, document, base.mandatory_pointers, selective)
    assert sorted(revealed.shown) == indexes["combinedIndexes"]
    assert sorted(revealed.mandatory) == indexes["mandatoryIndexes"]
    adjusted = load(home / "derivedAdjIndexes.json")
    assert revealed.mandatory_indexes == adjusted["adjMandatoryIndexes"]
    assert without_context(revealed.document) == without_context(load(home / "derivedUnsignedReveal.json"))
    _, others = suite_for(document).signed(grouped, base.mandatory_pointers, b"")
    shown = [place for place, number in enumerate(others) if number in revealed.shown]
    assert shown == adjusted["adjSelectiveIndexes"]
    derived = SCHEME.read_derived(data_of(load(home / "derivedRevealDocument.json")["proof"]))
    assert derived.label_map == {number: int(label[1:]) for number, label in revealed.labels.items()}
    assert len(derived.proof) == 272 + 32 * (len(others) - len(shown))


@pytest.mark.parametrize("example", EXAMPLES, ids=["wind", "prc"])
def test_each_stage_of_verifying_gives_the_published_bytes(example):
    home = folder() / example
    shown = load(home / "derivedRevealDocument.json")
    document, proof = plain(without_proof(shown)), shown["proof"]
    suite = suite_for(without_proof(shown))
    derived = SCHEME.read_derived(data_of(proof))
    lines = relabelled(suite.hashing.canonize(document, "sha256"), SCHEME.labels(derived))
    if (home / "verifyNQuads.json").exists():
        assert [line.decode() for line in lines] == load(home / "verifyNQuads.json")
    suite.verify(document, proof, public_key())
    with pytest.raises(ProofInvalid):
        suite.verify(document, proof, PrivateKey.generate("BLS12-381").public_key)
    with pytest.raises(ProofInvalid):
        suite.verify(document | {"issuer": "did:web:forged.example"}, proof, public_key())


@pytest.mark.parametrize("example", EXAMPLES, ids=["wind", "prc"])
def test_a_base_proof_is_not_for_a_verifier_and_another_derivation_of_it_verifies(example):
    signed = load(folder() / example / "addSignedSDBase.json")
    document, proof = plain(without_proof(signed)), signed["proof"]
    suite = suite_for(without_proof(signed))
    with pytest.raises(Unsupported, match="holder"):
        suite.verify(document, proof, public_key())
    first, second = (suite.derive(document, proof, [], presentation_header=b"c-17") for _ in range(2))
    assert first[0] == second[0]
    assert first[1]["proofValue"] != second[1]["proofValue"]
    for part, derived in (first, second):
        suite.verify(part, derived, public_key())


@pytest.mark.parametrize("feature", ["HolderBinding", "Pseudonym", "PseudonymHB"])
def test_the_optional_features_are_unsupported_and_never_taken_for_the_baseline(feature):
    for name in ("addSignedSDBase.json", "derivedRevealDocument.json"):
        signed = load(folder() / feature / name)
        document = plain(without_proof(signed))
        with pytest.raises(Unsupported):
            suite_for(without_proof(signed)).verify(document, signed["proof"], public_key())


def test_the_published_keys_belong_together():
    assert private_key().public_key == public_key()
    assert public_key().multikey.startswith("zUC7")
    assert PublicKey.from_multikey(public_key().multikey) == public_key()


def test_a_proof_says_nothing_of_what_it_hides_and_holds_for_nothing_else():
    key, messages = PrivateKey.generate("BLS12-381"), [f"ቁጥር {number}".encode() for number in range(9)]
    signature = key.sign_messages(b"header", messages)
    assert len(signature) == SIGNATURE
    proof = prove(key.public_key.raw, signature, b"header", b"c-17", messages, [0, 4])
    verify_proof(key.public_key.raw, proof, b"header", b"c-17", [messages[0], messages[4]], [0, 4])
    for header, asked, told, shown in (
        (b"", b"c-17", [messages[0], messages[4]], [0, 4]),
        (b"header", b"c-18", [messages[0], messages[4]], [0, 4]),
        (b"header", b"c-17", [messages[4], messages[0]], [0, 4]),
        (b"header", b"c-17", [messages[0], messages[4]], [0, 5]),
        (b"header", b"c-17", [messages[0]], [0]),
    ):
        with pytest.raises(ProofInvalid):
            verify_proof(key.public_key.raw, proof, header, asked, told, shown)
