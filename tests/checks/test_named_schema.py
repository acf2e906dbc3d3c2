"""The schemas that a record names, as a verifier meets them on the web."""

import json
from dataclasses import replace

import pytest

from testamur.checks import Outcome, Policy
from testamur.encoding import digest_multibase
from testamur.jsontext import write_json
from testamur.proofs import DataIntegrity, decode
from tests.town import NOW, Town

URL = "https://schemas.example/diploma.json"
SCHEMA = {
    "$id": URL,
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"credentialSubject": {"required": ["name"], "properties": {"name": {"maxLength": 40}}}},
}


@pytest.fixture
def town():
    return Town()


def issued(town, entry, subject=None):
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": town.school.did,
        "validFrom": "2026-07-01T00:00:00Z",
        "credentialSubject": subject or {"id": "did:example:learner", "name": "ሰላም ተስፋዬ"},
        "credentialSchema": entry,
    }
    return DataIntegrity().secure(write_json(document), town.school.key, at=NOW)


def checked(town, entry, subject=None):
    report = town.employer(policy=Policy()).verify(issued(town, entry, subject), at=NOW)
    return report.check("schema")


def put(town, document, url=URL):
    town.web.pages[url] = json.dumps(document).encode()


PLAIN = {"id": URL, "type": "JsonSchema"}


def test_a_record_is_held_against_the_schema_it_names(town):
    put(town, SCHEMA)
    assert checked(town, PLAIN).outcome is Outcome.PASSED
    failed = checked(town, PLAIN, {"id": "did:example:learner"})
    assert failed.outcome is Outcome.FAILED
    assert "name" in str(failed.sentence)


def test_a_file_that_begins_with_an_empty_line_is_held_against_its_schema_with_its_proof(town):
    put(town, SCHEMA | {"required": ["proof"]})
    text = issued(town, PLAIN).text
    for file in (text, f"\n{text}"):
        report = town.employer(policy=Policy()).verify(replace(decode(text), text=file), at=NOW)
        assert (report.outcome("proof"), report.outcome("schema")) == (Outcome.PASSED, Outcome.PASSED)


def test_a_schema_that_cannot_be_had_or_applied_leaves_it_unknown(town):
    assert checked(town, PLAIN).outcome is Outcome.UNKNOWN
    for change in (
        {"$schema": "https://json-schema.org/draft/unknown/schema"},
        {"$schema": None},
        {"$id": "https://schemas.example/other.json"},
        {"type": 7},
        {"allOf": [{"$ref": "https://other.example/schema.json"}]},
    ):
        put(town, SCHEMA | change)
        assert checked(town, PLAIN).outcome is Outcome.UNKNOWN, change
    town.web.pages[URL] = b"[" * 1000
    assert checked(town, PLAIN).outcome is Outcome.UNKNOWN


def test_the_schema_of_a_forged_record_is_not_fetched(town):
    put(town, SCHEMA)
    forged = issued(town, {"id": URL, "type": "JsonSchema"}).text.replace("ሰላም", "አበበ")
    report = town.employer().verify(decode(forged), at=NOW)
    assert (report.outcome("proof"), report.outcome("schema")) == (Outcome.FAILED, Outcome.UNKNOWN)
    assert URL not in town.web.asked


def test_a_digest_is_held_before_the_schema_is_applied(town):
    put(town, SCHEMA)
    right = PLAIN | {"digestMultibase": digest_multibase(town.web.pages[URL])}
    assert checked(town, right).outcome is Outcome.PASSED
    put(town, SCHEMA | {"properties": {}})
    assert checked(town, right, {"id": "did:example:learner"}).outcome is Outcome.UNKNOWN


def test_a_signed_schema_counts_only_while_its_proof_holds(town):
    carried = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": URL,
        "type": ["VerifiableCredential", "JsonSchemaCredential"],
        "issuer": town.school.did,
        "credentialSchema": {
            "id": "https://www.w3.org/ns/credentials/json-schema/v2.json",
            "type": "JsonSchema",
        },
        "credentialSubject": {"id": f"{URL}#1", "type": "JsonSchema", "jsonSchema": SCHEMA},
    }
    signed = DataIntegrity().secure(write_json(carried), town.school.key, at=NOW).claims
    entry = {"id": URL, "type": "JsonSchemaCredential"}
    put(town, signed)
    assert checked(town, entry).outcome is Outcome.PASSED
    assert checked(town, entry, {"id": "did:example:learner"}).outcome is Outcome.FAILED
    for broken in (carried, signed | {"validUntil": "2026-01-01T00:00:00Z"}, signed | {"id": URL + "x"}):
        put(town, broken)
        assert checked(town, entry).outcome is Outcome.UNKNOWN


def test_a_pattern_that_would_run_for_ever_elsewhere_does_not(town):
    put(town, SCHEMA | {"properties": {"issuer": {"pattern": "^(a+)+$"}}})
    assert checked(town, PLAIN, {"id": "did:example:x", "name": "a" * 39 + "!"}).outcome is Outcome.FAILED
