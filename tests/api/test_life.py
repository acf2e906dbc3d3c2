"""The life of a credential over the API: issued, handed out, suspended, revoked, deleted, and kept through a restart."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote
from uuid import uuid4

import pytest

from testamur.store import Ledger
from tests.api.calling import Caller, started

V2 = "https://www.w3.org/ns/credentials/v2"
SETTINGS = """
[issuers.kept]
key = "new:P-256"
ledger = "sqlite:///{ledger}"
status = ["revocation", "suspension"]
authentication = "none"

[issuers.forgetful]
key = "new:Ed25519"
authentication = "none"

[verifiers.check]
trust = "any"
authentication = "none"
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("life")
    path = folder / "api.toml"
    path.write_text(SETTINGS.format(ledger=folder / "kept.sqlite"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def server(config):
    with started(config) as caller:
        yield caller


def credential(**members):
    subject = {"id": "did:example:learner", "name": "ស្រីមុំ"}
    document = {"@context": [V2], "type": ["VerifiableCredential"], "credentialSubject": subject}
    return document | members


def place(instance, credential_id):
    return f"/instances/{instance}/credentials/{quote(credential_id, safe='')}"


def change(server, credential_id, purpose, value, **entry):
    body = {
        "credentialId": credential_id,
        "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": purpose} | entry,
        "status": value,
    }
    return server.post("kept", "credentials/status", body)


def test_a_credential_is_found_by_its_id_in_a_url_until_it_is_deleted(server):
    name = f"https://school.example/diplomas/{uuid4()}?copy=1"
    signed = server.issue("kept", credential(id=name)).json["verifiableCredential"]
    assert server.call("GET", place("kept", name)).json == {"verifiableCredential": signed}
    assert server.call("GET", place("kept", name + "x")).status == 404
    assert server.call("GET", place("forgetful", name)).status == 404
    assert server.call("DELETE", place("kept", name)).status == 202
    for method in ("GET", "DELETE"):
        assert server.call(method, place("kept", name)).status == 410
    assert change(server, name, "revocation", True).status == 200  # a copy out in the world can be revoked


def test_of_many_who_issue_one_id_at_once_one_succeeds_and_the_others_are_told_so(server):
    name = f"urn:uuid:{uuid4()}"

    def issue(_):
        return Caller(server.url, server.instances).issue("kept", credential(id=name)).status

    with ThreadPoolExecutor(12) as pool:
        assert sorted(pool.map(issue, range(12))) == [201] + [400] * 11


def test_a_credential_without_an_id_goes_by_the_one_it_is_given(server):
    name = f"urn:uuid:{uuid4()}"
    signed = server.issue("kept", credential(), credentialId=name).json["verifiableCredential"]
    assert "id" not in signed
    assert server.call("GET", place("kept", name)).json == {"verifiableCredential": signed}
    assert server.issue("kept", credential(id="urn:a"), credentialId="urn:b").status == 400


def test_the_same_id_is_not_issued_twice(server):
    document = credential(id=f"urn:uuid:{uuid4()}")
    assert server.issue("kept", document).status == 201
    assert server.issue("kept", document).status == 400
    assert server.issue("forgetful", document).status == server.issue("forgetful", document).status == 201


def test_a_status_list_is_served_to_everybody_and_tells_what_was_set(server):
    name = f"urn:uuid:{uuid4()}"
    signed = server.issue("kept", credential(id=name)).json["verifiableCredential"]
    entries = signed["credentialStatus"]
    assert [entry["statusPurpose"] for entry in entries] == ["revocation", "suspension"]
    for entry in entries:
        served = server.call("GET", entry["statusListCredential"]).json
        assert served["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
        assert served["issuer"] == server.id_of("kept")
        assert server.verify(served, "check").json["verified"]
    before = [server.call("GET", entry["statusListCredential"]).json for entry in entries]
    assert (
        change(server, name, "suspension", True, statusListIndex=entries[1]["statusListIndex"]).status == 200
    )
    after = [server.call("GET", entry["statusListCredential"]).json for entry in entries]
    lists = [[each["credentialSubject"]["encodedList"] for each in found] for found in (before, after)]
    assert lists[0][0] == lists[1][0]
    assert lists[0][1] != lists[1][1]
    assert change(server, name, "suspension", False).status == 200
    restored = server.call("GET", entries[1]["statusListCredential"]).json
    assert restored["credentialSubject"]["encodedList"] == lists[0][1]
    assert server.call("GET", "/instances/kept/status-lists/999").status == 404
    assert server.call("GET", "/instances/kept/status-lists/x").status == 404


def test_a_change_that_cannot_be_is_refused(server):
    name = f"urn:uuid:{uuid4()}"
    server.issue("kept", credential(id=name))
    assert change(server, "urn:none", "revocation", True).status == 404
    assert change(server, name, "colour", True).status == 400
    assert change(server, name, "revocation", "yes").status == 400
    assert change(server, name, "revocation", True, statusListIndex="-1").status == 400
    assert change(server, name, "revocation", True).status == 200
    assert change(server, name, "revocation", True).status == 200
    assert change(server, name, "revocation", False).status == 400  # a revocation is for good


def test_what_speaks_against_issuing_is_told_with_its_clause(server):
    answer = server.issue("kept", credential(credentialStatus={"type": "X"}))
    assert answer.status == 400
    answer = server.issue("kept", credential(issuer="did:example:other"))
    assert answer.json["detail"].startswith("issuer: this instance issues as did:key:")
    answer = server.issue("kept", credential(colour="red"))
    assert answer.json["title"] == "MALFORMED_VALUE_ERROR"
    assert "colour" in answer.json["detail"]
    old = credential() | {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "issuanceDate": "2020-01-01T00:00:00Z",
    }
    assert "not issued any more" in server.issue("kept", old).json["detail"]
    assert server.issue("kept", credential(), mandatoryPointers=["/issuer"]).status == 400


def test_nothing_is_lost_when_the_server_is_stopped_and_started(config):
    name = f"urn:uuid:{uuid4()}"
    with started(config) as first:
        signed = first.issue("kept", credential(id=name)).json["verifiableCredential"]
        issuer = first.id_of("kept")
    with Ledger.open(f"sqlite:///{config.parent / 'kept.sqlite'}") as ledger:
        record = ledger.get(name)
    assert record is not None
    assert record.organisation == issuer == signed["issuer"]
    assert [slot.purpose for slot in record.slots] == ["revocation", "suspension"]
