"""The suite for Bitstring Status List: entries and lists of an issuer with a status, and what a verifier makes of them."""

import gzip

import pytest

from testamur.encoding import decode_base64url
from tests.conformance.suites import credential

ISSUER = "bitstring"


@pytest.fixture(scope="module")
def signed(server):
    return server.issue(ISSUER, credential(server.id_of(ISSUER))).json["verifiableCredential"]


def listed(server, entry):
    answer = server.call("GET", entry["statusListCredential"])
    assert answer.status == 200
    return answer.json


def bit(served, index):
    raw = gzip.decompress(decode_base64url(served["credentialSubject"]["encodedList"][1:]))
    return raw[index >> 3] >> (7 - (index & 7)) & 1


def test_entries_are_as_the_data_model_says(signed):
    assert signed["@context"] == ["https://www.w3.org/ns/credentials/v2"]
    for entry in signed["credentialStatus"]:
        assert entry["type"] == "BitstringStatusListEntry"
        assert isinstance(entry["statusPurpose"], str)
        assert str(int(entry["statusListIndex"])) == entry["statusListIndex"]
        assert entry["statusListCredential"].startswith("https://")
        assert entry["id"] != entry["statusListCredential"]


def test_the_list_is_a_credential_whose_bitstring_is_long_enough(server, signed):
    for entry in signed["credentialStatus"]:
        served = listed(server, entry)
        assert "BitstringStatusListCredential" in served["type"]
        assert served["id"] == entry["statusListCredential"]
        subject = served["credentialSubject"]
        assert subject["type"] == "BitstringStatusList"
        assert subject["statusPurpose"] == entry["statusPurpose"]
        assert subject["encodedList"][0] == "u"
        raw = gzip.decompress(decode_base64url(subject["encodedList"][1:]))
        assert len(raw) * 8 >= 131_072
        assert "credentialStatus" not in served
        assert server.verify(served).status == 200


def test_an_entry_that_is_malformed_is_not_issued(server):
    broken = {
        "type": "BitstringStatusListEntry",
        "statusListIndex": True,
        "statusListCredential": "https://example.com",
    }
    for issuer in (ISSUER, "eddsa-rdfc-2022"):
        for member in ("statusEntry", "credentialStatus"):
            assert server.issue(issuer, credential() | {member: broken}).status == 400


def test_a_verifier_follows_the_list(server, signed):
    answer = server.verify(signed, checks=["proof", "credentialStatus"], returnResults=True)
    assert answer.status == 200
    assert [entry["value"] for entry in answer.json["results"]["credentialStatus"]] == [0, 0]


@pytest.mark.parametrize("purpose", ["suspension", "revocation"])
def test_a_status_is_set_and_seen_at_once(server, purpose):
    signed = server.issue(ISSUER, credential()).json["verifiableCredential"]
    entry = next(each for each in signed["credentialStatus"] if each["statusPurpose"] == purpose)
    assert bit(listed(server, entry), int(entry["statusListIndex"])) == 0
    body = {
        "credentialId": signed["id"],
        "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": purpose},
    }  # the suite leaves out the status, which means that it applies
    assert server.post(ISSUER, "credentials/status", body).status == 200
    assert bit(listed(server, entry), int(entry["statusListIndex"])) == 1
    answer = server.verify(signed)
    assert answer.status == 422
    said = answer.json["problemDetails"][0]
    assert said["title"] == {"suspension": "SUSPENDED", "revocation": "REVOKED"}[purpose]
    assert server.verify(signed, checks=["proof"]).status == 200


def test_a_list_that_cannot_be_had_is_undecided_and_not_verified(server):
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "1",
        "statusListCredential": f"{server.url}/instances/bitstring/status-lists/99999",
    }
    signed = server.issue("eddsa-rdfc-2022", credential() | {"credentialStatus": entry})
    answer = server.verify(signed.json["verifiableCredential"], "strict").json
    assert answer["verified"] is False
    assert answer["problemDetails"][0]["title"] == "CANNOT_TELL"
