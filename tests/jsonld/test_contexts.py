"""The contexts that ship are the official ones, and stay what they are."""

import json

import pytest

from testamur import contexts
from testamur.contexts import shipped
from testamur.errors import OperatorError, Unsupported
from tests.vectors_home import contexts_index

V2 = "https://www.w3.org/ns/credentials/v2"


@pytest.mark.official
def test_every_shipped_context_has_the_digest_of_the_official_index() -> None:
    official = {(entry["url"], entry["content_sha256"]) for entry in json.loads(contexts_index().read_text())}
    for line in shipped.index():
        assert (line["url"], line["content_sha256"]) in official
        assert shipped.content_digest(contexts.load(line["url"])) == line["content_sha256"]


def test_every_line_of_the_index_says_where_the_context_came_from() -> None:
    for line in shipped.index():
        assert all(line[name] for name in ("file", "package", "version", "registry", "licence"))


def test_contexts_for_examples_do_not_ship() -> None:
    assert not [url for url in contexts.URLS if "examples" in url or "undefined-terms" in url]


@pytest.mark.official
def test_the_contexts_of_examples_are_the_official_ones_and_a_set_of_their_own() -> None:
    official = {entry["url"]: entry["content_sha256"] for entry in json.loads(contexts_index().read_text())}
    more = contexts.example_contexts()
    added = more.urls - contexts.URLS
    assert len(added) == 3
    assert {url: shipped.content_digest(more.load(url)) for url in added} == {
        url: official[url] for url in added
    }


def test_the_open_badges_context_is_the_one_the_specification_publishes() -> None:
    line = next(line for line in shipped.index() if line["url"].endswith("ob/v3p0/context-3.0.3.json"))
    assert line["content_sha256"].startswith("c5e555a9")


def test_a_loaded_context_is_a_copy_of_one_s_own() -> None:
    contexts.load(V2)["@context"].clear()
    assert contexts.load(V2)["@context"]


def test_an_unknown_address_is_unsupported() -> None:
    for url in (
        "https://www.w3.org/ns/credentials/v2#",
        "http://www.w3.org/ns/credentials/v2",
        "",
        "file:///etc/passwd",
    ):
        with pytest.raises(Unsupported, match="not known here"):
            contexts.load(url)


def test_a_context_file_that_was_changed_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "_read", lambda name: '{"@context": {"name": "https://evil.example/name"}}')
    monkeypatch.setattr(shipped, "_pins", lambda: {V2: ("www.w3.org-ns-credentials-v2.json", "0" * 64)})
    shipped._shipped_text.cache_clear()
    with pytest.raises(OperatorError, match="not the one that was shipped"):
        contexts.load(V2)
    shipped._shipped_text.cache_clear()


def test_a_larger_set_leaves_the_smaller_one_as_it_was() -> None:
    document = {"@context": {"p": "https://x/p"}}
    larger = contexts.SHIPPED.plus({"https://x/c": document})
    document["@context"].clear()
    assert larger.load("https://x/c") == {"@context": {"p": "https://x/p"}}
    assert larger.urls == contexts.URLS | {"https://x/c"}
    with pytest.raises(Unsupported):
        contexts.SHIPPED.load("https://x/c")
