"""The suites for ecdsa-sd-2023 and bbs-2023: base proofs issued, copies derived and verified over the VC API."""

from datetime import UTC, datetime, timedelta

import pytest

from testamur.contexts import example_contexts
from testamur.encoding import decode_base64url
from testamur.jsontext import write_json
from testamur.keys import LocalSigner, PrivateKey
from testamur.proofs import DataIntegrity, SelectiveDerivation, with_contexts
from testamur.vcalm.forms import showing
from tests.conformance.suites import REFUSED, SELECTIVE, V2, changed, credential

HEADS = {"ecdsa-sd-2023": (b"\xd9\x5d\x00", b"\xd9\x5d\x01"), "bbs-2023": (b"\xd9\x5d\x02", b"\xd9\x5d\x03")}
MANDATORY = ["/issuer", "/credentialSubject/id"]

every_suite = pytest.mark.parametrize("name", SELECTIVE)


def person(**members):
    document = credential() | {"validFrom": "2020-01-01T00:00:00Z"}
    document["credentialSubject"] |= {"name": "Alice", "description": "A credential about Alice."}
    return document | members


TERMS = {
    "@context": {
        "@protected": True,
        "Sailing": "urn:example:Sailing",
        **{name: f"urn:example:{name}" for name in ("sails", "size", "year", "sailNumber", "sailName")},
    }
}
CONTEXTS = example_contexts().plus({"urn:example:sailing": TERMS})


def sailing(name, pointers):
    """A copy of a record with a list in it, made here; its terms are written out in it, as the suites have them."""
    private = PrivateKey.generate(SELECTIVE[name])
    multikey = private.public_key.multikey
    signer = LocalSigner(private, f"did:key:{multikey}#{multikey}")
    document = {
        "@context": [V2, "urn:example:sailing"],
        "type": ["VerifiableCredential", "Sailing"],
        "issuer": f"did:key:{multikey}",
        "credentialSubject": {
            "name": "Jane Doe",
            "sailNumber": "Earth101",
            "sails": [
                {"size": 5.5, "sailName": "Osprey", "year": 2023},
                {"size": 6.1, "sailName": "Eagle", "year": 2024},
            ],
        },
    }
    suites = with_contexts(CONTEXTS)
    form = showing(DataIntegrity(name, suites=suites), lambda _: ["/issuer"])
    signed = form.secure(write_json(document), signer, at=datetime.now(UTC) - timedelta(seconds=5))
    copy = SelectiveDerivation(suites).derive(signed, pointers)
    return copy.claims | {"@context": [V2, TERMS["@context"]]}


def base(server, name, document, **options):
    answer = server.issue(name, document, **options)
    assert answer.status == 201, answer.body
    return answer.json["verifiableCredential"]


def derived(server, signed, *pointers):
    body = {"verifiableCredential": signed, "options": {"selectivePointers": list(pointers)}}
    return server.post("holder", "credentials/derive", body)


@every_suite
def test_a_base_proof_is_encoded_as_the_suite_says(server, name):
    proof = base(server, name, person(), mandatoryPointers=MANDATORY)["proof"]
    assert (proof["type"], proof["cryptosuite"]) == ("DataIntegrityProof", name)
    assert proof["proofValue"].startswith("u")
    assert decode_base64url(proof["proofValue"][1:]).startswith(HEADS[name][0])


@every_suite
def test_a_copy_shows_what_it_must_and_what_was_chosen_and_verifies(server, name):
    signed = base(server, name, person(), mandatoryPointers=MANDATORY)
    answer = derived(server, signed, "/credentialSubject/name")
    assert answer.status == 201, answer.body
    copy = answer.json["verifiableCredential"]
    assert copy["credentialSubject"] == {"id": signed["credentialSubject"]["id"], "name": "Alice"}
    assert "validFrom" not in copy
    assert decode_base64url(copy["proof"]["proofValue"][1:]).startswith(HEADS[name][1])
    assert server.verify(copy, checks=["proof"]).json == {"verified": True}
    assert server.verify(copy).status == 200
    for path, value in (
        (("credentialSubject", "id"), "urn:invalid"),
        (("credentialSubject", "name"), "Bob"),
        (("proof", "proofValue"), "a"),
        (("proof", "proofValue"), copy["proof"]["proofValue"][1:]),
        (("proof", "cryptosuite"), "invalid-cryptosuite"),
        (("proof", "type"), ""),
    ):
        assert server.verify(changed(copy, *path, to=value), checks=["proof"]).status in REFUSED, path
    assert derived(server, copy, "/credentialSubject/name").status == 400


@every_suite
def test_a_base_proof_itself_does_not_verify(server, name):
    signed = base(server, name, person(), mandatoryPointers=MANDATORY)
    assert server.verify(signed, checks=["proof"]).status in REFUSED


@every_suite
@pytest.mark.parametrize(
    "pointers",
    [
        ["/credentialSubject/sails"],
        ["/credentialSubject/sails/1"],
        ["/credentialSubject/sails/0/size", "/credentialSubject/sails/1/year"],
        ["/credentialSubject/sailNumber"],
    ],
    ids=["whole list", "without the first", "parts of each", "one member"],
)
def test_parts_of_lists_can_be_shown(server, name, pointers):
    copy = sailing(name, pointers)
    answer = server.verify(copy, checks=["proof"])
    assert answer.status == 200, answer.body
    broken = changed(copy, "issuer", to="did:example:other")
    assert server.verify(broken, checks=["proof"]).status in REFUSED


@every_suite
def test_pointers_that_lead_nowhere_are_refused(server, name):
    assert server.issue(name, person(), mandatoryPointers=["/non/existent/path"]).status == 400
    assert server.issue(name, person(), mandatoryPointers=[1]).status == 400
    signed = base(server, name, person())
    assert derived(server, signed, "/non/existent/path").status == 400
    assert derived(server, signed, "no pointer").status == 400


def test_a_record_signed_as_a_whole_has_no_copies(server):
    signed = server.issue("eddsa-rdfc-2022", person()).json["verifiableCredential"]
    assert derived(server, signed, "/issuer").status == 400
    assert server.issue("eddsa-rdfc-2022", person(), mandatoryPointers=["/issuer"]).status == 400


@pytest.mark.parametrize("name", ["mldsa44-rdfc-2024", "mldsa44-jcs-2024"])
def test_a_proof_for_the_age_of_quantum_computers_verifies(server, name):
    signed = base(server, name, person())
    assert signed["proof"]["cryptosuite"] == name
    assert server.verify(signed, checks=["proof"]).json == {"verified": True}
    broken = changed(signed, "credentialSubject", "name", to="Bob")
    assert server.verify(broken, checks=["proof"]).status in REFUSED


@every_suite
def test_a_copy_is_presented_and_verifies_for_who_asked(server, name):
    signed = base(server, name, person(), mandatoryPointers=MANDATORY)
    copy = derived(server, signed).json["verifiableCredential"]
    shown = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": [copy]}
    asked = {"domain": "https://employer.example", "challenge": "c-17"}
    made = server.post("holder", "presentations", {"presentation": shown, "options": asked})
    assert made.status == 201, made.body
    body = {"verifiablePresentation": made.json["verifiablePresentation"], "options": asked}
    assert server.post("verifier", "presentations/verify", body).status == 200
