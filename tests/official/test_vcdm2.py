"""VCDM 2.0: the inputs of the W3C test suite, each answered as its name says."""

import json
from pathlib import Path

import pytest

from testamur.credentials import check_rules, check_self_asserted
from testamur.errors import Malformed, Unsupported
from testamur.jsonld import canonize
from tests.vectors_home import vectors

pytestmark = pytest.mark.official

ISSUER = "did:example:issuer"
DATES = {"FUTURE DATE": "2999-01-01T00:00:00Z", "PAST DATE": "1999-01-01T00:00:00Z"}

TERMS = {
    "credential-redef-type-fail": "an inline context redefines a protected term",
    "credential-redef-type2-fail": "an inline context redefines its own protected term",
    "credential-type-mapped-nonurl-fail": "an inline context maps a type to something that is no URL",
    "credential-type-unmapped-fail": "a type is a term that no context defines",
}
"""What cannot be decided without the contexts: the rules pass these, canonicalization refuses them."""


def inputs() -> dict[str, Path]:
    folder = vectors("vc-data-model-2") / "test-suite" / "input"
    return {path.stem: path for path in sorted(folder.rglob("*.json"))}


def as_sent(path: Path) -> dict:
    """The input as the suite sends it to an issuer: with dates and, where it is not the point, an issuer."""
    text = path.read_text(encoding="utf-8")
    for placeholder, date in DATES.items():
        text = text.replace(placeholder, date)
    document = json.loads(text)
    if path.stem.startswith("presentation") or path.stem == "credential-no-issuer-fail":
        return document
    issuer = document.setdefault("issuer", ISSUER)
    if isinstance(issuer, dict):
        issuer.setdefault("id", ISSUER)
    return document


def is_refused(name: str, document: dict) -> bool:
    found = check_rules(document)
    if "self-asserted" in name:
        found += check_self_asserted(document)
    return bool(found)


def test_every_input_of_the_w3c_suite_is_answered_as_its_name_says() -> None:
    answers = {name: is_refused(name, as_sent(path)) for name, path in inputs().items()}
    assert len(answers) > 110
    wrong = {name for name, refused in answers.items() if refused == name.endswith("-ok")}
    assert wrong == set(TERMS)


@pytest.mark.parametrize("name", TERMS)
def test_what_only_the_contexts_can_tell_is_refused_when_it_is_canonicalized(name: str) -> None:
    with pytest.raises((Malformed, Unsupported)):
        canonize(as_sent(inputs()[name]))


def test_a_broken_clause_is_named_with_its_path() -> None:
    found = check_rules(as_sent(inputs()["credential-issuer-object-id-no-url-fail"]))
    assert [(error.path, error.clause) for error in found] == [("issuer.id", "VCDM §4.7")]


def test_examples_of_the_specification_are_right() -> None:
    folder = vectors("vc-data-model-2") / "schema" / "verifiable-credential"
    examples = [json.loads(path.read_text()) for path in sorted(folder.glob("example-*.json"))]
    refused = [document["@context"] for document in examples if check_rules(document)]
    assert len(examples) == 9
    assert refused == []
