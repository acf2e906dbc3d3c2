"""Bodies that are malformed, hostile or too long, at every door of the API."""

import json

import pytest

from tests.api.calling import ROOT, started

ISSUE = "/instances/eddsa-rdfc-2022/credentials/issue"
STATUS = "/instances/bitstring/credentials/status"
VERIFY = "/instances/verifier/credentials/verify"
PRESENTED = "/instances/verifier/presentations/verify"
PRESENT = "/instances/holder/presentations"
TOKEN = "/oauth/token"
DOORS = {
    ISSUE: "credential",
    STATUS: "credentialId",
    VERIFY: "verifiableCredential",
    PRESENTED: "verifiablePresentation",
    PRESENT: "presentation",
    TOKEN: "grant_type",
}
V2 = "https://www.w3.org/ns/credentials/v2"


@pytest.fixture(scope="module")
def server():
    with started(ROOT / "examples" / "conformance.toml") as caller:
        yield caller


def poison(size):
    """A graph whose nodes all look alike, which makes canonicalization dear."""
    nodes = [{"type": "Profile", "relatedResource": []} for _ in range(size)]
    return {
        "@context": [V2, {"p": {"@id": "urn:p", "@type": "@id"}, "n": "urn:n"}],
        "type": ["VerifiableCredential"],
        "credentialSubject": [
            {"id": f"_:b{i}", "p": [f"_:b{(i * k) % size}" for k in range(1, 6)]} for i in range(len(nodes))
        ],
    }


BODIES = {
    "nothing": b"",
    "not JSON": b"{",
    "a list": b"[]",
    "null": b"null",
    "not UTF-8": b'{"credential": "\xff\xfe"}',
    "half a surrogate pair": b'{"credential": "\\ud800"}',
    "a member twice": b'{"credential": {}, "credential": {}}',
    "not a number": b'{"credential": NaN}',
    "a long number": b'{"credential": ' + b"9" * 100_000 + b"}",
    "deep": b'{"credential":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    "deep lists": b'{"options":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a NUL": b'{"\\u0000": 1}',
    "wide": b"{" + b",".join(b'"m%d":1' % i for i in range(100_000)) + b"}",
    "too long": b" " * 4_000_001,
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("what", BODIES)
def test_a_malformed_body_is_answered_with_a_problem(server, door, what):
    answer = server.call("POST", door, BODIES[what])
    assert 400 <= answer.status < 500, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["detail"]
    assert (answer.status == 413) is (what == "too long")


@pytest.mark.parametrize("door", [door for door in DOORS if door != TOKEN])
@pytest.mark.parametrize(
    "value", [None, True, 0, "", "x" * 100_000, [], [[]], {}, {"id": {}}, {"@context": {}}]
)
def test_a_member_of_any_other_kind_is_refused(server, door, value):
    answer = server.call("POST", door, {DOORS[door]: value, "options": None})
    assert 400 <= answer.status < 500, answer.body


@pytest.mark.parametrize("door", [ISSUE, VERIFY, PRESENTED, PRESENT])
@pytest.mark.parametrize(
    "options", [[], 1, "x", {"checks": 1}, {"checks": [1]}, {"checks": ["colour"]}, {"challenge": 1}]
)
def test_options_of_another_kind_are_refused(server, door, options):
    if door in (ISSUE, PRESENT) and isinstance(options, dict) and "challenge" not in options:
        return
    answer = server.call("POST", door, {DOORS[door]: {"type": "x"}, "options": options})
    assert answer.status == 400


def test_a_graph_of_nodes_that_look_alike_is_given_up(server):
    assert server.call("POST", ISSUE, {"credential": poison(40)}).status == 400


def test_strange_paths_and_methods_are_answered_with_a_problem(server):
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("GET", ISSUE, 404),
        ("PUT", ISSUE, 405),
        ("POST", "/instances/none/credentials/issue", 401),
        ("POST", "/instances/%2e%2e/credentials/issue", 401),
        ("GET", "/instances/bitstring/credentials/%00", 404),
        ("GET", "/instances/bitstring/credentials/" + "x" * 5000, 404),
        ("GET", "/instances/bitstring/status-lists/" + "9" * 400, 404),
    ):
        answer = server.call(method, path)
        assert answer.status == status, (method, path[:60], answer.body[:200])
        assert answer.headers["content-type"] == "application/problem+json"
        assert json.loads(answer.body)["title"]
