"""The signed example of the Open Badges 3.0 specification, and the proofs in the files of 1EdTech's validator."""

import json

import pytest

from testamur.keys import PrivateKey, PublicKey
from tests.official.di_world import open_text, suites, text_of
from tests.vectors_home import vectors

pytestmark = pytest.mark.official


def example(where="obv3p0"):
    home = vectors("open-badges-3.0") / "spec" / "test-vectors" / where
    signed = json.loads((home / "signed-credential.json").read_bytes())
    return home, signed, signed.pop("proof")


def test_each_stage_of_the_specifications_example_gives_the_published_bytes():
    home, signed, proof = example()
    values, suite = json.loads((home / "values.json").read_bytes()), suites()["eddsa-rdfc-2022"]
    assert suite.canonize(signed, "sha256").decode() == text_of(home / "document-canon.txt")
    config = suite.configuration(signed, proof)
    assert suite.canonize(config, "sha256").decode() == text_of(home / "proof-canon.txt")
    options, document = suite.hash_options(signed, proof, "sha256"), suite.hash_document(signed, "sha256")
    assert (options.hex(), document.hex()) == (values["proofHash"], values["documentHash"])
    key = PrivateKey.from_multikey(values["secretKeyMultibase"])
    assert key.public_key == PublicKey.from_multikey(values["publicKeyMultibase"])
    assert key.sign(options + document).hex() == values["signatureHex"]
    suite.verify(signed, proof, key.public_key)


@pytest.mark.parametrize("where", ["obv3p0", "clrv2p0"])
def test_the_published_signed_credentials_verify(where):
    home, _, _ = example(where)
    opened = open_text((home / "signed-credential.json").read_bytes())
    assert [each.error for each in opened.signatures] == [None]


def judged():
    """The validator's own files whose signature somebody else has checked, and what they found."""
    folder = vectors("open-badges-3.0") / "validator"
    files = json.loads((folder / "expected.json").read_bytes())["files"]
    return folder / "ob30", {name: said["sig"] for name, said in files.items() if "sig" in said}


def test_the_validators_signed_files_hold_or_fail_as_others_found():
    home, expected = judged()
    assert len(expected) > 8
    for name, holds in expected.items():
        signatures = open_text((home / name).read_bytes()).signatures
        found = signatures[-1] if holds == "second proof true" else signatures[0]
        assert found.holds is bool(holds), (name, str(found.error))


def test_a_badge_with_the_retired_suite_of_2020_verifies():
    home, _ = judged()
    opened = open_text((home / "simple_v1.json").read_bytes())
    assert [(each.algorithm, each.error) for each in opened.signatures] == [("Ed25519Signature2020", None)]
