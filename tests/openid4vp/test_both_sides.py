"""Our wallet against our verifier: each format, each way of asking; each misuse refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from testamur.checks import Headline
from testamur.errors import EvidenceUnusable, TestamurError
from testamur.jsontext import parse_object, write_json
from testamur.keys import DecryptionKey, LocalSigner
from testamur.openid4vp import (
    PURPOSES,
    Answer,
    Asker,
    RequestRefused,
    ResponseRefused,
    answer,
    check_response,
    encrypted,
    link,
    match,
    new_transaction,
    parameters,
    read_query,
    receive_request,
    refuse,
    send,
    shown_names,
    warnings,
)
from testamur.proofs import parse_jws, sign_jws
from tests.openid4vp.people import HOLDER, SITE, THIEF, World, dcql
from tests.town import NOW, key

FORMATS = ("dc+sd-jwt", "ldp_vc", "jwt_vc_json")


@pytest.fixture
def world() -> World:
    return World()


def received(world, text, **options):
    return receive_request(text, world.net, world.known(**options), at=NOW)


def answered(world, text, records=None) -> Answer:
    asked = received(world, text)
    found = match(asked.request.query, records or world.records())
    return answer(asked.request, found, found.first_choice(), at=NOW)


@pytest.mark.parametrize("encrypt", [True, False], ids=["direct_post.jwt", "direct_post"])
@pytest.mark.parametrize("post", [True, False], ids=["post", "get"])
@pytest.mark.parametrize("name", FORMATS)
def test_a_record_is_asked_for_shown_and_accepted(world, name, encrypt, post):
    world.employer.encrypt = encrypt
    made = answered(world, world.employer.ask(dcql(name), post=post))
    sent = send(made, world.net)
    assert sent.redirect_uri == f"{SITE}/done?response_code=abc"
    (checked,) = world.employer.answers
    (shown,) = checked.shown
    assert shown.is_bound
    assert shown.report.outcome("holder").value == "passed"
    assert shown.report.headline in (Headline.GENUINE, Headline.ISSUER_UNLISTED)
    assert ("response" in world.employer.sent[0]) is encrypt
    if name == "dc+sd-jwt":
        assert "birthdate" not in shown.report.claims
        assert "name" not in shown.report.claims
        assert shown.report.facts.result == "17.5 of 20"


def test_several_records_and_formats_are_shown_at_once(world):
    made = answered(world, world.employer.ask(dcql(*FORMATS)))
    send(made, world.net)
    assert [shown.query_id for shown in world.employer.answers[0].shown] == ["q0", "q1", "q2"]


def test_a_purpose_is_answered_by_whatever_she_has(world):
    degree = PURPOSES[0].query([f"https://{world.town.school.host}"])
    for records in world.records():
        world.employer.ask(degree)
        made = answered(world, world.employer.ask(degree), [records])
        assert len(made.vp_token) == 1
        send(made, world.net)
    assert all(not isinstance(each, ResponseRefused) for each in world.employer.answers)


def test_who_asks_is_told_before_anything_is_shown(world):
    text = world.employer.ask(dcql("ldp_vc"))
    stranger = received(world, text).requester
    assert stranger.is_proved
    assert not stranger.is_trusted
    assert "nobody you trust" in stranger.doubt
    assert (stranger.called, stranger.host) == ("Hotel Mar", "verify.employer.example")
    assert received(world, text, trusts=True).requester.listed_as == "Hotel Mar S.A."


def test_an_unsigned_request_by_value_proves_nobody_and_says_so(world):
    uri = f"{SITE}/response/1"
    asker = Asker(f"redirect_uri:{uri}")
    asked = new_transaction(dcql("ldp_vc"), uri, at=NOW, encrypt=False)
    text = link(asker, asked)
    got = received(world, text)
    assert not got.requester.is_proved
    assert "nothing proves who asks" in got.requester.doubt
    world.employer.asker, world.employer.asked = asker, asked
    world.net.takers[uri] = world.employer.take
    send(answered(world, text), world.net)
    assert world.employer.answers[0].shown


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "short"},
        {"nonce": "a nonce with blanks in it"},
        {"response_type": "code"},
        {"response_mode": "query"},
        {"response_mode": "dc_api"},
        {"response_uri": "https://elsewhere.example/"},
        {"response_uri": "javascript:alert(1)"},
        {"redirect_uri": "https://elsewhere.example/"},
        {"client_id": "origin:https://verify.employer.example"},
        {"client_id": "some-registered-client"},
        {"client_id": "openid_federation:https://verify.employer.example"},
        {"client_id": "https://verify.employer.example"},
        {"dcql_query": "{}"},
        {"presentation_definition": "{}"},
        {"transaction_data": '["bm9uc2Vuc2U"]'},
        {"state": "with blanks"},
    ],
    ids=str,
)
def test_a_request_that_is_out_of_order_is_refused(world, change):
    uri = f"{SITE}/response/1"
    asker = Asker(f"redirect_uri:{uri}")
    asked = new_transaction(dcql("ldp_vc"), uri, at=NOW, encrypt=False)
    members = {n: v if isinstance(v, str) else write_json(v) for n, v in parameters(asker, asked).items()}
    from urllib.parse import urlencode

    with pytest.raises(RequestRefused):
        received(world, f"openid4vp://?{urlencode(members | change)}")


@pytest.mark.parametrize(
    "text",
    ["", "openid4vp://", "mailto:x?client_id=1", "openid4vp://?client_id=a&client_id=b", "x" * 300_000],
)
def test_what_is_no_request_is_refused(world, text):
    with pytest.raises(RequestRefused):
        received(world, text)


def _serve(world, change=None, header=None, signer=None):
    """The employer's request, its object changed and signed anew."""
    text = world.employer.ask(dcql("ldp_vc"))
    (uri, make) = list(world.net.objects.items())[-1]

    def changed(form):
        jws = parse_jws(make(form))
        claims = parse_object(jws.payload) | (change or {})
        claims = {name: value for name, value in claims.items() if value is not None}
        return sign_jws(
            world.employer.asker.header | (header or {}),
            write_json(claims).encode(),
            signer or world.employer.asker.signer,
        )

    world.net.objects[uri] = changed
    return text


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "decentralized_identifier:did:web:other.example"},
        {"aud": "https://other-wallet.example"},
        {"aud": None},
        {"wallet_nonce": "another"},
        {"wallet_nonce": None},
        {"exp": 1},
        {"iat": 4_000_000_000},
        {"request_uri": "https://x.example"},
        {"redirect_uri": "https://elsewhere.example"},
    ],
    ids=str,
)
def test_an_object_for_somebody_else_or_another_time_is_refused(world, change):
    with pytest.raises(RequestRefused):
        received(world, _serve(world, change))


