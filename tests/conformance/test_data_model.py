"""The suite for the data model 2.0: its inputs sent to an issuer and a verifier, as it sends them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from testamur.contexts import example_contexts
from testamur.jsontext import write_json
from testamur.keys import LocalSigner, PrivateKey
from testamur.proofs import DataIntegrity, VpJwt, with_contexts
from tests.conformance.suites import REFUSED, V2, changed, credential
from tests.official.test_vcdm2 import as_sent, inputs

pytestmark = pytest.mark.official

ISSUER = "data-model"
HOLDER = PrivateKey.from_secret("Ed25519", bytes(range(32)))
DID = f"did:key:{HOLDER.public_key.multikey}"
SIGNER = LocalSigner(HOLDER, f"{DID}#{HOLDER.public_key.multikey}")
SUITES = with_contexts(example_contexts(), plain=False)
OLD_HOLDER = "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"

CREDENTIALS = [name for name in inputs() if not name.startswith("presentation")]
PRESENTATIONS = [name for name in inputs() if name.startswith("presentation")]


def is_wanted(name):
    return name.endswith("-ok")


@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_credential_is_issued_or_refused_as_its_name_says(server, name):
    document = as_sent(inputs()[name])
    answer = server.issue(ISSUER, document)
    assert answer.status == (201 if is_wanted(name) else 400), answer.body
    if answer.status == 201 and "proof" not in document:
        signed = answer.json["verifiableCredential"]
        assert server.verify(signed, checks=["proof"]).status == 200


def presented(name):
    """A presentation as the suite makes it: what it holds is signed unless it is to be the holder's own word."""
    text = inputs()[name].read_text().replace(OLD_HOLDER, DID)
    document = json.loads(text)
    held = document.get("verifiableCredential")
    if isinstance(held, list) and "self-asserted" not in name:
        document["verifiableCredential"] = [signed(item) for item in held]
    return document


def signed(item):
    if not isinstance(item, dict) or "proof" in item or "Enveloped" in str(item.get("type")):
        return item
    item = item | {"issuer": DID}
    try:
        return DataIntegrity(suites=SUITES).secure(write_json(item), SIGNER, at=NOW).claims
    except Exception:  # one that is wrong in itself is sent as it is
        return item


NOW = datetime.now(UTC) - timedelta(seconds=2)


def presentation_proof(document, **options):
    form = DataIntegrity(purpose="authentication", challenge="u7Xy", suites=SUITES, **options)
    try:
        return form.secure(write_json(document), SIGNER, at=NOW).claims
    except Exception:  # one that is wrong in itself is sent as it is
        return document


OLDER_ENVELOPE = ("presentation-enveloped-vc-ok",)
"""It holds a media type that no specification has (``vc-ld+jwt``), and no signature that could be checked."""


@pytest.mark.parametrize("name", PRESENTATIONS)
def test_a_presentation_is_verified_or_refused_as_its_name_says(server, name):
    document = presentation_proof(presented(name))
    body = {"verifiablePresentation": document, "options": {"checks": []}}
    answer = server.post("verifier", "presentations/verify", body)
    if is_wanted(name) and name not in OLDER_ENVELOPE:
        assert answer.status == 200, answer.body
        assert answer.json["verified"] is True
    else:
        assert answer.status in REFUSED, answer.body


def test_a_presentation_whose_contexts_were_changed_after_signing_is_refused(server):
    document = presentation_proof(presented("presentation-vc-ok"))
    for context in ("https://example.com", "https ://not-a-url/contexts/example/v1", 123192875):
        broken = document | {"@context": [V2, context]}
        answer = server.post("verifier", "presentations/verify", {"verifiablePresentation": broken})
        assert answer.status in REFUSED
    for broken in (changed(document, "@context"), changed(document, "type"), changed(document, "proof")):
        answer = server.post("verifier", "presentations/verify", {"verifiablePresentation": broken})
        assert answer.status in REFUSED


def test_a_presentation_in_a_token_is_verified_in_its_envelope(server):
    held = server.issue("vc-jwt-ed25519", credential()).json["verifiableCredential"]
    document = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": DID,
        "verifiableCredential": [held],
    }
    token = (
        VpJwt(audience="https://me.example", nonce="n-1").secure(write_json(document), SIGNER, at=NOW).text
    )
    envelope = {
        "@context": [V2],
        "type": "EnvelopedVerifiablePresentation",
        "id": f"data:application/vp+jwt,{token}",
    }

    def verify(sent, **options):
        body = {"verifiablePresentation": sent, "options": options}
        return server.post("strict", "presentations/verify", body)

    asked = {"domain": "https://me.example", "challenge": "n-1"}
    answer = verify(envelope, **asked).json
    assert answer["verified"] is True, answer
    assert answer["results"]["presentation"]["challenge"] == {"verified": True, "input": "n-1"}
    assert [each["verified"] for each in answer["results"]["credentials"]] == [True]
    for options in ({}, asked | {"challenge": "n-2"}, asked | {"domain": "https://thief.example"}):
        assert verify(envelope, **options).json["verified"] is False
    for broken in (
        envelope | {"@context": []},
        envelope | {"@context": ["https://www.w3.org/ns/credentials/examples/v2"]},
        envelope | {"id": token},
        envelope | {"type": ["VerifiablePresentation"]},
    ):
        assert (
            server.post("verifier", "presentations/verify", {"verifiablePresentation": broken}).status
            in REFUSED
        )


def test_a_holder_presents_what_was_issued_and_it_verifies_for_who_asked(server):
    held = server.issue(ISSUER, credential()).json["verifiableCredential"]
    shown = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": [held]}
    asked = {"domain": "https://employer.example", "challenge": "c-17"}
    answer = server.post("holder", "presentations", {"presentation": shown, "options": asked})
    assert answer.status == 201
    made = answer.json["verifiablePresentation"]
    assert made["holder"] == server.id_of("holder")
    body = {"verifiablePresentation": made, "options": asked | {"returnPresentation": True}}
    verified = server.post("strict", "presentations/verify", body).json
    assert verified["verified"] is True
    assert verified["verifiablePresentation"] == made
    another = shown | {"holder": "did:example:another"}
    assert server.post("holder", "presentations", {"presentation": another}).status == 400
    unsigned = server.post("strict", "presentations/verify", {"presentation": shown}).json
    assert unsigned["verified"] is True
    forged = changed(shown, "verifiableCredential", 0, "credentialSubject", "id", to="urn:other")
    assert server.post("strict", "presentations/verify", {"presentation": forged}).json["verified"] is False
    assert server.post("strict", "presentations/verify", {"presentation": made}).status == 400
