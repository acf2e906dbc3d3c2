"""Wallets and verifiers made with packages of npm (@openid4vc/openid4vp, @sd-jwt/sd-jwt-vc) against ours."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest

from testamur.keys import DecryptionKey
from testamur.openid4vp import Known, answer, encrypted, match, receive_request
from testamur.presenting import holder_signer
from testamur.times import to_epoch
from tests.npm import installed, run_script
from tests.openid4vp.people import HOLDER, World, dcql
from tests.town import NOW, key
from tests.verifier.app_desk import verifying_app
from tests.verifier.test_asking import link_in

MISUSES = ("", "nonce", "audience", "key", "extra", "elsewhere", "replay")


@pytest.fixture(scope="module")
def npm() -> Path:
    return installed(Path(__file__).parent / "npm")


def private_jwk(name: str) -> dict:
    from testamur.encoding import encode_base64url

    private = key(name, "P-256")
    return private.public_key.jwk | {"d": encode_base64url(private.secret)}


@pytest.mark.parametrize("name", ["dc+sd-jwt", "jwt_vc_json"])
def test_a_wallet_of_npm_answers_the_verifier_and_each_misuse_is_refused(tmp_path, npm, name):
    world = World()
    records = {each.format: each.document.text for each in world.records()}
    with verifying_app(world.town, questions=tmp_path / "q.sqlite") as app:
        tasks, places = [], []
        for misuse in MISUSES:
            form = urlencode({"purpose": "own", "dcql": json.dumps(dcql(name))}).encode()
            with build_opener(HTTPCookieProcessor()).open(Request(f"{app.url}/ask", form)) as response:
                places.append(response.url)
                link = link_in(response.read().decode())
            tasks.append(
                {
                    "act": "answers",
                    "link": link.replace("&request_uri_method=post", ""),
                    "format": name,
                    "record": records[name],
                    "misuse": misuse,
                    "encrypted": True,
                    "now": to_epoch(NOW),
                    "holder": HOLDER.verification_method.partition("#")[0],
                    "kid": HOLDER.verification_method,
                    "holderJwk": private_jwk("selam"),
                    "thiefJwk": private_jwk("thief"),
                    "verifierJwk": key("the office").public_key.jwk,
                }
            )
        done = run_script(npm, "wallet.mjs", tasks)
        states = [json.load(urlopen(f"{place}/state"))["state"] for place in places]
    assert done[0] == {"version": 100, "prefix": "decentralized_identifier", "status": 200}, done[0]
    assert [each.get("status") for each in done[1:]] == [400, 400, 400, 400, 405, 400], done
    assert states == ["answered", "asked", "asked", "asked", "asked", "asked", "answered"]


@pytest.mark.parametrize("mode", ["direct_post", "direct_post.jwt"])
def test_a_verifier_of_npm_asks_our_wallet_and_believes_it(npm, mode):
    world = World()
    asker, reader = holder_signer(key("employer", "P-256")), DecryptionKey.generate()
    metadata = {
        "vp_formats_supported": {
            "dc+sd-jwt": {"sd-jwt_alg_values": ["ES256"], "kb-jwt_alg_values": ["ES256"]}
        }
    }
    if mode == "direct_post.jwt":
        metadata["jwks"] = {"keys": [reader.public.jwk]}
    request = {
        "response_type": "vp_token",
        "response_mode": mode,
        "client_id": f"decentralized_identifier:{asker.verification_method.partition('#')[0]}",
        "response_uri": "https://verify.employer.example/response",
        "nonce": "a-nonce-of-sufficient-length",
        "state": "a-state",
        "aud": "https://self-issued.me/v2",
        "dcql_query": dcql("dc+sd-jwt"),
        "client_metadata": metadata,
    }
    task = {
        "request": request,
        "kid": asker.verification_method,
        "askerJwk": private_jwk("employer"),
        "publicJwk": asker.public_key.jwk,
        "holderJwk": private_jwk("selam"),
        "readerJwk": reader.secret_jwk,
        "now": to_epoch(NOW),
    }
    (made,) = run_script(npm, "wallet.mjs", [task | {"act": "asks"}])
    assert "link" in made, made
    known = Known(world.town.employer().resolver, [], NOW)
    asked = receive_request(made["link"], world.net, known, at=NOW)
    assert asked.is_signed
    found = match(asked.request.query, world.records())
    answered = answer(asked.request, found, found.first_choice(), at=NOW)
    form = {"response": encrypted(answered)} if mode == "direct_post.jwt" else dict(answered.members)
    (checked,) = run_script(npm, "wallet.mjs", [task | {"act": "checks", "form": form}])
    assert checked.get("audience") == request["client_id"], checked
    assert checked["payload"]["award"] == "Bachelor of Science"
    assert "birthdate" not in checked["payload"]
