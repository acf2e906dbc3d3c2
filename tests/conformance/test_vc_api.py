"""The suites for VC API issuers and verifiers."""

import pytest

from tests.conformance.suites import V2, changed, credential, issued

ISSUER = "Ed25519Signature2020"
CONTEXTS = [4, [{"foo": True}, 4, False, None], "string", {}, None, 10, True, [[]], [None], [10], [True]]
TYPES = [4, [2, None, {"foo": True}, False], "string", {}, None, 10, True, [[]], [{}], [None], [10]]
ISSUERS = [4, [], None, 10, True, False]
SUBJECTS = ["string", None, 10, True, [], [None, True, 4], False]
PROOFS = ["string", None, 10, True, []]


def test_a_credential_is_issued_with_201(server):
    answer = server.issue(ISSUER, credential(server.id_of(ISSUER), version=1))
    assert answer.status == 201
    signed = answer.json["verifiableCredential"]
    assert {"@context", "type", "id", "credentialSubject", "issuer", "proof"} <= signed.keys()


def test_a_body_without_a_credential_is_refused(server):
    body = {"verifiableCredential": credential()}
    answer = server.post(ISSUER, "credentials/issue", body)
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "detail", "status"} <= answer.json.keys()


@pytest.mark.parametrize("member", ["@context", "type", "credentialSubject"])
def test_a_credential_without_a_member_it_must_have_is_refused(server, member):
    assert server.issue(ISSUER, changed(credential(version=1), member)).status == 400


def test_the_issuer_may_be_left_out_and_is_then_the_instance_s(server):
    answer = server.issue(ISSUER, credential(version=1))
    assert answer.json["verifiableCredential"]["issuer"] == server.id_of(ISSUER)
    named = credential() | {"issuer": {"name": "Universität"}}
    answer = server.issue("eddsa-rdfc-2022", named).json["verifiableCredential"]["issuer"]
    assert answer == {"id": server.id_of("eddsa-rdfc-2022"), "name": "Universität"}


@pytest.mark.parametrize(
    ("member", "values"),
    [("@context", CONTEXTS), ("type", TYPES), ("issuer", ISSUERS), ("credentialSubject", SUBJECTS)],
)
def test_a_member_of_the_wrong_kind_is_neither_issued_nor_verified(server, member, values):
    signed = issued(server, ISSUER, version=1)
    for value in values:
        document = credential(server.id_of(ISSUER), version=1) | {member: value}
        if member != "issuer" or value is not None:
            assert server.issue(ISSUER, document).status == 400, value
        assert server.verify(signed | {member: value}).status == 400, value


@pytest.mark.parametrize("value", PROOFS)
def test_a_proof_that_is_no_object_is_not_verified(server, value):
    assert server.verify(issued(server, ISSUER, version=1) | {"proof": value}).status == 400


@pytest.mark.parametrize(
    "path",
    [("@context",), ("type",), ("issuer",), ("credentialSubject",), ("proof",)]
    + [("proof", name) for name in ("type", "created", "verificationMethod", "proofValue", "proofPurpose")],
    ids=".".join,
)
def test_a_credential_that_lacks_a_member_is_not_verified(server, path):
    assert server.verify(changed(issued(server, ISSUER, version=1), *path)).status == 400


@pytest.mark.parametrize("instance", ["vc-jwt-ed25519", "vc-jwt-p256", "vc-jwt-p384"])
def test_a_token_comes_in_an_envelope_and_verifies_in_it(server, instance):
    answer = server.issue(instance, credential() | {"validUntil": "2099-01-01T00:00:00Z"})
    assert answer.status == 201
    envelope = answer.json["verifiableCredential"]
    assert envelope["type"] == "EnvelopedVerifiableCredential"
    assert envelope["id"].startswith("data:application/vc+jwt,ey")
    assert server.verify(envelope).json == {"verified": True}
    for broken in (
        envelope | {"@context": []},
        envelope | {"@context": "https://www.w3.org/ns/credentials/examples/v2"},
        envelope | {"id": envelope["id"].partition(",")[2]},
        envelope | {"type": "VerifiableCredential"},
        changed(envelope, "type"),
        envelope | {"id": envelope["id"][:-8] + "AAAAAAAA"},
        envelope | {"id": envelope["id"].replace("vc+jwt", "vc+cose")},
    ):
        answer = server.verify(broken)
        assert answer.status in (400, 422), broken


def test_an_instance_answers_200_where_vcalm_says_so(server):
    signed = changed(issued(server, "eddsa-rdfc-2022"), "credentialSubject", "id", to="urn:other")
    answer = server.verify(signed, "strict")
    assert answer.status == 200
    assert answer.json["verified"] is False
    first, second = answer.json["problemDetails"][:2]
    assert first["report"]["verdict"] == "rejected"
    assert second["type"] == "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
    assert server.post("strict", "credentials/verify", {"verifiableCredential": 4}).status == 400


def test_unknown_options_are_refused_where_vcalm_says_so(server):
    signed = issued(server, "eddsa-rdfc-2022")
    refused = server.verify(signed, "strict", colour="red")
    assert refused.status == 400
    assert refused.json["type"] == "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED"
    assert server.verify(signed, colour="red").status == 200


def test_results_name_each_proof_date_and_status(server):
    signed = server.issue("eddsa-rdfc-2022", credential() | {"validFrom": "2020-01-01T00:00:00Z"})
    document = signed.json["verifiableCredential"]
    answer = server.verify(document, "strict", returnResults=True, returnCredential=True).json
    assert answer["credential"] == document
    assert answer["results"]["validFrom"] == {"verified": True, "input": "2020-01-01T00:00:00Z"}
    assert answer["results"]["proof"] == [{"verified": True, "input": document["proof"]}]


def test_the_context_of_2_0_alone_is_enough(server):
    assert issued(server, "eddsa-rdfc-2022")["@context"] == [V2]
