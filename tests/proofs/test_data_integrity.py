import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from testamur.errors import (
    EvidenceUnusable,
    KeyNotAuthorized,
    Malformed,
    ProofInvalid,
    TestamurError,
    Unsupported,
)
from testamur.proofs import CONFORMANCE_SUITES, SUITES, DataIntegrity, decode, open_document, suite_for
from tests.proofs.school import AT, DID, DIPLOMA, SIGNER, SIGNERS, TEXT, find_key

WAYS = [
    ("eddsa-rdfc-2022", "Ed25519"),
    ("eddsa-jcs-2022", "Ed25519"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
]


def opened(document, form=None):
    text = document if isinstance(document, str) else json.dumps(document)
    decoded = decode(text)
    return open_document(decoded, find_key, {decoded.format: form or DataIntegrity()})


def only(document, form=None):
    (signature,) = opened(document, form).signatures
    return signature


def signed(suite="eddsa-jcs-2022", key="Ed25519", text=TEXT, **options):
    return json.loads(DataIntegrity(suite, **options).secure(text, SIGNERS[key], at=AT).text)


@pytest.mark.parametrize(("suite", "key"), WAYS)
def test_what_is_signed_verifies_and_says_who_when_and_what_for(suite, key):
    made = DataIntegrity(suite).secure(TEXT, SIGNERS[key], at=AT)
    assert (made.format, made.media_type) == ("ldp_vc", "application/vc")
    assert made.claims == json.loads(made.text)
    result = opened(made.text)
    assert result.claims == DIPLOMA
    (signature,) = result.signatures
    assert signature.error is None
    assert signature.holds
    assert (signature.verification_method, signature.algorithm) == (f"{DID}#{key}", suite)
    assert (signature.purpose, signature.created) == ("assertionMethod", AT)
    assert signature.method.public_key == SIGNERS[key].public_key


def test_a_text_put_in_the_place_of_another_is_read_again():
    made = DataIntegrity().secure(TEXT, SIGNER, at=AT)
    for document in (made, decode(made.text)):
        forged = replace(document, text=made.text.replace("ዲፕሎማ", "ዶክትሬት"))
        result = open_document(forged, find_key)
        assert result.claims["name"] == "ዶክትሬት"
        assert isinstance(result.signatures[0].error, ProofInvalid)


def test_the_text_given_is_kept_to_the_letter():
    text = json.dumps(DIPLOMA, indent=3, ensure_ascii=False) + "\n"
    made = DataIntegrity().secure(text, SIGNER, at=AT).text
    assert made.startswith(text.rstrip()[:-1].rstrip() + ',"proof":{')
    assert only(made).holds


def test_the_options_of_a_presentation_are_signed_and_shown():
    form = DataIntegrity(
        purpose="authentication",
        domain=("https://a.example", "https://b.example"),
        challenge="nonce-1",
        expires=AT + timedelta(minutes=5),
    )
    text = json.dumps({"@context": DIPLOMA["@context"][:1], "type": "VerifiablePresentation"})
    made = form.secure(text, SIGNER, at=AT)
    assert (made.format, made.media_type) == ("ldp_vp", "application/vp")
    (signature,) = open_document(decode(made.text), find_key).signatures
    assert signature.holds
    assert (signature.domain, signature.challenge) == (("https://a.example", "https://b.example"), "nonce-1")
    assert signature.expires == AT + timedelta(minutes=5)
    changed = json.loads(made.text)
    changed["proof"]["challenge"] = "nonce-2"
    (other,) = open_document(decode(json.dumps(changed)), find_key).signatures
    assert isinstance(other.error, ProofInvalid)


@pytest.mark.parametrize(("suite", "key"), WAYS)
def test_a_changed_name_breaks_the_proof(suite, key):
    document = signed(suite, key)
    document["credentialSubject"]["identifier"][0]["identityHash"] = "ሌላ ሰው"
    assert isinstance(only(document).error, ProofInvalid)


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_member_no_context_knows_is_not_smuggled_in(suite):
    document = signed(suite)
    document["honours"] = "summa cum laude"
    assert not only(document).holds


def proof_with(change, suite="eddsa-jcs-2022"):
    document = signed(suite)
    document["proof"] |= change
    document["proof"] = {name: value for name, value in document["proof"].items() if value is not None}
    return document


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"type": "SomeProof"}, Unsupported),
        ({"cryptosuite": "eddsa-rdfc-2035"}, Unsupported),
        ({"cryptosuite": "Ed25519Signature2020"}, Unsupported),
        ({"cryptosuite": None}, Malformed),
        ({"cryptosuite": 7}, Malformed),
        ({"cryptosuite": "ecdsa-jcs-2019"}, KeyNotAuthorized),
        ({"proofPurpose": None}, Malformed),
        ({"proofPurpose": "authentication"}, ProofInvalid),
        ({"verificationMethod": None}, Malformed),
        ({"verificationMethod": []}, Malformed),
        ({"verificationMethod": f"{DID}#nobody"}, KeyNotAuthorized),
        ({"verificationMethod": "did:web:elsewhere.example#key-1"}, EvidenceUnusable),
        ({"verificationMethod": f"{DID}#P-256"}, KeyNotAuthorized),
        ({"created": "yesterday"}, Malformed),
        ({"created": "2026-07-01T09:30:01"}, ProofInvalid),
        ({"created": "2026-07-01T09:30:01Z"}, ProofInvalid),
        ({"expires": 5}, Malformed),
        ({"domain": {}}, Malformed),
        ({"challenge": 1}, Malformed),
        ({"proofValue": None}, Malformed),
        ({"proofValue": "z"}, ProofInvalid),
        ({"proofValue": "uAAAA"}, Malformed),
        ({"proofValue": "z0"}, Malformed),
        ({"proofValue": "z" + "2" * 300}, Malformed),
        ({"previousProof": "urn:uuid:none"}, ProofInvalid),
        ({"previousProof": ["a"] * 17}, Malformed),
        ({"@context": ["https://www.w3.org/ns/credentials/examples/v2"]}, ProofInvalid),
        ({"@context": None}, ProofInvalid),
    ],
)
def test_what_is_wrong_with_a_proof_is_in_its_signature(change, error):
    signature = only(proof_with(change))
    assert type(signature.error) is error, signature.error
    assert not signature.holds


