"""VC-JSON-SCHEMA: every case of the W3C's test suite, driven through the command line it drives."""

import json

import pytest

from testamur.cli import run
from tests.vectors_home import vectors

pytestmark = pytest.mark.official

OK, NO, OPEN = "success", "failure", "indeterminate"
PLAIN = [(1, 1, OK), (1, 2, NO), (2, 1, NO), (1, 3, NO), (1, 4, NO), (1, 5, NO), (1, 6, NO), (1, 7, OPEN)]
SIGNED = [
    (1, 1, OK), (1, 2, NO), (2, 1, NO), (1, 3, NO), (1, 4, NO), (1, 5, NO),
    (1, 6, NO), (1, 7, NO), (1, 8, NO), (1, 9, NO), (1, 10, NO), (1, 11, OPEN),
]  # fmt: skip
CASES = [("JsonSchema", *case) for case in PLAIN] + [("JsonSchemaCredential", *case) for case in SIGNED]
"""Credential and schema by number, and the outcome that the suite's mapping expects."""


@pytest.mark.parametrize("draft", ["2020-12", "2019-09", "Draft-7"])
@pytest.mark.parametrize(("kind", "credential", "schema", "expected"), CASES)
def test_a_case_of_the_suite_ends_as_it_expects(draft, kind, credential, schema, expected, tmp_path):
    folder = vectors("vc-json-schema") / "test-suite" / "input" / kind.lower() / draft
    output = tmp_path / "out.json"
    arguments = ["--format", kind, "--schema", f"{folder}/{schema}-schema.json"]
    arguments += ["--credential", f"{folder}/{credential}-credential.json", "--output", str(output)]
    assert run(["conformance", "schema", "validate", *arguments]) == 0
    answer = json.loads(output.read_text())
    assert answer["result"] == expected, answer
    assert answer["data"]
