"""Whatever JSON-LD would leave unsaid is refused, and the refusal says where."""

import subprocess
import sys

import pytest

from testamur.contexts import SHIPPED
from testamur.errors import Malformed, TestamurError, Unsupported
from testamur.jsonld import canonize, names
from testamur.jsonld.door import canonize_by_plans
from testamur.jsonld.expansion import ContextProcessor
from testamur.jsonld.plans import NotPlanned
from tests.jsonld.documents import OB, V2, diploma

FOO = "https://x/foo"


def with_subject(**members: object) -> dict:
    document = diploma(1)
    document["credentialSubject"].update(members)
    return document


@pytest.mark.parametrize(
    ("members", "path", "words"),
    [
        ({"undefinedTerm": "x"}, "credentialSubject", "'undefinedTerm' is not defined"),
        ({"@foo": "x"}, "credentialSubject", "reserved"),
        ({"id": "relative"}, "credentialSubject", "'relative' is not an absolute IRI"),
        ({"type": ["Undefined"]}, "", ""),
        ({"name": None}, "credentialSubject.name", "null would not be signed"),
        ({"name": [None, "x"]}, "credentialSubject.name", "null would not be signed"),
        ({"name": {"@value": None}}, "credentialSubject.name", "would not be signed"),
        (
            {"name": {"@value": "x", "@type": None}},
            "credentialSubject.name.@type",
            "null would not be signed",
        ),
        ({"name": {"@language": "en"}}, "credentialSubject.name", "would not be signed"),
        ({"name": {"@value": "x", "@language": "x y"}}, "", "'x y' is not a language tag"),
        (
            {"name": {"@value": "x", "@language": "en", "@direction": "ltr"}},
            "",
            "@direction would not be signed",
        ),
        ({"name": {"@value": "x", "@index": "i"}}, "", "compacted form"),
        ({"name": "half \ud800 a pair"}, "", "no character"),
        ({"name": "\uffff"}, "", "no character"),
        ({"creditsEarned": 2**53}, "", "past 2^53"),
        ({"creditsEarned": 0.1 + 0.2}, "", "more than 16 digits"),
        ({"creditsEarned": -0.0}, "", "negative zero"),
        ({"creditsEarned": float("nan")}, "", "NaN"),
        ({"creditsEarned": float("inf")}, "", "infinity"),
        (
            {"https://x/p": [1, {"@value": "1", "@type": "http://www.w3.org/2001/XMLSchema#integer"}]},
            "",
            "same statement",
        ),
    ],
)
def test_what_would_vanish_is_refused(members: dict, path: str, words: str) -> None:
    with pytest.raises(Malformed) as caught:
        canonize(with_subject(**members))
    assert words in str(caught.value)
    assert caught.value.path.startswith(path)


@pytest.mark.parametrize(
    "members", [{"https://x/p": []}, {"@included": [{"id": "urn:x", "https://x/p": "v"}]}, {"id": "_:b0"}]
)
def test_what_loses_nothing_is_accepted(members: dict) -> None:
    assert canonize(with_subject(**members), compacted=False)


CREDENTIALS = "https://www.w3.org/2018/credentials#"


def renamed(member: str, name: str, *contexts: object) -> dict:
    document = diploma(1)
    document[name] = document.pop(member)
    document["@context"] += contexts
    return document


@pytest.mark.parametrize(
    "document",
    [
        renamed("credentialStatus", CREDENTIALS + "credentialStatus"),
        renamed("credentialStatus", "state", {"state": CREDENTIALS + "credentialStatus"}),
        renamed("credentialStatus", "vc:credentialStatus", {"vc": CREDENTIALS}),
        renamed("credentialStatus", "credentials#credentialStatus", {"@vocab": "https://www.w3.org/2018/"}),
        renamed("id", "@id"),
        renamed("id", "key", {"key": "@id"}),
        renamed("type", "@type"),
        with_subject(Image={"id": "https://x.example/1.png", "type": "Image"}),
        with_subject(type=["https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject"]),
        with_subject(id="_:somebody"),
        {**diploma(1), "@context": [V2, OB, {"is": "urn:uuid:"}], "id": "is:1234"},
        with_subject(**{"@included": [{"id": "did:web:x.example", "name": "x"}]}),
        with_subject(**{"@reverse": {"issuer": {"id": "urn:x:y"}}}),
        with_subject(**{"@nest": {"name": "x"}}),
        with_subject(name={"@set": ["x"]}),
    ],
    ids=str,
)
def test_what_is_not_called_by_its_name_is_refused(document: dict) -> None:
    with pytest.raises((Malformed, Unsupported)):
        canonize(document)
    with pytest.raises(NotPlanned):
        canonize_by_plans(document)


