"""W3C rdf-canon: RDFC-1.0, stage by stage on the N-Quads the working group publishes."""

import json
from functools import cache
from pathlib import Path

import pytest

from testamur.errors import Malformed
from testamur.jsonld import canonical_form, read_nquads
from tests.vectors_home import vectors

pytestmark = pytest.mark.official

KINDS = ("RDFC10EvalTest", "RDFC10MapTest", "RDFC10NegativeEvalTest")


@cache
def entries(kind: str) -> list[dict]:
    manifest = json.loads((folder() / "manifest.jsonld").read_text("utf-8"))
    return [entry for entry in manifest["entries"] if entry["type"] == f"rdfc:{kind}"]


def folder() -> Path:
    return vectors("rdf-canon") / "tests"


def digest_of(entry: dict) -> str:
    return entry.get("hashAlgorithm", "SHA256").lower()


def read(entry: dict, member: str) -> str:
    return (folder() / entry[member]).read_bytes().decode("utf-8")


def test_the_manifest_holds_the_tests_this_file_counts_on() -> None:
    assert [len(entries(kind)) for kind in KINDS] == [64, 21, 1]
    assert {digest_of(entry) for entry in entries("RDFC10EvalTest")} == {"sha256", "sha384"}


def test_every_evaluation_test_gives_the_published_bytes(subtests: pytest.Subtests) -> None:
    for entry in entries("RDFC10EvalTest"):
        with subtests.test(entry["id"], name=entry["name"]):
            statements, _ = read_nquads(read(entry, "action"))
            form = canonical_form(statements, digest=digest_of(entry))
            assert form.data.decode("utf-8") == read(entry, "result")


def test_every_map_test_gives_the_published_labels(subtests: pytest.Subtests) -> None:
    for entry in entries("RDFC10MapTest"):
        with subtests.test(entry["id"], name=entry["name"]):
            statements, labels = read_nquads(read(entry, "action"))
            form = canonical_form(statements, digest=digest_of(entry))
            given = {labels[number]: label for number, label in form.labels.items()}
            assert given == json.loads(read(entry, "result"))


def test_every_poisoned_dataset_is_refused(subtests: pytest.Subtests) -> None:
    for entry in entries("RDFC10NegativeEvalTest"):
        with subtests.test(entry["id"], name=entry["name"]):
            statements, _ = read_nquads(read(entry, "action"))
            with pytest.raises(Malformed, match="look alike"):
                canonical_form(statements)
