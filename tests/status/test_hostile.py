"""Whatever stands in the place of evidence, the answer is a sentence of ours or a value, never a crash."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from testamur.credentials import StatusEntry
from testamur.did import DidDocument, Resolver
from testamur.errors import EvidenceUnusable, TestamurError
from testamur.fetch import Fetched, NoNetwork
from testamur.jsontext import write_json
from testamur.status import STATUS_METHODS, list_credential, look_up
from testamur.trust import PinnedTrust

DAY = datetime(2026, 7, 1, tzinfo=UTC)
SCHOOL = "did:web:diplomas.example.edu"
URL = "https://diplomas.example.edu/status/1.json"
WORDS = st.sampled_from([
    "id", "type", "controller", "verificationMethod", "assertionMethod", "publicKeyMultibase", "publicKeyJwk", "use",
    "Multikey", "JsonWebKey", SCHOOL, "#key-1", f"{SCHOOL}#key-1", "expires", "revoked", "service", "statusPurpose",
    "revocation", "statusListIndex", "statusListCredential", URL, "statusSize", "statusMessage", "credentialSubject",
    "encodedList", "BitstringStatusList", "BitstringStatusListCredential", "BitstringStatusListEntry", "validFrom",
    "revokedCredential", "1EdTechRevocationList", "issuer", "method", "multikey", "purposes", "2026-07-01T00:00:00Z",
])  # fmt: skip
LEAVES = (
    WORDS
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=12,
)
OBJECTS = st.dictionaries(WORDS, ANYTHING, max_size=6)


class OnePage:
    def __init__(self, body: bytes) -> None:
        self.body = body

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = 0) -> Fetched:
        return Fetched(url, self.body, "application/json", DAY)


@given(OBJECTS)
def test_any_did_document(members: dict[str, Any]) -> None:
    members = {"assertionMethod": ["#key-1"]} | members | {"id": SCHOOL}
    with suppress(TestamurError):
        document = DidDocument.parse(members)
        document.readable_methods()
        document.service_endpoint("TestamurDigests")
    with suppress(TestamurError):
        Resolver(OnePage(write_json(members).encode())).method(f"{SCHOOL}#key-1", "assertionMethod", DAY)


@given(st.binary(max_size=60))
def test_any_bytes_in_place_of_a_did_document(body: bytes) -> None:
    with suppress(EvidenceUnusable):
        Resolver(OnePage(body)).resolve(SCHOOL)


@given(
    st.text(max_size=40)
    | st.from_regex(r"did:(key|jwk|web):[A-Za-z0-9:%._-]{0,30}(#.{0,9})?", fullmatch=True)
)
def test_any_text_in_place_of_a_key_address(url: str) -> None:
    with suppress(TestamurError):
        Resolver(NoNetwork()).method(url, "assertionMethod", DAY)


@given(st.sampled_from(sorted(STATUS_METHODS)), OBJECTS)
def test_any_status_entry(kind: str, members: dict[str, Any]) -> None:
    with suppress(TestamurError):
        assert StatusEntry.parse(members | {"type": kind}).type == kind


@given(st.sampled_from(sorted(STATUS_METHODS)), OBJECTS, OBJECTS)
def test_any_status_list(kind: str, members: dict[str, Any], subject: dict[str, Any]) -> None:
    base = list_credential(URL, SCHOOL, [23], at=DAY)
    document = base | members | {"credentialSubject": base["credentialSubject"] | subject}
    with suppress(TestamurError):
        look_up(StatusEntry(kind, "revocation", 23, URL), document, DAY, credential_id="urn:a")


@given(OBJECTS)
def test_any_trust_file(members: dict[str, Any]) -> None:
    entry = {"id": SCHOOL, "name": "Сургууль"} | members
    with suppress(TestamurError):
        PinnedTrust.load(write_json({"issuer": [entry]}), "application/json").pins()


@given(st.text(max_size=60))
def test_any_text_in_place_of_a_trust_file(text: str) -> None:
    for media in ("application/toml", "application/json"):
        with suppress(TestamurError):
            PinnedTrust.load(text, media)