def test_the_names_are_those_that_json_ld_gives_them() -> None:
    processor = ContextProcessor(SHIPPED)
    for url in sorted(SHIPPED.urls):
        active = processor.apply(processor.initial(), url)
        for name, definition in active["mappings"].items():
            if definition:
                assert names.is_word(name, definition["@id"]), (url, name)
                assert not names.is_word(f"other{name}", definition["@id"]), (url, name)


def test_a_member_twice_in_a_set_is_said_once() -> None:
    assert canonize(with_subject(**{"https://x/p": ["a", "a"]})) == canonize(
        with_subject(**{"https://x/p": "a"})
    )


def test_an_unknown_context_is_unsupported_and_named() -> None:
    with pytest.raises(Unsupported, match="https://unknown/context"):
        canonize({**diploma(1), "@context": [V2, "https://unknown/context"]})


def test_a_context_of_a_test_is_known_only_where_it_was_added() -> None:
    url = "https://www.w3.org/ns/credentials/examples/v2"
    document = {"@context": [V2, url], "type": "VerifiableCredential", "anything": "goes"}
    extra = SHIPPED.plus({url: {"@context": {"@vocab": "https://vocabulary.example/"}}})
    assert b"<https://vocabulary.example/anything>" in canonize(document, contexts=extra)
    with pytest.raises(Unsupported):
        canonize(document)


def test_a_context_that_imports_another_does_not_change_it_for_the_next_document() -> None:
    before = canonize(diploma(1))
    evil = {"@import": V2, "name": "https://evil.example/name"}
    with pytest.raises(TestamurError):
        canonize({**diploma(2), "@context": [V2, evil]})
    assert canonize(diploma(1)) == before


def test_a_protected_term_cannot_be_given_another_meaning() -> None:
    with pytest.raises(Malformed, match="protected"):
        canonize(
            {**diploma(1), "@context": [V2, OB, {"VerifiableCredential": "https://evil.example/Credential"}]}
        )


def test_a_document_that_says_nothing_is_refused() -> None:
    for document in ({}, {"@context": V2}, {"@context": V2, "id": "urn:x"}):
        with pytest.raises(Malformed):
            canonize(document)


@pytest.mark.parametrize(
    "document", [None, [], "x", {"name": object()}, {1: 2}, {"@context": 5, "name": "x"}]
)
def test_what_is_no_json_object_is_refused(document: object) -> None:
    with pytest.raises(TestamurError):
        canonize(document)  # type: ignore[arg-type]


def test_an_unknown_hash_is_unsupported() -> None:
    with pytest.raises(Unsupported, match="md5"):
        canonize(diploma(1), digest="md5")


def test_the_general_path_carries_what_plans_leave_out() -> None:
    term = {"texts": {"@id": FOO, "@container": "@language"}, "of": {"@reverse": "https://x/has"}}
    document = {
        "@context": [V2, term],
        "id": "urn:x",
        "texts": {"en": "day", "fr": "jour"},
        "of": {"id": "urn:y"},
    }
    assert canonize(document).decode().splitlines() == [
        f'<urn:x> <{FOO}> "day"@en .',
        f'<urn:x> <{FOO}> "jour"@fr .',
        "<urn:y> <https://x/has> <urn:x> .",
    ]


def test_a_reserved_term_in_a_strangers_context_prints_no_warning() -> None:
    """In a process of its own, since pytest has filters of its own."""
    program = (
        "from testamur.jsonld import canonize;"
        "canonize({'@context': {'@x': 'https://x.example/y', 'p': 'https://x.example/p'}, 'p': 'v'}, compacted=False)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == ""
