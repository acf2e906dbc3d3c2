"""Compiled plans, the general path, PyLD and (where it is installed) jsonld.js: the same bytes, or a refusal."""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from benchmarks.peers.installing import LeftOut, node, node_modules
from testamur.contexts import SHIPPED
from testamur.errors import TestamurError
from testamur.jsonld import canonize
from testamur.jsonld.door import canonize_by_plans, canonize_generally
from testamur.jsonld.plans import NotPlanned
from tests.jsonld.documents import diploma, mutated
from tests.leaving_out import leave_out

FEW, SLICE, FULL = 100, 600, 20_000
COUNTS = [
    pytest.param(FEW, 5),
    pytest.param(SLICE, 7, marks=pytest.mark.slow),
    pytest.param(FULL, 11, marks=[pytest.mark.soak, pytest.mark.timeout(1800)]),
]

# What we alone refuse, and why. Everything else that jsonld.js accepts in safe mode must be accepted here.
ONLY_WE_REFUSE = {
    r"past 2\^53": "other readers of JSON lose digits of such an integer",
    r"more than 16 digits": "a double in a statement has 16 digits; two numbers would become one",
    r"so small that some write it as 0": "jsonld.js writes 1e-7 as the integer 0",
    r"negative zero": "its sign is kept by some and lost by others",
    r"as a double is written in several ways": "jsonld.js rewrites a string typed xsd:double, the standard does not",
    r"no character": "U+FFFE and U+FFFF are escaped by some and not by others",
    r"null would not be signed|null in a language map": "null makes no statement",
    r"@index (of a list )?would not be signed": "an index makes no statement",
    r"@set would not be signed": "an odd set makes no statement",
    r"@direction": "a direction makes no statement",
    r"@import in a context": "not supported",
    r"@base in a context": "relative addresses are not accepted",
    r"two different values make the same statement": "one of them would not be signed",
    r"not an absolute IRI": "jsonld.js accepts characters that no IRI may have, and blank nodes as properties",
    r"must have a string or null value": "PyLD refuses a list as the type of a value",
    r"cannot be processed \(KeyError\)": "PyLD stumbles over null for what was not set",
    r"says nothing": "an empty document has nothing to sign",
    r"compacted form": "a signature does not see a member that hides under another name",
}


def by_plans(document: dict) -> bytes | str | None:
    """The bytes, why the plans refuse it, or nothing where they leave it alone."""
    try:
        return canonize_by_plans(document)
    except NotPlanned:
        return None
    except TestamurError as error:
        return str(error)


def generally(document: dict) -> bytes | str:
    try:
        return canonize_generally(document)
    except TestamurError as error:
        return str(error)


@cache
def all_generally(count: int, seed: int) -> list[bytes | str]:
    """What the general path, which is slow, says of each; two tests hold others against it."""
    return [generally(document) for document in mutated(count, seed)]


@pytest.mark.parametrize(("count", "seed"), COUNTS)
def test_plans_and_the_general_path_give_the_same_bytes_or_both_refuse(count: int, seed: int) -> None:
    seen: Counter[str] = Counter()
    for document, general in zip(mutated(count, seed), all_generally(count, seed), strict=True):
        before = json.dumps(document)
        fast = by_plans(document)
        assert json.dumps(document) == before
        if fast is None:
            seen["left to the general path"] += 1
        else:
            assert type(fast) is type(general), (fast, general, before)
            if isinstance(fast, bytes):
                assert fast == general, before
            seen["equal" if isinstance(fast, bytes) else "refused"] += 1
    assert seen["equal"] > count / 3
    assert seen["refused"] > count / 10
    assert seen["left to the general path"] > count / 20


@pytest.mark.parametrize(("count", "seed"), COUNTS)
def test_jsonld_js_in_safe_mode_gives_the_same_bytes_or_both_refuse(
    count: int, seed: int, tmp_path: Path
) -> None:
    documents = list(mutated(count, seed))
    equal = 0
    said = zip(documents, jsonld_js(documents, tmp_path), all_generally(count, seed), strict=True)
    for document, theirs, ours in said:
        if isinstance(ours, str):
            listed = any(re.search(reason, ours) for reason in ONLY_WE_REFUSE)
            assert "error" in theirs or listed, (ours, json.dumps(document))
        elif not sorted_otherwise_in_utf16(ours.decode()):
            assert theirs.get("text") == ours.decode(), (theirs, json.dumps(document))
            equal += 1
    assert equal > count / 3


def test_the_two_paths_agree_with_sha384_inside() -> None:
    for document in mutated(100, 3):
        fast = None
        try:
            fast = canonize_by_plans(document, digest="sha384")
        except (NotPlanned, TestamurError):
            continue
        assert fast == canonize_generally(document, digest="sha384")


def test_plain_pyld_gives_the_same_bytes_for_documents_it_loses_nothing_of() -> None:
    from pyld import jsonld

    def load(url: str, _: object) -> dict:
        return {"contextUrl": None, "documentUrl": url, "document": SHIPPED.load(url), "tag": "static"}

    options = {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "base": None,
        "documentLoader": load,
    }
    compared = 0
    for document in mutated(60, 5):
        ours = generally(document)
        if isinstance(ours, bytes) and not re.search(
            rb"\\u00", ours
        ):  # PyLD leaves control characters as they are
            assert jsonld.normalize(document, options).encode() == ours
            compared += 1
    assert compared > 20


def test_many_threads_at_once_give_the_same_bytes_as_one() -> None:
    documents = list(mutated(120, 13))
    alone = [generally(document) for document in documents]

    def run(document: dict) -> bytes | str:
        try:
            return canonize(document)
        except TestamurError as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, documents * 3)) == alone * 3


def sorted_otherwise_in_utf16(text: str) -> bool:
    """Whether code point order, which the standard asks for, differs from jsonld.js's order of UTF-16 units."""
    return bool(re.search("[\ue000-\uffff]", text) and re.search("[\U00010000-\U0010ffff]", text))


def jsonld_js(documents: list[dict], folder: Path) -> Iterator[dict]:
    try:
        program, modules = node(), str(node_modules())
    except LeftOut as error:
        leave_out(f"jsonld.js: {error}")
    contexts = folder / "contexts.json"
    contexts.write_text(json.dumps({url: SHIPPED.load(url) for url in SHIPPED.urls}))
    script = Path(__file__).with_name("canonize.mjs")
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    command = [program, str(script), modules, str(contexts)]
    result = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return map(json.loads, result.stdout.splitlines())


def test_a_diploma_takes_the_fast_path() -> None:
    assert isinstance(by_plans(diploma(1)), bytes)
