"""did:key and did:jwk against the documents and DIDs of their specifications."""

import json
from typing import Any

import pytest

from testamur.did import RELATIONSHIPS, DidDocument, Resolver
from testamur.errors import Malformed, Unsupported
from testamur.fetch import NoNetwork
from tests.vectors_home import vectors

pytestmark = pytest.mark.official
DERIVED = Resolver(NoNetwork())
SUPPORTED = ("Ed25519", "Ed25519 with X25519", "P-256", "P-384", "BLS 12-381")


def load(topic: str, name: str) -> Any:
    return json.loads((vectors(topic) / name).read_text())


def signing(document: dict[str, Any]) -> dict[str, Any]:
    """Without key agreement, which we do not derive."""
    return {name: value for name, value in document.items() if name != "keyAgreement"}


def test_did_key_gives_the_documents_of_the_specification() -> None:
    documents = load("did-key", "spec-documents.json")
    assert documents
    for expected in documents:
        assert DERIVED.resolve(expected["id"]).document.document == signing(expected)


def test_every_did_key_of_a_signing_key_resolves_to_itself() -> None:
    dids = load("did-key", "spec-test-dids.json")
    for kind in SUPPORTED:
        assert dids[kind]
        for did in dids[kind]:
            body = did.removeprefix("did:key:")
            method = DERIVED.method(f"{did}#{body}", "assertionMethod", None)
            assert method.public_key.multikey == body


def test_did_keys_of_other_kinds_are_not_supported_rather_than_broken() -> None:
    dids = load("did-key", "spec-test-dids.json")
    for kind in set(dids) - set(SUPPORTED):
        for did in dids[kind]:
            with pytest.raises(Unsupported):
                DERIVED.resolve(did)


@pytest.mark.parametrize(
    "did",
    [
        "did:key:zTjsVPtY",  # w3c-ccg/did-key-test-suite: a key of the wrong length
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do",
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doKa",
        "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZp0",
        "did:key:u7QEuKaRTOkLBj3dUsSVBMpTjGqxNk1m7",
        "did:key:6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
        "did:key:z",
        "did:key:",
    ],
)
def test_an_invalid_did_key_is_refused(did: str) -> None:
    with pytest.raises((Malformed, Unsupported)):
        DERIVED.resolve(did)


def test_did_jwk_gives_the_documents_of_the_specification() -> None:
    """The specification writes the older type, and one stray "$" that SOURCE names."""
    documents = load("did-jwk", "documents.json")
    assert len(documents) == 2
    for document in documents:
        expected = json.loads(json.dumps(document).replace("did:jwk:$", "did:jwk:"))
        actual = DERIVED.resolve(expected["id"]).document
        assert actual.relationships == DidDocument.parse(expected).relationships
        for written, ours in zip(
            expected["verificationMethod"], actual.document["verificationMethod"], strict=True
        ):
            assert ours == written | {"type": "JsonWebKey"}
        assert {name for name in RELATIONSHIPS if name in actual.document} == {
            name for name in RELATIONSHIPS if name in expected
        }


def test_the_p256_key_of_did_jwk_can_be_used() -> None:
    document = load("did-jwk", "documents.json")[0]
    method = DERIVED.method(f"{document['id']}#0", "assertionMethod", None)
    assert method.public_key.jwk == document["verificationMethod"][0]["publicKeyJwk"]
