"""W3C vc-di-ecdsa: every stage of the examples of ecdsa-rdfc-2019 and ecdsa-jcs-2019 on both curves."""

import json
from functools import cache

import pytest

from testamur.errors import KeyNotAuthorized, ProofInvalid
from testamur.keys import PrivateKey, PublicKey
from tests.official.di_world import open_text, suites, text_of
from tests.vectors_home import vectors

pytestmark = pytest.mark.official

STAGES = [
    ("ecdsa-rdfc-2019", "ecdsa-rdfc-2019-p256", "ECDSAP256", "p256"),
    ("ecdsa-rdfc-2019", "ecdsa-rdfc-2019-p256/employ", "ECDSAP256", "p256"),
    ("ecdsa-rdfc-2019", "ecdsa-rdfc-2019-p384", "ECDSAP384", "p384"),
    ("ecdsa-rdfc-2019", "ecdsa-rdfc-2019-p384/employ", "ECDSAP384", "p384"),
    ("ecdsa-jcs-2019", "ecdsa-jcs-2019-p256", "JCSECDSAP256", "p256"),
    ("ecdsa-jcs-2019", "ecdsa-jcs-2019-p384", "JCSECDSAP384", "p384"),
]
HASH = {"p256": "sha256", "p384": "sha384"}
IDS = [each[1] for each in STAGES]


@cache
def folder():
    return vectors("vc-di-ecdsa") / "TestVectors"


def key_pair(curve):
    return json.loads((folder() / f"{curve}KeyPair.json").read_bytes())


@pytest.mark.parametrize(("name", "where", "mark", "curve"), STAGES, ids=IDS)
def test_each_stage_gives_the_published_bytes(name, where, mark, curve):
    suite, home, hash_name = suites()[name], folder() / where, HASH[curve]
    signed = json.loads((home / f"signed{mark}.json").read_bytes())
    proof = signed.pop("proof")
    config = suite.configuration(signed, proof)
    assert config == json.loads((home / f"proofConfig{mark}.json").read_bytes())
    assert suite.canonize(config, hash_name).decode() == text_of(home / f"proofCanon{mark}.txt")
    assert suite.canonize(signed, hash_name).decode() == text_of(home / f"canonDoc{mark}.txt")
    options, document = suite.hash_options(signed, proof, hash_name), suite.hash_document(signed, hash_name)
    assert options.hex() == text_of(home / f"proofHash{mark}.txt")
    assert document.hex() == text_of(home / f"docHash{mark}.txt")
    assert (options + document).hex() == text_of(home / f"combinedHash{mark}.txt")
    key = PublicKey.from_multikey(key_pair(curve)["publicKeyMultibase"])
    key.verify(bytes.fromhex(text_of(home / f"sigHex{mark}.txt")), options + document)
    assert text_of(home / f"sigBTC58{mark}.txt") == proof["proofValue"]


@pytest.mark.parametrize(("name", "where", "mark", "curve"), STAGES, ids=IDS)
def test_the_signed_documents_verify(name, where, mark, curve):
    opened = open_text((folder() / where / f"signed{mark}.json").read_bytes())
    assert [(each.algorithm, each.error) for each in opened.signatures] == [(name, None)]
    assert opened.signatures[0].method.public_key.algorithm == curve.upper().replace("P", "P-")


@pytest.mark.parametrize("curve", ["p256", "p384"])
def test_the_published_secrets_belong_to_the_published_keys(curve):
    pair = key_pair(curve)
    secret = pair.get("secretKeyMultibase") or pair["privateKeyMultibase"]
    assert PrivateKey.from_multikey(secret).public_key.multikey == pair["publicKeyMultibase"]


def test_a_p384_signature_is_made_with_sha_384_inside_the_canonical_form():
    home = folder() / "ecdsa-rdfc-2019-p384" / "employ"
    signed = json.loads((home / "signedECDSAP384.json").read_bytes())
    proof, suite = signed.pop("proof"), suites()["ecdsa-rdfc-2019"]
    assert suite.canonize(signed, "sha256") != suite.canonize(signed, "sha384")
    with pytest.raises(KeyNotAuthorized):
        suites()["eddsa-rdfc-2022"].verify(
            signed, proof, PublicKey.from_multikey(key_pair("p384")["publicKeyMultibase"])
        )
    with pytest.raises(ProofInvalid):
        suite.verify(signed, proof, PublicKey.from_multikey(key_pair("p256")["publicKeyMultibase"]))
