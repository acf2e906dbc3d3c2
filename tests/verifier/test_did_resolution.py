"""The resolver over HTTP, asked what the W3C's own test suite for DID resolution asks, and what an attacker would."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from testamur.did import METHODS, Resolver
from testamur.errors import EvidenceUnusable
from testamur.verifier.resolution import did_router
from tests.did.histories import FOUNDED, TODAY, Ministry
from tests.town import Web, key
from tests.verifier.asgi import Response, ask

RESULT = "application/did-resolution"
DEREFERENCED = "application/did-url-dereferencing"
LEGACY = 'application/ld+json;profile="https://w3id.org/did-resolution"'
MULTIKEY = key("somebody").public_key.multikey
DID = f"did:key:{MULTIKEY}"
NOT_ASCII = ["🔥💥🚫", "Привет", "こんにちは", "مرحبا", "foo\u200bbar"]


class World:
    """A ministry with a history, a school on a port, and a resolver for both."""

    def __init__(self) -> None:
        self.web = Web(now=TODAY)
        self.ministry = Ministry()
        self.ministry.update()
        self.ministry.publish(self.web)
        self.did = self.ministry.did
        self.app = FastAPI()
        self.app.include_router(did_router(Resolver(self.web, METHODS)))

    def get(self, identifier: str, query: str = "", **headers: str) -> Response:
        return ask(self.app, "GET", f"/1.0/identifiers/{identifier}{'?' if query else ''}{query}", **headers)


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def error(response: Response, problem: str, status: int) -> str:
    result = response.json
    assert (response.status, response.media_type) == (status, RESULT)
    assert result["didDocument"] is None
    assert result["didDocumentMetadata"] == {}
    told = result["didResolutionMetadata"]["error"]
    assert told["type"] == f"https://www.w3.org/ns/did#{problem}"
    assert told["title"]
    return str(told["detail"])


@pytest.mark.parametrize("accept", [None, "*/*", RESULT, "text/html, */*;q=0.8", "application/*"])
def test_a_did_is_answered_with_a_resolution_result(world: World, accept: str | None) -> None:
    response = world.get(DID, **({"accept": accept} if accept else {}))
    result = response.json
    assert (response.status, response.media_type) == (200, RESULT)
    assert result["didDocument"]["id"] == DID
    assert result["didResolutionMetadata"]["contentType"] == "application/did"
    assert response.media_type.startswith(result["didResolutionMetadata"]["contentType"])
    assert result["didDocumentMetadata"] == {}


def test_a_did_may_be_encoded_in_the_path(world: World) -> None:
    assert world.get(quote(DID, safe="")).json == world.get(DID).json
    school = "did:web:school.example%3A8443"
    world.web.asked.clear()
    for written in (school, quote(school, safe=""), school.replace("%", "%25")):
        error(world.get(written), "NOT_FOUND", 404)
    assert set(world.web.asked) == {"https://school.example:8443/.well-known/did.json"}


@pytest.mark.parametrize(
    "accept", ["application/did", "application/did+json", "application/did+ld+json", "application/json"]
)
def test_a_document_is_given_alone_where_it_is_asked_for(world: World, accept: str) -> None:
    response = world.get(DID, accept=accept)
    assert (response.status, response.media_type) == (200, accept)
    assert response.json["id"] == DID


@pytest.mark.parametrize(
    "written", ["", "not-a-did", "did:example", "did:key", "did:web:a b", "%FF%FE", "did:x:" + "a" * 9000]
)
def test_what_is_no_did_is_invalid(world: World, written: str) -> None:
    error(world.get(written.replace(" ", "%20")), "INVALID_DID", 400)


def test_an_unknown_method_is_not_supported(world: World) -> None:
    error(world.get("did:unsupported:123456789abcdefghi"), "METHOD_NOT_SUPPORTED", 501)


def test_a_form_nobody_knows_is_not_offered(world: World) -> None:
    for accept in ("application/x-unsupported", "text/html", f"{RESULT};q=0"):
        error(world.get(DID, accept=accept), "REPRESENTATION_NOT_SUPPORTED", 406)


@pytest.mark.parametrize(
    "name", ["service", "serviceType", "relativeRef", "versionId", "versionTime", "hl", "accept"]
)
@pytest.mark.parametrize("value", NOT_ASCII)
def test_options_are_ascii(world: World, name: str, value: str) -> None:
    error(world.get(DID, f"{name}={quote(value)}"), "INVALID_OPTIONS", 400)


@pytest.mark.parametrize(
    "time",
    [
        "2025-10-07 12:30:45",
        "2025/10/07T12:30:45",
        "2025-13-07T12:30:45Z",
        "2025-10-32T12:30:45Z",
        "2025-10-07T25:00:00Z",
        "2025-10-07T12:30:60Z",
        "2025-10-07T12:30:45+24:00",
        "2025-10-07",
        "2025-10-07T12:30:45abc",
        "T12:30:45",
        "2025-10-07T00:00:00+02:00",
        "2025-10-07T00:00:00",
        "2025-10-07T00:00:00.123Z",
    ],
)
def test_a_version_time_is_in_utc_and_whole_seconds(world: World, time: str) -> None:
    error(world.get(DID, f"versionTime={quote(time)}"), "INVALID_OPTIONS", 400)


@pytest.mark.parametrize("reference", ["my path/file", "file#section", "dir/with?query=value", "100%"])
def test_a_relative_reference_is_percent_encoded(world: World, reference: str) -> None:
    error(world.get(DID, f"relativeRef={quote(reference)}"), "INVALID_OPTIONS", 400)
    assert world.get(DID, "relativeRef=my%2520path/file").status == 200


def test_a_document_made_from_its_did_is_the_same_at_any_time(world: World) -> None:
    assert world.get(DID, "versionTime=2025-10-07T14:30:00Z").json["didDocument"]["id"] == DID
    assert world.get(DID, "service=linkedDomain").status == 200
    error(world.get(DID, "versionId=1"), "FEATURE_NOT_SUPPORTED", 501)


def test_a_version_of_a_history_is_chosen_by_option_and_by_did_url(world: World) -> None:
    newest = world.get(world.did).json["didDocumentMetadata"]
    first = world.get(world.did, "versionNumber=1").json["didDocumentMetadata"]
    assert newest["versionId"].startswith("2-")
    assert first["versionId"].startswith("1-")
    assert first["nextVersionId"] == newest["versionId"]
    assert world.get(quote(f"{world.did}?versionNumber=1", safe="")).json["didDocumentMetadata"] == first
    assert world.get(world.did, f"versionId={first['versionId']}").json["didDocumentMetadata"] == first
    time = (FOUNDED + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert world.get(world.did, f"versionTime={time}").json["didDocumentMetadata"] == first
    error(world.get(world.did, "versionNumber=7"), "NOT_FOUND", 404)
    error(world.get(world.did, "versionNumber=one"), "INVALID_OPTIONS", 400)


def test_a_did_that_was_given_up_is_gone_and_its_past_is_not() -> None:
    world = World()
    world.ministry.update(deactivated=True)
    world.ministry.publish(world.web)
    for accept in (RESULT, "application/did"):
        response = world.get(world.did, accept=accept)
        assert (response.status, response.media_type) == (410, RESULT)
        assert response.json["didDocument"] is None
        assert response.json["didDocumentMetadata"]["deactivated"] is True
    assert world.get(world.did, "versionNumber=1").status == 200


def test_a_broken_history_is_an_invalid_did() -> None:
    world = World()
    world.web.pages = {url: page[:-40] for url, page in world.web.pages.items()}
    error(world.get(world.did), "INVALID_DID", 400)


def test_a_broken_document_is_told_as_such() -> None:
    world = World()
    world.web.pages["https://school.example/.well-known/did.json"] = b'{"id": "did:web:another.example"}'
    error(world.get("did:web:school.example"), "INVALID_DID_DOCUMENT", 500)


def test_the_older_profile_has_words_for_errors(world: World) -> None:
    response = world.get(DID, accept=LEGACY)
    assert response.media_type == LEGACY
    assert response.json["didResolutionMetadata"]["contentType"] == "application/did+ld+json"
    for identifier, word, status in (
        ("did:unsupported:1", "methodNotSupported", 501),
        ("did:web:nowhere.example", "notFound", 404),
        ("not-a-did", "invalidDid", 400),
    ):
        response = world.get(identifier, accept=LEGACY)
        assert (response.status, response.media_type) == (status, LEGACY)
        assert response.json["didResolutionMetadata"]["error"] == word


def test_a_key_and_a_service_are_found_by_their_fragments(world: World) -> None:
    response = world.get(quote(f"{DID}#{MULTIKEY}", safe=""), accept=DEREFERENCED)
    result = response.json
    assert (response.status, response.media_type) == (200, DEREFERENCED)
    assert result["contentStream"] == result["content"]
    assert result["content"]["publicKeyMultibase"] == MULTIKEY
    assert result["dereferencingMetadata"] == {"contentType": "application/did"}
    alone = world.get(quote(f"{world.did}#whois", safe=""), accept="application/json")
    assert alone.json["type"] == "LinkedVerifiablePresentation"
    missing = world.get(quote(f"{DID}#nothing", safe=""))
    assert (missing.status, missing.media_type) == (404, DEREFERENCED)
    assert missing.json["dereferencingMetadata"]["error"]["type"].endswith("#NOT_FOUND")


def test_a_key_is_dereferenced_only_for_what_it_is_listed_for(world: World) -> None:
    url = quote(f"{DID}#{MULTIKEY}", safe="")
    assert world.get(url, "verificationRelationship=authentication").status == 200
    assert world.get(url, "verificationRelationship=keyAgreement").status == 404


@pytest.mark.parametrize(
    ("tail", "options"),
    [
        ("?versionNumber=%C2%B2", '{"versionNumber": ""}'),  # a digit to Python and no number
        ("?service=files&relativeRef=a%0D%0Ab", '{"relativeRef": ""}'),
        ("", '{"verificationRelationship": "size"}'),
        ("#x", '{"verificationRelationship": "size"}'),
    ],
)
def test_what_an_option_hides_in_the_did_url_is_looked_at_too(tail: str, options: str) -> None:
    world = World()
    world.ministry.update(world.ministry.state(world.did, size=5))
    world.ministry.publish(world.web)
    target = f"/1.0/identifiers/{quote(world.did + tail, safe='')}"
    assert ask(world.app, "POST", target, body=options.encode()).status == 400


@pytest.mark.parametrize(
    "tail",
    [
        "?service=files&relativeRef=%2F%2Fevil.example%2Fx",
        "?service=files&relativeRef=https:%2F%2Fevil.example",
        "/https://evil.example/x",
    ],
)
def test_a_reference_does_not_lead_to_another_host(world: World, tail: str) -> None:
    response = world.get(quote(world.did + tail, safe=""), accept=DEREFERENCED)
    assert response.status == 400
    assert "location" not in response.headers


@pytest.mark.parametrize(
    ("tail", "place"),
    [
        ("/governance/issuers.json", "https://ministry.example/governance/issuers.json"),
        ("/whois", "https://ministry.example/whois.vp"),
        ("?service=files&relativeRef=a%2Fb.json", "https://ministry.example/a/b.json"),
        ("?serviceType=LinkedVerifiablePresentation", "https://ministry.example/whois.vp"),
    ],
)
def test_a_service_is_a_redirection_with_nothing_in_it(world: World, tail: str, place: str) -> None:
    response = world.get(quote(world.did + tail, safe=""), accept=DEREFERENCED)
    assert (response.status, response.headers["location"], response.body) == (303, place, b"")


def test_a_service_that_is_none_redirects_nowhere() -> None:
    world = World()
    state = world.ministry.state(world.did)
    state["service"] = [
        {"id": "#script", "type": "X", "serviceEndpoint": "javascript:alert(1)"},
        {"id": "#many", "type": "X", "serviceEndpoint": [{"uri": "https://a.example"}]},
        {"id": "#header", "type": "X", "serviceEndpoint": "https://a.example/\r\nSet-Cookie: a=b"},
    ]
    world.ministry.update(state)
    world.ministry.publish(world.web)
    for name in ("script", "many", "header", "missing"):
        response = world.get(quote(f"{world.did}?service={name}", safe=""), accept=DEREFERENCED)
        assert response.status in (400, 404)
        assert "location" not in response.headers


def test_relative_ids_are_made_absolute_where_that_is_asked(world: World) -> None:
    web = world.web
    web.pages["https://relative.example/.well-known/did.json"] = (
        b'{"id":"did:web:relative.example","verificationMethod":[{"id":"#k","type":"X","controller":"did:web:relative.example"}],'
        b'"assertionMethod":["#k"]}'
    )
    plain = world.get("did:web:relative.example").json["didDocument"]
    whole = world.get("did:web:relative.example", "expandRelativeUrls=true").json["didDocument"]
    assert plain["assertionMethod"] == ["#k"]
    assert whole["assertionMethod"] == ["did:web:relative.example#k"]
    assert whole["verificationMethod"][0]["id"] == "did:web:relative.example#k"


def test_options_may_come_in_a_body_of_bounded_size(world: World) -> None:
    target = f"/1.0/identifiers/{world.did}"
    first = ask(world.app, "POST", target, body=b'{"versionNumber": 1}')
    assert first.json["didDocumentMetadata"]["versionId"].startswith("1-")
    assert ask(world.app, "POST", target).status == 200
    for body in (b"{", b"[]", b'{"versionId": {}}', b'{"a":"' + b"x" * 20_000 + b'"}', b"\xff"):
        assert ask(world.app, "POST", target, body=body).status == 400


def test_whose_site_is_down_is_not_found_and_its_reason_is_told(world: World) -> None:
    assert "could not be reached" in error(world.get("did:web:down.example"), "NOT_FOUND", 404)


def test_nothing_private_is_fetched() -> None:
    from testamur.fetch import Fetch

    app = FastAPI()
    app.include_router(did_router(Resolver(Fetch(resolve=lambda host, port: ["127.0.0.1"]))))
    for did in ("did:web:inside.example", Ministry("did:web:inside.example").did):
        response = ask(app, "GET", f"/1.0/identifiers/{did}")
        assert response.status == 404
        assert "public" in str(response.json) or "private" in str(response.json)


@given(
    st.text(max_size=60)
    | st.from_regex(r"did:(key|jwk|web|webvh):[A-Za-z0-9:%._?#/-]{0,40}", fullmatch=True),
    st.text(max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_any_identifier_and_any_form_is_answered_and_never_with_a_fault_of_ours(
    identifier: str, accept: str
) -> None:
    class Nowhere:
        def get(self, url: str, *, accept: str = "*/*", max_bytes: int = 0) -> object:
            raise EvidenceUnusable("nothing is there")

    app = FastAPI()
    app.include_router(did_router(Resolver(Nowhere())))  # type: ignore[arg-type]
    accept = "".join(each for each in accept if " " <= each < "\x7f")
    response = ask(app, "GET", f"/1.0/identifiers/{quote(identifier, safe='')}", accept=accept)
    assert response.status in (200, 303, 400, 404, 406, 501)