def test_an_object_signed_by_another_or_changed_is_refused(world):
    with pytest.raises(RequestRefused):
        received(
            world, _serve(world, signer=LocalSigner(key("thief", "P-256"), "did:web:employer.example#key-1"))
        )
    with pytest.raises(RequestRefused):
        received(world, _serve(world, signer=THIEF))
    with pytest.raises(RequestRefused):
        received(world, _serve(world, header={"typ": "JWT"}))
    text = world.employer.ask(dcql("ldp_vc"))
    (uri, make) = list(world.net.objects.items())[-1]
    world.net.objects[uri] = lambda form: make(form)[:-4] + "AAAA"
    with pytest.raises(RequestRefused):
        received(world, text)
    world.net.objects[uri] = lambda form: "eyJhbGciOiJub25lIn0.e30."
    with pytest.raises(RequestRefused):
        received(world, text)


def test_a_request_that_was_moved_or_is_of_another_type_is_refused(world):
    text = world.employer.ask(dcql("ldp_vc"), post=False)
    (uri, make) = list(world.net.objects.items())[-1]
    body = make({}).encode()
    real = world.net.get
    from testamur.fetch import Fetched

    for found in (
        Fetched("https://elsewhere.example/", body, "application/oauth-authz-req+jwt", NOW),
        Fetched(uri, body, "text/html", NOW),
    ):
        world.net.get = lambda url, found=found, **options: found if url == uri else real(url, **options)
        with pytest.raises(RequestRefused):
            received(world, text)
    world.net.get = real
    with pytest.raises(EvidenceUnusable):
        received(world, text.replace("request%2F", "nothing%2F"))


def _form(world, name="ldp_vc", *, records=None, **changes):
    """An answer as a form, plain, with the question's members changed before it is made."""
    world.employer.encrypt = False
    asked = received(world, world.employer.ask(dcql(name)))
    request = replace(asked.request, **changes)
    found = match(request.query, records or world.records())
    made = answer(request, found, found.first_choice(), at=NOW)
    return {n: v if isinstance(v, str) else write_json(v) for n, v in made.members.items()}


def _check(world, form, **changes):
    expected = replace(world.employer.asked.expected(world.employer.asker.client_id), **changes)
    return check_response(form, expected, world.town.employer(), at=NOW)


