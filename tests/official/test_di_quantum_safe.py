"""W3C CCG di-quantum-safe: every stage of the examples of mldsa44-rdfc-2024 and mldsa44-jcs-2024."""

import json
from functools import cache

import pytest

from testamur.errors import ProofInvalid
from testamur.keys import LocalSigner, PrivateKey, PublicKey
from tests.official.di_world import open_text, suites, text_of
from tests.vectors_home import vectors

pytestmark = pytest.mark.official

NAMES = ["mldsa44-rdfc-2024", "mldsa44-jcs-2024"]


@cache
def folder():
    return vectors("vc-di-quantum-safe")


def keys():
    return json.loads((folder() / "inputs" / "KeysMLDSA.json").read_bytes())["mldsa44"]


def signed(name):
    return json.loads((folder() / name / f"signed-{name}.json").read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_each_stage_gives_the_published_bytes(name):
    suite, common = suites()[name], folder() / "commonAlgs"
    document = signed(name)
    proof = document.pop("proof")
    transform = "rdfc" if "rdfc" in name else "jcs"
    config = suite.configuration(document, proof)
    assert suite.canonize(config, "sha256").decode() == text_of(common / f"proofConfig-{name}.txt")
    assert suite.canonize(document, "sha256").decode() == text_of(
        common / f"transform-{transform}-sha256.txt"
    )
    data = suite.hash_options(document, proof, "sha256") + suite.hash_document(document, "sha256")
    assert data.hex() == json.loads((common / "hashing-combined.json").read_bytes())[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_signed_documents_verify(name):
    opened = open_text(json.dumps(signed(name)))
    assert [(each.algorithm, each.error) for each in opened.signatures] == [(name, None)]
    assert opened.signatures[0].method.public_key.algorithm == "ML-DSA-44"


def test_the_published_key_is_the_published_multikey():
    key = PublicKey("ML-DSA-44", bytes.fromhex(keys()["publicKeyHex"]))
    assert key.multikey == keys()["publicKeyMultibase"]
    assert PublicKey.from_multikey(keys()["publicKeyMultibase"]) == key


@pytest.mark.parametrize("name", NAMES)
def test_what_is_signed_here_holds_and_holds_over_nothing_else(name):
    suite, key = suites()[name], PrivateKey.generate("ML-DSA-44")
    document = signed(name)
    options = {member: value for member, value in document.pop("proof").items() if member != "proofValue"}
    proof = suite.create(document, options, LocalSigner(key, options["verificationMethod"]))
    suite.verify(document, proof, key.public_key)
    with pytest.raises(ProofInvalid):
        suite.verify(document | {"name": "የሥራ ፈቃድ"}, proof, key.public_key)
    with pytest.raises(ProofInvalid):
        suite.verify(document, proof | {"created": "2023-02-24T23:36:39Z"}, key.public_key)