@pytest.mark.parametrize("proof", ["none", 5, None, [{}] * 17])
def test_a_proof_member_that_is_no_proof_at_all_is_malformed(proof):
    with pytest.raises(Malformed):
        opened(DIPLOMA | {"proof": proof})


@pytest.mark.parametrize("proof", [{}, [], "text", None])
def test_an_element_of_a_set_that_is_no_proof_fails_alone(proof):
    document = signed()
    document["proof"] = [document["proof"], proof]
    first, second = opened(document).signatures
    assert first.holds
    assert isinstance(second.error, Malformed)


def test_a_document_without_a_proof_has_no_signature():
    assert opened(DIPLOMA).signatures == ()


def test_the_verification_method_may_be_an_object_with_an_id():
    asked = []
    document = signed()
    document["proof"]["verificationMethod"] = {"id": f"{DID}#Ed25519", "type": "Multikey"}
    DataIntegrity().open(
        decode(json.dumps(document)), lambda url, *rest: asked.append(url) or find_key(url, *rest)
    )
    assert asked == [f"{DID}#Ed25519"]


@pytest.mark.parametrize("created", [True, False])
def test_the_key_is_asked_for_with_the_time_of_signing_or_else_the_first_day(created):
    asked = []
    document = signed()
    if not created:
        del document["proof"]["created"]

    def finder(url, purpose, at):
        asked.append((purpose, at))
        return find_key(url, purpose, at)

    DataIntegrity().open(decode(json.dumps(document)), finder)
    assert asked == [("assertionMethod", AT if created else datetime(2026, 6, 30, tzinfo=UTC))]


