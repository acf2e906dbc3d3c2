"""Signing in at an identity provider, with a small one of our own on this machine."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from testamur.issuer.desk.office import Office
from tests.issuer.desk.offices import Browser, add_person, desk_of, make_office
from tests.served import Served

SECRET = "between the desk and the ministry"


@dataclass
class Ministry:
    """An identity provider; ``says`` is changed by a test that has it lie."""

    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1", "use": "sig"}))
    url: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)
    signs_with: ECKey | None = None

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.says.get("metadata", self.url),
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }

    def token(self) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": "desk", "sub": "4711", "iat": now, "exp": now + 300,
            "nonce": self.asked["nonce"], "email": "ada@north.example", "email_verified": True,
        } | self.says  # fmt: skip
        claims.pop("metadata", None)
        header = {"alg": claims.pop("alg", "ES256"), "kid": "1"}
        signed = jwt.encode(header, claims, self.signs_with or self.key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@pytest.fixture
def ministry() -> Iterator[Ministry]:
    ministry = Ministry()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None: ...

        def reply(self, value: object) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            keys = {"keys": [ministry.key.as_dict(private=False)]}
            self.reply(keys if self.path == "/keys" else ministry.metadata())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            ministry.sent = {name: values[0] for name, values in parse_qs(body).items()}
            ministry.sent["authorization"] = self.headers.get("authorization", "")
            self.reply(ministry.token())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ministry.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield ministry
    server.shutdown()


@pytest.fixture
def office(tmp_path: Path, ministry: Ministry) -> Office:
    table = (
        f'\n[[openid]]\nname = "Ministry"\nissuer = "{ministry.url}"\nclient_id = "desk"\n'
        f'client_secret = "{SECRET}"\nprivate = true\n'
    )
    office = make_office(tmp_path / "desk", "north", settings=table)
    add_person(office, "ada@north.example", office.school("north"), "registrar")
    return office


@pytest.fixture
def served(office: Office) -> Iterator[Served]:
    with desk_of(office) as served:
        yield served


def _there(browser: Browser, ministry: Ministry) -> dict[str, str]:
    """The browser goes to the ministry; what it is asked there."""
    assert "Ministry" in browser.get("/sign-in").text
    answer = browser.get("/openid/0")
    assert answer.headers["location"].startswith(f"{ministry.url}/authorize?")
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    ministry.asked = {name: values[0] for name, values in query.items()}
    return ministry.asked


def test_somebody_who_was_invited_signs_in_at_the_ministry(served: Served, ministry: Ministry) -> None:
    browser = Browser(served)
    asked = _there(browser, ministry)
    assert asked["code_challenge_method"] == "S256"
    back = browser.get(f"/openid/callback?code=abc&state={asked['state']}")
    assert (back.status, back.headers["location"]) == (303, "/")
    assert browser.get("/schools/north").status == 200
    assert ministry.sent["code_verifier"]
    assert ministry.sent["authorization"].startswith("Basic ")
    again = browser.get(f"/openid/callback?code=abc&state={asked['state']}")
    assert again.status == 403
    ministry.says = {
        "email": "changed@elsewhere.example",
        "email_verified": False,
    }  # known by its own name now
    other = Browser(served)
    asked = _there(other, ministry)
    assert other.get(f"/openid/callback?code=abc&state={asked['state']}").status == 303


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"}, {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1},
        {"email_verified": False}, {"email_verified": "true"}, {"email": "stranger@north.example"},
        {"metadata": "https://evil.example"}, {"sub": None},
    ],
)  # fmt: skip
def test_an_answer_that_does_not_hold_signs_nobody_in(
    served: Served, ministry: Ministry, lie: dict[str, Any]
) -> None:
    browser = Browser(served)
    if "metadata" in lie:
        ministry.says = lie
        assert browser.get("/openid/0").status == 503
        return
    asked = _there(browser, ministry)
    ministry.says = lie
    answer = browser.get(f"/openid/callback?code=abc&state={asked['state']}")
    assert answer.status == 403
    assert browser.get("/schools/north").status == 303


def test_an_answer_signed_with_another_key_or_none_signs_nobody_in(
    served: Served, ministry: Ministry
) -> None:
    browser = Browser(served)
    asked = _there(browser, ministry)
    ministry.signs_with = ECKey.generate_key("P-256", {"kid": "1"})
    assert browser.get(f"/openid/callback?code=abc&state={asked['state']}").status == 403


def test_an_answer_that_another_browser_asked_for_is_refused(served: Served, ministry: Ministry) -> None:
    asked = _there(Browser(served), ministry)
    victim = Browser(served)
    assert victim.get(f"/openid/callback?code=abc&state={asked['state']}").status == 403
    issuer = _there(victim, ministry)
    mixed = victim.get(f"/openid/callback?code=abc&state={issuer['state']}&iss=https%3A%2F%2Fevil.example")
    assert mixed.status == 403
