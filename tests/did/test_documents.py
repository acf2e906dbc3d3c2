from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.did import DidDocument, did_of, did_web_from_url, did_web_url, web_document
from testamur.encoding import encode_base58, encode_multibase
from testamur.errors import KeyNotAuthorized, Malformed, Unsupported
from testamur.jsontext import Json, write_json
from testamur.keys import PrivateKey, VerificationMethod

SCHOOL = "did:web:diplomas.example.edu"
KEY = PrivateKey.generate("Ed25519").public_key
SHORT = encode_multibase(b"\xed\x01" + bytes(31))  # an Ed25519 key that lacks a byte
P256 = PrivateKey.generate("P-256").public_key
MULTIKEY: Json = {
    "id": "#key-1",
    "type": "Multikey",
    "controller": SCHOOL,
    "publicKeyMultibase": KEY.multikey,
}


def document(**members: object) -> Json:
    return {"id": SCHOOL, "verificationMethod": [MULTIKEY], "assertionMethod": ["#key-1"]} | members


def test_relative_and_absolute_ids_are_one_key() -> None:
    parsed = DidDocument.parse(document(authentication=[f"{SCHOOL}#key-1"]))
    assert parsed.method(f"{SCHOOL}#key-1").public_key == KEY
    assert parsed.purposes(f"{SCHOOL}#key-1") == ("assertionMethod", "authentication")


def test_a_text_is_read_and_unknown_members_are_kept() -> None:
    parsed = DidDocument.parse(write_json(document(name="መምህር", linkedTo={"a": 1})))
    assert parsed.document["name"] == "መምህር"
    assert parsed.document["linkedTo"] == {"a": 1}


@pytest.mark.parametrize(
    "written",
    [
        {"type": "Multikey", "publicKeyMultibase": KEY.multikey},
        {"type": "JsonWebKey", "publicKeyJwk": KEY.jwk},
        {"type": "JsonWebKey2020", "publicKeyJwk": KEY.jwk},
        {"type": "Ed25519VerificationKey2020", "publicKeyMultibase": KEY.multikey},
        {"type": "Ed25519VerificationKey2018", "publicKeyBase58": encode_base58(KEY.raw)},
    ],
    ids=lambda written: str(written["type"]),
)
def test_every_way_to_write_a_key_reads_the_same(written: Json) -> None:
    parsed = DidDocument.parse(document(verificationMethod=[{"id": "#a", "controller": SCHOOL, **written}]))
    assert parsed.method(f"{SCHOOL}#a").public_key == KEY


@pytest.mark.parametrize(
    "written",
    [
        {"type": "Multikey"},
        {"type": "Multikey", "publicKeyMultibase": SHORT},
        {"type": "Multikey", "publicKeyMultibase": 7},
        {"type": "Multikey", "publicKeyMultibase": KEY.multikey, "publicKeyJwk": P256.jwk},
        {"type": "JsonWebKey", "publicKeyJwk": KEY.jwk | {"d": "AAAA"}},
        {"type": "JsonWebKey", "publicKeyMultibase": KEY.multikey},
        {"type": "Ed25519VerificationKey2020", "publicKeyMultibase": P256.multikey},
        {"type": "Ed25519VerificationKey2018", "publicKeyBase58": "1" * 65},
        {"type": "Multikey", "publicKeyMultibase": KEY.multikey, "expires": "tomorrow"},
        {"type": "Multikey", "publicKeyMultibase": KEY.multikey, "revoked": None},
        {"type": "Multikey", "publicKeyMultibase": KEY.multikey, "controller": 1},
    ],
)
def test_a_broken_key_is_malformed_and_spoils_no_other(written: Json) -> None:
    broken = {"id": "#broken", "controller": SCHOOL, **written}
    parsed = DidDocument.parse(document(verificationMethod=[broken, MULTIKEY]))
    with pytest.raises(Malformed):
        parsed.method(f"{SCHOOL}#broken")
    assert [method.id for method in parsed.readable_methods()] == [f"{SCHOOL}#key-1"]


@pytest.mark.parametrize(
    "written",
    [
        {"type": "X25519KeyAgreementKey2020", "publicKeyMultibase": "z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p"},
        {"type": "Multikey", "publicKeyMultibase": "z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p"},
        {"type": ["Multikey"], "publicKeyMultibase": KEY.multikey},
        {"type": "Multikey", "publicKeyMultibase": KEY.multikey, "use": "holidays"},
    ],
)  # fmt: skip
def test_a_key_of_another_kind_is_not_supported(written: Json) -> None:
    parsed = DidDocument.parse(document(verificationMethod=[{"id": "#a", "controller": SCHOOL, **written}]))
    with pytest.raises(Unsupported):
        parsed.method(f"{SCHOOL}#a")


def test_a_key_embedded_under_a_purpose_serves_that_purpose_only() -> None:
    embedded = MULTIKEY | {"id": "#embedded"}
    parsed = DidDocument.parse(document(authentication=[embedded]))
    assert parsed.method(f"{SCHOOL}#embedded").public_key == KEY
    assert parsed.purposes(f"{SCHOOL}#embedded") == ("authentication",)


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "https://"},
        {"id": "diplomas.example.edu"},
        {"id": SCHOOL + "#a"},
        {"id": 5},
        {"verificationMethod": {}},
        {"verificationMethod": ["#key-1"]},
        {"verificationMethod": [{"type": "Multikey"}]},
        {"verificationMethod": [MULTIKEY, MULTIKEY | {"publicKeyMultibase": P256.multikey}]},
        {"verificationMethod": [MULTIKEY] * 1001},
        {"assertionMethod": "#key-1"},
        {"assertionMethod": [7]},
        {"service": {}},
    ],
)
def test_a_document_of_another_shape_is_malformed(broken: Json) -> None:
    with pytest.raises(Malformed):
        DidDocument.parse(document(**broken))