def test_an_unknown_suite_asks_for_no_key():
    def finder(url, purpose, at):
        raise AssertionError("nobody should be asked")

    (signature,) = (
        DataIntegrity().open(decode(json.dumps(proof_with({"cryptosuite": "x"}))), finder).signatures
    )
    assert isinstance(signature.error, Unsupported)


def test_a_smaller_table_is_an_allow_list():
    form = DataIntegrity(suites={"ecdsa-jcs-2019": SUITES["ecdsa-jcs-2019"]})
    assert isinstance(only(signed(), form).error, Unsupported)
    with pytest.raises(Unsupported):
        replace(form, suite="eddsa-jcs-2022").secure(TEXT, SIGNER, at=AT)


def test_the_retired_suite_is_issued_only_through_its_own_table():
    document = DIPLOMA | {
        "@context": [*DIPLOMA["@context"], "https://w3id.org/security/suites/ed25519-2020/v1"]
    }
    form = DataIntegrity("Ed25519Signature2020")
    with pytest.raises(Unsupported):
        form.secure(json.dumps(document), SIGNER, at=AT)
    made = replace(form, suites=CONFORMANCE_SUITES).secure(json.dumps(document), SIGNER, at=AT)
    assert "cryptosuite" not in made.claims["proof"]
    assert only(made.text).holds


@pytest.mark.parametrize("text", ["{}", "[]", "", '{"a":1,"a":2}', "null"])
def test_what_is_no_document_is_not_signed(text):
    with pytest.raises(Malformed):
        DataIntegrity("eddsa-jcs-2022").secure(text, SIGNER, at=AT)


def test_a_key_of_another_kind_does_not_sign():
    with pytest.raises(KeyNotAuthorized):
        DataIntegrity("eddsa-jcs-2022").secure(TEXT, SIGNERS["P-256"], at=AT)


def test_a_credential_is_not_signed_with_a_term_no_context_knows():
    with pytest.raises(TestamurError):
        DataIntegrity().secure(json.dumps(DIPLOMA | {"honours": "summa"}), SIGNER, at=AT)


def test_the_options_of_a_batch_are_hashed_once():
    from testamur.proofs import suite

    suite._hash_text.cache_clear()
    for number in range(5):
        DataIntegrity().secure(json.dumps(DIPLOMA | {"id": f"urn:x:{number}"}), SIGNER, at=AT)
    assert suite._hash_text.cache_info().misses == 1


def test_a_jcs_proof_covers_the_contexts_it_signed_and_the_claims_keep_only_those():
    document = signed()
    document["@context"].append("https://w3id.org/security/data-integrity/v2")
    result = opened(document)
    assert result.signatures[0].holds
    assert result.claims == DIPLOMA
    document["@context"].reverse()
    assert isinstance(only(document).error, ProofInvalid)


def test_a_jcs_proof_that_signed_fewer_contexts_than_another_is_undecided():
    document = signed()
    document["@context"].append("https://w3id.org/security/data-integrity/v2")
    both = DataIntegrity("ecdsa-jcs-2019").secure(json.dumps(document), SIGNERS["P-256"], at=AT)
    result = opened(both.text)
    assert [type(each.error) for each in result.signatures] == [Unsupported, type(None)]
    assert result.claims["@context"] == document["@context"]


def test_each_kind_of_key_has_its_suite():
    names = {key: suite_for(SIGNERS[key].public_key) for key in ("Ed25519", "P-256", "P-384")}
    assert names == {"Ed25519": "eddsa-rdfc-2022", "P-256": "ecdsa-rdfc-2019", "P-384": "ecdsa-rdfc-2019"}
    with pytest.raises(Unsupported):
        suite_for(SIGNERS["P-521"].public_key)