@pytest.mark.parametrize("name", FORMATS)
def test_an_answer_to_another_question_is_refused(world, name):
    assert _check(world, _form(world, name)).shown
    for changes in (
        {"nonce": "another-nonce-of-some-length"},
        {"client_id": "decentralized_identifier:did:web:x.example"},
    ):
        form = _form(world, name, **changes)
        with pytest.raises(ResponseRefused):
            _check(world, form)
    form = _form(world, name)
    for state in ({"state": "another"}, {"state": ""}):
        with pytest.raises(ResponseRefused, match="state"):
            _check(world, form | state)


@pytest.mark.parametrize("name", FORMATS)
def test_an_answer_signed_by_another_key_is_refused(world, name):
    stolen = [replace(each, signer=THIEF) for each in world.records()]
    with pytest.raises(TestamurError):
        _check(world, _form(world, name, records=stolen))


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_not_asked_is_refused(world, name):
    form = _form(world, name)
    token = parse_object(form["vp_token"])
    for wrong in (
        token | {"extra": token["q0"]},
        {"q0": token["q0"] * 2},
        {"q0": token["q0"][0]},
        {"q0": []},
        {},
        {"q0": ["nonsense"]},
        {"q0": [17]},
    ):
        with pytest.raises(ResponseRefused):
            _check(world, form | {"vp_token": write_json(wrong)})
    for text in ("", "[]", "null", "{", token["q0"][0] if isinstance(token["q0"][0], str) else "x"):
        with pytest.raises(ResponseRefused):
            _check(world, form | {"vp_token": text})


def test_a_record_of_another_kind_or_value_is_refused(world):
    form = _form(world, "dc+sd-jwt")
    for changes in (
        {"meta": {"vct_values": ["https://other.example"]}},
        {"claims": [{"path": ["award"], "values": ["Master"]}]},
        {"claims": [{"path": ["birthdate"]}]},
    ):
        with pytest.raises(ResponseRefused):
            _check(world, form, query=read_query(dcql("dc+sd-jwt", **changes)))


def test_a_bare_record_is_no_presentation(world):
    form = _form(world, "dc+sd-jwt")
    for record, query in zip(world.records(), ("dc+sd-jwt", "ldp_vc", "jwt_vc_json"), strict=True):
        text = record.document.text
        token = {"q0": [parse_object(text) if text.startswith("{") else text]}
        with pytest.raises(ResponseRefused):
            _check(world, form | {"vp_token": write_json(token)}, query=read_query(dcql(query)))


def test_two_records_in_one_presentation_are_refused(world):
    from testamur.presenting import Asked, present

    form = _form(world, "ldp_vc")
    ldp, jwt = world.records()[1:]
    asked = Asked(world.employer.asker.client_id, world.employer.asked.nonce)
    both = present([ldp.document, jwt.document], HOLDER, form="ldp_vp", asked=asked, at=NOW)
    with pytest.raises(ResponseRefused, match="2 records"):
        _check(world, form | {"vp_token": write_json({"q0": [parse_object(both.text)]})})


def test_an_answer_is_encrypted_when_asked_and_only_then(world):
    text = world.employer.ask(dcql("ldp_vc"))
    asked = received(world, text)
    found = match(asked.request.query, world.records())
    made = answer(asked.request, found, found.first_choice(), at=NOW)
    plain = {n: v if isinstance(v, str) else write_json(v) for n, v in made.members.items()}
    expected = world.employer.asked.expected(world.employer.asker.client_id)
    for form in (plain, {"response": "x.y.z"}, {"response": encrypted(made), "vp_token": "{}"}, {}):
        with pytest.raises(ResponseRefused):
            check_response(form, expected, world.town.employer(), at=NOW)
    other = replace(expected, key=DecryptionKey.generate())
    with pytest.raises(ResponseRefused):
        check_response({"response": encrypted(made)}, other, world.town.employer(), at=NOW)
    with pytest.raises(ResponseRefused, match="nobody asked"):
        check_response(
            {"response": encrypted(made)},
            replace(expected, response_mode="direct_post"),
            world.town.employer(),
            at=NOW,
        )
    no_key = replace(asked.request, client_metadata={})
    with pytest.raises(RequestRefused):
        encrypted(replace(made, request=no_key))


