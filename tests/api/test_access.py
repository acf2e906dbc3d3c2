"""Who may ask, and where a server must not stand."""

import base64
import json
from hashlib import sha256

import pytest

from testamur.api.app import check_place
from testamur.api.settings import read_settings
from testamur.errors import OperatorError
from testamur.serving import Place
from testamur.vcalm import Access, Client
from tests.api.calling import started

TOKEN, SECRET = "a-long-random-token", "ድብቅ secret"


def digest(text):
    return sha256(text.encode()).hexdigest()


SETTINGS = f"""
[clients.office]
secret_sha256 = "{digest(SECRET)}"
instances = ["diplomas"]

[clients.portal]
token_sha256 = "{digest(TOKEN)}"
instances = ["check"]

[issuers.diplomas]
key = "new:Ed25519"

[verifiers.check]
trust = "any"
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    config = tmp_path_factory.mktemp("api") / "api.toml"
    config.write_text(SETTINGS, encoding="utf-8")
    with started(config) as caller:
        yield caller


def ask(server, instance, operation, authorization):
    headers = {"authorization": authorization} if authorization else {}
    return server.call("POST", f"/instances/{instance}/credentials/{operation}", {}, headers)


def bought(server, secret=SECRET):
    form = "grant_type=client_credentials"
    mark = base64.b64encode(f"office:{secret}".encode()).decode()
    headers = {"authorization": f"Basic {mark}", "content-type": "application/x-www-form-urlencoded"}
    return server.call("POST", "/oauth/token", form, headers)


def test_nobody_comes_in_without_a_token(server):
    for authorization in ("", "Bearer", "Bearer x", "Bearer 1.2.3", "Basic abc", f"Bearer {TOKEN}x"):
        answer = ask(server, "diplomas", "issue", authorization)
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    assert ask(server, "nowhere", "issue", "").status == 401  # nor learns which instances there are


def test_a_token_opens_the_instances_of_its_client_only(server):
    assert ask(server, "check", "verify", f"Bearer {TOKEN}").status == 400
    assert ask(server, "diplomas", "issue", f"Bearer {TOKEN}").status == 403


def test_a_client_buys_a_token_with_its_secret(server):
    answer = bought(server)
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    token = answer.json["access_token"]
    assert ask(server, "diplomas", "issue", f"Bearer {token}").status == 400
    assert ask(server, "check", "verify", f"Bearer {token}").status == 403
    assert bought(server, "another").status == 401
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert server.call("POST", "/oauth/token", "grant_type=password", form).status == 400


def test_a_token_ends_after_an_hour_and_cannot_be_made_longer():
    clock = [1000.0]
    access = Access([Client("office", frozenset(), secret_sha256=digest(SECRET))], now=lambda: clock[0])
    form = {"grant_type": "client_credentials", "client_id": "office", "client_secret": SECRET}
    token = access.sell("", form)["access_token"]
    access.check(f"Bearer {token}", "any")
    longer = f"9{token}"
    for then, shown in ((4601.0, token), (1000.0, longer)):
        clock[0] = then
        with pytest.raises(Exception, match="bearer token"):
            access.check(f"Bearer {shown}", "any")


def test_what_everybody_may_see_is_open(server):
    assert server.call("GET", "/health").json["status"] == "pass"
    assert "testamur_requests_total" in server.call("GET", "/metrics").body.decode()
    metadata = server.call("GET", "/.well-known/oauth-authorization-server").json
    assert metadata["token_endpoint"].endswith("/oauth/token")
    assert server.call("GET", "/1.0/identifiers/" + server.id_of("diplomas")).status == 200


def settings_of(tmp_path, text):
    path = tmp_path / "api.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


OPEN = '[issuers.open]\nkey = "new:Ed25519"\nauthentication = "none"\n'


def test_an_open_instance_is_served_at_loopback_only(tmp_path):
    check_place(settings_of(tmp_path, OPEN), loopback=True, workers=1)
    with pytest.raises(OperatorError, match="lets in everybody"):
        check_place(settings_of(tmp_path, OPEN), loopback=False, workers=1)
    for_suites = '[issuers.old]\nkey = "file:x"\nconformance = true\n'
    with pytest.raises(OperatorError, match="test suites"):
        check_place(settings_of(tmp_path, for_suites), loopback=False, workers=1)


def test_an_open_instance_is_not_served_through_a_proxy(tmp_path):
    assert Place().is_loopback
    assert Place("::1").is_loopback
    for place in (Place(proxy="127.0.0.1"), Place("0.0.0.0"), Place("::"), Place(""), Place("10.0.0.1")):
        assert not place.is_loopback
    public = settings_of(tmp_path, '[server]\nurl = "https://api.example.edu"\n' + OPEN)
    with pytest.raises(OperatorError, match="lets in everybody"):
        check_place(public, loopback=True, workers=1)
    local = settings_of(tmp_path, '[server]\nurl = "https://localhost:8443"\n' + OPEN)
    check_place(local, loopback=True, workers=1)


def test_a_web_page_of_somebody_else_uses_no_open_instance(tmp_path):
    (tmp_path / "api.toml").write_text(OPEN, encoding="utf-8")
    credential = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:example:learner"},
    }
    with started(tmp_path / "api.toml") as server:
        assert server.issue("open", credential).status == 201
        for headers in (
            {"origin": "https://evil.example", "content-type": "text/plain"},
            {"origin": "null"},
            {"host": "evil.example:8443"},  # its name was rebound to this machine
            {"host": "[evil"},
        ):
            answer = server.call(
                "POST", "/instances/open/credentials/issue", {"credential": credential}, headers
            )
            assert answer.status == 403, headers


def test_a_form_of_too_many_fields_buys_nothing(server):
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert server.call("POST", "/oauth/token", "&".join(["a=1"] * 21), form).status == 400


def test_a_key_made_at_the_start_is_not_shared_by_processes(tmp_path):
    with pytest.raises(OperatorError, match="several processes"):
        check_place(settings_of(tmp_path, OPEN), loopback=True, workers=2)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "there is no instance"),
        ("[issuer.x]\n", "no section"),
        (OPEN + "colour = 1\n", "knows no 'colour'"),
        ("[issuers.x]\n", "needs home or key"),
        ('[issuers.x]\nkey = "new:Ed25519"\nstatus = ["revocation"]\n', "no ledger"),
        ('[issuers.x]\nkey = "new:Ed25519"\nstatus = ["colour"]\nledger = "temporary"', "out of"),
        ('[issuers.x]\nkey = "new:Ed25519"\nform = "vc+xml"\n', "no form"),
        ("[verifiers.x]\non_failure = 500\n", "one of 200, 400, 422"),
        ("[verifiers.x]\nexcuse = ['proof']\n", "out of"),
        ('[clients.x]\n[verifiers.v]\ntrust = "any"', "neither"),
        ('[clients.x]\ntoken_sha256 = "abc"\n[verifiers.v]', "64 hexadecimal"),
        (f'[clients.x]\ntoken_sha256 = "{"0" * 64}"\ninstances = ["y"]\n[verifiers.v]', "which is none"),
        ('[verifiers."a/b"]\n', "no name for an instance"),
        ("[issuers]\nx = 1\n", "not a table"),
        ("[[server]]\n[verifiers.v]", "not a table"),
        ("x =", "cannot be read"),
    ],
)
def test_a_mistake_in_the_settings_is_named(tmp_path, text, says):
    from testamur.api.command import Made

    path = tmp_path / "api.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OperatorError) as raised:
        Made(path, "http://127.0.0.1:1", b"0" * 32, None).build()
    assert says in str(raised.value)


def test_the_line_at_the_start_maps_every_instance(server):
    assert json.loads(json.dumps(server.instances)).keys() == {"diplomas", "check"}
    assert server.instances["diplomas"]["url"] == f"{server.url}/instances/diplomas"
    assert server.id_of("diplomas").startswith("did:key:z6Mk")
