"""W3C vc-di-eddsa: every stage of every published example."""

import json
from functools import cache

import pytest

from testamur.encoding import encode_base58
from testamur.keys import LocalSigner, PrivateKey, PublicKey
from testamur.proofs import DataIntegrity
from testamur.times import parse_instant
from tests.official.di_world import open_text, suites, text_of
from tests.vectors_home import vectors

pytestmark = pytest.mark.official


@cache
def folder():
    return vectors("vc-di-eddsa") / "TestVectors"


STAGES = [
    ("eddsa-rdfc-2022", "eddsa-rdfc-2022", "DataInt", "unsigned.json"),
    ("eddsa-rdfc-2022", "eddsa-rdfc-2022/employ", "DataInt", "employmentAuth.json"),
    ("eddsa-jcs-2022", "eddsa-jcs-2022", "JCS", "unsigned.json"),
    ("Ed25519Signature2020", "Ed25519Signature2020", "EdSig", None),
]


@pytest.mark.parametrize(("name", "where", "mark", "source"), STAGES, ids=[each[1] for each in STAGES])
def test_each_stage_gives_the_published_bytes(name, where, mark, source):
    suite, home = suites()[name], folder() / where
    signed = json.loads((home / f"signed{mark}.json").read_bytes())
    proof = signed.pop("proof")
    if source:
        assert signed == json.loads((folder() / source).read_bytes())
    config = suite.configuration(signed, proof)
    assert config == json.loads((home / f"proofConfig{mark}.json").read_bytes())
    assert suite.canonize(config, "sha256").decode() == text_of(home / f"proofCanon{mark}.txt")
    assert suite.canonize(signed, "sha256").decode() == text_of(home / f"canonDoc{mark}.txt")
    options, document = suite.hash_options(signed, proof, "sha256"), suite.hash_document(signed, "sha256")
    assert options.hex() == text_of(home / f"proofHash{mark}.txt")
    assert document.hex() == text_of(home / f"docHash{mark}.txt")
    assert (options + document).hex() == text_of(home / f"combinedHash{mark}.txt")
    pair = json.loads((folder() / "keyPair.json").read_bytes())
    key = PrivateKey.from_multikey(pair["privateKeyMultibase"])
    assert key.public_key == PublicKey.from_multikey(pair["publicKeyMultibase"])
    assert key.sign(options + document).hex() == text_of(home / f"sigHex{mark}.txt")
    options_only = {member: value for member, value in proof.items() if member != "proofValue"}
    made = suite.create(signed, options_only, LocalSigner(key, proof["verificationMethod"]))
    assert made["proofValue"] == text_of(home / f"sigBTC58{mark}.txt")
    assert made == proof


@pytest.mark.parametrize(("name", "where", "mark"), [each[:3] for each in STAGES], ids=[e[1] for e in STAGES])
def test_the_signed_documents_verify(name, where, mark):
    opened = open_text((folder() / where / f"signed{mark}.json").read_bytes())
    assert [(each.algorithm, each.error) for each in opened.signatures] == [(name, None)]


def test_keys_are_the_published_multikeys():
    pair = json.loads((folder() / "keyPair.json").read_bytes())
    key = PrivateKey.from_multikey(pair["privateKeyMultibase"])
    assert key.public_key.multikey == pair["publicKeyMultibase"]
    assert "z" + encode_base58(b"\x80\x26" + key.secret) == pair["privateKeyMultibase"]


@pytest.mark.parametrize(
    "name", ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"]
)
def test_sets_and_chains_verify(name):
    raw = (folder() / "proof-set-chain" / f"{name}.json").read_bytes()
    opened = open_text(raw)
    proofs = json.loads(raw)["proof"]
    assert len(opened.signatures) == (len(proofs) if isinstance(proofs, list) else 1)
    assert [each.error for each in opened.signatures] == [None] * len(opened.signatures)


@pytest.mark.parametrize("number", [1, 2])
def test_a_link_of_the_chain_is_made_as_published(number):
    home = folder() / "proof-set-chain"
    document = json.loads((home / f"proofChainTempDoc{number}.json").read_bytes())
    signed = json.loads((home / f"proofChainConfigSigned{number}.json").read_bytes())
    config = json.loads((home / f"proofChainConfig{number}.json").read_bytes())
    pairs = json.loads((home / "multiKeyPairs.json").read_bytes())
    key = PrivateKey.from_multikey(pairs[f"keyPair{number + 2}"]["privateKeyMultibase"])
    made = suites()["eddsa-rdfc-2022"].create(
        document, config, LocalSigner(key, config["verificationMethod"])
    )
    assert made["proofValue"] == signed["proofValue"]


def test_the_last_link_can_be_added_to_the_published_chain():
    home = folder() / "proof-set-chain"
    pairs = json.loads((home / "multiKeyPairs.json").read_bytes())
    key = PrivateKey.from_multikey(pairs["keyPair4"]["privateKeyMultibase"])
    config = json.loads((home / "proofChainConfig2.json").read_bytes())
    text = (home / "signedProofChain1.json").read_text()
    made = DataIntegrity(previous=(config["previousProof"],), suites=suites()).secure(
        text, LocalSigner(key, config["verificationMethod"]), at=parse_instant(config["created"])
    )
    assert json.loads(made.text) == json.loads((home / "signedProofChain2.json").read_bytes())


def test_a_chain_without_its_first_proofs_does_not_hold():
    document = json.loads((folder() / "proof-set-chain" / "signedProofChain2.json").read_bytes())
    document["proof"] = document["proof"][1:]
    opened = open_text(json.dumps(document))
    assert [each.holds for each in opened.signatures] == [True, False, False]
    assert "no proof has that id" in str(opened.signatures[1].error)
