"""The suites for did:key and DID resolution, as far as the conformance server's own DIDs answer them."""

from urllib.parse import quote

import pytest

RESULT = {"accept": "application/did-resolution"}


def resolve(server, did, **headers):
    return server.call("GET", f"/1.0/identifiers/{did}", headers=headers or RESULT)


@pytest.mark.parametrize("instance", ["eddsa-rdfc-2022", "ecdsa-rdfc-2019-p256", "ecdsa-rdfc-2019-p384"])
def test_the_did_of_every_issuer_resolves(server, instance):
    did = server.id_of(instance)
    for written in (did, quote(did, safe="")):
        answer = resolve(server, written)
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("application/did-resolution")
        document = answer.json["didDocument"]
        assert document["id"] == did
        method = document["verificationMethod"][0]
        assert method["type"] == "Multikey"
        assert method["id"] in document["assertionMethod"]
    assert resolve(server, did, accept="application/did").json["id"] == did


@pytest.mark.parametrize(
    ("did", "status", "problem"),
    [
        ("not-a-did", 400, "INVALID_DID"),
        ("did:example", 400, "INVALID_DID"),
        ("did:unsupported:123456789abcdefghi", 501, "METHOD_NOT_SUPPORTED"),
    ],
)
def test_a_did_that_is_none_is_told_with_its_problem(server, did, status, problem):
    answer = resolve(server, did)
    assert answer.status == status
    assert problem in str(answer.json["didResolutionMetadata"]["error"])
