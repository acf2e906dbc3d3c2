"""Requests made from the API's own OpenAPI document: none of them breaks the server."""

from functools import cache

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.calling import ROOT, started

INSTANCES = {
    "issuer": ("eddsa-rdfc-2022", "bitstring", "vc-jwt-p256"),
    "verifier": ("verifier", "strict"),
    "holder": ("holder",),
}
SOAK = 10_000


@pytest.fixture(scope="module")
def server():
    with started(ROOT / "examples" / "conformance.toml") as caller:
        yield caller


@cache
def operations(url):
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    return [found.ok() for found in schema.get_all_operations()]


def instances_of(operation):
    tags = operation.definition.raw.get("tags", [])
    return next((INSTANCES[tag] for tag in tags if tag in INSTANCES), ())


def asking(server, operation, examples, seeded, asked):
    """A test that asks one operation so often, and notes each answer."""
    names = instances_of(operation)

    @settings(
        max_examples=examples,
        derandomize=seeded,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def ask(data):
        case = data.draw(operation.as_strategy())
        if names:
            case.path_parameters["name"] = data.draw(st.sampled_from(names))
        answer = case.call(timeout=60)
        asked.append(answer.status_code)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400 and "/1.0/" not in operation.path:
            said = answer.json()
            assert "verified" in said or {"type", "title", "detail"} <= said.keys()

    return ask


def play(server, examples, *, seeded):
    """Each operation is asked so often; the statuses of the answers."""
    asked = []
    for operation in operations(server.url):
        asking(server, operation, examples, seeded, asked)()
    return asked


def test_seeded_requests_are_answered(server):
    asked = play(server, 20, seeded=True)
    assert len(asked) >= 200
    assert len(set(asked)) >= 4


@pytest.mark.soak
def test_ten_thousand_requests_are_answered(server):
    asked = 0
    while asked < SOAK:
        asked += len(play(server, 250, seeded=False))
