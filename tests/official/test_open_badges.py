"""Open Badges 3.0: 1EdTech's samples, and our schemas held against the official ones.

``DIFFERENCES`` are the only places where ours answer otherwise: each is a change to the official
schema, and the changed one must answer like ours on every sample and every mutation.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from testamur.credentials import Credential, check_rules, check_schema, facts
from tests.credentials.mutations import mutated
from tests.credentials.samples import diploma, endorsement, lean_diploma, old_diploma
from tests.vectors_home import vectors

pytestmark = pytest.mark.official

Json = dict[str, Any]

NOT_ABOUT_THE_DOCUMENT = {
    "simple-err-proof-method",
    "simple-err-proof-method-no-scheme",
    "simple-err-proof-method-unknown-scheme",
    "simple-err-proof-method-unknown-did-method",
    "simple-err-proof-value",
    "simple-err-expired",
    "endorsement-err-schema-status-refresh",
}
"""Samples whose error lies in the proof, the clock or the network: their members are right."""


def samples() -> dict[str, Json]:
    folder = vectors("open-badges-3.0")
    found = {path.stem: path for path in sorted((folder / "validator" / "ob30").rglob("*.json"))}
    found["spec-vector"] = folder / "spec" / "test-vectors" / "obv3p0" / "signed-credential.json"
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in found.items()}


# the official schema, with the differences applied -----------------------------------------------


def is_language_map(schema: Any) -> bool:
    return isinstance(schema, dict) and "propertyNames" in schema and schema.get("type") == "object"


def without_language_maps(schema: Json) -> Json:
    choices = schema.get("oneOf", [])
    if len(choices) == 2 and is_language_map(choices[1]):
        return {**{name: value for name, value in schema.items() if name != "oneOf"}, "allOf": [choices[0]]}
    return schema


def with_bound_types(schema: Json) -> Json:
    choices = schema.get("oneOf", [])
    if len(choices) != 2 or not isinstance(choices[1], dict):
        return schema
    if "contains" in choices[1]:
        return {**schema, "oneOf": [choices[1]["contains"], choices[1]]}
    if "allOf" in choices[1]:
        return {**schema, "oneOf": [choices[1]]}
    return schema


def with_listed_contexts(schema: Json) -> Json:
    choices = schema.get("oneOf", [])
    if choices and choices[0] == {"$ref": "#/$defs/Context"}:
        return choices[1]
    return schema


def with_whole_extensions(schema: Json) -> Json:
    if str(schema.get("pattern", "")).startswith("(ext:)"):
        return {**schema, "pattern": "^ext:[A-Za-z0-9._|-]+$"}
    return schema


def with_several_statuses(schema: Json) -> Json:
    status = {"$ref": "#/$defs/CredentialStatus"}
    if schema.get("properties", {}).get("credentialStatus") == status:
        several = {"oneOf": [status, {"type": "array", "items": status}]}
        return {**schema, "properties": {**schema["properties"], "credentialStatus": several}}
    return schema


def with_endorsements_of_both_versions(schema: Json) -> Json:
    old, new = "#/$defs/EndorsementCredentialv1p1", "#/$defs/EndorsementCredential"
    if schema.get("$ref") in (old, new):
        return {"anyOf": [{"$ref": old}, {"$ref": new}]}
    return schema


@dataclass(frozen=True)
class Difference:
    name: str
    reason: str
    change: Callable[[Json], Json]


DIFFERENCES = (
    Difference(
        "one context",
        "the text demands an ordered list of contexts; the schema also lets any single one pass",
        with_listed_contexts,
    ),
    Difference(
        "any single type",
        "a type that is one string must be the class too: the validator's own probes refuse others",
        with_bound_types,
    ),
    Difference(
        "language maps",
        "no term of the contexts is a language map, so its members would be undefined terms",
        without_language_maps,
    ),
    Difference(
        "extension words",
        "the pattern is not anchored and its hyphen makes a range; an extension is ext: and a word",
        with_whole_extensions,
    ),
    Difference(
        "several statuses",
        "the data model has a set of them, and suspension needs a second one",
        with_several_statuses,
    ),
    Difference(
        "older endorsements",
        "an endorsement inside a badge is held to the version that its own context names",
        with_endorsements_of_both_versions,
    ),
)


def changed(schema: Any, change: Callable[[Json], Json]) -> Any:
    if isinstance(schema, list):
        return [changed(item, change) for item in schema]
    if isinstance(schema, dict):
        return change({name: changed(value, change) for name, value in schema.items()})
    return schema


@cache
def official(without: str = "nothing") -> Any:
    """The official schema with every difference but one; with none at all for "everything"."""
    path = vectors("open-badges-3.0") / "schema" / "ob_v3p0_anyachievementcredential_schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    definitions = schema.pop("$defs")
    badge = {"anyOf": schema["anyOf"]}
    endorsed = {"anyOf": [definitions["EndorsementCredentialv1p1"], definitions["EndorsementCredential"]]}
    whole = {"badge": badge, "endorsement": endorsed, "$defs": definitions}
    for difference in DIFFERENCES if without != "everything" else ():
        if difference.name != without:
            whole = changed(whole, difference.change)
    return {
        name: jsonschema_rs.Draft201909Validator(
            {"$schema": schema["$schema"], "$defs": whole["$defs"], **whole[name]}, validate_formats=True
        )
        for name in ("badge", "endorsement")
    }


def official_answer(document: Json, kind: str, without: str = "nothing") -> bool:
    return official(without)[kind].is_valid(document)


def kind_of(document: Json) -> str:
    """Which official schema is meant, by the type before any mutation."""
    return "endorsement" if "EndorsementCredential" in document["type"] else "badge"


def our_answer(document: Any, kind: str) -> bool:
    from testamur.credentials.schema import _validator

    root = {"badge": "AchievementCredential", "endorsement": "EndorsementCredential"}[kind]
    return _validator(f"open_badges_3#{root}").is_valid(document)


def starting_points() -> list[Json]:
    own = [
        build(number) for number in range(3) for build in (diploma, lean_diploma, endorsement, old_diploma)
    ]
    return [document for name, document in samples().items() if name != "simple-err-type"] + own


def disagreements(seeds: range) -> list[Json]:
    documents = starting_points()
    found = []
    for seed in seeds:
        document = documents[seed % len(documents)]
        other = mutated(document, seed)
        kind = kind_of(document)
        if our_answer(other, kind) != official_answer(other, kind):
            found.append({"seed": seed, "ours": our_answer(other, kind), "document": other})
    return found


# the tests ----------------------------------------------------------------------------------------


def test_the_samples_that_1edtech_accepts_break_no_rule_and_fit_the_schema() -> None:
    expected = json.loads((vectors("open-badges-3.0") / "validator" / "expected.json").read_text())["files"]
    right = [
        Path(name).stem
        for name, answer in expected.items()
        if answer["validator"].startswith(("valid", "warning"))
    ]
    documents = {name: document for name, document in samples().items() if name in right}
    broken = {
        name: [str(error) for error in check_rules(document) + check_schema(document)]
        for name, document in documents.items()
    }
    assert len(broken) >= 8
    assert {name: errors for name, errors in broken.items() if errors} == {}


def test_the_samples_that_1edtech_refuses_for_their_members_break_a_rule() -> None:
    wrong = {name: document for name, document in samples().items() if "-err-" in name}
    accepted = {name for name, document in wrong.items() if not check_rules(document)}
    assert len(wrong) > 15
    assert accepted == NOT_ABOUT_THE_DOCUMENT


def test_our_schema_answers_every_sample_like_the_official_one_but_for_the_differences() -> None:
    for name, document in samples().items():
        if name != "simple-err-type":
            kind = kind_of(document)
            assert our_answer(document, kind) == official_answer(document, kind), name


def test_samples_on_which_the_unchanged_official_schema_differs_are_known() -> None:
    found = {
        name
        for name, document in samples().items()
        if name != "simple-err-type"
        and our_answer(document, kind_of(document))
        != official_answer(document, kind_of(document), "everything")
    }
    assert found == {
        "simple-err-credential-subject-achievement-result-description-type",
        "simple-err-credential-subject-profile-type",
        "simple-err-evidence-type",
    }


def test_our_schema_answers_thousands_of_mutations_like_the_official_one_but_for_the_differences() -> None:
    assert disagreements(range(4_000)) == []


@pytest.mark.soak
def test_our_schema_answers_a_quarter_of_a_million_mutations_like_the_official_one() -> None:
    assert disagreements(range(4_000, 250_000)) == []


def witness(name: str) -> Json:
    """A document on which a difference, and no other, decides."""
    document = copy.deepcopy(diploma())
    subject = document["credentialSubject"]
    if name == "one context":
        document["@context"] = "https://school.example/context"
    elif name == "any single type":
        subject["achievement"]["type"] = "Something"
    elif name == "language maps":
        document["name"] = {"en": "Diploma"}
    elif name == "extension words":
        subject["achievement"]["achievementType"] = "some ext:word"
    elif name == "several statuses":
        document["credentialStatus"] = [document["credentialStatus"]]
    elif name == "older endorsements":
        old = endorsement()
        old["@context"] = ["https://www.w3.org/2018/credentials/v1", old["@context"][1]]
        old["issuanceDate"] = old.pop("validFrom")
        document["endorsement"] = [old]
    return document


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.name)
def test_each_listed_difference_is_one(difference: Difference) -> None:
    document = witness(difference.name)
    assert our_answer(document, "badge") == official_answer(document, "badge")
    assert our_answer(document, "badge") != official_answer(document, "badge", difference.name)


def test_the_published_vector_shows_its_facts() -> None:
    document = samples()["spec-vector"]
    found = facts(document)
    assert Credential.parse(json.dumps(document)).issuer == found.issuer
    assert found.award
    assert found.awarded
    assert found.issuer_name
