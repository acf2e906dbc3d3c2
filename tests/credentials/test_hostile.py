"""Any JSON, of any shape, gives findings: never another exception, never without bounds."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testamur.credentials import (
    Credential,
    Facts,
    Presentation,
    check_rules,
    check_schema,
    check_self_asserted,
    facts,
    profiles_of,
)
from testamur.errors import Malformed, Missing
from tests.credentials.mutations import mutated
from tests.credentials.samples import V2, diploma, endorsement, lean_diploma, old_diploma

NAMES = st.sampled_from(
    ["@context", "id", "type", "name", "description", "issuer", "credentialSubject", "achievement", "criteria",
     "result", "resultDescription", "achievedLevel", "rubricCriterionLevel", "identifier", "identityHash", "hashed",
     "identityType", "credentialStatus", "statusListIndex", "relatedResource", "digestSRI", "proof", "holder",
     "verifiableCredential", "endorsement", "evidence", "image", "validFrom", "validUntil", "awardedDate", "degree",
     "issuanceDate", "@value", "@language", "parentOrg", "licenseNumber", "endorsementJwt"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["VerifiableCredential", "VerifiablePresentation", "OpenBadgeCredential", "EndorsementCredential", "Profile", V2,
     "EnvelopedVerifiableCredential", "https://www.w3.org/2018/credentials/v1", "BitstringStatusListEntry", "name",
     "https://purl.imsglobal.org/spec/ob/v3p0/context.json", "urn:x:1", "2026-07-01T00:00:00Z", "ext:x"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=4), inner, max_size=8)
    ),
    max_leaves=40,
)


def ask_everything(document: Any) -> list[Malformed]:
    found = check_rules(document) + check_schema(document) + check_self_asserted(document)
    assert all(type(error) in (Malformed, Missing) and len(str(error)) < 1000 for error in found)
    shown = facts(document)
    assert all(isinstance(getattr(shown, name), str) for name in Facts.__slots__)
    profiles_of(document)
    return found


def parse_both(document: Any) -> None:
    for kind in (Credential, Presentation):
        try:
            value = kind.of(document)
        except Malformed:
            continue
        assert value.document == document


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_any_json_gives_findings_and_no_other_exception(document: Any) -> None:
    ask_everything(document)
    parse_both(document)


@pytest.mark.parametrize("build", [diploma, lean_diploma, endorsement, old_diploma])
def test_damaged_records_give_findings_and_no_other_exception(build: Any) -> None:
    for seed in range(250):
        document = mutated(build(seed % 10), seed)
        ask_everything(document)
        parse_both(document)


@pytest.mark.soak
def test_a_hundred_thousand_damaged_records_give_findings_and_no_other_exception() -> None:
    builds = (diploma, lean_diploma, endorsement, old_diploma)
    for seed in range(100_000):
        document = mutated(builds[seed % 4](seed % 10), seed)
        ask_everything(document)
        parse_both(document)


def test_deep_nesting_is_refused_before_anything_recurses() -> None:
    nested: Any = {}
    for _ in range(100_000):
        nested = {"parentOrg": nested, "id": None}
    found = check_rules(diploma() | {"issuer": nested, "x": [None] * 1000})
    assert [str(error) for error in found] == ["it is nested more than 64 deep"]
    assert check_schema(diploma() | {"issuer": nested}) != []


def test_thousands_of_errors_are_cut_to_a_hundred() -> None:
    document = diploma() | {"evidence": [{"id": 1}] * 10_000}
    assert len(check_rules(document)) == 100
    assert len(check_schema(document)) == 100


@pytest.mark.parametrize("many", [[None] * 1_000_000, [[]] * 1_000_000, {str(n): 1 for n in range(60_000)}])
def test_a_document_of_too_many_values_is_refused_for_that_alone(many: Any) -> None:
    document = diploma() | {"evidence": many}
    assert [str(error) for error in check_rules(diploma() | {"@context": many})] == [
        "it has more than 50000 values"
    ]
    assert [str(error) for error in check_rules(document)] == ["it has more than 50000 values"]
    assert [str(error) for error in check_schema(document)] == ["it has more than 50000 values"]


def test_half_a_surrogate_pair_is_survived() -> None:
    document = json.loads('{"type": ["VerifiableCredential", "OpenBadgeCredential"], "id": "urn:\\ud800"}')
    assert ask_everything(document)


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', "nul", '{"a":1,"a":2}', "[" * 100_000])
def test_what_is_no_json_object_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        Credential.parse(text)
