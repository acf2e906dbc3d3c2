"""Everything an issuer says no to, and the error it says it with."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from testamur.did import jwk_did
from testamur.encoding import encode_base64url
from testamur.errors import Malformed, ProofInvalid
from testamur.jsontext import parse_object, write_json
from testamur.keys import DecryptionKey
from testamur.openid4vci import (
    Asked,
    Denial,
    ServerMetadata,
    agree,
    ask,
    begin,
    decline,
    finish,
    look_up,
    make_dpop,
    make_proof,
    notify,
    read_offer,
    redeem,
    respond,
    server_metadata,
    sign_with,
    waiting,
)
from testamur.openid4vci.requests import Encrypting
from testamur.store.claims import offers
from testamur.times import to_epoch
from tests.openid4vci.world import ISSUER, World, a_key, link_of

FORM = "diploma_dc_sd-jwt"


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    made = World(f"sqlite:///{tmp_path_factory.mktemp('misuse') / 'ledger.sqlite'}")
    yield made
    made.close()


def opened(world: World, *, code: bool = False, by_code: bool = False):
    made = world.offer(code=code)
    offer = read_offer(link_of(made, by_code=by_code), world.loop)
    return made, offer, look_up(offer.credential_issuer, world.loop)


def with_token(world: World, line=None):
    _, offer, issuer = opened(world)
    return issuer, redeem(issuer, offer, line or world.line(), at=world.now)


def error_of(call, *arguments, **options) -> str:
    with pytest.raises(Denial) as denied:
        call(*arguments, **options)
    return denied.value.error


def post(world: World, name: str, body, *, token: str = "", **headers: str):
    kind = "application/json" if isinstance(body, dict) else "application/x-www-form-urlencoded"
    raw = write_json(body).encode() if isinstance(body, dict) else urlencode(body).encode()
    named = {"content-type": kind} | {key.replace("_", "-"): value for key, value in headers.items()}
    if token:
        named.setdefault("authorization", f"Bearer {token}")
    reply = respond(world.issuer, name, Asked("POST", f"{ISSUER}/{name}", named, raw, world.now))
    document = parse_object(reply.body) if reply.body else {}
    return reply.status, document.get("error"), document


def a_nonce(world: World) -> str:
    return post(world, "nonce", {})[2]["c_nonce"]


def request(world: World, token: str, shown: str, **members):
    body = {"credential_configuration_id": FORM, "proofs": {"jwt": [shown]}} | members
    return post(world, "credential", {k: v for k, v in body.items() if v is not None}, token=token)[:2]


def test_a_wrong_tx_code_is_refused_and_after_five_even_the_right_one(world: World) -> None:
    made, offer, issuer = opened(world, code=True)
    wrong = "000000" if made.code != "000000" else "111111"
    for _ in range(5):
        assert error_of(redeem, issuer, offer, world.line(), tx_code=wrong, at=world.now) == "invalid_grant"
    assert error_of(redeem, issuer, offer, world.line(), tx_code=made.code, at=world.now) == "invalid_grant"
    assert error_of(read_offer, link_of(made), world.loop) == "credential_request_denied"  # nor a fresh code
    assert world.entry(made.link).is_locked


def test_tries_are_counted_over_all_codes_of_an_offer(world: World) -> None:
    made, offer, issuer = opened(world, code=True)
    wrong = "000000" if made.code != "000000" else "111111"
    for _ in range(5):
        fresh = read_offer(link_of(made), world.loop)
        assert error_of(redeem, issuer, fresh, world.line(), tx_code=wrong, at=world.now) == "invalid_grant"
    assert error_of(redeem, issuer, offer, world.line(), tx_code=made.code, at=world.now) == "invalid_grant"


@pytest.mark.parametrize(("code", "tx_code"), [(True, ""), (False, "123456")])
def test_a_tx_code_that_is_missing_or_unasked_for_is_an_invalid_request(
    world: World, code: bool, tx_code: str
) -> None:
    _, offer, _ = opened(world, code=code)
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:pre-authorized_code",
        "pre-authorized_code": offer.pre_authorized_code,
    } | ({"tx_code": tx_code} if tx_code else {})
    assert post(world, "token", list(form.items()))[:2] == (400, "invalid_request")


def test_a_pre_authorized_code_counts_once(world: World) -> None:
    _, offer, issuer = opened(world)
    assert redeem(issuer, offer, world.line(), at=world.now).token
    assert error_of(redeem, issuer, offer, world.line(), at=world.now) == "invalid_grant"


def test_a_code_is_good_for_minutes_and_a_token_as_well(world: World) -> None:
    _, offer, issuer = opened(world)
    world.later(minutes=10, seconds=1)
    assert error_of(redeem, issuer, offer, world.line(), at=world.now) == "invalid_grant"
    issuer, access = with_token(world)
    world.later(minutes=15, seconds=1)
    assert error_of(ask, issuer, access, FORM, [a_key()], world.line(), at=world.now) == "invalid_token"


def test_of_two_wallets_that_hold_an_offer_one_takes_it(world: World) -> None:
    made, first, issuer = opened(world)
    second = read_offer(link_of(made), world.loop)
    one = redeem(issuer, first, world.line(), at=world.now)
    other = redeem(issuer, second, world.line(), at=world.now)
    assert error_of(ask, issuer, one, FORM, [a_key()], world.line(), at=world.now) == "invalid_token"
    assert ask(issuer, other, FORM, [a_key()], world.line(), at=world.now).records
    assert error_of(read_offer, link_of(made), world.loop) == "credential_request_denied"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ([], "invalid_request"),
        ([("grant_type", "password")], "unsupported_grant_type"),
        ([("grant_type", "authorization_code")], "invalid_request"),
        ([("grant_type", "authorization_code"), ("code", "x"), ("code_verifier", "y")], "invalid_grant"),
        ([("grant_type", "urn:ietf:params:oauth:grant-type:pre-authorized_code")], "invalid_request"),
        ([("grant_type", "a"), ("grant_type", "b")], "invalid_request"),
    ],
)
def test_a_token_request_that_is_none(world: World, form, error: str) -> None:
    assert post(world, "token", form)[:2] == (400, error)


def proof(world: World, **changes) -> str:
    given = {"audience": ISSUER, "nonce": changes.pop("nonce", None) or a_nonce(world), "at": world.now}
    return make_proof(changes.pop("key", None) or a_key(), **(given | changes))


def raw_proof(world: World, header: dict, claims: dict) -> str:
    key = a_key()
    head = {"typ": "openid4vci-proof+jwt", "jwk": key.public_key.jwk} | header
    body = {"aud": ISSUER, "iat": to_epoch(world.now), "nonce": a_nonce(world)} | claims
    return sign_with(
        {k: v for k, v in head.items() if v is not None},
        {k: v for k, v in body.items() if v is not None},
        key,
    )


def test_a_proof_for_another_issuer_or_of_another_time_is_invalid(world: World) -> None:
    _, access = with_token(world)
    for changes in (
        {"audience": "https://other.example"},
        {"audience": ISSUER + "/"},
        {"at": world.now.replace(year=2025)},
        {"at": world.now.replace(year=2027)},
    ):
        assert request(world, access.token, proof(world, **changes)) == (400, "invalid_proof")


def test_a_proof_whose_key_is_not_its_own_is_invalid(world: World) -> None:
    _, access = with_token(world)
    other = a_key()
    for header in (
        {"jwk": other.public_key.jwk},
        {"jwk": None, "kid": f"{jwk_did(other.public_key)}#0"},
        {"kid": f"{jwk_did(other.public_key)}#0"},  # two names
        {"jwk": None},
        {"jwk": None, "kid": "key-1"},
        {"jwk": None, "kid": jwk_did(other.public_key)},
        {"jwk": None, "kid": "did:web:nobody.example#k"},
        {"jwk": None, "x5c": ["AA"]},
        {"jwk": other.public_key.jwk | {"d": encode_base64url(other.secret)}},
        {"alg": "none"},
        {"alg": "HS256"},
        {"typ": "JWT"},
        {"typ": None},
        {"crit": ["b64"]},
        {"trust_chain": []},
    ):
        assert request(world, access.token, raw_proof(world, header, {})) == (400, "invalid_proof"), header


@pytest.mark.parametrize("nonce", ["", "abc", encode_base64url(b"\0" * 33)])
def test_a_nonce_that_is_not_ours_is_invalid(world: World, nonce: str) -> None:
    _, access = with_token(world)
    token = raw_proof(world, {}, {"nonce": nonce or None})
    assert request(world, access.token, token) == (400, "invalid_nonce")


def test_a_nonce_counts_once_and_for_minutes(world: World) -> None:
    _, access = with_token(world)
    used, key = a_nonce(world), a_key()
    assert request(world, access.token, proof(world, nonce=used, key=key)) == (200, None)
    assert request(world, access.token, proof(world, nonce=used, key=key)) == (400, "invalid_nonce")
    old = a_nonce(world)
    world.later(minutes=6)
    assert request(world, access.token, proof(world, nonce=old, key=key)) == (400, "invalid_nonce")
    dpop = world.issuer.nonces.make("dpop", world.now)  # of another purpose
    assert request(world, access.token, proof(world, nonce=dpop, key=key)) == (400, "invalid_nonce")


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"credential_configuration_id": "other"}, "unknown_credential_configuration"),
        ({"credential_configuration_id": "badge_ldp_vc"}, "insufficient_scope"),
        ({"credential_configuration_id": None}, "invalid_credential_request"),
        ({"credential_identifier": FORM + ".1"}, "invalid_credential_request"),
        (
            {"credential_configuration_id": None, "credential_identifier": FORM},
            "unknown_credential_identifier",
        ),
        ({"proofs": {}}, "invalid_proof"),
        ({"proofs": None}, "invalid_proof"),
        ({"proofs": {"jwt": []}}, "invalid_proof"),
        ({"proofs": {"jwt": ["a.b.c"]}}, "invalid_proof"),
        ({"proofs": {"di_vp": ["x"]}}, "invalid_proof"),
        ({"proofs": {"attestation": ["x"]}}, "invalid_proof"),
        ({"proof": {"proof_type": "jwt", "jwt": "x"}}, "invalid_credential_request"),
        ({"credential_response_encryption": {}}, "invalid_encryption_parameters"),
        ({"credential_response_encryption": {"jwk": {}, "enc": "A128GCM"}}, "invalid_encryption_parameters"),
    ],
)
def test_a_credential_request_that_is_none(world: World, members, error: str) -> None:
    _, access = with_token(world)
    assert request(world, access.token, proof(world), **members)[1] == error


def test_two_proofs_of_one_key_or_of_two_nonces_or_of_too_many_are_refused(world: World) -> None:
    _, access = with_token(world)
    key, nonce = a_key(), a_nonce(world)
    for proofs, error in (
        ([proof(world, key=key, nonce=nonce), proof(world, key=key, nonce=nonce)], "invalid_proof"),
        ([proof(world), proof(world)], "invalid_nonce"),
        ([proof(world, nonce=nonce) for _ in range(11)], "invalid_credential_request"),
    ):
        assert request(world, access.token, "", proofs={"jwt": proofs}) == (400, error)


def test_who_wants_the_answer_encrypted_encrypts_the_request(world: World) -> None:
    _, access = with_token(world)
    wanted = {"jwk": DecryptionKey.generate().public.jwk, "enc": "A256GCM"}
    got = request(world, access.token, proof(world), credential_response_encryption=wanted)
    assert got == (400, "invalid_encryption_parameters")
    sealed = DecryptionKey.generate().public.encrypt(b"{}")  # for somebody else
    asked = Asked(
        "POST", f"{ISSUER}/credential",
        {"content-type": "application/jwt", "authorization": f"Bearer {access.token}"}, sealed.encode(), world.now,
    )  # fmt: skip
    assert (
        parse_object(respond(world.issuer, "credential", asked).body)["error"]
        == "invalid_encryption_parameters"
    )


def test_the_older_proof_and_request_by_format_are_still_answered(world: World) -> None:
    _, access = with_token(world)
    body = {
        "format": "vc+sd-jwt",
        "vct": "x",
        "proof": {"proof_type": "jwt", "jwt": proof(world)},
    }
    status, _, answer = post(world, "credential", body, token=access.token)
    assert status == 200
    assert answer["credential"] == answer["credentials"][0]["credential"]
    stale = body | {"proof": {"proof_type": "jwt", "jwt": proof(world, nonce="abc")}}
    status, error, answer = post(world, "credential", stale, token=access.token)
    assert (status, error) == (400, "invalid_nonce")
    assert world.issuer.nonces.knows("c_nonce", answer["c_nonce"], world.now)


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer x", "Basic abc", "DPoP x"])
def test_without_a_good_token_nothing_is_handed_out(world: World, authorization: str) -> None:
    for name in ("credential", "deferred_credential", "notification"):
        status, error, _ = post(world, name, {}, authorization=authorization)
        assert (status, error) == (401, "invalid_token")


def test_a_token_that_is_bound_to_a_key_is_worth_nothing_without_it(world: World) -> None:
    key = a_key()
    issuer, access = with_token(world, world.line(dpop_key=key))
    for line in (world.line(), world.line(dpop_key=a_key())):
        assert error_of(ask, issuer, access, FORM, [a_key()], line, at=world.now) == "invalid_token"
    issuer, bearer = with_token(world)
    bound = world.line(dpop_key=key)
    assert error_of(ask, issuer, bearer, FORM, [a_key()], bound, at=world.now) == "invalid_token"


def test_a_dpop_proof_is_for_one_request_at_one_time(world: World) -> None:
    key = a_key()
    _, access = with_token(world, world.line(dpop_key=key))
    url = f"{ISSUER}/credential"

    def sent(dpop: str) -> str:
        reply = post(world, "credential", {}, authorization=f"DPoP {access.token}", dpop=dpop)
        return reply[1]

    good = {"jti": "12345678", "at": world.now, "access_token": access.token}
    assert sent(make_dpop(key, "POST", url, **good)) == "invalid_credential_request"  # past the door
    for method, where, changes in (
        ("GET", url, {}),
        ("POST", f"{ISSUER}/token", {}),
        ("POST", "https://other.example/credential", {}),
        ("POST", url, {"access_token": "x"}),
        ("POST", url, {"access_token": ""}),
        ("POST", url, {"at": world.now.replace(year=2025)}),
        ("POST", url, {"jti": "1"}),
    ):
        assert sent(make_dpop(key, method, where, **(good | changes))) == "invalid_dpop_proof"
    assert sent("nonsense") == "invalid_dpop_proof"
    assert sent(make_dpop(key, "POST", url, nonce="stale", **good)) == "use_dpop_nonce"


def test_a_dpop_proof_counts_once(world: World) -> None:
    key = a_key()
    _, offer, _ = opened(world)
    dpop = make_dpop(key, "POST", f"{ISSUER}/token", jti="once-only", at=world.now)
    form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:pre-authorized_code"),
        ("pre-authorized_code", offer.pre_authorized_code),
    ]
    assert post(world, "token", form, dpop=dpop)[0] == 200
    _, other, _ = opened(world)
    form[1] = ("pre-authorized_code", other.pre_authorized_code)
    assert post(world, "token", form, dpop=dpop)[:2] == (400, "invalid_dpop_proof")


def test_where_dpop_nonces_are_asked_for_a_wallet_comes_back_with_one(world: World) -> None:
    world.follow(dpop_nonces=True)
    line = world.line(dpop_key=a_key())
    issuer, access = with_token(world, line)
    assert ask(issuer, access, FORM, [a_key()], line, at=world.now).records


def started(world: World, *, code: bool = True, **options):
    made, offer, issuer = opened(world, code=code, by_code=True)
    line = world.line()
    begun = begin(
        issuer, offer, line, at=world.now,
        **({"client_id": "w", "redirect_uri": "https://wallet.example/back"} | options),
    )  # fmt: skip
    request_uri = dict(parse_qsl(urlsplit(begun.url).query))["request_uri"]
    return made, issuer, line, begun, waiting(world.issuer, request_uri, "w", world.now)


def test_an_authorization_code_is_bound_to_its_request(world: World) -> None:
    for changes in (
        {"verifier": "x" * 43},
        {"redirect_uri": "https://wallet.example/other"},
        {"client_id": "v"},
    ):
        made, issuer, line, begun, asked = started(world)
        back = agree(world.issuer, asked, made.code, world.now)
        other = replace(begun, **changes)
        assert error_of(finish, issuer, other, line, back, at=world.now) == "invalid_grant"
        assert error_of(finish, issuer, begun, line, back, at=world.now) == "invalid_grant"  # it is spent


def test_a_second_use_of_an_authorization_code_ends_what_it_gave(world: World) -> None:
    made, issuer, line, begun, asked = started(world)
    back = agree(world.issuer, asked, made.code, world.now)
    access = finish(issuer, begun, line, back, at=world.now)
    assert error_of(finish, issuer, begun, line, back, at=world.now) == "invalid_grant"
    assert error_of(ask, issuer, access, FORM, [a_key()], line, at=world.now) == "invalid_token"


def test_a_wallet_takes_no_answer_that_is_not_its_own(world: World) -> None:
    made, issuer, line, begun, asked = started(world)
    back = agree(world.issuer, asked, made.code, world.now)
    with pytest.raises(ProofInvalid, match="state"):
        finish(issuer, begun, line, back.replace("state=", "state=x"), at=world.now)
    with pytest.raises(ProofInvalid, match="iss"):
        finish(issuer, begun, line, back.replace("desk.valdoria", "other"), at=world.now)
    for other in ("https://[", back + "&x=1" * 40):
        with pytest.raises(ProofInvalid, match="read"):
            finish(issuer, begun, line, other, at=world.now)


def test_a_learner_who_says_no_sends_the_wallet_back_with_nothing(world: World) -> None:
    _, issuer, line, begun, asked = started(world)
    back = decline(world.issuer, asked, world.now)
    assert error_of(finish, issuer, begun, line, back, at=world.now) == "access_denied"
    assert error_of(decline, world.issuer, asked, world.now) == "invalid_request"


@pytest.mark.parametrize(
    "redirect",
    ["javascript:alert(1)//x.y", "data:text/html,x", "http://wallet.example/", "https://a@b.example/", "//x", "",
     "https://wallet.example/#x", "wallet://back", "https://wallet.example/ä",
     "https://evil.example\\.bank.example/", "https://x.example;style-src/", "https://[", "file://x.y/"],
)  # fmt: skip
def test_a_browser_is_not_sent_just_anywhere(world: World, redirect: str) -> None:
    assert error_of(started, world, redirect_uri=redirect) == "invalid_request"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"client_id": ""}, "invalid_request"),
        ({"issuer_state": "x"}, "invalid_request"),
        ({"issuer_state": ""}, "invalid_request"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"authorization_details": "[]"}, "invalid_authorization_details"),
        ({"authorization_details": '[{"type":"x"}]'}, "invalid_authorization_details"),
        ({"authorization_details": "{"}, "invalid_authorization_details"),
        ({"request_uri": "urn:x"}, "invalid_request"),
    ],
)
def test_a_pushed_request_that_is_none(world: World, changes, error: str) -> None:
    _, offer, _ = opened(world, by_code=True)
    form = {
        "response_type": "code",
        "client_id": "w",
        "redirect_uri": "https://wallet.example/back",
        "code_challenge": "a" * 43,
        "code_challenge_method": "S256",
        "issuer_state": offer.issuer_state,
        "scope": FORM,
    }
    assert post(world, "par", list(form.items()))[0] == 201
    assert post(world, "par", [(k, v) for k, v in (form | changes).items() if v])[:2] == (400, error)


def test_what_is_withdrawn_or_revoked_is_not_handed_out(world: World) -> None:
    made, offer, issuer = opened(world)
    entry = world.entry(made.link)
    with world.claims.writing() as connection:
        assert offers.withdraw(connection, [entry.id], who="cli", at=world.now) == 1
    assert error_of(redeem, issuer, offer, world.line(), at=world.now) == "invalid_grant"
    issuer, access = with_token(world)
    revoked = f"https://{world.town.school.host}/records/{world.numbers}"
    world.ledger.set_status(revoked, "revocation", True, reason="error", at=world.now)
    denied = error_of(ask, issuer, access, FORM, [a_key()], world.line(), at=world.now)
    assert denied == "credential_request_denied"


def test_a_notification_of_something_else_is_refused(world: World) -> None:
    issuer, access = with_token(world)
    received = ask(issuer, access, FORM, [a_key()], world.line(), at=world.now)
    other = replace(received, notification_id="x")
    for given, event, error in (
        (other, "credential_accepted", "invalid_notification_id"),
        (received, "credential_lost", "invalid_notification_request"),
    ):
        assert error_of(notify, issuer, access, given, event, world.line(), at=world.now) == error
    issuer, stranger = with_token(world)
    error = error_of(notify, issuer, stranger, received, "credential_accepted", world.line(), at=world.now)
    assert error == "invalid_notification_id"


def test_metadata_of_somebody_else_are_not_taken(world: World) -> None:
    document = world.loop.get(
        "https://desk.valdoria.example/.well-known/openid-credential-issuer/claims/valdoria"
    )
    world.town.web.pages["https://evil.example/.well-known/openid-credential-issuer"] = document.body
    with pytest.raises(Malformed, match="another issuer"):
        look_up("https://evil.example", world.loop)


def test_a_code_or_a_token_of_one_school_is_worth_nothing_at_another_in_the_same_database(
    world: World,
) -> None:
    own = world.issuer
    other = replace(own, organisation="did:web:other.example")
    _, offer, _ = opened(world)
    grant = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
    form = [("grant_type", grant), ("pre-authorized_code", offer.pre_authorized_code)]
    world.issuer = other
    assert post(world, "token", form)[:2] == (400, "invalid_grant")
    world.issuer = own
    token = post(world, "token", form)[2]["access_token"]
    shown = proof(world)
    world.issuer = other
    for name in ("credential", "deferred_credential", "notification"):
        assert post(world, name, {}, token=token)[:2] == (401, "invalid_token")
    assert request(world, token, shown) == (401, "invalid_token")
    world.issuer = own
    _, _, _, begun, _ = started(world)
    world.issuer = other
    uri = dict(parse_qsl(urlsplit(begun.url).query))["request_uri"]
    assert error_of(waiting, other, uri, "w", world.now) == "invalid_request"
    world.issuer = own
    assert request(world, token, shown) == (200, None)


def test_a_browser_is_not_sent_where_metadata_name_no_web_page(world: World) -> None:
    document = server_metadata(world.issuer) | {"authorization_endpoint": "javascript:alert(1)//"}
    with pytest.raises(Malformed, match="authorization_endpoint"):
        ServerMetadata.parse(document, ISSUER)


def test_a_code_in_the_digits_of_any_script_opens_by_every_way(world: World) -> None:
    other = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    made, offer, issuer = opened(world, code=True)
    assert redeem(issuer, offer, world.line(), tx_code=made.code.translate(other), at=world.now).token
    made, _, _, _, asked = started(world)
    assert agree(world.issuer, asked, f" {made.code[:3]} {made.code[3:]}".translate(other), world.now)


def test_how_an_answer_is_encrypted_is_kept_until_it_is_ready() -> None:
    jwk = DecryptionKey.generate().public.jwk
    wanted = {"jwk": {k: v for k, v in jwk.items() if k != "alg"}, "alg": "ECDH-ES", "enc": "A256GCM"}
    found = Encrypting.parse(wanted)
    assert Encrypting.parse(found.document) == found