def test_a_document_that_is_too_long_is_not_parsed() -> None:
    with pytest.raises(Malformed, match="longer than"):
        DidDocument.parse(write_json(document(padding="x" * 1_000_001)))


def test_a_key_that_is_not_there_is_not_authorized() -> None:
    with pytest.raises(KeyNotAuthorized):
        DidDocument.parse(document()).method(f"{SCHOOL}#other")


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
        ("did:web:xn--r8jz45g.example", "https://xn--r8jz45g.example/.well-known/did.json"),
        ("did:web:example.com:%E4%BE%8B", "https://example.com/%E4%BE%8B/did.json"),
    ],
)
def test_a_did_web_spells_out_its_address(did: str, url: str) -> None:
    assert did_web_url(did) == url


@pytest.mark.parametrize(
    "did",
    ["did:web:", "did:web:127.0.0.1", "did:web:127.1", "did:web:0x7f000001", "did:web:2130706433", "did:web:a.0x10",
     "did:web:[::1]", "did:web:example.com%3A0", "did:web:example.com%3A65536", "did:web:example.com%3A",
     "did:web:example.com%3Aabc", "did:web:example.com:..", "did:web:example.com:.:a", "did:web:example.com::a",
     "did:web:example.com:a:", "did:web:example.com:%2e%2e", "did:web:example.com:a%2Fb", "did:web:example.com:a%5Cb",
     "did:web:example.com%2Fa", "did:web:user%40example.com", "did:web:example.com:a%00", "did:web:example.com/a",
     "did:web:-a.example", "did:web:ex_ample.com", "did:web:%31%32%37.0.0.1", "did:key:z6Mk", "did:WEB:a.example",
     "did:web:example.com:a%252e"],
)  # fmt: skip
def test_a_did_web_that_could_lead_elsewhere_is_malformed(did: str) -> None:
    with pytest.raises(Malformed):
        did_web_url(did)


@pytest.mark.parametrize(
    ("url", "did"),
    [
        ("https://diplomas.example.edu", "did:web:diplomas.example.edu"),
        ("https://diplomas.example.edu/", "did:web:diplomas.example.edu"),
        ("https://diplomas.example.edu/x", "did:web:diplomas.example.edu:x"),
        ("https://Example.edu:8443/x/y/", "did:web:example.edu%3A8443:x:y"),
    ],
)
def test_a_website_gives_a_did_web(url: str, did: str) -> None:
    assert did_web_from_url(url) == did


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example",
        "https://127.0.0.1",
        "https://a.example/?q",
        "https://a.example/..",
        "a.example",
        "",
    ],
)
def test_a_website_that_gives_no_did_web_is_malformed(url: str) -> None:
    with pytest.raises(Malformed):
        did_web_from_url(url)


LABEL = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)


@given(
    st.lists(LABEL, min_size=2, max_size=4), st.none() | st.integers(1, 65535), st.lists(LABEL, max_size=3)
)
def test_website_and_did_web_go_both_ways(host: list[str], port: int | None, path: list[str]) -> None:
    authority = ".".join(host) + (f":{port}" if port not in (None, 443) else "")
    did = did_web_from_url(f"https://{authority}/" + "/".join(path))
    assert did_web_url(did) == f"https://{authority}/{'/'.join(path) or '.well-known'}/did.json"


def test_the_controller_of_a_key_url_is_what_stands_before_the_fragment() -> None:
    assert did_of(f"{SCHOOL}/path?query#key-1") == SCHOOL
    assert did_of("https://school.example/issuers/1#key") == "https://school.example/issuers/1"
    for text in ("", "key-1", "https://", "did:web", "http://a.example#k"):
        with pytest.raises(Malformed):
            did_of(text)


ALGORITHMS = st.sampled_from(["Ed25519", "P-256", "P-384"])
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
METHODS = st.lists(
    st.builds(
        lambda number, algorithm, expires, revoked, use: VerificationMethod(
            f"{SCHOOL}#key-{number}", SCHOOL, PrivateKey.generate(algorithm).public_key, expires, revoked, use
        ),
        st.integers(1, 999),
        ALGORITHMS,
        st.none() | MOMENTS,
        st.none() | MOMENTS,
        st.sampled_from(["", "status"]),
    ),
    unique_by=lambda method: method.id,
    max_size=4,
)


@given(METHODS)
def test_a_published_document_says_what_the_ledger_said(methods: list[VerificationMethod]) -> None:
    parsed = DidDocument.parse(
        write_json(web_document(SCHOOL, methods, digests="https://a.example/digests.jwt"))
    )
    assert list(parsed.readable_methods()) == methods
    assert parsed.service_endpoint("TestamurDigests") == "https://a.example/digests.jwt"
    assert parsed.service_endpoint("TestamurTrust") == ""
    for method in methods:
        purposes = ("assertionMethod",) if method.use else ("assertionMethod", "authentication")
        assert parsed.purposes(method.id) == purposes


def test_a_key_of_somebody_else_is_not_published() -> None:
    other = "did:web:other.example"
    with pytest.raises(Malformed):
        web_document(SCHOOL, [VerificationMethod(f"{other}#key-1", other, KEY)])
    with pytest.raises(Malformed):
        web_document(SCHOOL, [VerificationMethod(f"{SCHOOL}#a", SCHOOL, KEY)] * 2)
