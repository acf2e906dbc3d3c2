"""The W3C vc-jose-cose suite as its runner plays it: every case by the command line, output as it reads it."""

import json

import pytest

from testamur.cli import run
from tests.vectors_home import vectors

pytestmark = pytest.mark.official
KINDS = {"JOSETestMapping": "jose", "COSETestMapping": "cose", "SDJWTTestMapping": "sd-jwt"}


def play(folder, kind, case, output):
    """The result that one command writes."""
    options = ["--sd", json.dumps(case["disclosure_paths"])] if case.get("disclosure_paths") else []
    source, key = (str(folder / "input" / case[name]) for name in ("input_file", "key_file"))
    arguments = ["--input", source, "--key", key, "--feature", case["feature"], "--output", str(output)]
    assert run(["conformance", kind, case["fn"], *arguments, *options]) == 0
    return json.loads(output.read_bytes())


@pytest.mark.parametrize("group", KINDS)
def test_every_case_of_the_suite_ends_as_it_says(group, tmp_path, subtests: pytest.Subtests):
    folder = vectors("vc-jose-cose")
    for name, case in json.loads((folder / "expected.json").read_bytes())[group].items():
        with subtests.test(name):
            found = play(folder, KINDS[group], case, tmp_path / "out.json")
            assert found["result"] == case["expected_result"], found["data"]
            if case["fn"] == "issue" and found["result"] == "success":
                (tmp_path / "made.txt").write_text(found["data"])
                again = case | {
                    "fn": "verify",
                    "input_file": str(tmp_path / "made.txt"),
                    "disclosure_paths": None,
                }
                assert play(folder, KINDS[group], again, tmp_path / "again.json")["result"] == "success"
