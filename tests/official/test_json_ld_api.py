"""W3C json-ld-api, toRdf: every test equal, refused for a stated strictness, or unsupported by name."""

import json
import re
from collections import Counter
from functools import cache

import pytest

from testamur.contexts import SHIPPED, ContextSet
from testamur.errors import TestamurError
from testamur.jsonld import canonical_form, canonize, read_nquads
from tests.vectors_home import vectors

pytestmark = [pytest.mark.official, pytest.mark.filterwarnings("ignore::SyntaxWarning")]

BASE = "https://w3c.github.io/json-ld-api/tests/"

# What a signed record may not contain, although JSON-LD has an answer for it.
STRICTNESS = {
    r"@base in a context": "relative addresses are not accepted, so @base is not either",
    r"is not an absolute IRI": "an address is relative, has a character no IRI may have, or is a blank property",
    r"is not defined by the contexts|defined away or reserved": "a member that is no term would vanish",
    r"would not be signed": "null, an index, a direction or a loose value makes no statement",
    r"@direction in a context": "a direction makes no statement",
    r"is not a language tag": "the statement would vanish",
    r"negative zero": "a number that does not survive being written",
    r"says nothing": "an empty document has nothing to sign",
    r"same statement": "one of two values would not be signed",
}

# Features we do not have, by test.
UNSUPPORTED = {
    "a context that imports another": r"@import in a context",
    "a term that looks like an address and means another": r"\(invalid IRI mapping\)",
    "a scoped context named by a relative address": r"cannot be processed \(ValueError\)",
}

# JSON-LD 1.0 is no option: these tests want 1.1 features refused.
ONLY_IN_1_0 = {"#ter24", "#ter32", "#ter42", "#ttn01"}


@cache
def known() -> ContextSet:
    documents = {}
    for path in vectors("json-ld-api").glob("toRdf/*.jsonld"):
        document = json.loads(path.read_text("utf-8"))
        if isinstance(document, dict):
            documents[f"{BASE}toRdf/{path.name}"] = document
    return SHIPPED.plus(documents)


def entries(kind: str) -> list[dict]:
    manifest = json.loads((vectors("json-ld-api") / "toRdf-manifest.jsonld").read_text("utf-8"))
    return [entry for entry in manifest["sequence"] if f"jld:{kind}" in entry["@type"]]


def run(entry: dict) -> str | TestamurError:
    document = json.loads((vectors("json-ld-api") / entry["input"]).read_text("utf-8"))
    if isinstance(document, list):
        document = {"@graph": document}
    try:
        return canonize(document, contexts=known(), compacted=False).decode()
    except TestamurError as error:
        return error


def test_every_positive_test_is_equal_or_refused_for_a_reason_in_the_tables(
    subtests: pytest.Subtests,
) -> None:
    outcomes: Counter[str] = Counter()
    for entry in entries("PositiveEvaluationTest"):
        with subtests.test(entry["@id"], name=entry["name"]):
            ours = run(entry)
            if isinstance(ours, TestamurError):
                reasons = [*STRICTNESS, *UNSUPPORTED.values()]
                assert any(re.search(reason, str(ours)) for reason in reasons), str(ours)
                outcomes["refused"] += 1
            else:
                published = (vectors("json-ld-api") / entry["expect"]).read_text("utf-8")
                assert ours.encode() == canonical_form(read_nquads(published)[0]).data
                outcomes["equal"] += 1
    assert outcomes == {"equal": 213, "refused": 132}


def test_every_negative_test_is_refused_but_for_those_of_json_ld_1_0(subtests: pytest.Subtests) -> None:
    for entry in entries("NegativeEvaluationTest"):
        with subtests.test(entry["@id"], name=entry["name"]):
            refused = isinstance(run(entry), TestamurError)
            assert refused is (entry["@id"] not in ONLY_IN_1_0)


def test_every_syntax_test_is_read(subtests: pytest.Subtests) -> None:
    for entry in entries("PositiveSyntaxTest"):
        with subtests.test(entry["@id"], name=entry["name"]):
            assert isinstance(run(entry), str)
