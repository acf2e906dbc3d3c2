"""CLR 2.0: 1EdTech's samples, and our schema held against the official one.

The official schema at hand is the one for the VCDM 1.1 form, written down to draft-04; ours is held against
it on samples of that form and on mutations. ``DIFFERENCES`` says where ours answers otherwise, and why.
"""

import copy
import json
import random
from functools import cache
from typing import Any

import jsonschema_rs
import pytest

from testamur.credentials import check_rules, check_schema, facts, held_by
from testamur.credentials.schema import _validator
from tests.official.di_world import open_text
from tests.official.test_open_badges import changed
from tests.vectors_home import vectors

pytestmark = pytest.mark.official
Json = dict[str, Any]


def sample(name: str) -> Json:
    return json.loads((vectors("clr-2.0") / "validator" / "clr20" / name).read_text("utf-8"))


def published() -> Json:
    home = vectors("open-badges-3.0") / "spec" / "test-vectors" / "clrv2p0"
    return json.loads((home / "signed-credential.json").read_text("utf-8"))


# the official schema, with the differences applied -----------------------------------------------


def with_words_of_names(schema: Json) -> Json:
    """``name`` is an identity type of Open Badges; the older list lacks it."""
    words = schema.get("enum", [])
    return {**schema, "enum": [*words, "name"]} if "sourcedId" in words and "name" not in words else schema


def with_single_values(schema: Json) -> Json:
    """One value may stand for a list of one, as JSON-LD compacts it."""
    members = schema.get("properties", {})
    several = {
        name: {"anyOf": [member, member["items"]]}
        for name, member in members.items()
        if isinstance(member, dict)
        and member.get("type") == "array"
        and member["items"] != {"type": "string"}
    }
    return {**schema, "properties": {**members, **several}} if several else schema


DIFFERENCES = {
    "names": "an identity object may be of the type name, as in Open Badges 3.0",
    "single values": "one value may stand for a list of one, as JSON-LD compacts it",
    "class names": "the type of each object contains its class; the schema lets any string pass",
    "contexts": "the three contexts stand in their order; the schema lets any strings pass",
    "formats": "an instant needs a zone",
}


@cache
def official() -> Any:
    path = vectors("clr-2.0") / "schema" / "clr_v2p0_clrcredential_schema_draft4.json"
    schema = json.loads(path.read_text("utf-8"))
    schema.pop("$id")
    for change in (with_words_of_names, with_single_values):
        schema = changed(schema, change)
    return jsonschema_rs.Draft4Validator(schema, validate_formats=True)


def ours(document: Json) -> bool:
    return bool(_validator("clr_2#ClrCredential").is_valid(document))


def whole_record() -> Json:
    """A record in the older form with every member of the CLR classes."""
    document = sample("simple_v1.json")
    subject = document["credentialSubject"]
    subject["identifier"] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": "x", "identityType": "sourcedId"}
    ]
    subject["association"] = [
        {"type": "Association", "associationType": "isPartOf", "sourceId": "urn:a:1", "targetId": "urn:a:2"}
    ]
    document["partial"] = False
    return document


PATHS: list[tuple[Any, ...]] = [
    *[(name,) for name in ("id", "name", "type", "issuer", "issuanceDate", "credentialSubject", "partial", "image")],
    *[("credentialSubject", name) for name in ("type", "verifiableCredential", "association", "identifier", "id")],
    *[("credentialSubject", "association", 0, n) for n in ("type", "associationType", "sourceId", "targetId", "x")],
    *[("credentialSubject", "identifier", 0, n) for n in ("type", "hashed", "identityHash", "identityType", "x")],
    *[("credentialSubject", "verifiableCredential", 0, n)
      for n in ("@context", "type", "issuer", "issuanceDate", "credentialSubject")],
]  # fmt: skip
VALUES: list[Any] = [1, 1.5, True, "word", "isPartOf", "2020-01-01T00:00:00Z", {}, "urn:x:y"]
GONE = object()


def mutated(seed: int) -> Json:
    chance = random.Random(seed)
    document = whole_record()
    for _ in range(chance.choice([1, 1, 2])):
        *way, last = chance.choice(PATHS)
        value = chance.choice([GONE, GONE, *VALUES])
        place: Any = document
        for step in way:
            place = (
                place.get(step) if isinstance(place, dict) else place[0] if isinstance(place, list) else None
            )
            if place is None:
                break
        if isinstance(place, dict):
            if value is GONE:
                place.pop(last, None)
            else:
                place[last] = copy.deepcopy(value)
    return document


def is_a_listed_difference(document: Json) -> bool:
    """Whether only ours refuses it, for its contexts or for an object that does not name its class."""
    errors = [
        str(error) for error in check_schema({**document, "type": ["VerifiableCredential", "ClrCredential"]})
    ]
    errors += [] if document.get("type") == ["VerifiableCredential", "ClrCredential"] else ["type: changed"]
    return bool(errors) and all(
        "type:" in error or "@context" in error or error.endswith("class that belongs here")
        or "is not Association" in error or "is not IdentityObject" in error or "is not ClrSubject" in error
        or "issuer" in error or "must be of type object" in error or "credentialSubject.image" in error
        for error in errors
    )  # fmt: skip


# the tests ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["simple.json", "simple_v1.json", "complex.json"])
def test_1edtechs_samples_break_no_rule_and_fit_the_schema(name: str) -> None:
    document = sample(name)
    assert check_rules(document) == check_schema(document) == []


def test_the_signed_sample_verifies_and_an_older_one_names_a_context_that_no_package_has() -> None:
    assert [each.error for each in open_text(json.dumps(sample("simple.json"))).signatures] == [None]
    (older,) = open_text(json.dumps(sample("simple_v1.json"))).signatures
    assert "clr/v2p0/context.json' is not known here" in str(older.error)


def test_the_published_record_verifies_and_so_does_what_it_holds_from_its_own_members() -> None:
    document = published()
    assert check_rules(document) == check_schema(document) == []
    (held,) = held_by(document)
    for part in (document, held):
        assert [each.error for each in open_text(json.dumps(part)).signatures] == [None]
    assert facts(document).award == "Sample Transcript"


@pytest.mark.parametrize("name", ["simple_old_safesigned.json", "simple-noproof.json"])
def test_samples_under_a_context_of_a_draft_are_refused_for_it(name: str) -> None:
    assert "@context[1]" in str(check_rules(sample(name))[0])


def test_what_the_larger_sample_holds_breaks_one_rule_an_endorsement_without_a_name() -> None:
    broken = [error.path for held in held_by(sample("complex.json")) for error in check_rules(held)]
    assert {path.rpartition(".")[2] for path in broken} == {"name"}


def test_our_schema_answers_the_samples_like_the_official_one() -> None:
    for document in (sample("simple_v1.json"), sample("complex.json"), whole_record()):
        assert ours(document)
        assert official().is_valid(document)


def test_our_schema_answers_mutations_like_the_official_one_but_for_the_differences() -> None:
    refused = 0
    for seed in range(1_500):
        document = mutated(seed)
        mine, theirs = ours(document), official().is_valid(document)
        refused += not mine
        if mine != theirs:
            assert theirs, (seed, document)  # ours accepts nothing that theirs refuses
            assert is_a_listed_difference(document), (seed, [str(e) for e in check_schema(document)])
    assert 300 < refused < 1_400
