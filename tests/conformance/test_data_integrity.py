"""The suites for eddsa, ecdsa and Ed25519Signature2020: what they ask of issuers and verifiers over the VC API."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from testamur.contexts import load
from testamur.encoding import decode_base58, encode_base58
from testamur.jsontext import write_json
from testamur.keys import LocalSigner, PrivateKey
from testamur.proofs import CONFORMANCE_SUITES, DataIntegrity
from testamur.times import write_instant
from tests.conformance.suites import ISSUERS, REFUSED, V2, changed, credential, issued

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
PREFIX = {"Ed25519": "z6Mk", "P-256": "zDna", "P-384": "z82L"}
NOW = datetime.now(UTC).replace(microsecond=0)

every_issuer = pytest.mark.parametrize("name", ISSUERS)


@every_issuer
@pytest.mark.parametrize("version", [1, 2])
def test_an_issued_proof_has_the_members_and_encodings_of_data_integrity(server, name, version):
    signed = issued(server, name, version)
    proof = signed["proof"]
    old = name == "Ed25519Signature2020"
    assert proof["type"] == (name if old else "DataIntegrityProof")
    assert proof.get("cryptosuite") == (None if old else ISSUERS[name])
    assert DATE.fullmatch(proof["created"])
    assert proof["proofPurpose"] == "assertionMethod"
    assert re.fullmatch(r"z[1-9A-HJ-NP-Za-km-z]+", proof["proofValue"])
    wanted = (
        ["https://w3id.org/security/suites/ed25519-2020/v1"]
        if old
        else [V2, "https://w3id.org/security/data-integrity/v2"]
    )
    assert set(wanted) & set(signed["@context"])
    size = 96 if name.endswith("p384") else 64
    assert len(decode_base58(proof["proofValue"][1:])) == size


@every_issuer
def test_the_verification_method_is_a_multikey_of_the_right_curve(server, name):
    did, _, multikey = issued(server, name)["proof"]["verificationMethod"].partition("#")
    assert did == server.id_of(name) == f"did:key:{multikey}"
    assert multikey.startswith(PREFIX[server.instances[name]["algorithm"]])


@every_issuer
@pytest.mark.parametrize("version", [1, 2])
def test_what_is_issued_verifies(server, name, version):
    answer = server.verify(issued(server, name, version), checks=["proof"])
    assert (answer.status, answer.json) == (200, {"verified": True})


BROKEN = {
    "no proof": (("proof",), ...),
    "proof is null": (("proof",), None),
    "no type": (("proof", "type"), ...),
    "another type": (("proof", "type"), "UnknownProofType"),
    "no verificationMethod": (("proof", "verificationMethod"), ...),
    "verificationMethod is no DID URL": (("proof", "verificationMethod"), "did:key:invalidVm"),
    "no proofPurpose": (("proof", "proofPurpose"), ...),
    "another proofPurpose": (("proof", "proofPurpose"), "invalidPurpose"),
    "no proofValue": (("proof", "proofValue"), ...),
    "proofValue is null": (("proof", "proofValue"), None),
    "another cryptosuite": (("proof", "cryptosuite"), "UnknownCryptosuite"),
    "created is no date": (("proof", "created"), "invalidDate"),
    "the subject is another": (("credentialSubject", "id"), "urn:example:other"),
}


@every_issuer
@pytest.mark.parametrize("what", BROKEN)
def test_a_damaged_proof_is_refused_by_the_status(server, name, what):
    path, value = BROKEN[what]
    answer = server.verify(changed(issued(server, name), *path, to=value), checks=["proof"])
    assert answer.status in REFUSED
    assert answer.json["verified"] is False
    assert answer.json["problemDetails"][0]["report"]["checks"]


@every_issuer
def test_proof_values_that_are_not_multibase_or_too_long_are_refused(server, name):
    signed = issued(server, name)
    value = signed["proof"]["proofValue"]
    longer = "z" + encode_base58(decode_base58(value[1:]) + bytes(range(32)))
    for broken in (value[1:], longer, "u" + value[1:], "z", ""):
        assert (
            server.verify(changed(signed, "proof", "proofValue", to=broken), checks=["proof"]).status
            in REFUSED
        )


@every_issuer
def test_options_that_the_proof_does_not_meet_are_refused(server, name):
    signed = issued(server, name)
    for options in (
        {"expectedProofPurpose": "authentication"},
        {"domain": "domain.example"},
        {"domain": "domain.example", "challenge": "1235abcd6789"},
    ):
        answer = server.verify(signed, checks=["proof"], **options)
        assert answer.status in REFUSED, options


def local(suite, algorithm="Ed25519"):
    """A signer of the tests' own, and the form it signs in."""
    private = PrivateKey.generate(algorithm)
    multikey = private.public_key.multikey
    signer = LocalSigner(private, f"did:key:{multikey}#{multikey}")
    return signer, DataIntegrity(suite, suites=CONFORMANCE_SUITES)


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_created_and_expires_without_an_offset_are_utc(server, suite):
    signer, _ = local(suite)
    did = signer.verification_method.partition("#")[0]

    def signed(**options):
        members = {"type": "DataIntegrityProof", "cryptosuite": suite, "proofPurpose": "assertionMethod"}
        members |= {"verificationMethod": signer.verification_method} | options
        document = credential(did)
        return document | {"proof": CONFORMANCE_SUITES[suite].create(document, members, signer)}

    recent = write_instant(NOW - timedelta(minutes=1)).removesuffix("Z")
    assert server.verify(signed(), checks=["proof"]).status == 200
    assert server.verify(signed(created=recent), checks=["proof"]).status == 200
    assert server.verify(signed(expires=recent), checks=["proof"]).status in REFUSED
    year_ago = write_instant(NOW - timedelta(days=365))
    assert server.verify(signed(created=year_ago), checks=["proof"]).status == 200


def test_a_set_verifies_whole_and_a_chain_only_in_its_order(server):
    signer, form = local("eddsa-rdfc-2022")
    did = signer.verification_method.partition("#")[0]
    first = form.secure(write_json(credential(did)), signer, at=NOW)
    both = server.issue("eddsa-rdfc-2022", first.claims).json["verifiableCredential"]
    assert len(both["proof"]) == 2
    assert server.verify(both, checks=["proof"]).status == 200
    for place in (0, 1):
        bad = changed(both, "proof", place, "proofValue", to=both["proof"][1 - place]["proofValue"])
        assert server.verify(bad, checks=["proof"]).status in REFUSED
    named = DataIntegrity(proof_id="urn:uuid:9a6bbd1c-5d48-4e6b-a8f4-5f2a4a3f5c11")
    start = named.secure(write_json(credential(did)), signer, at=NOW)
    chain = server.issue("chain", start.claims).json["verifiableCredential"]
    assert chain["proof"][1]["previousProof"] == chain["proof"][0]["id"]
    assert server.verify(chain, checks=["proof"]).status == 200
    assert server.verify(changed(chain, "proof", 0), checks=["proof"]).status in REFUSED
    strange = changed(chain, "proof", 1, "previousProof", to="urn:uuid:none")
    assert server.verify(strange, checks=["proof"]).status in REFUSED
    assert server.issue("chain", first.claims).status == 400


def test_the_contexts_the_suites_expect_are_known():
    for url in (V2, "https://w3id.org/security/data-integrity/v2"):
        assert load(url)
