"""Whatever is done to a signed document, it is accepted only while what was signed is unchanged."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from testamur.canonical import jcs
from testamur.encoding import encode_base64url
from testamur.errors import TestamurError
from testamur.jsonld import canonize
from testamur.proofs import DataIntegrity, VcJwt, decode, open_document
from tests.proofs.school import AT, SIGNER, SIGNERS, TEXT, find_key

FORMS = {
    "eddsa-rdfc-2022": DataIntegrity("eddsa-rdfc-2022").secure(TEXT, SIGNER, at=AT),
    "ecdsa-rdfc-2019": DataIntegrity("ecdsa-rdfc-2019").secure(TEXT, SIGNERS["P-384"], at=AT),
    "eddsa-jcs-2022": DataIntegrity("eddsa-jcs-2022").secure(TEXT, SIGNER, at=AT),
    "ecdsa-jcs-2019": DataIntegrity("ecdsa-jcs-2019").secure(TEXT, SIGNERS["P-256"], at=AT),
}
SCRAPS = st.sampled_from(
    [
        None,
        True,
        0,
        1.5,
        "",
        "x",
        [],
        {},
        "urn:x:y",
        ["VerifiableCredential"],
        {"@value": "x"},
        {"id": "urn:x:y"},
        {"@id": "urn:x:y"},
        "did:web:thief.example",
        {"type": "DataIntegrityProof"},
        "2031-01-01T00:00:00Z",
    ]
)
NAMES = st.sampled_from(
    [
        "id",
        "type",
        "@context",
        "@id",
        "@type",
        "@graph",
        "@included",
        "name",
        "proof",
        "issuer",
        "validUntil",
        "credentialSubject",
        "credentialStatus",
        "previousProof",
        "created",
        "challenge",
        "x",
        "evidence",
        "image",
    ]
)


def places(value, path=()):
    """Every container in a document, by its path."""
    if isinstance(value, dict | list):
        yield path
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


def at_path(document, path):
    for key in path:
        document = document[key]
    return document


def tamper(document, data):
    """The document with one member flipped, dropped, added, doubled or moved."""
    changed = json.loads(json.dumps(document))  # no part shared with another
    container = at_path(changed, data.draw(st.sampled_from(list(places(changed)))))
    keys = list(container) if isinstance(container, dict) else list(range(len(container)))
    act = data.draw(st.sampled_from(["flip", "drop", "add", "wrap", "move", "swap"]))
    if act == "add" or not keys:
        if isinstance(container, dict):
            container[data.draw(NAMES)] = data.draw(SCRAPS)
        else:
            container.insert(data.draw(st.integers(0, len(container))), data.draw(SCRAPS))
        return changed
    key = data.draw(st.sampled_from(keys))
    if act == "flip":
        container[key] = data.draw(SCRAPS)
    elif act == "wrap":
        container[key] = [container[key]]
    elif act == "drop":
        del container[key]
    elif act == "move":
        value = container.pop(key)
        target = at_path(changed, data.draw(st.sampled_from(list(places(changed)))))
        if isinstance(target, list):
            target.append(value)
        else:
            target[data.draw(NAMES)] = value
    else:
        other = data.draw(st.sampled_from(keys))
        container[key], container[other] = container[other], container[key]
    return changed


def meaning(document, suite):
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    return jcs(unsecured) if "jcs" in suite else canonize(unsecured)


def check_document(suite, data):
    document = FORMS[suite].claims
    changed = tamper(document, data)
    try:
        opened = open_document(decode(json.dumps(changed)), find_key)
    except TestamurError:
        return
    held = [each for each in opened.signatures if each.holds]
    if held:
        assert meaning(opened.claims, suite) == meaning(document, suite)
        assert [each.created for each in held] == [AT] * len(held)
        assert {each.verification_method for each in held} == {document["proof"]["verificationMethod"]}


def check_token(data):
    made = VcJwt().secure(TEXT, SIGNER, at=AT)
    header, payload, signature = made.text.split(".")
    other = encode_base64url(json.dumps(tamper(made.claims, data), ensure_ascii=False).encode())
    if other == payload:
        return
    try:
        opened = open_document(decode(f"{header}.{other}.{signature}"), find_key)
    except TestamurError:
        return
    assert not opened.signatures[0].holds


@pytest.mark.parametrize("suite", FORMS)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_tampered_document_is_accepted_only_if_it_still_says_the_same(suite, data):
    check_document(suite, data)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_tampered_payload_is_never_accepted(data):
    check_token(data)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("suite", FORMS)
@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_twenty_thousand_tampered_documents_are_accepted_only_if_they_still_say_the_same(suite, data):
    check_document(suite, data)