def test_an_old_answer_and_a_second_one_are_refused(world):
    made = answered(world, world.employer.ask(dcql("dc+sd-jwt")))
    send(made, world.net)
    with pytest.raises(EvidenceUnusable):
        send(made, world.net)
    assert isinstance(world.employer.answers[1], ResponseRefused)
    world.employer.used = False
    world.employer.now = NOW + timedelta(days=3)
    with pytest.raises(EvidenceUnusable):
        send(made, world.net)
    assert world.employer.asked.is_over(NOW + timedelta(minutes=11))


def test_a_revoked_record_is_shown_and_told(world):
    world.town.school.set_bits["revocation"][9] = ""
    world.town.school.publish()
    send(answered(world, world.employer.ask(dcql("ldp_vc"))), world.net)
    assert world.employer.answers[0].reports[0].headline is Headline.REVOKED


def test_she_says_no_and_the_other_side_hears_it(world):
    asked = received(world, world.employer.ask(dcql("ldp_vc")))
    with pytest.raises(EvidenceUnusable):
        refuse(asked.request, RequestRefused("access_denied", "no"), world.net)
    assert "no answer: access_denied" in str(world.employer.answers[0])


def test_nothing_is_sent_that_was_not_chosen_or_does_not_answer(world):
    asked = received(world, world.employer.ask(dcql("ldp_vc", "jwt_vc_json")))
    found = match(asked.request.query, world.records())
    with pytest.raises(RequestRefused):
        answer(asked.request, found, {"q0": found.found["q0"]}, at=NOW)
    with pytest.raises(RequestRefused):
        answer(asked.request, found, {"q0": found.found["q1"], "q1": found.found["q1"]}, at=NOW)
    with pytest.raises(RequestRefused):
        answer(asked.request, found, {"zz": ()}, at=NOW)


def test_an_agreement_is_bound_to_what_is_shown(world):
    data = {"type": "urn:testamur:agreement:1", "credential_ids": ["q0"], "text": "Keep it for a year."}
    send(answered(world, world.employer.ask(dcql("dc+sd-jwt"), transaction_data=(data,))), world.net)
    assert world.employer.answers[0].shown
    form = _form(world, "dc+sd-jwt")
    with pytest.raises(ResponseRefused, match="agree"):
        _check(
            world,
            form,
            transaction_data=new_transaction(
                dcql("dc+sd-jwt"), SITE, at=NOW, transaction_data=(data,)
            ).transaction_data,
        )
    with pytest.raises(RequestRefused):
        answered(world, world.employer.ask(dcql("dc+sd-jwt"), transaction_data=(data | {"type": "payment"},)))
    with pytest.raises(RequestRefused):
        answered(world, world.employer.ask(dcql("ldp_vc"), transaction_data=(data,)))


def test_more_than_is_needed_is_told(world):
    question = dcql("dc+sd-jwt", claims=[{"path": ["birthdate"]}, {"path": ["name"]}])
    asked = received(world, world.employer.ask(question))
    found = match(asked.request.query, world.records())
    told = warnings(asked, list(found.first_choice()["q0"]))
    assert any("birthdate" in sentence for sentence in told)
    assert set(shown_names(found.found["q0"][0])) >= {"name", "birth date"}
    whole = received(world, world.employer.ask(dcql("jwt_vc_json")))
    picked = match(whole.request.query, world.records()).first_choice()["q0"]
    assert any("signed as a whole" in sentence for sentence in warnings(whole, list(picked)))
    assert not any("encrypted" in sentence for sentence in told)


def test_without_a_holder_a_bare_record_is_shown(world):
    question = dcql("dc+sd-jwt", require_cryptographic_holder_binding=False)
    records = [replace(each, signer=None) for each in world.records()]
    send(answered(world, world.employer.ask(question), records), world.net)
    (shown,) = world.employer.answers[0].shown
    assert not shown.is_bound
    assert not shown.document.text.rpartition("~")[2]


def test_the_answer_may_come_back_in_the_address(world):
    uri = "https://app.employer.example/back"
    asker = Asker(f"redirect_uri:{uri}")
    asked = replace(new_transaction(dcql("ldp_vc"), uri, at=NOW, encrypt=False), response_mode="fragment")
    members = parameters(asker, asked)
    members.pop("response_uri")
    from urllib.parse import parse_qsl, urlencode, urlsplit

    text = urlencode({n: v if isinstance(v, str) else write_json(v) for n, v in members.items()})
    sent = send(answered(world, f"openid4vp://?{text}"), world.net)
    form = dict(parse_qsl(urlsplit(sent.redirect_uri).fragment))
    assert sent.redirect_uri.startswith(f"{uri}#")
    assert check_response(form, asked.expected(asker.client_id), world.town.employer(), at=NOW).shown
